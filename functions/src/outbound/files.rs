//! The files of an answer on its way out.

use domain::attachment::{ContentType, FileName, State};
use domain::delivery::{DeliveryError, ErrorCode};
use domain::{Attached, Attachment, ChannelKind, Message, TenantId};
use graphql::files::{Files as _, Part, Place};
use store::Fault;
use store::live_chat::Route;

use super::content;
use crate::app::App;
use crate::bucket::{Folder, key};
use crate::channel::{Link, Outcome, Sent, whatsapp};
use crate::messenger::Target;
use crate::outside::Outside;

/// The files of an answer, once all of them were checked.
#[derive(Debug, Default)]
pub(super) struct Checked(Vec<Attachment>);

/// Why an answer with files does not leave now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unready {
    /// A file is still being checked.
    Yet,
    /// A file was refused.
    Ever,
}

impl Checked {
    /// Reads the files of an answer.
    pub(super) async fn of(
        app: &App,
        tenant: &TenantId,
        answer: &Message,
    ) -> Result<Result<Self, Unready>, Fault> {
        let ids: Vec<_> = answer.attachments.iter().map(|file| file.id.clone()).collect();
        if ids.is_empty() {
            return Ok(Ok(Self::default()));
        }
        let found = app.store.of(tenant).attachments(&answer.conversation, &ids).await?;
        let files: Vec<_> = found.into_iter().flatten().collect();
        let is = |state: fn(&State) -> bool| files.iter().any(|file| state(&file.state));
        Ok(if files.len() < ids.len() || is(|state| *state == State::Refused) {
            Err(Unready::Ever)
        } else if is(|state| *state == State::Pending) {
            Err(Unready::Yet)
        } else {
            Ok(Self(files))
        })
    }

    /// Reads a file that leaves; none if it is gone.
    pub(super) async fn load<'a>(
        &'a self,
        app: &App,
        tenant: &TenantId,
        answer: &Message,
        file: &'a Attached,
    ) -> Result<Option<Load<'a>>, Fault> {
        let found = self.0.iter().find(|one| one.id == file.id).map(|one| &one.state);
        let Some(State::Ready(found)) = found else { return Ok(None) };
        let place = Place { tenant, conversation: &answer.conversation, id: &file.id };
        let bytes = app.files()?.read(&key(Folder::File, place), app.store.now()).await?;
        Ok(bytes.map(|bytes| Load { name: &file.name, kind: &found.content_type, bytes }))
    }

    /// Returns links to the files.
    pub(super) fn links(&self, app: &App, tenant: &TenantId) -> Result<Vec<Link>, Fault> {
        if self.0.is_empty() {
            return Ok(Vec::new());
        }
        let (bucket, now) = (app.files()?, app.store.now());
        let link = |file: &Attachment| {
            let State::Ready(found) = &file.state else { return None };
            Some(Link {
                name: file.name.as_str().to_owned(),
                content_type: found.content_type.as_str().to_owned(),
                size: found.size,
                url: bucket.link(tenant, file, found, Part::Whole, now)?,
            })
        };
        Ok(self.0.iter().filter_map(link).collect())
    }
}

/// A file that leaves, with its bytes.
pub(super) struct Load<'a> {
    name: &'a FileName,
    kind: &'a ContentType,
    bytes: Vec<u8>,
}

impl Load<'_> {
    /// Returns it as it is sent.
    pub(super) fn sent(&self) -> Sent<'_> {
        Sent { name: self.name, kind: self.kind, bytes: &self.bytes, media_id: None }
    }
}

/// Why a messenger did not take a file.
pub(super) struct Ungiven {
    /// The meaning of its answer.
    pub(super) outcome: Outcome,
    /// True if there was no answer at all.
    pub(super) is_unanswered: bool,
}

/// Gives a file to a messenger that takes it before the message that names it. Returns the id that the
/// messenger has it under; none if the message has the file in it.
///
/// # Errors
/// A [`Fault`] of the vault.
pub(super) async fn give(
    outside: &Outside,
    kind: ChannelKind,
    route: &Route,
    file: &Sent<'_>,
) -> Result<Result<Option<String>, Ungiven>, Fault> {
    let Some(call) = content::upload(outside, kind, route, file).await? else {
        return Ok(Ok(None));
    };
    Ok(match outside.messengers.call(&call, Target::Vendor).await {
        Ok(answer) => whatsapp::media_id(answer.status, &answer.body)
            .map(Some)
            .map_err(|outcome| Ungiven { outcome, is_unanswered: false }),
        Err(reason) => {
            let outcome = Outcome::Retry { after: None, message: reason.to_string() };
            Err(Ungiven { outcome, is_unanswered: true })
        }
    })
}

/// Returns the reason of an answer with a file that was refused.
pub(super) fn refused() -> DeliveryError {
    let message = "A file was found harmful, or is not to be had.".to_owned();
    DeliveryError { code: ErrorCode::Rejected, message }
}
