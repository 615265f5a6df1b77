//! Time and randomness: the store asks its caller for both, so that a simulation can decide them.

use domain::Timestamp;

/// The source of time and randomness: the machine in production, a seed in a simulation.
pub trait Environment: Send + Sync {
    /// Returns the time now.
    fn now(&self) -> Timestamp;
    /// Returns 128 random bits.
    fn random(&self) -> u128;
}
