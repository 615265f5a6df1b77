//! The stream of a table, delivered as badly as Lambda may: in order for each item, in any order
//! across items, and some of it again.

use crate::Broken;
use crate::database::Database;
use crate::table::Table;
use crate::wire::{Operation, Reply};
use crate::write::Place;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};

/// The most records of a batch.
const BATCH: usize = 10;
/// The most of the last delivered records that may come again.
const MEMORY: usize = 20;
/// The engine counts stream positions from here, in DynamoDB's 21 digits.
const FIRST: u128 = 100_000_000_000_000_000_000;

/// A reader of one table's stream from its beginning.
pub struct Stream {
    database: Database,
    table: String,
    iterator: Option<String>,
    rng: StdRng,
    /// The probability that a batch starts with records delivered before.
    again: f64,
    read: u128,
    pending: BTreeMap<Place, VecDeque<Value>>,
    delivered: VecDeque<Value>,
}

impl Stream {
    /// Builds a reader that this seed decides, and that delivers again at this rate.
    #[must_use]
    pub fn new(database: &Database, table: &str, seed: u64, again: f64) -> Self {
        Self {
            database: database.clone(),
            table: table.to_owned(),
            iterator: None,
            rng: StdRng::seed_from_u64(seed),
            again,
            read: 0,
            pending: BTreeMap::new(),
            delivered: VecDeque::new(),
        }
    }

    /// Returns the next batch as the event that Lambda sends (`{"Records": [...]}`), or none when
    /// all was delivered. Sequence numbers and times are made up from the order of the records, so
    /// that they replay.
    ///
    /// # Errors
    /// When the table has no stream.
    pub fn batch(&mut self) -> Result<Option<Value>, Broken> {
        self.pull()?;
        if self.pending.is_empty() {
            return Ok(None);
        }
        let mut records = self.repeated();
        let size = self.rng.random_range(1..=BATCH);
        for _ in 0..size {
            let Some(record) = self.next() else { break };
            records.push(record.clone());
            self.delivered.push_back(record);
        }
        let surplus = self.delivered.len().saturating_sub(MEMORY);
        self.delivered.drain(..surplus);
        Ok(Some(json!({ "Records": records })))
    }

    /// Returns true if nothing is left to deliver.
    pub fn is_done(&mut self) -> bool {
        self.pull().is_ok() && self.pending.is_empty()
    }

    /// Returns the last delivered records once more, as after a batch that failed when it was
    /// already done.
    #[must_use]
    pub fn repeat(&self) -> Value {
        json!({ "Records": self.delivered })
    }

    /// Returns, at times, the last of the delivered records: a replay begins anywhere and keeps the
    /// order.
    fn repeated(&mut self) -> Vec<Value> {
        if self.delivered.is_empty() || !self.rng.random_bool(self.again) {
            return Vec::new();
        }
        let from = self.rng.random_range(0..self.delivered.len());
        self.delivered.range(from..).cloned().collect()
    }

    /// Returns the oldest record of some item.
    fn next(&mut self) -> Option<Value> {
        if self.pending.is_empty() {
            return None;
        }
        let chosen = self.rng.random_range(0..self.pending.len());
        let place = self.pending.keys().nth(chosen)?.clone();
        let queue = self.pending.get_mut(&place)?;
        let record = queue.pop_front();
        if queue.is_empty() {
            self.pending.remove(&place);
        }
        record
    }

    /// Takes over the records that were written since, and lets the database forget them.
    fn pull(&mut self) -> Result<(), Broken> {
        let table = self.database.table(&self.table).ok_or("no such table")?;
        loop {
            let request = json!({ "ShardIterator": self.position()? });
            let mut page = done(self.database.answer(Operation::GetRecords, &request))?;
            self.iterator = text(&page, "/NextShardIterator");
            let Some(Value::Array(records)) = page.get_mut("Records").map(Value::take) else {
                return Ok(());
            };
            let Some(last) =
                records.last().and_then(|record| text(record, "/dynamodb/SequenceNumber"))
            else {
                return Ok(());
            };
            for record in records {
                self.queue(record, &table);
            }
            let last = last.parse::<u128>()?.checked_sub(FIRST).ok_or("not a sequence number")?;
            self.database.forget_stream(&self.table, i64::try_from(last)?)?;
        }
    }

