//! Ending a session, and its name: closeSession and renameSession.

use async_graphql::{Context, ID, Object, Result};
use domain::{Refusal, text};

use crate::ask::ask;
use crate::error::settled;
use crate::id::GlobalId;
use crate::payload::{CloseSessionPayload, RenameSessionPayload, seq, session};

/// Ending a session, and its name.
#[derive(Default)]
pub struct ClosingMutation;

/// Ending a session, and its name.
#[Object]
impl ClosingMutation {
    /// Closes a session; closing a closed one is no error. With `lastSeq` it is refused when the
    /// client wrote after that.
    async fn close_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
        #[graphql(desc = "The `seq` of the last entry that I saw.")] last_seq: Option<i32>,
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

    /// Gives a session another name.
    async fn rename_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
        #[graphql(desc = "The name: trimmed, 1 to 200 characters.")] name: String,
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
