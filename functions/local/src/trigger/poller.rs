//! Reads the records of a stream for one consumer.

use super::{lane::Lanes, record, shard::Shard, sink::Sink};
use std::{sync::Arc, time::Duration};

/// The stream is read this often even when nothing announces a write.
const QUIET: Duration = Duration::from_secs(1);
/// The wait after the stream could not be read.
const TROUBLE: Duration = Duration::from_millis(200);

/// A reader of the stream for one consumer.
struct Poller {
    shard: Shard,
    sink: Arc<Sink>,
}

/// Reads and hands over until the trigger stops.
pub(super) async fn run(shard: Shard, sink: Arc<Sink>) {
    let shards = sink.consumer.shards;
    let lanes = (shards > 1).then(|| Lanes::start(&sink, shards));
    Poller { shard, sink }.read(lanes.as_ref()).await;
    if let Some(lanes) = lanes {
        lanes.end().await;
    }
}

impl Poller {
    async fn read(&self, lanes: Option<&Lanes>) {
        let mut writes = self.sink.records.writes();
        let mut stop = self.sink.stop.clone();
        let mut iterator = None;
        let mut read_to = self.sink.position.borrow().clone();
        while !*stop.borrow() {
            // Seen before the read, so that a write during the read wakes again.
            writes.borrow_and_update();
            let wait = match self.step(&mut iterator, &mut read_to, lanes).await {
                Ok(0) => QUIET,
                Ok(_) => continue,
                Err(error) => {
                    tracing::warn!(
                        consumer = self.sink.consumer.name,
                        error,
                        "the stream was not read"
                    );
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
            // Records that are in a lane already are not read again.
            None if lanes.is_some() => self.shard.iterator(read_to.as_deref()).await?,
            None => {
                let position = self.sink.position.borrow().clone();
                self.shard.iterator(position.as_deref()).await?
            }
        };
        let (records, next) = self.shard.read(from, self.sink.consumer.batch_size).await?;
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
        let done = self.sink.delivery().deliver(&records).await;
        let last = done.checked_sub(1).and_then(|last| records.get(last));
        if let Some(sequence) = last.and_then(record::sequence) {
            self.sink.advance(sequence).await?;
        }
        Ok(count)
    }
}
