//! The caller of a request.

use domain::{ChannelId, ClientId, LiveChatId, TenantId};
use store::act::Person;

/// The caller, as their verified token names them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Caller {
    /// A caller without a token.
    Nobody,
    /// An employee.
    Employee {
        /// The person.
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
        /// Other ways to reach them: kind and value.
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
