//! Actors: the people and the system that can write or change something.

use async_graphql::{Description, Interface, Object, Result};

use super::client::Client;
use super::employee::Employee;

/// The service itself, as the author of events.
#[derive(Clone, Debug, Description)]
pub struct System;

#[Object(use_type_description)]
impl System {
    /// The display name.
    pub(crate) async fn name(&self) -> Result<String> {
        Ok(domain::Author::System.name().to_owned())
    }
}

/// A person or a system that can write or change something. More types may be added: applications
/// must accept a type that they do not know.
#[derive(Interface, Clone)]
#[graphql(field(name = "name", ty = "String", desc = "The display name."))]
pub enum Actor {
    /// A client.
    Client(Client),
    /// An employee.
    Employee(Employee),
    /// The service itself.
    System(System),
}

impl Actor {
    /// Returns the actor of a session's last change.
    pub(crate) fn of(session: &domain::Session) -> Self {
        match &session.last.by {
            domain::Actor::Client { .. } => Self::Client(Client::of(session)),
            domain::Actor::Employee(id) => Self::Employee(Employee(id.clone())),
            domain::Actor::System => Self::System(System),
        }
    }
}
