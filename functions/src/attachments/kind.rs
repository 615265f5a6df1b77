//! The type of a file, by its bytes.

use domain::attachment::ContentType;

/// The beginning of a file that tells whether it is text, in bytes.
const LOOKED_AT: usize = 4096;

/// Returns the type that is found in the bytes of a file.
pub(super) fn of(bytes: &[u8]) -> ContentType {
    let signed = infer::get(bytes).and_then(|kind| ContentType::parse(kind.mime_type()));
    signed.unwrap_or_else(|| ContentType::unsigned(is_text(bytes)))
}

/// Returns true if the beginning of a file is text. It may end within a character.
fn is_text(bytes: &[u8]) -> bool {
    let beginning = bytes.get(..LOOKED_AT.min(bytes.len())).unwrap_or_default();
    let valid = match std::str::from_utf8(beginning) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            let whole = beginning.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(whole).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{C}');
    !valid.is_empty() && !valid.chars().any(is_odd)
}
