//! The employee who calls, with all that they may see.

use async_graphql::{Context, Description, ID, Object, Result};
use futures::future::try_join_all;
use store::list::Window;

use crate::error::fault;
use crate::guard::QueryOnly;
use crate::id::GlobalId;
use crate::object::conversation::ConversationLiveChat;
use crate::object::counters::Counters;
use crate::object::employee::Employee;
use crate::object::live_chat::LiveChat;
use crate::object::search::{self, SessionSearchConnection};
use crate::object::session::Session;
use crate::object::session_list::{SessionConnection, SessionFilter, cut};
use crate::page::{self, weight};
use crate::request::request;

/// The employee whose token the request carries, called "you" in these descriptions.
#[derive(Clone, Copy, Description)]
pub struct Viewer;

#[Object(use_type_description)]
impl Viewer {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let request = request(context)?;
        request.id(&GlobalId::Viewer(request.person()?.id.clone()))
    }

    /// You as your colleagues see you, with your presence.
    async fn employee(&self, context: &Context<'_>) -> Result<Employee> {
        Ok(Employee(request(context)?.person()?.id.clone()))
    }

    /// True if you administer your company's live chats. Being an administrator alone does not let
    /// you see sessions.
    async fn is_administrator(&self, context: &Context<'_>) -> Result<bool> {
        Ok(request(context)?.is_administrator())
    }

    /// Your counters, for the badges.
    async fn counters(&self, context: &Context<'_>) -> Result<Counters> {
        Counters::read(request(context)?).await
    }

    /// The live chats where you have a role. Their order has no meaning.
    #[graphql(complexity = "5 * child_complexity")]
    async fn live_chats(&self, context: &Context<'_>) -> Result<Vec<LiveChat>> {
        Ok(request(context)?.desk().await?.live_chats().cloned().map(LiveChat).collect())
    }

    /// The live chat with this id, or null if it does not exist or you have no role there.
    async fn live_chat(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id.")] id: ID,
    ) -> Result<Option<LiveChat>> {
        let request = request(context)?;
        let Some(GlobalId::LiveChat(id)) = request.named(&id) else { return Ok(None) };
        Ok(request.roles(&id).await?.is_member().then_some(LiveChat(id)))
    }

    /// The session with this id, or null if it does not exist or you may not read it.
    async fn session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id.")] id: ID,
    ) -> Result<Option<Session>> {
        let request = request(context)?;
        let Some(GlobalId::Session(id)) = request.named(&id) else { return Ok(None) };
        Session::find(request, &id).await
    }

    /// The sessions that are assigned to you, from all live chats, last message first.
    #[graphql(guard = "QueryOnly", complexity = "5 + weight(Some(first), None) * child_complexity")]
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
        let request = request(context)?;
        let after = after.as_deref().map(page::place).transpose()?;
        let window = Window { first: page::length("first", first)?, after: after.as_deref() };
        let (store, person, desk) =
            (request.tenant_store()?, request.person()?, request.desk().await?);
        let each = desk
            .memberships
            .iter()
            .filter(|membership| membership.roles.operator)
            .map(|m| store.mine(&m.live_chat, &person.id, m.open));
        let each = try_join_all(each).await.map_err(|failed| fault(&failed))?;
        let mut mine: Vec<_> = each.into_iter().flatten().collect();
        mine.sort_by(|(one, _), (other, _)| other.cmp(one));
        Ok(SessionConnection::filtered(cut(mine, window), filter, after.is_some()))
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
    #[graphql(
        guard = "QueryOnly",
        complexity = "40 + weight(Some(first), None) * child_complexity"
    )]
    async fn search_sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The words to find, at most 200 characters in all.")] query: String,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
    ) -> Result<SessionSearchConnection> {
        search::sessions(request(context)?, &query, first, after.as_deref()).await
    }

    /// The live chats that you may write to as an internal client: all live chats of your company,
    /// at most 500. Their order has no meaning.
    #[graphql(complexity = "20 * child_complexity")]
    async fn internal_live_chats(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<ConversationLiveChat>> {
        let request = request(context)?;
        let live_chats = request.tenant_store()?.live_chats().await;
        let live_chats = live_chats.map_err(|failed| fault(&failed))?;
        Ok(live_chats.into_iter().map(|(id, name)| ConversationLiveChat { id, name }).collect())
    }
}
