//! Messages as they are received, with their ids and receipt handles.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rand::Rng as _;
use serde_json::{Map, Value};

/// Added to a stored number, so that all sequence numbers have 20 digits and compare as strings.
const OFFSET: u64 = 10_000_000_000_000_000_000;
/// The length of an id in bytes.
const ID: usize = 36;
/// The length of what makes each receipt handle of a message another one, in bytes.
const SALT: usize = 16;

/// A received message.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) sequence: i64,
    pub(super) group: String,
    pub(super) deduplication: String,
    pub(super) body: String,
    /// In milliseconds since the epoch, as all times here.
    pub(super) sent_at: i64,
    pub(super) first_received_at: Option<i64>,
    pub(super) receives: i64,
    /// The handle of the last time that it was received.
    pub(super) handle: String,
    /// The ARN of the queue that gave it up, if it is a dead letter.
    pub(super) gave_up: Option<String>,
}

impl Message {
    /// Returns the system attributes of the message. All are strings.
    pub(super) fn attributes(&self) -> Map<String, Value> {
        let mut attributes = Map::new();
        let mut put = |key: &str, value: String| attributes.insert(key.to_owned(), value.into());
        put("ApproximateReceiveCount", self.receives.to_string());
        let first = self.first_received_at.unwrap_or(self.sent_at);
        put("ApproximateFirstReceiveTimestamp", first.to_string());
        put("MessageDeduplicationId", self.deduplication.clone());
        put("MessageGroupId", self.group.clone());
        put("SenderId", "AIDALOCAL".to_owned());
        put("SentTimestamp", self.sent_at.to_string());
        put("SequenceNumber", sequence_number(self.sequence));
        if let Some(queue) = &self.gave_up {
            put("DeadLetterQueueSourceArn", queue.clone());
        }
        attributes
    }

    /// Returns the names of all system attributes that a message can have.
    pub(super) const NAMES: [&'static str; 9] = [
        "AWSTraceHeader",
        "ApproximateFirstReceiveTimestamp",
        "ApproximateReceiveCount",
        "DeadLetterQueueSourceArn",
        "MessageDeduplicationId",
        "MessageGroupId",
        "SenderId",
        "SentTimestamp",
        "SequenceNumber",
    ];
}

/// Returns the MD5 of a body, by which clients notice that it was damaged.
pub(super) fn md5(body: &str) -> String {
    format!("{:x}", md5::compute(body))
}

/// Returns the sequence number of a message as SQS writes it.
pub(super) fn sequence_number(stored: i64) -> String {
    (OFFSET + u64::try_from(stored).unwrap_or_default()).to_string()
}

/// Returns a random UUID: the form of the ids of messages and requests.
pub(crate) fn id() -> String {
    let mut bytes = [0_u8; 16];
    rand::rng().fill_bytes(&mut bytes);
    // Version 4 and the variant, by which readers see that it is random.
    let number = u128::from_be_bytes(bytes) & !((0xf << 76) | (0x3 << 62));
    let number = number | (0x4 << 76) | (0x2 << 62);
    let digits = format!("{number:032x}");
    let mut id = String::with_capacity(ID);
    for (place, digit) in digits.chars().enumerate() {
        if [8, 12, 16, 20].contains(&place) {
            id.push('-');
        }
        id.push(digit);
    }
    id
}

/// Returns a new receipt handle for a message.
pub(super) fn handle(id: &str) -> String {
    let mut salt = [0_u8; SALT];
    rand::rng().fill_bytes(&mut salt);
    STANDARD.encode([id.as_bytes(), &salt].concat())
}

/// Returns the id of the message that a receipt handle was made for; none if it is no handle.
pub(super) fn id_of(handle: &str) -> Option<String> {
    let bytes = STANDARD.decode(handle).ok().filter(|bytes| bytes.len() == ID + SALT)?;
    String::from_utf8(bytes.get(..ID)?.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_random_uuid() {
        for _ in 0..100 {
            let id = id();
            assert_eq!(id.len(), ID);
            assert_eq!(&id[14..15], "4", "{id}");
            assert!("89ab".contains(&id[19..20]), "{id}");
        }
        assert_ne!(id(), id());
    }

    #[test]
    fn a_handle_names_its_message_and_is_another_each_time() {
        let id = id();
        assert_eq!(id_of(&handle(&id)), Some(id.clone()));
        assert_ne!(handle(&id), handle(&id));
        for other in ["", "no base64!", "QUJD"] {
            assert_eq!(id_of(other), None);
        }
    }

    #[test]
    fn sequence_numbers_compare_as_strings() {
        assert!(sequence_number(9) < sequence_number(10));
        assert_eq!(sequence_number(1).len(), 20);
    }
}
