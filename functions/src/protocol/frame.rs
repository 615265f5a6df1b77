//! Every frame the server sends.

use std::fmt::Display;

use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use graphql::error::{Code, INTERNAL};

/// The text of one message to a client. Only the constructors here make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(String);

impl Frame {
    /// The longest message that API Gateway sends, in bytes.
    pub const MAX_BYTES: usize = 128 * 1024;

    /// Builds the frame that accepts the connection. Without a payload the key is absent.
    #[must_use]
    pub fn connection_ack(payload: Option<&Map<String, Value>>) -> Self {
        Self::control("connection_ack", payload)
    }

    /// Builds a `ping`, which asks for a `pong`. Without a payload the key is absent.
    #[must_use]
    pub fn ping(payload: Option<&Map<String, Value>>) -> Self {
        Self::control("ping", payload)
    }

    /// Builds the `pong` for a `ping`, with its payload. A payload that would not fit a message
    /// once it is written out again (numbers may grow) is left out: the protocol asks for an
    /// answer, not for an echo.
    #[must_use]
    pub fn pong(payload: Option<&Map<String, Value>>) -> Self {
        let pong = Self::control("pong", payload);
        if pong.fits() { pong } else { Self::control("pong", None) }
    }

    /// Builds the frame of an operation's result. `payload` is a rendered JSON object; it is not
    /// parsed, so that one rendering serves many operations.
    #[must_use]
    pub fn next(id: &str, payload: &str) -> Self {
        Self::operation("next", id, Some(&payload))
    }

    /// Builds the frame of an operation that failed before it gave results; no `complete` follows.
    /// Each entry is a GraphQL error, an object with a `message`.
    ///
    /// Clients take an empty list for a broken server and give up, so it becomes one plain
    /// `INTERNAL`.
    #[must_use]
    pub fn error(id: &str, errors: &[Value]) -> Self {
        let payload = if errors.is_empty() {
            json!([Code::Internal.unexecuted(INTERNAL)])
        } else {
            json!(errors)
        };
        Self::operation("error", id, Some(&payload))
    }

    /// Builds the frame that ends an operation.
    #[must_use]
    pub fn complete(id: &str) -> Self {
        Self::operation("complete", id, None)
    }

    /// Builds the frame that ends the connection. API Gateway cannot close with a code, and on its
    /// plain close a client comes back at once; a type that the protocol does not know makes the
    /// client close, and stay away.
    #[must_use]
    pub fn close(refusal: &Refusal) -> Self {
        let payload = json!({ "code": refusal.code().number(), "reason": refusal.reason() });
        Self(format!(r#"{{"type":"close","payload":{payload}}}"#))
    }

    /// Returns true if the frame is small enough for API Gateway. A `next` that does not fit
    /// becomes the error RESYNC.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.0.len() <= Self::MAX_BYTES
    }

    /// Returns the text to send.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text to send.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    fn control(kind: &str, payload: Option<&Map<String, Value>>) -> Self {
        let mut message = json!({ "type": kind });
        if let (Some(payload), Some(fields)) = (payload, message.as_object_mut()) {
            fields.insert("payload".to_owned(), Value::Object(payload.clone()));
        }
        Self(message.to_string())
    }

    fn operation(kind: &str, id: &str, payload: Option<&dyn Display>) -> Self {
        let id = Value::from(id);
        Self(match payload {
            Some(payload) => format!(r#"{{"id":{id},"type":"{kind}","payload":{payload}}}"#),
            None => format!(r#"{{"id":{id},"type":"{kind}"}}"#),
        })
    }
}
