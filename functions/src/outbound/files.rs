//! The files of an answer on its way out.

use domain::attachment::{ContentType, State};
use domain::{Attached, Attachment, Message, TenantId};
use graphql::files::{Files as _, Part, Place};
use store::Fault;

use crate::app::App;
use crate::bucket::{Folder, key};
use crate::channel::Link;

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

    /// Returns the type that was found in a file.
    pub(super) fn kind(&self, file: &Attached) -> Option<&ContentType> {
        let found = self.0.iter().find(|one| one.id == file.id)?;
        match &found.state {
            State::Ready(found) => Some(&found.content_type),
            State::Pending | State::Refused => None,
        }
    }

    /// Reads the bytes of a file; none if they are gone.
    pub(super) async fn bytes(
        app: &App,
        tenant: &TenantId,
        answer: &Message,
        file: &Attached,
    ) -> Result<Option<Vec<u8>>, Fault> {
        let place = Place { tenant, conversation: &answer.conversation, id: &file.id };
        let bucket = app.files()?;
        bucket.read(&key(Folder::File, place), app.store.now()).await
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
