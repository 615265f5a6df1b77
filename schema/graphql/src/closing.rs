//! Ending a session, and its name: closeSession and renameSession.

use async_graphql::{Context, ID, Object, Result};
use domain::{Refusal, text};

use crate::ask::ask;
use crate::error::settled;
use crate::id::GlobalId;
use crate::payload::{CloseSessionPayload, RenameSessionPayload, seq, session};

/// The mutations that close and rename sessions.
#[derive(Default)]
pub struct ClosingMutation;

/// The mutations that close and rename sessions.
#[Object]
impl ClosingMutation {
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
        let ask = ask(context)?;
        let person = ask.person()?;
        let last = match last_seq.map(|given| seq("lastSeq", given)).transpose() {
            Ok(last) => last,
            Err(refusal) => return Ok(refusal.into()),
        };
        let Some(GlobalId::Session(id)) = ask.named(&session_id) else {
            return Ok(Refusal::NotFound.into());
        };
        Ok(match settled(ask.store.close(person, &id, last).await)? {
            Ok(acted) => CloseSessionPayload { session: session(&acted), ..Default::default() },
            Err(refusal) => refusal.into(),
        })
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
        let ask = ask(context)?;
        let person = ask.person()?;
        let name = match text::name("name", &name) {
            Ok(name) => name,
            Err(refusal) => return Ok(refusal.into()),
        };
        let Some(GlobalId::Session(id)) = ask.named(&session_id) else {
            return Ok(Refusal::NotFound.into());
        };
        Ok(match settled(ask.store.rename(person, &id, &name).await)? {
            Ok(acted) => RenameSessionPayload { session: session(&acted), ..Default::default() },
            Err(refusal) => refusal.into(),
        })
    }
}
