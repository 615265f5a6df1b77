//! The people who act: the actor that a session remembers, and what the rules need to know of an
//! employee or of a client.

use crate::{ChannelId, ClientId, EmployeeId, Roles};

/// Whoever did something, as it is remembered.
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
    /// Nobody: the system itself.
    System,
}

impl Actor {
    /// Whether this is that employee, at the desk or as an internal client.
    #[must_use]
    pub fn is_person(&self, person: &EmployeeId) -> bool {
        match self {
            Self::Client { employee, .. } => employee.as_ref() == Some(person),
            Self::Employee(id) => id == person,
            Self::System => false,
        }
    }
}

/// An employee who acts on a session: what the rules ask of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acting {
    /// Who.
    pub id: EmployeeId,
    /// Their display name.
    pub name: String,
    /// What they are in the session's live chat.
    pub roles: Roles,
    /// Whether they are online.
    pub is_online: bool,
    /// Whether they hold as many open sessions there as one may.
    pub is_full: bool,
    /// The highest ordinal of a session of this conversation that they had when it was closed.
    pub handled: u32,
}

/// The display name of a client who gave none.
pub const NAMELESS: &str = "Visitor";

/// A client who writes: what arrival asks of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Writer {
    /// The client.
    pub id: ClientId,
    /// Their display name.
    pub name: String,
    /// Whether they said it. It was made up for who says none, and tells nothing then.
    pub is_named: bool,
    /// The employee that an internal client is.
    pub employee: Option<EmployeeId>,
    /// The channel they write by.
    pub channel: ChannelId,
    /// How else to reach them: kind and value.
    pub contacts: Vec<(String, String)>,
}
