//! The attributes of the queue and of the queue of its dead letters.

use super::table::Counts;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// The region of everything that is emulated here.
pub(super) const REGION: &str = "us-east-1";
/// The account that owns it.
pub(super) const ACCOUNT: &str = "000000000000";
/// The longest body of a message, and the longest bodies of a batch together, in bytes.
pub(super) const LONGEST_BODY: usize = 1024 * 1024;
/// The longest visibility timeout in seconds.
pub(super) const LONGEST_VISIBILITY: i64 = 43_200;

/// The settings of a queue that its users choose. Retention is 4 days, also of dead letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes {
    /// The name of the queue; it ends with `.fifo`.
    pub name: String,
    /// The name of the queue of its dead letters.
    pub dead: String,
    /// The visibility timeout of a received message that asks for no other, at most 12 hours.
    pub visibility: Duration,
    /// A message that was received this often becomes a dead letter instead of being received
    /// again.
    pub most_receives: i64,
}

impl Default for Attributes {
    /// Names the queue `outbound.fifo`, with 30 seconds of visibility timeout and 5 receives.
    fn default() -> Self {
        Self {
            name: "outbound.fifo".to_owned(),
            dead: "outbound-dead.fifo".to_owned(),
            visibility: Duration::from_secs(30),
            most_receives: 5,
        }
    }
}

impl Attributes {
    /// Returns the answer of `GetQueueAttributes` for one of the two queues.
    pub(super) fn values(&self, name: &str, counts: &Counts) -> Map<String, Value> {
        let mut values = Map::new();
        let mut put = |key: &str, value: String| values.insert(key.to_owned(), value.into());
        put("ApproximateNumberOfMessages", counts.visible.to_string());
        put("ApproximateNumberOfMessagesNotVisible", counts.in_flight.to_string());
        put("ApproximateNumberOfMessagesDelayed", "0".to_owned());
        put("ContentBasedDeduplication", "false".to_owned());
        put("DeduplicationScope", "messageGroup".to_owned());
        put("DelaySeconds", "0".to_owned());
        put("FifoQueue", "true".to_owned());
        put("FifoThroughputLimit", "perMessageGroupId".to_owned());
        put("MaximumMessageSize", LONGEST_BODY.to_string());
        put("MessageRetentionPeriod", (super::table::RETENTION / 1000).to_string());
        put("QueueArn", arn(name));
        put("ReceiveMessageWaitTimeSeconds", "0".to_owned());
        put("VisibilityTimeout", self.visibility.as_secs().to_string());
        if name == self.name {
            let policy = json!({
                "deadLetterTargetArn": arn(&self.dead),
                "maxReceiveCount": self.most_receives,
            });
            put("RedrivePolicy", policy.to_string());
        }
        values
    }
}

/// Returns the ARN of a queue.
pub(super) fn arn(name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
}
