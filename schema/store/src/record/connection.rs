//! Connections, their operations, and the subscriptions by which the fan-out finds these.

use serde::{Deserialize, Serialize};

use super::Millis;
use super::letter::Phase;

/// A connection.
#[derive(Serialize, Deserialize)]
pub(crate) struct Connection {
    #[serde(rename = "ph")]
    pub(crate) phase: Phase,
    #[serde(rename = "at")]
    pub(crate) connected_at: Millis,
    #[serde(rename = "who")]
    pub(crate) caller: Option<String>,
    #[serde(rename = "exp")]
    pub(crate) expires_at: Option<Millis>,
    pub(crate) ttl: u64,
    /// The place of the connection among those that a sweep has to visit.
    #[serde(rename = "wp")]
    pub(crate) due_pk: Option<String>,
    #[serde(rename = "ws")]
    pub(crate) due_sk: Option<String>,
}

/// An operation of a connection, or its tombstone.
#[derive(Serialize, Deserialize, Default)]
pub(crate) struct Operation {
    /// The gateway's time of its subscribe, in milliseconds.
    pub(crate) since: Option<i64>,
    /// The gateway's time of its completion, in milliseconds: then this is a tombstone.
    pub(crate) done: Option<i64>,
    /// The bytes of its document.
    #[serde(rename = "b")]
    pub(crate) bytes: Option<i64>,
    /// The key of its subscription.
    #[serde(rename = "tp")]
    pub(crate) place_pk: Option<String>,
    #[serde(rename = "ts")]
    pub(crate) place_sk: Option<String>,
    /// Its subscription to a desk, as it stands among the others of its employee, and the key of
    /// the item with all of them. An older version deletes what `tp` and `ts` name, so they stand
    /// elsewhere.
    #[serde(rename = "te")]
    pub(crate) entry: Option<String>,
    #[serde(rename = "ep")]
    pub(crate) entry_pk: Option<String>,
    #[serde(rename = "es")]
    pub(crate) entry_sk: Option<String>,
    #[serde(skip_deserializing)]
    pub(crate) ttl: u64,
}

/// The subscription of an operation. Those to a desk are entries of one item of its employee.
#[derive(Serialize, Deserialize)]
pub(crate) struct Subscription {
    #[serde(rename = "cn")]
    pub(crate) connection: String,
    #[serde(rename = "id")]
    pub(crate) operation: String,
    #[serde(rename = "sn")]
    pub(crate) registered_at: Option<i64>,
    #[serde(rename = "rp", skip_serializing_if = "Option::is_none")]
    pub(crate) replaying_since: Option<Millis>,
    #[serde(rename = "lf", skip_serializing_if = "Option::is_none")]
    pub(crate) live_after: Option<u64>,
    #[serde(rename = "exp")]
    pub(crate) expires_at: Millis,
    /// The subscriber; empty in the rows of an older version.
    #[serde(rename = "who", default)]
    pub(crate) caller: String,
    /// The digest of the document; empty in the rows of an older version.
    #[serde(rename = "d", default)]
    pub(crate) document: String,
    /// The place of the document in the rows of an older version, which skips an empty one.
    #[serde(rename = "pl", default, skip_deserializing)]
    pub(crate) payload: &'static str,
    pub(crate) ttl: u64,
}
