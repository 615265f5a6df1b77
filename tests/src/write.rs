//! The writes that stand in a request.

use crate::database::Database;
use crate::item::Item;
use crate::table::Table;
use crate::wire::{Call, Operation};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// The place of an item: comparable, and readable in a trace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    table: String,
    /// The values of the key, which never hold a line feed in this service's tests.
    key: String,
}

impl Place {
    /// Returns the place of an item with this key in this table.
    #[must_use]
    pub fn new(table: &Table, key: &Item) -> Self {
        let value = |name: &String| {
            let typed = key.get(name)?.as_object()?;
            typed.values().next()?.as_str().map(str::to_owned)
        };
        let values: Vec<_> = table.keys.iter().filter_map(value).collect();
        Self { table: table.name.clone(), key: values.join("\n") }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}[{}]", self.table, self.key.replace('\n', " / "))
    }
}

/// The effect of a write on its item.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Puts this item in the place.
    Put(Item),
    /// Changes the item by an expression.
    Update,
    /// Deletes the item.
    Delete,
    /// Only checks a condition, in a transaction.
    Check,
}

/// A write, or the check of one item, in a request.
#[derive(Clone, Debug)]
pub struct Write {
    /// The table.
    pub table: Arc<Table>,
    /// The key of the item.
    pub key: Item,
    /// Its effect.
    pub act: Act,
}

impl Write {
    /// Returns the place of the written item.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::new(&self.table, &self.key)
    }

    /// Returns the writes of a call, in the order of the request; none for a read.
    #[must_use]
    pub fn all(call: &Call, database: &Database) -> Vec<Self> {
        let named = |kind: &str, body: &Value| {
            Self::read(kind, body, body.get("TableName")?.as_str()?, database)
        };
        match call.operation {
            Operation::PutItem => named("Put", &call.body).into_iter().collect(),
            Operation::UpdateItem => named("Update", &call.body).into_iter().collect(),
            Operation::DeleteItem => named("Delete", &call.body).into_iter().collect(),
            Operation::TransactWriteItems => list(&call.body, "TransactItems")
                .filter_map(|(kind, body)| named(kind, body))
                .collect(),
            Operation::BatchWriteItem => requested(&call.body)
                .filter_map(|(table, one)| {
                    let (kind, body) = one.as_object()?.iter().next()?;
                    Self::read(kind.trim_end_matches("Request"), body, table, database)
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn read(kind: &str, body: &Value, table: &str, database: &Database) -> Option<Self> {
        let table = database.table(table)?;
        let item = |name: &str| body.get(name).and_then(Value::as_object).cloned();
        let (key, act) = match kind {
            "Put" => {
                let item = item("Item")?;
                (table.key_of(&item), Act::Put(item))
            }
            "Update" => (item("Key")?, Act::Update),
            "Delete" => (item("Key")?, Act::Delete),
            _ => (item("Key")?, Act::Check),
        };
        Some(Self { table, key, act })
    }
}

/// Returns the places that a batch or a transaction of reads asks for, in the order of the request.
#[must_use]
pub fn places_read(call: &Call, database: &Database) -> Vec<Place> {
    let place =
        |table: &str, key: &Value| Some(Place::new(&*database.table(table)?, key.as_object()?));
    match call.operation {
        Operation::GetItem => call
            .body
            .get("TableName")
            .and_then(Value::as_str)
            .zip(call.body.get("Key"))
            .and_then(|(table, key)| place(table, key))
            .into_iter()
            .collect(),
        Operation::TransactGetItems => list(&call.body, "TransactItems")
            .filter_map(|(_, get)| place(get.get("TableName")?.as_str()?, get.get("Key")?))
            .collect(),
        Operation::BatchGetItem => tables(&call.body)
            .flat_map(|(table, wanted)| keys(wanted).map(move |key| (table, key)))
            .filter_map(|(table, key)| place(table, key))
            .collect(),
        _ => Vec::new(),
    }
}

/// Returns the keys that a BatchGetItem asks of one table.
pub fn keys(wanted: &Value) -> impl Iterator<Item = &Value> {
    wanted.get("Keys").and_then(Value::as_array).into_iter().flatten()
}

/// Returns the part of a batch for each table.
pub fn tables(body: &Value) -> impl Iterator<Item = (&String, &Value)> {
    body.get("RequestItems").and_then(Value::as_object).into_iter().flatten()
}

/// Returns the one-member objects (`{"Put": {...}}`) of a list, as kind and content.
fn list<'a>(body: &'a Value, name: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    body.get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|one| one.as_object()?.iter().next())
        .map(|(kind, content)| (kind.as_str(), content))
}

/// Returns the single requests of a BatchWriteItem with the table of each.
fn requested(body: &Value) -> impl Iterator<Item = (&String, &Value)> {
    tables(body).flat_map(|(table, list)| {
        list.as_array().into_iter().flatten().map(move |one| (table, one))
    })
}
