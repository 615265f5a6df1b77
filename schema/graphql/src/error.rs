//! The error door: each error that leaves the service has its code, its sentence and its cause from
//! here.
//!
//! Which error to use:
//! - A rule refuses an act: a [`Refusal`]. The request succeeds, and the payload of the mutation
//!   carries it as a [`UserError`].
//! - The state fails: a [`Fault`]. [`fault`] makes it a top-level error, which keeps the fault as its
//!   cause: see [`cause`].
//! - The request is wrong or not for this caller: [`Code::error`] in a resolver, [`Code::unexecuted`]
//!   where nothing is executed.
//!
//! [`finish`] is the last step of every one: no other place sets `requestId`.

use std::sync::Arc;

use async_graphql::{
    Enum, Error, ErrorExtensionValues, ErrorExtensions, ServerError, SimpleObject, Value,
};
use domain::Refusal;
use store::Fault;

/// The reasons for which the service refuses a mutation, for programs to branch on. More values may
/// be added: applications must accept a value that they do not know.
///
/// If several reasons apply, the first in this order is reported: `INVALID` if the arguments alone
/// show it, `KEY_REUSED`, `NOT_FOUND`, `FORBIDDEN`, `OPERATOR_OFFLINE`, `SESSION_CLOSED`,
/// `ALREADY_CLAIMED` or `NOT_ASSIGNED`, then the others.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum UserErrorCode {
    /// An argument is not valid; `field` names it.
    Invalid,
    /// The object does not exist, or you may not see it. A malformed id is reported with this code
    /// as well.
    NotFound,
    /// You may see the object, but you may not do this.
    Forbidden,
    /// You are offline. If `field` is `employeeId`: the operator who should get the session is
    /// offline.
    OperatorOffline,
    /// The session is closed.
    SessionClosed,
    /// Another operator has the session; `claimedBy` of the result names them.
    AlreadyClaimed,
    /// The session is not assigned to you, and you are not a supervisor of its live chat.
    NotAssigned,
    /// The session is of an internal client, so it cannot be bound to items.
    InternalClient,
    /// The employee who should get the session is not an operator of the live chat.
    NotAnOperator,
    /// The client wrote after the last entry that you saw.
    UnseenMessage,
    /// The channel of the session cannot take an answer to the client. Nothing was stored.
    CannotDeliver,
    /// The messenger takes no answer so long after the client's last message. Nothing was stored.
    ReplyWindowClosed,
    /// You have used the same `clientMessageId` or `idempotencyKey` before, with other content.
    KeyReused,
    /// A limit of number or of speed is reached; `message` names it.
    Limit,
}

/// The refusal of a mutation, and its reason.
#[derive(SimpleObject, Clone, Debug)]
pub struct UserError {
    /// The reason, for programs.
    pub code: UserErrorCode,
    /// The reason in English, for people.
    pub message: String,
    /// The path to the argument that caused the refusal. Null if no single argument did, or if it
    /// is the object that the mutation changes.
    pub field: Option<Vec<String>>,
}

impl From<&Refusal> for UserError {
    fn from(refusal: &Refusal) -> Self {
        use UserErrorCode as Code;
        let (code, message) = match refusal {
            Refusal::Invalid { message, .. } => (Code::Invalid, message.as_str()),
            Refusal::NotFound | Refusal::NoSuch { .. } => {
                (Code::NotFound, "There is no such thing, or not for you.")
            }
            Refusal::Forbidden => (Code::Forbidden, "You may not do this here."),
            Refusal::ActorOffline => (Code::OperatorOffline, "You are offline: go online first."),
            Refusal::AssigneeOffline => (Code::OperatorOffline, "That employee is offline."),
            Refusal::SessionClosed => (Code::SessionClosed, "The session is closed."),
            Refusal::AlreadyClaimed { .. } => {
                (Code::AlreadyClaimed, "Another operator has taken the session.")
            }
            Refusal::NotAssigned => (Code::NotAssigned, "The session is not assigned to you."),
            Refusal::InternalClient => {
                (Code::InternalClient, "Sessions of internal clients cannot be bound.")
            }
            Refusal::NotAnOperator => {
                (Code::NotAnOperator, "That employee is not an operator of the live chat.")
            }
            Refusal::UnseenMessage => {
                (Code::UnseenMessage, "The client wrote after the message you saw last.")
            }
            Refusal::CannotDeliver => {
                (Code::CannotDeliver, "The channel has no way out: the client would get no answer.")
            }
            Refusal::ReplyWindowClosed => (
                Code::ReplyWindowClosed,
                "The messenger takes no answer so long after the client's last message.",
            ),
            Refusal::KeyReused => (Code::KeyReused, "This key was used with other content."),
            Refusal::Limit { message, .. } => (Code::Limit, *message),
        };
        let field = match refusal {
            Refusal::Invalid { field, .. } | Refusal::NoSuch { field } => {
                Some(vec![(*field).to_owned()])
            }
            Refusal::AssigneeOffline | Refusal::NotAnOperator => {
                Some(vec!["employeeId".to_owned()])
            }
            _ => None,
        };
        Self { code, message: message.to_owned(), field }
    }
}

