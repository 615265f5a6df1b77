//! Scalars of the schema, and numbers as GraphQL has them.

use async_graphql::{Description, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;

/// A time as text: RFC 3339, in UTC, with milliseconds, such as `2026-03-01T12:00:00.000Z`.
#[derive(Clone, Copy, Description)]
pub struct DateTime(pub domain::Timestamp);

const FORMAT: StaticFormatDescription = time::macros::format_description!(
    "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
);

#[Scalar(use_type_description)]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        Err(InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        Value::String(rfc3339(self.0))
    }
}

/// Formats a time as RFC 3339, in UTC with milliseconds.
#[must_use]
pub fn rfc3339(at: domain::Timestamp) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.as_millis()) * 1_000_000)
        .ok()
        .and_then(|moment| moment.format(FORMAT).ok())
        .unwrap_or_default()
}

/// The version of an object: a string of 32 digits, padded with zeros. Compare versions as strings:
/// the greater one is newer. The version of an object never falls. If an answer and a push overtake
/// each other, keep the object with the greater version.
#[derive(Clone, Description)]
pub struct Version(pub String);

#[Scalar(use_type_description)]
impl ScalarType for Version {
    fn parse(value: Value) -> InputValueResult<Self> {
        Err(InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl Version {
    /// Returns the version of an object after this number of writes.
    #[must_use]
    pub fn of(writes: u64) -> Self {
        Self(format!("{writes:032}"))
    }
}

/// Converts a number of the state to GraphQL's 32-bit Int.
#[must_use]
pub fn int(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}
