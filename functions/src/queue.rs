//! The queue of conversations in which answers are due. It holds ids only, one group for each
//! conversation: the queue delivers a group to one invocation at a time.

use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::timeout::TimeoutConfig;
use aws_sdk_sqs::config::{BehaviorVersion, Builder, Config, Credentials, Region};
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use domain::{AttachmentId, ConversationId, TenantId};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Fault;

use crate::outside::TIMEOUT;

/// The most messages that are sent in one call.
const BATCH: usize = 10;
/// The longest time for which a message is hidden, in seconds. The queue allows 12 hours from the moment
/// when the message was received, some time ago.
const LONGEST_HIDDEN: u64 = 11 * 60 * 60;

/// A conversation in which answers are due, or a file of it has to be fetched, as the queue holds it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Waiting {
    /// The tenant.
    pub tenant: TenantId,
    /// The conversation.
    pub conversation: ConversationId,
    /// A file of it that a messenger has, and that has to be fetched; none where answers are due.
    pub file: Option<AttachmentId>,
}

#[derive(Deserialize)]
struct Body {
    tenant: String,
    conversation: String,
    file: Option<String>,
}

impl Waiting {
    /// Reads the body of a message; none for one of another shape.
    #[must_use]
    pub fn parse(body: &str) -> Option<Self> {
        let Body { tenant, conversation, file } = serde_json::from_str(body).ok()?;
        let file = match file {
            Some(file) => Some(AttachmentId::parse(&file)?),
            None => None,
        };
        let conversation = ConversationId::parse(&conversation)?;
        Some(Self { tenant: TenantId::parse(&tenant)?, conversation, file })
    }

    fn body(&self) -> String {
        let (tenant, conversation) = (self.tenant.as_str(), self.conversation.as_str());
        match &self.file {
            None => json!({ "tenant": tenant, "conversation": conversation }).to_string(),
            Some(file) => {
                json!({ "tenant": tenant, "conversation": conversation, "file": file.as_str() })
                    .to_string()
            }
        }
    }
}

/// One message of a batch, as the function receives it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// Its id, by which a failure is reported.
    pub id: String,
    /// The handle by which it is hidden for longer.
    pub receipt: String,
    /// The conversation; none if it cannot be read.
    pub waiting: Option<Waiting>,
    /// The number of times that it was delivered, this one included.
    pub deliveries: u32,
}

/// Returns the messages of a batch, in order; none where an event has no records.
#[must_use]
pub fn received(event: &Value) -> Option<Vec<Message>> {
    let records = event.get("Records")?.as_array()?;
    let text = |record: &Value, name: &str| record.get(name)?.as_str().map(str::to_owned);
    let messages = records.iter().filter_map(|record| {
        let waiting = text(record, "body").as_deref().and_then(Waiting::parse);
        let deliveries = record.pointer("/attributes/ApproximateReceiveCount");
        let deliveries = deliveries.and_then(Value::as_str).and_then(|many| many.parse().ok());
        Some(Message {
            deliveries: deliveries.unwrap_or(1),
            id: text(record, "messageId")?,
            receipt: text(record, "receiptHandle")?,
            waiting,
        })
    });
    Some(messages.collect())
}

/// The queue. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Queue {
    client: Client,
    url: String,
}

impl Queue {
    /// Returns the queue with this URL at an endpoint; the region's without one.
    #[must_use]
    pub fn new(
        region: Region,
        credentials: Credentials,
        endpoint: Option<String>,
        url: String,
    ) -> Self {
        let timeouts = TimeoutConfig::builder().operation_timeout(TIMEOUT).build();
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(region)
            .credentials_provider(credentials)
            .timeout_config(timeouts);
        config.set_endpoint_url(endpoint);
        Self { client: Client::from_conf(config.build()), url }
    }

    /// Returns the same queue over a client that is configured further.
    #[must_use]
    pub fn configured(&self, configure: impl FnOnce(Builder) -> Builder) -> Self {
        let config = configure(self.client.config().to_builder());
        Self { client: Client::from_conf(config.build()), url: self.url.clone() }
    }

    /// Queues conversations. Each comes with a text that says why: the same text for the same
    /// conversation, within five minutes, queues nothing again.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the queue does not take all of them; some may be queued.
    pub async fn send(&self, waiting: &[(Waiting, String)]) -> Result<(), Fault> {
        let unavailable = |why: &dyn std::fmt::Display| Fault::Unavailable(format!("queue: {why}"));
        for chunk in waiting.chunks(BATCH) {
            let entries = chunk.iter().enumerate().map(|(place, (waiting, reason))| {
                SendMessageBatchRequestEntry::builder()
                    .id(place.to_string())
                    .message_group_id(waiting.conversation.as_str())
                    .message_deduplication_id(reason)
                    .message_body(waiting.body())
                    .build()
                    .map_err(|error| unavailable(&error))
            });
            let entries = entries.collect::<Result<_, _>>()?;
            let batch = self.client.send_message_batch().queue_url(&self.url);
            let sent = Box::pin(batch.set_entries(Some(entries)).send()).await;
            let sent = sent.map_err(|error| unavailable(&error.into_service_error()))?;
            if let Some(failed) = sent.failed.first() {
                return Err(unavailable(&failed.message().unwrap_or(failed.code())));
            }
        }
        Ok(())
    }

    /// Hides a message for so long, from now on.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the queue does not answer: the message comes again when its usual
    /// time is over.
    pub async fn hide(&self, message: &Message, time: Duration) -> Result<(), Fault> {
        let seconds = time.as_millis().div_ceil(1000).min(LONGEST_HIDDEN.into());
        let hiding = self
            .client
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(&message.receipt)
            .visibility_timeout(i32::try_from(seconds).unwrap_or(i32::MAX))
            .send();
        let hidden = Box::pin(hiding).await;
        let unavailable = |why| Fault::Unavailable(format!("queue: {why}"));
        hidden.map(drop).map_err(|error| unavailable(error.into_service_error()))
    }
}
