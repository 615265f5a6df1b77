//! The arguments that several mutations have: their bounds, and the objects that they name.

use async_graphql::ID;
use domain::{
    AppId, AttachmentId, ConversationId, EmployeeId, ItemId, LiveChatId, Refusal, SessionId,
    attachment, text,
};
use futures::future::try_join_all;
use store::Fault;
use store::attachment::Attaching;
use store::once::Once;

use crate::answer::Stop;
use crate::files::Place;
use crate::id::GlobalId;
use crate::request::Request;

/// Returns the number of an entry.
///
/// # Errors
/// `Invalid` when it is negative.
pub(super) fn seq(field: &'static str, given: i32) -> Result<u64, Refusal> {
    u64::try_from(given).map_err(|_| Refusal::invalid(field, "It must not be negative."))
}

/// Checks an optional comment.
///
/// # Errors
/// `Invalid` outside of its bounds.
pub(super) fn comment(given: Option<&str>) -> Result<Option<&str>, Refusal> {
    given.map(|comment| text::bounded("comment", comment, text::COMMENT_LENGTH)).transpose()
}

/// Checks an optional idempotency key.
///
/// # Errors
/// `Invalid` outside of its bounds.
pub(super) fn key(given: Option<&str>) -> Result<Option<&str>, Refusal> {
    given.map(|key| text::bounded("idempotencyKey", key, text::KEY_LENGTH)).transpose()
}

/// Checks the text of a message and the sender's own id for it. Beside files the text may be empty.
///
/// # Errors
/// `Invalid` outside of their bounds.
pub(super) fn message(
    text: &str,
    client_message_id: &str,
    files: Option<&[ID]>,
) -> Result<(), Refusal> {
    if files.is_none_or(<[_]>::is_empty) || !text.is_empty() {
        text::bounded("text", text, text::MESSAGE_LENGTH)?;
    }
    text::bounded("clientMessageId", client_message_id, text::KEY_LENGTH)?;
    Ok(())
}

/// Returns the files that a new entry of a conversation attaches. One that is none of the conversation is
/// refused when the store looks for it, unless that finds a repetition.
///
/// # Errors
/// `Invalid` for too many.
pub(super) async fn attaching(
    request: &Request,
    conversation: &ConversationId,
    given: Option<&[ID]>,
) -> Result<Attaching, Stop> {
    let given = given.unwrap_or_default();
    if given.len() > attachment::MOST_OF_MESSAGE {
        let message = format!("There must be at most {}.", attachment::MOST_OF_MESSAGE);
        return Err(Refusal::invalid("attachmentIds", message).into());
    }
    if given.is_empty() {
        return Ok(Attaching::default());
    }
    let ids = given.iter().map(|id| match request.named(id) {
        Some(GlobalId::Attachment(of, id)) if of == *conversation => Some(id),
        // No file has this id.
        _ => AttachmentId::parse("-"),
    });
    let ids: Vec<_> = ids.flatten().collect();
    let (tenant, now) = (request.tenant()?, request.store.now());
    let found = request.tenant_store()?.attachments(conversation, &ids).await?;
    let awaited = found.iter().flatten().filter(|file| file.is_awaited());
    let looked_at = awaited.map(|file| async move {
        let place = Place { tenant, conversation, id: &file.id };
        let is_uploaded = request.files.is_uploaded(place, now).await?;
        Ok::<_, Fault>((!is_uploaded).then(|| file.id.clone()))
    });
    let missing = try_join_all(looked_at).await?.into_iter().flatten().collect();
    Ok(Attaching { ids, missing })
}

impl Request {
    /// Returns the session that a mutation changes.
    ///
    /// # Errors
    /// `NotFound`.
    pub(super) fn session(&self, id: &ID) -> Result<SessionId, Stop> {
        match self.named(id) {
            Some(GlobalId::Session(id)) => Ok(id),
            _ => Err(Refusal::NotFound.into()),
        }
    }

    /// Returns the live chat that a mutation changes.
    ///
    /// # Errors
    /// `NotFound`.
    pub(super) fn live_chat(&self, id: &ID) -> Result<LiveChatId, Stop> {
        match self.named(id) {
            Some(GlobalId::LiveChat(id)) => Ok(id),
            _ => Err(Refusal::NotFound.into()),
        }
    }

    /// Returns the live chat that an administrator's mutation changes.
    ///
    /// # Errors
    /// `NotFound`, or `Forbidden` for other employees who know of it.
    pub(super) async fn administered(&self, id: &ID) -> Result<LiveChatId, Stop> {
        self.person()?;
        let id = self.live_chat(id)?;
        if !self.knows(&id).await? {
            return Err(Refusal::NotFound.into());
        }
        self.administrator()?;
        Ok(id)
    }

    pub(super) fn employee(&self, id: &ID) -> Option<EmployeeId> {
        match self.named(id)? {
            GlobalId::Employee(id) => Some(id),
            _ => None,
        }
    }

    pub(super) fn app(&self, id: &ID) -> Option<AppId> {
        match self.named(id)? {
            GlobalId::App(id) => Some(id),
            _ => None,
        }
    }

    pub(super) fn item(&self, id: &ID) -> Option<ItemId> {
        match self.named(id)? {
            GlobalId::Item(id) => Some(id),
            _ => None,
        }
    }

    /// Returns the object that `field`, another argument of a mutation of a session, names.
    ///
    /// # Errors
    /// `NoSuch` if it names nothing, or `NotFound` for a caller who may not see the session.
    pub(super) async fn other<T>(
        &self,
        session: &SessionId,
        field: &'static str,
        named: Option<T>,
    ) -> Result<T, Stop> {
        match named {
            Some(named) => Ok(named),
            None if self.readable(session).await?.is_some() => {
                Err(Refusal::NoSuch { field }.into())
            }
            None => Err(Refusal::NotFound.into()),
        }
    }

    /// Passes on the object that an argument of an idempotent mutation names. If it names nothing,
    /// `KeyReused` comes before that refusal.
    pub(super) async fn keyed<T>(
        &self,
        once: Option<&Once>,
        named: Result<T, Stop>,
    ) -> Result<T, Stop> {
        if matches!(named, Err(Stop::Refused(_))) {
            self.store.first_answer(once, |_| None::<()>).await?;
        }
        named
    }

    /// Returns the result of an idempotent mutation: the first one of a repeated key, otherwise
    /// that of `act`. A caller who lost the permission still gets the first result, so the
    /// permission is checked in `act`.
    pub(super) async fn once<T>(
        &self,
        once: Option<&Once>,
        read: impl Fn(&str) -> Option<T>,
        act: impl Future<Output = Result<T, Stop>>,
    ) -> Result<T, Stop> {
        match self.store.first_answer(once, read).await? {
            Some(first) => Ok(first),
            None => act.await,
        }
    }
}
