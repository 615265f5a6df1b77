//! The files of messages and notes.

use async_graphql::{Context, Description, Enum, ID, Object, Result};
use domain::attachment::{Found, State};
use domain::{Attached, AttachmentId, ConversationId};

use super::message::Message;
use crate::files::Part;
use crate::id::GlobalId;
use crate::loader;
use crate::request::{Request, request};
use crate::scalar::int;

/// The progress of a file until it can be shown. More values may be added: applications must accept a
/// value that they do not know.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum AttachmentState {
    /// The file is being fetched from a messenger, or being checked.
    Pending,
    /// The file was checked, and its links work.
    Ready,
    /// The file was found harmful or too large, or could not be had. It has no links.
    Refused,
}

/// A file of a message or a note. If its state changes, the message is pushed again under its `id`.
#[derive(Clone, Description)]
pub struct Attachment {
    of: ConversationId,
    attached: Attached,
}

/// Returns the files of an entry.
pub(crate) fn of(entry: &domain::Message) -> Vec<Attachment> {
    let file = |attached: &Attached| Attachment {
        of: entry.conversation.clone(),
        attached: attached.clone(),
    };
    entry.attachments.iter().map(file).collect()
}

impl Attachment {
    /// Returns the file with this id, if the employee may read the entry that it is attached to.
    pub(crate) async fn find(
        request: &Request,
        of: ConversationId,
        id: AttachmentId,
    ) -> Result<Option<Self>> {
        let file = request.load(loader::Attachment(of.clone(), id)).await?;
        let Some((file, seq)) = file.and_then(|file| file.seq.map(|seq| (file, seq))) else {
            return Ok(None);
        };
        let entry = Message::find(request, of.clone(), seq).await?;
        Ok(entry.map(|_| Self { of, attached: file.attached() }))
    }

    async fn file(&self, context: &Context<'_>) -> Result<Option<domain::Attachment>> {
        let key = loader::Attachment(self.of.clone(), self.attached.id.clone());
        request(context)?.load(key).await
    }

    async fn found(&self, context: &Context<'_>) -> Result<Option<Found>> {
        Ok(match self.file(context).await?.map(|file| file.state) {
            Some(State::Ready(found)) => Some(found),
            _ => None,
        })
    }

    async fn link(&self, context: &Context<'_>, part: Part) -> Result<Option<String>> {
        let request = request(context)?;
        let Some(file) = self.file(context).await? else { return Ok(None) };
        let State::Ready(found) = &file.state else { return Ok(None) };
        let now = request.store.now();
        Ok(request.files.link(request.tenant()?, &file, found, part, now))
    }
}

#[Object(use_type_description)]
impl Attachment {
    /// The global id. It is that of the `Upload`.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let (of, id) = (self.of.clone(), self.attached.id.clone());
        request(context)?.id(&GlobalId::Attachment(of, id))
    }

    /// The name, in one line and without a path.
    async fn name(&self) -> &str {
        self.attached.name.as_str()
    }

    /// The media type: the one found in the bytes. Until they were checked, the one that the sender
    /// claims.
    async fn content_type(&self, context: &Context<'_>) -> Result<String> {
        let found = self.found(context).await?.map(|found| found.content_type);
        Ok(found.as_ref().unwrap_or(&self.attached.claimed).as_str().to_owned())
    }

    /// The number of bytes. Until they were checked, as the sender claims; 0 if the sender claims
    /// nothing.
    async fn size(&self, context: &Context<'_>) -> Result<i32> {
        Ok(int(self.file(context).await?.map_or(0, |file| file.size)))
    }

    /// The width of a picture in pixels, as it is shown. Null for any other file, and until the bytes were
    /// checked.
    async fn width(&self, context: &Context<'_>) -> Result<Option<i32>> {
        let found = self.found(context).await?;
        Ok(found.and_then(|found| found.pixels).map(|(width, _)| int(width)))
    }

    /// The height of a picture in pixels, as it is shown. Null for any other file, and until the bytes
    /// were checked.
    async fn height(&self, context: &Context<'_>) -> Result<Option<i32>> {
        let found = self.found(context).await?;
        Ok(found.and_then(|found| found.pixels).map(|(_, height)| int(height)))
    }

    /// The progress.
    async fn state(&self, context: &Context<'_>) -> Result<AttachmentState> {
        Ok(match self.file(context).await?.map(|file| file.state) {
            Some(State::Ready(_)) => AttachmentState::Ready,
            Some(State::Refused) => AttachmentState::Refused,
            Some(State::Pending) | None => AttachmentState::Pending,
        })
    }

    /// A link to the bytes. It works without a token for at least an hour, and stays the same for an
    /// hour, so that caches keep what they have. Pictures, videos of type `video/mp4` and PDF are shown in
    /// place; any other file is stored. Null unless the state is `READY`.
    async fn url(&self, context: &Context<'_>) -> Result<Option<String>> {
        self.link(context, Part::Whole).await
    }

    /// A link to a small version of a picture, at most 320 pixels wide and high. Null if there is none.
    async fn thumbnail_url(&self, context: &Context<'_>) -> Result<Option<String>> {
        self.link(context, Part::Thumbnail).await
    }
}
