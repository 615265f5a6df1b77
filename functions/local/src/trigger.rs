//! Lambda's stream poller: delivers the stream of one table to its consumers, in order and at least
//! once.

mod batch;
mod consumer;
mod dead_letter;
mod lane;
mod poller;
mod record;
mod shard;
mod sink;
#[cfg(test)]
mod tests;

pub use consumer::Consumer;
pub use dead_letter::DeadLetter;

use crate::{Fault, dynamo::Embedded, stream::Streams};
use dead_letter::DeadLetters;
use shard::Shard;
use sink::Sink;
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinSet};

/// The interval at which records that every consumer has read are deleted.
const TRIM: Duration = Duration::from_secs(5);
/// The longest time that running invocations may take to end after the trigger was asked to stop.
const STOP: Duration = Duration::from_secs(5);

/// The running pollers of one table.
pub struct Trigger {
    table: String,
    records: Streams,
    positions: Vec<Position>,
    dead_letters: Arc<DeadLetters>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// Returns the number of the last record that a consumer has handled.
type Position = watch::Receiver<Option<String>>;

impl Trigger {
    /// Starts a poller for each consumer where it left off, or at the oldest record.
    ///
    /// # Errors
    /// When the table has no stream or the database cannot be reached.
    pub async fn start(
        database: &Embedded,
        table: &str,
        consumers: Vec<Consumer>,
    ) -> Result<Self, Fault> {
        let shard = Shard::find(database.streams(), table).await?;
        let mut trigger = Self {
            table: table.to_owned(),
            records: database.records().clone(),
            positions: Vec::new(),
            dead_letters: Arc::default(),
            stop: watch::Sender::new(false),
            tasks: JoinSet::new(),
        };
        for consumer in consumers {
            trigger.add(shard.clone(), consumer).await?;
        }
        let trim = trim(table.to_owned(), trigger.records.clone(), trigger.positions.clone());
        trigger.tasks.spawn(until(trigger.stop.subscribe(), trim));
        Ok(trigger)
    }

    /// Returns the records that were given up, oldest first; the last 1000.
    #[must_use]
    pub fn dead_letters(&self) -> Vec<DeadLetter> {
        self.dead_letters.list()
    }

    /// Returns the number of dead letters since the start.
    #[must_use]
    pub fn dead_letter_count(&self) -> u64 {
        self.dead_letters.count()
    }

    /// Waits until every consumer has handled everything that is in the stream now.
    ///
    /// # Errors
    /// When the database cannot be read or the trigger has stopped.
    pub async fn caught_up(&self) -> Result<(), Fault> {
        let newest = self.records.newest(&self.table).await?;
        for position in &self.positions {
            position.clone().wait_for(|handled| *handled >= newest).await?;
        }
        Ok(())
    }

    /// Lets running invocations end, for 5 seconds at most, keeps the positions, and ends. Records
    /// that were not handled by then are delivered again after the next start.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP, ended).await.is_err() {
            self.tasks.shutdown().await;
        }
    }

    async fn add(&mut self, shard: Shard, consumer: Consumer) -> Result<(), Fault> {
        let start = self.records.position(&self.table, &consumer.name).await?;
        let (position, read) = watch::channel(start);
        self.positions.push(read);
        let sink = Sink {
            table: self.table.clone(),
            consumer,
            records: self.records.clone(),
            position,
            dead_letters: Arc::clone(&self.dead_letters),
            stop: self.stop.subscribe(),
        };
        self.tasks.spawn(poller::run(shard, Arc::new(sink)));
        Ok(())
    }
}

async fn trim(table: String, records: Streams, positions: Vec<Position>) {
    loop {
        tokio::time::sleep(TRIM).await;
        // None, of a consumer that has read nothing yet, is the least of all.
        let least = positions.iter().map(|position| position.borrow().clone()).min();
        let Some(up_to) = least.flatten() else {
            continue;
        };
        if let Err(error) = records.trim(&table, &up_to).await {
            tracing::warn!(%error, table, "the stream could not be trimmed");
        }
    }
}

async fn until(mut stop: watch::Receiver<bool>, work: impl Future<Output = ()>) {
    tokio::select! {
        () = work => {}
        _stopped = stop.wait_for(|stop| *stop) => {}
    }
}
