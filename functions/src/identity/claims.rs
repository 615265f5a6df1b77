//! The claims of tokens, whoever issued them.

use serde::{Deserialize, Serialize};

/// The claims of a verified token. Every text in them is within its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The company, 1 to 100 code points.
    pub tenant: String,
    /// The person that the token is for.
    pub subject: Subject,
    /// The time from which the token is invalid, in seconds since 1970, UTC.
    pub expires_at_seconds: i64,
}

/// The person behind a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A person of the tenant.
    Employee(Employee),
    /// A client, who writes from outside, by the web widget.
    Client(Client),
}

/// A person of the tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// Unique in the tenant, 1 to 100 code points.
    pub id: String,
    /// For display, 1 to 200 code points.
    pub name: String,
    /// True if they may configure the tenant. It gives no access to sessions.
    pub is_administrator: bool,
}

/// A client, who writes from outside. Live chat, channel and external id together identify one
/// conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The only live chat the token is good for.
    pub live_chat: String,
    /// The channel the client comes by.
    pub channel: String,
    /// The client's id in that channel.
    pub external_id: String,
    /// The name to display, when the client gave one.
    pub name: Option<String>,
    /// Ways to reach them, at most [`super::CONTACTS`].
    pub contacts: Vec<Contact>,
}

/// A way to reach a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The kind of contact, such as `email`; 1 to 100 code points.
    pub kind: String,
    /// The address itself, 1 to 200 code points.
    pub value: String,
}
