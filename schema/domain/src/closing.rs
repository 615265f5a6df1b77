//! Closing and renaming: ends a session, or gives it another name.

use crate::access::Act;
use crate::session::ActKind;
use crate::{Message, Outcome, Refusal, SessionEvent, State, Turn};

/// Closes a session. `seen` is the last entry that the actor saw, if they sent it: then a message
/// of the client that they have not seen prevents the close.
///
/// # Errors
/// Those of [`Turn::admit`], [`Refusal::UnseenMessage`], [`Refusal::Invalid`].
pub fn close(
    turn: Turn<'_>,
    last_seq: Option<(u64, Option<&Message>)>,
) -> Result<Outcome, Refusal> {
    turn.admit(Act::Close)?;
    let session = turn.session;
    if session.is_closed() {
        return Ok(Outcome::Unchanged);
    }
    if let Some((seq, message)) = last_seq {
        if seq > session.seq {
            return Err(Refusal::invalid("lastSeq", "It is beyond the last message."));
        }
        let seen = message.filter(|m| m.ordinal == session.id.ordinal).map_or(0, |m| m.incoming);
        if seen < session.incoming {
            return Err(Refusal::UnseenMessage);
        }
    }
    let mut change = turn.change(ActKind::Closed);
    let operator = session.assignee().cloned();
    change.session.state = State::Closed { operator: operator.clone(), at: turn.now };
    change.record(turn.author(), SessionEvent::Closed { from: operator }, "", turn.now);
    change.session.read = change.session.incoming;
    change.session.read_seq = change.session.seq;
    change.session.waiting_since = None;
    Ok(change.done())
}

