//! Whether an employee is online: what they chose, and a lease that their requests renew.

use crate::Timestamp;

/// How long a lease lasts without a request or socket frame, in milliseconds.
pub const LEASE_MILLIS: u64 = 90_000;
/// A lease is not renewed more often than this, in milliseconds.
pub const RENEW_MILLIS: u64 = 20_000;

/// What an employee chose.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Choice {
    /// To be available.
    Online,
    /// Not to be: also what nobody has chosen yet.
    #[default]
    Offline,
}

/// Whether an employee is shown as online.
#[must_use]
pub fn is_online(choice: Choice, lease_until: Option<Timestamp>, now: Timestamp) -> bool {
    choice == Choice::Online && lease_until.is_some_and(|until| until > now)
}

/// Whether a lease that ends then should be renewed now.
#[must_use]
pub fn is_renewal_due(lease_until: Option<Timestamp>, now: Timestamp) -> bool {
    lease_until
        .is_none_or(|until| until < now.plus_millis(LEASE_MILLIS - RENEW_MILLIS))
}
