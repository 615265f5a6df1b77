//! Live chats, their operators and members.

use async_graphql::{Context, Description, Enum, ID, Object, Result, SimpleObject};
use domain::{LiveChatId, Roles};
use store::list::{Page, Window};

use super::app::App;
use super::channel::Channel;
use super::employee::Employee;
use super::session_list::{SessionConnection, SessionFilter, SessionGroup, cut};
use super::template::{self, TemplateConnection};
use crate::error::fault;
use crate::guard::QueryOnly;
use crate::id::GlobalId;
use crate::loader;
use crate::page::{self, connection, weight};
use crate::request::{Request, missing, request};
use crate::scalar::int;

/// The roles that an employee can have in a live chat.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Answers the sessions of the live chat.
    Operator,
    /// Oversees the live chat: sees all its sessions and assigns them to operators.
    Supervisor,
}

fn roles(roles: Roles) -> Vec<Role> {
    let each = [(roles.operator, Role::Operator), (roles.supervisor, Role::Supervisor)];
    each.into_iter().filter(|(has, _)| *has).map(|(_, role)| role).collect()
}

/// The place where clients' requests arrive, with its operators, supervisors and channels.
#[derive(Clone, PartialEq, Eq, Debug, Description)]
pub struct LiveChat(pub LiveChatId);

impl LiveChat {
    async fn load(&self, request: &Request) -> Result<domain::LiveChat> {
        request.load(loader::LiveChat(self.0.clone())).await?.ok_or_else(missing)
    }

    async fn listed(
        &self,
        request: &Request,
        group: SessionGroup,
        window: Window<'_>,
    ) -> Result<Page> {
        let (store, person) = (request.tenant_store()?, request.person()?);
        let desk = request.desk().await?;
        let roles = desk.roles(&self.0);
        let page = match group {
            SessionGroup::Queue if roles.is_member() => store.queued(&self.0, window).await,
            SessionGroup::Active if roles.supervisor => store.active(&self.0, window).await,
            SessionGroup::Closed if roles.is_member() => {
                let operator = (!roles.supervisor).then_some(&person.id);
                store.closed(&self.0, operator, window).await
            }
            SessionGroup::My if roles.operator => {
                let open = desk.memberships.iter().find(|m| m.live_chat == self.0);
                let open = open.map_or(0, |membership| membership.open);
                let mine = store.mine(&self.0, &person.id, open).await;
                mine.map(|mine| cut(mine, window))
            }
            _ => Ok(Page::default()),
        };
        page.map_err(|failed| fault(&failed))
    }
}

