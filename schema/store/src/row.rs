//! Rows of a transaction: builds each with the guard that its write depends on.

use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{
    Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use domain::delta::{Desk, MOST_OPEN, Queue};
use domain::{Change, Delta, EmployeeId, Session, TenantId};

use crate::attribute::{Build, Item, number};
use crate::call::key_item;
use crate::key::{self, Key, QUEUE_SHARDS};
use crate::session::Rewrite;
use crate::trail::Trail;
use crate::{Fault, Store, message, session};

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
    /// A connection: it is gone, or is not in the expected state.
    Connection,
    /// Anything else.
    Other,
}

/// One row of a transaction.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) part: Part,
    pub(crate) write: TransactWriteItem,
}

/// The input for the rows of a change of a session.
pub(crate) struct Writing<'a> {
    pub(crate) tenant: &'a TenantId,
    pub(crate) before: Option<&'a Session>,
    /// The trail of the head before the change.
    pub(crate) trail: &'a Trail,
    pub(crate) change: &'a Change,
    /// The shard of the queue count to use.
    pub(crate) shard: u32,
    pub(crate) table: &'a str,
}

impl Store {
    /// Returns the input for the rows of a change, with a random shard of the queue count.
    pub(crate) fn writing<'a>(
        &'a self,
        tenant: &'a TenantId,
        before: Option<&'a Session>,
        trail: &'a Trail,
        change: &'a Change,
    ) -> Writing<'a> {
        let shard = u32::try_from(self.random() % u128::from(QUEUE_SHARDS)).unwrap_or(0);
        Writing { tenant, before, trail, change, shard, table: &self.tables.core }
    }
}

impl Writing<'_> {
    /// Returns the rows of the change: head, entries, and what [`Delta`] derives.
    pub(crate) fn rows(&self) -> Result<Vec<Row>, Fault> {
        let delta = Delta::between(self.before, &self.change.session);
        let mut rows = vec![self.head()?];
        for entry in &self.change.entries {
            rows.push(self.put_new(Part::Other, message::encode(self.tenant, entry))?);
        }
        if let Some(queue) = delta.queue {
            rows.extend(self.queue(queue)?);
        }
        for desk in &delta.desks {
            rows.push(self.desk(desk)?);
        }
        if let Some(operator) = &delta.handled {
            rows.push(self.handled(operator)?);
        }
        Ok(rows)
    }

    /// Returns true when the head is the only row, so that no transaction is needed.
    pub(crate) fn is_head_alone(&self) -> bool {
        self.change.entries.is_empty()
            && Delta::between(self.before, &self.change.session) == Delta::default()
    }

    /// Returns the row of the head. A new head is guarded by its absence, an existing one by its
    /// version. That guard protects the new entries and the queue row as well, and theirs protect
    /// the head in turn. For a new session three guards are equivalent, and any one of them is
    /// enough: that there is no head, that there is no entry with its first number, and that there
    /// is no info row. For a new entry of an existing session two are: the head's version, and that
    /// there is no entry with that number.
    fn head(&self) -> Result<Row, Fault> {
        let item = session::encode(self.tenant, &self.change.session, self.trail, None);
        let before = self.before.filter(|before| before.id == self.change.session.id);
        let Some(before) = before else { return self.put_new(Part::Head, item) };
        let rewrite = Rewrite::of(item, before);
        let update = Update::builder()
            .table_name(self.table)
            .set_key(Some(rewrite.key))
            .update_expression(rewrite.expression)
            .condition_expression(session::UNCHANGED)
            .set_expression_attribute_names(Some(rewrite.names))
            .set_expression_attribute_values(Some(rewrite.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(built)?;
        Ok(Row { part: Part::Head, write: TransactWriteItem::builder().update(update).build() })
    }

    /// Returns a row that must not exist yet. The key of an entry and that of a queue row follow
    /// from the head, so this guard holds exactly when the head's guard holds.
    pub(crate) fn put_new(&self, part: Part, item: Item) -> Result<Row, Fault> {
        put_new(self.table, part, item)
    }

    fn queue(&self, queue: Queue) -> Result<[Row; 2], Fault> {
        let session = &self.change.session;
        let key = key::queued(self.tenant, session);
        let (row, step) = match queue {
            Queue::Enter => (self.put_new(Part::Other, Build::keyed(&key).done())?, 1),
            Queue::Leave => {
                let delete = Delete::builder()
                    .table_name(self.table)
                    .set_key(Some(key_item(&key)))
                    .build()
                    .map_err(built)?;
                let write = TransactWriteItem::builder().delete(delete).build();
                (Row { part: Part::Other, write }, -1)
            }
        };
        let count = Update::builder()
            .update_expression("ADD n :step, w :one")
            .expression_attribute_values(":step", number(step))
            .expression_attribute_values(":one", number(1));
        let key = key::queue_count(self.tenant, &session.live_chat, self.shard);
        Ok([row, self.update(Part::Other, &key, count)?])
    }

    fn desk(&self, desk: &Desk) -> Result<Row, Fault> {
        let key = key::membership(self.tenant, &desk.operator, &self.change.session.live_chat);
        let update = Update::builder()
            .update_expression("ADD u :u, m :m, w :one")
            .expression_attribute_values(":u", number(desk.unread))
            .expression_attribute_values(":m", number(desk.open))
            .expression_attribute_values(":one", number(1));
        let update = if desk.open > 0 {
            update
                .condition_expression("o = :one AND m < :most")
                .expression_attribute_values(":most", number(MOST_OPEN))
        } else {
            update.condition_expression("attribute_exists(pk)")
        };
        self.update(Part::Desk(desk.operator.clone()), &key, update)
    }

    fn handled(&self, operator: &EmployeeId) -> Result<Row, Fault> {
        let session = &self.change.session;
        let key = key::position(self.tenant, &session.id.conversation, operator);
        let update = Update::builder()
            .update_expression("SET h = :h, s = :s")
            .expression_attribute_values(":h", number(session.id.ordinal))
            .expression_attribute_values(":s", number(session.seq));
        self.update(Part::Other, &key, update)
    }

    fn update(&self, part: Part, key: &Key, update: UpdateBuilder) -> Result<Row, Fault> {
        updated(self.table, part, key, update)
    }
}

/// Returns a row that is updated in part. If its guard fails, it returns the item as it is.
pub(crate) fn updated(
    table: &str,
    part: Part,
    key: &Key,
    update: UpdateBuilder,
) -> Result<Row, Fault> {
    let update = update
        .table_name(table)
        .set_key(Some(key_item(key)))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()
        .map_err(built)?;
    Ok(Row { part, write: TransactWriteItem::builder().update(update).build() })
}

/// Returns a row that must not exist yet.
pub(crate) fn put_new(table: &str, part: Part, item: Item) -> Result<Row, Fault> {
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .condition_expression("attribute_not_exists(pk)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()
        .map_err(built)?;
    Ok(Row { part, write: TransactWriteItem::builder().put(put).build() })
}

/// Converts the error of a request that cannot be built, which is a programming error, to a fault.
pub(crate) fn built(error: impl std::fmt::Display) -> Fault {
    Fault::Unavailable(error.to_string())
}
