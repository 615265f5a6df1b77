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

/// A count that has a greatest value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tally {
    /// The attribute that has it.
    pub(crate) name: &'static str,
    /// The most there may be.
    pub(crate) most: usize,
}

impl Tally {
    /// Whether the guard of [`Store::one_more`] failed because there are as many as there may be.
    pub(crate) fn is_full(self, item: Option<&Item>) -> Result<bool, Fault> {
        let count = item.map(|item| Read(item).maybe_number::<usize>(self.name)).transpose()?;
        Ok(count.flatten().unwrap_or(0) >= self.most)
    }
}

impl Store {
    /// The row that counts one more, under the guard that there is room. `is_there` says that the
    /// item that has the count must exist.
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

    /// The row that counts one less.
    pub(crate) fn one_less(&self, key: &Key, tally: Tally) -> Result<Row, Fault> {
        let update = Update::builder()
            .update_expression(format!("ADD {} :less", tally.name))
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":less", number(-1));
        updated(&self.tables.core, Part::Tally, key, update)
    }
}
