//! Answers of messengers, read within bounds, and the reasons why there is none.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};

use aws_smithy_runtime_api::client::dns::ResolveDnsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::time::{Instant, timeout_at};

use super::guard::NotPublic;

/// The longest body of an answer, in bytes.
const BODY_BYTES: usize = 64 * 1024;
/// The longest `retry-after` that is read, in bytes: seconds or a date are shorter.
const RETRY_AFTER_BYTES: usize = 64;

/// A messenger's answer to a call.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status. A redirect is an answer like any other.
    pub status: u16,
    /// The text of the header `retry-after`, as the messenger wrote it.
    pub retry_after: Option<String>,
    /// The body, of at most 64 KB; empty if it could not be read.
    pub body: Vec<u8>,
}

/// Prints no body: messengers repeat texts and credentials in it.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The reason why a call has no answer. Its texts contain nothing of the call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unanswered {
    /// The rule for reply URLs refuses the URL or the address of its host; nothing was sent. The
    /// reason is a sentence for administrators.
    Forbidden(&'static str),
    /// There is no connection, or it broke. The reason is a sentence for administrators.
    Unreachable(String),
    /// The answer did not begin in time.
    TimedOut,
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forbidden(reason) => reason,
            Self::Unreachable(reason) => reason,
            Self::TimedOut => "There was no answer in time.",
        })
    }
}

impl Error for Unanswered {}

impl Answer {
    /// Reads an answer. Its status is the answer, whatever becomes of the body: one that is longer,
    /// breaks off or does not end until then counts as empty.
    pub(super) async fn read(response: HttpResponse, until: Instant) -> Self {
        let status = response.status().as_u16();
        let retry_after = response.headers().get("retry-after");
        let retry_after =
            retry_after.filter(|text| text.len() <= RETRY_AFTER_BYTES).map(str::to_owned);
        let body = timeout_at(until, body(response.into_body())).await.ok().flatten();
        Self { status, retry_after, body: body.unwrap_or_default() }
    }
}

impl Answer {
    /// Reads an answer that is a file. None if it is longer than so many bytes.
    pub(super) async fn read_file(
        response: HttpResponse,
        until: Instant,
        most: u64,
    ) -> Result<Option<Self>, Unanswered> {
        let status = response.status().as_u16();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let body = timeout_at(until, bounded(response.into_body(), most)).await;
        let body = body.map_err(|_| Unanswered::TimedOut)??;
        Ok(body.map(|body| Self { status, retry_after: None, body }))
    }
}

/// Returns a body; none if it is too long, or breaks off.
async fn body(body: SdkBody) -> Option<Vec<u8>> {
    bounded(body, BODY_BYTES).await.ok().flatten()
}

/// Returns a body; none if it is too long.
async fn bounded(body: SdkBody, most: usize) -> Result<Option<Vec<u8>>, Unanswered> {
    let mut stream = ByteStream::new(body);
    let mut bytes = Vec::new();
    while let Some(part) = stream.next().await {
        let part = part.map_err(|_| unreachable("The connection broke within the answer."))?;
        if bytes.len() + part.len() > most {
            return Ok(None);
        }
        bytes.extend_from_slice(&part);
    }
    Ok(Some(bytes))
}

/// Chooses one of a few fixed sentences, because the texts of errors may contain what was sent.
impl From<ConnectorError> for Unanswered {
    fn from(error: ConnectorError) -> Self {
        if chain(&error).any(|cause| cause.is::<NotPublic>()) {
            return Self::Forbidden("The host has no public address.");
        }
        if error.is_timeout() {
            return Self::TimedOut;
        }
        if chain(&error).any(|cause| cause.is::<ResolveDnsError>()) {
            return unreachable("The name of the host could not be resolved.");
        }
        // The errors of TLS have a type that the SDK does not export.
        if chain(&error).any(|cause| cause.to_string().starts_with("invalid peer certificate")) {
            return unreachable("The certificate of the host is not trusted.");
        }
        let kinds = chain(&error).filter_map(|cause| cause.downcast_ref::<io::Error>());
        unreachable(match kinds.last().map(io::Error::kind) {
            Some(ErrorKind::ConnectionRefused) => "The host refused the connection.",
            Some(ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable) => {
                "There is no way to the host."
            }
            Some(ErrorKind::InvalidData) => "The connection could not be encrypted.",
            _ => "The connection broke before an answer.",
        })
    }
}

fn unreachable(reason: &str) -> Unanswered {
    Unanswered::Unreachable(reason.to_owned())
}

/// Returns an error and its causes. The source of an I/O error skips the error that it wraps.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        Some(wrapper) => wrapper.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_found_however_it_is_wrapped_and_its_text_is_not_shown() {
        let reason = |error: io::Error| match Unanswered::from(ConnectorError::io(error.into())) {
            Unanswered::Unreachable(reason) => reason,
            other => panic!("{other:?}"),
        };
        let tls = io::Error::new(ErrorKind::InvalidData, "invalid peer certificate: secret");
        let tls = io::Error::other(io::Error::other(tls));
        assert_eq!(reason(tls), "The certificate of the host is not trusted.");
        let other = io::Error::new(ErrorKind::InvalidData, "received secret");
        assert_eq!(reason(io::Error::other(other)), "The connection could not be encrypted.");
        let dns = io::Error::other(ResolveDnsError::new("secret"));
        assert_eq!(reason(dns), "The name of the host could not be resolved.");
        let reset = io::Error::from(ErrorKind::ConnectionReset);
        assert_eq!(reason(reset), "The connection broke before an answer.");
        let private = io::Error::other(ResolveDnsError::new(NotPublic));
        let found = Unanswered::from(ConnectorError::io(private.into()));
        assert_eq!(found, Unanswered::Forbidden("The host has no public address."));
        let slow = Unanswered::from(ConnectorError::timeout("secret".into()));
        assert_eq!(slow, Unanswered::TimedOut);
    }
}
