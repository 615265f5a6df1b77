//! Read marks: markSessionRead, markSessionUnread.

use async_graphql::{Context, ID, Object, Result};

use super::argument::seq;
use super::result::session;
use crate::answer::{answer, payload};
use crate::object::session::Session;
use crate::request::request;

payload!(
    /// The result of `markSessionRead`.
    MarkSessionReadPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
    }
);

payload!(
    /// The result of `markSessionUnread`.
    MarkSessionUnreadPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
    }
);

/// The mutations that mark sessions as read and unread.
#[derive(Default)]
pub struct ReadMarkMutation;

#[Object]
impl ReadMarkMutation {
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
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let up_to = seq("upToSeq", up_to_seq)?;
            let id = request.session(&session_id)?;
            let acted = request.store.mark_read(person, &id, up_to).await?;
            Ok(MarkSessionReadPayload { session: session(&acted), ..Default::default() })
        })
        .await
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
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let from = seq("fromSeq", from_seq)?;
            let id = request.session(&session_id)?;
            let acted = request.store.mark_unread(person, &id, from).await?;
            Ok(MarkSessionUnreadPayload { session: session(&acted), ..Default::default() })
        })
        .await
    }
}
