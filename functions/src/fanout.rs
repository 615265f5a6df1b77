//! The handler of the fan-out function: what the stream tells is told to those who listen.
//!
//! A batch is put together by tenant: several changes of one session, queue or desk become one,
//! because what is told is always read as it is now. Then it is told: to desks, to dialogs and to
//! clients, each connection in order, many connections at once.

mod batch;
mod delivery;
mod desk;
mod dialog;

use futures::future::join_all;
use serde_json::{Value, json};
use store::Fault;
use store::stream::Record;

use crate::app::App;
use batch::Batch;
use delivery::Delivery;

/// Handles a batch of the stream, and answers with where to begin again if it failed.
///
/// A record that cannot be read is skipped and logged: it would not read better next time, and
/// what it told is in the state, where everybody finds it who reads again.
pub async fn handle(app: &App, event: &Value) -> Value {
    let records = event.get("Records").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let batches = Batch::of(records.iter().filter_map(read));
    let told = join_all(batches.iter().map(|batch| tell(app, batch))).await;
    if told.iter().all(Result::is_ok) {
        return json!({ "batchItemFailures": [] });
    }
    for fault in told.iter().filter_map(|told| told.as_ref().err()) {
        tracing::error!(%fault, "a batch is told again");
    }
    let first = records.first().and_then(|record| record.pointer("/dynamodb/SequenceNumber"));
    json!({ "batchItemFailures": [{ "itemIdentifier": first }] })
}

fn read(record: &Value) -> Option<Record> {
    Record::parse(record).unwrap_or_else(|fault| {
        tracing::error!(%fault, "a record is skipped");
        None
    })
}

/// Tells one tenant's changes.
async fn tell(app: &App, batch: &Batch) -> Result<(), Fault> {
    let mut delivery = Delivery::new(app, batch.tenant.clone());
    desk::tell(app, batch, &mut delivery).await?;
    dialog::tell(app, batch, &mut delivery).await?;
    delivery.post().await
}
