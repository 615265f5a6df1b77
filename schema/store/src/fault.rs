//! Faults: what can go wrong with the state. A refusal is no fault, but an answer.

use domain::Refusal;

/// A failure of the state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Concurrent writes collided each time: the caller may retry.
    Conflict,
    /// The state did not answer, or not in time: the caller may retry.
    Unavailable(String),
    /// An item cannot be read as it was written. With the item and the reason.
    Corrupt(String),
}

impl Fault {
    /// Returns true if the same request may succeed later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        !matches!(self, Self::Corrupt(_))
    }
}

/// The reason why an act has no result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// A rule refused the act: an answer for the caller.
    Refused(Refusal),
    /// The state failed.
    Failed(Fault),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Conflict => f.write_str("conflicting writes, all tries used up"),
            Self::Unavailable(why) => write!(f, "the state is not available: {why}"),
            Self::Corrupt(what) => write!(f, "an item is corrupt: {what}"),
        }
    }
}

impl std::error::Error for Fault {}
