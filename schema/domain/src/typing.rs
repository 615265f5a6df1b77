//! Typing: decides who may be shown as typing, and to whom. It is pushed to the subscribers of a dialog
//! and never stored in it.

use crate::access::Sight;
use crate::{Actor, EmployeeId, Reasons, Refusal, Session, Turn};

/// How long somebody counts as typing without another word of it, in milliseconds.
pub const LASTS_MILLIS: u64 = 6_000;
/// More often than this it is not told of one person in one dialog, in milliseconds.
pub const INTERVAL_MILLIS: u64 = 3_000;

/// Lets an employee be shown as typing in a session: whoever may write something there.
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

/// Whether the client is shown that somebody types: only of who has the session, because others
/// write notes.
#[must_use]
pub fn is_for_client(session: &Session, by: &Actor) -> bool {
    matches!(by, Actor::Employee(id) if session.assignee() == Some(id))
}

/// Whether an employee is shown that somebody types: never of themselves.
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
