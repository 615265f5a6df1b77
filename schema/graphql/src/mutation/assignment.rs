//! Assignment: claimSession, claimNextSession, assignSession, returnSession.

use async_graphql::{Context, ID, Object, Result};
use domain::Refusal;
use store::Failure;
use store::once::Once;

use super::argument;
use super::result::session;
use crate::answer::{answer, payload};
use crate::object::employee::Employee;
use crate::object::session::Session;
use crate::request::request;

payload!(
    /// The result of `claimNextSession`.
    ClaimNextSessionPayload {
        /// The session that you claimed. Null without an error if none waits. Null too if the
        /// mutation was refused, or if a repeated key claimed a session that you may no longer see.
        session: Session,
    }
);

payload!(
    /// The result of `claimSession`.
    ClaimSessionPayload {
        /// The session, or null if you may no longer see it, or if the mutation was refused for
        /// another reason than `ALREADY_CLAIMED`.
        session: Session,
        /// The operator who has the session, if the mutation was refused with `ALREADY_CLAIMED`.
        /// Null otherwise.
        claimed_by: Employee,
    }
);

payload!(
    /// The result of `assignSession`.
    AssignSessionPayload {
        /// The session after the change. Null without an error if you may no longer see it, because
        /// it is now another operator's. Null too if the mutation was refused.
        session: Session,
    }
);

payload!(
    /// The result of `returnSession`.
    ReturnSessionPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
    }
);

/// The mutations that claim, assign and return sessions.
#[derive(Default)]
pub struct AssignmentMutation;

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
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let key = argument::key(idempotency_key.as_deref())?;
            let arguments: Vec<&str> = live_chat_id.iter().map(|id| id.as_str()).collect();
            let once = Once::of(person, key, "claimNextSession", &arguments);
            let live_chat = live_chat_id.as_ref().map(|id| request.live_chat(id)).transpose();
            let live_chat = request.keyed(once.as_ref(), live_chat).await?;
            let acted = request.store.claim_next(person, live_chat.as_ref(), once.as_ref()).await?;
            let session = acted.as_ref().and_then(session);
            Ok(ClaimNextSessionPayload { session, ..Default::default() })
        })
        .await
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
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let id = request.session(&session_id)?;
            match request.store.claim(person, &id).await {
                Err(Failure::Refused(Refusal::AlreadyClaimed { by })) => Ok(ClaimSessionPayload {
                    session: Session::find(request, &id).await?,
                    claimed_by: Some(Employee(by.clone())),
                    ..Refusal::AlreadyClaimed { by }.into()
                }),
                claimed => {
                    Ok(ClaimSessionPayload { session: session(&claimed?), ..Default::default() })
                }
            }
        })
        .await
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
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let comment = argument::comment(comment.as_deref())?;
            let id = request.session(&session_id)?;
            let to = request.other(&id, "employeeId", request.employee(&employee_id)).await?;
            let acted = request.store.assign(person, &id, &to, comment).await?;
            Ok(AssignSessionPayload { session: session(&acted), ..Default::default() })
        })
        .await
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
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let comment = argument::comment(comment.as_deref())?;
            let id = request.session(&session_id)?;
            let acted = request.store.put_back(person, &id, comment).await?;
            Ok(ReturnSessionPayload { session: session(&acted), ..Default::default() })
        })
        .await
    }
}
