//! How fast a conversation may grow.

use crate::{Refusal, Timestamp};

/// Milliseconds that one message takes of the allowance: 5 messages a second.
const COST_MILLIS: u64 = 200;
/// How far the allowance may be overdrawn: a burst of 20 messages.
const BURST_MILLIS: u64 = 20 * COST_MILLIS;

/// When the allowance will be whole again: the theoretical arrival time of a leaky bucket.
/// Above this rate the optimistic retries on one session would starve everybody.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Rate(pub Timestamp);

impl Rate {
    /// The rate after one more message.
    ///
    /// # Errors
    /// [`Refusal::Limit`] beyond 5 messages a second with a burst of 20.
    pub fn take(self, now: Timestamp) -> Result<Self, Refusal> {
        let whole = self.0.max(now).plus_millis(COST_MILLIS);
        let ahead = whole.millis_since(now);
        if ahead > BURST_MILLIS {
            return Err(Refusal::Limit {
                message: "Too many messages in this conversation: wait a moment.",
                retry_after_millis: Some(ahead - BURST_MILLIS),
            });
        }
        Ok(Self(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
