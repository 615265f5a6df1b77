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
    lease_until.is_none_or(|until| until < now.plus_millis(LEASE_MILLIS - RENEW_MILLIS))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000_000);

    fn ends_in(millis: u64) -> Option<Timestamp> {
        Some(NOW.plus_millis(millis))
    }

    #[test]
    fn everybody_is_offline_first() {
        assert!(!is_online(Choice::default(), ends_in(LEASE_MILLIS), NOW));
    }

    #[test]
    fn online_is_who_chose_it_and_has_a_lease() {
        assert!(is_online(Choice::Online, ends_in(1), NOW));
        assert!(!is_online(Choice::Online, ends_in(0), NOW));
        assert!(!is_online(Choice::Online, None, NOW));
        assert!(!is_online(Choice::Offline, ends_in(1), NOW));
    }

    #[test]
    fn a_lease_is_renewed_at_most_every_twenty_seconds() {
        let renewed = Some(NOW.plus_millis(LEASE_MILLIS));
        assert!(!is_renewal_due(renewed, NOW));
        assert!(!is_renewal_due(renewed, NOW.plus_millis(20_000)));
        assert!(is_renewal_due(renewed, NOW.plus_millis(20_001)));
        assert!(is_renewal_due(None, NOW), "a connection that comes back");
        assert!(is_renewal_due(ends_in(20_000), NOW), "the last connection was gone");
    }
}
