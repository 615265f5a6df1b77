//! The employee who asks, and what they see.

use async_graphql::{Context, ID, Object, Result};
use futures::future::try_join_all;
use store::list::Window;

use crate::ask::ask;
use crate::conversation::ConversationLiveChat;
use crate::counters::Counters;
use crate::employee::Employee;
use crate::error::fault;
use crate::feed::refused_in_pushes;
use crate::id::GlobalId;
use crate::live_chat::{LiveChat, connection, cut};
use crate::page::{self, SessionConnection, weight};
use crate::search::{self, SessionSearchConnection};
use crate::session::{Session, SessionFilter};

/// The employee whose token the request carries, called "you" in these descriptions.
#[derive(Clone, Copy)]
pub struct Viewer;

/// The employee whose token the request carries, called "you" in these descriptions.
#[Object]
impl Viewer {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let ask = ask(context)?;
        ask.id(&GlobalId::Viewer(ask.person()?.id.clone()))
    }

    /// You as your colleagues see you, with your presence.
    async fn employee(&self, context: &Context<'_>) -> Result<Employee> {
        Ok(Employee(ask(context)?.person()?.id.clone()))
    }

    /// True if you administer your company's live chats. Being an administrator alone does not let
    /// you see sessions.
    async fn is_administrator(&self, context: &Context<'_>) -> Result<bool> {
        Ok(ask(context)?.is_administrator())
    }

    /// Your counters, for the badges.
    async fn counters(&self, context: &Context<'_>) -> Result<Counters> {
        Counters::read(ask(context)?).await
    }

    /// The live chats where you have a role. Their order has no meaning.
    #[graphql(complexity = "5 * child_complexity")]
    async fn live_chats(&self, context: &Context<'_>) -> Result<Vec<LiveChat>> {
        Ok(ask(context)?.desk().await?.live_chats().cloned().map(LiveChat).collect())
    }

    /// The live chat with this id, or null if it does not exist or you have no role there.
    async fn live_chat(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id.")] id: ID,
    ) -> Result<Option<LiveChat>> {
        let ask = ask(context)?;
        let Some(GlobalId::LiveChat(id)) = ask.named(&id) else { return Ok(None) };
        Ok(ask.roles(&id).await?.is_member().then_some(LiveChat(id)))
    }

    /// The session with this id, or null if it does not exist or you may not read it.
    async fn session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id.")] id: ID,
    ) -> Result<Option<Session>> {
        let ask = ask(context)?;
        let Some(GlobalId::Session(id)) = ask.named(&id) else { return Ok(None) };
        Ok(ask.readable(&id).await?.map(Session::new))
    }

    /// The sessions that are assigned to you, from all live chats, last message first.
    #[graphql(complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The conditions that a session must meet. Default: all sessions. With \
                    a filter, a page may be short or empty although there is more.")]
        filter: Option<SessionFilter>,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
    ) -> Result<SessionConnection> {
        refused_in_pushes(context)?;
        let ask = ask(context)?;
        let after = after.as_deref().map(page::place).transpose()?;
        let window = Window { first: page::length("first", first)?, after: after.as_deref() };
        let (tenant, person, desk) = (ask.tenant()?, ask.person()?, ask.desk().await?);
        let each = desk
            .memberships
            .iter()
            .filter(|membership| membership.roles.operator)
            .map(|m| ask.store.mine(tenant, &m.live_chat, &person.id, m.open));
        let each = try_join_all(each).await.map_err(|failed| fault(&failed))?;
        let mut mine: Vec<_> = each.into_iter().flatten().collect();
        mine.sort_by(|(one, _), (other, _)| other.cmp(one));
        Ok(connection(cut(mine, window), filter, after.is_some()))
    }

    /// The sessions that you may see and whose names have every word of the query, last opened
    /// first. The words can stand in any order, and each can be any part of a word of the name.
    ///
    /// The search ignores upper and lower case, accents, strokes through letters, the shapes of
    /// apostrophes, quotes and dashes, invisible characters, and punctuation around a word of the
    /// query. A blank query finds nothing.
    ///
    /// A page may be short or empty although there is more: go on from `endCursor` while
    /// `hasNextPage` is true.
    #[graphql(complexity = "40 + weight(Some(first), None) * child_complexity")]
    async fn search_sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The words to find, at most 200 characters in all.")] query: String,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
    ) -> Result<SessionSearchConnection> {
        refused_in_pushes(context)?;
        search::sessions(ask(context)?, &query, first, after.as_deref()).await
    }

    /// The live chats that you may write to as an internal client: all live chats of your company,
    /// at most 500. Their order has no meaning.
    #[graphql(complexity = "20 * child_complexity")]
    async fn internal_live_chats(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<ConversationLiveChat>> {
        let ask = ask(context)?;
        let live_chats = ask.store.live_chats(ask.tenant()?).await;
        let live_chats = live_chats.map_err(|failed| fault(&failed))?;
        Ok(live_chats.into_iter().map(|(id, name)| ConversationLiveChat { id, name }).collect())
    }
}
