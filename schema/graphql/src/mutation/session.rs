//! The end of a session, and its name: closeSession, renameSession.

use async_graphql::{Context, ID, Object, Result};
use domain::text;

use super::argument::seq;
use super::result::session;
use crate::answer::{answer, payload};
use crate::object::session::Session;
use crate::request::request;

payload!(
    /// The result of `closeSession`.
    CloseSessionPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
    }
);

payload!(
    /// The result of `renameSession`.
    RenameSessionPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
    }
);

/// The mutations that close and rename sessions.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Closes a session, for good. Its operator and supervisors can do this. The unread count
    /// becomes 0. Closing a closed session changes nothing and is no error.
    ///
    /// Refusals:
    /// - `OPERATOR_OFFLINE`: you are offline.
    /// - `NOT_ASSIGNED`: the session is not assigned to you, and you are not a supervisor of its
    ///   live chat.
    /// - `UNSEEN_MESSAGE`: the client wrote after `lastSeq`.
    async fn close_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "The `seq` of the last entry that you saw. Beyond the last entry: \
                    INVALID. Without it: the session is closed whatever the client wrote \
                    meanwhile.")]
        last_seq: Option<i32>,
    ) -> Result<CloseSessionPayload> {
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let last = last_seq.map(|given| seq("lastSeq", given)).transpose()?;
            let id = request.session(&session_id)?;
            let acted = request.store.close(person, &id, last).await?;
            Ok(CloseSessionPayload { session: session(&acted), ..Default::default() })
        })
        .await
    }

    /// Renames a session. Its operator and supervisors can do this. A closed session can still be
    /// renamed, by its last operator and by supervisors: its dialog then gets no event.
    ///
    /// Refusals:
    /// - `OPERATOR_OFFLINE`: you are offline.
    /// - `NOT_ASSIGNED`: the session is not assigned to you, and you are not a supervisor of its
    ///   live chat.
    async fn rename_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "The new name, 1 to 200 characters. White space around it is removed.")]
        name: String,
    ) -> Result<RenameSessionPayload> {
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let name = text::name("name", &name)?;
            let id = request.session(&session_id)?;
            let acted = request.store.rename(person, &id, &name).await?;
            Ok(RenameSessionPayload { session: session(&acted), ..Default::default() })
        })
        .await
    }
}
