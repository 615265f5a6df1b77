//! The outbound function: sends operators' answers to messengers.
//!
//! It is woken by the queue, with a conversation in which answers are due, and sends them in order: the
//! next one leaves when the one before is over. The queue gives a conversation to one invocation at a
//! time. What may pass later is tried again after a pause, for which the conversation is hidden in the
//! queue; other conversations do not wait for it.
//!
//! An answer may be sent twice when the function dies between a call and the note of its result, or
//! when the call got no answer. Each attempt carries the same id, where the messenger takes one.
//!
//! It also fetches the files that messengers have, one after the other in each conversation, into the bucket
//! of uploads, which wakes their check.
//!
//! A schedule wakes it too, with `{"sweep": true}`: what is due and was not looked at for a while is
//! queued again, so that nothing depends on the queue.

mod content;
mod delivery;
mod fetch;
mod files;
mod gate;
mod health;
mod sweep;
mod verdict;

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};
use store::Fault;

use crate::app::App;
use crate::metric;
use crate::queue::{Message, Waiting, received};

pub(crate) use content::{DeliveryId, parts};

/// The time after a passing fault of the state until the next attempt.
const AFTER_FAULT: Duration = Duration::from_secs(10);

/// What is left to do in a conversation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Left {
    /// Nothing.
    Nothing,
    /// Something, from then on.
    After(Duration),
}

/// Handles a batch of the queue, or a sweep. The answer to a batch names the messages that the queue
/// has to deliver again.
///
/// # Errors
/// The event has another form, or a fault of the state in a sweep.
pub async fn handle(app: &App, event: &Value) -> Result<Value, String> {
    if event.get("sweep").is_some() {
        let queued = sweep::sweep(app).await.inspect_err(|_| metric::fault());
        return queued.map(|queued| json!({ "queued": queued })).map_err(|fault| fault.to_string());
    }
    let Some(messages) = received(event) else {
        metric::fault();
        return Err("The event has neither messages nor a sweep.".to_owned());
    };
    let mut groups: BTreeMap<Waiting, Vec<Message>> = BTreeMap::new();
    for message in messages {
        match &message.waiting {
            Some(waiting) => groups.entry(waiting.clone()).or_default().push(message),
            // It would be the same again. What is due stands in the state, and a sweep finds it.
            None => {
                metric::fault();
                tracing::error!(id = message.id, "a message of the queue is unreadable");
            }
        }
    }
    let worked = groups.iter().map(|(waiting, messages)| work(app, waiting, messages));
    let failed: Vec<_> = join_all(worked).await.into_iter().flatten().collect();
    let failed = failed.iter().map(|id| json!({ "itemIdentifier": id }));
    Ok(json!({ "batchItemFailures": failed.collect::<Vec<_>>() }))
}

/// Sends what is due in a conversation. Returns the ids of its messages that have to come again.
async fn work<'a>(app: &App, waiting: &Waiting, messages: &'a [Message]) -> Vec<&'a str> {
    let worked = match &waiting.file {
        None => delivery::deliver(app, waiting).await,
        Some(file) => {
            let tries = messages.iter().map(|message| message.deliveries).max().unwrap_or(1);
            fetch::fetch(app, waiting, file, tries).await
        }
    };
    let left = match worked {
        Ok(left) => left,
        Err(fault) => {
            metric::fault();
            tracing::error!(%fault, conversation = %waiting.conversation, "answers are not sent");
            match fault {
                // It would be the same again: the queue's own, longer time passes before.
                Fault::Corrupt(_) => {
                    return messages.iter().map(|message| message.id.as_str()).collect();
                }
                _ => Left::After(AFTER_FAULT),
            }
        }
    };
    let Left::After(time) = left else { return Vec::new() };
    // A conversation comes again when all of its messages in the batch may.
    for message in messages {
        let hidden = match app.outside() {
            Ok(outside) => outside.queue.hide(message, time).await,
            Err(fault) => Err(fault),
        };
        if let Err(fault) = hidden {
            tracing::warn!(%fault, "a message comes again after its usual time");
        }
    }
    messages.iter().map(|message| message.id.as_str()).collect()
}
