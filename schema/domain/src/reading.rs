//! Read marks: move the line up to which an employee has read a session.
//!
//! For the operator who has the session, `viewerReadSeq` is the session's own line, so that the line
//! and the unread count always agree. An onlooker has a line of their own. After a return the operator
//! is an onlooker again, and finds their own line where they had left it.

use crate::access::Sight;
use crate::session::ActKind;
use crate::{Kind, Message, Outcome, Reasons, Refusal, Timestamp, Turn};

/// The result of a read mark.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mark {
    /// The session's operator marked it, or nothing changes: the session changes, or not.
    Operators(Outcome),
    /// An onlooker marked it: only their own line moves.
    OnLookers {
        /// The last entry that they have read.
        seq: u64,
        /// True if the line may move back.
        moves_back: bool,
    },
}

/// The last message of their conversation that a client has seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClientRead {
    /// Its number, by the client's own count.
    pub seq: u64,
    /// The moment when they saw it.
    pub at: Timestamp,
}

/// Moves the mark of a client forward; none if the mark stays. `last` is the last message of the
/// conversation, by the client's own numbers.
///
/// # Errors
/// [`Refusal::Invalid`] for a message beyond the last.
pub fn mark_client_read(
    up_to_seq: u64,
    last: u64,
    before: Option<ClientRead>,
    now: Timestamp,
) -> Result<Option<ClientRead>, Refusal> {
    if up_to_seq > last {
        return Err(Refusal::invalid("upToSeq", "It is beyond the last message."));
    }
    let seen = before.map_or(0, |before| before.seq);
    Ok((up_to_seq > seen).then_some(ClientRead { seq: up_to_seq, at: now }))
}

/// Admits an employee who marks a session as read or unread, online or offline, if all of it is in
/// their sight.
fn admit(sight: Sight) -> Result<(), Refusal> {
    let mut reasons = Reasons::default();
    reasons.unless(sight.may_read(), Refusal::NotFound);
    reasons.unless(sight == Sight::Whole, Refusal::Forbidden);
    reasons.verdict()
}

/// Marks the dialog as read up to an entry, `up_to`. Before this session's first entry it changes
/// nothing. A mark by the session's operator lowers the unread count and never raises it.
///
/// # Errors
/// `NotFound`, `Forbidden`; [`Refusal::Invalid`] for an entry beyond the last.
pub fn mark_read(turn: Turn<'_>, up_to_seq: u64, up_to: Option<&Message>) -> Result<Mark, Refusal> {
    admit(turn.sight)?;
    let session = turn.session;
    if up_to_seq > session.seq {
        return Err(Refusal::invalid("upToSeq", "It is beyond the last message."));
    }
    let Some(message) = up_to.filter(|_| up_to_seq >= session.first_seq) else {
        return Ok(Mark::Operators(Outcome::Unchanged));
    };
    if session.assignee() != Some(&turn.who.id) {
        return Ok(Mark::OnLookers { seq: up_to_seq, moves_back: false });
    }
    let read = session.read.max(message.incoming);
    let read_seq = session.read_seq.max(up_to_seq);
    Ok(Mark::Operators(set(turn, read, read_seq)))
}

/// Marks the dialog as unread from an entry on.
///
/// # Errors
/// `NotFound`, `Forbidden`; [`Refusal::Invalid`] for an entry that is not of this session.
pub fn mark_unread(turn: Turn<'_>, from_seq: u64, from: Option<&Message>) -> Result<Mark, Refusal> {
    admit(turn.sight)?;
    let session = turn.session;
    let Some(message) = from.filter(|_| (session.first_seq..=session.seq).contains(&from_seq))
    else {
        return Err(Refusal::invalid("fromSeq", "It is not a message of this session."));
    };
    if session.assignee() != Some(&turn.who.id) {
        return Ok(Mark::OnLookers { seq: from_seq - 1, moves_back: true });
    }
    let is_clients = u32::from(message.kind == Kind::Client);
    let read = session.read.min(message.incoming.saturating_sub(is_clients));
    let read_seq = session.read_seq.min(from_seq - 1);
    Ok(Mark::Operators(set(turn, read, read_seq)))
}

