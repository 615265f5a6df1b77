//! A stream of several shards, as AWS has it: several invocations at once, which overtake each other.
//!
//! The embedded stream has one shard. This module parts its records by their items into lanes, and
//! delivers each lane by itself. It keeps only what a stream guarantees: the records of one item come
//! in order. Everything else is mixed by a seed, so that no test passes by a lucky order.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use super::record;
use super::sink::Sink;

/// The longest random wait of a lane before it delivers, in milliseconds, so that lanes overtake
/// each other.
const LONGEST_WAIT: u64 = 4;

/// The lanes of one consumer.
pub(super) struct Lanes {
    lanes: Vec<mpsc::UnboundedSender<Value>>,
    progress: Arc<Mutex<Progress>>,
    tasks: JoinSet<()>,
}

/// The records that were read, in order, each with a flag if it is done.
#[derive(Default)]
pub(super) struct Progress(VecDeque<(String, bool)>);

impl Progress {
    fn begin(&mut self, sequence: &str) {
        self.0.push_back((sequence.to_owned(), false));
    }

    /// Marks these as done. Returns the last of the records up to which all are done, if that has
    /// moved.
    fn done(&mut self, sequences: &[String]) -> Option<String> {
        for (sequence, is_done) in &mut self.0 {
            *is_done |= sequences.contains(sequence);
        }
        let mut last = None;
        while self.0.front().is_some_and(|(_, is_done)| *is_done) {
            last = self.0.pop_front().map(|(sequence, _)| sequence);
        }
        last
    }
}

impl Lanes {
    /// Starts this number of lanes for a consumer.
    pub(super) fn start(sink: &Arc<Sink>, count: u32) -> Self {
        let progress = Arc::new(Mutex::new(Progress::default()));
        let (mut lanes, mut tasks) = (Vec::new(), JoinSet::new());
        for lane in 0..count {
            let (sender, records) = mpsc::unbounded_channel();
            let rng = StdRng::seed_from_u64(sink.consumer.seed ^ (u64::from(lane) << 32));
            lanes.push(sender);
            tasks.spawn(run(Arc::clone(sink), records, Arc::clone(&progress), rng));
        }
        Self { lanes, progress, tasks }
    }

    /// Lets the deliveries under way end.
    pub(super) async fn end(mut self) {
        self.lanes.clear();
        while self.tasks.join_next().await.is_some() {}
    }

    /// Puts records into their lanes.
    pub(super) async fn take(&self, records: Vec<Value>) {
        let mut progress = self.progress.lock().await;
        for record in records {
            progress.begin(record::sequence(&record).unwrap_or_default());
            let mut hasher = DefaultHasher::new();
            keys(&record).hash(&mut hasher);
            let count = u64::try_from(self.lanes.len()).unwrap_or(u64::MAX);
            let lane = usize::try_from(hasher.finish() % count).unwrap_or(0);
            if let Some(lane) = self.lanes.get(lane) {
                // It only ends with the sink.
                let _ = lane.send(record);
            }
        }
    }
}

/// Delivers the records of one lane, until the trigger stops.
async fn run(
    sink: Arc<Sink>,
    mut records: mpsc::UnboundedReceiver<Value>,
    progress: Arc<Mutex<Progress>>,
    mut rng: StdRng,
) {
    while let Some(first) = records.recv().await {
        tokio::time::sleep(Duration::from_millis(rng.random_range(0..=LONGEST_WAIT))).await;
        let mut batch = vec![first];
        while batch.len() < sink.consumer.batch_size
            && let Ok(more) = records.try_recv()
        {
            batch.push(more);
        }
        let batch = mixed(batch, &mut rng);
        let done = sink.delivery().deliver(&batch).await;
        let sequences = batch.iter().take(done).filter_map(record::sequence);
        let sequences: Vec<String> = sequences.map(str::to_owned).collect();
        // Held meanwhile, so that the position never falls.
        let mut progress = progress.lock().await;
        if let Some(sequence) = progress.done(&sequences)
            && let Err(error) = sink.advance(&sequence).await
        {
            tracing::warn!(error, "the position of a lane was not kept");
        }
        if done < batch.len() {
            return;
        }
    }
}

/// Returns the records in another order, with those of one item in their own order.
pub(super) fn mixed(records: Vec<Value>, rng: &mut StdRng) -> Vec<Value> {
    let mut items: BTreeMap<String, VecDeque<Value>> = BTreeMap::new();
    for record in records {
        items.entry(keys(&record)).or_default().push_back(record);
    }
    let mut items: Vec<_> = items.into_values().collect();
    let mut mixed = Vec::new();
    while !items.is_empty() {
        let place = rng.random_range(0..items.len());
        let next = items.get_mut(place).and_then(VecDeque::pop_front);
        match next {
            Some(record) => mixed.push(record),
            None => drop(items.swap_remove(place)),
        }
    }
    mixed
}

/// Returns the keys of a record's item.
fn keys(record: &Value) -> String {
    record.pointer("/dynamodb/Keys").map(Value::to_string).unwrap_or_default()
}
