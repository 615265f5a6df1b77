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

/// The mutations that claim, assign and return sessions.
#[derive(Default)]
pub struct AssignmentMutation;

/// The mutations that claim, assign and return sessions.
#[Object]
impl AssignmentMutation {
    /// Claims the session that has waited longest, in one live chat or in all the live chats where
    /// you are an operator. If none waits, `session` is null and there is no error.
    ///
    /// Refusals:
    /// - `NOT_FOUND`: you have no role in the live chat.
    /// - `FORBIDDEN`: you are not an operator of the live chat, or of any.
    /// - `OPERATOR_OFFLINE`: you are offline.
    /// - `LIMIT`: you have 200 open sessions already in each of these live chats.
    async fn claim_next_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat to claim from. Default: all where you \
                    are an operator.")]
        live_chat_id: Option<ID>,
        #[graphql(desc = "Your own key for this call, 1 to 100 characters. For 24 hours, a \
                    repeated call with the same key returns the first result and does \
                    nothing again.")]
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

    /// Claims a queued session. If several operators claim it at once, exactly one gets it. The
    /// others are refused with `ALREADY_CLAIMED`, and `claimedBy` is the operator who has it.
    /// Claiming your own session is no error. Claiming does not mark the session as read.
    ///
    /// Refusals:
    /// - `FORBIDDEN`: you are not an operator of the live chat.
    /// - `OPERATOR_OFFLINE`: you are offline.
    /// - `SESSION_CLOSED`: the session is closed.
    /// - `ALREADY_CLAIMED`: another operator has the session.
    /// - `LIMIT`: you have 200 open sessions in the live chat already.
    async fn claim_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
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

    /// Assigns a session to an operator of its live chat. An operator can assign their own
    /// sessions, a supervisor any session, also a queued one. Unread messages stay unread. If the
    /// operator has the session already, nothing changes and there is no error.
    ///
    /// Refusals:
    /// - `OPERATOR_OFFLINE`: you are offline, or, with the field `employeeId`, the other operator
    ///   is.
    /// - `SESSION_CLOSED`: the session is closed.
    /// - `NOT_ASSIGNED`: the session is not assigned to you, and you are not a supervisor of its
    ///   live chat.
    /// - `NOT_AN_OPERATOR`: the employee is not an operator of the live chat.
    /// - `LIMIT`: the operator has 200 open sessions in the live chat already.
    async fn assign_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "The global id of the operator who gets the session.")] employee_id: ID,
        #[graphql(desc = "A comment for colleagues, 1 to 1000 characters. It becomes a note.")]
        comment: Option<String>,
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

    /// Returns a session to the queue. It gets its old place, by the time when it was opened, and
    /// all its client messages become unread. Its operator and supervisors can do this. Returning a
    /// queued session changes nothing and is no error for a supervisor.
    ///
    /// Refusals:
    /// - `OPERATOR_OFFLINE`: you are offline.
    /// - `SESSION_CLOSED`: the session is closed.
    /// - `NOT_ASSIGNED`: the session is not assigned to you, and you are not a supervisor of its
    ///   live chat.
    async fn return_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "A comment for colleagues, 1 to 1000 characters. It becomes a note.")]
        comment: Option<String>,
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