    fn position(&self) -> Result<String, Broken> {
        if let Some(iterator) = &self.iterator {
            return Ok(iterator.clone());
        }
        let description = self.database.description(&self.table).ok_or("no such table")?;
        let stream = text(&description, "/LatestStreamArn").ok_or("the table has no stream")?;
        let described =
            self.database.answer(Operation::DescribeStream, &json!({ "StreamArn": stream }));
        let shard =
            text(&done(described)?, "/StreamDescription/Shards/0/ShardId").ok_or("no shard")?;
        let request =
            json!({ "StreamArn": stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON" });
        let started = done(self.database.answer(Operation::GetShardIterator, &request))?;
        text(&started, "/ShardIterator").ok_or_else(|| "no iterator".into())
    }

    fn queue(&mut self, mut record: Value, table: &Table) {
        self.read += 1;
        let Some(keys) = record.pointer("/dynamodb/Keys").and_then(Value::as_object) else {
            return;
        };
        let place = Place::new(table, keys);
        for (pointer, value) in [
            ("/eventID", json!(format!("{:032x}", self.read))),
            ("/awsRegion", json!("us-east-1")),
            ("/dynamodb/SequenceNumber", json!((FIRST + self.read).to_string())),
            ("/dynamodb/ApproximateCreationDateTime", json!(1_700_000_000)),
        ] {
            if let Some(member) = record.pointer_mut(pointer) {
                *member = value;
            }
        }
        self.pending.entry(place).or_default().push_back(record);
    }
}

fn done(reply: Reply) -> Result<Value, Broken> {
    if reply.is_success() {
        return Ok(reply.body);
    }
    Err(reply.body.to_string().into())
}

fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn database() -> Database {
        let database = Database::memory().unwrap();
        let made = database.answer(
            Operation::CreateTable,
            &json!({
                "TableName": "core",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            }),
        );
        assert!(made.is_success(), "{made:?}");
        database
    }

    fn put(database: &Database, name: &str, version: usize) {
        let item = json!({ "pk": {"S": name}, "n": {"N": version.to_string()} });
        let put =
            database.answer(Operation::PutItem, &json!({ "TableName": "core", "Item": item }));
        assert!(put.is_success());
    }

    /// Returns all deliveries of 5 items of 20 versions each, as item and version.
    fn deliveries(seed: u64) -> Vec<(String, usize)> {
        let database = database();
        let mut stream = Stream::new(&database, "core", seed, 0.3);
        let mut delivered = Vec::new();
        for version in 0..20 {
            ["a", "b", "c", "d", "e"].iter().for_each(|name| put(&database, name, version));
            if version % 7 == 0 {
                take(&mut stream, &mut delivered, 1);
            }
        }
        take(&mut stream, &mut delivered, usize::MAX);
        delivered
    }

    fn take(stream: &mut Stream, delivered: &mut Vec<(String, usize)>, batches: usize) {
        for _ in 0..batches {
            let Some(batch) = stream.batch().unwrap() else {
                return;
            };
            for record in batch["Records"].as_array().unwrap() {
                let image = &record["dynamodb"]["NewImage"];
                let version = image["n"]["N"].as_str().unwrap().parse().unwrap();
                delivered.push((image["pk"]["S"].as_str().unwrap().to_owned(), version));
            }
        }
    }

    #[test]
    fn every_record_comes_in_the_order_of_its_item_and_some_again() {
        let delivered = deliveries(1);
        let mut seen = BTreeMap::<String, usize>::new();
        for (name, version) in &delivered {
            let next = seen.entry(name.clone()).or_insert(0);
            assert!(version <= next, "{name} jumps to {version}");
            *next = (*next).max(version + 1);
        }
        assert!(seen.values().all(|next| *next == 20), "{seen:?}");
        let distinct: BTreeSet<_> = delivered.iter().collect();
        assert_eq!(distinct.len(), 100);
        assert!(delivered.len() > 100, "nothing came again");
        assert_eq!(delivered, deliveries(1), "a seed replays");
        assert_ne!(delivered, deliveries(2));
    }

    #[test]
    fn what_was_read_is_forgotten_and_numbers_go_on() {
        let database = database();
        let mut stream = Stream::new(&database, "core", 1, 0.0);
        put(&database, "a", 0);
        put(&database, "a", 1);
        let mut first = Vec::new();
        take(&mut stream, &mut first, usize::MAX);
        put(&database, "a", 2);
        let mut more = Vec::new();
        take(&mut stream, &mut more, usize::MAX);
        assert_eq!(more, [("a".to_owned(), 2)]);
        assert_eq!(take_fresh(&database), 1, "only the newest is kept");
    }

    fn take_fresh(database: &Database) -> usize {
        let mut all = Vec::new();
        take(&mut Stream::new(database, "core", 1, 0.0), &mut all, usize::MAX);
        all.len()
    }
}
