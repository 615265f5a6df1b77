//! Entries of a dialog: messages, notes and events.

use crate::{Attached, ChannelId, ClientId, ConversationId, EmployeeId, ItemId, Timestamp};

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
    /// The text; for an event, one plain English sentence. Empty beside files that need none.
    pub text: String,
    /// Its files, in the order in which their sender has them.
    pub attachments: Vec<Attached>,
    /// The moment when it was sent, according to the sender; entries are ordered by arrival.
    pub sent_at: Timestamp,
    /// The id that the sender gave it.
    pub client_message_id: Option<String>,
    /// The number of the entry that it quotes.
    pub reply_to: Option<u64>,
    /// The event of an entry of kind [`Kind::Event`]; none for an event that a newer version wrote.
    pub event: Option<SessionEvent>,
    /// Of an answer that leaves by a messenger: the number of the conversation's answer that leaves
    /// before it; 0 for the first. None for all other entries.
    pub leaves_after: Option<u64>,
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
pub enum SessionEvent {
    /// An operator claimed the session.
    Claimed {
        /// The operator.
        to: EmployeeId,
    },
    /// An operator or a supervisor assigned the session to an operator.
    Assigned {
        /// The operator who had it before; none for a session of the queue.
        from: Option<EmployeeId>,
        /// The operator who has it now.
        to: EmployeeId,
    },
    /// The session went back to the queue.
    Returned {
        /// The operator who had it before.
        from: EmployeeId,
    },
    /// The session was renamed.
    Renamed {
        /// The new name.
        name: String,
    },
    /// An item was bound.
    Bound {
        /// The item.
        item: ItemId,
    },
    /// An item was unbound.
    Unbound {
        /// The item.
        item: ItemId,
    },
    /// The session was closed.
    Closed {
        /// The operator who had it before; none for a session of the queue.
        from: Option<EmployeeId>,
    },
    /// The client changed the text of a message at the messenger.
    Edited {
        /// The number of the message.
        about: u64,
        /// The new text.
        text: String,
    },
    /// The client deleted a message at the messenger.
    Deleted {
        /// The number of the message.
        about: u64,
    },
    /// The client blocked the channel at the messenger.
    Blocked,
    /// The client unblocked the channel at the messenger.
    Unblocked,
}

impl SessionEvent {
    /// Returns the event as one plain English sentence. `object` is the display name of the
    /// operator who gets the session or of the item; the other events do not name it.
    #[must_use]
    pub fn sentence(&self, author: &Author, object: &str) -> String {
        let actor = author.name();
        match (self, author) {
            (Self::Claimed { .. }, _) => format!("{actor} took the session."),
            (Self::Assigned { .. }, _) => format!("{actor} assigned the session to {object}."),
            (Self::Returned { .. }, Author::System) => {
                "The session returned to the queue, because its operator left the live chat."
                    .to_owned()
            }
            (Self::Returned { .. }, _) => format!("{actor} returned the session to the queue."),
            (Self::Renamed { name }, _) => format!("{actor} renamed the session to {name}."),
            (Self::Bound { .. }, _) => format!("{actor} bound {object}."),
            (Self::Unbound { .. }, _) => format!("{actor} unbound {object}."),
            (Self::Closed { .. }, _) => format!("{actor} closed the session."),
            // The texts stand in the event and in the message itself.
            (Self::Edited { .. }, _) => format!("{actor} edited a message."),
            (Self::Deleted { .. }, _) => format!("{actor} deleted a message."),
            (Self::Blocked, _) => format!("{actor} blocked the channel."),
            (Self::Unblocked, _) => format!("{actor} unblocked the channel."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{ann, bob};

    #[test]
    fn an_event_is_one_plain_sentence() {
        let (from, to) = (ann().id, bob().id);
        let name = "Order 7".to_owned();
        let by = Author::Employee { id: from.clone(), name: "Ann".to_owned() };
        for (event, sentence) in [
            (SessionEvent::Claimed { to: from.clone() }, "Ann took the session."),
            (SessionEvent::Assigned { from: None, to }, "Ann assigned the session to Bob."),
            (SessionEvent::Returned { from }, "Ann returned the session to the queue."),
            (SessionEvent::Renamed { name }, "Ann renamed the session to Order 7."),
            (SessionEvent::Closed { from: None }, "Ann closed the session."),
        ] {
            assert_eq!(event.sentence(&by, "Bob"), sentence);
        }
    }
}
