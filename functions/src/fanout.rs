//! The handler of the fan-out function: what the stream tells is told to those who listen.
//!
//! A batch is put together by tenant: several changes of one session, queue or desk become one,
//! because what is told is always read as it is now. Then it is told: to desks, to dialogs and to
//! clients, each connection in order, many connections at once.

mod batch;
mod delivery;
mod desk;
mod dialog;
mod posting;
pub mod typing;

use futures::future::join_all;
use metrics::histogram;
use serde_json::Value;
use store::Fault;

use crate::app::App;
use crate::observe::FANOUT_LAG;
use crate::record::{failed_at, handled, received};
use batch::Batch;
use delivery::Delivery;

pub use posting::let_go;

/// Handles a batch of the stream, and answers with where to begin again if it failed.
pub async fn handle(app: &App, event: &Value) -> Value {
    note_lag(app, event);
    let mut received = received(event).peekable();
    let first = received.peek().and_then(|first| first.sequence);
    let batches = Batch::of(received.filter_map(|received| received.record));
    let told = join_all(batches.iter().map(|batch| tell(app, batch))).await;
    if told.iter().all(Result::is_ok) {
        return handled();
    }
    for fault in told.iter().filter_map(|told| told.as_ref().err()) {
        tracing::error!(%fault, "a batch is told again");
    }
    failed_at(first)
}

/// How old the batch's oldest record is.
fn note_lag(app: &App, event: &Value) {
    let created = event.pointer("/Records/0/dynamodb/ApproximateCreationDateTime");
    if let Some(created) = created.and_then(Value::as_f64) {
        let lag = app.store.now().as_millis() as f64 - created * 1000.0;
        histogram!(FANOUT_LAG).record(lag.max(0.0));
    }
}

/// Tells one tenant's changes.
async fn tell(app: &App, batch: &Batch) -> Result<(), Fault> {
    let mut delivery = Delivery::new(app, batch.tenant.clone());
    desk::tell(app, batch, &mut delivery).await?;
    dialog::tell(app, batch, &mut delivery).await?;
    delivery.post().await
}
