//! The audience of a batch: the employees whom it concerns, and with what. It is decided by the heads
//! and the roles alone, before any subscription is read and any document is run.

use std::collections::{BTreeMap, BTreeSet};

use domain::alert::{self, Audience as Recipients};
use domain::{EmployeeId, LiveChatId, Member, access};
use futures::future::try_join_all;
use graphql::feed::{DeskEvents, Write};
use store::Fault;

use crate::app::App;
use crate::fanout::batch::Batch;
use crate::fanout::delivery::Delivery;

/// The most changes that are pushed one by one. Beyond, a subscriber gets one READY: reading the
/// lists again costs less.
const MOST_CHANGES: usize = 20;
/// The most alerts of a batch for one employee: the last ones.
const MOST_ALERTS: usize = 20;

/// The members of live chats, by live chat.
type Members = BTreeMap<LiveChatId, Vec<Member>>;

/// The events for each employee whom a batch concerns.
#[derive(Default)]
pub(super) struct Audience {
    of_each: BTreeMap<EmployeeId, DeskEvents>,
}

impl Audience {
    /// Reads who has which role in the live chats of a batch, once for the whole batch, and decides
    /// whom the batch concerns.
    pub(super) async fn of(
        app: &App,
        batch: &Batch,
        delivery: &Delivery<'_>,
    ) -> Result<Self, Fault> {
        let store = app.store.of(&batch.tenant);
        let desks = try_join_all(batch.people.iter().map(|person| store.desk(person))).await?;
        let colleagues: Vec<(&EmployeeId, BTreeSet<LiveChatId>)> = batch
            .people
            .iter()
            .zip(&desks)
            .map(|(person, desk)| (person, desk.live_chats().cloned().collect()))
            .collect();
        let live_chats: BTreeSet<LiveChatId> = batch
            .writes
            .iter()
            .map(|write| write.after.live_chat.clone())
            .chain(batch.queues.iter().cloned())
            .chain(colleagues.iter().flat_map(|(_, live_chats)| live_chats.iter().cloned()))
            .collect();
        let each = live_chats.into_iter().map(|live_chat| async move {
            let members = store.members(&live_chat).await?;
            Ok::<_, Fault>((live_chat, members))
        });
        let members: Members = try_join_all(each).await?.into_iter().collect();
        for (live_chat, members) in &members {
            delivery.loaders.know_members(live_chat.clone(), members);
        }
        Ok(decide(batch, &members, &colleagues))
    }

    /// Returns the employees.
    pub(super) fn people(&self) -> BTreeSet<EmployeeId> {
        self.of_each.keys().cloned().collect()
    }

    /// Returns the events for an employee.
    pub(super) fn events(&self, person: &EmployeeId) -> DeskEvents {
        self.of_each.get(person).cloned().unwrap_or_default()
    }

    fn of_one(&mut self, person: &EmployeeId) -> &mut DeskEvents {
        self.of_each.entry(person.clone()).or_default()
    }

    fn add_changes(&mut self, write: &Write, members: &[Member]) {
        let sees = |session: &domain::Session, member: &Member| {
            access::sees(session, &member.employee, member.roles)
        };
        for member in members {
            let before = write.before.as_deref();
            if sees(&write.after, member) || before.is_some_and(|before| sees(before, member)) {
                self.of_one(&member.employee).changes.push(write.clone());
            }
        }
    }

    fn add_alerts(&mut self, write: &Write, members: &[Member]) {
        let Some((_, recipients)) = alert::alert(write.before.as_deref(), &write.after) else {
            return;
        };
        let operators = members.iter().filter(|member| member.roles.operator);
        for Member { employee, .. } in operators {
            let is_recipient = match &recipients {
                Recipients::Operators => true,
                Recipients::Operator(operator) => operator == employee,
            };
            if is_recipient && !write.after.last.by.is_person(employee) {
                self.of_one(employee).alerts.push(write.clone());
            }
        }
    }

    /// Bounds the events of each.
    fn bound(&mut self) {
        for events in self.of_each.values_mut() {
            events.is_ready |= events.changes.len() > MOST_CHANGES;
            if events.is_ready {
                events.changes.clear();
            }
            let excess = events.alerts.len().saturating_sub(MOST_ALERTS);
            events.alerts.drain(..excess);
        }
    }
}

/// Decides whom a batch concerns: `colleagues` are the live chats of those whose presence changed.
fn decide(
    batch: &Batch,
    members: &Members,
    colleagues: &[(&EmployeeId, BTreeSet<LiveChatId>)],
) -> Audience {
    let mut audience = Audience::default();
    let of = |live_chat: &LiveChatId| members.get(live_chat).map_or(&[][..], Vec::as_slice);
    for person in &batch.desks {
        audience.of_one(person).has_counters = true;
    }
    for member in batch.queues.iter().flat_map(of) {
        audience.of_one(&member.employee).has_counters = true;
    }
    for person in &batch.roles {
        audience.of_one(person).is_ready = true;
    }
    for changed in &batch.sessions {
        if let Some(whole) = changed.whole() {
            audience.add_changes(&whole, of(&whole.after.live_chat));
        }
    }
    for write in &batch.writes {
        audience.add_alerts(write, of(&write.after.live_chat));
    }
    for (person, live_chats) in colleagues {
        let mut recipients: BTreeSet<&EmployeeId> = BTreeSet::from([*person]);
        recipients.extend(live_chats.iter().flat_map(of).map(|member| &member.employee));
        for one in recipients {
            audience.of_one(one).presence.push((*person).clone());
        }
    }
    audience.bound();
    audience
}
