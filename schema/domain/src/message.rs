//! Entries of a dialog: messages, notes and events.

use crate::{ChannelId, ClientId, ConversationId, EmployeeId, ItemId, Timestamp};

/// One entry of a dialog. Entries never change and are never deleted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The conversation it stands in.
    pub conversation: ConversationId,
    /// Its number among all entries of the conversation: dense, from 1.
    pub seq: u64,
    /// How many entries up to and including this one a client may see: dense over those.
    pub client_seq: u64,
    /// How many messages of the client this session has up to and including this one.
    pub incoming: u32,
    /// The session it belongs to.
    pub ordinal: u32,
    /// What it is.
    pub kind: Kind,
    /// Who wrote it.
    pub author: Author,
    /// The channel by which it came or goes out; none for notes and events.
    pub channel: Option<ChannelId>,
    /// The text; of an event one plain English sentence.
    pub text: String,
    /// When the sender says it was sent; order is by arrival.
    pub sent_at: Timestamp,
    /// The id that the sender gave it.
    pub client_message_id: Option<String>,
    /// The entry that it quotes.
    pub reply_to: Option<u64>,
    /// What happened, of kind [`Kind::Event`]; none where a newer version has another kind of event.
    pub event: Option<SessionEvent>,
}

/// What an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A message of the client.
    Client,
    /// A message of an operator to the client.
    Operator,
    /// An internal note.
    Note,
    /// Something that happened to the session.
    Event,
    /// An entry of a kind that a newer version writes: for employees alone, because whom it is for is
    /// not known.
    Unknown,
}

impl Kind {
    /// Whether a client may see entries of this kind.
    #[must_use]
    pub const fn is_for_clients(self) -> bool {
        matches!(self, Self::Client | Self::Operator)
    }
}

/// Who wrote an entry, with the name they had then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Author {
    /// The client.
    Client {
        /// Who.
        id: ClientId,
        /// Their name then.
        name: String,
    },
    /// An employee.
    Employee {
        /// Who.
        id: EmployeeId,
        /// Their name then.
        name: String,
    },
    /// The system itself.
    System,
}

impl Author {
    /// The name to show.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Client { name, .. } | Self::Employee { name, .. } => name,
            Self::System => "ChatDesk",
        }
    }
}

/// Something that happened to a session, as it stands in the dialog for employees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionEvent {
    /// What happened.
    pub kind: EventKind,
    /// The operator who had the session before.
    pub from: Option<EmployeeId>,
    /// The operator who has the session since.
    pub to: Option<EmployeeId>,
    /// The new name, of [`EventKind::Renamed`].
    pub name: Option<String>,
    /// The item, of [`EventKind::Bound`] and [`EventKind::Unbound`].
    pub item: Option<ItemId>,
}

impl SessionEvent {
    /// An event of this kind, with nothing said yet.
    #[must_use]
    pub const fn new(kind: EventKind) -> Self {
        Self { kind, from: None, to: None, name: None, item: None }
    }
}

/// The kinds of [`SessionEvent`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EventKind {
    /// An operator took the session.
    Claimed,
    /// Somebody gave the session to an operator.
    Assigned,
    /// The session went back to the queue.
    Returned,
    /// The session has another name.
    Renamed,
    /// An item was bound.
    Bound,
    /// An item was unbound.
    Unbound,
    /// The session was closed.
    Closed,
}
