//! Apps and their items: the tenant's own records, that sessions are bound to.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use domain::{AppId, ItemId, Refusal, access, text};
use futures::future::try_join_all;
use store::app::MOST_APPS;
use store::list::Window;
use store::once::Once;

use crate::ask::{Ask, ask, missing};
use crate::employee::Employee;
use crate::error::{fault, settled};
use crate::feed::refused_in_pushes;
use crate::id::GlobalId;
use crate::live_chat::LiveChat;
use crate::loader;
use crate::page::{self, ItemConnection, SessionConnection, weight};
use crate::payload::{self, CreateAppPayload, SetLiveChatAppsPayload};
use crate::scalar::DateTime;
use crate::session::Session;

/// The kinds of apps.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum AppKind {
    /// Accounts of registered clients.
    Account,
    /// Requests of clients, such as orders.
    Request,
}

impl From<AppKind> for store::app::AppKind {
    fn from(kind: AppKind) -> Self {
        match kind {
            AppKind::Account => Self::Account,
            AppKind::Request => Self::Request,
        }
    }
}

/// A collection of your company's own records, such as accounts or orders. Sessions can be bound to
/// its items.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct App(pub AppId);

impl App {
    async fn load(&self, ask: &Ask) -> Result<store::app::App> {
        ask.load(loader::App(self.0.clone())).await?.ok_or_else(missing)
    }
}

/// A collection of your company's own records, such as accounts or orders. Sessions can be bound to
/// its items.
#[Object]
impl App {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        ask(context)?.id(&GlobalId::App(self.0.clone()))
    }

    /// The name.
    async fn name(&self, context: &Context<'_>) -> Result<String> {
        Ok(self.load(ask(context)?).await?.name)
    }

    /// The kind of the app's records.
    async fn kind(&self, context: &Context<'_>) -> Result<AppKind> {
        Ok(match self.load(ask(context)?).await?.kind {
            store::app::AppKind::Account => AppKind::Account,
            store::app::AppKind::Request | store::app::AppKind::Unknown => AppKind::Request,
        })
    }

    /// The items whose titles match the query, newest first. Empty if you are not an administrator
    /// and have no role in a live chat that names the app. A page may be short or empty although
    /// there is more: go on from `endCursor` while `hasNextPage` is true.
    #[graphql(complexity = "5 + weight(Some(first), None) * child_complexity")]
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
        refused_in_pushes(context)?;
        let ask = ask(context)?;
        let place = after.as_deref().map(page::place).transpose()?;
        let window = Window { first: page::length("first", first)?, after: place.as_deref() };
        let query = page::typed(query.as_deref())?;
        if !ask.knows_app(&self.0).await? {
            return Ok(ItemConnection::of(Vec::new(), None, after.is_some(), false));
        }
        let (tenant, store) = (ask.tenant()?, &ask.store);
        let page = if query.is_blank() {
            store.items_of(tenant, &self.0, window).await
        } else {
            store.search_items(tenant, &self.0, &query, window).await
        };
        let page = page.map_err(|failed| fault(&failed))?;
        // Their titles are read with them: nobody reads them again.
        let read = page.items.iter().map(|(_, item)| (loader::Item(item.id.clone()), item.clone()));
        ask.loaders()?.data.feed_many(read).await;
        let entries = page.items.into_iter().map(|(place, item)| (place, Item(item.id))).collect();
        Ok(ItemConnection::of(entries, page.end.as_deref(), after.is_some(), page.has_next))
    }
}

/// A record of an app, such as one order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item(pub ItemId);

