//! Callers: the employee or client of a request or of a subscription, as their verified token names
//! them. The stored form of a caller is its serde form: it stands with every subscription.

use serde::{Deserialize, Serialize};

use crate::{ChannelId, ClientId, EmployeeId, LiveChatId, TenantId};

/// An employee, as the verified token names them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Person {
    /// Their tenant.
    pub tenant: TenantId,
    /// Their id.
    pub id: EmployeeId,
    /// Their display name.
    pub name: String,
}

/// The caller of a request, or the subscriber of a subscription.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Caller {
    /// A caller without a token. Nothing is stored for one.
    #[serde(skip)]
    Nobody,
    /// An employee.
    Employee {
        /// The person.
        #[serde(flatten)]
        person: Person,
        /// True if they administer the tenant.
        is_administrator: bool,
    },
    /// A client with a token of their own, bound to one live chat.
    Client {
        /// The tenant.
        tenant: TenantId,
        /// The live chat.
        live_chat: LiveChatId,
        /// The channel they write by.
        channel: ChannelId,
        /// The client.
        client: ClientId,
        /// Their display name.
        name: String,
        /// Other ways to reach them: kind and value. They are for a session that a message opens,
        /// so they are not stored.
        #[serde(skip)]
        contacts: Vec<(String, String)>,
    },
}

impl Caller {
    /// Returns the tenant of the caller.
    #[must_use]
    pub const fn tenant(&self) -> Option<&TenantId> {
        match self {
            Self::Nobody => None,
            Self::Employee { person, .. } => Some(&person.tenant),
            Self::Client { tenant, .. } => Some(tenant),
        }
    }
}
