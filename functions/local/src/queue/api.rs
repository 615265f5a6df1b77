//! The operations of SQS.

use super::attributes::{ACCOUNT, LONGEST_VISIBILITY};
use super::message::{self, Message};
use super::request::{Handle, Named, Outgoing, Receive, Whole, parse, required, within};
use super::table::{Ask, Sent};
use super::{Queue, Refusal, batch};
use crate::endpoint::{Call, reply};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The content type of the protocol.
pub(super) const CONTENT_TYPE: &str = "application/x-amz-json-1.0";
/// The name of the service in the targets of calls.
const SERVICE: &str = "AmazonSQS";
/// The longest that a receiver waits without a look, in milliseconds: its clock may not be ours.
const LOOK: u64 = 200;

/// Answers one call.
pub(crate) async fn answer(queue: &Queue, call: &Call) -> Response {
    match perform(queue, call).await {
        Ok(body) => reply(StatusCode::OK, CONTENT_TYPE, &body),
        Err(refusal) => refusal.response(),
    }
}

async fn perform(queue: &Queue, call: &Call) -> Result<Value, Refusal> {
    if call.service != SERVICE {
        return Err(Refusal::NoOperation(format!("{}.{}", call.service, call.operation)));
    }
    let body = &call.body;
    match call.operation.as_str() {
        "SendMessage" => send(queue, parse(body)?).await,
        "SendMessageBatch" => batch::send(queue, parse(body)?).await,
        "ReceiveMessage" => receive(queue, parse(body)?).await,
        "DeleteMessage" => delete(queue, parse(body)?).await,
        "DeleteMessageBatch" => batch::delete(queue, parse(body)?).await,
        "ChangeMessageVisibility" => change(queue, parse(body)?).await,
        "ChangeMessageVisibilityBatch" => batch::change(queue, parse(body)?).await,
        "GetQueueUrl" => url(queue, &call.host, parse(body)?),
        "GetQueueAttributes" => attributes(queue, parse(body)?).await,
        "PurgeQueue" => purge(queue, parse(body)?).await,
        other => Err(Refusal::NoOperation(other.to_owned())),
    }
}

impl Queue {
    /// Returns the name of the queue with this address.
    pub(super) fn at(&self, url: Option<String>) -> Result<String, Refusal> {
        let url = required(url, "QueueUrl")?;
        let name = url.rsplit_once('/').filter(|(account, _)| account.ends_with(ACCOUNT));
        self.named(name.map(|(_, name)| name).unwrap_or_default())
    }

    fn named(&self, name: &str) -> Result<String, Refusal> {
        let mut names = [&self.attributes.name, &self.attributes.dead].into_iter();
        names.find(|ours| *ours == name).cloned().ok_or(Refusal::NoQueue)
    }
}

async fn send(queue: &Queue, send: Outgoing) -> Result<Value, Refusal> {
    let name = queue.at(send.queue_url.clone())?;
    let sending = send.checked()?;
    let md5 = message::md5(&sending.body);
    let sent = queue.run(&name, move |table| table.send(&sending)).await?;
    Ok(sent_entry(&sent, md5).into())
}

/// Returns what tells a client that a message was sent.
pub(super) fn sent_entry(sent: &Sent, md5: String) -> Map<String, Value> {
    Map::from_iter([
        ("MessageId".to_owned(), sent.id.clone().into()),
        ("MD5OfMessageBody".to_owned(), md5.into()),
        ("SequenceNumber".to_owned(), message::sequence_number(sent.sequence).into()),
    ])
}

