//! Typing signals: setTyping, setConversationTyping.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::access::Sight;
use domain::presence::Choice;
use domain::{Acting, Actor, Refusal, Turn, typing};

use crate::answer::{Stop, answer};
use crate::error::UserError;
use crate::loader;
use crate::object::conversation::Conversation;
use crate::request::{Request, request};
use crate::typist::Typist;

/// The result of `setTyping`.
#[derive(SimpleObject, Clone, Default)]
pub struct SetTypingPayload {
    /// The refusal, or an empty list if the mutation succeeded. There is at most one entry: the
    /// first refusal that applies.
    pub user_errors: Vec<UserError>,
}

impl From<Refusal> for SetTypingPayload {
    fn from(refusal: Refusal) -> Self {
        Self { user_errors: vec![(&refusal).into()] }
    }
}

/// The result of `setConversationTyping`.
#[derive(SimpleObject, Clone, Default)]
pub struct SetConversationTypingPayload {
    /// The refusal, or an empty list if the mutation succeeded. There is at most one entry: the
    /// first refusal that applies.
    pub user_errors: Vec<UserError>,
}

impl From<Refusal> for SetConversationTypingPayload {
    fn from(refusal: Refusal) -> Self {
        Self { user_errors: vec![(&refusal).into()] }
    }
}

/// The mutations that show a person as typing.
#[derive(Default)]
pub struct TypingMutation;

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
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let id = request.session(&session_id)?;
            let seen = request.store.look(person, &id).await?;
            let acting = acting(request, &seen.session, seen.sight).await?;
            let (session, sight) = (&seen.session, seen.sight);
            typing::admit(Turn { session, sight, who: &acting, now: request.store.now() })?;
            let by = Actor::Employee(person.id.clone());
            signal(request, seen.session, by, person.name.clone()).await?;
            Ok(SetTypingPayload::default())
        })
        .await
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
        answer(async {
            let request = request(context)?;
            request.tenant()?;
            let conversation = Conversation::of(request, live_chat_id.as_ref()).await?;
            let conversation = conversation.ok_or(Refusal::NotFound)?;
            let latest = request.load(loader::LatestSession(conversation.id.clone())).await?;
            if let Some(session) = latest.filter(|session| !session.is_closed()) {
                let writer = conversation.writer;
                let by = Actor::Client { id: writer.id, employee: writer.employee };
                signal(request, session, by, writer.name).await?;
            }
            Ok(SetConversationTypingPayload::default())
        })
        .await
    }
}

async fn acting(request: &Request, session: &domain::Session, sight: Sight) -> Result<Acting> {
    let (person, desk) = (request.person()?, request.desk().await?);
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
async fn signal(
    request: &Request,
    session: domain::Session,
    by: Actor,
    name: String,
) -> Result<(), Stop> {
    let conversation = &session.id.conversation;
    if request.tenant_store()?.is_typing_news(conversation, &by).await?
        && let Ok(mut typists) = request.typists.lock()
    {
        let until = request.store.now().plus_millis(typing::LASTS_MILLIS);
        typists.push(Typist { by, name, session: Arc::new(session), until });
    }
    Ok(())
}
