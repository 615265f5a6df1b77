//! Replies and notes: an operator answers the client, or an employee writes a note for colleagues.
//!
//! A reply marks as read only what the operator had seen: everything that stood in the session at the
//! first read of the request, or what `readUpToSeq` says. A retry never marks more.
//!
//! A reply clears `waitingSince`, even if the client wrote again while it was being sent. The time that
//! this client waits is then counted from their next message.

use crate::access::Act;
use crate::assignment::take;
use crate::live_chat::WayOut;
use crate::message::Kind;
use crate::session::{ActKind, Draft};
use crate::{Attached, Change, Message, Refusal, Session, Turn};

/// A reply as the operator sent it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply<'a> {
    /// The text, within its bounds.
    pub text: &'a str,
    /// Its files, or the reason why they cannot be attached.
    pub attachments: Result<Vec<Attached>, Refusal>,
    /// The sender's id for it.
    pub client_message_id: &'a str,
    /// The entry that it quotes.
    pub quote: Quote<'a>,
    /// The part of the session that the operator had seen.
    pub seen: Seen,
    /// The last entry that the operator says to have read.
    pub read_up_to: Option<u64>,
    /// The way out of the channel of the session.
    pub way_out: WayOut,
}

/// The quote of a reply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quote<'a> {
    /// Nothing.
    Nothing,
    /// An entry that does not exist.
    Missing,
    /// An entry, which may be of a kind that cannot be quoted.
    Entry(&'a Message),
}

/// The part of a session that an operator had seen. It is taken once, at the first read, and kept
/// over all tries: a retry never marks more as read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// The number of client messages of the session.
    pub incoming: u32,
    /// The last entry.
    pub seq: u64,
}

/// Answers the client, by an operator. A reply to a queued session claims it in the same step.
///
/// # Errors
/// As [`Turn::admit`] has them; [`Refusal::NoSuch`] and [`Refusal::Invalid`] of what is quoted and of files;
/// [`Refusal::Limit`] when the conversation grows too fast, or the operator holds too many sessions;
/// [`Refusal::Invalid`] of a mark beyond the last entry; [`Refusal::CannotDeliver`] when the channel
/// cannot take the answer; [`Refusal::ReplyWindowClosed`] when the messenger takes none so long after
/// the client's last message.
pub fn reply(turn: Turn<'_>, reply: &Reply<'_>) -> Result<Change, Refusal> {
    let Turn { session, sight, who, now } = turn;
    let mut reasons = turn.reasons(Act::Reply);
    // An employee who may not read the dialog learns nothing of its content.
    let (quoted, attachments) = match sight.may_read() {
        true => (
            reasons.take(quotable(session, reply.quote)).flatten(),
            reasons.take(reply.attachments.clone()),
        ),
        false => (None, None),
    };
    let rate = reasons.take(session.rate.take(now));
    reasons.unless(!session.is_queued() || !who.is_full, Refusal::TOO_MANY_SESSIONS);
    let beyond = reply.read_up_to.filter(|seq| *seq > session.seq);
    reasons.unless(
        beyond.is_none(),
        Refusal::invalid("readUpToSeq", "It is beyond the last message."),
    );
    if let Some(refusal) = session.way_refusal(reply.way_out, now) {
        reasons.add(refusal);
    }
    reasons.verdict()?;
    let kind = if session.is_queued() { ActKind::Claimed } else { ActKind::Message };
    let mut change = turn.change(kind);
    change.session.rate = rate.unwrap_or(session.rate);
    if session.is_queued() {
        take(&mut change, turn)?;
    }
    let has_seen_all = reply.seen.seq >= session.seq;
    change.session.read = session.read.max(reply.seen.incoming.min(session.incoming));
    change.session.read_seq = session.read_seq.max(reply.seen.seq);
    change.add(
        Draft {
            kind: Kind::Operator,
            author: turn.author(),
            channel: Some(session.channel.clone()),
            text: reply.text.to_owned(),
            attachments: attachments.unwrap_or_default(),
            sent_at: now,
            client_message_id: Some(reply.client_message_id.to_owned()),
            reply_to: quoted,
            event: None,
            is_outgoing: matches!(reply.way_out, WayOut::Messenger(_)),
        },
        now,
    );
    if has_seen_all {
        change.session.read_seq = change.session.seq;
    }
    Ok(change)
}

/// A note as an employee wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note<'a> {
    /// The text, within its bounds.
    pub text: &'a str,
    /// Its files, or the reason why they cannot be attached.
    pub attachments: Result<Vec<Attached>, Refusal>,
    /// The sender's id for it.
    pub client_message_id: &'a str,
}

/// Adds a note, by the operator of the session or a supervisor. No client ever sees it.
///
/// # Errors
/// As [`Turn::admit`] has them; [`Refusal::NoSuch`] and [`Refusal::Invalid`] of files;
/// [`Refusal::Limit`] when the conversation grows too fast.
pub fn note(turn: Turn<'_>, note: &Note<'_>) -> Result<Change, Refusal> {
    turn.admit(Act::Note)?;
    let attachments = note.attachments.clone()?;
    let mut change = turn.change(ActKind::Message);
    change.session.rate = turn.session.rate.take(turn.now)?;
    change.add(
        Draft {
            kind: Kind::Note,
            author: turn.author(),
            channel: None,
            text: note.text.to_owned(),
            attachments,
            sent_at: turn.now,
            client_message_id: Some(note.client_message_id.to_owned()),
            reply_to: None,
            event: None,
            is_outgoing: false,
        },
        turn.now,
    );
    Ok(change)
}

/// Returns the number of the entry that a reply quotes: a message of this dialog, never a note or an
/// event.
fn quotable(session: &Session, quote: Quote<'_>) -> Result<Option<u64>, Refusal> {
    let message = match quote {
        Quote::Nothing => return Ok(None),
        Quote::Entry(message)
            if message.conversation == session.id.conversation && message.seq <= session.seq =>
        {
            message
        }
        Quote::Entry(_) | Quote::Missing => return Err(Refusal::NoSuch { field: "replyToId" }),
    };
    if !message.kind.is_for_clients() {
        return Err(Refusal::invalid("replyToId", "A reply quotes messages only, never a note."));
    }
    Ok(Some(message.seq))
}

#[cfg(test)]
mod tests;
