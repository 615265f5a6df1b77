//! An administrator who gives roles and takes them away, and watches that who was removed gets no
//! session any more.

use super::company::Company;
use super::ledger::Outcome;
use super::world::World;
use domain::{EmployeeId, LiveChatId, Roles};
use rand::RngExt;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::Store;
use tests::recount::{number, text};

/// Somebody in a live chat.
type Whose = (LiveChatId, EmployeeId);

/// The administrator of a company: the only one, so that changes of one membership do not cross.
pub(super) struct Administrator<'a> {
    world: &'a World,
    company: &'a Company,
    actor: usize,
    store: Store,
    /// What those who are operators no more had been given until their removal was acknowledged.
    removed: BTreeMap<Whose, BTreeSet<String>>,
    /// Changes that nobody knows the end of: how many, and the count of role changes before them.
    pending: BTreeMap<Whose, (i64, i64)>,
}

impl<'a> Administrator<'a> {
    pub(super) fn new(world: &'a World, company: &'a Company, actor: usize) -> Self {
        let (removed, pending) = (BTreeMap::new(), BTreeMap::new());
        Self { world, company, actor, store: world.store(actor), removed, pending }
    }

    /// Changes so many roles; what must hold to the end is in the answer.
    pub(super) async fn work(mut self, times: usize) -> Watch {
        let mut rng = self.world.simulation.random(self.actor as u64);
        for _ in 0..times {
            self.world.rest(&mut rng).await;
            let person = &self.company.people[rng.random_range(0..self.company.people.len())];
            let chat = &self.company.live_chats[rng.random_range(0..2)];
            let whose = (chat.id.clone(), person.id.clone());
            // Who was removed comes back before long, so that there is somebody to work.
            let is_back = self.removed.contains_key(&whose) || rng.random_bool(0.3);
            let roles = match (is_back, rng.random_bool(0.5)) {
                (true, true) => Roles::OPERATOR,
                (true, false) => Roles::BOTH,
                (false, true) => Roles::SUPERVISOR,
                (false, false) => Roles::NONE,
            };
            self.change(whose, roles).await;
        }
        Watch { tenant: self.company.tenant.to_string(), removed: self.removed }
    }

    async fn change(&mut self, whose: Whose, roles: Roles) {
        let tenant = &self.company.tenant;
        let before = self.changes(&whose);
        if roles.operator
            && let Some(had) = self.removed.remove(&whose)
        {
            let now = given(self.world, tenant.as_str(), &whose);
            if now != had {
                let fault = format!("{whose:?} got a session after the removal: {had:?} {now:?}");
                self.world.ledger.borrow_mut().faults.push(fault);
            }
        }
        let work = self.store.set_member(tenant, &whose.0, &whose.1, roles);
        let what = format!("role of {} in {}", whose.1, whose.0);
        match self.world.attempt(self.actor, &what, work).await {
            Outcome::Done(()) => {}
            Outcome::Refused(_) | Outcome::NotDone => return,
            Outcome::Unknown => {
                self.pending.entry(whose).or_insert((0, before)).0 += 1;
                return;
            }
        }
        // A change that is still on its way is guarded by the count that it has read.
        if let Some((many, since)) = self.pending.get(&whose) {
            if self.changes(&whose) < since + many {
                return;
            }
            self.pending.remove(&whose);
        }
        if !roles.operator {
            let had = given(self.world, tenant.as_str(), &whose);
            self.removed.entry(whose).or_insert(had);
        }
    }

    fn changes(&self, (chat, who): &Whose) -> i64 {
        let key = json!({
            "pk": {"S": format!("U#{}#{who}", self.company.tenant)},
            "sk": {"S": format!("L#{chat}")},
        });
        let key = key.as_object().cloned().unwrap_or_default();
        let item = self.world.simulation.database().item("core", &key);
        item.map_or(0, |item| number(&item, "rc"))
    }
}

/// Who was removed, and what they had been given by then.
pub(super) struct Watch {
    tenant: String,
    removed: BTreeMap<Whose, BTreeSet<String>>,
}

impl Watch {
    /// Whether those who were removed got something since.
    pub(super) fn faults(&self, world: &World) -> Vec<String> {
        let late = self.removed.iter().filter_map(|(whose, had)| {
            let now = given(world, &self.tenant, whose);
            (now != *had).then(|| format!("{whose:?} got a session after all: {had:?} {now:?}"))
        });
        late.collect()
    }
}

/// The entries that gave an operator a session of a live chat.
fn given(world: &World, tenant: &str, (chat, who): &Whose) -> BTreeSet<String> {
    let lines = world.companies.iter().flat_map(|company| &company.lines);
    let dialogs: BTreeSet<String> = lines
        .filter(|line| line.live_chat.id == *chat)
        .map(|line| format!("V#{tenant}#{}", line.conversation))
        .collect();
    let gives = |item: &serde_json::Map<String, Value>| {
        dialogs.contains(text(item, "pk"))
            && matches!(text(item, "ev"), "c" | "a")
            && text(item, "et") == who.as_str()
    };
    let items = world.simulation.database().items("core");
    let given = items.iter().filter(|item| gives(item));
    given.map(|item| format!("{} {}", text(item, "pk"), text(item, "sk"))).collect()
}
