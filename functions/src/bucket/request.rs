//! Requests to the bucket: is an object there, read it, write it, delete it.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use domain::Timestamp;
use domain::attachment::{ContentType, MOST_BYTES};
use graphql::files::Place;
use store::Fault;
use tokio::time::timeout;

use super::{Bucket, Folder, Target, key};
use crate::signing::{ALGORITHM, Moment, encoded};

/// The longest time for a request, to the last byte of the answer.
const TIMEOUT: Duration = Duration::from_secs(20);
/// The longest time for a request without bytes: somebody waits for it.
const SHORT_TIMEOUT: Duration = Duration::from_secs(3);
/// The digest of a body that is not signed: TLS protects it.
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// The key and the headers of an object that is written.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    /// The key.
    pub key: &'a str,
    /// The media type.
    pub kind: &'a ContentType,
    /// True if it must not be there yet.
    pub is_new: bool,
}

impl Bucket {
    /// Returns true if an object is there.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the bucket does not answer.
    pub async fn exists(&self, key: &str, now: Timestamp) -> Result<bool, Fault> {
        let request = self.target.request("HEAD", key, SdkBody::empty(), &[], now);
        let answer = self.answer(request, SHORT_TIMEOUT).await?;
        match answer.status().as_u16() {
            200 => Ok(true),
            // The functions may list the bucket: to others S3 says that what is not there is forbidden.
            404 => Ok(false),
            status => Err(failed("HEAD", status)),
        }
    }

    /// Returns the bytes of an object; none if it is not there, or longer than a file may be.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the bucket does not answer.
    pub async fn read(&self, key: &str, now: Timestamp) -> Result<Option<Vec<u8>>, Fault> {
        let request = self.target.request("GET", key, SdkBody::empty(), &[], now);
        let read = async {
            let answer = self.answer(request, TIMEOUT).await?;
            match answer.status().as_u16() {
                200 => body(answer).await,
                404 => Ok(None),
                status => Err(failed("GET", status)),
            }
        };
        timeout(TIMEOUT, read).await.map_err(|_| slow("GET"))?
    }

    /// Writes an object. Returns false if it must not be there yet, and is.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the bucket does not answer.
    pub async fn write(
        &self,
        object: Object<'_>,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let kind = object.kind.as_str();
        let mut headers = vec![("content-type", kind)];
        if object.is_new {
            headers.push(("if-none-match", "*"));
        }
        let request = self.target.request("PUT", object.key, bytes.into(), &headers, now);
        match self.answer(request, TIMEOUT).await?.status().as_u16() {
            200 => Ok(true),
            // Another writer was there before, or is there at the same moment.
            412 | 409 if object.is_new => Ok(false),
            status => Err(failed("PUT", status)),
        }
    }

    /// Deletes an object, if it is there.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the bucket does not answer.
    pub async fn delete(&self, key: &str, now: Timestamp) -> Result<(), Fault> {
        let request = self.target.request("DELETE", key, SdkBody::empty(), &[], now);
        match self.answer(request, SHORT_TIMEOUT).await?.status().as_u16() {
            200 | 204 | 404 => Ok(()),
            status => Err(failed("DELETE", status)),
        }
    }

    /// Deletes the bytes of a file, wherever they are.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the bucket does not answer.
    pub async fn forget(&self, place: Place<'_>, now: Timestamp) -> Result<(), Fault> {
        for folder in [Folder::New, Folder::File, Folder::Thumbnail] {
            self.delete(&key(folder, place), now).await?;
        }
        Ok(())
    }

    async fn answer(
        &self,
        request: Option<HttpRequest>,
        patience: Duration,
    ) -> Result<HttpResponse, Fault> {
        let request = request.ok_or_else(|| unavailable("a request cannot be made"))?;
        let answer = timeout(patience, self.connector()?.call(request)).await;
        answer.map_err(|_| slow("a request"))?.map_err(|error| unavailable(&error.to_string()))
    }
}

impl Target {
    fn request(
        &self,
        method: &str,
        key: &str,
        body: SdkBody,
        headers: &[(&'static str, &str)],
        now: Timestamp,
    ) -> Option<HttpRequest> {
        let moment = Moment::of(now);
        let key = encoded(key, true);
        let token = self.signer.credentials.session_token();
        let mut signed = vec![
            ("host", self.host.as_str()),
            ("x-amz-content-sha256", UNSIGNED),
            ("x-amz-date", &moment.stamp),
        ];
        signed.extend(token.map(|token| ("x-amz-security-token", token)));
        let names = signed.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let lines: String =
            signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let path = format!("{}/{key}", encoded(&self.path, true));
        let canonical = format!("{method}\n{path}\n\n{lines}\n{names}\n{UNSIGNED}");
        let signature = self.signer.sign(&canonical, &moment);
        let credential = self.signer.credential(moment.day());
        let authorization = format!(
            "{ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={signature}"
        );
        let mut request = HttpRequest::new(body);
        request.set_method(method).ok()?;
        request.set_uri(format!("{}/{key}", self.base)).ok()?;
        let given = request.headers_mut();
        for (name, value) in signed.into_iter().skip(1).chain(headers.iter().copied()) {
            given.insert(name, value.to_owned());
        }
        given.insert("authorization", authorization);
        Some(request)
    }
}

/// Returns the bytes of an answer; none if they are more than a file may have.
async fn body(answer: HttpResponse) -> Result<Option<Vec<u8>>, Fault> {
    let mut stream = ByteStream::new(answer.into_body());
    let mut bytes = Vec::new();
    while let Some(part) = stream.next().await {
        let part = part.map_err(|error| unavailable(&error.to_string()))?;
        if (bytes.len() + part.len()) as u64 > MOST_BYTES {
            return Ok(None);
        }
        bytes.extend_from_slice(&part);
    }
    Ok(Some(bytes))
}

fn unavailable(why: &str) -> Fault {
    Fault::Unavailable(format!("bucket: {why}"))
}

fn failed(method: &str, status: u16) -> Fault {
    unavailable(&format!("{method} ended with {status}"))
}

fn slow(what: &str) -> Fault {
    unavailable(&format!("{what} took too long"))
}
