//! Units of reads.

use crate::database::Database;
use crate::item;
use crate::wire::{Call, Operation, Reply};
use crate::write::{keys, tables};
use serde_json::{Map, Value, json};

/// The unit of reads, in bytes.
const UNIT: u64 = 4096;

/// Returns the units of a request that reads, by the items as they are in the database.
pub(super) fn units(call: &Call, reply: &Reply, database: &Database) -> f64 {
    let body = &call.body;
    let table = body.get("TableName").and_then(Value::as_str).unwrap_or_default();
    match call.operation {
        Operation::GetItem => share(body) * units_of_item(database, table, body.get("Key")),
        Operation::BatchGetItem => tables(body)
            .map(|(table, wanted)| {
                let one = |key| units_of_item(database, table, Some(key));
                share(wanted)
                    * keys(wanted)
                        .filter(|key| !is_unprocessed(table, key, reply))
                        .map(one)
                        .sum::<f64>()
            })
            .sum(),
        Operation::TransactGetItems => {
            let gets = body.get("TransactItems").and_then(Value::as_array).into_iter().flatten();
            let one = |item: &Value| {
                let get = item.get("Get")?;
                Some(2.0 * units_of_item(database, get.get("TableName")?.as_str()?, get.get("Key")))
            };
            gets.filter_map(one).sum()
        }
        Operation::Query | Operation::Scan => {
            share(body) * super::units(page_size(call, reply, database), UNIT)
        }
        _ => 0.0,
    }
}

fn units_of_item(database: &Database, table: &str, key: Option<&Value>) -> f64 {
    let found = key.and_then(Value::as_object).and_then(|key| database.item(table, key));
    super::units(found.as_ref().map_or(0, item::size), UNIT)
}

/// Returns the share of a unit: the whole for a consistent read, half for an eventual one.
fn share(wanted: &Value) -> f64 {
    match wanted.get("ConsistentRead").and_then(Value::as_bool) {
        Some(true) => 1.0,
        _ => 0.5,
    }
}

fn is_unprocessed(table: &str, key: &Value, reply: &Reply) -> bool {
    let left = reply.body.get("UnprocessedKeys").and_then(|left| left.get(table));
    left.is_some_and(|left| keys(left).any(|one| one == key))
}

/// Returns the bytes of all items that a page evaluated, before filter and projection.
fn page_size(call: &Call, reply: &Reply, database: &Database) -> u64 {
    let shrunk = ["FilterExpression", "ProjectionExpression", "Select"];
    if !shrunk.iter().any(|name| call.body.get(name).is_some()) {
        return sizes(reply);
    }
    let evaluated = reply.body.get("ScannedCount").and_then(Value::as_u64).unwrap_or(0);
    if evaluated == 0 {
        return 0;
    }
    let Some(mut whole) = call.body.as_object().cloned() else {
        return 0;
    };
    whole.retain(|name, _| !shrunk.contains(&name.as_str()));
    whole.insert("Limit".to_owned(), json!(evaluated));
    keep_used(&mut whole, "ExpressionAttributeNames");
    keep_used(&mut whole, "ExpressionAttributeValues");
    sizes(&database.answer(call.operation, &Value::Object(whole)))
}

fn sizes(reply: &Reply) -> u64 {
    let items = reply.body.get("Items").and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_object).map(item::size).sum()
}

/// Drops the placeholders that the key condition does not use: DynamoDB refuses unused ones.
fn keep_used(body: &mut Map<String, Value>, placeholders: &str) {
    let condition = body.get("KeyConditionExpression").and_then(Value::as_str).unwrap_or_default();
    let used: Vec<String> = condition
        .split(|letter: char| !(letter.is_alphanumeric() || "#:_".contains(letter)))
        .map(str::to_owned)
        .collect();
    let Some(Value::Object(known)) = body.get_mut(placeholders) else {
        return;
    };
    known.retain(|name, _| used.contains(name));
    if known.is_empty() {
        body.remove(placeholders);
    }
}
