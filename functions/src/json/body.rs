//! Bodies of requests: their members are named in types of the callers, and checked one by one as they
//! are read, so that an error names the first wrong one.

use lambda_http::Request;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::refused::Refused;

/// Returns the bytes of a body.
///
/// # Errors
/// [`Refused::TooLarge`] for more than `most` bytes.
pub fn bytes(request: &Request, most: usize) -> Result<&[u8], Refused> {
    let body: &[u8] = request.body();
    if body.len() > most { Err(Refused::TooLarge { most }) } else { Ok(body) }
}

/// Reads a JSON object. Members that the type does not name are ignored, and the last of a repeated
/// one counts.
///
/// # Errors
/// [`Refused::Invalid`] for anything else.
pub fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    match serde_json::from_slice(body) {
        Ok(object @ Value::Object(_)) => members(object),
        Ok(_) => Err(invalid("The body is not a JSON object.".to_owned())),
        Err(error) => Err(not_json(&error)),
    }
}

fn members<T: DeserializeOwned>(object: Value) -> Result<T, Refused> {
    serde_json::from_value(object).map_err(|error| not_json(&error))
}

fn not_json(error: &serde_json::Error) -> Refused {
    invalid(format!("The body is not JSON: {error}."))
}

const fn invalid(message: String) -> Refused {
    Refused::Invalid { field: None, message }
}

/// A member that has to be a text, as it came.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub struct Text(Value);

impl Text {
    /// Returns a text that may be missing or null.
    ///
    /// # Errors
    /// [`Refused::Invalid`], which names the field.
    pub fn maybe(self, field: &'static str) -> Result<Option<String>, Refused> {
        match self.0 {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            _ => Err(Refused::invalid(field, "It must be a string.")),
        }
    }

    /// Returns a text that has to be there, of 1 to `most` code points.
    ///
    /// # Errors
    /// [`Refused::Invalid`], which names the field.
    pub fn required(self, field: &'static str, most: usize) -> Result<String, Refused> {
        let text = self.maybe(field)?.ok_or_else(|| Refused::invalid(field, "It is missing."))?;
        domain::text::bounded(field, &text, most)?;
        Ok(text)
    }
}

/// A member that has to be an object, as it came.
#[derive(Default)]
pub struct Object(Option<Value>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Also null, which is not the same as nothing.
        Value::deserialize(deserializer).map(|value| Self(Some(value)))
    }
}

impl Object {
    /// Returns an object that has to be there.
    ///
    /// # Errors
    /// [`Refused::Invalid`], which names the field.
    pub fn required<T: DeserializeOwned>(self, field: &'static str) -> Result<T, Refused> {
        match self.0 {
            Some(object @ Value::Object(_)) => members(object),
            Some(_) => Err(Refused::invalid(field, "It must be an object.")),
            None => Err(Refused::invalid(field, "It is missing.")),
        }
    }
}
