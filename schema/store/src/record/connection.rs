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
    #[serde(skip_deserializing)]
    pub(crate) ttl: u64,
}

/// The subscription of an operation.
#[derive(Serialize, Deserialize)]
pub(crate) struct Subscription {
    #[serde(rename = "cn")]
    pub(crate) connection: String,
    #[serde(rename = "id")]
    pub(crate) operation: String,
    #[serde(rename = "sn")]
    pub(crate) registered_at: Option<i64>,
    #[serde(rename = "rp")]
    pub(crate) replaying_since: Option<Millis>,
    #[serde(rename = "lf")]
    pub(crate) live_after: Option<u64>,
    #[serde(rename = "exp")]
    pub(crate) expires_at: Millis,
    #[serde(rename = "pl")]
    pub(crate) payload: String,
    pub(crate) ttl: u64,
}