fn set(turn: Turn<'_>, read: u32, read_seq: u64) -> Outcome {
    if (read, read_seq) == (turn.session.read, turn.session.read_seq) {
        return Outcome::Unchanged;
    }
    let mut change = turn.change(ActKind::Read);
    change.session.read = read;
    change.session.read_seq = read_seq;
    change.done()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Acting;
    use crate::fixture::{Dialog, ann, bob, changed, offline, sue};

    /// The turn of an employee who sees all of the session.
    fn whole<'a>(dialog: &'a Dialog, who: &'a Acting) -> Turn<'a> {
        Turn { sight: Sight::Whole, ..dialog.turn(who) }
    }

    #[test]
    fn a_client_s_mark_moves_forward_and_never_beyond_the_last_message() {
        let (now, later) = (Timestamp::from_millis(1), Timestamp::from_millis(2));
        let third = ClientRead { seq: 3, at: now };
        let mark = |up_to, before| mark_client_read(up_to, 5, before, later);
        assert_eq!(mark(0, None), Ok(None));
        assert_eq!(mark(2, None), Ok(Some(ClientRead { seq: 2, at: later })));
        for up_to in [0, 2, 3] {
            assert_eq!(mark(up_to, Some(third)), Ok(None), "{up_to}");
        }
        assert_eq!(mark(5, Some(third)), Ok(Some(ClientRead { seq: 5, at: later })));
        assert!(matches!(mark(6, Some(third)), Err(Refusal::Invalid { field: "upToSeq", .. })));
    }

    fn read(dialog: &Dialog, who: &Acting, seq: u64) -> Result<Mark, Refusal> {
        mark_read(whole(dialog, who), seq, dialog.entry(seq))
    }

    fn unread(dialog: &Dialog, who: &Acting, seq: u64) -> Result<Mark, Refusal> {
        mark_unread(whole(dialog, who), seq, dialog.entry(seq))
    }

    /// Applies a mark; what is unread then, and the line.
    fn marked(dialog: &mut Dialog, mark: Result<Mark, Refusal>) -> (u32, u64) {
        match mark.unwrap() {
            Mark::Operators(Outcome::Unchanged) => {}
            Mark::Operators(outcome) => dialog.apply(changed(outcome)),
            Mark::OnLookers { .. } => panic!("it is the operator's"),
        }
        (dialog.session.unread(), dialog.session.read_seq)
    }

    #[test]
    fn reading_lowers_the_unread_count_and_never_moves_back() {
        let mut dialog = Dialog::held(&ann(), 3);
        for (seq, expected) in [(2, (1, 2)), (1, (1, 2)), (2, (1, 2)), (3, (0, 3)), (4, (0, 4))] {
            let mark = read(&dialog, &ann(), seq);
            assert_eq!(marked(&mut dialog, mark), expected, "up to {seq}");
        }
        assert_eq!(read(&dialog, &ann(), 4), Ok(Mark::Operators(Outcome::Unchanged)));
    }

    #[test]
    fn a_mark_writes_no_entry() {
        let dialog = Dialog::held(&ann(), 1);
        let Ok(Mark::Operators(outcome)) = read(&dialog, &ann(), 1) else { panic!() };
        let change = changed(outcome);
        assert_eq!(change.entries, []);
        assert_eq!(change.session.version, dialog.session.version + 1);
        assert_eq!(change.session.seq, dialog.session.seq);
    }

    #[test]
    fn beyond_the_last_entry_is_invalid_for_everybody() {
        let dialog = Dialog::held(&ann(), 1);
        for who in [ann(), bob(), sue()] {
            let refused = read(&dialog, &who, dialog.session.seq + 1);
            assert!(matches!(refused, Err(Refusal::Invalid { field: "upToSeq", .. })));
        }
    }

    #[test]
    fn before_this_sessions_first_entry_changes_nothing_for_anybody() {
        let mut dialog = Dialog::closed(&bob(), 2);
        dialog.write();
        dialog.claim(&ann());
        for who in [ann(), sue()] {
            for seq in 0..dialog.session.first_seq {
                let mark = read(&dialog, &who, seq);
                assert_eq!(mark, Ok(Mark::Operators(Outcome::Unchanged)), "up to {seq}");
            }
        }
    }

    #[test]
    fn marking_unread_counts_from_that_entry_on() {
        let mut dialog = Dialog::held(&ann(), 3);
        dialog.write();
        let last = dialog.session.seq;
        let mark = read(&dialog, &ann(), last);
        assert_eq!(marked(&mut dialog, mark), (0, last));
        // The entry before the last is the event of the claim: one message is after it.
        for (seq, expected) in [(last, (1, 4)), (last - 1, (1, 3)), (2, (3, 1)), (3, (3, 1))] {
            let mark = unread(&dialog, &ann(), seq);
            assert_eq!(marked(&mut dialog, mark), expected, "from {seq}");
        }
        let mark = unread(&dialog, &ann(), 1);
        assert_eq!(marked(&mut dialog, mark), (4, 0));
    }

    #[test]
    fn what_is_marked_unread_is_of_this_session() {
        let mut dialog = Dialog::closed(&bob(), 1);
        dialog.write();
        dialog.claim(&ann());
        let outside = [0, dialog.session.first_seq - 1, dialog.session.seq + 1];
        for seq in outside {
            let refused = unread(&dialog, &ann(), seq);
            assert!(matches!(refused, Err(Refusal::Invalid { field: "fromSeq", .. })), "{seq}");
        }
    }

    #[test]
    fn anyone_elses_reading_moves_only_their_own_line() {
        let queued = Dialog::queued(2);
        let held = Dialog::held(&bob(), 2);
        let closed = Dialog::closed(&ann(), 2);
        let onlookers = [(&queued, ann()), (&queued, sue()), (&held, sue()), (&closed, ann())];
        for (dialog, who) in onlookers {
            let mark = read(dialog, &who, 2);
            assert_eq!(mark, Ok(Mark::OnLookers { seq: 2, moves_back: false }));
            let mark = unread(dialog, &who, 2);
            assert_eq!(mark, Ok(Mark::OnLookers { seq: 1, moves_back: true }));
        }
    }

    #[test]
    fn read_marks_are_open_to_who_is_offline() {
        let mut dialog = Dialog::held(&ann(), 1);
        let mark = read(&dialog, &offline(ann()), 1);
        assert_eq!(marked(&mut dialog, mark), (0, 1));
        let mark = unread(&dialog, &offline(ann()), 1);
        assert_eq!(marked(&mut dialog, mark), (1, 0));
    }
}
