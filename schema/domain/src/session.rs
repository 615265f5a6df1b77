//! The session: one request of a client, from the first message until it is closed.

use crate::live_chat::WayOut;
use crate::rate::Rate;
use crate::{
    Actor, Attached, Author, ChannelId, ClientId, EmployeeId, Kind, LiveChatId, Message, Refusal,
    SessionEvent, SessionId, Timestamp, attachment, text,
};

/// The most bytes of text and of the author's name that a preview keeps, so that a session's item
/// stays within one kilobyte.
const PREVIEW_TEXT_BYTES: usize = 160;
const PREVIEW_NAME_BYTES: usize = 40;

/// The head of a session: all except its messages, bindings and contacts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// The session's id.
    pub id: SessionId,
    /// The live chat that it belongs to.
    pub live_chat: LiveChatId,
    /// The client of the session.
    pub client: ClientId,
    /// The employee that the client is, if internal.
    pub internal: Option<EmployeeId>,
    /// The channel that the client opened it by.
    pub channel: ChannelId,
    /// Queued, assigned or closed.
    pub state: State,
    /// The number of writes; every write is guarded by it.
    pub version: u64,
    /// The number of the conversation's last entry.
    pub seq: u64,
    /// The number of the conversation's last entry among those that a client may see.
    pub client_seq: u64,
    /// The number of this session's first entry.
    pub first_seq: u64,
    /// Messages of the client in this session.
    pub incoming: u32,
    /// The number of those that its operator has read: 0 while queued, all when closed.
    pub read: u32,
    /// The last entry that its operator has read; set, carried and cleared together with `read`.
    pub read_seq: u64,
    /// Its name.
    pub name: String,
    /// Its last message, shortened.
    pub preview: Preview,
    /// The moment when the client's first message arrived.
    pub opened_at: Timestamp,
    /// The moment when the client's first message was sent: not later than `opened_at`.
    pub first_message_at: Timestamp,
    /// The moment when the last message of client or operator arrived.
    pub last_message_at: Timestamp,
    /// The moment when its last entry was written, of whatever kind.
    pub last_entry_at: Timestamp,
    /// The moment when the client's oldest message without an answer arrived.
    pub waiting_since: Option<Timestamp>,
    /// The moment when a message in the queue last alerted the operators.
    pub last_alert_at: Option<Timestamp>,
    /// The moment when the client sent their last message; none if an earlier version wrote it.
    pub client_wrote_at: Option<Timestamp>,
    /// The number of the conversation's last answer that leaves by a messenger; 0 before the first.
    pub last_outgoing: u64,
    /// The rate at which the conversation grows.
    pub rate: Rate,
    /// A hash of the client's latest information about themselves; none where it was not stored.
    pub said: Option<u64>,
    /// The last act on the session, and its actor.
    pub last: LastAct,
}

/// The states of a session. Closed is final.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// No operator has it.
    Queued,
    /// An operator has it.
    Assigned {
        /// The operator.
        operator: EmployeeId,
    },
    /// It is closed.
    Closed {
        /// The operator who had it when it was closed.
        operator: Option<EmployeeId>,
        /// The moment when it was closed.
        at: Timestamp,
    },
}

/// A session's last message, shortened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Preview {
    /// The side that wrote it: client or operator.
    pub kind: Kind,
    /// The author's name, shortened.
    pub author_name: String,
    /// The channel by which it came or went out.
    pub channel: Option<ChannelId>,
    /// The text, shortened.
    pub text: String,
    /// The moment when it was sent.
    pub sent_at: Timestamp,
}

/// The last act on a session. The feeds and alerts derive their events from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastAct {
    /// The kind of the act.
    pub kind: ActKind,
    /// The actor.
    pub by: Actor,
}

/// The acts that change a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActKind {
    /// The client's first message.
    Opened,
    /// A further message, of either side, a note, or an amendment by the client.
    Message,
    /// A read or unread mark of its operator.
    Read,
    /// An operator claimed it.
    Claimed,
    /// An operator or a supervisor assigned it to an operator.
    Assigned,
    /// It went back to the queue.
    Returned,
    /// It was renamed, or its client updated their information.
    Renamed,
    /// An item was bound or unbound.
    Bound,
    /// It was closed.
    Closed,
    /// An act of a kind that a newer version writes.
    Unknown,
}

impl Session {
    /// Returns the moment until which the messenger takes an answer; none if it always does, or takes
    /// none at all.
    #[must_use]
    pub fn reply_until(&self, way: WayOut) -> Option<Timestamp> {
        let WayOut::Messenger(Some(window)) = way else { return None };
        // Sessions of an earlier version never came by a channel with a window.
        Some(self.client_wrote_at.unwrap_or(self.last_message_at).plus_millis(window))
    }

    /// Returns the reason why no answer leaves by this way now; none if it does.
    #[must_use]
    pub fn way_refusal(&self, way: WayOut, now: Timestamp) -> Option<Refusal> {
        match way {
            WayOut::Nowhere => Some(Refusal::CannotDeliver),
            _ if self.reply_until(way).is_some_and(|until| now >= until) => {
                Some(Refusal::ReplyWindowClosed)
            }
            _ => None,
        }
    }

    /// Returns the client's messages that its operator has not read: all of a queued session, 0 of
    /// a closed one.
    #[must_use]
    pub const fn unread(&self) -> u32 {
        self.incoming.saturating_sub(self.read)
    }

