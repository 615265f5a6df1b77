//! Time: the moment that every rule takes as an argument, because no rule reads a clock.

/// A moment: milliseconds since 1970 in UTC, never negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(u64);

impl Timestamp {
    /// Returns the moment so many milliseconds after the beginning of 1970.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Returns milliseconds since the beginning of 1970.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Returns whole seconds since the beginning of 1970, as expiry times are written.
    #[must_use]
    pub const fn as_seconds(self) -> u64 {
        self.0 / 1000
    }

    /// Returns the moment so many milliseconds later.
    #[must_use]
    pub const fn plus_millis(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Returns true when a noted moment is at least so many milliseconds ago. A moment that is so
    /// far in the future was noted by a clock that was wrong, and counts as long ago. Otherwise a
    /// timer based on it would wait until this clock has caught up.
    #[must_use]
    pub const fn is_past(self, noted: Self, millis: u64) -> bool {
        self.millis_since(noted) >= millis || noted.millis_since(self) > millis
    }

    /// Returns milliseconds from `earlier` to this moment; 0 when `earlier` is not earlier.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_far_ahead_was_noted_by_a_wrong_clock_and_is_past() {
        let now = Timestamp::from_millis(100_000);
        let is_past = |noted| now.is_past(Timestamp::from_millis(noted), 10_000);
        assert_eq!([90_000, 90_001, 100_000, 110_000].map(is_past), [true, false, false, false]);
        assert!(is_past(110_001) && is_past(3_700_000));
    }
}
