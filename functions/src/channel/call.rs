//! Calls to a messenger: what has to be sent, and what the answer means.

use std::fmt;
use std::time::Duration;

use domain::Timestamp;
use domain::attachment::{ContentType, FileName};
use domain::delivery::ErrorCode;
use http::Method;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::content::shortened;
use crate::signing::hex;

/// The most code points of a messenger's error message that are kept.
const MESSAGE_LENGTH: usize = 300;
/// The length of a run of letters and digits that may be a credential.
const CREDENTIAL_LENGTH: usize = 30;
/// The schemes of the URLs that are called.
const SCHEMES: [&str; 2] = ["http", "https"];

/// An operator's message on its way out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outgoing<'a> {
    /// Its id, the same in each attempt.
    pub delivery_id: &'a str,
    /// The id of its conversation.
    pub conversation: &'a str,
    /// The client's id at the messenger.
    pub recipient: &'a str,
    /// The text, not longer than the messenger takes; empty beside files, or if it is a file that leaves.
    pub text: &'a str,
    /// The file that leaves, where the messenger takes one at a time.
    pub file: Option<Sent<'a>>,
    /// All files, where the messenger takes links.
    pub links: &'a [Link],
    /// The name of the operator.
    pub author: &'a str,
    /// The time at which the operator sent it.
    pub sent_at: Timestamp,
    /// The messenger's own id of the message that it quotes.
    pub reply_to: Option<&'a str>,
}

/// A file on its way out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sent<'a> {
    /// Its name.
    pub name: &'a FileName,
    /// The type that was found in its bytes.
    pub kind: &'a ContentType,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The id under which the messenger has them already.
    pub media_id: Option<&'a str>,
}

/// Prints no bytes.
impl fmt::Debug for Sent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// A link to a file, for messengers that fetch what they want.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// Its name.
    pub name: String,
    /// The type that was found in its bytes.
    pub content_type: String,
    /// The number of its bytes.
    pub size: u64,
    /// The link, valid for at least an hour.
    pub url: String,
}

/// A request to a messenger.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The URL. It may contain a credential.
    pub url: String,
    /// The headers, with lower-case names. They may contain credentials.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Call {
    /// Returns a POST of JSON.
    pub(super) fn post(url: String, body: &Value) -> Self {
        Self {
            method: Method::POST,
            url,
            headers: vec![("content-type", "application/json".to_owned())],
            body: body.to_string().into_bytes(),
        }
    }

    /// Returns a POST of a form with a file (RFC 7578).
    pub(super) fn form(
        url: String,
        fields: &[(&str, String)],
        member: &str,
        file: &Sent<'_>,
    ) -> Self {
        // It occurs nowhere in the bytes, because it is their digest.
        let boundary = format!("chatdesk-{}", hex(&Sha256::digest(file.bytes)));
        let mut body = Vec::with_capacity(file.bytes.len() + 1024);
        for (name, value) in fields {
            let head =
                format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n");
            body.extend_from_slice(format!("{head}\r\n{value}\r\n").as_bytes());
        }
        // As browsers escape it.
        let name = file.name.as_str().replace('"', "%22");
        let head = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"{member}\"; filename=\"{name}\"\r\n\
             content-type: {}\r\n\r\n",
            file.kind.as_str()
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file.bytes);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let content_type = format!("multipart/form-data; boundary={boundary}");
        Self { method: Method::POST, url, headers: vec![("content-type", content_type)], body }
    }

    /// Returns a GET.
    pub(super) const fn get(url: String) -> Self {
        Self { method: Method::GET, url, headers: Vec::new(), body: Vec::new() }
    }

    /// Returns the call with one more header.
    pub(super) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// Prints neither credentials nor texts: of the URL the scheme and the host, and of the headers the
/// names.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = origin(&self.url).unwrap_or_else(|| "…".to_owned());
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("host", &format_args!("{host}"))
            .field("headers", &names)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Returns the scheme and the host of a URL; none for a text that has another form, where a credential
/// could stand anywhere.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://").filter(|(scheme, _)| SCHEMES.contains(scheme))?;
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(format!("{scheme}://{host}"))
}

