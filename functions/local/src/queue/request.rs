//! The parameters of the operations. What is not emulated is refused, not ignored.

use super::attributes::LONGEST_BODY;
use super::refusal::Refusal;
use super::table::Sending;
use serde::{Deserialize, de::DeserializeOwned};

/// The parameters of operations on a queue as a whole.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Whole {
    pub(super) queue_url: Option<String>,
    pub(super) attribute_names: Option<Vec<String>>,
}

/// The parameters of `GetQueueUrl`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Named {
    pub(super) queue_name: Option<String>,
    #[serde(rename = "QueueOwnerAWSAccountId")]
    pub(super) owner: Option<String>,
}

/// The parameters of `SendMessage`, and an entry of its batch.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Outgoing {
    pub(super) queue_url: Option<String>,
    pub(super) id: Option<String>,
    message_body: Option<String>,
    message_group_id: Option<String>,
    message_deduplication_id: Option<String>,
    delay_seconds: Option<i64>,
}

/// The parameters of `DeleteMessage` and `ChangeMessageVisibility`, and an entry of their batches.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Handle {
    pub(super) queue_url: Option<String>,
    pub(super) id: Option<String>,
    pub(super) receipt_handle: Option<String>,
    pub(super) visibility_timeout: Option<i64>,
}

/// The parameters of `ReceiveMessage`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Receive {
    pub(super) queue_url: Option<String>,
    pub(super) max_number_of_messages: Option<i64>,
    pub(super) visibility_timeout: Option<i64>,
    pub(super) wait_time_seconds: Option<i64>,
    #[serde(default)]
    pub(super) attribute_names: Vec<String>,
    #[serde(default)]
    pub(super) message_system_attribute_names: Vec<String>,
    /// Messages have none here.
    #[serde(rename = "MessageAttributeNames")]
    pub(super) _message_attribute_names: Option<Vec<String>>,
}

/// The parameters of a batch.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Batch<T> {
    pub(super) queue_url: Option<String>,
    #[serde(default = "Vec::new")]
    pub(super) entries: Vec<T>,
}

/// Reads parameters.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::Malformed(error.to_string()))
}

/// Returns the text of a parameter that must be there.
pub(super) fn required(value: Option<String>, name: &'static str) -> Result<String, Refusal> {
    value.filter(|value| !value.is_empty()).ok_or(Refusal::Missing(name))
}

/// Returns a number within its range.
pub(super) fn within(value: i64, name: &str, least: i64, most: i64) -> Result<i64, Refusal> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(Refusal::range(name, value, least, most))
}

impl Outgoing {
    /// Returns the length of the body in bytes.
    pub(super) fn length(&self) -> usize {
        self.message_body.as_ref().map_or(0, String::len)
    }

    /// Checks the message.
    pub(super) fn checked(self) -> Result<Sending, Refusal> {
        let body = required(self.message_body, "MessageBody")?;
        if body.len() > LONGEST_BODY {
            return Err(Refusal::Invalid(format!(
                "One or more parameters are invalid. Reason: Message must be shorter than \
                 {LONGEST_BODY} bytes."
            )));
        }
        if !body.chars().all(is_allowed) {
            return Err(Refusal::Contents);
        }
        let group = required(self.message_group_id, "MessageGroupId")?;
        let group = token(group, "MessageGroupId")?;
        let deduplication = self.message_deduplication_id.ok_or_else(|| {
            Refusal::Invalid(
                "The queue should either have ContentBasedDeduplication enabled or \
                 MessageDeduplicationId provided explicitly"
                    .to_owned(),
            )
        })?;
        let deduplication = token(deduplication, "MessageDeduplicationId")?;
        match self.delay_seconds {
            None | Some(0) => Ok(Sending { group, deduplication, body }),
            Some(delay) => Err(Refusal::Invalid(format!(
                "Value {delay} for parameter DelaySeconds is invalid. Reason: The request include \
                 parameter that is not valid for this queue type."
            ))),
        }
    }
}

/// Returns an id of 1 to 128 letters, digits and punctuation characters of ASCII.
fn token(value: String, name: &str) -> Result<String, Refusal> {
    if (1..=128).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(value);
    }
    Err(Refusal::Invalid(format!(
        "Value {value} for parameter {name} is invalid. Reason: {name} can only include \
         alphanumeric and punctuation characters. 1 to 128 in length."
    )))
}

/// Returns true for the characters that XML 1.0 has.
fn is_allowed(character: char) -> bool {
    matches!(
        character,
        '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..
    )
}
