//! Time and randomness of the machine. No other code of the service takes them from it.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::Timestamp;
use store::Environment;

/// The machine's clock and its source of randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine;

impl Environment for Machine {
    #[expect(clippy::disallowed_methods, reason = "this is the edge where time comes in")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the edge where chance comes in")]
    fn random(&self) -> u128 {
        rand::random()
    }
}
