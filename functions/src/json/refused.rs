//! Refusals, as answers in JSON.

use domain::Refusal;
use graphql::error::{Code, INTERNAL};
use http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, StatusCode};
use lambda_http::{Body, Response};
use serde::Serialize;
use serde_json::json;
use store::{Failure, Fault};

use super::answer::respond;

/// The reason why a request has no result.
#[derive(Debug)]
pub enum Refused {
    /// The request is invalid; `field` names the part, where there is one.
    Invalid {
        /// The part that is wrong.
        field: Option<&'static str>,
        /// The fault, in English.
        message: String,
    },
    /// The sender's proof is missing or wrong.
    Unauthenticated {
        /// The way to authenticate, as a value of `WWW-Authenticate`.
        challenge: &'static str,
        /// The reason, in English.
        message: &'static str,
    },
    /// Pages of this origin may not send the request.
    Forbidden {
        /// The reason, in English.
        message: &'static str,
    },
    /// There is nothing here.
    NotFound,
    /// The method is not allowed here.
    NotAllowed {
        /// The allowed methods.
        allowed: &'static str,
    },
    /// The body is longer than this, in bytes.
    TooLarge {
        /// The bound.
        most: usize,
    },
    /// The sender is over a limit and has to wait.
    TooMany {
        /// The reason, in English.
        message: &'static str,
        /// The time to wait before the next attempt.
        after_seconds: u64,
    },
    /// The service cannot answer now; the request may be sent again.
    Unavailable,
    /// A fault of the service. The details are in the log.
    Internal(String),
}

/// The error in an answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    request_id: &'a str,
}

impl Refused {
    /// Returns the refusal of a part of the request.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field: Some(field), message: message.into() }
    }

    fn status(&self) -> (StatusCode, Code) {
        match self {
            Self::Invalid { .. } => (StatusCode::BAD_REQUEST, Code::BadUserInput),
            Self::Unauthenticated { .. } => (StatusCode::UNAUTHORIZED, Code::Unauthenticated),
            Self::Forbidden { .. } => (StatusCode::FORBIDDEN, Code::Forbidden),
            Self::NotFound => (StatusCode::NOT_FOUND, Code::NotFound),
            Self::NotAllowed { .. } => (StatusCode::METHOD_NOT_ALLOWED, Code::BadUserInput),
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, Code::BadUserInput),
            Self::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, Code::Limit),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, Code::Internal),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Invalid { message, .. } => message.clone(),
            Self::Unauthenticated { message, .. } | Self::Forbidden { message } => {
                (*message).to_owned()
            }
            Self::NotFound => "There is nothing here.".to_owned(),
            Self::NotAllowed { allowed } => format!("The method is not allowed: {allowed}."),
            Self::TooLarge { most } => format!("The body has more than {most} bytes."),
            Self::TooMany { message, .. } => (*message).to_owned(),
            Self::Unavailable => "Not available now: send it again.".to_owned(),
            Self::Internal(_) => INTERNAL.to_owned(),
        }
    }

    fn header(&self) -> Option<(HeaderName, String)> {
        match self {
            Self::Unauthenticated { challenge, .. } => {
                Some((WWW_AUTHENTICATE, (*challenge).to_owned()))
            }
            Self::NotAllowed { allowed } => Some((ALLOW, (*allowed).to_owned())),
            Self::TooMany { after_seconds, .. } => Some((RETRY_AFTER, after_seconds.to_string())),
            Self::Unavailable => Some((RETRY_AFTER, "1".to_owned())),
            _ => None,
        }
    }

    /// Returns true if it is a fault of the service.
    #[must_use]
    pub const fn is_fault(&self) -> bool {
        matches!(self, Self::Unavailable | Self::Internal(_))
    }

    /// Returns the answer to a request with this id.
    #[must_use]
    pub fn respond(&self, request_id: &str) -> Response<Body> {
        if let Self::Internal(what) = self {
            tracing::error!(request_id, what, "a request fails");
        }
        let (status, code) = self.status();
        let field = match self {
            Self::Invalid { field, .. } => *field,
            _ => None,
        };
        let error = Written { code: code.as_str(), message: self.message(), field, request_id };
        let mut response = respond(&json!({ "error": error }));
        *response.status_mut() = status;
        if let Some((name, value)) = self.header()
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        if fault.is_retryable() {
            tracing::warn!(%fault, "the state is not available");
            return Self::Unavailable;
        }
        Self::Internal(fault.to_string())
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid { field, message } => Self::Invalid { field: Some(field), message },
            Refusal::Limit { message, retry_after_millis } => Self::TooMany {
                message,
                after_seconds: retry_after_millis.unwrap_or_default().div_ceil(1000).max(1),
            },
            other => Self::Internal(format!("{other:?} cannot be answered here")),
        }
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Failed(fault) => fault.into(),
        }
    }
}
