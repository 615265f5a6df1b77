//! The consumers of a stream.

use crate::Function;
use std::time::Duration;

/// A function that receives a stream, with the settings of its event source mapping: partial batch
/// responses and bisecting are on, and each shard has one batch at a time.
pub struct Consumer {
    /// The name under which its position is kept.
    pub name: String,
    /// Answers `{"batchItemFailures": [{"itemIdentifier": sequence number}]}` or nothing.
    pub function: Function,
    /// The most records of one invocation, 1 to 1000.
    pub batch_size: usize,
    /// The number of retries before a failing record becomes a dead letter.
    pub retries: u32,
    /// The longest time that an invocation may take.
    pub timeout: Duration,
    /// The number of shards that the stream seems to have. With more than one, batches are
    /// delivered at once and mixed.
    pub shards: u32,
    /// The seed that decides how they are mixed.
    pub seed: u64,
}

impl Consumer {
    /// Builds a consumer with batches of 100, 5 retries and a minute for each batch.
    pub fn new(name: impl Into<String>, function: Function) -> Self {
        Self {
            name: name.into(),
            function,
            batch_size: 100,
            retries: 5,
            timeout: Duration::from_secs(60),
            shards: 1,
            seed: 0,
        }
    }
}
