//! The fan-out function: reads the stream, and pushes what changed to its subscribers.
//!
//! It groups the records of a batch by tenant. Several changes of one session, queue or desk become
//! one, because the fan-out pushes what it reads after the batch's commits. Then it pushes to desks, to
//! the followers of dialogs and to clients: in order for each connection, and to many connections at
//! once.

mod answer;
mod audience;
mod batch;
mod delivery;
mod desk;
mod dialog;
mod older;
mod posting;
mod subscriber;
pub mod typing;

use futures::future::join_all;
use futures::try_join;
use metrics::{counter, histogram};
use serde_json::Value;
use store::Fault;
use store::stream::Record;

use crate::app::App;
use crate::metric::{self, FANOUT_LAG, RECORDS_UNREADABLE};
use crate::record::{Received, failed_at, handled, received};
use audience::Audience;
use batch::Batch;
use delivery::Delivery;

pub use older::Older;
pub use posting::let_go;

/// Handles a batch of the stream. For a batch that failed, the answer names the record to begin
/// again at.
pub async fn handle(app: &App, event: &Value) -> Value {
    note_lag(app, event);
    let first = event.pointer("/Records/0/dynamodb/SequenceNumber");
    let batches = Batch::of(received(event).into_iter().flatten().filter_map(readable));
    let pushed = join_all(batches.iter().map(|batch| push(app, batch))).await;
    let mut is_over = true;
    for fault in pushed.iter().filter_map(|pushed| pushed.as_ref().err()) {
        metric::fault();
        if let Fault::Corrupt(_) = fault {
            // It would be the same again, and others wait behind it.
            counter!(RECORDS_UNREADABLE).increment(1);
            tracing::error!(%fault, "a batch was given up");
        } else {
            tracing::error!(%fault, "a batch will be pushed again");
            is_over = false;
        }
    }
    if is_over { handled() } else { failed_at(first) }
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
    delivery.loaders.know_entries(batch.entries.values().map(|entry| &**entry)).await;
    let audience = Audience::of(app, batch, &delivery).await?;
    let dialogs = async {
        dialog::push(app, batch, &delivery).await?;
        // After its entry: an answer is pushed again once its subscribers have it.
        answer::push(app, batch, &delivery).await
    };
    let desks = desk::push(app, batch, &audience, &delivery);
    try_join!(desks, dialogs, older::end(app, &batch.tenant, &delivery))?;
    delivery.post().await
}
