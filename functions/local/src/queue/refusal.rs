//! The errors of SQS, as its clients read them.

use axum::response::Response;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};
use std::fmt;

/// The reason why an operation was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No queue has this name or address.
    NoQueue,
    /// The text was never a receipt handle.
    NoHandle(String),
    /// The message of the receipt handle is visible again, or was received anew.
    Expired(String),
    /// The message of the receipt handle is gone, or was received anew.
    Unavailable(String),
    /// The message is visible: nothing is to be changed.
    NotInFlight,
    /// The parameter of this name is missing.
    Missing(&'static str),
    /// A parameter has a value that it must not have.
    Invalid(String),
    /// The queue or message has no attribute of this name.
    NoAttribute(String),
    /// The body has characters that XML does not have.
    Contents,
    /// The batch as a whole is refused, by this error and for this reason.
    Batch(&'static str, String),
    /// The operation does not exist or is not emulated.
    NoOperation(String),
    /// The request is no JSON of the right shape, or has a parameter that is not emulated.
    Malformed(String),
    /// The emulator failed.
    Internal(String),
}

/// The parts of an error in the protocol.
struct Parts {
    status: StatusCode,
    /// The name in the JSON protocol.
    kind: String,
    /// The name in the older protocol, which clients still go by.
    code: String,
    message: String,
}

impl Refusal {
    /// Returns the error that says that a value is out of its range.
    pub(super) fn range(name: &str, value: i64, least: i64, most: i64) -> Self {
        Self::Invalid(format!(
            "Value {value} for parameter {name} is invalid. Reason: Must be between {least} and \
             {most}, if provided."
        ))
    }

    /// Returns the response.
    pub(super) fn response(&self) -> Response {
        if let Self::Internal(error) = self {
            tracing::error!(error, "the queue failed");
        }
        let Parts { status, kind, code, message } = self.parts();
        let side = if status.is_server_error() { "Receiver" } else { "Sender" };
        let body = json!({ "__type": kind, "message": message });
        let mut response = crate::endpoint::reply(status, super::api::CONTENT_TYPE, &body);
        if let Ok(value) = HeaderValue::from_str(&format!("{code};{side}")) {
            response.headers_mut().insert("x-amzn-query-error", value);
        }
        response
    }

    /// Returns the entry of a batch that was refused.
    pub(super) fn entry(&self, id: &str) -> Value {
        let Parts { status, code, message, .. } = self.parts();
        json!({
            "Id": id,
            "SenderFault": !status.is_server_error(),
            "Code": code,
            "Message": message,
        })
    }

    fn parts(&self) -> Parts {
        let bad = |kind: &str, code: &str, message: String| Parts {
            status: StatusCode::BAD_REQUEST,
            kind: kind.to_owned(),
            code: code.to_owned(),
            message,
        };
        let own = |name: &str, message: String| bad(&sqs(name), name, message);
        let older = |name: &str, message: String| {
            bad(&sqs(name), &format!("AWS.SimpleQueueService.{name}"), message)
        };
        let invalid = |message: String| {
            bad(&coral("InvalidParameterValueException"), "InvalidParameterValue", message)
        };
        match self {
            Self::NoQueue => bad(
                &sqs("QueueDoesNotExist"),
                "AWS.SimpleQueueService.NonExistentQueue",
                "The specified queue does not exist.".to_owned(),
            ),
            Self::NoHandle(handle) => Parts {
                status: StatusCode::NOT_FOUND,
                ..own(
                    "ReceiptHandleIsInvalid",
                    format!("The input receipt handle \"{handle}\" is not a valid receipt handle."),
                )
            },
            Self::Expired(handle) => invalid(of_handle(handle, "The receipt handle has expired.")),
            Self::Unavailable(handle) => invalid(of_handle(
                handle,
                "Message does not exist or is not available for visibility timeout change.",
            )),
            Self::NotInFlight => {
                older("MessageNotInflight", "The specified message isn't in flight.".to_owned())
            }
            Self::Missing(name) => bad(
                &coral("MissingRequiredParameterException"),
                "MissingParameter",
                format!("The request must contain the parameter {name}."),
            ),
            Self::Invalid(message) => invalid(message.clone()),
            Self::NoAttribute(name) => {
                own("InvalidAttributeName", format!("Unknown Attribute {name}."))
            }
            Self::Contents => own(
                "InvalidMessageContents",
                "Invalid characters were found in the message body.".to_owned(),
            ),
            Self::Batch(name, message) => older(name, message.clone()),
            Self::NoOperation(name) => bad(
                &coral("UnknownOperationException"),
                "InvalidAction",
                format!("The operation {name} is not known here."),
            ),
            Self::Malformed(message) => {
                bad(&coral("SerializationException"), "MalformedInput", message.clone())
            }
            Self::Internal(_) => Parts {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                kind: coral("InternalFailure"),
                code: "InternalFailure".to_owned(),
                message: "The queue failed.".to_owned(),
            },
        }
    }
}

fn of_handle(handle: &str, reason: &str) -> String {
    format!("Value {handle} for parameter ReceiptHandle is invalid. Reason: {reason}")
}

fn sqs(name: &str) -> String {
    format!("com.amazonaws.sqs#{name}")
}

/// The errors that all services of this kind have.
fn coral(name: &str) -> String {
    format!("com.amazon.coral.service#{name}")
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Internal(error) => write!(f, "the queue failed: {error}"),
            refusal => f.write_str(&refusal.parts().message),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Internal(error.to_string())
    }
}
