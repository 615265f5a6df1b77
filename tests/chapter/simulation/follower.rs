//! The fan-out's rule and those who listen: what lies between two records of a head is delivered,
//! and counters are read again after each record of theirs.

use super::ledger::Outcome;
use super::world::World;
use domain::counter::Counters;
use domain::{ConversationId, EmployeeId, LiveChatId, Message, Session, SessionId, TenantId};
use rand::RngExt;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use store::stream::{Change, Record};
use store::{Failure, Store};

/// A head before and after one of its writes.
pub(super) type Write = (Option<Session>, Session);
type Of<T> = (TenantId, T);

/// What those who listen have been told.
#[derive(Debug, Default)]
pub(super) struct Followers {
    pub(super) dialogs: BTreeMap<Of<ConversationId>, BTreeMap<u64, Message>>,
    pub(super) counters: BTreeMap<Of<EmployeeId>, Counters>,
    /// Every write of a session, by version.
    pub(super) heads: BTreeMap<Of<SessionId>, BTreeMap<u64, Write>>,
    pub(super) faults: Vec<String>,
}

/// What a batch comes to.
#[derive(Default)]
struct Batch {
    sessions: BTreeMap<Of<SessionId>, BTreeMap<u64, Write>>,
    entries: BTreeMap<(TenantId, ConversationId, u64), Message>,
    queues: BTreeSet<Of<LiveChatId>>,
    desks: BTreeSet<Of<EmployeeId>>,
}

/// Tells what the stream brings, as long as anybody does anything.
pub(super) async fn follow(world: &World, actor: usize) {
    let store = world.store(actor);
    let mut rng = world.simulation.random(actor as u64);
    loop {
        let event = world.stream.borrow_mut().batch().unwrap();
        let Some(event) = event else {
            if world.busy.get() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(rng.random_range(1..60))).await;
            continue;
        };
        // A batch that failed comes again.
        while !matches!(
            world.attempt(actor, "tell", tell(world, &store, &event)).await,
            Outcome::Done(())
        ) {}
    }
}

/// Tells the rest, when nothing happens any more.
pub(super) async fn catch_up(world: &World) {
    let store = world.calm_store();
    loop {
        let event = world.stream.borrow_mut().batch().unwrap();
        let Some(event) = event else { return };
        tell(world, &store, &event).await.unwrap();
    }
}

async fn tell(world: &World, store: &Store, event: &Value) -> Result<(), Failure> {
    let batch = Batch::of(world, event);
    for ((tenant, id), writes) in &batch.sessions {
        let Some(((before, first), (_, last))) = writes.values().next().zip(writes.values().last())
        else {
            continue;
        };
        world.hear(tenant, last);
        let from = before.as_ref().map_or(first.first_seq, |before| before.seq + 1);
        let conversation = &id.conversation;
        let known = (from..=last.seq)
            .map(|seq| batch.entries.get(&(tenant.clone(), conversation.clone(), seq)).cloned());
        let entries = match known.collect::<Option<Vec<_>>>() {
            Some(entries) => entries,
            None => store.entries(tenant, conversation, from, last.seq).await?,
        };
        let mut followers = world.followers.borrow_mut();
        if entries.len() as u64 != last.seq + 1 - from {
            followers.faults.push(format!("{id}: {from} to {} has holes", last.seq));
        }
        followers.hear(tenant, conversation, entries);
    }
    let mut people = batch.desks.clone();
    for (tenant, live_chat) in &batch.queues {
        let members = store.members(tenant, live_chat).await?;
        people.extend(members.into_iter().map(|member| (tenant.clone(), member.employee)));
    }
    for (tenant, who) in people {
        let desk = store.desk(&tenant, &who).await?;
        let counters = store.counters(&tenant, &desk).await?;
        world.followers.borrow_mut().count((tenant, who), counters);
    }
    Ok(())
}

impl Batch {
    fn of(world: &World, event: &Value) -> Self {
        let mut batch = Self::default();
        for record in event.get("Records").and_then(Value::as_array).into_iter().flatten() {
            match Record::parse(record) {
                Ok(Some(Record { tenant, change })) => batch.add(world, tenant, change),
                Ok(None) => {}
                Err(fault) => world.followers.borrow_mut().faults.push(fault.to_string()),
            }
        }
        batch
    }

    fn add(&mut self, world: &World, tenant: TenantId, change: Change) {
        match change {
            Change::Session { before, after } => {
                let write = (before.map(|before| *before), *after);
                world.followers.borrow_mut().write(&tenant, &write);
                let id = write.1.id.clone();
                let writes = self.sessions.entry((tenant, id)).or_default();
                writes.entry(write.1.version).or_insert(write);
            }
            Change::Entry(entry) => {
                let key = (tenant, entry.conversation.clone(), entry.seq);
                self.entries.insert(key, *entry);
            }
            Change::Queue(live_chat) => drop(self.queues.insert((tenant, live_chat))),
            Change::Desk { employee, .. } => drop(self.desks.insert((tenant, employee))),
            Change::Employee(_) => {}
        }
    }
}

impl Followers {
    fn hear(&mut self, tenant: &TenantId, of: &ConversationId, entries: Vec<Message>) {
        let dialog = self.dialogs.entry((tenant.clone(), of.clone())).or_default();
        for entry in entries {
            if let Some(known) = dialog.insert(entry.seq, entry.clone())
                && known != entry
            {
                self.faults.push(format!("{known:?} became {entry:?}"));
            }
        }
    }

    /// Counters are read one after the other, so their version never falls, and one version never
    /// says two things.
    fn count(&mut self, whose: Of<EmployeeId>, counters: Counters) {
        if let Some(known) = self.counters.insert(whose.clone(), counters.clone())
            && (known.version > counters.version
                || (known.version == counters.version && known != counters))
        {
            self.faults.push(format!("{whose:?}: {known:?} before {counters:?}"));
        }
    }

    /// Each record of a head is one version on from the last.
    fn write(&mut self, tenant: &TenantId, write: &Write) {
        let (before, after) = write;
        // The same write again, by its write id: the engine tells it, DynamoDB does not.
        if before.as_ref() == Some(after) {
            return;
        }
        let writes = self.heads.entry((tenant.clone(), after.id.clone())).or_default();
        let version = before.as_ref().map_or(0, |before| before.version);
        if after.version != version + 1
            || (before.is_some() && writes.get(&version).map(|known| &known.1) != before.as_ref())
            || writes.get(&after.version).is_some_and(|known| known != write)
        {
            self.faults.push(format!("{}: {before:?} became {after:?}", after.id));
        }
        writes.insert(after.version, write.clone());
    }
}
