//! Time and chance for the store: a seed's, and a clock that is set or follows tokio's.

use crate::database::lock;
use domain::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::time::Instant;

/// The time at which all clocks start: a day in 2023, so that stored times have as many digits as
/// today's.
pub const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// Random numbers from a seed, and a clock.
#[derive(Debug)]
pub struct Seeded {
    rng: Mutex<StdRng>,
    millis: AtomicU64,
    since: Option<Instant>,
}

impl Seeded {
    /// Builds a clock that stands still until it is set.
    #[must_use]
    pub fn still(seed: u64) -> Self {
        Self {
            rng: Mutex::new(StdRng::seed_from_u64(seed)),
            millis: AtomicU64::new(START.as_millis()),
            since: None,
        }
    }

    /// Builds a clock that follows tokio's, which a simulation pauses. It has to be made inside the
    /// runtime.
    #[must_use]
    pub fn following(seed: u64) -> Self {
        Self { since: Some(Instant::now()), ..Self::still(seed) }
    }

    /// Advances the clock.
    pub fn pass(&self, millis: u64) {
        self.millis.fetch_add(millis, Ordering::Relaxed);
    }
}

/// The machine's clock, put forward: for a whole running system, whose gateway has the machine's.
#[derive(Debug, Default)]
pub struct Ahead {
    millis: AtomicU64,
}

impl Ahead {
    /// Advances the clock.
    pub fn pass(&self, millis: u64) {
        self.millis.fetch_add(millis, Ordering::Relaxed);
    }
}

impl store::Environment for Ahead {
    fn now(&self) -> Timestamp {
        functions::environment::Machine.now().plus_millis(self.millis.load(Ordering::Relaxed))
    }

    fn random(&self) -> u128 {
        functions::environment::Machine.random()
    }
}

/// A clock that is wrong: ahead or behind, by another amount each time it is looked at.
#[derive(Debug)]
pub struct Wrong {
    /// The right clock.
    pub clock: std::sync::Arc<Seeded>,
    /// The most milliseconds by which it is wrong.
    pub by: u64,
}

impl store::Environment for Wrong {
    fn now(&self) -> Timestamp {
        let by = lock(&self.clock.rng).random_range(0..=2 * self.by);
        let now = self.clock.now().as_millis();
        Timestamp::from_millis((now + by).saturating_sub(self.by))
    }

    fn random(&self) -> u128 {
        self.clock.random()
    }
}

impl store::Environment for Seeded {
    fn now(&self) -> Timestamp {
        let elapsed = self.since.map_or(0, |since| since.elapsed().as_millis());
        let elapsed = u64::try_from(elapsed).unwrap_or(u64::MAX);
        Timestamp::from_millis(self.millis.load(Ordering::Relaxed)).plus_millis(elapsed)
    }

    fn random(&self) -> u128 {
        lock(&self.rng).random()
    }
}
