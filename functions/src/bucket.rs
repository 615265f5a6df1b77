//! The bucket of files: what the bytes of attachments stand in.
//!
//! A browser posts an upload to `new/…`, with a form that is signed here and takes one file of one size
//! under one key. What was checked there stands under `file/…`, and nothing else ever does: links lead
//! there alone, so bytes that are posted again later are never shown. Thumbnails stand under
//! `thumbnail/…`. Uploads are deleted by the bucket after a day.
//!
//! Requests are signed here, without a client of the SDK: there are five, and its client would be a third of
//! an archive.

mod form;
mod link;
mod request;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_sdk_dynamodb::config::Credentials;
use aws_smithy_http_client::default_connector;
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpConnector};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::attachment::Found;
use domain::{Attachment, AttachmentId, ConversationId, TenantId, Timestamp};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use graphql::files::{Files, Form, Part, Place, Quotas};
use http::Uri;
use store::Fault;

use crate::app::{Misconfigured, credentials, region, variable};
use crate::signing::Signer;

pub use self::request::Object;

/// The service in the scope of a signature.
const SERVICE: &str = "s3";
/// The longest time until a connection stands.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// The most bytes of uploads in a day, of a client and of a tenant, where nothing else is set.
const QUOTAS: Quotas = Quotas { client: 200 * 1024 * 1024, tenant: 20 * 1024 * 1024 * 1024 };

/// The bucket. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Bucket {
    target: Arc<Target>,
    /// It is built at the first request, because few functions make one.
    connector: Arc<OnceLock<Option<SharedHttpConnector>>>,
    quotas: Quotas,
}

#[derive(Debug)]
struct Target {
    /// The address of the bucket, without a slash at the end.
    base: String,
    host: String,
    path: String,
    signer: Signer,
}

/// The folders of the bucket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Folder {
    /// Uploads, as they were sent.
    New,
    /// Files that were checked.
    File,
    /// Thumbnails of pictures.
    Thumbnail,
}

impl Folder {
    const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::File => "file",
            Self::Thumbnail => "thumbnail",
        }
    }
}

/// Returns the key of an object.
#[must_use]
pub fn key(folder: Folder, place: Place<'_>) -> String {
    // A tenant's id may contain anything, and a slash is one too many.
    let tenant = URL_SAFE_NO_PAD.encode(place.tenant.as_str());
    format!("{}/{tenant}/{}/{}", folder.name(), place.conversation, place.id)
}

/// Reads the place of an upload, or of a file that was checked, from its key.
#[must_use]
pub fn read_place(key: &str) -> Option<(TenantId, ConversationId, AttachmentId)> {
    let (folder, rest) = key.split_once('/')?;
    if ![Folder::New, Folder::File].iter().any(|known| known.name() == folder) {
        return None;
    }
    let mut parts = rest.split('/');
    let tenant = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
    let tenant = TenantId::parse(&String::from_utf8(tenant).ok()?)?;
    let conversation = ConversationId::parse(parts.next()?)?;
    let id = AttachmentId::parse(parts.next()?)?;
    parts.next().is_none().then_some((tenant, conversation, id))
}

impl Bucket {
    /// Builds the bucket of a Lambda function. Needs the variable `FILES_URL`, the address of the bucket.
    /// Optional are `UPLOAD_BYTES_PER_CLIENT` and `UPLOAD_BYTES_PER_TENANT`, the most bytes of uploads in a
    /// day.
    ///
    /// # Errors
    /// [`Misconfigured`]: the function must not start.
    pub fn from_environment() -> Result<Self, Misconfigured> {
        let url = variable("FILES_URL")?;
        let number = |name, otherwise| match variable(name) {
            Err(_) => Ok(otherwise),
            Ok(text) => text.parse().map_err(|_| Misconfigured::NoNumber(name)),
        };
        let quotas = Quotas {
            client: number("UPLOAD_BYTES_PER_CLIENT", QUOTAS.client)?,
            tenant: number("UPLOAD_BYTES_PER_TENANT", QUOTAS.tenant)?,
        };
        Ok(Self { quotas, ..Self::at(region()?.as_ref(), credentials()?, &url) })
    }

    /// Returns the bucket at an address.
    #[must_use]
    pub fn at(region: &str, credentials: Credentials, url: &str) -> Self {
        let base = url.trim_end_matches('/');
        let uri = base.parse::<Uri>().unwrap_or_default();
        let target = Target {
            base: base.to_owned(),
            host: uri.authority().map(ToString::to_string).unwrap_or_default(),
            path: uri.path().trim_end_matches('/').to_owned(),
            signer: Signer::new(region, SERVICE, credentials),
        };
        Self { target: Arc::new(target), connector: Arc::default(), quotas: QUOTAS }
    }

    /// Returns the same bucket with these quotas.
    #[must_use]
    pub fn limited_to(self, quotas: Quotas) -> Self {
        Self { quotas, ..self }
    }

    fn connector(&self) -> Result<&SharedHttpConnector, Fault> {
        let connector = self.connector.get_or_init(|| {
            let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT);
            default_connector(&settings.build(), None)
        });
        connector.as_ref().ok_or_else(|| Fault::Unavailable("there is no TLS".to_owned()))
    }
}

impl Files for Bucket {
    fn form(
        &self,
        tenant: &TenantId,
        file: &Attachment,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Form, Fault> {
        let place = Place { tenant, conversation: &file.conversation, id: &file.id };
        Ok(self.target.form(&key(Folder::New, place), file, now, until))
    }

    fn is_uploaded<'a>(
        &'a self,
        place: Place<'a>,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Fault>> {
        async move { self.exists(&key(Folder::New, place), now).await }.boxed()
    }

    fn link(
        &self,
        tenant: &TenantId,
        file: &Attachment,
        found: &Found,
        part: Part,
        now: Timestamp,
    ) -> Option<String> {
        let place = Place { tenant, conversation: &file.conversation, id: &file.id };
        Some(match part {
            Part::Whole => {
                self.target.link(&key(Folder::File, place), &file.name, &found.content_type, now)
            }
            Part::Thumbnail => {
                let kind = found.thumbnail.as_ref()?;
                self.target.link(&key(Folder::Thumbnail, place), &file.name, kind, now)
            }
        })
    }

    fn quotas(&self) -> Quotas {
        self.quotas
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_its_place_and_no_other() {
        let tenant = TenantId::parse("a/../b|c").unwrap();
        let conversation = ConversationId::parse("c").unwrap();
        let id = AttachmentId::parse("f").unwrap();
        let place = Place { tenant: &tenant, conversation: &conversation, id: &id };
        for folder in [Folder::New, Folder::File] {
            let key = key(folder, place);
            let named = Some((tenant.clone(), conversation.clone(), id.clone()));
            assert_eq!((read_place(&key), key.matches('/').count()), (named, 3));
        }
        let small = key(Folder::Thumbnail, place);
        for other in [small.as_str(), "", "new", "new/", "new/YQ/c", "new/YQ/c/f/g", "new/%/c/f"] {
            assert_eq!(read_place(other), None, "{other}");
        }
    }
}
