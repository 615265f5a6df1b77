//! That somebody is typing: setTyping and setConversationTyping.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::access::Sight;
use domain::presence::Choice;
use domain::{Acting, Actor, Refusal, Timestamp, Turn, typing};

use crate::ask::{Ask, ask};
use crate::client::Client;
use crate::conversation::Conversation;
use crate::employee::{self, Employee};
use crate::error::{UserError, fault, settled};
use crate::id::GlobalId;
use crate::loader;
use crate::scalar::DateTime;

/// A typing signal. The function that executed the request pushes it to the subscribers to the
/// dialog.
#[derive(Clone, Debug)]
pub struct Typist {
    /// The person who is typing.
    pub by: Actor,
    /// Their display name.
    pub name: String,
    /// The session, as it was at the time of the signal.
    pub session: Arc<domain::Session>,
    /// The time until which the person counts as typing.
    pub until: Timestamp,
}

/// A person who is typing in a dialog.
#[derive(SimpleObject, Clone)]
pub struct Typing {
    /// The client or the employee who is typing.
    pub actor: employee::Actor,
    /// The time until which the person counts as typing, unless the service pushes a later one.
    pub until: DateTime,
}

impl From<&Typist> for Typing {
    fn from(typist: &Typist) -> Self {
        let actor = match &typist.by {
            Actor::Employee(id) => employee::Actor::Employee(Employee(id.clone())),
            Actor::Client { .. } | Actor::System => {
                employee::Actor::Client(Client::of(&typist.session))
            }
        };
        Self { actor, until: DateTime(typist.until) }
    }
}

/// An operator who is typing an answer to you.
#[derive(SimpleObject, Clone)]
pub struct ConversationTyping {
    /// The display name of the operator.
    pub name: String,
    /// The time until which the person counts as typing, unless the service pushes a later one.
    pub until: DateTime,
}

impl From<&Typist> for ConversationTyping {
    fn from(typist: &Typist) -> Self {
        Self { name: typist.name.clone(), until: DateTime(typist.until) }
    }
}

/// The result of `setTyping`.
#[derive(SimpleObject, Clone, Default)]
pub struct SetTypingPayload {
    /// The refusal, or an empty list if the mutation succeeded. There is at most one entry: the
    /// first refusal that applies.
    pub user_errors: Vec<UserError>,
}

/// The result of `setConversationTyping`.
#[derive(SimpleObject, Clone, Default)]
pub struct SetConversationTypingPayload {
    /// The refusal, or an empty list if the mutation succeeded. There is at most one entry: the
    /// first refusal that applies.
    pub user_errors: Vec<UserError>,
}

/// The mutations that show a person as typing.
#[derive(Default)]
pub struct TypingMutation;

/// The mutations that show a person as typing.
#[Object]
impl TypingMutation {
    /// Shows you as typing in a session for 6 seconds. The client sees it only if the session is
    /// assigned to you. Calls within 3 seconds of the last one are ignored without an error.
    ///
    /// Refusals:
    /// - `OPERATOR_OFFLINE`: you are offline.
    /// - `SESSION_CLOSED`: the session is closed.
    async fn set_typing(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
    ) -> Result<SetTypingPayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let Some(GlobalId::Session(id)) = ask.named(&session_id) else {
            return Ok(refused(&Refusal::NotFound));
        };
        let (session, sight) = match settled(ask.store.look(person, &id).await)? {
            Ok(seen) => (seen.session, seen.sight),
            Err(refusal) => return Ok(refused(&refusal)),
        };
        let who = acting(ask, &session, sight).await?;
        let turn = Turn { session: &session, sight, who: &who, now: ask.store.now() };
        if let Err(refusal) = typing::admit(turn) {
            return Ok(refused(&refusal));
        }
        let by = Actor::Employee(person.id.clone());
        tell(ask, session, by, person.name.clone()).await?;
        Ok(SetTypingPayload::default())
    }

    /// For clients: shows you as typing for 6 seconds. Calls within 3 seconds of the last one, and
    /// calls while you have no open session, are ignored without an error. Refused with `NOT_FOUND`
    /// for an unknown live chat.
    async fn set_conversation_typing(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat. Required for an internal client. The \
                    token of any other client names the live chat.")]
        live_chat_id: Option<ID>,
    ) -> Result<SetConversationTypingPayload> {
        let ask = ask(context)?;
        ask.tenant()?;
        let Some(conversation) = Conversation::of(ask, live_chat_id.as_ref()).await? else {
            let user_errors = vec![(&Refusal::NotFound).into()];
            return Ok(SetConversationTypingPayload { user_errors });
        };
        let latest = ask.load(loader::Latest(conversation.id.clone())).await?;
        if let Some(session) = latest.filter(|session| !session.is_closed()) {
            let writer = conversation.writer;
            let by = Actor::Client { id: writer.id, employee: writer.employee };
            tell(ask, session, by, writer.name).await?;
        }
        Ok(SetConversationTypingPayload::default())
    }
}

fn refused(refusal: &Refusal) -> SetTypingPayload {
    SetTypingPayload { user_errors: vec![refusal.into()] }
}

async fn acting(ask: &Ask, session: &domain::Session, sight: Sight) -> Result<Acting> {
    let (person, desk) = (ask.person()?, ask.desk().await?);
    Ok(Acting {
        id: person.id.clone(),
        name: person.name.clone(),
        roles: desk.roles(&session.live_chat),
        // The request itself renews the lease, so the choice alone decides.
        is_online: desk.employee.choice == Choice::Online,
        is_full: false,
        handled: u32::from(sight == Sight::Earlier),
    })
}

/// Notes the typing signal to be pushed, unless one was pushed a moment ago.
async fn tell(ask: &Ask, session: domain::Session, by: Actor, name: String) -> Result<()> {
    let conversation = &session.id.conversation;
    let is_news = ask.store.is_typing_news(ask.tenant()?, conversation, &by).await;
    if is_news.map_err(|failed| fault(&failed))?
        && let Ok(mut typists) = ask.typists.lock()
    {
        let until = ask.store.now().plus_millis(typing::LASTS_MILLIS);
        typists.push(Typist { by, name, session: Arc::new(session), until });
    }
    Ok(())
}
