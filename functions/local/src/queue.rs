//! SQS: a FIFO queue and its dead letters in one file, spoken to over AWS's protocol, and the event
//! source that hands its messages to a function.
//!
//! The queue behaves as one with `DeduplicationScope=messageGroup` and
//! `FifoThroughputLimit=perMessageGroupId`. What it has acknowledged is in the file, also after the
//! process was killed.

mod api;
mod attributes;
mod batch;
mod event;
mod held;
pub(super) mod message;
mod refusal;
mod request;
mod source;
mod table;
#[cfg(test)]
mod tests;

pub use attributes::Attributes;
pub use source::{Settings, Source};

pub(super) use api::answer;

use crate::endpoint::Call;
use crate::{Fault, place};
use axum::extract::{Request, State};
use axum::{Router, response::Response, routing::post};
use message::Message;
use refusal::Refusal;
use rusqlite::{Connection, TransactionBehavior};
use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use table::{Ask, Table};
use tokio::{sync::watch, task::spawn_blocking};

/// Returns the time in milliseconds since the epoch.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The longest time that a statement waits for another connection.
const BUSY: Duration = Duration::from_secs(5);

/// A FIFO queue and its dead letters. Clones share them.
#[derive(Clone)]
pub struct Queue {
    attributes: Arc<Attributes>,
    connection: Arc<Mutex<Connection>>,
    now: Clock,
    /// Changes with everything that may make a message available.
    changes: watch::Sender<u64>,
}

impl Queue {
    /// Opens the file, or makes it, accessible to its owner alone. The attributes are the default.
    ///
    /// # Errors
    /// When the file is no such database or cannot be written.
    pub fn open(file: &Path, now: Clock) -> Result<Self, Fault> {
        Self::with(file, now, Attributes::default())
    }

    /// The same with other attributes.
    ///
    /// # Errors
    /// As [`Queue::open`] has them.
    pub fn with(file: &Path, now: Clock, attributes: Attributes) -> Result<Self, Fault> {
        drop(place::open_private(file)?);
        let connection = Connection::open(file)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // Each commit is flushed: an acknowledged message survives the machine as well.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(table::SCHEMA)?;
        Ok(Self {
            attributes: Arc::new(attributes),
            connection: Arc::new(Mutex::new(connection)),
            now,
            changes: watch::Sender::new(0),
        })
    }

    /// Returns the number of messages in the queue, visible or in flight.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn len(&self) -> Result<usize, Fault> {
        Ok(self.run(&self.attributes.name, |table| table.counts()).await?.total())
    }

    /// Returns true when no message is in the queue, neither visible nor in flight.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_empty(&self) -> Result<bool, Fault> {
        Ok(self.len().await? == 0)
    }

    /// Returns the bodies of the dead letters, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn dead(&self) -> Result<Vec<String>, Fault> {
        Ok(self.run(&self.attributes.dead, |table| table.bodies()).await?)
    }

    /// Deletes the messages of the queue, as `PurgeQueue` does. Their deduplication ids still count
    /// for 5 minutes after they were sent. The dead letters stay.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn purge(&self) -> Result<(), Fault> {
        Ok(self.run(&self.attributes.name, |table| table.purge()).await?)
    }

    /// Deletes the messages of the queue and forgets their deduplication ids, as if nothing had
    /// ever been sent to it. AWS has no such operation. The dead letters stay.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn lose(&self) -> Result<(), Fault> {
        let lose = |table: &Table<'_>| {
            table.purge()?;
            table.forget()
        };
        Ok(self.run(&self.attributes.name, lose).await?)
    }

    /// Makes visible at once what a process that was killed had received. What it had hidden by
    /// `ChangeMessageVisibility` stays so until its time. AWS has no such operation, because it
    /// cannot know that nobody holds a message any more: call this only where no other process uses
    /// the file, and before anything is received.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn release(&self) -> Result<(), Fault> {
        Ok(self.run(&self.attributes.name, |table| table.release()).await?)
    }

    /// Receives messages of the main queue for the event source: of the share of groups that one of
    /// `slots` invocations gets, and of none that is in `busy`.
    async fn take(
        &self,
        most: usize,
        slots: usize,
        busy: HashSet<String>,
    ) -> Result<Vec<Message>, Refusal> {
        let visibility = self.attributes.visibility;
        let ask =
            move |table: &Table<'_>| table.receive(&Ask { most, slots, busy: &busy, visibility });
        self.run(&self.attributes.name, ask).await
    }

    /// Works in one transaction, which is rolled back when the work is refused.
    async fn run<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&Table<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (this, name) = (self.clone(), name.to_owned());
        // A commit waits for the disk, which would hold up everything else here.
        let done = spawn_blocking(move || {
            let mut connection = this.connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let attributes = &this.attributes;
            let table = Table { rows: &transaction, name: &name, attributes, now: (this.now)() };
            table.expire()?;
            let before = transaction.total_changes();
            let done = work(&table)?;
            let is_changed = transaction.total_changes() != before;
            transaction.commit()?;
            if is_changed {
                this.changes.send_modify(|changes| *changes += 1);
            }
            Ok(done)
        });
        done.await.unwrap_or_else(|error| Err(Refusal::Internal(error.to_string())))
    }
}

/// Serves the queue and its dead letters: `POST /` with the targets `AmazonSQS.*`.
pub fn routes(queue: Queue) -> Router {
    Router::new().route("/", post(handle)).with_state(queue)
}

async fn handle(State(queue): State<Queue>, request: Request) -> Response {
    match Call::read(request).await {
        Ok(call) => answer(&queue, &call).await,
        Err(response) => response,
    }
}
