//! Typing: decides who may be shown as typing, and to whom. It is pushed to the subscribers of a dialog
//! and never stored in it.

use crate::access::Sight;
use crate::{Actor, EmployeeId, Reasons, Refusal, Session, Turn};

/// The time for which a signal shows its author as typing, in milliseconds.
pub const LASTS_MILLIS: u64 = 6_000;
/// The shortest time between two signals of one person in one dialog that are pushed, in milliseconds.
pub const INTERVAL_MILLIS: u64 = 3_000;

/// Admits an employee who is typing in a session, if they may write something there.
///
/// # Errors
/// `NotFound`, `Forbidden`, `ActorOffline`, `SessionClosed`.
pub fn admit(turn: Turn<'_>) -> Result<(), Refusal> {
    let Turn { session, sight, who, .. } = turn;
    let mut reasons = Reasons::default();
    reasons.unless(sight.may_read(), Refusal::NotFound);
    reasons.unless(sight == Sight::Whole, Refusal::Forbidden);
    reasons.unless(who.is_online, Refusal::ActorOffline);
    reasons.unless(!session.is_closed(), Refusal::SessionClosed);
    reasons.verdict()
}

/// Returns true if the client is shown who is typing: only the session's operator, because others
/// write notes.
#[must_use]
pub fn is_for_client(session: &Session, by: &Actor) -> bool {
    matches!(by, Actor::Employee(id) if session.assignee() == Some(id))
}

/// Returns true if an employee is shown who is typing: anybody but themselves.
#[must_use]
pub fn is_for(person: &EmployeeId, by: &Actor) -> bool {
    !by.is_person(person)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Acting;
    use crate::fixture::{Dialog, ann, bob, offline, sue};

    #[test]
    fn whoever_may_write_there_is_shown_as_typing() {
        let dialog = Dialog::held(&ann(), 1);
        let asked = |dialog: &Dialog, who: &Acting| admit(dialog.turn(who));
        assert_eq!(asked(&dialog, &ann()), Ok(()));
        assert_eq!(asked(&dialog, &sue()), Ok(()));
        assert_eq!(asked(&dialog, &bob()), Err(Refusal::NotFound));
        assert_eq!(asked(&dialog, &offline(ann())), Err(Refusal::ActorOffline));
        assert_eq!(asked(&Dialog::queued(1), &bob()), Ok(()));
        let closed = Dialog::closed(&ann(), 1);
        assert_eq!(asked(&closed, &ann()), Err(Refusal::SessionClosed));
        assert_eq!(asked(&closed, &offline(ann())), Err(Refusal::ActorOffline));
        assert_eq!(
            admit(Turn { sight: Sight::Earlier, ..closed.turn(&bob()) }),
            Err(Refusal::Forbidden)
        );
    }

    #[test]
    fn the_client_sees_only_who_has_the_session() {
        let held = Dialog::held(&ann(), 1).session;
        let by = |who: Acting| Actor::Employee(who.id);
        assert!(is_for_client(&held, &by(ann())));
        assert!(!is_for_client(&held, &by(sue())));
        assert!(!is_for_client(&Dialog::queued(1).session, &by(ann())));
        assert!(is_for(&bob().id, &by(ann())) && !is_for(&ann().id, &by(ann())));
    }
}
