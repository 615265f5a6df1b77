//! The store: a client of DynamoDB, the names of the tables, time and randomness.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use domain::Timestamp;

use crate::commit::Commits;

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

/// The table that a call is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Table {
    Core,
    Live,
    Search,
}

/// The source of time and randomness: the machine in production, a seed in a simulation.
pub trait Environment: Send + Sync {
    /// Returns the time now.
    fn now(&self) -> Timestamp;
    /// Returns 128 random bits.
    fn random(&self) -> u128;
}

/// The state. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(super) db: Client,
    pub(super) tables: Arc<Tables>,
    environment: Arc<dyn Environment>,
    /// The commits of the request that this store serves, where somebody wants to know them.
    commits: Option<Commits>,
}

impl Store {
    /// Returns the state behind this client. The client must not retry by itself: the store does,
    /// because only the store knows which calls may be sent again.
    #[must_use]
    pub fn new(db: Client, tables: Tables, environment: Arc<dyn Environment>) -> Self {
        Self { db, tables: Arc::new(tables), environment, commits: None }
    }

    /// Returns the same store, which notes its commits there.
    pub(crate) fn with_commits(&self, commits: Commits) -> Self {
        Self { commits: Some(commits), ..self.clone() }
    }

    /// Returns the commits of the request that this store serves.
    pub(crate) const fn commits(&self) -> Option<&Commits> {
        self.commits.as_ref()
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

    /// Returns the name of a table.
    pub(super) fn name(&self, table: Table) -> &str {
        match table {
            Table::Core => &self.tables.core,
            Table::Live => &self.tables.live,
            Table::Search => &self.tables.search,
        }
    }
}
