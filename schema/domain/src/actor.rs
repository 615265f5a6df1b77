//! The people who act: the actor that a session remembers, and what the rules need to know of an
//! employee or of a client.

use crate::{ChannelId, ClientId, EmployeeId, Roles};

/// The actor of a change, as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Actor {
    /// A client; `employee` when the client is an employee of the tenant.
    Client {
        /// The client.
        id: ClientId,
        /// The employee that an internal client is.
        employee: Option<EmployeeId>,
    },
    /// An employee, at the desk.
    Employee(EmployeeId),
    /// The system itself.
    System,
}

impl Actor {
    /// Returns true when the actor is this employee, at the desk or as an internal client.
    #[must_use]
    pub fn is_person(&self, person: &EmployeeId) -> bool {
        match self {
            Self::Client { employee, .. } => employee.as_ref() == Some(person),
            Self::Employee(id) => id == person,
            Self::System => false,
        }
    }
}

/// An employee who acts on a session, with all that the rules check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acting {
    /// The employee.
    pub id: EmployeeId,
    /// Their display name.
    pub name: String,
    /// Their roles in the session's live chat.
    pub roles: Roles,
    /// True when they are online.
    pub is_online: bool,
    /// True when they have the most open sessions allowed there.
    pub is_full: bool,
    /// The highest ordinal of a session of this conversation that they had when it was closed.
    pub handled: u32,
}

/// The display name of a client who gave none.
pub const NAMELESS: &str = "Visitor";

/// A client who writes, with all that arrival needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Writer {
    /// The client.
    pub id: ClientId,
    /// Their display name.
    pub name: String,
    /// True when they gave the name themselves. Otherwise it was made up and means nothing.
    pub is_named: bool,
    /// The employee that an internal client is.
    pub employee: Option<EmployeeId>,
    /// The channel by which they write.
    pub channel: ChannelId,
    /// Other ways to reach them: kind and value.
    pub contacts: Vec<(String, String)>,
    /// Their id at the messenger, to which answers are sent; none where they read answers here.
    pub address: Option<String>,
}
