//! Placeholders: words in braces that stand for values, in ready answers and in names of sessions.

use std::borrow::Cow;

/// A part of a text with placeholders.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part<'a> {
    /// Plain text; braces around anything but a single word of letters are plain text too.
    Text(&'a str),
    /// The word of a placeholder, without its braces.
    Word(&'a str),
}

/// Splits a text into plain text and placeholders, in order.
pub(crate) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let placeholder = after
            .split_once('}')
            .filter(|(word, _)| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic()));
        let (part, left) = match placeholder {
            Some((word, left)) => (Part::Word(word), left),
            None => (Part::Text("{"), after),
        };
        parts.extend([Part::Text(before), part]);
        rest = left;
    }
    parts.push(Part::Text(rest));
    parts
}

/// Fills a text in one pass, so that braces in a value stay as they are. A word without a value
/// stays as it is.
pub(crate) fn fill<'a>(text: &str, value: impl Fn(&str) -> Option<Cow<'a, str>>) -> String {
    let mut filled = String::new();
    for part in parts(text) {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Word(word) => match value(word) {
                Some(value) => filled.push_str(&value),
                None => filled.extend(["{", word, "}"]),
            },
        }
    }
    filled
}
