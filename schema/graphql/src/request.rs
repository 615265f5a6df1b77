//! One request: its caller, and the state as the caller may see it.

use std::sync::{Arc, Mutex};

use async_graphql::{Context, Error};
use domain::Desk;
use domain::Person;
use domain::access::{self, Sight};
use domain::{AppId, Caller, EmployeeId, LiveChatId, Refusal, Roles, Session, SessionId, TenantId};
use futures::future::try_join_all;
use store::{Fault, Store, TenantStore};

use crate::answer::Stop;
use crate::error::{Code, INTERNAL, fault};
use crate::files::Files;
use crate::id::GlobalId;
use crate::loader::{self, Loaders};
use crate::messenger::Messengers;
use crate::typist::Typist;

/// A request of a caller, or a push to a subscriber.
pub(crate) struct Request {
    pub(crate) caller: Caller,
    pub(crate) store: Store,
    pub(crate) loaders: Option<Arc<Loaders>>,
    pub(crate) messengers: Arc<dyn Messengers>,
    pub(crate) files: Arc<dyn Files>,
    /// The typing signals of this request, to be pushed when it is done.
    pub(crate) typists: Arc<Mutex<Vec<Typist>>>,
}

/// Returns the request that a resolver serves.
pub(crate) fn request<'a>(context: &Context<'a>) -> Result<&'a Request, Error> {
    context.data::<Request>()
}

impl Request {
    /// Returns the loaders of the request.
    pub(crate) fn loaders(&self) -> Result<&Loaders, Error> {
        self.loaders.as_deref().ok_or_else(unauthenticated)
    }

    /// Returns the tenant of the caller.
    pub(crate) fn tenant(&self) -> Result<&TenantId, Error> {
        self.caller.tenant().ok_or_else(unauthenticated)
    }

