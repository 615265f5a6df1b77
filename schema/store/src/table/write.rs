//! Writes of one row, outside of transactions: each says what makes it safe to send again.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    DeleteRequest, PutRequest, ReturnValue, ReturnValuesOnConditionCheckFailure as OnFailure,
    WriteRequest,
};
use futures::stream::{self, StreamExt, TryStreamExt};

use super::attribute::{Item, Read};
use super::client::{Store, Table};
use super::expression::Expression;
use super::key::Key;
use super::retry::{NO_ANSWER, Sent};
use super::row::invalid;
use super::trail::{Mark, Trace, Trail};
use crate::Fault;
use crate::metric::CONFLICTS;

/// The number of rows in one batch: the most that a call takes.
const BATCH: usize = 25;
/// The number of concurrent batches: a long name has hundreds of rows.
const CALLS: usize = 8;

/// The result of a write of a row with a version.
#[derive(Debug)]
pub(crate) enum Alone {
    /// It was written, now or by the try whose answer was lost.
    Done,
    /// It was not written and will not be. With the item as it is.
    Refused(Option<Item>),
}

/// A version of a row, and the mark of the write that makes it.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) version: u64,
    pub(crate) mark: Mark,
}

impl Store {
    /// Puts an item, in place of whatever is there.
    pub(crate) async fn put(&self, table: Table, item: &Item) -> Result<(), Fault> {
        let put = self.db.put_item().table_name(self.name(table)).set_item(Some(item.clone()));
        self.answered(|| put.clone().send()).await.map(drop)
    }

    /// Deletes an item, and returns it as it was, if it existed.
    pub(crate) async fn delete(&self, table: Table, key: &Key) -> Result<Option<Item>, Fault> {
        let delete = self.db.delete_item().table_name(self.name(table));
        let delete = delete.set_key(Some(key.item())).return_values(ReturnValue::AllOld);
        Ok(self.answered(|| delete.clone().send()).await?.attributes)
    }

    /// Deletes an item under a condition. Returns false when the condition does not hold.
    ///
    /// Sent again after a lost answer, it finds nothing, and the condition must hold for that too.
    pub(crate) async fn delete_when(
        &self,
        table: Table,
        key: &Key,
        condition: Expression,
    ) -> Result<bool, Fault> {
        let delete = self.db.delete_item().table_name(self.name(table));
        let delete = delete
            .set_key(Some(key.item()))
            .set_expression_attribute_names(condition.names())
            .set_expression_attribute_values(condition.values())
            .set_condition_expression(condition.condition);
        let refused =
            |error: &DeleteItemError| error.is_conditional_check_failed_exception().then_some(());
        Ok(self.sent(|_| delete.clone().send(), refused).await?.answer.is_ok())
    }

    /// Updates an item, and returns it in the form that the expression requests; or the item as it
    /// is, when the guard fails. For updates that may be sent again, because they have the same
    /// effect each time.
    pub(crate) async fn update(
        &self,
        table: Table,
        key: &Key,
        expression: Expression,
    ) -> Result<Sent<Item, Option<Item>>, Fault> {
        let update = self.updating(table, key, expression);
        let sent = self.sent(|_| update.clone().send(), refused).await?;
        let answer = sent.answer.map(|answer| answer.attributes.unwrap_or_default());
        Ok(Sent { answer, is_again: sent.is_again })
    }