/// Declares the codes once, with their texts, so that none can be read back as another.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $text:literal,)*) => {
        /// The code of an error, as `extensions.code` has it. Endpoints without GraphQL use the
        /// same codes.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Code {
            $($(#[$doc])* $code,)*
        }

        impl Code {
            const ALL: &[Self] = &[$(Self::$code),*];

            /// Returns the code as clients receive it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$code => $text,)*
                }
            }
        }
    };
}

codes! {
    /// The caller has to sign in.
    Unauthenticated = "UNAUTHENTICATED",
    /// The caller's token has expired: the same request with a fresh token succeeds.
    TokenExpired = "TOKEN_EXPIRED",
    /// The caller may not do this.
    Forbidden = "FORBIDDEN",
    /// There is nothing under this path. Never in GraphQL, where it is a refusal.
    NotFound = "NOT_FOUND",
    /// The request is wrong.
    BadUserInput = "BAD_USER_INPUT",
    /// The document exceeds a limit.
    TooComplex = "TOO_COMPLEX",
    /// The caller sends too much or holds too many operations.
    RateLimited = "RATE_LIMITED",
    /// The conversation grows too fast. Never in GraphQL, where it is a refusal.
    Limit = "LIMIT",
    /// The document is named by its hash alone, and the service keeps none.
    PersistedQueryNotSupported = "PERSISTED_QUERY_NOT_SUPPORTED",
    /// The subscription cannot go on without a loss: the client has to read and subscribe again.
    Resync = "RESYNC",
    /// A fault that may be gone at the next try.
    Unavailable = "UNAVAILABLE",
    /// A fault of ours.
    Internal = "INTERNAL",
}

/// The sentence of [`Code::Internal`]. The details are in the log, under the request's id.
pub const INTERNAL: &str = "Something went wrong on our side.";

impl Code {
    /// Returns the code of an error. An error without one that wraps another error was not meant
    /// for the client; any other one without a code is the library's, about the document.
    #[must_use]
    pub fn of(error: &ServerError) -> Self {
        let set = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        let known = |code: &Self| set == Some(&Value::from(code.as_str()));
        match Self::ALL.iter().copied().find(known) {
            Some(code) => code,
            None if error.source.is_some() => Self::Internal,
            None => Self::BadUserInput,
        }
    }

    /// Returns true if the service is at fault, and not the client.
    #[must_use]
    pub const fn is_fault(self) -> bool {
        matches!(self, Self::Internal | Self::Unavailable)
    }

    /// Builds an error of a resolver.
    #[must_use]
    pub fn error(self, message: impl Into<String>) -> Error {
        Error::new(message.into()).extend_with(|_, extensions| {
            extensions.set("code", self.as_str());
        })
    }

    /// Builds the error of an operation that is not executed.
    #[must_use]
    pub fn unexecuted(self, message: impl Into<String>) -> ServerError {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", self.as_str());
        ServerError { extensions: Some(extensions), ..ServerError::new(message, None) }
    }
}

/// Builds a top-level error for a fault. It contains no internals: those are logged.
#[must_use]
pub fn fault(fault: &Fault) -> Error {
    let error = if fault.is_retryable() {
        tracing::warn!(%fault, "a fault that may be retried");
        Code::Unavailable.error("The service is busy: try again.")
    } else {
        tracing::error!(%fault, "a fault");
        Code::Internal.error(INTERNAL)
    };
    Error { source: Some(Arc::new(fault.clone())), ..error }
}

/// Returns the fault of the state that caused an error.
#[must_use]
pub fn cause(error: &ServerError) -> Option<&Fault> {
    error.source::<Fault>()
}

/// Returns the fault of the state that an error of a resolver came from. An error without one is no
/// error of the state, so the same again would fail again.
pub(crate) fn fault_of(error: &Error) -> Fault {
    let source = error.source.as_ref().and_then(|source| source.downcast_ref::<Fault>());
    source.cloned().unwrap_or_else(|| Fault::Corrupt(error.message.clone()))
}

/// Completes an error for the client: its code, the request's id, and no message that was not meant
/// for the client. A complete error stays as it is.
pub fn finish(error: &mut ServerError, request_id: &str) {
    let is_complete = |set: &ErrorExtensionValues| set.get("requestId").is_some();
    if error.extensions.as_ref().is_some_and(is_complete) {
        return;
    }
    let code = Code::of(error);
    if code == Code::Internal {
        // The message is for the log: it may name things that no client may know.
        tracing::error!(request_id, path = ?error.path, "{}", error.message);
        INTERNAL.clone_into(&mut error.message);
    }
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code.as_str());
    extensions.set("requestId", request_id);
}
