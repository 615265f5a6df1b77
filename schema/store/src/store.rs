//! The store: a client of DynamoDB, the names of the tables, time and randomness.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use domain::Timestamp;

use crate::Environment;
use crate::metric::RETRIES;

/// The names of the tables.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tables {
    /// The state, with a stream.
    pub core: String,
    /// Connections, subscriptions, leases and limits; items expire, and there is no stream.
    pub live: String,
    /// Rows by which sessions and items are found; they can be rebuilt, and there is no stream.
    pub search: String,
}

impl Default for Tables {
    fn default() -> Self {
        Self { core: "core".to_owned(), live: "live".to_owned(), search: "search".to_owned() }
    }
}

/// The state. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) db: Client,
    pub(crate) tables: Arc<Tables>,
    environment: Arc<dyn Environment>,
}

/// The number of tries of a write or a read.
pub(crate) const TRIES: u32 = 12;
const SHORTEST_PAUSE_MILLIS: u64 = 5;
const LONGEST_PAUSE_MILLIS: u64 = 400;

impl Store {
    /// Returns the state behind this client. The client must not retry by itself: the store does,
    /// because only the store knows which calls may be sent again.
    #[must_use]
    pub fn new(db: Client, tables: Tables, environment: Arc<dyn Environment>) -> Self {
        Self { db, tables: Arc::new(tables), environment }
    }

    /// Returns the time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.environment.now()
    }

    /// Returns 128 random bits.
    #[must_use]
    pub fn random(&self) -> u128 {
        self.environment.random()
    }

    /// Waits before another try. The pause has full jitter, so that writers that collided spread
    /// out.
    pub(crate) async fn pause(&self, tried: u32) {
        metrics::counter!(RETRIES).increment(1);
        let most = (SHORTEST_PAUSE_MILLIS << tried.min(8)).min(LONGEST_PAUSE_MILLIS);
        let spread = u64::try_from(self.random() % u128::from(most)).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(spread + 1)).await;
    }
}
