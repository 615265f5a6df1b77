//! Administrators who give roles and take them away, several of them the same ones at once; and a
//! watch that who was removed gets no session any more.

use super::company::Company;
use super::ledger::Outcome;
use super::world::World;
use domain::{EmployeeId, LiveChatId, Roles};
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use store::Store;
use tests::item::Item;
use tests::recount::{number, text};

/// An employee in a live chat.
type Whose = (LiveChatId, EmployeeId);

/// One of the administrators of a company.
pub(super) struct Administrator<'a> {
    watch: &'a Watch<'a>,
    actor: usize,
    store: Store,
    rng: StdRng,
}

impl<'a> Administrator<'a> {
    pub(super) fn new(watch: &'a Watch<'a>, actor: usize) -> Self {
        let (store, rng) = (watch.world.store(actor), watch.world.simulation.random(actor as u64));
        Self { watch, actor, store, rng }
    }

    /// Changes so many roles.
    pub(super) async fn work(mut self, times: usize) {
        for _ in 0..times {
            self.watch.world.rest(&mut self.rng).await;
            let whose = self.choose();
            // A removed operator comes back before long, so that there is somebody to work.
            let is_back = self.watch.is_removed(&whose) || self.rng.random_bool(0.3);
            let roles = match (is_back, self.rng.random_bool(0.5)) {
                (true, true) => Roles::OPERATOR,
                (true, false) => Roles::BOTH,
                (false, true) => Roles::SUPERVISOR,
                (false, false) => Roles::NONE,
            };
            self.change(whose, roles).await;
        }
    }

    /// Anybody, and often who was changed last: by another who may still be about it.
    fn choose(&mut self) -> Whose {
        let mut known = self.watch.known.borrow_mut();
        if let Some(last) = known.last.clone().filter(|_| self.rng.random_bool(0.6)) {
            return last;
        }
        let company = self.watch.company;
        let person = &company.people[self.rng.random_range(0..company.people.len())];
        let chat = &company.live_chats[self.rng.random_range(0..2)];
        known.last.insert((chat.id.clone(), person.id.clone())).clone()
    }

    async fn change(&self, whose: Whose, roles: Roles) {
        let before = self.watch.begin(&whose, roles);
        let tenant = &self.watch.company.tenant;
        let work = self.store.of(tenant).set_member(&whose.0, &whose.1, roles);
        let what = format!("role of {} in {}", whose.1, whose.0);
        let outcome = self.watch.world.attempt(self.actor, &what, work).await;
        self.watch.end(whose, roles, before, &outcome);
    }
}

/// The watch over what all administrators of a company do to its members.
pub(super) struct Watch<'a> {
    world: &'a World,
    company: &'a Company,
    known: RefCell<Known>,
}

#[derive(Default)]
struct Known {
    /// The member who was changed last.
    last: Option<Whose>,
    /// For each operator who was removed, the entries that had given them sessions until their
    /// removal was acknowledged.
    removed: BTreeMap<Whose, BTreeSet<String>>,
    /// The number of attempts to make each an operator.
    grants: BTreeMap<Whose, usize>,
    /// The number of these attempts that are under way.
    granting: BTreeMap<Whose, usize>,
    /// Grants that nobody knows the end of: the count of role changes when they were given up.
    pending: BTreeMap<Whose, i64>,
}

impl<'a> Watch<'a> {
    pub(super) fn over(world: &'a World, company: &'a Company) -> Self {
        Self { world, company, known: RefCell::default() }
    }

    fn is_removed(&self, whose: &Whose) -> bool {
        self.known.borrow().removed.contains_key(whose)
    }

    /// Notes that a change begins; how many grants there were before, none when some are under way.
    fn begin(&self, whose: &Whose, roles: Roles) -> Option<usize> {
        let is_settled = self.is_settled(whose);
        let mut known = self.known.borrow_mut();
        if !roles.operator {
            return is_settled.then(|| known.grants.get(whose).copied().unwrap_or(0));
        }
        if let Some(had) = known.removed.remove(whose) {
            let late = late(whose, &had, &self.given(whose));
            self.world.ledger.borrow_mut().faults.extend(late);
        }
        *known.grants.entry(whose.clone()).or_default() += 1;
        *known.granting.entry(whose.clone()).or_default() += 1;
        None
    }

    /// Notes how a change ended.
    fn end(&self, whose: Whose, roles: Roles, before: Option<usize>, outcome: &Outcome<()>) {
        if roles.operator {
            let mut known = self.known.borrow_mut();
            *known.granting.entry(whose.clone()).or_default() -= 1;
            if matches!(outcome, Outcome::Unknown) {
                known.pending.insert(whose.clone(), number(&self.desk(&whose), "rc"));
            }
            return;
        }
        if !matches!(outcome, Outcome::Done(())) || !self.is_settled(&whose) {
            return;
        }
        let is_operator = number(&self.desk(&whose), "o") == 1;
        let mut known = self.known.borrow_mut();
        let grants = known.grants.get(&whose).copied().unwrap_or(0);
        if is_operator && before == Some(grants) {
            let fault = format!("{whose:?} was removed and is an operator");
            self.world.ledger.borrow_mut().faults.push(fault);
        }
        if !is_operator {
            let had = self.given(&whose);
            known.removed.entry(whose).or_insert(had);
        }
    }

    /// Returns true if no grant is under way. A grant that was given up may still be, until the
    /// count of role changes that guards it has moved on.
    fn is_settled(&self, whose: &Whose) -> bool {
        let known = self.known.borrow();
        let changes = number(&self.desk(whose), "rc");
        known.granting.get(whose).is_none_or(|many| *many == 0)
            && known.pending.get(whose).is_none_or(|then| changes > *then)
    }

    /// Returns a fault for each removed operator who was given a session since.
    pub(super) fn faults(&self) -> Vec<String> {
        let known = self.known.borrow();
        let late = known.removed.iter().map(|(whose, had)| late(whose, had, &self.given(whose)));
        late.flatten().collect()
    }

    fn desk(&self, (chat, who): &Whose) -> Item {
        let key = json!({
            "pk": {"S": format!("U#{}#{who}", self.company.tenant)},
            "sk": {"S": format!("L#{chat}")},
        });
        let key = key.as_object().cloned().unwrap_or_default();
        self.world.simulation.database().item("core", &key).unwrap_or_default()
    }

    /// The entries that gave an operator a session of a live chat.
    fn given(&self, (chat, who): &Whose) -> BTreeSet<String> {
        let tenant = &self.company.tenant;
        let lines = self.company.lines.iter().filter(|line| line.live_chat.id == *chat);
        let dialogs: BTreeSet<String> =
            lines.map(|line| format!("V#{tenant}#{}", line.conversation)).collect();
        let gives = |item: &serde_json::Map<String, Value>| {
            dialogs.contains(text(item, "pk"))
                && matches!(text(item, "ev"), "c" | "a")
                && text(item, "et") == who.as_str()
        };
        let items = self.world.simulation.database().items("core");
        let given = items.iter().filter(|item| gives(item));
        given.map(|item| format!("{} {}", text(item, "pk"), text(item, "sk"))).collect()
    }
}

/// Returns a fault if an operator was given a session since their removal.
fn late(whose: &Whose, had: &BTreeSet<String>, now: &BTreeSet<String>) -> Option<String> {
    (had != now).then(|| format!("{whose:?} got a session after the removal: {had:?} {now:?}"))
}
