//! The DynamoDB of the tests: in process and in memory, spoken to in DynamoDB's own JSON.

use crate::Broken;
use crate::item::Item;
use crate::table::Table;
use crate::wire::{Operation, Reply};
use dynoxide::actions::get_item::GetItemRequest;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An embedded database. Clones share it; it is gone with the last clone.
#[derive(Clone)]
pub struct Database {
    engine: dynoxide::Database,
    /// A second connection to the same memory, for the work that the API has no operation for.
    upkeep: Arc<Mutex<rusqlite::Connection>>,
    tables: Arc<Mutex<BTreeMap<String, Arc<Table>>>>,
}

impl fmt::Debug for Database {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Database")
    }
}

static OPENED: AtomicU64 = AtomicU64::new(0);

impl Database {
    /// Opens an empty database in memory.
    ///
    /// # Errors
    /// When the embedded engine does not start.
    pub fn memory() -> Result<Self, Broken> {
        let number = OPENED.fetch_add(1, Ordering::Relaxed);
        // A named memory, so that a second connection reaches it.
        let name = format!("file:/tests-{}-{number}?vfs=memdb", std::process::id());
        let engine = dynoxide::Database::new(&name)?;
        let upkeep = rusqlite::Connection::open(&name)?;
        // The engine looks for the last sequence number before each streamed write and would read
        // the whole stream for it.
        upkeep.execute_batch(
            "CREATE INDEX IF NOT EXISTS stream_position
             ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
        )?;
        Ok(Self { engine, upkeep: Arc::new(Mutex::new(upkeep)), tables: Arc::default() })
    }

    /// Returns the engine itself.
    #[must_use]
    pub fn engine(&self) -> &dynoxide::Database {
        &self.engine
    }

    /// Returns the definition of a table, or none if there is no such table.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<Arc<Table>> {
        if let Some(known) = lock(&self.tables).get(name) {
            return Some(Arc::clone(known));
        }
        let table = Arc::new(Table::from_description(&self.description(name)?)?);
        lock(&self.tables).insert(name.to_owned(), Arc::clone(&table));
        Some(table)
    }

    /// Returns DynamoDB's description of a table; none if there is no such table.
    #[must_use]
    pub fn description(&self, name: &str) -> Option<Value> {
        let reply = self.answer(Operation::DescribeTable, &json!({ "TableName": name }));
        reply.body.get("Table").cloned()
    }

    /// Reads an item past the wire: not counted, never late, never lost.
    #[must_use]
    pub fn item(&self, table: &str, key: &Item) -> Option<Item> {
        let request = GetItemRequest {
            table_name: table.to_owned(),
            key: serde_json::from_value(Value::Object(key.clone())).ok()?,
            consistent_read: Some(true),
            ..GetItemRequest::default()
        };
        let item = self.engine.get_item(request).ok()?.item?;
        match serde_json::to_value(item).ok()? {
            Value::Object(item) => Some(item),
            _ => None,
        }
    }

    /// Returns every item of a table, past the wire.
    #[must_use]
    pub fn items(&self, table: &str) -> Vec<Item> {
        let mut items = Vec::new();
        let mut request = json!({ "TableName": table, "ConsistentRead": true });
        loop {
            let mut page = self.answer(Operation::Scan, &request).body;
            if let Some(Value::Array(found)) = page.get_mut("Items").map(Value::take) {
                items.extend(found.into_iter().filter_map(|item| match item {
                    Value::Object(item) => Some(item),
                    _ => None,
                }));
            }
            match (page.get_mut("LastEvaluatedKey").map(Value::take), request.as_object_mut()) {
                (Some(last), Some(request)) => request.insert("ExclusiveStartKey".to_owned(), last),
                _ => return items,
            };
        }
    }

    /// Forgets the stream records of a table up to a sequence number of the engine's own, so that a
    /// long simulation does not keep every image that it ever wrote. The newest record stays:
    /// numbers are counted on from it.
    ///
    /// # Errors
    /// When the embedded engine does.
    pub fn forget_stream(&self, table: &str, read: i64) -> Result<(), Broken> {
        lock(&self.upkeep).execute(
            "DELETE FROM _stream_records WHERE table_name = ?1 AND CAST(sequence_number AS INTEGER) <= ?2
             AND CAST(sequence_number AS INTEGER) <
                 (SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = ?1)",
            rusqlite::params![table, read],
        )?;
        Ok(())
    }

    /// Answers one request as DynamoDB does.
    #[must_use]
    pub fn answer(&self, operation: Operation, body: &Value) -> Reply {
        let engine = &self.engine;
        match operation {
            Operation::GetItem => act(body, |request| engine.get_item(request)),
            Operation::PutItem => act(body, |request| engine.put_item(request)),
            Operation::UpdateItem => act(body, |request| engine.update_item(request)),
            Operation::DeleteItem => act(body, |request| engine.delete_item(request)),
            Operation::Query => act(body, |request| engine.query(request)),
            Operation::Scan => act(body, |request| engine.scan(request)),
            Operation::BatchGetItem => act(body, |request| engine.batch_get_item(request)),
            Operation::BatchWriteItem => act(body, |request| engine.batch_write_item(request)),
            Operation::TransactGetItems => act(body, |request| engine.transact_get_items(request)),
            Operation::TransactWriteItems => {
                act(body, |request| engine.transact_write_items(request))
            }
            Operation::CreateTable => act(body, |request| engine.create_table(request)),
            Operation::DescribeTable => act(body, |request| engine.describe_table(request)),
            Operation::ListTables => act(body, |request| engine.list_tables(request)),
            Operation::UpdateTimeToLive => act(body, |request| engine.update_time_to_live(request)),
            Operation::DescribeTimeToLive => {
                act(body, |request| engine.describe_time_to_live(request))
            }
            Operation::ListStreams => act(body, |request| engine.list_streams(request)),
            Operation::DescribeStream => act(body, |request| engine.describe_stream(request)),
            Operation::GetShardIterator => act(body, |request| engine.get_shard_iterator(request)),
            Operation::GetRecords => act(body, |request| engine.get_records(request)),
        }
    }
}

fn act<Q: DeserializeOwned, A: Serialize>(
    body: &Value,
    act: impl FnOnce(Q) -> dynoxide::Result<A>,
) -> Reply {
    let request = match Q::deserialize(body) {
        Ok(request) => request,
        Err(fault) => return Reply::refusal("ValidationException", &fault.to_string()),
    };
    match act(request) {
        Ok(answer) => match serde_json::to_value(answer) {
            Ok(body) => Reply { status: 200, body },
            Err(fault) => Reply::fault(&fault.to_string()),
        },
        Err(error) => Reply {
            status: error.status_code(),
            body: serde_json::from_str(&error.to_json()).unwrap_or_default(),
        },
    }
}

/// Locks. The state that a panicking test has left behind is still good enough to end the other
/// tests.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sequence_number_is_found_by_an_index() {
        let database = Database::memory().unwrap();
        let plan: String = lock(&database.upkeep)
            .query_row(
                "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1
                 FROM _stream_records WHERE table_name = 'core'",
                [],
                |row| row.get(3),
            )
            .unwrap();
        assert!(plan.contains("stream_position"), "{plan}");
    }
}
