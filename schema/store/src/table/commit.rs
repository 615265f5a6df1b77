//! Commits: sends a transaction again until it is known whether it took effect.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::{
    TransactWriteItemsError, TransactWriteItemsOutput,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::id::fresh;

use super::attribute::Item;
use super::client::Store;
use super::retry::{NO_ANSWER, TRIES, Trouble, trouble};
use super::row::{Part, Row};
use crate::Fault;
use crate::metric::CONFLICTS;

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
    fn new(store: &Store, rows: Vec<Row>) -> Result<Self, Fault> {
        let parts = rows.iter().map(|row| row.part.clone()).collect();
        let writes = rows.into_iter().map(|row| row.built(store)).collect::<Result<_, _>>()?;
        Ok(Self { parts, writes, token: fresh(store.random()) })
    }
}

impl Store {
    /// Commits rows in one transaction. A transaction without an answer is sent again with the same
    /// token, so that it takes effect once. After a collision the rows are built again, because
    /// they may be chosen at random, and sent as another transaction.
    ///
    /// # Errors
    /// [`Fault::Conflict`] when it collides each time; [`Fault::Unavailable`] when it is unknown
    /// whether it took effect.
    pub(crate) async fn commit(
        &self,
        mut rows: impl FnMut() -> Vec<Row>,
    ) -> Result<Committed, Fault> {
        let mut transaction = Transaction::new(self, rows())?;
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
                    transaction = Transaction::new(self, rows())?;
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
