//! Refusals: the reasons why a rule does not allow an act. The API gives each of them a stable code.
//!
//! NOT_FOUND comes with a `field` when it is not the subject of the act that does not exist, but what
//! another argument names: an assignee, a quoted message, an item. Only an actor who may see the
//! subject learns that.

use crate::EmployeeId;

/// The reason why an act is refused. Every refusal is an answer for the caller, never a fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// An argument is out of its bounds; `field` names it.
    Invalid {
        /// The argument, as the API names it.
        field: &'static str,
        /// The problem with it, in English.
        message: String,
    },
    /// The object does not exist, or the actor may not see it: both get the same answer.
    NotFound,
    /// Another object named by an argument does not exist, or the actor may not see it: both get
    /// the same answer.
    NoSuch {
        /// The argument, as the API names it.
        field: &'static str,
    },
    /// The actor may see the object and may not do this.
    Forbidden,
    /// The actor is offline.
    ActorOffline,
    /// The employee assigned to is offline.
    AssigneeOffline,
    /// The session is closed.
    SessionClosed,
    /// Another operator has the session.
    AlreadyClaimed {
        /// The operator who has it.
        by: EmployeeId,
    },
    /// The session is not assigned to the actor.
    NotAssigned,
    /// Sessions of internal clients cannot be bound.
    InternalClient,
    /// The employee assigned to is not an operator of the live chat.
    NotAnOperator,
    /// The client wrote a message after the last entry that the actor saw.
    UnseenMessage,
    /// The channel of the session has no way out for an answer.
    CannotDeliver,
    /// The messenger takes no answer so long after the client's last message.
    ReplyWindowClosed,
    /// The same idempotency key was used with other content.
    KeyReused,
    /// A limit is reached; the message names it.
    Limit {
        /// The limit, in English.
        message: &'static str,
        /// The time to wait before a retry, in milliseconds, where waiting helps.
        retry_after_millis: Option<u64>,
    },
}

impl Refusal {
    /// Returns the refusal of an argument that is out of its bounds.
    #[must_use]
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    /// Returns the refusal for a limit on a number of things; `message` names the limit.
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
