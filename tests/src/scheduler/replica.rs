//! A copy of the database that lags behind, each item on its own: what eventually consistent reads
//! and indexes may show.

use crate::Broken;
use crate::database::{Database, lock};
use crate::item::Item;
use crate::table::Table;
use crate::wire::{Answer, Call, Layer, Onward, Operation, Reply};
use crate::write::{Act, Place, Write};
use futures::future::{BoxFuture, FutureExt};
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

/// The copy, a layer of the wire that hears of every write.
#[derive(Clone)]
pub(super) struct Replica {
    copy: Database,
    news: Arc<Mutex<News>>,
}

/// The writes that the copy has not seen yet.
#[derive(Default)]
struct News {
    /// The number of writes so far.
    writes: u64,
    pending: BTreeMap<Place, VecDeque<Version>>,
}

/// An item after one of its writes.
struct Version {
    write: u64,
    table: Arc<Table>,
    key: Item,
    item: Option<Item>,
}

impl Layer for Replica {
    fn carry(&self, call: Call, onward: Onward) -> BoxFuture<'static, Answer> {
        let replica = self.clone();
        async move {
            let database = onward.database().clone();
            let writes = Write::all(&call, &database);
            for write in &writes {
                if let Err(refused) = replica.have(&write.table, &database) {
                    return Answer::Reply(refused);
                }
            }
            let answer = onward.carry(call).await;
            if matches!(&answer, Answer::Reply(reply) if reply.is_success()) {
                replica.hear(writes, &database);
            }
            answer
        }
        .boxed()
    }
}

impl Replica {
    pub(super) fn new() -> Result<Self, Broken> {
        Ok(Self { copy: Database::memory()?, news: Arc::default() })
    }

    /// Answers a read from the copy, after it has caught up with some of the new writes: with all
    /// that are older than `lag` writes, and with a random number of the others.
    pub(super) fn answer(
        &self,
        call: &Call,
        lag: u64,
        database: &Database,
        rng: &mut StdRng,
    ) -> Reply {
        let names = crate::write::tables(&call.body).map(|(name, _)| name.as_str());
        for name in names.chain(call.body.get("TableName").and_then(Value::as_str)) {
            if let Some(table) = database.table(name)
                && let Err(refused) = self.have(&table, database)
            {
                return refused;
            }
        }
        match self.catch_up(lag, rng) {
            Ok(()) => self.copy.answer(call.operation, &call.body),
            Err(refused) => refused,
        }
    }

    fn hear(&self, writes: Vec<Write>, database: &Database) {
        let mut news = lock(&self.news);
        for write in writes.into_iter().filter(|write| write.act != Act::Check) {
            news.writes += 1;
            let version = Version {
                write: news.writes,
                item: database.item(&write.table.name, &write.key),
                table: Arc::clone(&write.table),
                key: write.key.clone(),
            };
            news.pending.entry(write.place()).or_default().push_back(version);
        }
    }

    fn catch_up(&self, lag: u64, rng: &mut StdRng) -> Result<(), Reply> {
        let mut news = lock(&self.news);
        let sure = news.writes.saturating_sub(lag);
        for versions in news.pending.values_mut() {
            let mut seen = None;
            while versions.front().is_some_and(|next| next.write <= sure || rng.random_bool(0.5)) {
                seen = versions.pop_front();
            }
            if let Some(version) = seen {
                let table = &version.table.name;
                match version.item {
                    Some(item) => self
                        .apply(Operation::PutItem, &json!({ "TableName": table, "Item": item }))?,
                    None => self.apply(
                        Operation::DeleteItem,
                        &json!({ "TableName": table, "Key": version.key }),
                    )?,
                }
            }
        }
        news.pending.retain(|_, versions| !versions.is_empty());
        Ok(())
    }

    /// A refusal becomes the answer of the read: an instrument must not fail in silence.
    fn apply(&self, operation: Operation, body: &Value) -> Result<(), Reply> {
        let reply = self.copy.answer(operation, body);
        if reply.is_success() { Ok(()) } else { Err(reply) }
    }

    /// Makes sure that the copy has this table, with the content of the time when it was first
    /// used.
    fn have(&self, table: &Table, database: &Database) -> Result<(), Reply> {
        if self.copy.table(&table.name).is_some() {
            return Ok(());
        }
        let description = database.description(&table.name).unwrap_or_default();
        self.apply(Operation::CreateTable, &definition(&description))?;
        for item in database.items(&table.name) {
            self.apply(Operation::PutItem, &json!({ "TableName": table.name, "Item": item }))?;
        }
        Ok(())
    }
}

/// Returns the request that makes a table of this description, without a stream.
fn definition(description: &Value) -> Value {
    let pick = |from: &Value, names: &[&str]| -> Map<String, Value> {
        let chosen =
            names.iter().filter_map(|name| Some(((*name).to_owned(), from.get(name)?.clone())));
        chosen.collect()
    };
    let mut request = pick(description, &["TableName", "KeySchema", "AttributeDefinitions"]);
    request.insert("BillingMode".to_owned(), json!("PAY_PER_REQUEST"));
    for kind in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        if let Some(indexes) = description.get(kind).and_then(Value::as_array) {
            let index =
                |index| Value::Object(pick(index, &["IndexName", "KeySchema", "Projection"]));
            request.insert(kind.to_owned(), indexes.iter().map(index).collect());
        }
    }
    Value::Object(request)
}
