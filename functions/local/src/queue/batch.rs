//! The operations on up to ten messages: each entry is done or refused by itself.

use super::attributes::LONGEST_BODY;
use super::request::{Batch, Handle, Outgoing, required};
use super::table::{Sending, Table};
use super::{Queue, Refusal, api, message};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// The most entries of a batch.
const MOST: usize = 10;

/// An entry by its id, and its parameters unless they are refused.
type Entry<T> = (String, Result<T, Refusal>);

/// Answers `SendMessageBatch`.
pub(super) async fn send(queue: &Queue, batch: Batch<Outgoing>) -> Result<Value, Refusal> {
    let name = queue.at(batch.queue_url)?;
    let length: usize = batch.entries.iter().map(Outgoing::length).sum();
    let entries = entries(batch.entries, |send| (send.id.clone(), send.checked()))?;
    if length > LONGEST_BODY {
        return Err(Refusal::Batch(
            "BatchRequestTooLong",
            format!(
                "Batch requests cannot be longer than {LONGEST_BODY} bytes. You have sent {length} \
                 bytes."
            ),
        ));
    }
    let send = |table: &Table<'_>, sending: &Sending| {
        Ok(api::sent_entry(&table.send(sending)?, message::md5(&sending.body)))
    };
    each(queue, &name, entries, send).await
}

/// Answers `DeleteMessageBatch`.
pub(super) async fn delete(queue: &Queue, batch: Batch<Handle>) -> Result<Value, Refusal> {
    let name = queue.at(batch.queue_url)?;
    let handle = |entry: Handle| (entry.id, required(entry.receipt_handle, "ReceiptHandle"));
    let delete = |table: &Table<'_>, handle: &String| {
        table.delete(handle)?;
        Ok(Map::new())
    };
    each(queue, &name, entries(batch.entries, handle)?, delete).await
}

/// Answers `ChangeMessageVisibilityBatch`.
pub(super) async fn change(queue: &Queue, batch: Batch<Handle>) -> Result<Value, Refusal> {
    let name = queue.at(batch.queue_url)?;
    let handle = |entry: Handle| {
        let seconds = api::visibility(entry.visibility_timeout);
        let handle = required(entry.receipt_handle, "ReceiptHandle");
        (entry.id, handle.and_then(|handle| Ok((handle, seconds?))))
    };
    let change = |table: &Table<'_>, (handle, seconds): &(String, i64)| {
        table.change(handle, *seconds)?;
        Ok(Map::new())
    };
    each(queue, &name, entries(batch.entries, handle)?, change).await
}

/// Checks the number of entries and their ids.
fn entries<E, T>(
    entries: Vec<E>,
    check: impl Fn(E) -> (Option<String>, Result<T, Refusal>),
) -> Result<Vec<Entry<T>>, Refusal> {
    if entries.is_empty() {
        let message = "There should be at least one entry in the request.".to_owned();
        return Err(Refusal::Batch("EmptyBatchRequest", message));
    }
    if entries.len() > MOST {
        let count = entries.len();
        return Err(Refusal::Batch(
            "TooManyEntriesInBatchRequest",
            format!("Maximum number of entries per request are {MOST}. You have sent {count}."),
        ));
    }
    let mut ids = HashSet::new();
    let mut checked = Vec::new();
    for entry in entries {
        let (id, entry) = check(entry);
        let id = required(id, "Id")?;
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if id.len() > 80 || !id.bytes().all(is_sign) {
            let message = "A batch entry id can only contain alphanumeric characters, hyphens and \
                           underscores. It can be at most 80 letters long.";
            return Err(Refusal::Batch("InvalidBatchEntryId", message.to_owned()));
        }
        if !ids.insert(id.clone()) {
            return Err(Refusal::Batch("BatchEntryIdsNotDistinct", format!("Id {id} repeated.")));
        }
        checked.push((id, entry));
    }
    Ok(checked)
}

/// Works on the entries in order, in one transaction.
async fn each<T: Send + 'static>(
    queue: &Queue,
    name: &str,
    entries: Vec<Entry<T>>,
    work: impl Fn(&Table<'_>, &T) -> Result<Map<String, Value>, Refusal> + Send + 'static,
) -> Result<Value, Refusal> {
    let all = move |table: &Table<'_>| {
        let (mut successful, mut failed) = (Vec::new(), Vec::new());
        for (id, entry) in entries {
            match entry.and_then(|entry| work(table, &entry)) {
                Ok(mut done) => {
                    done.insert("Id".to_owned(), id.into());
                    successful.push(Value::from(done));
                }
                // Nothing of the batch is acknowledged when the file fails.
                Err(refusal @ Refusal::Internal(_)) => return Err(refusal),
                Err(refusal) => failed.push(refusal.entry(&id)),
            }
        }
        Ok(json!({ "Successful": successful, "Failed": failed }))
    };
    queue.run(name, all).await
}
