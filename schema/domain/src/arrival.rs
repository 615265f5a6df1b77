//! A client's message: adds it to the open session, or opens a new one.
//!
//! Two kinds of time are kept apart. `sentAt` is what the sender says, but never later than the
//! arrival: a sender's clock that runs ahead would show answers before questions. `firstMessageAt` is
//! the `sentAt` of the session's first message. Everything that orders lists and measures ages
//! (`openedAt`, `lastMessageAt`, `waitingSince`) is the time of arrival, so that a message delivered
//! late does not jump the queue.

use crate::actor::Writer;
use crate::message::Kind;
use crate::name::{self, NameTemplate};
use crate::rate::Rate;
use crate::session::{ActKind, Draft, LastAct};
use crate::{
    Actor, Attached, Author, Change, LiveChatId, Message, Preview, Refusal, Session, SessionId,
    State, Timestamp,
};

/// The least time between two NEW_MESSAGE alerts of one queued session, in milliseconds.
const ALERT_INTERVAL_MILLIS: u64 = 10_000;

/// The content of a client's message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Incoming {
    /// The text, within its bounds.
    pub text: String,
    /// Its files.
    pub attachments: Vec<Attached>,
    /// The moment when it was sent, according to the client; none means at its arrival.
    pub sent_at: Option<Timestamp>,
    /// The id given by the sender.
    pub client_message_id: String,
    /// The number of the entry that it quotes.
    pub reply_to: Option<u64>,
}

impl Incoming {
    /// Returns the moment when it was sent: not later than its arrival.
    fn sent_at(&self, now: Timestamp) -> Timestamp {
        self.sent_at.map_or(now, |at| at.min(now))
    }
}

/// The live chat and channel that a client writes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place<'a> {
    /// The live chat.
    pub live_chat: &'a LiveChatId,
    /// Its name.
    pub live_chat_name: &'a str,
    /// The name of the channel.
    pub channel_name: &'a str,
    /// The template for the names of sessions there.
    pub template: &'a NameTemplate,
}

/// Adds a client's message to the open session, or opens a new session with it. `latest` is the
/// conversation's latest session.
///
/// # Errors
/// [`Refusal::Limit`] when the conversation grows too fast.
pub fn arrive(
    latest: Option<&Session>,
    conversation: &crate::ConversationId,
    writer: &Writer,
    incoming: &Incoming,
    place: &Place<'_>,
    now: Timestamp,
) -> Result<Change, Refusal> {
    let rate = latest.map_or_else(Rate::default, |session| session.rate).take(now)?;
    let by = Actor::Client { id: writer.id.clone(), employee: writer.employee.clone() };
    let mut change = match latest.filter(|session| !session.is_closed()) {
        Some(open) => {
            let mut change = Change::of(open, ActKind::Message, by);
            change.session.last_alert_at = alert_time(open, now);
            change
        }
        None => open(latest, conversation, writer, incoming, place, by, now),
    };
    change.session.rate = rate;
    change.session.said = Some(writer.said());
    change.add(
        Draft {
            kind: Kind::Client,
            author: Author::Client { id: writer.id.clone(), name: writer.name.clone() },
            channel: Some(writer.channel.clone()),
            text: incoming.text.clone(),
            attachments: incoming.attachments.clone(),
            sent_at: incoming.sent_at(now),
            client_message_id: Some(incoming.client_message_id.clone()),
            reply_to: incoming.reply_to,
            event: None,
            is_outgoing: false,
        },
        now,
    );
    Ok(change)
}

/// Updates a client's information in their open session, without a message. The session's name
/// stays.
#[must_use]
pub fn introduce(open: &Session, writer: &Writer) -> Change {
    let by = Actor::Client { id: writer.id.clone(), employee: writer.employee.clone() };
    let mut change = Change::of(open, ActKind::Renamed, by);
    change.session.said = Some(writer.said());
    change
}

fn alert_time(open: &Session, now: Timestamp) -> Option<Timestamp> {
    let is_due = open.is_queued()
        && open.last_alert_at.is_none_or(|at| now.is_past(at, ALERT_INTERVAL_MILLIS));
    if is_due { Some(now) } else { open.last_alert_at }
}

/// Returns the new session before its first message. Its numbers continue those of the
/// conversation's latest session.
fn open(
    latest: Option<&Session>,
    conversation: &crate::ConversationId,
    writer: &Writer,
    incoming: &Incoming,
    place: &Place<'_>,
    by: Actor,
    now: Timestamp,
) -> Change {
    let seq = latest.map_or(0, |session| session.seq);
    let words = name::Words {
        client: &writer.name,
        live_chat: place.live_chat_name,
        channel: place.channel_name,
        at: now,
    };
    let session = Session {
        id: SessionId {
            conversation: conversation.clone(),
            ordinal: latest.map_or(1, |session| session.id.ordinal + 1),
        },
        live_chat: place.live_chat.clone(),
        client: writer.id.clone(),
        internal: writer.employee.clone(),
        channel: writer.channel.clone(),
        state: State::Queued,
        version: 1,
        seq,
        client_seq: latest.map_or(0, |session| session.client_seq),
        first_seq: seq + 1,
        incoming: 0,
        read: 0,
        read_seq: 0,
        name: place.template.fill(&words),
        preview: Preview {
            kind: Kind::Client,
            author_name: String::new(),
            channel: None,
            text: String::new(),
            sent_at: now,
        },
        opened_at: now,
        first_message_at: incoming.sent_at(now),
        last_message_at: now,
        last_entry_at: now,
        waiting_since: None,
        last_alert_at: None,
        client_wrote_at: None,
        last_outgoing: latest.map_or(0, |session| session.last_outgoing),
        rate: Rate::default(),
        said: None,
        last: LastAct { kind: ActKind::Opened, by },
    };
    Change { session, entries: Vec::new() }
}

/// Returns the number of an entry that a client may quote: one visible to them.
///
/// # Errors
/// [`Refusal::NoSuch`] for an entry that is missing or hidden from them.
pub fn quotable(quoted: Option<&Message>) -> Result<u64, Refusal> {
    quoted
        .filter(|message| message.kind.is_for_clients())
        .map(|message| message.seq)
        .ok_or(Refusal::NoSuch { field: "replyToId" })
}

#[cfg(test)]
mod tests;
