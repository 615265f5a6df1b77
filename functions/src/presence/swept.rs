//! The result of a sweep.

use std::ops::AddAssign;

use serde_json::{Value, json};

/// The result of a sweep.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Swept {
    /// Connections that were pinged.
    pub pinged: u64,
    /// Employees whose lease expired, and whose absence was published.
    pub lapsed: u64,
    /// Connections that were ended, because they had not authenticated in time.
    pub ended: u64,
    /// Operations that lost events and received RESYNC.
    pub resynced: u64,
    /// Leases and connections that failed: the next sweep tries again.
    pub failed: u64,
}

impl Swept {
    /// Returns the result as JSON, for the log.
    #[must_use]
    pub fn to_json(self) -> Value {
        json!({
            "pinged": self.pinged,
            "lapsed": self.lapsed,
            "ended": self.ended,
            "resynced": self.resynced,
            "failed": self.failed,
        })
    }
}

impl AddAssign for Swept {
    fn add_assign(&mut self, more: Self) {
        self.pinged += more.pinged;
        self.lapsed += more.lapsed;
        self.ended += more.ended;
        self.resynced += more.resynced;
        self.failed += more.failed;
    }
}
