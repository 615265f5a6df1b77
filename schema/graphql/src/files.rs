//! The place of files: a port, which the service's bucket implements.
//!
//! Bytes never pass through this service: a page sends them to the bucket with a form that is signed here,
//! and reads them by links that are.

use domain::attachment::Found;
use domain::{Attachment, AttachmentId, ConversationId, TenantId, Timestamp};
use futures::FutureExt as _;
use futures::future::{BoxFuture, ready};
use store::Fault;

/// The place of a file in the bucket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place<'a> {
    /// The tenant.
    pub tenant: &'a TenantId,
    /// The conversation.
    pub conversation: &'a ConversationId,
    /// The file's id there.
    pub id: &'a AttachmentId,
}

/// A form by which a browser sends the bytes of an upload.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Form {
    /// The address that it is posted to.
    pub url: String,
    /// Its fields, before the one with the bytes.
    pub fields: Vec<(String, String)>,
}

/// What a link leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The file.
    Whole,
    /// The thumbnail of a picture.
    Thumbnail,
}

/// The most bytes of uploads in a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quotas {
    /// Of one client.
    pub client: u64,
    /// Of a tenant, employees and clients together.
    pub tenant: u64,
}

/// The place of the files of all tenants.
pub trait Files: Send + Sync {
    /// Returns the form for an upload: it takes exactly one file of the size that was claimed, until this
    /// moment.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] in a service that keeps no files.
    fn form(
        &self,
        tenant: &TenantId,
        file: &Attachment,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Form, Fault>;

    /// Returns true if the bytes of an upload were sent.
    fn is_uploaded<'a>(
        &'a self,
        place: Place<'a>,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Fault>>;

    /// Returns a link to a file: the same for an hour, and valid for another one at least. None in a service
    /// that keeps no files.
    fn link(
        &self,
        tenant: &TenantId,
        file: &Attachment,
        found: &Found,
        part: Part,
        now: Timestamp,
    ) -> Option<String>;

    /// Returns the most bytes of uploads in a day.
    fn quotas(&self) -> Quotas;
}

/// No files: for services that have no bucket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoFiles;

impl NoFiles {
    fn why() -> Fault {
        Fault::Unavailable("this function keeps no files".to_owned())
    }
}

impl Files for NoFiles {
    fn form(
        &self,
        _: &TenantId,
        _: &Attachment,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<Form, Fault> {
        Err(Self::why())
    }

    fn is_uploaded<'a>(&'a self, _: Place<'a>, _: Timestamp) -> BoxFuture<'a, Result<bool, Fault>> {
        ready(Err(Self::why())).boxed()
    }

    fn link(
        &self,
        _: &TenantId,
        _: &Attachment,
        _: &Found,
        _: Part,
        _: Timestamp,
    ) -> Option<String> {
        None
    }

    fn quotas(&self) -> Quotas {
        Quotas { client: 0, tenant: 0 }
    }
}
