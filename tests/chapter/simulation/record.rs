//! Acts of a person at the desk on items.

use super::ledger::Outcome;
use super::person::AtDesk;
use domain::{ItemId, SessionId};
use rand::RngExt;
use store::once::Once;

/// An item that somebody wanted to create: for which session, how it is called, under which key.
#[derive(Clone)]
pub(super) struct Wish {
    session: SessionId,
    title: String,
    key: String,
    /// The item of the answer.
    item: Option<ItemId>,
}

impl AtDesk<'_> {
    /// Binds a session to a new item or to one that there is, or unbinds it.
    pub(super) async fn bind(&mut self, id: &SessionId, turn: usize) {
        let items = self.company.items.borrow().clone();
        if items.is_empty() || self.rng.random_bool(0.4) {
            return self.create(id, turn).await;
        }
        let item = &items[self.rng.random_range(0..items.len())];
        let is_bound = self.rng.random_bool(0.5);
        let (store, person) = (&self.store, self.person);
        let ended = if is_bound {
            self.world.attempt(self.actor, "bind", store.bind(person, id, item)).await
        } else {
            self.world.attempt(self.actor, "unbind", store.unbind(person, id, item)).await
        };
        self.learn(&of_session(ended));
    }

    /// Creates an item, sometimes once more under its key.
    async fn create(&mut self, id: &SessionId, turn: usize) {
        let place = if !self.wishes.is_empty() && self.rng.random_bool(0.4) {
            self.rng.random_range(0..self.wishes.len())
        } else {
            let (title, key) = (format!("Order {turn}"), format!("item {} {turn}", self.actor));
            self.wishes.push(Wish { session: id.clone(), title, key, item: None });
            self.wishes.len() - 1
        };
        let Wish { session, title, key, item } = self.wishes[place].clone();
        let Some(app) = self.company.app.get() else { return };
        let once = Once::of(self.person, Some(&key), "createAndBindItem", &[&title]);
        let work = self.store.create_and_bind(self.person, &session, app, &title, once.as_ref());
        let ended = self.world.attempt(self.actor, "create", work).await;
        if let Outcome::Done(bound) = &ended {
            let made = &bound.item.id;
            if item.as_ref().is_some_and(|first| first != made) {
                let fault = format!("{key}: {item:?}, and then {made}");
                self.world.ledger.borrow_mut().faults.push(fault);
            }
            self.wishes[place].item = Some(made.clone());
            self.company.items.borrow_mut().push(made.clone());
        }
        self.learn(&of_session(ended));
    }
}

fn of_session(ended: Outcome<store::act::Bound>) -> Outcome<store::act::Acted> {
    match ended {
        Outcome::Done(bound) => Outcome::Done(bound.acted),
        Outcome::Refused(refusal) => Outcome::Refused(refusal),
        Outcome::NotDone => Outcome::NotDone,
        Outcome::Unknown => Outcome::Unknown,
    }
}
