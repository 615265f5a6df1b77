//! The records beside the entries of a dialog: receipts, information, read positions, kept answers.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Millis;
use super::letter::Side;

/// The receipt of a send, by which its repetition is recognised. It is kept as long as the message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Receipt {
    /// The number of the entry that the send created.
    #[serde(rename = "s")]
    pub(crate) seq: u64,
    /// The hash of the content.
    #[serde(rename = "h")]
    pub(crate) hash: String,
}

/// The answer of an act with an idempotency key.
#[derive(Serialize, Deserialize)]
pub(crate) struct Answer {
    /// The hash of the act and its arguments.
    #[serde(rename = "h")]
    pub(crate) arguments: String,
    #[serde(rename = "a")]
    pub(crate) answer: String,
    #[serde(skip_deserializing)]
    pub(crate) ttl: u64,
}

/// The information about the client of a session, and the session's bindings.
#[derive(Serialize, Deserialize)]
pub(crate) struct Info {
    #[serde(rename = "nm")]
    pub(crate) name: String,
    /// A list of kinds and values, in JSON.
    #[serde(rename = "cs")]
    pub(crate) contacts: String,
    /// Their id at the messenger.
    #[serde(rename = "xi")]
    pub(crate) address: Option<String>,
}

/// The delivery of an answer that leaves by a messenger.
#[derive(Serialize, Deserialize)]
pub(crate) struct Delivery {
    /// The name of the state.
    #[serde(rename = "st")]
    pub(crate) state: String,
    #[serde(rename = "at")]
    pub(crate) at: Millis,
    /// The code of the reason of a failure, and its details.
    #[serde(rename = "ec")]
    pub(crate) error: Option<String>,
    #[serde(rename = "em")]
    pub(crate) error_message: Option<String>,
    /// The number of times it was begun anew; none for never.
    #[serde(rename = "g")]
    pub(crate) restarts: Option<u32>,
    /// Since when it is due.
    #[serde(rename = "aa")]
    pub(crate) due_since: Millis,
    /// The messenger's own ids of its parts, a list in JSON.
    #[serde(rename = "xs")]
    pub(crate) external_ids: Option<String>,
    /// The moment from which the recipient takes the next message.
    #[serde(rename = "pt")]
    pub(crate) pace: Option<Millis>,
    /// The number of writes.
    #[serde(rename = "w")]
    pub(crate) version: u64,
}

/// What is due in a conversation.
#[derive(Deserialize)]
pub(crate) struct Due {
    /// The numbers of the answers.
    #[serde(rename = "q", default)]
    pub(crate) seqs: BTreeSet<u64>,
    /// The moment of the next attempt.
    #[serde(rename = "du")]
    pub(crate) at: Millis,
    /// The number of failed attempts for the first of them.
    #[serde(rename = "n", default)]
    pub(crate) attempts: u32,
    /// The answer of which a part has left.
    #[serde(rename = "ps")]
    pub(crate) split: Option<u64>,
    /// The messenger's own ids of its parts that have left, a list in JSON.
    #[serde(rename = "xs")]
    pub(crate) external_ids: Option<String>,
    /// The moment from which the recipient takes the next message.
    #[serde(rename = "pt")]
    pub(crate) pace: Option<Millis>,
    /// The mark of the last note that something is due.
    #[serde(rename = "nb", default)]
    pub(crate) noted: u64,
}

/// A file of a conversation.
#[derive(Serialize, Deserialize)]
pub(crate) struct Attachment {
    #[serde(rename = "nm")]
    pub(crate) name: String,
    /// The type that its sender claims.
    #[serde(rename = "ct")]
    pub(crate) claimed: String,
    /// The number of bytes.
    #[serde(rename = "sz")]
    pub(crate) size: u64,
    /// The side of the one who asked for it, and their id.
    #[serde(rename = "a")]
    pub(crate) side: Side,
    #[serde(rename = "ai")]
    pub(crate) by: String,
    /// The end of the time in which it can be attached, in milliseconds, and in seconds from when the
    /// database deletes it.
    #[serde(rename = "un")]
    pub(crate) expires_at: Option<Millis>,
    pub(crate) ttl: Option<u64>,
    /// The number of the entry that it is attached to.
    #[serde(rename = "s")]
    pub(crate) seq: Option<u64>,
    /// How far it has come, as a letter.
    #[serde(rename = "st")]
    pub(crate) state: String,
    /// The type that was found.
    #[serde(rename = "ft")]
    pub(crate) found: Option<String>,
    /// Width and height of a picture.
    #[serde(rename = "pw")]
    pub(crate) width: Option<u32>,
    #[serde(rename = "ph")]
    pub(crate) height: Option<u32>,
    /// The type of its thumbnail.
    #[serde(rename = "tt")]
    pub(crate) thumbnail: Option<String>,
    /// The id under which a messenger has it.
    #[serde(rename = "xi")]
    pub(crate) external_id: Option<String>,
}

/// The read position of the client of a conversation.
#[derive(Deserialize)]
pub(crate) struct ClientRead {
    /// The last message seen, by the client's own numbers.
    #[serde(rename = "s")]
    pub(crate) seq: u64,
    #[serde(rename = "at")]
    pub(crate) at: Millis,
}

/// The read position of an employee in a conversation.
#[derive(Deserialize, Default)]
pub(crate) struct Position {
    /// The number of the last entry read; none for an employee who never read there.
    #[serde(rename = "s")]
    pub(crate) seq: Option<u64>,
    /// The highest ordinal of a session that they had when it was closed.
    #[serde(rename = "h", default)]
    pub(crate) handled: u32,
    /// The number of moves made by writes of this row alone.
    #[serde(rename = "w", default)]
    pub(crate) moves: u64,
}
