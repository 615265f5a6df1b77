//! Employees and their presence.

use async_graphql::{Context, Description, Enum, ID, Object, Result};
use domain::EmployeeId;
use domain::presence::Choice;

use crate::id::GlobalId;
use crate::loader;
use crate::page::connection;
use crate::request::{Request, missing, request};

/// The presence of an employee.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
#[graphql(remote = "Choice")]
pub enum Presence {
    /// Available. The employee chose to be, and the service has had a request or a socket frame
    /// from them within the last 90 seconds.
    Online,
    /// Not available. Employees are offline until they choose otherwise for the first time.
    Offline,
}

/// A person of your company. They may be an operator or a supervisor, or both, of any number of
/// live chats, or of none.
#[derive(Clone, PartialEq, Eq, Debug, Description)]
pub struct Employee(pub EmployeeId);

impl Employee {
    /// Returns the employee with this id, if they have used the service.
    pub(crate) async fn find(request: &Request, id: EmployeeId) -> Result<Option<Self>> {
        let employee = request.load(loader::Employee(id.clone())).await?;
        Ok(employee.and_then(|employee| employee.name).map(|_| Self(id)))
    }
}

#[Object(use_type_description)]
impl Employee {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        request(context)?.id(&GlobalId::Employee(self.0.clone()))
    }

    /// The display name.
    pub(crate) async fn name(&self, context: &Context<'_>) -> Result<String> {
        let employee = request(context)?.load(loader::Employee(self.0.clone())).await?;
        Ok(employee.ok_or_else(missing)?.display_name().to_owned())
    }

    /// The presence that the employee chose. `ONLINE` becomes `OFFLINE` when the service has had no
    /// request and no socket frame from them for 90 seconds, and sooner after their last connection
    /// closed.
    async fn presence(&self, context: &Context<'_>) -> Result<Presence> {
        let is_online = request(context)?.is_online(&self.0).await?;
        Ok(if is_online { Presence::Online } else { Presence::Offline })
    }
}

connection!(EmployeeConnection, EmployeeEdge, Employee);
