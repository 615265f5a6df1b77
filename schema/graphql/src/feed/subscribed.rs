//! The feeds, and the result of the probe of a subscription.

use domain::{ConversationId, SessionId};
use serde::{Deserialize, Serialize};

/// A feed that operations subscribe to. It is stored with their document, in this form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Feed {
    /// Everything that concerns the subscriber's desk.
    Desk,
    /// The subscriber's counters.
    Counters,
    /// The sessions that the subscriber may see.
    Sessions,
    /// The subscriber's alerts.
    Alerts,
    /// The presence of colleagues.
    Presence,
    /// A dialog up to a session.
    Messages(SessionId),
    /// A client's own side.
    ConversationMessages,
    /// The typing signals in the dialog up to a session.
    Typing(SessionId),
    /// Both: the entries of a dialog up to a session, and the typing signals in it.
    Dialog(SessionId),
    /// The typing signals from the desk, for a client.
    ConversationTyping,
}

impl Feed {
    /// Returns the session up to which the feed covers a dialog.
    #[must_use]
    pub const fn session(&self) -> Option<&SessionId> {
        match self {
            Self::Messages(session) | Self::Typing(session) | Self::Dialog(session) => {
                Some(session)
            }
            _ => None,
        }
    }

    /// Returns true if the feed includes the entries of a dialog.
    #[must_use]
    pub const fn has_entries(&self) -> bool {
        matches!(self, Self::Messages(_) | Self::Dialog(_) | Self::ConversationMessages)
    }

    /// Returns true if the feed includes typing signals.
    #[must_use]
    pub const fn has_typing(&self) -> bool {
        matches!(self, Self::Typing(_) | Self::Dialog(_) | Self::ConversationTyping)
    }
}

/// The result of the probe of a subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subscribed {
    /// The feed.
    pub feed: Feed,
    /// The conversation, if the subscriber is its client.
    pub conversation: Option<ConversationId>,
    /// The number of the last entry that the subscriber has; none without a replay.
    pub after_seq: Option<u64>,
    /// True if the results depend on the subscriber, so that one result cannot serve several.
    pub is_personal: bool,
}

impl From<Feed> for Subscribed {
    fn from(feed: Feed) -> Self {
        Self { feed, conversation: None, after_seq: None, is_personal: false }
    }
}

impl Subscribed {
    /// Begins with a replay of everything after a number. A number below 1 means from the beginning.
    pub(super) fn after(self, seq: Option<i32>) -> Self {
        Self { after_seq: seq.map(|seq| u64::try_from(seq).unwrap_or(0)), ..self }
    }

    /// Serves the client of a conversation.
    pub(super) fn client_of(self, conversation: ConversationId) -> Self {
        Self { conversation: Some(conversation), ..self }
    }
}