#[Object(use_type_description)]
impl LiveChat {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        request(context)?.id(&GlobalId::LiveChat(self.0.clone()))
    }

    /// The name.
    pub(crate) async fn name(&self, context: &Context<'_>) -> Result<String> {
        Ok(self.load(request(context)?).await?.name)
    }

    /// Your roles in this live chat. Empty if you have none.
    async fn viewer_roles(&self, context: &Context<'_>) -> Result<Vec<Role>> {
        Ok(roles(request(context)?.roles(&self.0).await?))
    }

    /// The number of queued sessions, which no operator has.
    async fn queue_count(&self, context: &Context<'_>) -> Result<i32> {
        let count = request(context)?.load(loader::QueueCount(self.0.clone())).await?;
        Ok(int(count.unwrap_or_default().count()))
    }

    /// The operators, each with the number of their open sessions here: for the list of
    /// `assignSession`. At most 500. Their order has no meaning.
    #[graphql(complexity = "20 * child_complexity")]
    async fn operators(&self, context: &Context<'_>) -> Result<Vec<Operator>> {
        let members = request(context)?.load(loader::Members(self.0.clone())).await?;
        Ok(members
            .unwrap_or_default()
            .into_iter()
            .filter(|member| member.roles.operator)
            .map(|member| Operator {
                live_chat: self.0.clone(),
                employee: Employee(member.employee),
            })
            .collect())
    }

    /// The employees who have a role here, at most 500. Their order has no meaning.
    #[graphql(complexity = "20 * child_complexity")]
    async fn members(&self, context: &Context<'_>) -> Result<Vec<Member>> {
        let members = request(context)?.load(loader::Members(self.0.clone())).await?;
        Ok(members
            .unwrap_or_default()
            .into_iter()
            .map(|member| Member {
                employee: Employee(member.employee),
                roles: roles(member.roles),
            })
            .collect())
    }

    /// The channels by which clients reach the live chat, at most 100. Their order has no meaning.
    async fn channels(&self, context: &Context<'_>) -> Result<Vec<Channel>> {
        let live_chat = self.load(request(context)?).await?;
        Ok(live_chat
            .channels
            .into_iter()
            .map(|channel| Channel { live_chat: self.0.clone(), id: channel.id })
            .collect())
    }

    /// The template that names new sessions: text with the variables {client}, {liveChat},
    /// {channel} and {date}.
    async fn session_name_template(&self, context: &Context<'_>) -> Result<String> {
        Ok(self.load(request(context)?).await?.template.as_str().to_owned())
    }

    /// The origins of the pages that may carry the widget, such as `https://shop.example`. Empty:
    /// any page may.
    async fn origins(&self, context: &Context<'_>) -> Result<Vec<String>> {
        let origins = self.load(request(context)?).await?.origins;
        Ok(origins.iter().map(|origin| origin.as_str().to_owned()).collect())
    }

    /// The apps whose items the sessions can be bound to, in the order in which an administrator
    /// gave them.
    #[graphql(complexity = "5 * child_complexity")]
    async fn apps(&self, context: &Context<'_>) -> Result<Vec<App>> {
        let named = request(context)?.load(loader::LiveChatApps(self.0.clone())).await?;
        Ok(named.unwrap_or_default().into_iter().map(App).collect())
    }

    /// The ready answers of the live chat by title, with their variables not filled in. For its
    /// members and administrators: empty for everyone else.
    #[graphql(guard = "QueryOnly", complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn templates(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Words, at most 200 characters in all. Each must be part of the title \
                    or of the text. Blank or left out: all templates.")]
        query: Option<String>,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
    ) -> Result<TemplateConnection> {
        template::of_live_chat(request(context)?, &self.0, query, first, after).await
    }

    /// The sessions of a group that you may see, in the order of the group. A session that moves
    /// while you read may be on two pages: merge pages by id.
    #[graphql(guard = "QueryOnly", complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The group to list.")] group: SessionGroup,
        #[graphql(desc = "The conditions that a session must meet. Default: all sessions. With \
                    a filter, a page may be short or empty although there is more.")]
        filter: Option<SessionFilter>,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
    ) -> Result<SessionConnection> {
        let after = after.as_deref().map(page::place).transpose()?;
        let window = Window { first: page::length("first", first)?, after: after.as_deref() };
        let page = self.listed(request(context)?, group, window).await?;
        Ok(SessionConnection::filtered(page, filter, after.is_some()))
    }
}

/// An operator of a live chat.
#[derive(Clone, Debug, Description)]
pub struct Operator {
    live_chat: LiveChatId,
    employee: Employee,
}

#[Object(use_type_description)]
impl Operator {
    /// The employee.
    async fn employee(&self) -> Employee {
        self.employee.clone()
    }

    /// The number of open sessions of this live chat that are assigned to the operator, at most
    /// 200.
    async fn open_sessions(&self, context: &Context<'_>) -> Result<i32> {
        let desk = request(context)?.load(loader::Desk(self.employee.0.clone())).await?;
        let open = desk
            .iter()
            .flat_map(|desk| &desk.memberships)
            .find(|membership| membership.live_chat == self.live_chat)
            .map_or(0, |membership| membership.open);
        Ok(int(open))
    }
}

/// An employee with a role in a live chat.
#[derive(SimpleObject, Clone, Debug)]
pub struct Member {
    /// The employee.
    pub employee: Employee,
    /// The roles of the employee in the live chat.
    pub roles: Vec<Role>,
}

connection!(LiveChatConnection, LiveChatEdge, LiveChat);