    /// Updates an item, sent once, without a retry. Returns false when the guard fails.
    pub(crate) async fn update_once(
        &self,
        table: Table,
        key: &Key,
        expression: Expression,
    ) -> Result<bool, Fault> {
        match Box::pin(self.updating(table, key, expression).send()).await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().and_then(refused).is_some() => Ok(false),
            Err(error) => Err(Fault::Unavailable(error.to_string())),
        }
    }

    /// Returns the version after this one, with a fresh mark of the write that makes it.
    pub(crate) fn make(&self, before: u64) -> Made {
        Made { version: before + 1, mark: Mark::new(self.random()) }
    }

    /// Retries an update of one row until its result is known. Its only guard is the version before
    /// it. Therefore it takes effect at most once, and never after another write, however often it
    /// is sent. When it is refused after an answer was lost, the trail of the row shows whether it
    /// took effect.
    pub(crate) async fn update_version(
        &self,
        table: Table,
        key: &Key,
        made: &Made,
        expression: Expression,
    ) -> Result<Alone, Fault> {
        let sent = self.update(table, key, expression).await?;
        match sent.answer {
            Ok(_) => Ok(Alone::Done),
            Err(item) if sent.is_again && made.is_in(item.as_ref())? => Ok(Alone::Done),
            Err(item) => {
                metrics::counter!(CONFLICTS).increment(1);
                Ok(Alone::Refused(item))
            }
        }
    }

    /// Puts and deletes rows in batches, without guards.
    pub(crate) async fn write_batch(
        &self,
        table: Table,
        puts: impl IntoIterator<Item = Item>,
        deletes: BTreeSet<&Key>,
    ) -> Result<(), Fault> {
        let puts = puts.into_iter().map(|item| {
            let put = PutRequest::builder().set_item(Some(item)).build().map_err(invalid)?;
            Ok(WriteRequest::builder().put_request(put).build())
        });
        let deletes = deletes.into_iter().map(|key| {
            let delete = DeleteRequest::builder().set_key(Some(key.item()));
            Ok(WriteRequest::builder().delete_request(delete.build().map_err(invalid)?).build())
        });
        let writes: Vec<WriteRequest> = puts.chain(deletes).collect::<Result<_, Fault>>()?;
        let chunks: Vec<_> = writes.chunks(BATCH).map(<[_]>::to_vec).collect();
        let calls = stream::iter(chunks).map(|chunk| self.write_some(table, chunk));
        calls.buffer_unordered(CALLS).try_collect().await
    }

    async fn write_some(&self, table: Table, mut writes: Vec<WriteRequest>) -> Result<(), Fault> {
        let table = self.name(table);
        let mut attempts = self.attempts();
        while !writes.is_empty() {
            attempts.next().await?;
            let answer = self
                .answered(|| self.db.batch_write_item().request_items(table, writes.clone()).send())
                .await?;
            writes =
                answer.unprocessed_items.and_then(|mut all| all.remove(table)).unwrap_or_default();
        }
        Ok(())
    }

    /// Returns the request of an update.
    pub(super) fn updating(
        &self,
        table: Table,
        key: &Key,
        expression: Expression,
    ) -> UpdateItemFluentBuilder {
        self.db
            .update_item()
            .table_name(self.name(table))
            .set_key(Some(key.item()))
            .set_expression_attribute_names(expression.names())
            .set_expression_attribute_values(expression.values())
            .set_update_expression(expression.update)
            .set_condition_expression(expression.condition)
            .set_return_values(expression.returns)
            .return_values_on_condition_check_failure(OnFailure::AllOld)
    }
}

impl Made {
    /// Returns true when the trail of a row contains this version.
    fn is_in(&self, item: Option<&Item>) -> Result<bool, Fault> {
        // A row that is written this way is never deleted: if it is missing, it never existed.
        let Some(item) = item else { return Ok(false) };
        let now = Read(item).maybe_number("w")?.unwrap_or(0);
        match Trail::of(item).trace(now, self.version, &self.mark) {
            Trace::Ours => Ok(true),
            Trace::Anothers => Ok(false),
            // A retry could write it twice.
            Trace::Faded => Err(Fault::Unavailable(NO_ANSWER.to_owned())),
        }
    }
}

/// Returns the item as it is, when its guard refused an update.
pub(super) fn refused(error: &UpdateItemError) -> Option<Option<Item>> {
    match error {
        UpdateItemError::ConditionalCheckFailedException(failed) => Some(failed.item.clone()),
        _ => None,
    }
}
