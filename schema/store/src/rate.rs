//! Counts in a window of time, for what may be done only so often.

use domain::Timestamp;

use crate::table::{Expression, Table, key};
use crate::{Fault, TenantStore};

pub use crate::table::key::Counted;

/// The time that a count is kept after its window, in seconds, because clocks differ.
const KEPT_SECONDS: u64 = 60;

/// A rate limit: so many times in each window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// The length of a window, in milliseconds.
    pub window_millis: u64,
    /// The most times in one window.
    pub most: u64,
}

impl Rate {
    /// Returns the beginning of the window that includes this moment.
    #[must_use]
    pub fn began(&self, now: Timestamp) -> Timestamp {
        let into = now.as_millis().checked_rem(self.window_millis).unwrap_or_default();
        Timestamp::from_millis(now.as_millis() - into)
    }

    /// Returns the seconds left in the window, at least one.
    #[must_use]
    pub fn seconds_left(&self, now: Timestamp) -> u64 {
        let end = self.began(now).plus_millis(self.window_millis);
        end.millis_since(now).div_ceil(1000).max(1)
    }
}

impl TenantStore<'_> {
    /// Adds to the count of the current window. If that would exceed the limit, counts nothing and
    /// returns false. The write is not retried, because it would be unknown whether it was counted
    /// already.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn count(self, what: Counted<'_>, rate: Rate, many: u64) -> Result<bool, Fault> {
        let Some(room) = rate.most.checked_sub(many) else { return Ok(false) };
        let began = rate.began(self.now());
        let end = began.plus_millis(rate.window_millis);
        let update = Expression::update("ADD n :many SET #ttl = :ttl")
            .when("attribute_not_exists(n) OR n <= :room")
            .number(":many", many)
            .number(":room", room)
            .number(":ttl", end.as_seconds() + KEPT_SECONDS);
        self.update_once(Table::Live, &key::counted(self.tenant, what, began), update).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_begins_at_the_same_moment_for_everybody_and_ends_within_its_length() {
        let rate = Rate { window_millis: 10_000, most: 1 };
        let at = Timestamp::from_millis;
        for (now, began, left) in
            [(0, 0, 10), (1, 0, 10), (9_000, 0, 1), (9_999, 0, 1), (10_000, 10_000, 10)]
        {
            assert_eq!((rate.began(at(now)), rate.seconds_left(at(now))), (at(began), left));
        }
    }
}
