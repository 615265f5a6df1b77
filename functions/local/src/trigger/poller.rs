//! Reads the records of a stream for one consumer.

use super::{Consumer, batch::Delivery, dead_letter::DeadLetters, lane::Lanes, record};
use crate::{Fault, stream::Streams};
use aws_sdk_dynamodbstreams::{
    Client,
    error::DisplayErrorContext,
    types::ShardIteratorType::{AfterSequenceNumber, TrimHorizon},
};
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// The stream is read this often even when nothing announces a write.
const QUIET: Duration = Duration::from_secs(1);
/// The wait after the stream could not be read.
const TROUBLE: Duration = Duration::from_millis(200);

/// The one shard of a local stream.
#[derive(Clone)]
pub(super) struct Shard {
    client: Client,
    stream: String,
    id: String,
}

impl Shard {
    /// Finds the stream of a table.
    pub(super) async fn find(client: Client, table: &str) -> Result<Self, Fault> {
        let missing = || format!("the table {table} has no stream");
        let listed = client.list_streams().table_name(table).send().await;
        let listed = listed.map_err(|error| DisplayErrorContext(error).to_string())?;
        let stream = listed.streams().iter().find_map(|stream| stream.stream_arn());
        let stream = stream.ok_or_else(missing)?.to_owned();
        let described = client.describe_stream().stream_arn(&stream).send().await;
        let described = described.map_err(|error| DisplayErrorContext(error).to_string())?;
        let description = described.stream_description();
        let shard = description.and_then(|stream| stream.shards().first());
        let id = shard.and_then(|shard| shard.shard_id()).ok_or_else(missing)?.to_owned();
        Ok(Self { client, stream, id })
    }

    /// Returns an iterator that begins behind `position`.
    async fn iterator(&self, position: Option<&str>) -> Result<String, String> {
        let kind = if position.is_some() { AfterSequenceNumber } else { TrimHorizon };
        let request = self.client.get_shard_iterator().stream_arn(&self.stream).shard_id(&self.id);
        let request = request.shard_iterator_type(kind);
        let found = request.set_sequence_number(position.map(str::to_owned)).send().await;
        let found = found.map_err(|error| DisplayErrorContext(error).to_string())?;
        found.shard_iterator.ok_or_else(|| "no shard iterator was given".to_owned())
    }

    /// Returns the next records in the form of events, and the iterator behind them.
    async fn read(
        &self,
        from: String,
        limit: usize,
    ) -> Result<(Vec<Value>, Option<String>), String> {
        let limit = i32::try_from(limit.clamp(1, 1000)).unwrap_or(1000);
        let read = self.client.get_records().shard_iterator(from).limit(limit).send().await;
        let read = read.map_err(|error| DisplayErrorContext(error).to_string())?;
        let records = read.records().iter().map(|found| record::event(found, &self.stream));
        Ok((records.collect(), read.next_shard_iterator.clone()))
    }
}

/// A reader of the stream for one consumer.
pub(super) struct Poller {
    pub(super) table: String,
    pub(super) shard: Shard,
    pub(super) consumer: Consumer,
    pub(super) records: Streams,
    pub(super) position: watch::Sender<Option<String>>,
    pub(super) dead_letters: Arc<DeadLetters>,
    pub(super) stop: watch::Receiver<bool>,
}

impl Poller {
    /// Reads and hands over until the trigger stops.
    pub(super) async fn run(self) {
        let poller = Arc::new(self);
        let shards = poller.consumer.shards;
        let lanes = (shards > 1).then(|| Lanes::start(&poller, shards));
        poller.read(lanes.as_ref()).await;
        if let Some(lanes) = lanes {
            lanes.end().await;
        }
    }

    async fn read(&self, lanes: Option<&Lanes>) {
        let mut writes = self.records.writes();
        let mut stop = self.stop.clone();
        let mut iterator = None;
        let mut read_to = self.position.borrow().clone();
        while !*stop.borrow() {
            // Seen before the read, so that a write during the read wakes again.
            writes.borrow_and_update();
            let wait = match self.step(&mut iterator, &mut read_to, lanes).await {
                Ok(0) => QUIET,
                Ok(_) => continue,
                Err(error) => {
                    tracing::warn!(consumer = self.consumer.name, error, "the stream was not read");
                    iterator = None;
                    tokio::time::sleep(TROUBLE).await;
                    continue;
                }
            };
            tokio::select! {
                Ok(()) = writes.changed() => {}
                Ok(()) = stop.changed() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Reads once and delivers the records. Returns the number of records.
    async fn step(
        &self,
        iterator: &mut Option<String>,
        read_to: &mut Option<String>,
        lanes: Option<&Lanes>,
    ) -> Result<usize, String> {
        let from = match iterator.take() {
            Some(from) => from,
            // What is in a lane is not read again.
            None if lanes.is_some() => self.shard.iterator(read_to.as_deref()).await?,
            None => {
                let position = self.position.borrow().clone();
                self.shard.iterator(position.as_deref()).await?
            }
        };
        let (records, next) = self.shard.read(from, self.consumer.batch_size).await?;
        *iterator = next;
        if records.is_empty() {
            return Ok(0);
        }
        let count = records.len();
        if let Some(lanes) = lanes {
            *read_to = records.last().and_then(record::sequence).map(str::to_owned);
            lanes.take(records).await;
            return Ok(count);
        }
        let mut delivery = Delivery {
            consumer: &self.consumer,
            dead_letters: &self.dead_letters,
            stop: self.stop.clone(),
        };
        let done = delivery.deliver(&records).await;
        let last = done.checked_sub(1).and_then(|last| records.get(last));
        if let Some(sequence) = last.and_then(record::sequence) {
            self.advance(sequence).await?;
        }
        Ok(count)
    }

    pub(super) async fn advance(&self, sequence: &str) -> Result<(), String> {
        // In memory first: these records are handled, whatever becomes of the note about it.
        self.position.send_replace(Some(sequence.to_owned()));
        let kept = self.records.advance(&self.table, &self.consumer.name, sequence).await;
        kept.map_err(|error| error.to_string())
    }
}
