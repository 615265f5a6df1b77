//! Stored subscriptions: everything about an operation that the fan-out needs to run it.

use async_graphql::{Request, Variables};
use domain::{Caller, SessionId};
use graphql::feed::{Subscribed, Topic};
use metrics::counter;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::metric::{LISTENERS_UNKNOWN, LISTENERS_UNREADABLE};

/// A stored subscription: its document, its subscriber and its topic.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Listening {
    /// The document.
    pub query: String,
    /// The name of the operation in the document.
    pub operation_name: Option<String>,
    /// Its variables.
    pub variables: Value,
    /// The subscriber.
    pub caller: Caller,
    /// The topic.
    pub topic: Subject,
    /// True if its results depend on the subscriber.
    pub is_personal: bool,
}

/// A part of a stored subscription, of which a newer version may have more kinds.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept<T> {
    Known(T),
    Unknown(IgnoredAny),
}

/// The topic of a subscription.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Subject {
    /// Counters.
    Counters,
    /// Changes of sessions.
    Sessions,
    /// Alerts.
    Alerts,
    /// Presence of colleagues.
    Presence,
    /// A dialog up to this session.
    Messages(String),
    /// A client's own side.
    ConversationMessages,
    /// The typing signals in the dialog up to this session.
    Typing(String),
    /// Both: a dialog up to this session, and the typing signals in it.
    Dialog(String),
    /// The typing signals from the desk, for a client.
    ConversationTyping,
}

impl Subject {
    /// Returns the stored form of a topic.
    #[must_use]
    pub fn of(subscribed: &Subscribed) -> Self {
        match &subscribed.topic {
            Topic::Counters => Self::Counters,
            Topic::Sessions(_) => Self::Sessions,
            Topic::Alerts => Self::Alerts,
            Topic::Presence(_) => Self::Presence,
            Topic::Messages(session, _) => Self::Messages(session.to_string()),
            Topic::ConversationMessages(..) => Self::ConversationMessages,
            Topic::Typing(session) => Self::Typing(session.to_string()),
            Topic::Dialog(session, _) => Self::Dialog(session.to_string()),
            Topic::ConversationTyping(_) => Self::ConversationTyping,
        }
    }

    /// Returns the session up to which the topic covers a dialog.
    #[must_use]
    pub fn session(&self) -> Option<SessionId> {
        match self {
            Self::Messages(session) | Self::Typing(session) | Self::Dialog(session) => {
                SessionId::parse(session)
            }
            _ => None,
        }
    }

    /// Returns true if the topic includes the entries of a dialog.
    #[must_use]
    pub const fn is_of_entries(&self) -> bool {
        matches!(self, Self::Messages(_) | Self::Dialog(_) | Self::ConversationMessages)
    }

    /// Returns true if the topic includes typing signals.
    #[must_use]
    pub const fn is_of_typing(&self) -> bool {
        matches!(self, Self::Typing(_) | Self::Dialog(_) | Self::ConversationTyping)
    }
}

impl Listening {
    /// Reads a stored subscription. Returns `None` where this version cannot read it: a newer
    /// version has more topics, or the payload is broken. Both are counted, and the subscription is
    /// skipped.
    #[must_use]
    pub fn read(payload: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Parts {
            caller: Kept<Caller>,
            topic: Kept<Subject>,
        }
        if let Ok(listening) = serde_json::from_str(payload) {
            return Some(listening);
        }
        let parts = serde_json::from_str::<Parts>(payload);
        let is_newer = parts.is_ok_and(|parts| {
            matches!(parts.caller, Kept::Unknown(_)) || matches!(parts.topic, Kept::Unknown(_))
        });
        if is_newer {
            counter!(LISTENERS_UNKNOWN).increment(1);
        } else {
            counter!(LISTENERS_UNREADABLE).increment(1);
            tracing::error!("a listener cannot be read");
        }
        None
    }

    /// Returns the request to run.
    #[must_use]
    pub fn request(&self) -> Request {
        let variables = Variables::from_json(self.variables.clone());
        let request = Request::new(&self.query).variables(variables);
        match &self.operation_name {
            None => request,
            Some(name) => request.operation_name(name),
        }
    }

    /// Returns a key that subscriptions with the same results have in common.
    #[must_use]
    pub fn group(&self) -> String {
        let who = self.is_personal.then_some(&self.caller);
        serde_json::json!([self.query, self.operation_name, self.variables, who]).to_string()
    }
}

#[cfg(test)]
mod tests;
