//! Read marks.

use crate::session::ActKind;
use crate::{Acting, Actor, Change, Kind, Message, Outcome, Refusal, Session};

/// What a read mark comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mark {
    /// It is the operator's: the session changes, or not.
    Operators(Outcome),
    /// It is of somebody who looks on: only their own line moves, to this entry.
    OnLookers {
        /// Up to which entry they have read.
        seq: u64,
        /// Whether the line may move back.
        moves_back: bool,
    },
}

/// Marks the dialog as read up to an entry, `up_to`, which is `None` when it is before this
/// session's first. Of the session's operator it lowers the unread count, and never raises it.
///
/// # Errors
/// [`Refusal::Invalid`] for an entry beyond the last.
pub fn mark_read(
    session: &Session,
    who: &Acting,
    up_to_seq: u64,
    up_to: Option<&Message>,
) -> Result<Mark, Refusal> {
    if up_to_seq > session.seq {
        return Err(Refusal::invalid("upToSeq", "It is beyond the last message."));
    }
    if session.assignee() != Some(&who.id) {
        return Ok(Mark::OnLookers { seq: up_to_seq, moves_back: false });
    }
    let Some(message) = up_to.filter(|_| up_to_seq >= session.first_seq) else {
        return Ok(Mark::Operators(Outcome::Unchanged));
    };
    let read = session.read.max(message.incoming);
    let read_seq = session.read_seq.max(up_to_seq);
    Ok(Mark::Operators(set(session, who, read, read_seq)))
}

/// Marks the dialog as unread from an entry on.
///
/// # Errors
/// [`Refusal::Invalid`] for an entry that is not of this session.
pub fn mark_unread(
    session: &Session,
    who: &Acting,
    from_seq: u64,
    from: Option<&Message>,
) -> Result<Mark, Refusal> {
    let Some(message) = from.filter(|_| (session.first_seq..=session.seq).contains(&from_seq))
    else {
        return Err(Refusal::invalid("fromSeq", "It is not a message of this session."));
    };
    if session.assignee() != Some(&who.id) {
        return Ok(Mark::OnLookers { seq: from_seq - 1, moves_back: true });
    }
    let is_clients = u32::from(message.kind == Kind::Client);
    let read = session.read.min(message.incoming.saturating_sub(is_clients));
    let read_seq = session.read_seq.min(from_seq - 1);
    Ok(Mark::Operators(set(session, who, read, read_seq)))
}

fn set(session: &Session, who: &Acting, read: u32, read_seq: u64) -> Outcome {
    if (read, read_seq) == (session.read, session.read_seq) {
        return Outcome::Unchanged;
    }
    let mut change = Change::of(session, ActKind::Read, Actor::Employee(who.id.clone()));
    change.session.read = read;
    change.session.read_seq = read_seq;
    change.done()
}
