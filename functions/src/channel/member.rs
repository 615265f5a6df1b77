//! Members of a messenger's JSON. A messenger that adds a member, or changes one that is not needed,
//! stops nothing: a member of another type counts as missing.

use domain::Timestamp;
use domain::attachment::{ContentType, FileName};
use domain::text::KEY_LENGTH;
use serde_json::Value;

use super::Media;

/// The most bytes of the id of a file.
const MEDIA_ID_BYTES: usize = 500;

/// Returns the text at a JSON pointer; none if it is blank.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str().filter(|text| !text.trim().is_empty())
}

/// Returns the whole number at a JSON pointer.
pub(super) fn number(value: &Value, pointer: &str) -> Option<i64> {
    value.pointer(pointer)?.as_i64()
}

/// Returns the text or the number at a JSON pointer, as text.
pub(super) fn printed(value: &Value, pointer: &str) -> Option<String> {
    match value.pointer(pointer)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns the elements of the list at a JSON pointer.
pub(super) fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Returns an id that is within its bounds.
pub(super) fn id(text: &str) -> Option<String> {
    domain::text::bounded("id", text, KEY_LENGTH).ok().map(str::to_owned)
}

/// Returns a file that a messenger has under this id; none without one.
pub(super) fn media(
    external_id: Option<&str>,
    name: Option<&str>,
    kind: Option<&str>,
    size: Option<i64>,
    otherwise: (&str, &str),
) -> Option<Media> {
    let is_id = |id: &&str| id.len() <= MEDIA_ID_BYTES && id.chars().all(|c| c.is_ascii_graphic());
    let (name_of_kind, kind_of_kind) = otherwise;
    let claimed = kind.and_then(ContentType::parse).or_else(|| ContentType::parse(kind_of_kind))?;
    Some(Media {
        external_id: external_id.filter(is_id)?.to_owned(),
        name: FileName::or_else(name, name_of_kind),
        claimed,
        size: size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0),
    })
}

/// Returns a moment given in seconds since 1970.
pub(super) fn moment(seconds: i64) -> Option<Timestamp> {
    let seconds = u64::try_from(seconds).ok().filter(|seconds| *seconds > 0)?;
    seconds.checked_mul(1000).map(Timestamp::from_millis)
}
