//! Records: the items as they are stored, by the names and types of their attributes.
//!
//! A record is written whole with its key. Reading tolerates attributes that it does not know, and names
//! the one that it cannot read. Enums are stored as letters: `Unknown` is what a newer version wrote,
//! and is never written, so that its letter stays.

pub(crate) mod company;
pub(crate) mod connection;
pub(crate) mod dialog;
pub(crate) mod entry;
pub(crate) mod head;
pub(crate) mod letter;

#[cfg(test)]
mod tests;

use domain::Timestamp;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment, stored as a number of milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Millis(pub(crate) Timestamp);

impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(self.0.as_millis())
    }
}

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        u64::deserialize(from).map(|millis| Self(Timestamp::from_millis(millis)))
    }
}

/// A right, stored as 1. Anything else, also of another type, grants nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Right(pub(crate) bool);

impl<'de> Deserialize<'de> for Right {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Any {
            Number(u64),
            Other(IgnoredAny),
        }
        Any::deserialize(from).map(|any| Self(matches!(any, Any::Number(1))))
    }
}