/// A record of an app, such as one order.
#[Object]
impl Item {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        ask(context)?.id(&GlobalId::Item(self.0.clone()))
    }

    /// The app that the item belongs to.
    async fn app(&self) -> App {
        App(self.0.app.clone())
    }

    /// The title.
    async fn title(&self, context: &Context<'_>) -> Result<String> {
        let item = ask(context)?.load(loader::Item(self.0.clone())).await?;
        Ok(item.ok_or_else(missing)?.title)
    }

    /// The sessions that are bound to the item and that you may see, last bound first. A page may
    /// be short or empty although there is more: go on from `endCursor` while `hasNextPage` is
    /// true.
    #[graphql(complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
    ) -> Result<SessionConnection> {
        refused_in_pushes(context)?;
        let ask = ask(context)?;
        let place = after.as_deref().map(page::place).transpose()?;
        let window = Window { first: page::length("first", first)?, after: place.as_deref() };
        let (person, desk) = (&ask.person()?.id, ask.desk().await?);
        let page = ask.store.bound(ask.tenant()?, &self.0, window).await;
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

/// The mutations of administrators, for apps.
#[derive(Default)]
pub struct AppMutation;

/// The mutations of administrators, for apps.
#[Object]
impl AppMutation {
    /// Creates an app. Only for administrators: anyone else is refused with `FORBIDDEN`. Refused
    /// with `LIMIT` if there are 100 apps already.
    async fn create_app(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The name, 1 to 200 characters. White space around it is removed.")]
        name: String,
        #[graphql(desc = "The kind of the app's records.")] kind: AppKind,
        #[graphql(desc = "Your own key for this call, 1 to 100 characters. For 24 hours, a \
                    repeated call with the same key returns the first result and does \
                    nothing again.")]
        idempotency_key: Option<String>,
    ) -> Result<CreateAppPayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let checked = (text::name("name", &name), payload::key(idempotency_key.as_deref()));
        let (name, key) = match checked {
            (Ok(name), Ok(key)) => (name, key),
            (Err(refusal), _) | (_, Err(refusal)) => return Ok(refusal.into()),
        };
        let kind = store::app::AppKind::from(kind);
        let once = Once::of(person, key, "createApp", &[&name, kind.as_str()]);
        let done = ask.once(once.as_ref(), AppId::parse, async || match ask.administrator()? {
            Ok(_) => {
                settled(ask.store.create_app(&person.tenant, &name, kind, once.as_ref()).await)
            }
            Err(refusal) => Ok(Err(refusal)),
        });
        Ok(match done.await? {
            Ok(id) => CreateAppPayload {
                app: ask.knows_app(&id).await?.then_some(App(id)),
                ..Default::default()
            },
            Err(refusal) => refusal.into(),
        })
    }

    /// Sets the apps whose items the sessions of a live chat can be bound to. Existing bindings
    /// stay. Only for administrators: anyone else is refused with `FORBIDDEN`, or with `NOT_FOUND`
    /// if they have no role in the live chat. Refused with `NOT_FOUND` and the field `appIds` if an
    /// app does not exist or there are more than 100.
    async fn set_live_chat_apps(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "The global ids of the apps, at most 100. They replace the earlier \
                    ones. The list may be empty.")]
        app_ids: Vec<ID>,
    ) -> Result<SetLiveChatAppsPayload> {
        let ask = ask(context)?;
        ask.person()?;
        let apps = match named(ask, &app_ids) {
            Ok(apps) => apps,
            Err(refusal) => return Ok(refusal.into()),
        };
        let known = try_join_all(apps.iter().map(|app| ask.knows_app(app))).await?;
        if known.contains(&false) {
            return Ok(UNKNOWN_APP.into());
        }
        let id = match ask.administered(&live_chat_id).await? {
            Ok(id) => id,
            Err(refusal) => return Ok(refusal.into()),
        };
        Ok(match settled(ask.store.name_apps(ask.tenant()?, &id, &apps).await)? {
            Ok(()) => {
                SetLiveChatAppsPayload { live_chat: Some(LiveChat(id)), ..Default::default() }
            }
            Err(refusal) => refusal.into(),
        })
    }
}

/// The refusal when one of the apps does not exist.
const UNKNOWN_APP: Refusal = Refusal::NoSuch { field: "appIds" };

/// Returns the apps that the ids name, each once, in their order.
fn named(ask: &Ask, ids: &[ID]) -> Result<Vec<AppId>, Refusal> {
    let mut apps = Vec::new();
    for id in ids {
        let Some(GlobalId::App(app)) = ask.named(id) else { return Err(UNKNOWN_APP) };
        if !apps.contains(&app) {
            apps.push(app);
        }
        // There are no more than that: one of them is unknown, and none is looked for.
        if apps.len() > MOST_APPS {
            return Err(UNKNOWN_APP);
        }
    }
    Ok(apps)
}
