//! Read marks: markSessionRead and markSessionUnread.

use async_graphql::{Context, ID, Object, Result};
use domain::Refusal;

use crate::ask::ask;
use crate::error::settled;
use crate::id::GlobalId;
use crate::payload::{MarkSessionReadPayload, MarkSessionUnreadPayload, seq, session};

/// Read marks.
#[derive(Default)]
pub struct ReadingMutation;

/// Read marks.
#[Object]
impl ReadingMutation {
    /// Says that I have read the dialog up to an entry. Never moves back. The operator's mark
    /// lowers the unread count; anybody else's moves only their own `viewerReadSeq`.
    async fn mark_session_read(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
        #[graphql(desc = "The `seq` of the last entry that I have read.")] up_to_seq: i32,
    ) -> Result<MarkSessionReadPayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let up_to = match seq("upToSeq", up_to_seq) {
            Ok(up_to) => up_to,
            Err(refusal) => return Ok(refusal.into()),
        };
        let Some(GlobalId::Session(id)) = ask.named(&session_id) else {
            return Ok(Refusal::NotFound.into());
        };
        Ok(match settled(ask.store.mark_read(person, &id, up_to).await)? {
            Ok(acted) => MarkSessionReadPayload { session: session(&acted), ..Default::default() },
            Err(refusal) => refusal.into(),
        })
    }

    /// Says that I want to come back to the dialog from an entry on.
    async fn mark_session_unread(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
        #[graphql(desc = "The `seq` of the first entry that is to be unread.")] from_seq: i32,
    ) -> Result<MarkSessionUnreadPayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let from = match seq("fromSeq", from_seq) {
            Ok(from) => from,
            Err(refusal) => return Ok(refusal.into()),
        };
        let Some(GlobalId::Session(id)) = ask.named(&session_id) else {
            return Ok(Refusal::NotFound.into());
        };
        Ok(match settled(ask.store.mark_unread(person, &id, from).await)? {
            Ok(acted) => {
                MarkSessionUnreadPayload { session: session(&acted), ..Default::default() }
            }
            Err(refusal) => refusal.into(),
        })
    }
}