    /// Returns the state of the caller's tenant.
    pub(crate) fn tenant_store(&self) -> Result<TenantStore<'_>, Error> {
        Ok(self.store.of(self.tenant()?))
    }

    /// Returns the employee who calls.
    pub(crate) fn person(&self) -> Result<&Person, Error> {
        match &self.caller {
            Caller::Nobody => Err(unauthenticated()),
            Caller::Employee { person, .. } => Ok(person),
            Caller::Client { .. } => {
                Err(Code::Forbidden.error("This is for employees: a client has `conversation`."))
            }
        }
    }

    pub(crate) fn is_administrator(&self) -> bool {
        matches!(self.caller, Caller::Employee { is_administrator: true, .. })
    }

    /// Returns the employee who calls, if they administer the tenant.
    ///
    /// # Errors
    /// `Forbidden`.
    pub(crate) fn administrator(&self) -> Result<&Person, Stop> {
        let person = self.person()?;
        if self.is_administrator() { Ok(person) } else { Err(Refusal::Forbidden.into()) }
    }

    /// Returns true if the employee knows of a live chat: they have a role there, or are an
    /// administrator.
    pub(crate) async fn knows(&self, live_chat: &LiveChatId) -> Result<bool, Error> {
        if self.roles(live_chat).await?.is_member() {
            return Ok(true);
        }
        Ok(self.is_administrator()
            && self.load(loader::LiveChat(live_chat.clone())).await?.is_some())
    }

    /// Returns true if the employee knows of an app: they have a role in a live chat that names it,
    /// or are an administrator.
    pub(crate) async fn knows_app(&self, app: &AppId) -> Result<bool, Error> {
        if self.is_administrator() {
            return Ok(self.load(loader::App(app.clone())).await?.is_some());
        }
        let desk = self.desk().await?;
        let each = desk.live_chats().map(|id| self.load(loader::LiveChatApps(id.clone())));
        let named = try_join_all(each).await?;
        Ok(named.iter().flatten().any(|apps| apps.contains(app)))
    }

    /// Returns the employee with their memberships.
    pub(crate) async fn desk(&self) -> Result<Desk, Error> {
        let person = self.person()?;
        self.load(loader::Desk(person.id.clone())).await?.ok_or_else(missing)
    }

    /// Returns the roles of the employee in a live chat.
    pub(crate) async fn roles(&self, live_chat: &LiveChatId) -> Result<Roles, Error> {
        let known = self.loaders()?.roles(live_chat, &self.person()?.id);
        Ok(match known {
            Some(roles) => roles,
            None => self.desk().await?.roles(live_chat),
        })
    }

    /// Loads an entity in one call with those that other resolvers load at the same time.
    pub(crate) async fn load<K>(
        &self,
        key: K,
    ) -> Result<Option<<loader::Reader as async_graphql::dataloader::Loader<K>>::Value>, Error>
    where
        K: Clone + Eq + std::hash::Hash + Send + Sync + 'static,
        loader::Reader: async_graphql::dataloader::Loader<K, Error = Fault>,
    {
        self.loaders()?.data.load_one(key).await.map_err(|failed| fault(&failed))
    }

    /// Returns the global id of an object of the caller's tenant.
    pub(crate) fn id(&self, id: &GlobalId) -> Result<async_graphql::ID, Error> {
        Ok(id.encode(self.tenant()?).into())
    }

    /// Returns the object that a global id names, if it is of the caller's tenant.
    pub(crate) fn named(&self, id: &str) -> Option<GlobalId> {
        let (tenant, named) = GlobalId::decode(id)?;
        self.tenant().is_ok_and(|own| *own == tenant).then_some(named)
    }

    /// Returns the session that an id names, if the employee may read it.
    pub(crate) async fn readable(&self, id: &SessionId) -> Result<Option<Session>, Error> {
        let Some(session) = self.load(loader::Session(id.clone())).await? else { return Ok(None) };
        Ok(self.sight(&session).await?.may_read().then_some(session))
    }

    /// Returns the part of a session that the employee may see.
    pub(crate) async fn sight(&self, session: &Session) -> Result<Sight, Error> {
        let person = self.person()?;
        let roles = self.roles(&session.live_chat).await?;
        let alone = access::sight(session, &person.id, roles, 0, None);
        if alone != Sight::Nothing || !roles.operator {
            return Ok(alone);
        }
        // Only a later session of the conversation can still bring it into sight.
        let conversation = session.id.conversation.clone();
        let position = self.load(loader::Position(person.id.clone(), conversation.clone())).await?;
        let handled = position.map_or(0, |position| position.handled);
        if handled > session.id.ordinal {
            return Ok(Sight::Earlier);
        }
        let latest = self.load(loader::LatestSession(conversation)).await?;
        Ok(access::sight(session, &person.id, roles, handled, latest.as_ref()))
    }

    /// Returns true if the employee is offered an act on a session that they already see.
    pub(crate) async fn offered(&self, act: access::Act, session: &Session) -> Result<bool, Error> {
        let person = self.person()?;
        let roles = self.roles(&session.live_chat).await?;
        let sight =
            if access::sees(session, &person.id, roles) { Sight::Whole } else { Sight::Earlier };
        Ok(access::offers(act, session, sight, &person.id, roles))
    }

    /// Returns true if an employee is shown as online.
    pub(crate) async fn is_online(&self, id: &EmployeeId) -> Result<bool, Error> {
        let Some(employee) = self.load(loader::Employee(id.clone())).await? else {
            return Ok(false);
        };
        if employee.choice == domain::presence::Choice::Offline {
            return Ok(false);
        }
        let lease = self.load(loader::Lease(id.clone())).await?;
        Ok(domain::presence::is_online(employee.choice, lease, self.store.now()))
    }
}

fn unauthenticated() -> Error {
    Code::Unauthenticated.error("Sign in first: a token is needed.")
}

pub(crate) fn missing() -> Error {
    Code::Internal.error(INTERNAL)
}
