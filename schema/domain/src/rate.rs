//! The rate of a conversation: 5 messages a second with a burst of 20, from the client and operators
//! together.
//!
//! Notes count as messages do, so that whatever is sent into a conversation has a bound.

use crate::{Refusal, Timestamp};

/// The cost of one message, in milliseconds of the allowance: 5 messages a second.
const COST_MILLIS: u64 = 200;
/// The most that the allowance may be overdrawn: a burst of 20 messages.
const BURST_MILLIS: u64 = 20 * COST_MILLIS;

/// The moment when the allowance will be whole again: the theoretical arrival time of a leaky
/// bucket. Above this rate, optimistic retries on one session would block other writers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Rate(pub Timestamp);

impl Rate {
    /// Returns the rate after one more message.
    ///
    /// # Errors
    /// [`Refusal::Limit`] beyond 5 messages a second with a burst of 20.
    pub fn take(self, now: Timestamp) -> Result<Self, Refusal> {
        let whole = self.of(now).max(now).plus_millis(COST_MILLIS);
        let ahead = whole.millis_since(now);
        if ahead > BURST_MILLIS {
            return Err(Refusal::Limit {
                message: "Too many messages in this conversation: wait a moment.",
                retry_after_millis: Some(ahead - BURST_MILLIS),
            });
        }
        Ok(Self(whole))
    }

    /// Returns the allowance by this clock. An allowance overdrawn beyond the limit was noted by a
    /// clock that is ahead, or this clock stepped back: one message passes, and the rate is
    /// enforced from then on.
    fn of(self, now: Timestamp) -> Timestamp {
        if self.0.millis_since(now) > BURST_MILLIS {
            now.plus_millis(BURST_MILLIS - COST_MILLIS)
        } else {
            self.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_steps_back_and_one_that_is_ahead_leave_the_rate_as_it_is() {
        let at = Timestamp::from_millis(10_000_000);
        for ahead in [4_001, 5_000, 3_600_000] {
            let mut rate = Rate::default().take(at.plus_millis(ahead)).unwrap();
            for passed in (0..4_000).step_by(200) {
                rate = rate.take(at.plus_millis(passed)).unwrap();
            }
            assert!(rate.take(at.plus_millis(3_800)).is_err(), "still five a second");
        }
        // When two clocks differ a little, neither delays the messages of the other.
        let mut rate = Rate::default();
        for passed in (0..20_000).step_by(500) {
            rate = rate.take(at.plus_millis(passed + 3_000)).unwrap();
            rate = rate.take(at.plus_millis(passed)).unwrap();
        }
    }

    #[test]
    fn twenty_messages_at_once_pass_and_then_five_a_second() {
        let at = Timestamp::from_millis(1_000_000);
        let mut rate = Rate::default();
        for _ in 0..20 {
            rate = rate.take(at).unwrap();
        }
        let Err(Refusal::Limit { retry_after_millis, .. }) = rate.take(at) else { panic!() };
        assert_eq!(retry_after_millis, Some(200));
        assert!(rate.take(at.plus_millis(199)).is_err());
        rate = rate.take(at.plus_millis(200)).unwrap();
        assert!(rate.take(at.plus_millis(200)).is_err());
    }
}
