//! Counts capacity units and round trips from the requests, by DynamoDB's documented rules.
//!
//! Emulators report units wrongly, so nothing is taken from the answers but the items that a query
//! read. Items before and after a write are read past the wire, which costs nothing.

mod read;
#[cfg(test)]
mod tests;

use crate::database::{Database, lock};
use crate::item::{self, Item};
use crate::wire::{Answer, Call, Layer, Onward, Operation, Reply};
use crate::write::{Act, Write};
use futures::future::{BoxFuture, FutureExt};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::AddAssign;
use std::sync::{Arc, Mutex};

/// The units that were used.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// Write units of tables.
    pub write_units: f64,
    /// Write units of their indexes.
    pub index_write_units: f64,
    /// Read units of tables and indexes.
    pub read_units: f64,
    /// Requests that reached DynamoDB.
    pub round_trips: u64,
}

impl AddAssign for Usage {
    fn add_assign(&mut self, more: Self) {
        self.write_units += more.write_units;
        self.index_write_units += more.index_write_units;
        self.read_units += more.read_units;
        self.round_trips += more.round_trips;
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { write_units, index_write_units, read_units, round_trips } = self;
        write!(
            out,
            "{write_units} + {index_write_units} write, {read_units} read, {round_trips} round trips"
        )
    }
}

/// A request, and the units that it used.
#[derive(Clone, Debug)]
pub struct Metered {
    /// The operation that was requested.
    pub operation: Operation,
    /// The actor that sent it.
    pub actor: usize,
    /// The items written or asked for by key, as a trace shows them.
    pub places: Vec<String>,
    /// DynamoDB's name for its refusal, if it refused.
    pub refused_as: Option<String>,
    /// The units that it used.
    pub usage: Usage,
}

/// The meter, a layer of the wire. Clones share the counts.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    counted: Arc<Mutex<Counted>>,
}

#[derive(Debug, Default)]
struct Counted {
    calls: Vec<Metered>,
    /// Tokens of transactions that were done: their repeats are billed as reads.
    done: BTreeSet<String>,
}

impl Meter {
    /// Returns the units that were used since the last call.
    #[must_use]
    pub fn take(&self) -> Usage {
        let mut sum = Usage::default();
        self.take_calls().iter().for_each(|call| sum += call.usage);
        sum
    }

    /// Returns these units, request by request.
    #[must_use]
    pub fn take_calls(&self) -> Vec<Metered> {
        std::mem::take(&mut lock(&self.counted).calls)
    }
}

impl Layer for Meter {
    fn carry(&self, call: Call, onward: Onward) -> BoxFuture<'static, Answer> {
        let meter = self.clone();
        async move {
            let database = onward.database().clone();
            let before = Measured::before(&call, &database);
            let answer = onward.carry(call.clone()).await;
            if let Answer::Reply(reply) = &answer {
                meter.count(&call, &before, reply, &database);
            }
            answer
        }
        .boxed()
    }
}

impl Meter {
    fn count(&self, call: &Call, before: &[Measured], reply: &Reply, database: &Database) {
        let mut usage = if !is_billed(reply) {
            Usage::default()
        } else if call.operation.writes() {
            let repeated = self.is_repeated(call, reply);
            written(call, before, reply, database, repeated)
        } else {
            Usage { read_units: read::units(call, reply, database), ..Usage::default() }
        };
        usage.round_trips = 1;
        let written = before.iter().map(|one| one.write.place());
        lock(&self.counted).calls.push(Metered {
            operation: call.operation,
            actor: call.actor,
            places: written
                .chain(crate::write::places_read(call, database))
                .map(|place| place.to_string())
                .collect(),
            refused_as: reply.refused_as().map(str::to_owned),
            usage,
        });
    }

    /// Returns true if a transaction was done before under this token.
    fn is_repeated(&self, call: &Call, reply: &Reply) -> bool {
        match call.body.get("ClientRequestToken").and_then(Value::as_str) {
            Some(token) if reply.is_success() => !lock(&self.counted).done.insert(token.to_owned()),
            _ => false,
        }
    }
}

/// Returns true if DynamoDB bills the request: it was done, or a condition or a conflict stopped
/// it.
fn is_billed(reply: &Reply) -> bool {
    let stopped = [
        "ConditionalCheckFailedException",
        "TransactionCanceledException",
        "TransactionConflictException",
    ];
    reply.refused_as().is_none_or(|refusal| stopped.contains(&refusal))
}

/// A write with its item as it was before.
struct Measured {
    write: Write,
    before: Option<Item>,
}

impl Measured {
    fn before(call: &Call, database: &Database) -> Vec<Self> {
        let item =
            |write: Write| Self { before: database.item(&write.table.name, &write.key), write };
        Write::all(call, database).into_iter().map(item).collect()
    }

    fn after(&self, done: bool, database: &Database) -> Option<Item> {
        match &self.write.act {
            Act::Put(item) => Some(item.clone()),
            _ if !done => self.before.clone(),
            Act::Delete => None,
            Act::Update | Act::Check => database.item(&self.write.table.name, &self.write.key),
        }
    }
}

/// Returns the units of a request that writes. Each write is billed by the larger of the item
/// before and after, done or not; its index entries only when it was done.
fn written(
    call: &Call,
    items: &[Measured],
    reply: &Reply,
    database: &Database,
    repeated: bool,
) -> Usage {
    let done = reply.is_success();
    let times = if call.operation == Operation::TransactWriteItems { 2.0 } else { 1.0 };
    let mut usage = Usage::default();
    for one in items.iter().filter(|one| !is_unprocessed(one, reply)) {
        let after = one.after(done, database);
        let bytes = larger(one.before.as_ref(), after.as_ref());
        if repeated {
            usage.read_units += times * units(bytes, 4096);
            continue;
        }
        usage.write_units += times * units(bytes, 1024);
        if done {
            let table = &one.write.table;
            let entries = table.indexes.iter();
            let of_index = |index| table.index_units(index, one.before.as_ref(), after.as_ref());
            usage.index_write_units += entries.map(of_index).sum::<u64>() as f64;
        }
    }
    usage
}

/// Returns true if a batch left this write unprocessed.
fn is_unprocessed(one: &Measured, reply: &Reply) -> bool {
    let left = reply.body.get("UnprocessedItems").and_then(|left| left.get(&one.write.table.name));
    left.and_then(Value::as_array).into_iter().flatten().any(|request| {
        let put = request.pointer("/PutRequest/Item").and_then(Value::as_object);
        let deleted = request.pointer("/DeleteRequest/Key").and_then(Value::as_object);
        put.map(|item| one.write.table.key_of(item)).as_ref().or(deleted) == Some(&one.write.key)
    })
}

fn larger(before: Option<&Item>, after: Option<&Item>) -> u64 {
    before.into_iter().chain(after).map(item::size).max().unwrap_or(0)
}

/// Returns the number of whole units of this many bytes, at least one.
fn units(bytes: u64, unit: u64) -> f64 {
    bytes.div_ceil(unit).max(1) as f64
}
