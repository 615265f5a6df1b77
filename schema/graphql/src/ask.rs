//! One request: who asks, and what was read for it.

use std::sync::{Arc, Mutex};

use async_graphql::{Context, Error};
use domain::access::{self, Sight};
use domain::{AppId, EmployeeId, LiveChatId, Refusal, Roles, Session, SessionId, TenantId};
use futures::future::try_join_all;
use store::act::Person;
use store::desk::Desk;
use store::once::Once;
use store::{Fault, Store};

use crate::Caller;
use crate::error::{Code, fault, settled};
use crate::id::GlobalId;
use crate::loader::{self, Loaders};
use crate::typing::Typist;

/// One request, or one push.
pub(crate) struct Ask {
    pub(crate) caller: Caller,
    pub(crate) store: Store,
    pub(crate) loaders: Option<Arc<Loaders>>,
    /// Who types, by this request: to be told when it is done.
    pub(crate) typists: Arc<Mutex<Vec<Typist>>>,
}

/// The request that a resolver serves.
pub(crate) fn ask<'a>(context: &Context<'a>) -> Result<&'a Ask, Error> {
    context.data::<Ask>()
}

impl Ask {
    pub(crate) fn loaders(&self) -> Result<&Loaders, Error> {
        self.loaders.as_deref().ok_or_else(unauthenticated)
    }

    /// The tenant of whoever asks.
    pub(crate) fn tenant(&self) -> Result<&TenantId, Error> {
        match &self.caller {
            Caller::Nobody => Err(unauthenticated()),
            Caller::Employee { person, .. } => Ok(&person.tenant),
            Caller::Client { tenant, .. } => Ok(tenant),
        }
    }

    /// The employee who asks.
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

    /// The employee who asks, if they administer the tenant.
    ///
    /// # Errors
    /// The inner one is the refusal of a mutation.
    pub(crate) fn administrator(&self) -> Result<Result<&Person, Refusal>, Error> {
        let person = self.person()?;
        Ok(if self.is_administrator() { Ok(person) } else { Err(Refusal::Forbidden) })
    }

    /// Whether the employee who asks knows of a live chat: who has a role there, and
    /// administrators.
    pub(crate) async fn knows(&self, live_chat: &LiveChatId) -> Result<bool, Error> {
        if self.roles(live_chat).await?.is_member() {
            return Ok(true);
        }
        Ok(self.is_administrator() && self.load(loader::Place(live_chat.clone())).await?.is_some())
    }

    /// Whether the employee who asks knows of an app: who has a role in a live chat that names it,
    /// and administrators.
    pub(crate) async fn knows_app(&self, app: &AppId) -> Result<bool, Error> {
        if self.is_administrator() {
            return Ok(self.load(loader::App(app.clone())).await?.is_some());
        }
        let desk = self.desk().await?;
        let each = desk.live_chats().map(|id| self.load(loader::Named(id.clone())));
        let named = try_join_all(each).await?;
        Ok(named.iter().flatten().any(|apps| apps.contains(app)))
    }

    /// The live chat that an administrator's mutation names.
    ///
    /// # Errors
    /// The inner one is the refusal: `NotFound`, or `Forbidden` to whoever else knows of it.
    pub(crate) async fn administered(
        &self,
        id: &str,
    ) -> Result<Result<LiveChatId, Refusal>, Error> {
        self.person()?;
        let Some(GlobalId::LiveChat(id)) = self.named(id) else {
            return Ok(Err(Refusal::NotFound));
        };
        Ok(match (self.knows(&id).await?, self.is_administrator()) {
            (false, _) => Err(Refusal::NotFound),
            (true, false) => Err(Refusal::Forbidden),
            (true, true) => Ok(id),
        })
    }

