//! Ending a session, and what may still be done to it.

use crate::access::{self, Act, Sight};
use crate::assignment::author;
use crate::session::ActKind;
use crate::{
    Acting, Actor, Change, EventKind, Message, Outcome, Refusal, Session, SessionEvent, State,
    Timestamp,
};

/// Closes a session. `seen` is the last entry that the actor saw, where they say so: then nobody
/// closes over a client's message that they have not seen.
///
/// # Errors
/// As [`access::admit`] has them, [`Refusal::UnseenMessage`], [`Refusal::Invalid`].
pub fn close(
    session: &Session,
    sight: Sight,
    who: &Acting,
    last_seq: Option<(u64, Option<&Message>)>,
    now: Timestamp,
) -> Result<Outcome, Refusal> {
    access::admit(Act::Close, session, sight, who)?;
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
    let mut change = Change::of(session, ActKind::Closed, Actor::Employee(who.id.clone()));
    let operator = session.assignee().cloned();
    let mut event = SessionEvent::new(EventKind::Closed);
    event.from.clone_from(&operator);
    change.session.state = State::Closed { operator, at: now };
    change.tell(author(who), event, format!("{} closed the session.", who.name), now);
    change.session.read = change.session.incoming;
    change.session.read_seq = change.session.seq;
    change.session.waiting_since = None;
    Ok(change.done())
}

/// Gives a session another name; on a closed one without an entry in the dialog.
///
/// # Errors
/// As [`access::admit`] has them.
pub fn rename(
    session: &Session,
    sight: Sight,
    who: &Acting,
    name: &str,
    now: Timestamp,
) -> Result<Outcome, Refusal> {
    access::admit(Act::Rename, session, sight, who)?;
    if session.name == name {
        return Ok(Outcome::Unchanged);
    }
    let mut change = Change::of(session, ActKind::Renamed, Actor::Employee(who.id.clone()));
    name.clone_into(&mut change.session.name);
    if !session.is_closed() {
        let mut event = SessionEvent::new(EventKind::Renamed);
        event.name = Some(name.to_owned());
        let text = format!("{} renamed the session to {name}.", who.name);
        change.tell(author(who), event, text, now);
    }
    Ok(change.done())
}