    /// Returns the operator who has it, or had it when it was closed.
    #[must_use]
    pub const fn operator(&self) -> Option<&EmployeeId> {
        match &self.state {
            State::Queued => None,
            State::Assigned { operator } => Some(operator),
            State::Closed { operator, .. } => operator.as_ref(),
        }
    }

    /// Returns the operator who has it now; none for a queued or closed session.
    #[must_use]
    pub const fn assignee(&self) -> Option<&EmployeeId> {
        match &self.state {
            State::Assigned { operator } => Some(operator),
            State::Queued | State::Closed { .. } => None,
        }
    }

    /// Returns true when no operator has it.
    #[must_use]
    pub const fn is_queued(&self) -> bool {
        matches!(self.state, State::Queued)
    }

    /// Returns true when it is closed.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed { .. })
    }

    /// Returns the moment when it was closed.
    #[must_use]
    pub const fn closed_at(&self) -> Option<Timestamp> {
        match self.state {
            State::Closed { at, .. } => Some(at),
            State::Queued | State::Assigned { .. } => None,
        }
    }
}

/// The result of a rule: the session after the change, and its new entries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The session after the change, its version raised by one.
    pub session: Session,
    /// The entries that the change adds, in order.
    pub entries: Vec<Message>,
}

/// The result of a rule that allows an act: a change, or nothing to change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The session changes.
    Changed(Box<Change>),
    /// The session is in the requested state already.
    Unchanged,
}

/// The content of a new entry; its numbers come from the session.
pub(crate) struct Draft {
    pub kind: Kind,
    pub author: Author,
    pub channel: Option<ChannelId>,
    pub text: String,
    pub attachments: Vec<Attached>,
    pub sent_at: Timestamp,
    pub client_message_id: Option<String>,
    pub reply_to: Option<u64>,
    pub event: Option<SessionEvent>,
    /// True for an answer that leaves by a messenger.
    pub is_outgoing: bool,
}

impl Change {
    /// Returns a change of this session that only raises the version so far.
    pub(crate) fn of(before: &Session, kind: ActKind, by: Actor) -> Self {
        let mut session = before.clone();
        session.version += 1;
        session.last = LastAct { kind, by };
        Self { session, entries: Vec::new() }
    }

    /// Adds an entry: assigns the next numbers, and updates the session if a client may see the
    /// entry.
    pub(crate) fn add(&mut self, draft: Draft, now: Timestamp) {
        let session = &mut self.session;
        session.seq += 1;
        session.last_entry_at = now.max(session.last_entry_at);
        if draft.kind.is_for_clients() {
            session.client_seq += 1;
            session.last_message_at = now.max(session.last_message_at);
            session.preview = Preview {
                kind: draft.kind,
                author_name: text::cut(draft.author.name(), PREVIEW_NAME_BYTES).to_owned(),
                channel: draft.channel.clone(),
                text: preview(&draft.text, &draft.attachments),
                sent_at: draft.sent_at,
            };
        }
        if draft.kind == Kind::Client {
            session.incoming += 1;
            session.waiting_since = session.waiting_since.or(Some(now));
            session.client_wrote_at = Some(draft.sent_at).max(session.client_wrote_at);
        }
        if draft.kind == Kind::Operator {
            session.waiting_since = None;
        }
        let leaves_after = draft.is_outgoing.then_some(session.last_outgoing);
        if draft.is_outgoing {
            session.last_outgoing = session.seq;
        }
        self.entries.push(Message {
            conversation: session.id.conversation.clone(),
            seq: session.seq,
            client_seq: session.client_seq,
            incoming: session.incoming,
            ordinal: session.id.ordinal,
            kind: draft.kind,
            author: draft.author,
            channel: draft.channel,
            text: draft.text,
            attachments: draft.attachments,
            sent_at: draft.sent_at,
            client_message_id: draft.client_message_id,
            reply_to: draft.reply_to,
            event: draft.event,
            leaves_after,
        });
    }

    /// Adds an event by this author. `object` is the display name of the operator or of the item
    /// that the event names.
    pub(crate) fn record(
        &mut self,
        author: Author,
        event: SessionEvent,
        object: &str,
        now: Timestamp,
    ) {
        let text = event.sentence(&author, object);
        self.add(
            Draft {
                kind: Kind::Event,
                author,
                channel: None,
                text,
                attachments: Vec::new(),
                sent_at: now,
                client_message_id: None,
                reply_to: None,
                event: Some(event),
                is_outgoing: false,
            },
            now,
        );
    }

    /// Adds an internal note by this author, without files.
    pub(crate) fn comment(&mut self, author: Author, text: &str, now: Timestamp) {
        self.add(
            Draft {
                kind: Kind::Note,
                author,
                channel: None,
                text: text.to_owned(),
                attachments: Vec::new(),
                sent_at: now,
                client_message_id: None,
                reply_to: None,
                event: None,
                is_outgoing: false,
            },
            now,
        );
    }

    /// Returns the change as an outcome.
    pub(crate) fn done(self) -> Outcome {
        Outcome::Changed(Box::new(self))
    }
}

/// Returns what a preview shows of a message: its text, or else its first file.
fn preview(text: &str, attachments: &[Attached]) -> String {
    let label = attachments.first().map(attachment::label);
    let shown = label.filter(|_| text.trim().is_empty()).unwrap_or(text);
    text::cut(shown, PREVIEW_TEXT_BYTES).to_owned()
}