async fn receive(queue: &Queue, receive: Receive) -> Result<Value, Refusal> {
    let name = queue.at(receive.queue_url)?;
    let most = receive.max_number_of_messages.unwrap_or(1);
    let most = within(most, "MaxNumberOfMessages", 1, 10)?;
    let wait = within(receive.wait_time_seconds.unwrap_or(0), "WaitTimeSeconds", 0, 20)?;
    let visibility = match receive.visibility_timeout {
        None => queue.attributes.visibility,
        Some(asked) => seconds(within(asked, "VisibilityTimeout", 0, LONGEST_VISIBILITY)?),
    };
    let shown = [receive.attribute_names, receive.message_system_attribute_names].concat();
    let is_known = |name: &String| name == "All" || Message::NAMES.contains(&name.as_str());
    if let Some(unknown) = shown.iter().find(|name| !is_known(name)) {
        return Err(Refusal::NoAttribute(unknown.clone()));
    }
    let most = usize::try_from(most).unwrap_or(1);
    let until = Instant::now() + seconds(wait);
    let mut changes = queue.changes.subscribe();
    let received = loop {
        changes.borrow_and_update();
        let ask = move |table: &super::Table<'_>| {
            table.receive(&Ask { most, slots: 1, busy: &HashSet::new(), visibility })
        };
        let received = queue.run(&name, ask).await?;
        if !received.is_empty() || Instant::now() >= until {
            break received;
        }
        let look = (Instant::now() + Duration::from_millis(LOOK)).min(until);
        // Whichever comes first: the loop looks again.
        let _ = timeout_at(look, changes.changed()).await;
    };
    let messages: Vec<Value> = received.iter().map(|message| shape(message, &shown)).collect();
    Ok(if messages.is_empty() { json!({}) } else { json!({ "Messages": messages }) })
}

fn shape(message: &Message, shown: &[String]) -> Value {
    let mut shape = json!({
        "MessageId": message.id,
        "ReceiptHandle": message.handle,
        "MD5OfBody": message::md5(&message.body),
        "Body": message.body,
    });
    let attributes = chosen(message.attributes(), shown);
    if let Some(shape) = shape.as_object_mut()
        && !attributes.is_empty()
    {
        shape.insert("Attributes".to_owned(), attributes.into());
    }
    shape
}

/// Returns the attributes with these names, or all.
fn chosen(mut attributes: Map<String, Value>, names: &[String]) -> Map<String, Value> {
    attributes.retain(|name, _| names.iter().any(|chosen| chosen == "All" || chosen == name));
    attributes
}

async fn delete(queue: &Queue, delete: Handle) -> Result<Value, Refusal> {
    let name = queue.at(delete.queue_url)?;
    let handle = required(delete.receipt_handle, "ReceiptHandle")?;
    queue.run(&name, move |table| table.delete(&handle)).await?;
    Ok(json!({}))
}

async fn change(queue: &Queue, change: Handle) -> Result<Value, Refusal> {
    let name = queue.at(change.queue_url)?;
    let handle = required(change.receipt_handle, "ReceiptHandle")?;
    let seconds = visibility(change.visibility_timeout)?;
    queue.run(&name, move |table| table.change(&handle, seconds)).await?;
    Ok(json!({}))
}

/// Returns the seconds after which a message is to become visible.
pub(super) fn visibility(asked: Option<i64>) -> Result<i64, Refusal> {
    let asked = asked.ok_or(Refusal::Missing("VisibilityTimeout"))?;
    within(asked, "VisibilityTimeout", 0, LONGEST_VISIBILITY)
}

fn url(queue: &Queue, host: &str, named: Named) -> Result<Value, Refusal> {
    if named.owner.is_some_and(|owner| owner != ACCOUNT) {
        return Err(Refusal::NoQueue);
    }
    let name = queue.named(&required(named.queue_name, "QueueName")?)?;
    Ok(json!({ "QueueUrl": format!("http://{host}/{ACCOUNT}/{name}") }))
}

async fn attributes(queue: &Queue, whole: Whole) -> Result<Value, Refusal> {
    let name = queue.at(whole.queue_url)?;
    let counts = queue.run(&name, |table| table.counts()).await?;
    let values = queue.attributes.values(&name, &counts);
    let names = whole.attribute_names.unwrap_or_default();
    let is_known = |name: &String| {
        name == "All" || name == "RedrivePolicy" || values.contains_key(name.as_str())
    };
    if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
        return Err(Refusal::NoAttribute(unknown.clone()));
    }
    Ok(json!({ "Attributes": chosen(values, &names) }))
}

async fn purge(queue: &Queue, whole: Whole) -> Result<Value, Refusal> {
    let name = queue.at(whole.queue_url)?;
    queue.run(&name, |table| table.purge()).await?;
    Ok(json!({}))
}

fn seconds(checked: i64) -> Duration {
    Duration::from_secs(u64::try_from(checked).unwrap_or(0))
}
