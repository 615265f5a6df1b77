//! Employees, and everybody else who can be an author.

use async_graphql::{Context, Enum, ID, Interface, Object, Result};
use domain::EmployeeId;

use crate::ask::{ask, missing};
use crate::client::Client;
use crate::id::GlobalId;
use crate::loader;

/// The presence of an employee.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// Available. The employee chose to be, and the service has had a request or a socket frame
    /// from them within the last 90 seconds.
    Online,
    /// Not available. Employees are offline until they choose otherwise for the first time.
    Offline,
}

/// A person of your company. They may be an operator or a supervisor, or both, of any number of
/// live chats, or of none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Employee(pub EmployeeId);

/// A person of your company. They may be an operator or a supervisor, or both, of any number of
/// live chats, or of none.
#[Object]
impl Employee {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        ask(context)?.id(&GlobalId::Employee(self.0.clone()))
    }

    /// The display name.
    pub(crate) async fn name(&self, context: &Context<'_>) -> Result<String> {
        let employee = ask(context)?.load(loader::Employee(self.0.clone())).await?;
        Ok(employee.ok_or_else(missing)?.display_name().to_owned())
    }

    /// The presence that the employee chose. `ONLINE` becomes `OFFLINE` when the service has had no
    /// request and no socket frame from them for 90 seconds, and sooner after their last connection
    /// closed.
    async fn presence(&self, context: &Context<'_>) -> Result<Presence> {
        let is_online = ask(context)?.is_online(&self.0).await?;
        Ok(if is_online { Presence::Online } else { Presence::Offline })
    }
}

/// The service itself, as the author of events.
#[derive(Clone, Debug)]
pub struct System;

/// The service itself, as the author of events.
#[Object]
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
