//! Refusals: the reasons why a rule does not allow an act. The API gives each of them a stable code.
//!
//! NOT_FOUND comes with a `field` when it is not the subject of the act that does not exist, but what
//! another argument names: an assignee, a quoted message, an item. Only an actor who may see the
//! subject learns that.

use crate::EmployeeId;

/// Why an act is refused. Every refusal is an answer for the one who asked, never a fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// An argument is out of its bounds; `field` names it.
    Invalid {
        /// The argument, as the API names it.
        field: &'static str,
        /// What is wrong with it, in English.
        message: String,
    },
    /// It does not exist, or the actor may not see it: the same answer.
    NotFound,
    /// What an argument names beside the one that is acted on does not exist, or the actor may not
    /// see it: the same answer.
    NoSuch {
        /// The argument, as the API names it.
        field: &'static str,
    },
    /// The actor sees it and may not do this.
    Forbidden,
    /// The actor is offline.
    ActorOffline,
    /// The employee assigned to is offline.
    AssigneeOffline,
    /// The session is closed.
    SessionClosed,
    /// Another operator has it.
    AlreadyClaimed {
        /// Who.
        by: EmployeeId,
    },
    /// The session is not the actor's.
    NotAssigned,
    /// Sessions of internal clients are not bound.
    InternalClient,
    /// The employee assigned to is not an operator of the live chat.
    NotAnOperator,
    /// The client wrote after what the actor had seen.
    UnseenMessage,
    /// The same idempotency key came with other content.
    KeyReused,
    /// Too many: the message says of what.
    Limit {
        /// What there is too much of, in English.
        message: &'static str,
        /// When it may be tried again, in milliseconds, where waiting helps.
        retry_after_millis: Option<u64>,
    },
}

impl Refusal {
    /// An argument out of its bounds.
    #[must_use]
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    /// There are as many as there may be: `message` says of what.
    #[must_use]
    pub const fn limit(message: &'static str) -> Self {
        Self::Limit { message, retry_after_millis: None }
    }

    /// Too many open sessions for one operator.
    pub const TOO_MANY_SESSIONS: Self = Self::Limit {
        message: "The operator holds 200 open sessions in this live chat already.",
        retry_after_millis: None,
    };
}
