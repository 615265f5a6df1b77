//! Whose a session is: claimSession, claimNextSession, assignSession, returnSession.

use async_graphql::{Context, ID, Object, Result};
use domain::Refusal;
use store::once::Once;

use crate::ask::ask;
use crate::employee::Employee;
use crate::error::settled;
use crate::id::GlobalId;
use crate::payload::{
    self, AssignSessionPayload, ClaimNextSessionPayload, ClaimSessionPayload, ReturnSessionPayload,
    comment, session,
};

/// Whose a session is.
#[derive(Default)]
pub struct AssignmentMutation;

/// Whose a session is.
#[Object]
impl AssignmentMutation {
    /// Takes the session that waits longest, of one or of all the live chats I operate; session
    /// null and no error when none waits.
    async fn claim_next_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only of this live chat.")] live_chat_id: Option<ID>,
        #[graphql(desc = "The same key gives the first answer, for 24 hours.")]
        idempotency_key: Option<String>,
    ) -> Result<ClaimNextSessionPayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let key = match payload::key(idempotency_key.as_deref()) {
            Ok(key) => key,
            Err(refusal) => return Ok(refusal.into()),
        };
        let arguments: Vec<&str> = live_chat_id.iter().map(|id| id.as_str()).collect();
        let once = Once::of(person, key, "claimNextSession", &arguments);
        let live_chat = match live_chat_id.as_ref().map(|id| ask.named(id)) {
            None => None,
            Some(Some(GlobalId::LiveChat(id))) => Some(id),
            Some(_) => return Ok(ask.nothing(once.as_ref(), Refusal::NotFound).await?.into()),
        };
        let claimed = ask.store.claim_next(person, live_chat.as_ref(), once.as_ref()).await;
        Ok(match settled(claimed)? {
            Err(refusal) => refusal.into(),
            Ok(acted) => ClaimNextSessionPayload {
                session: acted.as_ref().and_then(session),
                ..Default::default()
            },
        })
    }

    /// Takes a queued session. Exactly one wins a race; the others are told who.
    async fn claim_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
    ) -> Result<ClaimSessionPayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let Some(GlobalId::Session(id)) = ask.named(&session_id) else {
            return Ok(Refusal::NotFound.into());
        };
        Ok(match settled(ask.store.claim(person, &id).await)? {
            Ok(acted) => ClaimSessionPayload { session: session(&acted), ..Default::default() },
            Err(Refusal::AlreadyClaimed { by }) => ClaimSessionPayload {
                session: ask.shown(&id).await?,
                claimed_by: Some(Employee(by.clone())),
                ..Refusal::AlreadyClaimed { by }.into()
            },
            Err(refusal) => refusal.into(),
        })
    }

    /// Gives a session to an operator of its live chat: the assignee theirs, a supervisor any.
    async fn assign_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
        #[graphql(desc = "The operator to give it to.")] employee_id: ID,
        #[graphql(desc = "Becomes a note; 1 to 1000 characters.")] comment: Option<String>,
    ) -> Result<AssignSessionPayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let said = match self::comment(comment.as_deref()) {
            Ok(said) => said,
            Err(refusal) => return Ok(refusal.into()),
        };
        let Some(GlobalId::Session(id)) = ask.named(&session_id) else {
            return Ok(Refusal::NotFound.into());
        };
        let Some(GlobalId::Employee(to)) = ask.named(&employee_id) else {
            return Ok(ask.no_such(&id, "employeeId").await?.into());
        };
        Ok(match settled(ask.store.assign(person, &id, &to, said).await)? {
            Ok(acted) => AssignSessionPayload { session: session(&acted), ..Default::default() },
            Err(refusal) => refusal.into(),
        })
    }

    /// Puts a session back into the queue, at its old place, unread as a whole.
    async fn return_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
        #[graphql(desc = "Becomes a note; 1 to 1000 characters.")] comment: Option<String>,
    ) -> Result<ReturnSessionPayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let said = match self::comment(comment.as_deref()) {
            Ok(said) => said,
            Err(refusal) => return Ok(refusal.into()),
        };
        let Some(GlobalId::Session(id)) = ask.named(&session_id) else {
            return Ok(Refusal::NotFound.into());
        };
        Ok(match settled(ask.store.put_back(person, &id, said).await)? {
            Ok(acted) => ReturnSessionPayload { session: session(&acted), ..Default::default() },
            Err(refusal) => refusal.into(),
        })
    }
}
