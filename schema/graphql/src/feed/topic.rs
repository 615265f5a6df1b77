//! The topics of subscriptions.

use domain::{ConversationId, LiveChatId, SessionId};

/// The topic of a subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Topic {
    /// The subscriber's counters.
    Counters,
    /// The sessions that the subscriber may see, of one live chat or of all.
    Sessions(Option<LiveChatId>),
    /// The subscriber's alerts.
    Alerts,
    /// The presence of colleagues, of one live chat or of all.
    Presence(Option<LiveChatId>),
    /// A dialog up to a session, after an entry or live only.
    Messages(SessionId, Option<u64>),
    /// A client's own side, after a message or live only.
    ConversationMessages(ConversationId, Option<u64>),
    /// The typing signals in a dialog.
    Typing(SessionId),
    /// Both: the entries of a dialog up to a session, after one or live only, and its typing
    /// signals.
    Dialog(SessionId, Option<u64>),
    /// The typing signals from the desk, for the client of a conversation.
    ConversationTyping(ConversationId),
}

/// The result of the probe of a subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subscribed {
    /// The topic.
    pub topic: Topic,
    /// True if the results depend on the subscriber, so that one result cannot serve several.
    pub is_personal: bool,
}
