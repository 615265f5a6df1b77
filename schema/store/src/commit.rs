//! Writes: commits one transaction or one conditional update, and sends it again until it is known
//! whether it happened.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::{
    TransactWriteItemsError, TransactWriteItemsOutput,
};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use domain::id::fresh;
use domain::{Session, TenantId};

use crate::attribute::{Item, Read};
use crate::call::{NO_ANSWER, Trouble, trouble};
use crate::metric::CONFLICTS;
use crate::row::{Part, Row};
use crate::session::{Rewrite, UNCHANGED};
use crate::store::TRIES;
use crate::trail::{Mark, Trace, Trail};
use crate::{Fault, Store, session};

/// The result of a write.
#[derive(Debug)]
pub(crate) enum Committed {
    /// It was written.
    Done,
    /// It was not written: these guards failed, with the items as they are.
    Guarded(Vec<(Part, Option<Item>)>),
}

/// The reason why a transaction was cancelled.
enum Cancelled {
    /// These guards failed, with the items as they are.
    Guarded(Vec<(Part, Option<Item>)>),
    /// Another transaction wrote the same items at the same time.
    Collided,
}

/// One transaction, which takes effect once however often it is sent.
struct Transaction {
    parts: Vec<Part>,
    writes: Vec<TransactWriteItem>,
    token: String,
}

impl Transaction {
    fn new(rows: Vec<Row>, token: String) -> Self {
        let (parts, writes) = rows.into_iter().map(|row| (row.part, row.write)).unzip();
        Self { parts, writes, token }
    }
}

/// The result of a write of one row.
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

/// The tries of an act. Each one begins with [`Attempts::next`].
pub(crate) struct Attempts<'a> {
    store: &'a Store,
    begun: u32,
}

impl Attempts<'_> {
    /// Begins the next try, after a pause unless it is the first.
    ///
    /// # Errors
    /// [`Fault::Conflict`] when the tries are used up.
    pub(crate) async fn next(&mut self) -> Result<(), Fault> {
        if let Some(last) = self.begun.checked_sub(1) {
            self.store.pause(last).await;
        }
        if self.begun == TRIES {
            return Err(Fault::Conflict);
        }
        self.begun += 1;
        Ok(())
    }
}

impl Store {
    /// Returns the tries of an act that reads, decides and commits, and may lose to another write.
    pub(crate) const fn attempts(&self) -> Attempts<'_> {
        Attempts { store: self, begun: 0 }
    }

    /// Commits rows in one transaction. A transaction without an answer is sent again with the same
    /// token, so that it takes effect once. After a collision the rows are built again, because
    /// they may be chosen at random, and sent as another transaction.
    ///
    /// # Errors
    /// [`Fault::Conflict`] when it collides each time; [`Fault::Unavailable`] when it is unknown
    /// whether it took effect.
    pub(crate) async fn commit(
        &self,
        mut rows: impl FnMut() -> Result<Vec<Row>, Fault>,
    ) -> Result<Committed, Fault> {
        let mut transaction = Transaction::new(rows()?, fresh(self.random()));
        let (mut is_unknown, mut why) = (false, Fault::Conflict);
        for tried in 0..TRIES {
            // Boxed: the SDK's futures are large, and each caller's future would contain one.
            let error = match Box::pin(self.send(&transaction)).await {
                Ok(_) => return Ok(Committed::Done),
                Err(error) => error,
            };
            match cancelled(&transaction.parts, &error) {
                Some(Cancelled::Guarded(failed)) => {
                    metrics::counter!(CONFLICTS).increment(1);
                    return Ok(Committed::Guarded(failed));
                }
                // A collision now does not rule out that an earlier try took effect.
                Some(Cancelled::Collided) if is_unknown => {}
                Some(Cancelled::Collided) => {
                    metrics::counter!(CONFLICTS).increment(1);
                    transaction = Transaction::new(rows()?, fresh(self.random()));
                    why = Fault::Conflict;
                }
                None => {
                    match trouble(&error) {
                        Trouble::Final(why) => return Err(Fault::Unavailable(why)),
                        Trouble::Busy => {}
                        Trouble::Unknown => is_unknown = true,
                    }
                    why = Fault::Unavailable(NO_ANSWER.to_owned());
                }
            }
            self.pause(tried).await;
        }
        Err(why)
    }

    fn send(
        &self,
        transaction: &Transaction,
    ) -> impl Future<Output = Result<TransactWriteItemsOutput, SdkError<TransactWriteItemsError>>> + use<>
    {
        self.db
            .transact_write_items()
            .set_transact_items(Some(transaction.writes.clone()))
            .client_request_token(&transaction.token)
            .send()
    }

    /// Commits a step of a job. When the guard says that a later step is under way, nothing is
    /// written: the job continues with that one.
    pub(crate) async fn commit_step(&self, write: TransactWriteItem) -> Result<(), Fault> {
        let row = Row { part: Part::Other, write };
        self.commit(|| Ok(vec![row.clone()])).await.map(drop)
    }

    /// Commits a change of the head alone, in one conditional write.
    pub(crate) async fn commit_head(
        &self,
        tenant: &TenantId,
        before: &Session,
        trail: &Trail,
        after: &Session,
    ) -> Result<Committed, Fault> {
        let made = self.make(before.version);
        let rewrite = Rewrite::of(session::encode(tenant, after, trail, Some(&made.mark)), before);
        let update = self
            .db
            .update_item()
            .table_name(&self.tables.core)
            .set_key(Some(rewrite.key))
            .update_expression(rewrite.expression)
            .condition_expression(UNCHANGED)
            .set_expression_attribute_names(Some(rewrite.names))
            .set_expression_attribute_values(Some(rewrite.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        Ok(match self.write_alone(&made, || update.clone().send(), refused).await? {
            Alone::Done => Committed::Done,
            Alone::Refused(item) => Committed::Guarded(vec![(Part::Head, item)]),
        })
    }

    /// Returns the version after this one, with a fresh mark of the write that makes it.
    pub(crate) fn make(&self, before: u64) -> Made {
        Made { version: before + 1, mark: Mark::new(self.random()) }
    }

    /// Retries a write of one row until its result is known. Its only guard is the version before
    /// it. Therefore it takes effect at most once, and never after another write, however often it
    /// is sent. When it is refused after an answer was lost, the trail of the row shows whether it
    /// took effect. `refused` takes the item from an error of the guard.
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
        let sent = self.sent(|_| send(), refused).await?;
        match sent.answer {
            Ok(_) => Ok(Alone::Done),
            Err(item) if sent.is_again && made.is_in(item.as_ref())? => Ok(Alone::Done),
            Err(item) => {
                metrics::counter!(CONFLICTS).increment(1);
                Ok(Alone::Refused(item))
            }
        }
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
pub(crate) fn refused(error: &UpdateItemError) -> Option<Option<Item>> {
    match error {
        UpdateItemError::ConditionalCheckFailedException(failed) => Some(failed.item.clone()),
        _ => None,
    }
}

/// Returns the reason why a transaction was cancelled; `None` for any other error.
fn cancelled<R>(parts: &[Part], error: &SdkError<TransactWriteItemsError, R>) -> Option<Cancelled> {
    let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) =
        error.as_service_error()
    else {
        return None;
    };
    let failed: Vec<_> = parts
        .iter()
        .zip(canceled.cancellation_reasons())
        .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
        .map(|(part, reason)| (part.clone(), reason.item.clone()))
        .collect();
    Some(if failed.is_empty() { Cancelled::Collided } else { Cancelled::Guarded(failed) })
}
