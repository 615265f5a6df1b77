//! Fields of a JSON body: reads texts from it and checks them.

use serde_json::{Map, Value};

use super::answer::Refused;

/// Returns the body as a JSON object.
pub(super) fn object(body: &[u8]) -> Result<Map<String, Value>, Refused> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Refused::Invalid {
            field: None,
            message: "The body is not a JSON object.".to_owned(),
        }),
        Err(error) => Err(Refused::Invalid {
            field: None,
            message: format!("The body is not JSON: {error}."),
        }),
    }
}

/// Reads a text that may be missing or null. `field` names it in errors, `key` in the object.
pub(super) fn maybe_text<'a>(
    object: &'a Map<String, Value>,
    key: &str,
    field: &'static str,
) -> Result<Option<&'a str>, Refused> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refused::invalid(field, "It must be a string.")),
    }
}

/// Reads a text that has to be there, of 1 to `most` code points.
pub(super) fn text<'a>(
    object: &'a Map<String, Value>,
    key: &str,
    field: &'static str,
    most: usize,
) -> Result<&'a str, Refused> {
    let text =
        maybe_text(object, key, field)?.ok_or_else(|| Refused::invalid(field, "It is missing."))?;
    Ok(domain::text::bounded(field, text, most)?)
}
