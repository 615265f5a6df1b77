//! Clients, as the desk sees them.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::{ClientId, EmployeeId, LiveChatId, SessionId};

use crate::ask::ask;
use crate::employee::Employee;
use crate::id::GlobalId;
use crate::loader;

/// Who writes to a live chat, by one channel. An internal client is an employee.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Client {
    pub(crate) live_chat: LiveChatId,
    pub(crate) id: ClientId,
    pub(crate) employee: Option<EmployeeId>,
    /// The session that says what is known of the client.
    pub(crate) session: SessionId,
}

impl Client {
    /// The client of a session.
    pub(crate) fn of(session: &domain::Session) -> Self {
        Self {
            live_chat: session.live_chat.clone(),
            id: session.client.clone(),
            employee: session.internal.clone(),
            session: session.id.clone(),
        }
    }
}

/// Who writes to a live chat, by one channel. An internal client is an employee.
#[Object]
impl Client {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        ask(context)?.id(&GlobalId::Client(self.live_chat.clone(), self.id.clone()))
    }

    /// The display name.
    pub(crate) async fn name(&self, context: &Context<'_>) -> Result<String> {
        let info = ask(context)?.load(loader::Info(self.session.clone())).await?;
        Ok(info.map(|info| info.name).unwrap_or_default())
    }

    /// Whether the client is an employee of the tenant.
    async fn is_internal(&self) -> bool {
        self.employee.is_some()
    }

    /// The employee that an internal client is.
    async fn employee(&self) -> Option<Employee> {
        self.employee.clone().map(Employee)
    }

    /// How else to reach the client.
    async fn contacts(&self, context: &Context<'_>) -> Result<Vec<Contact>> {
        let info = ask(context)?.load(loader::Info(self.session.clone())).await?;
        let contacts = info.map(|info| info.contacts).unwrap_or_default();
        Ok(contacts.into_iter().map(|(kind, value)| Contact { kind, value }).collect())
    }
}

/// A way to reach a client.
#[derive(SimpleObject, Clone, Debug)]
pub struct Contact {
    /// What it is, such as `email`.
    pub kind: String,
    /// The address or number.
    pub value: String,
}
