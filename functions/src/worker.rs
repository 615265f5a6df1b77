//! The worker function: does what must follow from a change and must not be dropped, however long it
//! takes. It is the second consumer of the stream, beside the fan-out. A record that the fan-out cannot
//! push becomes a dead letter after five retries or ten minutes. A record that the worker cannot handle
//! is retried until it is 22 hours old, and is then kept whole in a bucket.
//!
//! It queues the answers that leave by messengers and the files that messengers have, for the function
//! `outbound`, and deletes the bytes of uploads that were never attached.
//!
//! Everything it does may be done twice, and it decides on the state as it is now, and not on what a
//! record says. So a batch that failed is retried from the record that failed. A record that cannot be
//! read is retried for five minutes, in which the version that wrote it may be deployed again. Then the
//! worker gives it up and writes all of its content to the log, so that it can be delivered again by
//! hand.
//!
//! It is also invoked by hand: `{"reindex": "start"}` makes the rows of the search again, and
//! `{"reindex": "status"}` asks for the progress. Both answer with the progress.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::attachment::{State, Uploader};
use domain::{Attachment, AttachmentId};
use graphql::files::Place;
use metrics::counter;
use serde_json::{Value, json};
use store::Fault;
use store::reindex::{self, Stride};
use store::stream::{Change, Record};

use crate::app::App;
use crate::metric::{self, RECORDS_GIVEN_UP, RECORDS_UNREADABLE};
use crate::queue::Waiting;
use crate::record::{Received, failed_at, handled, received};

/// The time for which an unreadable record is retried: it blocks the records after it.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// Handles a batch of the stream, or a command. For a batch that failed, the answer names the
/// record to begin again at.
///
/// # Errors
/// For a command: it is unknown, or a fault of the state.
pub async fn handle(app: &App, event: &Value) -> Result<Value, String> {
    if let Some(command) = event.get("reindex") {
        return command_reindex(app, command).await.inspect_err(|_| metric::fault());
    }
    let Some(records) = received(event) else {
        metric::fault();
        return Err("The event has neither records nor a command.".to_owned());
    };
    let records: Vec<_> = records.collect();
    if let Err(fault) = queue_answers(app, &records).await {
        metric::fault();
        tracing::error!(%fault, "answers are queued again");
        return Ok(failed_at(records.first().and_then(|record| record.sequence)));
    }
    for received in records {
        let worked = match (reindex::step(received.raw), received.parsed) {
            (_, Err(fault)) => Err(fault),
            (Some(step), Ok(_)) => app.store.reindex(step, Stride::default()).await,
            (None, Ok(Some(record))) => work(app, record).await,
            (None, Ok(None)) => Ok(()),
        };
        if let Err(fault) = worked
            && !is_given_up(app, &fault, received.raw)
        {
            metric::fault();
            tracing::error!(%fault, "a record is worked on again");
            return Ok(failed_at(received.sequence));
        }
    }
    Ok(handled())
}

/// Notes and queues the answers of a batch that leave by messengers. They are noted first: what the
/// queue loses is found by a sweep.
async fn queue_answers(app: &App, records: &[Received<'_>]) -> Result<(), Fault> {
    let mut due: BTreeMap<Waiting, (BTreeSet<u64>, String)> = BTreeMap::new();
    for received in records {
        let Ok(Some(record)) = &received.parsed else { continue };
        let (conversation, seq, file) = match &record.change {
            Change::Entry(entry) if entry.leaves_after.is_some() => {
                (&entry.conversation, Some(entry.seq), None)
            }
            Change::Delivery { conversation, seq, is_due: true } => {
                (conversation, Some(*seq), None)
            }
            Change::Attachment { before, after } => match wakes(before.as_ref(), after) {
                Some(file) => (&after.conversation, None, file),
                None => continue,
            },
            _ => continue,
        };
        let (tenant, conversation) = (record.tenant.clone(), conversation.clone());
        let waiting = Waiting { tenant, conversation, file };
        let (seqs, reason) = due.entry(waiting).or_default();
        seqs.extend(seq);
        // The same record, delivered twice, queues nothing twice.
        *reason = received.sequence.and_then(Value::as_str).unwrap_or_default().to_owned();
    }
    if due.is_empty() {
        return Ok(());
    }
    for (Waiting { tenant, conversation, .. }, (seqs, _)) in &due {
        if !seqs.is_empty() {
            app.store.of(tenant).note_due(conversation, seqs).await?;
        }
    }
    let has_files = due.keys().any(|waiting| waiting.file.is_some());
    let waiting = due.into_iter().map(|(waiting, (_, reason))| (waiting, reason));
    // They are noted: a sweep finds what is not queued now, and other records do not wait for the queue.
    // Files to be fetched are noted nowhere else.
    if let Err(fault) = app.outside()?.queue.send(&waiting.collect::<Vec<_>>()).await {
        if has_files {
            return Err(fault);
        }
        metric::fault();
        tracing::error!(%fault, "answers wait for the next sweep");
    }
    Ok(())
}

/// Returns what a change of a file is queued for: the file that has to be fetched, or the answers that waited
/// for its check. None if it is queued for nothing.
fn wakes(before: Option<&State>, after: &Attachment) -> Option<Option<AttachmentId>> {
    if before.is_none() && after.external_id.is_some() && after.state == State::Pending {
        return Some(Some(after.id.clone()));
    }
    let is_of_answer = after.seq.is_some() && matches!(after.by, Uploader::Employee(_));
    let is_over = before == Some(&State::Pending) && after.state != State::Pending;
    (is_of_answer && is_over).then_some(None)
}

/// Returns true if a failed record is not retried any more: it is unreadable, and old.
fn is_given_up(app: &App, fault: &Fault, record: &Value) -> bool {
    if !matches!(fault, Fault::Corrupt(_)) {
        return false;
    }
    counter!(RECORDS_UNREADABLE).increment(1);
    let created = record.pointer("/dynamodb/ApproximateCreationDateTime").and_then(Value::as_f64);
    let age = created.map(|created| app.store.now().as_millis() as f64 - created * 1000.0);
    // One that is so far ahead would be tried until this clock has caught up, and the others wait.
    let is_old = age.is_some_and(|age| age.abs() > PATIENCE.as_secs_f64() * 1000.0);
    if is_old {
        counter!(RECORDS_GIVEN_UP).increment(1);
        // The stream forgets it in a day: here it stays as long as the log does.
        tracing::error!(%fault, %record, "a record is given up");
    }
    is_old
}

async fn work(app: &App, record: Record) -> Result<(), Fault> {
    match record.change {
        Change::Removal(removal) => app.store.of(&record.tenant).give_back(&removal).await,
        Change::Session { before, after } => {
            app.store.of(&record.tenant).index(before.as_deref(), &after).await
        }
        Change::Item(item) => app.store.of(&record.tenant).index_item(&item).await,
        Change::Expired { conversation, id } => {
            let place = Place { tenant: &record.tenant, conversation: &conversation, id: &id };
            let bucket = app.files()?;
            bucket.forget(place, app.store.now()).await
        }
        Change::Entry(_)
        | Change::Attachment { .. }
        | Change::Delivery { .. }
        | Change::ClientRead { .. }
        | Change::Queue(_)
        | Change::Desk { .. }
        | Change::Employee(_) => Ok(()),
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
        let ended_at = job.ended_at.map(|at| at.to_string());
        json!({ "step": job.step, "done": job.done, "endedAt": ended_at })
    });
    Ok(json!({ "reindex": job }))
}

#[cfg(test)]
mod tests;
