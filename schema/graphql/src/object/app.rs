//! Apps and their items: the tenant's own records, that sessions are bound to.

use async_graphql::{Context, Description, Enum, ID, Object, Result, SimpleObject};
use domain::{AppId, ItemId, access};
use store::list::Window;

use super::employee::Employee;
use super::session::Session;
use super::session_list::SessionConnection;
use crate::error::fault;
use crate::guard::QueryOnly;
use crate::id::GlobalId;
use crate::loader;
use crate::page::{self, connection, weight};
use crate::request::{Request, missing, request};
use crate::scalar::DateTime;

/// The kinds of apps.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum AppKind {
    /// Accounts of registered clients.
    Account,
    /// Requests of clients, such as orders.
    Request,
}

impl From<AppKind> for domain::AppKind {
    fn from(kind: AppKind) -> Self {
        match kind {
            AppKind::Account => Self::Account,
            AppKind::Request => Self::Request,
        }
    }
}

/// A collection of your company's own records, such as accounts or orders. Sessions can be bound to
/// its items.
#[derive(Clone, PartialEq, Eq, Debug, Description)]
pub struct App(pub AppId);

impl App {
    async fn load(&self, request: &Request) -> Result<domain::App> {
        request.load(loader::App(self.0.clone())).await?.ok_or_else(missing)
    }
}

#[Object(use_type_description)]
impl App {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        request(context)?.id(&GlobalId::App(self.0.clone()))
    }

    /// The name.
    async fn name(&self, context: &Context<'_>) -> Result<String> {
        Ok(self.load(request(context)?).await?.name)
    }

    /// The kind of the app's records.
    async fn kind(&self, context: &Context<'_>) -> Result<AppKind> {
        Ok(match self.load(request(context)?).await?.kind {
            domain::AppKind::Account => AppKind::Account,
            domain::AppKind::Request | domain::AppKind::Unknown => AppKind::Request,
        })
    }

    /// The items whose titles match the query, newest first. Empty if you are not an administrator
    /// and have no role in a live chat that names the app. A page may be short or empty although
    /// there is more: go on from `endCursor` while `hasNextPage` is true.
    #[graphql(guard = "QueryOnly", complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn items(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Words, at most 200 characters in all. Each must be part of the \
                    title. Blank or left out: all items.")]
        query: Option<String>,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
    ) -> Result<ItemConnection> {
        let request = request(context)?;
        let place = after.as_deref().map(page::place).transpose()?;
        let window = Window { first: page::length("first", first)?, after: place.as_deref() };
        let query = page::typed(query.as_deref())?;
        if !request.knows_app(&self.0).await? {
            return Ok(ItemConnection::of(Vec::new(), None, after.is_some(), false));
        }
        let store = request.tenant_store()?;
        let page = if query.is_blank() {
            store.items_of(&self.0, window).await
        } else {
            store.search_items(&self.0, &query, window).await
        };
        let page = page.map_err(|failed| fault(&failed))?;
        // Their titles are read with them: nobody reads them again.
        let read = page.items.iter().map(|(_, item)| (loader::Item(item.id.clone()), item.clone()));
        request.loaders()?.data.feed_many(read).await;
        let entries = page.items.into_iter().map(|(place, item)| (place, Item(item.id))).collect();
        Ok(ItemConnection::of(entries, page.end.as_deref(), after.is_some(), page.has_next))
    }
}

/// A record of an app, such as one order.
#[derive(Clone, PartialEq, Eq, Debug, Description)]
pub struct Item(pub ItemId);

impl Item {
    /// Returns the item with this id, if the employee knows of its app.
    pub(crate) async fn find(request: &Request, id: ItemId) -> Result<Option<Self>> {
        let is_there = request.knows_app(&id.app).await?
            && request.load(loader::Item(id.clone())).await?.is_some();
        Ok(is_there.then_some(Self(id)))
    }
}

#[Object(use_type_description)]
impl Item {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        request(context)?.id(&GlobalId::Item(self.0.clone()))
    }

    /// The app that the item belongs to.
    async fn app(&self) -> App {
        App(self.0.app.clone())
    }

    /// The title.
    async fn title(&self, context: &Context<'_>) -> Result<String> {
        let item = request(context)?.load(loader::Item(self.0.clone())).await?;
        Ok(item.ok_or_else(missing)?.title)
    }

    /// The sessions that are bound to the item and that you may see, last bound first. A page may
    /// be short or empty although there is more: go on from `endCursor` while `hasNextPage` is
    /// true.
    #[graphql(guard = "QueryOnly", complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
    ) -> Result<SessionConnection> {
        let request = request(context)?;
        let place = after.as_deref().map(page::place).transpose()?;
        let window = Window { first: page::length("first", first)?, after: place.as_deref() };
        let (person, desk) = (&request.person()?.id, request.desk().await?);
        let page = request.tenant_store()?.bound(&self.0, window).await;
        let page = page.map_err(|failed| fault(&failed))?;
        let entries = page
            .sessions
            .into_iter()
            .filter(|(_, session)| access::sees(session, person, desk.roles(&session.live_chat)))
            .map(|(place, session)| (place, Session::new(session)))
            .collect();
        Ok(SessionConnection::of(entries, page.end.as_deref(), after.is_some(), page.has_next))
    }
}

/// The binding of a session to an item.
#[derive(SimpleObject, Clone)]
pub struct Binding {
    /// The item.
    pub item: Item,
    /// The time when the session was bound to the item.
    pub bound_at: DateTime,
    /// The employee who bound the session to the item.
    pub bound_by: Employee,
}

impl From<domain::Binding> for Binding {
    fn from(binding: domain::Binding) -> Self {
        Self {
            item: Item(binding.item),
            bound_at: DateTime(binding.at),
            bound_by: Employee(binding.by),
        }
    }
}

connection!(ItemConnection, ItemEdge, Item);
