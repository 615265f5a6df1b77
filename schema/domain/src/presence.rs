//! Presence: decides from an employee's choice and their lease whether they are online, and what a
//! sweep has to do about a lease.
//!
//! Requests and socket frames of the employee renew the lease. It expires when none come.

use crate::Timestamp;

/// The time that a lease lasts without a request or socket frame, in milliseconds.
pub const LEASE_MILLIS: u64 = 90_000;
/// The shortest time between two renewals of a lease, in milliseconds.
pub const RENEW_MILLIS: u64 = 20_000;

/// The most time that a lease lasts once the last connection is gone, in milliseconds: enough for a
/// page that is being reloaded.
pub const SHORTENED_MILLIS: u64 = 20_000;
/// The time that a lease has to last beyond the next sweep to be left alone by this one, in
/// milliseconds: the most that a sweep, a ping and its pong take.
const MARGIN_MILLIS: u64 = 15_000;
/// The time between the end of a lease and the publishing of its expiry, in milliseconds. Clocks
/// differ a little, and a subscriber who reads the presence then must find it expired.
const GRACE_MILLIS: u64 = 1_000;

/// The presence that an employee chose.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Choice {
    /// Available.
    Online,
    /// Not available. Also the default before the first choice.
    #[default]
    Offline,
}

/// The most that another clock may be ahead, in milliseconds. A lease that lasts longer than a new
/// one plus this was written by a clock that was wrong.
pub const SKEW_MILLIS: u64 = 10_000;

/// Returns true when an employee is shown as online.
#[must_use]
pub fn is_online(choice: Choice, lease_until: Option<Timestamp>, now: Timestamp) -> bool {
    choice == Choice::Online
        && lease_until.is_some_and(|until| until > now && until <= longest(now))
}

/// Returns the latest end of a lease renewed by now. A later end says nothing about when its
/// employee was last heard from.
#[must_use]
pub const fn longest(now: Timestamp) -> Timestamp {
    now.plus_millis(LEASE_MILLIS + SKEW_MILLIS)
}

/// Returns true when a lease with this end should be renewed now.
#[must_use]
pub fn is_renewal_due(lease_until: Option<Timestamp>, now: Timestamp) -> bool {
    lease_until.is_none_or(|until| {
        until < now.plus_millis(LEASE_MILLIS - RENEW_MILLIS) || until > longest(now)
    })
}

/// Returns the new end of a lease whose last connection is gone now; `None` when it ends sooner
/// anyway.
#[must_use]
pub fn shortened(until: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let short = now.plus_millis(SHORTENED_MILLIS);
    (short < until).then_some(short)
}

/// The action of a sweep on a lease.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Due {
    /// Nothing: it lasts until after the next sweep.
    Later,
    /// Pings its employee: it may end before the next sweep is done.
    Soon,
    /// Publishes that it has expired.
    Lapsed,
}

/// Returns the action of a sweep on a lease with this end, when sweeps are `every_millis` apart.
#[must_use]
pub fn due(until: Timestamp, now: Timestamp, every_millis: u64) -> Due {
    if until.plus_millis(GRACE_MILLIS) <= now {
        Due::Lapsed
    } else if until <= horizon(now, every_millis) {
        Due::Soon
    } else {
        Due::Later
    }
}

/// Returns the moment up to which a sweep reads the leases that end.
#[must_use]
pub fn horizon(now: Timestamp, every_millis: u64) -> Timestamp {
    now.plus_millis(every_millis.saturating_add(MARGIN_MILLIS))
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
    fn a_lease_written_by_a_clock_that_was_wrong_keeps_nobody_online() {
        assert!(is_online(Choice::Online, ends_in(LEASE_MILLIS + 5_000), NOW), "a little ahead");
        assert!(!is_online(Choice::Online, ends_in(3_600_000), NOW), "this one stepped back");
        assert!(is_renewal_due(ends_in(3_600_000), NOW));
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

    #[test]
    fn the_last_disconnect_shortens_a_lease_and_never_lengthens_it() {
        let long = NOW.plus_millis(LEASE_MILLIS);
        assert_eq!(shortened(long, NOW), Some(NOW.plus_millis(20_000)));
        assert_eq!(shortened(NOW.plus_millis(20_000), NOW), None);
        assert_eq!(shortened(NOW, NOW), None);
    }

    #[test]
    fn a_walk_asks_those_whose_lease_may_not_last_until_the_next_and_tells_of_those_gone() {
        let at = |millis| due(NOW.plus_millis(millis), NOW, 60_000);
        assert_eq!(at(LEASE_MILLIS), Due::Later);
        assert_eq!(at(75_001), Due::Later);
        assert_eq!(at(75_000), Due::Soon);
        assert_eq!(at(0), Due::Soon, "over, but another's clock may not say so yet");
        assert_eq!(due(NOW, NOW.plus_millis(999), 60_000), Due::Soon);
        assert_eq!(due(NOW, NOW.plus_millis(1_000), 60_000), Due::Lapsed);
    }

    #[test]
    fn whoever_answers_every_ping_never_lapses() {
        // A lease too young to be renewed lasts until after the next sweep, which pings again.
        let youngest = NOW.plus_millis(LEASE_MILLIS - RENEW_MILLIS + 1);
        assert!(youngest > NOW.plus_millis(60_000 + 10_000));
    }
}
