//! Reads of many items are not atomic: DynamoDB reads each item at a moment of its own. So such a
//! read is cut into parts, between which others may commit.

use crate::wire::{Call, Operation, Reply};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde_json::{Map, Value, json};

/// A read of which a part is done.
#[derive(Debug)]
pub(super) struct Split {
    operation: Operation,
    actor: usize,
    /// The items that were read so far.
    found: Value,
    /// The request for the rest.
    rest: Value,
}

impl Split {
    /// Returns the start of a split read; none if the call cannot be split.
    pub(super) fn of(call: &Call) -> Option<Self> {
        let found = match call.operation {
            Operation::BatchGetItem => json!({ "Responses": {}, "UnprocessedKeys": {} }),
            Operation::Query => json!({ "Items": [], "Count": 0, "ScannedCount": 0 }),
            _ => return None,
        };
        Some(Self { operation: call.operation, actor: call.actor, found, rest: call.body.clone() })
    }

    /// Returns the next part to be read.
    pub(super) fn part(&mut self, rng: &mut StdRng) -> Call {
        let body = if self.operation == Operation::Query {
            let mut page = self.rest.clone();
            let limit = rng.random_range(1..=8).min(limit(&self.rest).unwrap_or(u64::MAX));
            set(&mut page, "Limit", json!(limit));
            page
        } else {
            withhold(&mut self.rest, "Keys", rng)
        };
        Call { operation: self.operation, actor: self.actor, body }
    }

    /// Adds the result of a part. Returns the whole once nothing is left to read, or a refusal.
    pub(super) fn take(&mut self, mut reply: Reply) -> Option<Reply> {
        if !reply.is_success() {
            return Some(reply);
        }
        let is_done = match self.operation {
            Operation::Query => self.take_page(&mut reply.body),
            _ => {
                for kind in ["Responses", "UnprocessedKeys"] {
                    let more = reply.body.get_mut(kind).map(Value::take);
                    join(self.found.get_mut(kind), more);
                }
                !crate::write::tables(&self.rest)
                    .any(|(_, wanted)| crate::write::keys(wanted).next().is_some())
            }
        };
        is_done.then(|| Reply::success(self.found.take()))
    }

    fn take_page(&mut self, page: &mut Value) -> bool {
        for kind in ["Count", "ScannedCount"] {
            let number = |body: &Value| body.get(kind).and_then(Value::as_u64).unwrap_or(0);
            let sum = json!(number(&self.found) + number(page));
            set(&mut self.found, kind, sum);
        }
        match (self.found.get_mut("Items"), page.get_mut("Items").map(Value::take)) {
            (Some(Value::Array(items)), Some(Value::Array(more))) => items.extend(more),
            // A count brings no items.
            _ => drop(self.found.as_object_mut().and_then(|found| found.remove("Items"))),
        }
        let scanned = page.get("ScannedCount").and_then(Value::as_u64).unwrap_or(0);
        let left = limit(&self.rest).map(|limit| limit.saturating_sub(scanned));
        if let Some(left) = left {
            set(&mut self.rest, "Limit", json!(left));
        }
        let Some(last) = page.get_mut("LastEvaluatedKey").map(Value::take) else {
            return true;
        };
        set(&mut self.rest, "ExclusiveStartKey", last.clone());
        if left == Some(0) {
            set(&mut self.found, "LastEvaluatedKey", last);
        }
        left == Some(0)
    }
}

/// Takes a part of a batch, some of its entries by chance and at least one, and leaves the rest.
/// The entries of a table stand in a list of this name, or are the list itself when it has none.
pub(super) fn withhold(batch: &mut Value, list: &str, rng: &mut StdRng) -> Value {
    let mut part = batch.clone();
    let mut all: Vec<(String, Value)> = Vec::new();
    for (table, entries) in lists(&mut part, list) {
        all.extend(entries.drain(..).map(|entry| (table.clone(), entry)));
    }
    for (_, entries) in lists(batch, list) {
        entries.clear();
    }
    all.shuffle(rng);
    let taken = if all.is_empty() { 0 } else { rng.random_range(1..=all.len()) };
    let left = all.split_off(taken);
    for (target, chosen) in [(&mut part, all), (&mut *batch, left)] {
        let mut chosen = chosen;
        for (table, entries) in lists(target, list) {
            entries.extend(chosen.extract_if(.., |(of, _)| *of == table).map(|(_, entry)| entry));
        }
        drop_empty(target, list);
    }
    part
}

fn lists<'a>(
    batch: &'a mut Value,
    list: &'a str,
) -> impl Iterator<Item = (String, &'a mut Vec<Value>)> {
    let tables = batch.get_mut("RequestItems").and_then(Value::as_object_mut);
    tables.into_iter().flatten().filter_map(move |(table, wanted)| {
        let entries = if list.is_empty() { Some(wanted) } else { wanted.get_mut(list) };
        Some((table.clone(), entries?.as_array_mut()?))
    })
}

/// Drops the tables of which no items are requested: DynamoDB refuses them.
fn drop_empty(batch: &mut Value, list: &str) {
    if let Some(tables) = batch.get_mut("RequestItems").and_then(Value::as_object_mut) {
        tables.retain(|_, wanted| {
            let entries = if list.is_empty() { Some(&*wanted) } else { wanted.get(list) };
            entries.and_then(Value::as_array).is_some_and(|entries| !entries.is_empty())
        });
    }
}

/// Joins the items found in each table.
fn join(found: Option<&mut Value>, more: Option<Value>) {
    let (Some(Value::Object(found)), Some(Value::Object(more))) = (found, more) else {
        return;
    };
    for (table, more) in more {
        match (found.get_mut(&table), more) {
            (Some(Value::Array(items)), Value::Array(more)) => items.extend(more),
            (_, more) => drop(found.insert(table, more)),
        }
    }
}

fn limit(body: &Value) -> Option<u64> {
    body.get("Limit").and_then(Value::as_u64)
}

/// Sets a member of an object.
pub(super) fn set(body: &mut Value, name: &str, value: Value) {
    body.as_object_mut().map(|body: &mut Map<String, Value>| body.insert(name.to_owned(), value));
}