/// The meaning of a messenger's answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The messenger has the message.
    Sent {
        /// The messenger's own id of it.
        external_id: Option<String>,
    },
    /// The reason may pass: the call is tried again.
    Retry {
        /// The delay that the messenger asks for.
        after: Option<Duration>,
        /// The reason, in English.
        message: String,
    },
    /// The messenger will never take the message.
    Failed {
        /// The reason.
        code: ErrorCode,
        /// Its details, in English.
        message: String,
    },
    /// The messenger takes nothing from the channel until an administrator acts: the channel is marked
    /// with a problem, and its messages wait.
    Unauthorized {
        /// The reason, in English.
        message: String,
    },
    /// The other end wants no more messages: the channel is disabled.
    ChannelGone {
        /// The reason, in English.
        message: String,
    },
}

impl Outcome {
    /// Returns the outcome of a call that may pass later.
    pub(super) fn retry(message: impl Into<String>) -> Self {
        Self::Retry { after: None, message: message.into() }
    }

    /// Returns the outcome of an answer that nothing but its status says anything about.
    pub(super) fn unreadable(status: u16) -> Self {
        Self::retry(format!("The messenger's answer with status {status} is unreadable."))
    }

    /// Returns the outcome of a message whose answer is unreadable. After a status of success the
    /// messenger has the message: repeated, it would arrive twice.
    pub(super) fn unconfirmed(status: u16) -> Self {
        if (200..300).contains(&status) {
            Self::Sent { external_id: None }
        } else {
            Self::unreadable(status)
        }
    }
}

/// Returns a messenger's error message as it may be stored and shown: in one line, bounded, and without
/// words that are as long as a credential, because some messengers repeat the token that they refuse.
pub(super) fn readable(message: &str) -> String {
    let words: Vec<&str> = message
        .split_whitespace()
        .map(|word| if may_be_credential(word) { "…" } else { word })
        .collect();
    let line: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    shortened(&line, MESSAGE_LENGTH)
}

fn may_be_credential(word: &str) -> bool {
    let is_break = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
    word.split(is_break).any(|run| run.len() >= CREDENTIAL_LENGTH)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_printed_call_shows_no_credential_and_no_text() {
        let url =
            "https://user:pass@api.example.com:444/bot1:secret/sendMessage?token=secret#secret";
        let call = Call::post(url.to_owned(), &json!({ "text": "secret" }))
            .with("authorization", "Bearer secret".to_owned());
        let printed = format!("{call:?}");
        for hidden in ["secret", "pass", "Bearer"] {
            assert!(!printed.contains(hidden), "{printed}");
        }
        for shown in ["POST", "https://api.example.com:444", "authorization", "17"] {
            assert!(printed.contains(shown), "{printed}");
        }
    }

    #[test]
    fn a_printed_call_shows_no_host_where_none_can_be_told() {
        for url in ["bot1:secret", "/bot1:secret", "secret", "bot1:secret://x", "https:/secret"] {
            let printed = format!("{:?}", Call::post(url.to_owned(), &json!({})));
            assert!(!printed.contains("secret") && printed.contains('…'), "{printed}");
        }
        let printed = format!("{:?}", Call::post("https://a.b\\secret".to_owned(), &json!({})));
        assert!(!printed.contains("secret") && printed.contains("https://a.b"), "{printed}");
    }

    #[test]
    fn an_unreadable_answer_is_success_only_with_its_status() {
        for status in [200, 201, 299] {
            assert_eq!(Outcome::unconfirmed(status), Outcome::Sent { external_id: None });
        }
        for status in [0, 199, 300, 400, 502] {
            assert_eq!(Outcome::unconfirmed(status), Outcome::unreadable(status));
        }
    }

    #[test]
    fn an_error_message_is_one_bounded_line_without_credentials() {
        let token = "EAAGm0PX4ZCpsBAKZCbE9ZBZAqVc3bJ1v2y";
        assert_eq!(
            readable(&format!("Malformed access token {token}")),
            "Malformed access token …"
        );
        assert_eq!(readable(&format!("https://t/bot1:{token}/x failed")), "… failed");
        assert_eq!(readable(" Bad\nRequest:\tchat not\u{7} found "), "Bad Request: chat not found");
        let long = readable(&"long ".repeat(100));
        assert_eq!((long.chars().count(), long.ends_with("long…")), (300, true));
        assert_eq!(readable("長".repeat(40).as_str()), "長".repeat(40));
    }
}