    /// What a mutation with an idempotency key comes to: the first answer of a repeated key, or what
    /// it does now. Whoever may not do it any more still gets the first answer, so whether they may
    /// is asked in `act`.
    pub(crate) async fn once<T>(
        &self,
        once: Option<&Once>,
        read: impl Fn(&str) -> Option<T>,
        act: impl AsyncFnOnce() -> Result<Result<T, Refusal>, Error>,
    ) -> Result<Result<T, Refusal>, Error> {
        match settled(self.store.first_answer(once, read).await)? {
            Ok(Some(first)) => Ok(Ok(first)),
            Ok(None) => act().await,
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Why a mutation is refused whose ids name nothing: that its key was used for something else is
    /// said first.
    pub(crate) async fn nothing(
        &self,
        once: Option<&Once>,
        otherwise: Refusal,
    ) -> Result<Refusal, Error> {
        let read = |_: &str| None::<()>;
        let first = settled(self.store.first_answer(once, read).await)?;
        Ok(first.err().unwrap_or(otherwise))
    }

    /// Why an act on a session is refused when `field`, another of its arguments, names nothing.
    /// Whoever may not see the session is told no more than that.
    pub(crate) async fn no_such(
        &self,
        session: &SessionId,
        field: &'static str,
    ) -> Result<Refusal, Error> {
        let is_shown = self.shown(session).await?.is_some();
        Ok(if is_shown { Refusal::NoSuch { field } } else { Refusal::NotFound })
    }

    /// What the employee who asks is and has.
    pub(crate) async fn desk(&self) -> Result<Desk, Error> {
        let person = self.person()?;
        self.load(loader::Desk(person.id.clone())).await?.ok_or_else(missing)
    }

    /// What the employee who asks is in a live chat.
    pub(crate) async fn roles(&self, live_chat: &LiveChatId) -> Result<Roles, Error> {
        Ok(self.desk().await?.roles(live_chat))
    }

    /// One thing, read together with what others ask for at the same time.
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

    /// The global id of something of the asker's tenant.
    pub(crate) fn id(&self, id: &GlobalId) -> Result<async_graphql::ID, Error> {
        Ok(id.encode(self.tenant()?).into())
    }

    /// What a global id names, if it is of the asker's tenant.
    pub(crate) fn named(&self, id: &str) -> Option<GlobalId> {
        let (tenant, named) = GlobalId::decode(id)?;
        self.tenant().is_ok_and(|own| *own == tenant).then_some(named)
    }

    /// The session that an id names, if the employee who asks may read it.
    pub(crate) async fn readable(&self, id: &SessionId) -> Result<Option<Session>, Error> {
        let Some(session) = self.load(loader::Head(id.clone())).await? else { return Ok(None) };
        Ok(self.sight(&session).await?.may_read().then_some(session))
    }

    /// The same, as an object of the schema.
    pub(crate) async fn shown(
        &self,
        id: &SessionId,
    ) -> Result<Option<crate::session::Session>, Error> {
        Ok(self.readable(id).await?.map(crate::session::Session::new))
    }

    /// What the employee who asks may see of a session.
    pub(crate) async fn sight(&self, session: &Session) -> Result<Sight, Error> {
        let person = self.person()?;
        let roles = self.roles(&session.live_chat).await?;
        let alone = access::sight(session, &person.id, roles, 0, None);
        if alone != Sight::Nothing || !roles.operator {
            return Ok(alone);
        }
        // Only a later session of the conversation can still bring it into sight.
        let conversation = session.id.conversation.clone();
        let position = self.load(loader::Line(person.id.clone(), conversation.clone())).await?;
        let handled = position.map_or(0, |position| position.handled);
        if handled > session.id.ordinal {
            return Ok(Sight::Earlier);
        }
        let latest = self.load(loader::Latest(conversation)).await?;
        Ok(access::sight(session, &person.id, roles, handled, latest.as_ref()))
    }

    /// What the employee who asks is shown to be able to see of a session already shown to them.
    pub(crate) async fn offered(&self, act: access::Act, session: &Session) -> Result<bool, Error> {
        let person = self.person()?;
        let roles = self.roles(&session.live_chat).await?;
        let sight =
            if access::sees(session, &person.id, roles) { Sight::Whole } else { Sight::Earlier };
        Ok(access::offers(act, session, sight, &person.id, roles))
    }

    /// Whether an employee is shown as online.
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
    Code::Internal.error("Something went wrong on our side.")
}
