//! Scalars of the schema, and numbers as GraphQL has them.

use async_graphql::{Description, InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// A time as text: RFC 3339, in UTC, with milliseconds, such as `2026-03-01T12:00:00.000Z`.
#[derive(Clone, Copy, Description)]
pub struct DateTime(pub domain::Timestamp);

#[Scalar(use_type_description)]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        Err(InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
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
