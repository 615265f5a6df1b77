//! The settings of a tenant, for its administrators, who see each live chat as its members do and
//! none of its sessions.

use async_graphql::{Context, Description, Object, Result};
use domain::search::Folded;

use super::app::App;
use super::employee::{Employee, EmployeeConnection};
use super::live_chat::{LiveChat, LiveChatConnection};
use crate::error::{Code, fault};
use crate::guard::QueryOnly;
use crate::page::{self, weight};
use crate::request::{Request, request};

/// The settings of your company, for its administrators. Being an administrator alone does not let
/// you see sessions.
#[derive(Description)]
pub struct Administration;

impl Administration {
    /// Returns the settings of the caller's company.
    ///
    /// # Errors
    /// `FORBIDDEN` for a caller who is no administrator.
    pub(crate) fn of(request: &Request) -> Result<Self> {
        request.person()?;
        if request.is_administrator() {
            Ok(Self)
        } else {
            Err(Code::Forbidden.error("This is for administrators."))
        }
    }
}

#[Object(use_type_description)]
impl Administration {
    /// The live chats of your company, by name.
    #[graphql(guard = "QueryOnly", complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn live_chats(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
    ) -> Result<LiveChatConnection> {
        let request = request(context)?;
        let first = page::length("first", first)?;
        let after = after.as_deref().map(page::place).transpose()?;
        let all = request.tenant_store()?.live_chats().await.map_err(|failed| fault(&failed))?;
        let mut all: Vec<_> = all.into_iter().map(|(id, name)| (name.to_lowercase(), id)).collect();
        all.sort();
        let begin = after.as_ref().and_then(|after| {
            all.iter().position(|(_, id)| id.as_str() == after.as_str()).map(|place| place + 1)
        });
        let rest = all.split_off(begin.unwrap_or(0));
        let has_next = rest.len() > first;
        let page = rest.into_iter().take(first).map(|(_, id)| (id.to_string(), LiveChat(id)));
        Ok(LiveChatConnection::of(page.collect(), None, after.is_some(), has_next))
    }

    /// The apps of your company, by name. At most 100.
    #[graphql(complexity = "10 * child_complexity")]
    async fn apps(&self, context: &Context<'_>) -> Result<Vec<App>> {
        let request = request(context)?;
        let mut apps = request.tenant_store()?.all_apps().await.map_err(|failed| fault(&failed))?;
        apps.sort_by_cached_key(|app| app.name.to_lowercase());
        Ok(apps.into_iter().map(|app| App(app.id)).collect())
    }

    /// The employees who have used the service at least once and whose names match the query. Their
    /// order has no meaning. A page may be short or empty although there is more: go on from
    /// `endCursor` while `hasNextPage` is true.
    #[graphql(guard = "QueryOnly", complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn employees(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Words, at most 200 characters in all. Each must be part of the name. \
                    Blank or left out: all employees.")]
        query: Option<String>,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
    ) -> Result<EmployeeConnection> {
        let request = request(context)?;
        let first = page::length("first", first)?;
        let after = after.as_deref().map(page::place).transpose()?;
        let query = page::typed(query.as_deref())?;
        let found = request.tenant_store()?.find_employees(
            |name| query.matches(&Folded::of(name)),
            after.as_deref(),
            first,
        );
        let found = found.await.map_err(|failed| fault(&failed))?;
        let page = found.ids.into_iter().map(|id| (id.to_string(), Employee(id))).collect();
        let end = found.end.as_deref();
        Ok(EmployeeConnection::of(page, end, after.is_some(), found.has_next))
    }
}
