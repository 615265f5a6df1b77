//! Tallies: enforce a limit with a counter that the same transaction updates.
//!
//! Live chats and apps are counted in a row of the tenant, channels and members in the settings of
//! their live chat. Two requests that create something at the same time cannot both take the last
//! place. The price is one more row in the transaction.

use aws_sdk_dynamodb::types::Update;

use crate::attribute::{Item, Read, number};
use crate::key::Key;
use crate::row::{Part, Row, updated};
use crate::{Fault, Store};

/// A count with a limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tally {
    /// The attribute that stores the count.
    pub(crate) name: &'static str,
    /// The limit.
    pub(crate) most: usize,
}

impl Tally {
    /// Returns true when the guard of [`Store::one_more`] failed because the limit is reached.
    pub(crate) fn is_full(self, item: Option<&Item>) -> Result<bool, Fault> {
        let count = item.map(|item| Read(item).maybe_number::<usize>(self.name)).transpose()?;
        Ok(count.flatten().unwrap_or(0) >= self.most)
    }
}

impl Store {
    /// Returns the row that increments the count, under the guard that the limit is not reached.
    /// With `is_there`, the item that stores the count must exist.
    pub(crate) fn one_more(&self, key: &Key, tally: Tally, is_there: bool) -> Result<Row, Fault> {
        let room = format!("(attribute_not_exists({0}) OR {0} < :most)", tally.name);
        let condition = if is_there { format!("attribute_exists(pk) AND {room}") } else { room };
        let update = Update::builder()
            .update_expression(format!("ADD {} :one", tally.name))
            .condition_expression(condition)
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(tally.most));
        updated(&self.tables.core, Part::Tally, key, update)
    }

    /// Returns the row that decrements the count.
    pub(crate) fn one_less(&self, key: &Key, tally: Tally) -> Result<Row, Fault> {
        let update = Update::builder()
            .update_expression(format!("ADD {} :less", tally.name))
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":less", number(-1));
        updated(&self.tables.core, Part::Tally, key, update)
    }
}
