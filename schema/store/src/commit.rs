//! Writes: commits one transaction or one conditional update, and sends it again until it is known
//! whether it happened.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    CancellationReason, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use domain::id::fresh;
use domain::{Session, TenantId};

use crate::attribute::{Item, Read, number, text};
use crate::call::{Trouble, trouble};
use crate::metric::CONFLICTS;
use crate::row::{Part, Row, UNCHANGED};
use crate::session::Rewrite;
use crate::store::TRIES;
use crate::trail::{Mark, Trace, Trail};
use crate::{Fault, Store, session};

/// How a write ended.
#[derive(Debug)]
pub(crate) enum Committed {
    /// It happened.
    Done,
    /// It did not: these guards failed, with the items as they are.
    Guarded(Vec<(Part, Option<Item>)>),
    /// It did not: others wrote the same items at the same time.
    Collided,
}

/// How the write of one row ended.
#[derive(Debug)]
pub(crate) enum Alone {
    /// It happened, now or when its answer was lost.
    Done,
    /// It did not, and never will: the item as it is.
    Refused(Option<Item>),
}

/// A version of a row, and the mark of the write that makes it.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) version: u64,
    pub(crate) mark: Mark,
}

/// What the store says when nobody can tell whether a write happened.
const NO_ANSWER: &str = "no answer to a write";

impl Store {
    /// Commits the rows in one transaction. A transaction without an answer is sent again with
    /// the same token, so that it happens once; any other gets a token of its own.
    pub(crate) async fn commit(&self, rows: Vec<Row>) -> Result<Committed, Fault> {
        let (parts, writes): (Vec<Part>, Vec<_>) =
            rows.into_iter().map(|row| (row.part, row.write)).unzip();
        let token = fresh(self.random());
        let mut is_unknown = false;
        for tried in 0..TRIES {
            let sending = self
                .db
                .transact_write_items()
                .set_transact_items(Some(writes.clone()))
                .client_request_token(&token)
                .send();
            // Boxed: the SDK's futures are large, and each caller's would hold one.
            let sent = Box::pin(sending).await;
            let error = match sent {
                Ok(_) => return Ok(Committed::Done),
                Err(error) => error,
            };
            if let Some(reasons) = cancellation(&error) {
                match outcome(&parts, reasons) {
                    // That it collides this time does not say that it did not happen before.
                    Committed::Collided if is_unknown => {}
                    outcome => {
                        metrics::counter!(CONFLICTS).increment(1);
                        return Ok(outcome);
                    }
                }
            } else {
                match trouble(&error) {
                    Trouble::Final(why) => return Err(Fault::Unavailable(why)),
                    Trouble::Busy => {}
                    Trouble::Unknown => is_unknown = true,
                }
            }
            self.pause(tried).await;
        }
        Err(Fault::Unavailable(NO_ANSWER.to_owned()))
    }

    /// Commits a step of a job, unless its guard says that a later one is under way: then that is
    /// whose turn it is.
    pub(crate) async fn commit_step(&self, write: TransactWriteItem) -> Result<(), Fault> {
        for tried in 0..TRIES {
            match self.commit(vec![Row { part: Part::Other, write: write.clone() }]).await? {
                Committed::Done | Committed::Guarded(_) => return Ok(()),
                Committed::Collided => self.pause(tried).await,
            }
        }
        Err(Fault::Conflict)
    }

    /// Commits a head that is all that changes, in one conditional write.
    pub(crate) async fn commit_head(
        &self,
        tenant: &TenantId,
        before: &Session,
        trail: &Trail,
        after: &Session,
    ) -> Result<Committed, Fault> {
        let made = self.make(before.version);
        let rewrite = Rewrite::of(session::encode(tenant, after, trail, Some(&made.mark)));
        let update = self
            .db
            .update_item()
            .table_name(&self.tables.core)
            .set_key(Some(rewrite.key))
            .update_expression(rewrite.expression)
            .condition_expression(UNCHANGED)
            .set_expression_attribute_names(Some(rewrite.names))
            .set_expression_attribute_values(Some(rewrite.values))
            .expression_attribute_values(":before", number(before.version))
            .expression_attribute_values(":state", text(session::state(&before.state)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        Ok(match self.write_alone(&made, || update.clone().send(), refused).await? {
            Alone::Done => Committed::Done,
            Alone::Refused(item) => Committed::Guarded(vec![(Part::Head, item)]),
        })
    }

    /// The version after this one, made by a write of its own.
    pub(crate) fn make(&self, before: u64) -> Made {
        Made { version: before + 1, mark: Mark::new(self.random()) }
    }

    /// Sends a write of one row until it is known whether it happened. Its guard is the version
    /// before it, and nothing else: so it happens once at most, and never after another's write,
    /// however often it is sent. When it is refused after an answer was lost, the trail of the row
    /// tells whether it had happened. `refused` takes the item from an error of the guard.
    pub(crate) async fn write_alone<T, E, R, F>(
        &self,
        made: &Made,
        mut send: impl FnMut() -> F,
        refused: impl Fn(&E) -> Option<Option<Item>>,
    ) -> Result<Alone, Fault>
    where
        F: Future<Output = Result<T, SdkError<E, R>>>,
        E: ProvideErrorMetadata + std::fmt::Debug,
        R: std::fmt::Debug,
    {
        let mut is_unknown = false;
        for tried in 0..TRIES {
            // Boxed: the SDK's futures are large, and each caller's would hold one.
            let error = match Box::pin(send()).await {
                Ok(_) => return Ok(Alone::Done),
                Err(error) => error,
            };
            if let Some(item) = error.as_service_error().and_then(&refused) {
                if is_unknown && made.is_in(item.as_ref())? {
                    return Ok(Alone::Done);
                }
                metrics::counter!(CONFLICTS).increment(1);
                return Ok(Alone::Refused(item));
            }
            match trouble(&error) {
                Trouble::Final(why) => return Err(Fault::Unavailable(why)),
                Trouble::Busy => {}
                Trouble::Unknown => is_unknown = true,
            }
            self.pause(tried).await;
        }
        Err(Fault::Unavailable(NO_ANSWER.to_owned()))
    }
}

impl Made {
    /// Whether a row has this version among those that were made of it.
    fn is_in(&self, item: Option<&Item>) -> Result<bool, Fault> {
        // No row that is written alone is ever deleted: where there is none, there was none.
        let Some(item) = item else { return Ok(false) };
        let now = Read(item).maybe_number("w")?.unwrap_or(0);
        match Trail::of(item).trace(now, self.version, &self.mark) {
            Trace::Ours => Ok(true),
            Trace::Anothers => Ok(false),
            // To do it again could do it twice.
            Trace::Faded => Err(Fault::Unavailable(NO_ANSWER.to_owned())),
        }
    }
}

/// The item as it is, when its guard refused an update.
pub(crate) fn refused(error: &UpdateItemError) -> Option<Option<Item>> {
    match error {
        UpdateItemError::ConditionalCheckFailedException(failed) => Some(failed.item.clone()),
        _ => None,
    }
}

fn cancellation<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<&[CancellationReason]> {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
            Some(canceled.cancellation_reasons())
        }
        _ => None,
    }
}

fn outcome(parts: &[Part], reasons: &[CancellationReason]) -> Committed {
    let failed: Vec<_> = parts
        .iter()
        .zip(reasons)
        .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
        .map(|(part, reason)| (part.clone(), reason.item.clone()))
        .collect();
    if failed.is_empty() { Committed::Collided } else { Committed::Guarded(failed) }
}
