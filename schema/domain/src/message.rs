//! Entries of a dialog: messages, notes and events.

use crate::{ChannelId, ClientId, ConversationId, EmployeeId, ItemId, Timestamp};

/// One entry of a dialog. Entries never change and are never deleted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The conversation that it belongs to.
    pub conversation: ConversationId,
    /// Its number among all entries of the conversation: dense, from 1.
    pub seq: u64,
    /// The number of entries visible to the client up to and including this one: dense over those.
    pub client_seq: u64,
    /// The number of the client's messages in this session up to and including this one.
    pub incoming: u32,
    /// The session it belongs to.
    pub ordinal: u32,
    /// The kind of the entry.
    pub kind: Kind,
    /// The author of the entry.
    pub author: Author,
    /// The channel by which it came or goes out; none for notes and events.
    pub channel: Option<ChannelId>,
    /// The text; for an event, one plain English sentence.
    pub text: String,
    /// The moment when it was sent, according to the sender; entries are ordered by arrival.
    pub sent_at: Timestamp,
    /// The id that the sender gave it.
    pub client_message_id: Option<String>,
    /// The number of the entry that it quotes.
    pub reply_to: Option<u64>,
    /// The event of an entry of kind [`Kind::Event`]; none for a kind of event written by a newer
    /// version.
    pub event: Option<SessionEvent>,
}

/// The kinds of entries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A message of the client.
    Client,
    /// A message of an operator to the client.
    Operator,
    /// An internal note.
    Note,
    /// An event of the session.
    Event,
    /// A kind written by a newer version. Shown to employees only, because its audience is unknown.
    Unknown,
}

impl Kind {
    /// Returns true when clients may see entries of this kind.
    #[must_use]
    pub const fn is_for_clients(self) -> bool {
        matches!(self, Self::Client | Self::Operator)
    }
}

/// The author of an entry, with the name they had then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Author {
    /// The client.
    Client {
        /// The client.
        id: ClientId,
        /// Their name then.
        name: String,
    },
    /// An employee.
    Employee {
        /// The employee.
        id: EmployeeId,
        /// Their name then.
        name: String,
    },
    /// The system itself.
    System,
}

impl Author {
    /// Returns the name to show.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Client { name, .. } | Self::Employee { name, .. } => name,
            Self::System => "ChatDesk",
        }
    }
}

/// An event of a session, shown in the dialog to employees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionEvent {
    /// The kind of the event.
    pub kind: EventKind,
    /// The operator who had the session before the event.
    pub from: Option<EmployeeId>,
    /// The operator who has the session after the event.
    pub to: Option<EmployeeId>,
    /// The new name, for [`EventKind::Renamed`].
    pub name: Option<String>,
    /// The item, for [`EventKind::Bound`] and [`EventKind::Unbound`].
    pub item: Option<ItemId>,
}

impl SessionEvent {
    /// Returns an event of this kind with no other field set.
    #[must_use]
    pub const fn new(kind: EventKind) -> Self {
        Self { kind, from: None, to: None, name: None, item: None }
    }
}

/// The kinds of [`SessionEvent`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EventKind {
    /// An operator claimed the session.
    Claimed,
    /// An operator or a supervisor assigned the session to an operator.
    Assigned,
    /// The session went back to the queue.
    Returned,
    /// The session was renamed.
    Renamed,
    /// An item was bound.
    Bound,
    /// An item was unbound.
    Unbound,
    /// The session was closed.
    Closed,
}
