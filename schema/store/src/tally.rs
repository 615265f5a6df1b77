//! Tallies: enforce a limit with a counter that the same transaction updates.
//!
//! Live chats and apps are counted in a row of the tenant, channels and members in the settings of
//! their live chat. Two requests that create something at the same time cannot both take the last
//! place. The price is one more row in the transaction.

use crate::table::{Expression, Item, Key, Part, Read, Row, Table};
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
    pub(crate) fn one_more(&self, key: &Key, tally: Tally, is_there: bool) -> Row {
        let room = format!("(attribute_not_exists({0}) OR {0} < :most)", tally.name);
        let condition = if is_there { format!("attribute_exists(pk) AND {room}") } else { room };
        let update = Expression::update(format!("ADD {} :one", tally.name))
            .when(condition)
            .number(":one", 1)
            .number(":most", tally.most);
        Row::update(Table::Core, Part::Tally, key, update)
    }

    /// Returns the row that decrements the count.
    pub(crate) fn one_less(&self, key: &Key, tally: Tally) -> Row {
        let update = Expression::update(format!("ADD {} :less", tally.name))
            .when("attribute_exists(pk)")
            .number(":less", -1);
        Row::update(Table::Core, Part::Tally, key, update)
    }
}
