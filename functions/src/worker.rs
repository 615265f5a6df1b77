//! The handler of the worker: what must follow from a change and must not be dropped, however long
//! it takes. It is the stream's second consumer, beside the fan-out, whose records grow old.
//!
//! Whatever it does may be done twice, and is decided on the state as it is now, not on what the
//! record says was: so a batch that failed begins again where it failed.

use serde_json::Value;
use store::Fault;
use store::stream::{Change, Record};

use crate::app::App;
use crate::record::{failed_at, handled, received};

/// Handles a batch of the stream, and answers with where to begin again if it failed.
pub async fn handle(app: &App, event: &Value) -> Value {
    for received in received(event) {
        let Some(record) = received.record else { continue };
        if let Err(fault) = work(app, record).await {
            tracing::error!(%fault, "a record is worked on again");
            return failed_at(received.sequence);
        }
    }
    handled()
}

async fn work(app: &App, record: Record) -> Result<(), Fault> {
    match record.change {
        Change::Removal(removal) => app.store.give_back(&record.tenant, &removal).await,
        Change::Session { before, after } => {
            app.store.index(&record.tenant, before.as_deref(), &after).await
        }
        Change::Entry(_) | Change::Queue(_) | Change::Desk { .. } | Change::Employee(_) => Ok(()),
    }
}
