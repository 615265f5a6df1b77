//! Read marks: markSessionRead and markSessionUnread.

use async_graphql::{Context, ID, Object, Result};
use domain::Refusal;

use crate::ask::ask;
use crate::error::settled;
use crate::id::GlobalId;
use crate::payload::{MarkSessionReadPayload, MarkSessionUnreadPayload, seq, session};

/// The mutations that mark sessions as read and unread.
#[derive(Default)]
pub struct ReadingMutation;

/// The mutations that mark sessions as read and unread.
#[Object]
impl ReadingMutation {
    /// Marks the dialog as read up to an entry. A mark never moves back. The mark of the session's
    /// operator lowers `unreadCount`; the mark of anyone else moves only their own `viewerReadSeq`.
    /// You can do this while you are offline, too. An entry before this session's first one changes
    /// nothing; an entry beyond the last one is refused with `INVALID`.
    async fn mark_session_read(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "The `seq` of the last entry that you have read.")] up_to_seq: i32,
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

    /// Marks the dialog as unread from an entry on, so that you come back to it. The mark of the
    /// session's operator raises `unreadCount`; the mark of anyone else moves only their own
    /// `viewerReadSeq`. You can do this while you are offline, too. An entry that is not of this
    /// session is refused with `INVALID`.
    async fn mark_session_unread(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "The `seq` of the first entry that becomes unread.")] from_seq: i32,
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
