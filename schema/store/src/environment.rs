//! Time and randomness: the store asks its caller for both, so that a simulation can decide them.

use domain::Timestamp;

/// Where time and chance come from: the machine's in production, a seed's in a simulation.
pub trait Environment: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
    /// 128 random bits.
    fn random(&self) -> u128;
}
