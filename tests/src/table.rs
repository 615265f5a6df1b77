//! The parts of a table that units, conflicts and copies need to know.

use crate::item::{self, Item};
use serde_json::Value;

/// A table: its keys and its indexes.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Names of its key attributes, the partition key first.
    pub keys: Vec<String>,
    /// Its secondary indexes, global and local.
    pub indexes: Vec<Index>,
}

/// A secondary index.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Names of its key attributes.
    pub keys: Vec<String>,
    /// The attributes that it has beside the keys.
    pub projection: Projection,
}

/// The attributes that an index has beside its own keys and the table's.
#[derive(Clone, Debug, PartialEq)]
pub enum Projection {
    /// No others.
    Keys,
    /// These attributes.
    Include(Vec<String>),
    /// The whole item.
    All,
}

impl Table {
    /// Reads a table out of DynamoDB's description of it.
    #[must_use]
    pub fn from_description(description: &Value) -> Option<Self> {
        let indexes = ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"]
            .iter()
            .filter_map(|kind| description.get(kind)?.as_array())
            .flatten()
            .filter_map(Index::from_description)
            .collect();
        Some(Self {
            name: description.get("TableName")?.as_str()?.to_owned(),
            keys: key_names(description)?,
            indexes,
        })
    }

    /// Returns the key of an item, or of a key itself.
    #[must_use]
    pub fn key_of(&self, item: &Item) -> Item {
        only(item, self.keys.iter())
    }

    /// Returns the entry that an item has in an index, if it has one.
    #[must_use]
    pub fn entry(&self, index: &Index, item: &Item) -> Option<Item> {
        if !index.keys.iter().all(|key| item.contains_key(key)) {
            return None;
        }
        let keys = self.keys.iter().chain(&index.keys);
        Some(match &index.projection {
            Projection::All => item.clone(),
            Projection::Keys => only(item, keys),
            Projection::Include(names) => only(item, keys.chain(names)),
        })
    }

    /// Returns the write units of an index when an item changes: a put or a delete of its entry
    /// each, both when the index key changes, nothing when no projected attribute does.
    #[must_use]
    pub fn index_units(&self, index: &Index, before: Option<&Item>, after: Option<&Item>) -> u64 {
        let old = before.and_then(|item| self.entry(index, item));
        let new = after.and_then(|item| self.entry(index, item));
        let units = |entry: &Item| item::size(entry).div_ceil(1024).max(1);
        match (old, new) {
            (None, None) => 0,
            (Some(entry), None) | (None, Some(entry)) => units(&entry),
            (Some(old), Some(new)) if old == new => 0,
            (Some(old), Some(new))
                if only(&old, index.keys.iter()) == only(&new, index.keys.iter()) =>
            {
                units(&old).max(units(&new))
            }
            (Some(old), Some(new)) => units(&old) + units(&new),
        }
    }
}

impl Index {
    fn from_description(description: &Value) -> Option<Self> {
        let projection = description.get("Projection")?;
        Some(Self {
            name: description.get("IndexName")?.as_str()?.to_owned(),
            keys: key_names(description)?,
            projection: match projection.get("ProjectionType")?.as_str()? {
                "ALL" => Projection::All,
                "INCLUDE" => Projection::Include(
                    projection
                        .get("NonKeyAttributes")?
                        .as_array()?
                        .iter()
                        .filter_map(|name| name.as_str().map(str::to_owned))
                        .collect(),
                ),
                _ => Projection::Keys,
            },
        })
    }
}

fn key_names(description: &Value) -> Option<Vec<String>> {
    let schema = description.get("KeySchema")?.as_array()?;
    let name = |kind: &str| {
        let of_kind =
            schema.iter().find(|key| key.get("KeyType").and_then(Value::as_str) == Some(kind));
        of_kind?.get("AttributeName")?.as_str().map(str::to_owned)
    };
    Some([name("HASH")?].into_iter().chain(name("RANGE")).collect())
}

fn only<'a>(item: &Item, names: impl Iterator<Item = &'a String>) -> Item {
    names.filter_map(|name| Some((name.clone(), item.get(name)?.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn table() -> Table {
        Table::from_description(&json!({
            "TableName": "core",
            "KeySchema": [
                {"AttributeName": "sk", "KeyType": "RANGE"},
                {"AttributeName": "pk", "KeyType": "HASH"},
            ],
            "GlobalSecondaryIndexes": [{
                "IndexName": "active",
                "KeySchema": [
                    {"AttributeName": "a", "KeyType": "HASH"},
                    {"AttributeName": "as", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }],
        }))
        .unwrap()
    }

    fn item(value: Value) -> Option<Item> {
        value.as_object().cloned()
    }

    #[test]
    fn an_entry_needs_every_key_of_the_index() {
        let table = table();
        assert_eq!(table.keys, ["pk", "sk"]);
        let half = item(json!({"pk": {"S": "p"}, "sk": {"S": "s"}, "a": {"S": "x"}})).unwrap();
        assert_eq!(table.entry(&table.indexes[0], &half), None);
    }

    #[test]
    fn an_index_costs_what_changes_in_it() {
        let table = table();
        let at = |sort: &str, text: &str| {
            item(
                json!({"pk": {"S": "p"}, "sk": {"S": "s"}, "a": {"S": "x"}, "as": {"S": sort}, "t": {"S": text}}),
            )
        };
        let outside = item(json!({"pk": {"S": "p"}, "sk": {"S": "s"}}));
        let units = |before: &Option<Item>, after: &Option<Item>| {
            table.index_units(&table.indexes[0], before.as_ref(), after.as_ref())
        };
        assert_eq!(units(&None, &at("1", "")), 1, "put");
        assert_eq!(units(&outside, &at("1", "")), 1, "gains the keys");
        assert_eq!(units(&at("1", ""), &None), 1, "delete");
        assert_eq!(units(&at("1", ""), &at("2", "")), 2, "moves");
        assert_eq!(units(&at("1", "old"), &at("1", "new")), 0, "not projected");
        assert_eq!(units(&outside, &None), 0, "never in it");
    }
}
