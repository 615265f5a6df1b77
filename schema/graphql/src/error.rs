//! The one error door: refusals become user errors of a payload, faults become top-level errors.

use async_graphql::{Enum, Error, ErrorExtensions, SimpleObject};
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

/// A code of a top-level error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// The caller has to sign in.
    Unauthenticated,
    /// The caller may not do this.
    Forbidden,
    /// The request is wrong.
    BadUserInput,
    /// The request exceeds a limit.
    TooComplex,
    /// The subscription cannot go on without a loss: the client has to read and subscribe again.
    Resync,
    /// A fault that may be gone at the next try.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl Code {
    /// Returns the code as `extensions.code` has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::TooComplex => "TOO_COMPLEX",
            Self::Resync => "RESYNC",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }

    /// Builds a top-level error with this code.
    #[must_use]
    pub fn error(self, message: impl Into<String>) -> Error {
        Error::new(message.into()).extend_with(|_, extensions| {
            extensions.set("code", self.as_str());
        })
    }
}

/// Builds a top-level error for a fault. It contains no internals: those are logged.
#[must_use]
pub fn fault(fault: &Fault) -> Error {
    match fault {
        Fault::Conflict | Fault::Unavailable(_) => {
            tracing::warn!(%fault, "a fault that may be retried");
            Code::Unavailable.error("The service is busy: try again.")
        }
        Fault::Corrupt(_) => {
            tracing::error!(%fault, "a fault");
            Code::Internal.error("Something went wrong on our side.")
        }
    }
}
