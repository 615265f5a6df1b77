//! The handler of the worker: what must follow from a change and must not be dropped, however long
//! it takes. It is the stream's second consumer, beside the fan-out, whose records grow old.
//!
//! Whatever it does may be done twice, and is decided on the state as it is now, not on what the
//! record says was: so a batch that failed begins again where it failed.
//!
//! Whoever runs the service also starts it by hand: `{"reindex": "start"}` makes the rows of the
//! search again, and `{"reindex": "status"}` asks how far that is. Both answer with how far it is.

use serde_json::{Value, json};
use store::Fault;
use store::reindex;
use store::stream::{Change, Record};

use crate::app::App;
use crate::record::{failed_at, handled, received};
use crate::rfc3339;

/// Handles a batch of the stream, and answers with where to begin again if it failed; or a command.
///
/// # Errors
/// Of a command: that there is none such, or a fault of the state.
pub async fn handle(app: &App, event: &Value) -> Result<Value, String> {
    if let Some(command) = event.get("reindex") {
        return command_reindex(app, command).await;
    }
    for received in received(event) {
        let worked = match (reindex::step(received.raw), received.record) {
            (Some(step), _) => app.store.reindex(step).await,
            (None, Some(record)) => work(app, record).await,
            (None, None) => Ok(()),
        };
        if let Err(fault) = worked {
            tracing::error!(%fault, "a record is worked on again");
            return Ok(failed_at(received.sequence));
        }
    }
    Ok(handled())
}

async fn work(app: &App, record: Record) -> Result<(), Fault> {
    match record.change {
        Change::Removal(removal) => app.store.give_back(&record.tenant, &removal).await,
        Change::Session { before, after } => {
            app.store.index(&record.tenant, before.as_deref(), &after).await
        }
        Change::Item(item) => app.store.index_item(&record.tenant, &item).await,
        Change::Entry(_) | Change::Queue(_) | Change::Desk { .. } | Change::Employee(_) => Ok(()),
    }
}

async fn command_reindex(app: &App, command: &Value) -> Result<Value, String> {
    match command.as_str() {
        Some("start") => app.store.start_reindexing().await.map_err(|fault| fault.to_string())?,
        Some("status") => {}
        _ => return Err(r#"`reindex` is "start" or "status"."#.to_owned()),
    }
    let job = app.store.reindexing().await.map_err(|fault| fault.to_string())?;
    let job = job.map(|job| {
        let ended_at = job.ended_at.map(rfc3339::format);
        json!({ "step": job.step, "done": job.done, "endedAt": ended_at })
    });
    Ok(json!({ "reindex": job }))
}
