//! The letters and words that enums are stored as.
//!
//! A variant without one does not compile. A text that no variant has is of a newer version.

use domain::Kind;
use domain::session::ActKind;
use serde::{Deserialize, Serialize};

/// The letters of the kinds of entries.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Kind")]
pub(super) enum KindLetter {
    #[serde(rename = "c")]
    Client,
    #[serde(rename = "o")]
    Operator,
    #[serde(rename = "n")]
    Note,
    #[serde(rename = "e")]
    Event,
    #[serde(other)]
    Unknown,
}

pub(super) const fn is_unknown(kind: &Kind) -> bool {
    matches!(kind, Kind::Unknown)
}

/// The letters of those who write and act.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Side {
    #[serde(rename = "c")]
    Client,
    #[serde(rename = "e")]
    Employee,
    #[serde(rename = "s", other)]
    System,
}

/// The letters of acts.
#[derive(Serialize, Deserialize)]
#[serde(remote = "ActKind")]
pub(super) enum ActLetter {
    #[serde(rename = "o")]
    Opened,
    #[serde(rename = "m")]
    Message,
    #[serde(rename = "r")]
    Read,
    #[serde(rename = "c")]
    Claimed,
    #[serde(rename = "a")]
    Assigned,
    #[serde(rename = "q")]
    Returned,
    #[serde(rename = "n")]
    Renamed,
    #[serde(rename = "b")]
    Bound,
    #[serde(rename = "x")]
    Closed,
    #[serde(other)]
    Unknown,
}

pub(super) const fn is_unknown_act(kind: &ActKind) -> bool {
    matches!(kind, ActKind::Unknown)
}

/// The progress of a connection's handshake.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Phase {
    #[serde(rename = "o")]
    /// It is open, and its owner is unknown.
    Opened,
    #[serde(rename = "a")]
    /// Its owner is known.
    Acknowledged,
    #[serde(rename = "r", other)]
    /// It was refused: none of its messages is answered any more.
    Refused,
}
