//! Rows of a transaction, each with the guard that its write depends on.

use aws_sdk_dynamodb::types::{
    Delete, Put, ReturnValuesOnConditionCheckFailure as OnFailure, TransactWriteItem, Update,
};
use domain::EmployeeId;
use serde::Serialize;

use super::attribute::Item;
use super::client::{Store, Table};
use super::expression::Expression;
use super::key::Key;
use crate::Fault;

/// Encodes a record as an item with this key. An attribute without a value is not stored.
pub(crate) fn encode(key: &Key, record: &impl Serialize) -> Item {
    encode_whole(key, record).0
}

/// Encodes a record as an item with this key, and returns the names of its attributes without a value.
#[expect(clippy::expect_used, reason = "a record is a struct of texts and numbers")]
pub(crate) fn encode_whole(key: &Key, record: &impl Serialize) -> (Item, Vec<String>) {
    let whole: Item = serde_dynamo::to_item(record).expect("an item");
    let (absent, mut item): (Item, Item) =
        whole.into_iter().partition(|(_, value)| value.is_null());
    item.extend(key.item());
    let mut absent: Vec<_> = absent.into_keys().collect();
    absent.sort();
    (item, absent)
}

/// The role of a row in a transaction, by which a failed guard is understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// The head: another writer changed it.
    Head,
    /// The desk of an operator: they are no longer operator there, or are full.
    Desk(EmployeeId),
    /// A receipt, or the answer of an idempotent act: it was done already.
    Once,
    /// The item that stores a count: it is gone, or the count is at its limit.
    Tally,
    /// A file: it is gone, or is attached already.
    Attachment,
    /// A connection: it is gone, or is not in the expected state.
    Connection,
    /// Anything else.
    Other,
}

/// One row of a transaction. If its guard fails, the transaction returns the item as it is.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(super) part: Part,
    table: Table,
    write: Write,
}

#[derive(Clone, Debug)]
enum Write {
    Put(Item, Expression),
    Update(Key, Expression),
    Delete(Key, Expression),
}

impl Row {
    /// Returns a row that must not exist yet.
    pub(crate) fn put_new(table: Table, part: Part, item: Item) -> Self {
        Self::put_if(table, part, item, Expression::guard("attribute_not_exists(pk)"))
    }

    /// Returns a row that replaces whatever is there.
    pub(crate) fn put(table: Table, part: Part, item: Item) -> Self {
        Self::put_if(table, part, item, Expression::default())
    }

    /// Returns a row that replaces what is there under a guard.
    pub(crate) fn put_if(table: Table, part: Part, item: Item, guard: Expression) -> Self {
        Self { part, table, write: Write::Put(item, guard) }
    }

    /// Returns a row that is updated in part.
    pub(crate) fn update(table: Table, part: Part, key: &Key, update: Expression) -> Self {
        Self { part, table, write: Write::Update(key.clone(), update) }
    }

    /// Returns a row that is deleted, if it exists.
    pub(crate) fn delete(table: Table, part: Part, key: &Key) -> Self {
        Self::delete_if(table, part, key, Expression::default())
    }

    /// Returns a row that is deleted under a guard.
    pub(crate) fn delete_if(table: Table, part: Part, key: &Key, guard: Expression) -> Self {
        Self { part, table, write: Write::Delete(key.clone(), guard) }
    }

    /// Converts the row to the SDK's form.
    pub(super) fn built(self, store: &Store) -> Result<TransactWriteItem, Fault> {
        let (table, built) = (store.name(self.table), TransactWriteItem::builder());
        Ok(match self.write {
            Write::Put(item, guard) => {
                let put = Put::builder()
                    .table_name(table)
                    .set_item(Some(item))
                    .set_expression_attribute_names(guard.names())
                    .set_expression_attribute_values(guard.values())
                    .set_condition_expression(guard.condition)
                    .return_values_on_condition_check_failure(OnFailure::AllOld);
                built.put(put.build().map_err(invalid)?)
            }
            Write::Update(key, update) => {
                let write = Update::builder()
                    .table_name(table)
                    .set_key(Some(key.item()))
                    .set_expression_attribute_names(update.names())
                    .set_expression_attribute_values(update.values())
                    .set_update_expression(update.update)
                    .set_condition_expression(update.condition)
                    .return_values_on_condition_check_failure(OnFailure::AllOld);
                built.update(write.build().map_err(invalid)?)
            }
            Write::Delete(key, guard) => {
                let delete = Delete::builder()
                    .table_name(table)
                    .set_key(Some(key.item()))
                    .set_expression_attribute_names(guard.names())
                    .set_expression_attribute_values(guard.values())
                    .set_condition_expression(guard.condition)
                    .return_values_on_condition_check_failure(OnFailure::AllOld);
                built.delete(delete.build().map_err(invalid)?)
            }
        }
        .build())
    }
}

/// Converts the error of a request that cannot be built, which is a programming error, to a fault.
pub(super) fn invalid(error: impl std::fmt::Display) -> Fault {
    Fault::Unavailable(error.to_string())
}
