//! Errors in the shape of the Graph API.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::state::random;
use crate::vendor::answer::answer;
use crate::vendor::fields::Wrong;

/// The code of a wrong parameter.
const PARAMETER: i64 = 100;
/// The code of a refused access token.
const TOKEN: i64 = 190;
/// The code of a number that does not exist, below [`PARAMETER`].
const HIDDEN: i64 = 33;

/// An error of a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Error {
    status: u16,
    code: i64,
    subcode: Option<i64>,
    message: String,
    details: Option<String>,
}

impl Error {
    fn new(status: u16, code: i64, message: impl Into<String>) -> Self {
        Self { status, code, subcode: None, message: message.into(), details: None }
    }

    fn titled(status: u16, code: i64, title: &str, details: &str) -> Self {
        let details = Some(details.to_owned());
        Self { details, ..Self::new(status, code, format!("(#{code}) {title}")) }
    }

    /// A wrong parameter.
    pub(super) fn parameter(message: impl AsRef<str>) -> Self {
        Self::new(400, PARAMETER, format!("(#{PARAMETER}) {}", message.as_ref()))
    }

    /// A value that is not valid.
    pub(super) fn value(details: &str) -> Self {
        Self::titled(400, 131_009, "Parameter value is not valid", details)
    }

    /// A kind of message that the stand-in does not take.
    pub(super) fn unsupported() -> Self {
        let details = "Message type is currently not supported.";
        Self::titled(400, 131_051, "Unsupported message type", details)
    }

    /// A missing or refused access token.
    pub(super) fn token() -> Self {
        Self::new(401, TOKEN, "Invalid OAuth access token - Cannot parse access token")
    }

    /// A number that does not exist.
    pub(super) fn hidden(id: &str) -> Self {
        let message = format!(
            "Unsupported post request. Object with ID '{id}' does not exist, cannot be loaded due \
             to missing permissions, or does not support this operation."
        );
        Self { subcode: Some(HIDDEN), ..Self::new(400, PARAMETER, message) }
    }

    /// An answer after the window.
    pub(super) fn window() -> Self {
        let details = "Message failed to send because more than 24 hours have passed since the \
                       customer last replied to this number.";
        Self::titled(400, 131_047, "Re-engagement message", details)
    }

    /// Too many messages to one person.
    pub(super) fn pair_rate() -> Self {
        let details = "Too many messages were sent from the sender phone number to the same \
                       recipient phone number in a short period of time.";
        let title = "(Business Account, Consumer Account) pair rate limit hit";
        Self::titled(429, 131_056, title, details)
    }

    /// Too many messages of a number.
    pub(super) fn rate() -> Self {
        let details =
            "Too many messages were sent from this phone number in a short period of time.";
        Self::titled(429, 130_429, "Rate limit hit", details)
    }

    /// Returns the error that a test asks for by its status.
    pub(super) fn asked(status: u16) -> Self {
        match status {
            400 => Self::titled(400, 131_026, "Message undeliverable", "Message undeliverable."),
            401 => Self::token(),
            403 => Self::new(403, 10, "(#10) Application does not have permission for this action"),
            429 => Self::rate(),
            _ => Self::titled(500, 131_000, "Something went wrong", "An unknown error occurred."),
        }
    }

    /// Returns the answer.
    pub(super) fn response(&self) -> Response {
        let kind =
            if self.subcode == Some(HIDDEN) { "GraphMethodException" } else { "OAuthException" };
        let mut error = Map::from_iter([
            ("message".to_owned(), Value::from(self.message.as_str())),
            ("type".to_owned(), kind.into()),
            ("code".to_owned(), self.code.into()),
            ("fbtrace_id".to_owned(), random().into()),
        ]);
        if let Some(subcode) = self.subcode {
            error.insert("error_subcode".to_owned(), subcode.into());
        }
        if let Some(details) = &self.details {
            let data = json!({ "messaging_product": "whatsapp", "details": details });
            error.insert("error_data".to_owned(), data);
        }
        let status = StatusCode::from_u16(self.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        answer(status, &json!({ "error": error }))
    }

    /// Returns the error as a status of a message reports it.
    pub(super) fn reported(&self) -> Value {
        let prefix = format!("(#{}) ", self.code);
        let title = self.message.strip_prefix(&prefix).unwrap_or(&self.message);
        failed(self.code, title, self.details.as_deref().unwrap_or(title))
    }
}

/// Returns an error of a status.
pub(super) fn failed(code: i64, title: &str, details: &str) -> Value {
    json!({ "code": code, "title": title, "message": title,
        "error_data": { "details": details },
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/" })
}

/// Names the member that is wrong, as `text['body']`.
impl From<Wrong> for Error {
    fn from(wrong: Wrong) -> Self {
        let named = |path: &[String]| {
            let mut names = path.iter();
            let first = names.next().cloned().unwrap_or_default();
            names.fold(first, |named, name| format!("{named}['{name}']"))
        };
        match wrong {
            Wrong::Unknown(path) => {
                let details = format!("Unexpected key \"{}\".", named(&path));
                Self::titled(400, PARAMETER, "Invalid parameter", &details)
            }
            Wrong::Type(path) => {
                Self::parameter(format!("Param {} has a wrong type.", named(&path)))
            }
            Wrong::Missing(path) => {
                Self::parameter(format!("The parameter {} is required.", named(&path)))
            }
        }
    }
}
