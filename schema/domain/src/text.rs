//! Bounds of text: checks lengths and forbidden characters. Lengths count Unicode code points.

use crate::Refusal;

/// The most code points of a message or a note.
pub const MESSAGE_LENGTH: usize = 8000;
/// The most code points of a comment.
pub const COMMENT_LENGTH: usize = 1000;
/// The most code points of a name or a title.
pub const NAME_LENGTH: usize = 200;
/// The most code points of an id given by a sender.
pub const KEY_LENGTH: usize = 100;

/// Checks that a text has 1 to `most` code points and is not blank.
///
/// # Errors
/// [`Refusal::Invalid`] naming `field`.
pub fn bounded<'a>(field: &'static str, text: &'a str, most: usize) -> Result<&'a str, Refusal> {
    let length = text.chars().take(most + 1).count();
    if text.trim().is_empty() {
        return Err(Refusal::invalid(field, "It must not be empty."));
    }
    if length > most {
        return Err(Refusal::invalid(field, format!("It must have at most {most} characters.")));
    }
    if text.contains('\0') {
        return Err(Refusal::invalid(field, "It must not contain the character U+0000."));
    }
    Ok(text)
}

/// Checks a name or a title, and trims it: 1 to 200 code points, no control characters.
///
/// # Errors
/// [`Refusal::Invalid`] naming `field`.
pub fn name(field: &'static str, text: &str) -> Result<String, Refusal> {
    let trimmed = text.trim();
    bounded(field, trimmed, NAME_LENGTH)?;
    if trimmed.chars().any(char::is_control) {
        return Err(Refusal::invalid(field, "It must not contain control characters."));
    }
    Ok(trimmed.to_owned())
}

/// Cleans a name from outside that must not be refused: drops characters that a name cannot
/// contain, and cuts a name that is too long. Returns `fallback` when nothing is left.
#[must_use]
pub fn lenient_name(text: &str, fallback: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    let cut: String = clean.trim().chars().take(NAME_LENGTH).collect();
    if cut.trim().is_empty() { fallback.to_owned() } else { cut.trim().to_owned() }
}

/// Returns the longest beginning of `text` that has at most `most` bytes, in whole characters.
#[must_use]
pub fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_code_points_and_both_ends_are_allowed() {
        assert!(bounded("text", &"я".repeat(8000), MESSAGE_LENGTH).is_ok());
        assert!(bounded("text", &"я".repeat(8001), MESSAGE_LENGTH).is_err());
        assert!(bounded("text", "x", MESSAGE_LENGTH).is_ok());
        for blank in ["", " ", "\n\t"] {
            assert!(bounded("text", blank, MESSAGE_LENGTH).is_err());
        }
    }

    #[test]
    fn a_name_is_trimmed_and_has_no_control_characters() {
        assert_eq!(name("name", "  Ann  ").unwrap(), "Ann");
        assert!(name("name", "A\nnn").is_err());
        assert_eq!(lenient_name(" \u{7}", "Visitor"), "Visitor");
        assert_eq!(lenient_name(&"x".repeat(300), "Visitor").len(), 200);
    }

    #[test]
    fn a_cut_never_splits_a_character() {
        assert_eq!(cut("яя", 3), "я");
        assert_eq!(cut("abc", 10), "abc");
        assert_eq!(cut("я", 1), "");
    }
}
