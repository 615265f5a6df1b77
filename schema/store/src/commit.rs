//! Writes: one transaction each, sent until it is known whether it happened.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    CancellationReason, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use domain::id::fresh;

use crate::attribute::{Item, number, text};
use crate::call::{Trouble, trouble};
use crate::metric::CONFLICTS;
use crate::row::{Part, Row, UNCHANGED};
use crate::session::Rewrite;
use crate::store::TRIES;
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
        Err(Fault::Unavailable("no answer to a write".to_owned()))
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

    /// Commits a head that is all that changes, in one conditional write. It carries a write id,
    /// so that one that is sent again knows itself.
    pub(crate) async fn commit_head(
        &self,
        tenant: &domain::TenantId,
        before: &domain::Session,
        after: &domain::Session,
    ) -> Result<Committed, Fault> {
        let write_id = fresh(self.random());
        let mut item = session::encode(tenant, after);
        item.insert("wi".to_owned(), text(&write_id));
        let rewrite = Rewrite::of(item);
        for tried in 0..TRIES {
            let sending = self
                .db
                .update_item()
                .table_name(&self.tables.core)
                .set_key(Some(rewrite.key.clone()))
                .update_expression(&rewrite.expression)
                .condition_expression(format!("({UNCHANGED}) OR #wi = :wi"))
                .set_expression_attribute_names(Some(rewrite.names.clone()))
                .set_expression_attribute_values(Some(rewrite.values.clone()))
                .expression_attribute_values(":before", number(before.version))
                .expression_attribute_values(":state", text(session::state(&before.state)))
                .return_values_on_condition_check_failure(
                    ReturnValuesOnConditionCheckFailure::AllOld,
                )
                .send();
            let sent = Box::pin(sending).await;
            let error = match sent {
                Ok(_) => return Ok(Committed::Done),
                Err(error) => error,
            };
            if let Some(failed) =
                error.as_service_error().filter(|e| e.is_conditional_check_failed_exception())
            {
                metrics::counter!(CONFLICTS).increment(1);
                let item = failed_item(failed);
                return Ok(Committed::Guarded(vec![(Part::Head, item)]));
            }
            match trouble(&error) {
                Trouble::Final(why) => return Err(Fault::Unavailable(why)),
                Trouble::Busy | Trouble::Unknown => self.pause(tried).await,
            }
        }
        Err(Fault::Unavailable("no answer to a write".to_owned()))
    }
}

fn failed_item(error: &UpdateItemError) -> Option<Item> {
    match error {
        UpdateItemError::ConditionalCheckFailedException(failed) => failed.item.clone(),
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
