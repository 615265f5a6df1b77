//! Bindings: the items of the tenant's own apps that a session is bound to, and the rules of binding
//! and unbinding them.
//!
//! # Which items exist for a session
//!
//! An item exists for a session while its live chat names the item's app, or while the session is bound
//! to the item. That an item does not exist is reported before any other reason, as the contract orders
//! its reasons. An employee who may not see the session learns only that: NOT_FOUND. When a live chat
//! stops naming an app, bound items stay visible in the session. By id alone only administrators find
//! them then.
//!
//! # Why unbinding twice is no error
//!
//! Unbinding an item that is not bound changes nothing, if the item exists for the session or if the
//! session was bound to it before. A repeated request must not fail because an administrator changed
//! the apps of the live chat in between. So a session remembers the last 50 items that it was bound to.
//! Any other item is answered as one that does not exist, byte for byte: nobody learns by trying which
//! records the tenant has.

use crate::access::Act;
use crate::session::ActKind;
use crate::{AppId, EmployeeId, ItemId, Outcome, Refusal, SessionEvent, Timestamp, Turn};

/// The most items that one session is bound to.
pub const MOST_BOUND: usize = 50;

/// A record of one of the tenant's apps. It never changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// Its id, which contains its app.
    pub id: ItemId,
    /// Its title.
    pub title: String,
}

/// The binding of a session to an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Binding {
    /// The item.
    pub item: ItemId,
    /// The moment when the session was bound to it.
    pub at: Timestamp,
    /// The employee who bound it.
    pub by: EmployeeId,
}

/// The most items that are remembered of those that a session is no longer bound to.
pub const MOST_REMEMBERED: usize = 50;

/// The bindings of a session, and the items that it was bound to before.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Bindings {
    /// The bindings, first bound first.
    pub bound: Vec<Binding>,
    /// The items that it is no longer bound to, last unbound last: the last 50.
    pub unbound: Vec<ItemId>,
}

impl Bindings {
    /// Returns true if the session can be bound to an item of this app: its live chat names the app,
    /// or it was bound to the item while the live chat did.
    #[must_use]
    pub fn can_be_bound(&self, item: &ItemId, named: &[AppId]) -> bool {
        named.contains(&item.app) || is_bound(&self.bound, item)
    }

    /// Returns true if the session can be unbound from an item. It may have been unbound from it
    /// before, so that unbinding twice is no error whatever the live chat names by then.
    #[must_use]
    pub fn can_be_unbound(&self, item: &ItemId, named: &[AppId]) -> bool {
        self.can_be_bound(item, named) || self.unbound.contains(item)
    }

    /// Adds a binding.
    pub fn add(&mut self, binding: Binding) {
        self.unbound.retain(|item| *item != binding.item);
        self.bound.push(binding);
    }

    /// Removes the binding to an item, and returns it.
    pub fn remove(&mut self, item: &ItemId) -> Option<Binding> {
        let place = self.bound.iter().position(|binding| binding.item == *item)?;
        let binding = self.bound.remove(place);
        self.unbound.retain(|known| known != item);
        self.unbound.push(item.clone());
        let too_many = self.unbound.len().saturating_sub(MOST_REMEMBERED);
        self.unbound.drain(..too_many);
        Some(binding)
    }
}

fn is_bound(bound: &[Binding], item: &ItemId) -> bool {
    bound.iter().any(|binding| binding.item == *item)
}

/// Binds a session to an item; `None` stands for an item that does not exist for it. If the session
/// is open, the dialog gets an event.
///
/// # Errors
/// `NotFound`, as [`Turn::admit`] has them, `InternalClient`, `Limit`.
pub fn bind(turn: Turn<'_>, bound: &[Binding], item: Option<&Item>) -> Result<Outcome, Refusal> {
    let item = admitted(turn, item)?;
    if is_bound(bound, &item.id) {
        return Ok(Outcome::Unchanged);
    }
    if bound.len() >= MOST_BOUND {
        return Err(Refusal::limit("A session is bound to 50 items at most."));
    }
    let event = SessionEvent::Bound { item: item.id.clone() };
    Ok(change(turn, event, item))
}

