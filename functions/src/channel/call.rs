//! Calls to a messenger: what has to be sent, and what the answer means.

use std::fmt;
use std::time::Duration;

use domain::Timestamp;
use domain::delivery::ErrorCode;
use http::Method;
use serde_json::Value;

/// The most code points of a messenger's error message that are kept.
const MESSAGE_LENGTH: usize = 300;
/// The length of a run of letters and digits that may be a credential.
const CREDENTIAL_LENGTH: usize = 30;

/// An operator's message on its way out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outgoing<'a> {
    /// Its id, the same in each attempt.
    pub delivery_id: &'a str,
    /// The id of its conversation.
    pub conversation: &'a str,
    /// The client's id at the messenger.
    pub recipient: &'a str,
    /// The text, not longer than the messenger takes.
    pub text: &'a str,
    /// The name of the operator.
    pub author: &'a str,
    /// The time at which the operator sent it.
    pub sent_at: Timestamp,
    /// The messenger's own id of the message that it quotes.
    pub reply_to: Option<&'a str>,
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
        let (scheme, rest) = self.url.split_once("://").unwrap_or(("", &self.url));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("host", &format_args!("{scheme}://{host}"))
            .field("headers", &names)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
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
}

/// Returns a messenger's error message as it may be stored and shown: in one line, bounded, and without
/// words that are as long as a credential, because some messengers repeat the token that they refuse.
pub(super) fn readable(message: &str) -> String {
    let words: Vec<&str> = message
        .split_whitespace()
        .map(|word| if may_be_credential(word) { "…" } else { word })
        .collect();
    let line = words.join(" ");
    line.chars().filter(|c| !c.is_control()).take(MESSAGE_LENGTH).collect()
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
        let odd = Call { url: "bot1:secret".to_owned(), ..call };
        assert!(
            !format!("{:?}", Call { url: "/bot1:secret".to_owned(), ..odd }).contains("secret")
        );
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
        assert_eq!(readable(&"long ".repeat(100)).chars().count(), 300);
        assert_eq!(readable("長".repeat(40).as_str()), "長".repeat(40));
    }
}
