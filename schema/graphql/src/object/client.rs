//! Clients, as the desk sees them.

use async_graphql::{Context, Description, Error, ID, Object, Result, SimpleObject};
use domain::{ClientId, ConversationId, EmployeeId, LiveChatId, SessionId, access};
use futures::future::try_join_all;

use super::employee::Employee;
use super::session::Session;
use super::session_list::SessionConnection;
use crate::error::Code;
use crate::guard::QueryOnly;
use crate::id::GlobalId;
use crate::loader;
use crate::page::{self, weight};
use crate::request::{Request, request};

/// A person who writes to one live chat by one channel. An internal client is an employee of your
/// company.
#[derive(Clone, PartialEq, Eq, Debug, Description)]
pub struct Client {
    pub(crate) live_chat: LiveChatId,
    pub(crate) id: ClientId,
    pub(crate) employee: Option<EmployeeId>,
    /// The session whose row describes the client.
    pub(crate) session: SessionId,
}

impl Client {
    /// Returns the client of a session.
    pub(crate) fn of(session: &domain::Session) -> Self {
        Self {
            live_chat: session.live_chat.clone(),
            id: session.client.clone(),
            employee: session.internal.clone(),
            session: session.id.clone(),
        }
    }

    /// Returns the client with this id, if the employee may read any of their sessions.
    pub(crate) async fn find(
        request: &Request,
        live_chat: &LiveChatId,
        id: &ClientId,
    ) -> Result<Option<Self>> {
        let conversation = ConversationId::of(request.tenant()?, live_chat, id);
        let latest = request.load(loader::LatestSession(conversation.clone())).await?;
        let Some(latest) = latest else { return Ok(None) };
        if request.sight(&latest).await?.may_read() {
            return Ok(Some(Self::of(&latest)));
        }
        let position = loader::Position(request.person()?.id.clone(), conversation.clone());
        let ordinal = request.load(position).await?.map_or(0, |position| position.handled);
        if ordinal == 0 {
            return Ok(None);
        }
        let handled = request.readable(&SessionId { conversation, ordinal }).await?;
        Ok(handled.as_ref().map(Self::of))
    }
}

#[Object(use_type_description)]
impl Client {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        request(context)?.id(&GlobalId::Client(self.live_chat.clone(), self.id.clone()))
    }

    /// The display name.
    pub(crate) async fn name(&self, context: &Context<'_>) -> Result<String> {
        let info = request(context)?.load(loader::ClientInfo(self.session.clone())).await?;
        Ok(info.map(|info| info.name).unwrap_or_default())
    }

    /// True if the client is an employee of your company.
    async fn is_internal(&self) -> bool {
        self.employee.is_some()
    }

    /// The employee who writes as this client. Null for an external client.
    async fn employee(&self) -> Option<Employee> {
        self.employee.clone().map(Employee)
    }

    /// Other ways to reach the client. Empty if none is known.
    async fn contacts(&self, context: &Context<'_>) -> Result<Vec<Contact>> {
        let info = request(context)?.load(loader::ClientInfo(self.session.clone())).await?;
        let contacts = info.map(|info| info.contacts).unwrap_or_default();
        Ok(contacts.into_iter().map(|(kind, value)| Contact { kind, value }).collect())
    }

    /// The sessions of the client that you may see, last opened first. A page may be short or empty
    /// although there is more: go on from `endCursor` while `hasNextPage` is true.
    #[graphql(guard = "QueryOnly", complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
    ) -> Result<SessionConnection> {
        let (request, length) = (request(context)?, page::length("first", first)?);
        let before = after.as_deref().map(ordinal).transpose()?;
        let conversation = ConversationId::of(request.tenant()?, &self.live_chat, &self.id);
        let latest = request.load(loader::LatestSession(conversation.clone())).await?;
        let newest = latest.map_or(0, |latest| latest.id.ordinal);
        let top = before.map_or(newest, |before| newest.min(before.saturating_sub(1)));
        let page: Vec<u32> = (1..=top).rev().take(length).collect();
        let heads = page.iter().map(|&ordinal| {
            request.load(loader::Session(SessionId { conversation: conversation.clone(), ordinal }))
        });
        let (person, roles) = (&request.person()?.id, request.roles(&self.live_chat).await?);
        let entries = try_join_all(heads)
            .await?
            .into_iter()
            .flatten()
            .filter(|session| access::sees(session, person, roles))
            .map(|session| (session.id.ordinal.to_string(), Session::new(session)))
            .collect();
        let end = page.last().map(u32::to_string);
        let has_next = page.last().is_some_and(|&last| last > 1);
        Ok(SessionConnection::of(entries, end.as_deref(), after.is_some(), has_next))
    }
}

/// Returns the ordinal that a cursor of a client's sessions names.
fn ordinal(cursor: &str) -> Result<u32, Error> {
    let place = page::place(cursor)?;
    place.parse().map_err(|_| Code::BadUserInput.error("This is not a cursor of this list."))
}

/// A way to reach a client.
#[derive(SimpleObject, Clone, Debug)]
pub struct Contact {
    /// The kind of contact, such as `email`.
    pub kind: String,
    /// The address or number.
    pub value: String,
}