/// Unbinds a session from an item. If it is not bound to the item, nothing changes.
///
/// # Errors
/// `NotFound`, as [`Turn::admit`] has them, `InternalClient`.
pub fn unbind(turn: Turn<'_>, bound: &[Binding], item: Option<&Item>) -> Result<Outcome, Refusal> {
    let item = admitted(turn, item)?;
    if !is_bound(bound, &item.id) {
        return Ok(Outcome::Unchanged);
    }
    let event = SessionEvent::Unbound { item: item.id.clone() };
    Ok(change(turn, event, item))
}

/// Returns the item if the session may be bound to it or unbound from it.
fn admitted<'a>(turn: Turn<'_>, item: Option<&'a Item>) -> Result<&'a Item, Refusal> {
    let mut reasons = turn.reasons(Act::Bind);
    let Some(item) = item else { return Err(reasons.with(Refusal::NoSuch { field: "itemId" })) };
    reasons.unless(turn.session.internal.is_none(), Refusal::InternalClient);
    reasons.verdict().map(|()| item)
}

fn change(turn: Turn<'_>, event: SessionEvent, item: &Item) -> Outcome {
    let mut change = turn.change(ActKind::Bound);
    if !turn.session.is_closed() {
        change.record(turn.author(), event, &item.title, turn.now);
    }
    change.done()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Dialog, ann, at, bob, changed, dan, events, offline, sue};
    use crate::{Acting, access::Sight, session::ActKind};

    fn item(number: u128) -> Item {
        let app = AppId::parse("orders").unwrap();
        Item { id: ItemId::new(app, at(0), number), title: format!("Order {number}") }
    }

    fn binding(number: u128) -> Binding {
        Binding { item: item(number).id, at: at(0), by: ann().id }
    }

    fn bind_as(dialog: &Dialog, who: &Acting, bound: &[Binding]) -> Result<Outcome, Refusal> {
        bind(dialog.turn(who), bound, Some(&item(7)))
    }

    fn unbind_as(dialog: &Dialog, who: &Acting, bound: &[Binding]) -> Result<Outcome, Refusal> {
        unbind(dialog.turn(who), bound, Some(&item(7)))
    }

    #[test]
    fn the_assignee_or_a_supervisor_binds_and_it_stands_in_the_dialog() {
        for who in [ann(), sue(), dan()] {
            let dialog = Dialog::held(&ann(), 1);
            let change = changed(bind_as(&dialog, &who, &[]).unwrap());
            assert_eq!(events(&change.entries), [SessionEvent::Bound { item: item(7).id }]);
            assert_eq!(change.entries[0].text, format!("{} bound Order 7.", who.name));
            assert_eq!(change.session.last.kind, ActKind::Bound);
            assert_eq!(change.session.last_message_at, dialog.session.last_message_at);
            let change = changed(unbind_as(&dialog, &who, &[binding(7)]).unwrap());
            assert_eq!(events(&change.entries), [SessionEvent::Unbound { item: item(7).id }]);
        }
        let queued = Dialog::queued(1);
        assert_eq!(bind_as(&queued, &ann(), &[]), Err(Refusal::NotAssigned));
        assert!(bind_as(&queued, &sue(), &[]).is_ok());
        let held = Dialog::held(&ann(), 1);
        assert_eq!(bind_as(&held, &bob(), &[]), Err(Refusal::NotFound));
        assert_eq!(bind_as(&held, &offline(ann()), &[]), Err(Refusal::ActorOffline));
    }

    #[test]
    fn twice_changes_nothing() {
        let dialog = Dialog::held(&ann(), 1);
        let bound = [binding(6), binding(7)];
        assert_eq!(bind_as(&dialog, &ann(), &bound), Ok(Outcome::Unchanged));
        assert_eq!(unbind_as(&dialog, &ann(), &[binding(6)]), Ok(Outcome::Unchanged));
    }

    #[test]
    fn a_session_is_bound_to_fifty_items_at_most() {
        let dialog = Dialog::held(&ann(), 1);
        let mut bound: Vec<Binding> = (100..149).map(binding).collect();
        assert!(bind_as(&dialog, &ann(), &bound).is_ok());
        bound.push(binding(149));
        assert!(matches!(bind_as(&dialog, &ann(), &bound), Err(Refusal::Limit { .. })));
        bound[0] = binding(7);
        assert_eq!(bind_as(&dialog, &ann(), &bound), Ok(Outcome::Unchanged), "it is bound");
    }

    #[test]
    fn a_closed_session_is_bound_by_its_last_operator_and_supervisors_without_an_entry() {
        let dialog = Dialog::closed(&ann(), 1);
        for who in [ann(), sue()] {
            let outcomes = [bind_as(&dialog, &who, &[]), unbind_as(&dialog, &who, &[binding(7)])];
            for outcome in outcomes {
                let change = changed(outcome.unwrap());
                assert!(change.entries.is_empty());
                assert_eq!(change.session.seq, dialog.session.seq);
                assert_eq!(change.session.version, dialog.session.version + 1);
            }
        }
        assert_eq!(bind_as(&dialog, &bob(), &[]), Err(Refusal::NotFound));
    }

    #[test]
    fn a_session_of_an_internal_client_is_never_bound() {
        let mut dialog = Dialog::held(&ann(), 1);
        dialog.session.internal = Some(bob().id);
        assert_eq!(bind_as(&dialog, &ann(), &[]), Err(Refusal::InternalClient));
        assert_eq!(unbind_as(&dialog, &ann(), &[]), Err(Refusal::InternalClient));
        // A reason that comes earlier in the order is returned in its place.
        assert_eq!(bind_as(&dialog, &offline(ann()), &[]), Err(Refusal::ActorOffline));
        assert_eq!(bind_as(&dialog, &bob(), &[]), Err(Refusal::NotFound));
    }

    #[test]
    fn an_item_that_does_not_exist_here_is_the_first_reason() {
        let dialog = Dialog::held(&ann(), 1);
        for who in [ann(), offline(ann()), bob()] {
            let turn = dialog.turn(&who);
            for act in [bind, unbind] {
                let refused = act(turn, &[], None);
                let reason = if turn.sight == Sight::Whole {
                    Refusal::NoSuch { field: "itemId" }
                } else {
                    Refusal::NotFound
                };
                assert_eq!(refused, Err(reason));
            }
        }
    }

    #[test]
    fn an_item_is_here_when_its_app_is_named_or_while_it_is_bound() {
        let (orders, accounts) = (AppId::parse("orders").unwrap(), AppId::parse("a").unwrap());
        let mut bindings = Bindings::default();
        assert!(bindings.can_be_bound(&item(7).id, &[accounts.clone(), orders]));
        bindings.add(binding(6));
        let named = [accounts];
        assert!(!bindings.can_be_bound(&item(7).id, &named));
        assert!(!bindings.can_be_unbound(&item(7).id, &named));
        bindings.add(binding(7));
        assert!(bindings.can_be_bound(&item(7).id, &named));
    }

    #[test]
    fn what_was_bound_can_be_unbound_again_and_not_bound() {
        let mut bindings = Bindings::default();
        bindings.add(binding(7));
        assert_eq!(bindings.remove(&item(7).id), Some(binding(7)));
        assert_eq!(bindings.remove(&item(7).id), None);
        assert!(bindings.can_be_unbound(&item(7).id, &[]));
        assert!(!bindings.can_be_bound(&item(7).id, &[]));
        bindings.add(binding(7));
        assert_eq!(bindings, Bindings { bound: vec![binding(7)], unbound: Vec::new() });
    }

    #[test]
    fn what_was_bound_is_remembered_up_to_a_bound() {
        let mut bindings = Bindings::default();
        for number in 0..=MOST_REMEMBERED as u128 {
            bindings.add(binding(number));
            bindings.remove(&item(number).id);
        }
        assert_eq!(bindings.unbound.len(), MOST_REMEMBERED);
        assert!(!bindings.can_be_unbound(&item(0).id, &[]));
        assert!(bindings.can_be_unbound(&item(1).id, &[]));
    }
}
