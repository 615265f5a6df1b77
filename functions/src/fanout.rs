//! The fan-out: pushes what changed to its subscribers.
//!
//! Its function reads the stream. A request pushes what it has committed itself, if that concerns few: see
//! [`at_once`]. The function passes over what is noted as pushed that way.
//!
//! It groups the records of a batch by tenant. Several changes of one session, queue or desk become
//! one, because the fan-out pushes what it reads after the batch's commits. It pushes to desks and to the
//! followers of dialogs, clients among them, side by side: in order for each operation.

mod answer;
pub mod at_once;
mod audience;
mod batch;
mod delivery;
mod desk;
mod dialog;
mod older;
mod posting;
mod pushed;
mod subscriber;
mod typing;

use futures::future::join_all;
use futures::{FutureExt as _, try_join};
use metrics::{counter, histogram};
use serde_json::Value;
use store::Fault;
use store::stream::Record;

use crate::app::App;
use crate::metric::{self, FANOUT_LAG, RECORDS_UNREADABLE};
use crate::record::{Received, failed_at, handled, received};
use audience::Audience;
use batch::{Batch, Place};
use delivery::Delivery;

pub use older::Older;
pub use posting::let_go;
pub use pushed::Pushed;

/// Handles a batch of the stream. For a batch that failed, the answer names the record to begin
/// again at.
pub async fn handle(app: &App, event: &Value) -> Value {
    note_lag(app, event);
    let records = received(event).into_iter().flatten();
    let records = records.filter_map(|received| unpushed(app, received)).collect();
    let batches = Batch::of(at_once::without_pushed(app, records).await);
    let pushed = join_all(batches.iter().map(|batch| push(app, batch))).await;
    let (mut failed, mut done) = (Vec::new(), Vec::new());
    for (batch, pushed) in batches.iter().zip(pushed) {
        match pushed {
            Ok(()) => done.push(batch),
            // It would be the same again, and others wait behind it.
            Err(fault @ Fault::Corrupt(_)) => {
                metric::fault();
                counter!(RECORDS_UNREADABLE).increment(1);
                tracing::error!(%fault, "a batch was given up");
                done.push(batch);
            }
            Err(fault) => {
                metric::fault();
                tracing::error!(%fault, "a batch will be pushed again");
                failed.push(batch);
            }
        }
    }
    let Some(first) = failed.iter().filter_map(|batch| batch.first).min() else {
        return handled();
    };
    done.iter().for_each(|batch| app.pushed.note(&batch.sequences));
    failed_at(event.pointer(&format!("/Records/{first}/dynamodb/SequenceNumber")))
}

/// Returns a record with its place in the event, if it carries a change that is not pushed yet.
fn unpushed(app: &App, received: Received<'_>) -> Option<(Place, Record)> {
    let sequence = received.sequence.and_then(Value::as_str).unwrap_or_default().to_owned();
    let place = Place { index: received.index, sequence };
    if app.pushed.has(&place.sequence) { None } else { Some((place, readable(received)?)) }
}

/// Returns the change that a record carries, if it can be read. An unreadable record is counted and
/// blocks no other: its change is in the state, and a client that reads the state finds it.
fn readable(received: Received<'_>) -> Option<Record> {
    received.parsed.unwrap_or_else(|fault| {
        metric::fault();
        counter!(RECORDS_UNREADABLE).increment(1);
        let sequence = received.sequence.and_then(Value::as_str);
        tracing::error!(%fault, sequence, "a record was given up");
        None
    })
}

/// Records the age of the batch's oldest record.
fn note_lag(app: &App, event: &Value) {
    let created = event.pointer("/Records/0/dynamodb/ApproximateCreationDateTime");
    if let Some(created) = created.and_then(Value::as_f64) {
        let lag = app.store.now().as_millis() as f64 - created * 1000.0;
        histogram!(FANOUT_LAG).record(lag.max(0.0));
    }
}

/// Pushes one tenant's changes to the subscribers.
async fn push(app: &App, batch: &Batch) -> Result<(), Fault> {
    let delivery = Delivery::new(app, batch.tenant.clone());
    let queued = async {
        delivery.loaders.know_entries(batch.entries.values().map(|entry| &**entry)).await;
        let audience = Audience::of(app, batch, &delivery).await?;
        let older = older::end(app, &batch.tenant, &delivery).map(Ok);
        try_join!(queue(app, batch, &audience, &delivery), older).map(drop)
    };
    delivery.post_while(queued).await
}

/// Queues one tenant's changes for the subscribers.
async fn queue(
    app: &App,
    batch: &Batch,
    audience: &Audience,
    delivery: &Delivery<'_>,
) -> Result<(), Fault> {
    let dialogs = async {
        dialog::push(app, batch, delivery).await?;
        // After its entry: an answer is pushed again once its subscribers have it.
        answer::push(app, batch, delivery).await
    };
    try_join!(desk::push(app, batch, audience, delivery), dialogs).map(drop)
}