/// Renames a session; on a closed one without an entry in the dialog.
///
/// # Errors
/// Those of [`Turn::admit`].
pub fn rename(turn: Turn<'_>, name: &str) -> Result<Outcome, Refusal> {
    turn.admit(Act::Rename)?;
    let session = turn.session;
    if session.name == name {
        return Ok(Outcome::Unchanged);
    }
    let mut change = turn.change(ActKind::Renamed);
    name.clone_into(&mut change.session.name);
    if !session.is_closed() {
        let event = SessionEvent::Renamed { name: name.to_owned() };
        change.record(turn.author(), event, "", turn.now);
    }
    Ok(change.done())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Acting;
    use crate::fixture::{Dialog, ann, bob, changed, events, offline, sue};

    fn close_as(dialog: &Dialog, who: &Acting, last: Option<u64>) -> Result<Outcome, Refusal> {
        close(dialog.turn(who), last.map(|seq| (seq, dialog.entry(seq))))
    }

    fn rename_as(dialog: &Dialog, who: &Acting, name: &str) -> Result<Outcome, Refusal> {
        rename(dialog.turn(who), name)
    }

    #[test]
    fn the_assignee_or_a_supervisor_closes_and_that_clears_what_is_unread() {
        for who in [ann(), sue()] {
            let dialog = Dialog::held(&ann(), 3);
            let change = changed(close_as(&dialog, &who, None).unwrap());
            let session = &change.session;
            let state = State::Closed { operator: Some(ann().id), at: dialog.now() };
            assert_eq!(session.state, state);
            assert_eq!((session.incoming, session.read, session.unread()), (3, 3, 0));
            assert_eq!((session.read_seq, session.waiting_since), (session.seq, None));
            assert_eq!(events(&change.entries), [SessionEvent::Closed { from: Some(ann().id) }]);
            assert_eq!(change.entries[0].seq, session.seq);
        }
    }

    #[test]
    fn a_queued_session_is_closed_by_a_supervisor_and_was_nobodys() {
        let dialog = Dialog::queued(2);
        assert_eq!(close_as(&dialog, &ann(), None), Err(Refusal::NotAssigned));
        let session = changed(close_as(&dialog, &sue(), None).unwrap()).session;
        assert_eq!(session.state, State::Closed { operator: None, at: dialog.now() });
        assert_eq!((session.operator(), session.unread()), (None, 0));
    }

    #[test]
    fn nobody_closes_over_a_message_of_the_client_that_they_have_not_seen() {
        let mut dialog = Dialog::held(&ann(), 2);
        let seen = dialog.session.seq;
        assert!(close_as(&dialog, &ann(), Some(1)).is_err());
        assert!(close_as(&dialog, &ann(), Some(2)).is_ok());
        assert!(close_as(&dialog, &ann(), Some(seen)).is_ok());
        dialog.note(&sue());
        dialog.answer(&ann());
        assert!(close_as(&dialog, &ann(), Some(seen)).is_ok(), "only the client's count");
        dialog.write();
        assert_eq!(close_as(&dialog, &ann(), Some(seen)), Err(Refusal::UnseenMessage));
        assert!(close_as(&dialog, &ann(), Some(dialog.session.seq)).is_ok());
        assert!(close_as(&dialog, &ann(), None).is_ok());
    }

    #[test]
    fn what_was_seen_of_an_earlier_session_is_nothing_of_this_one() {
        let mut dialog = Dialog::closed(&bob(), 3);
        let earlier = dialog.session.seq;
        dialog.write();
        dialog.claim(&ann());
        for last in [0, 3, earlier] {
            assert_eq!(close_as(&dialog, &ann(), Some(last)), Err(Refusal::UnseenMessage));
        }
    }

    #[test]
    fn beyond_the_last_message_nothing_was_seen() {
        let dialog = Dialog::held(&ann(), 1);
        let refused = close_as(&dialog, &ann(), Some(dialog.session.seq + 1));
        assert!(matches!(refused, Err(Refusal::Invalid { field: "lastSeq", .. })));
    }

    #[test]
    fn closed_is_terminal_and_closing_again_is_not_an_error() {
        let dialog = Dialog::closed(&ann(), 1);
        for who in [ann(), sue()] {
            assert_eq!(close_as(&dialog, &who, None), Ok(Outcome::Unchanged));
            assert_eq!(close_as(&dialog, &who, Some(1)), Ok(Outcome::Unchanged));
        }
        assert_eq!(close_as(&dialog, &bob(), None), Err(Refusal::NotFound));
        assert_eq!(close_as(&dialog, &offline(ann()), None), Err(Refusal::ActorOffline));
    }

    #[test]
    fn renaming_an_open_session_stands_in_its_dialog() {
        for who in [ann(), sue()] {
            let dialog = Dialog::held(&ann(), 1);
            let change = changed(rename_as(&dialog, &who, "Order 7").unwrap());
            assert_eq!(change.session.name, "Order 7");
            assert_eq!(change.session.last_message_at, dialog.session.last_message_at);
            let event = SessionEvent::Renamed { name: "Order 7".to_owned() };
            assert_eq!(events(&change.entries), [event]);
            assert_eq!(rename_as(&dialog, &who, "Carl"), Ok(Outcome::Unchanged));
        }
        let queued = Dialog::queued(1);
        assert_eq!(rename_as(&queued, &ann(), "Order 7"), Err(Refusal::NotAssigned));
    }

    #[test]
    fn a_closed_session_is_renamed_by_its_last_operator_and_supervisors_without_an_entry() {
        let dialog = Dialog::closed(&ann(), 1);
        for who in [ann(), sue()] {
            let change = changed(rename_as(&dialog, &who, "Order 7").unwrap());
            assert_eq!((&*change.session.name, &*change.entries), ("Order 7", &[][..]));
            assert_eq!(change.session.state, dialog.session.state);
            assert_eq!(change.session.seq, dialog.session.seq, "it gives out no number");
            assert_eq!(change.session.version, dialog.session.version + 1);
        }
        assert_eq!(rename_as(&dialog, &bob(), "Order 7"), Err(Refusal::NotFound));
    }
}
