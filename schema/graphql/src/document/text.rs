//! The text of a document, scanned once before the parser reads it.
//!
//! The parser recurses for each bracket, and what follows it (validation, messages with names in them)
//! grows with tokens and with the length of names.

use async_graphql::ServerError;

use super::too_complex;

/// The longest document, in bytes.
pub const DOCUMENT_BYTES: usize = 100_000;
/// The most levels of brackets in each other. The parser is recursive: without a limit a document
/// could use up the stack. The limit is below the parser's own of 64, whose error does not name its
/// reason.
const MOST_NESTED: usize = 60;
/// The most names, numbers, texts and signs of a document.
const MOST_TOKENS: usize = 20_000;
/// The longest name, in bytes. Names come back in messages, once for each error.
const NAME_BYTES: usize = 200;

/// Checks the size of a document.
///
/// # Errors
/// `TOO_COMPLEX`, with the limit that it exceeds.
pub(super) fn check(document: &str) -> Result<(), ServerError> {
    if document.len() > DOCUMENT_BYTES {
        return Err(too_complex(format!("The document has more than {DOCUMENT_BYTES} bytes.")));
    }
    let (mut bytes, mut depth, mut tokens) = (document.as_bytes(), 0_usize, 0_usize);
    while let Some((byte, rest)) = bytes.split_first() {
        bytes = match byte {
            b'"' => after_string(rest),
            b'#' => after_comment(rest),
            _ if is_of_word(*byte) => after_word(rest)?,
            _ => rest,
        };
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        tokens += usize::from(!is_ignored(*byte));
        if depth > MOST_NESTED {
            return Err(too_complex("The document is nested too deep."));
        }
        if tokens > MOST_TOKENS {
            return Err(too_complex(format!("The document has more than {MOST_TOKENS} tokens.")));
        }
    }
    Ok(())
}

/// Returns true for a byte that GraphQL ignores between tokens. A comment counts as nothing.
const fn is_ignored(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'#')
}

const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn after_word(bytes: &[u8]) -> Result<&[u8], ServerError> {
    let length = bytes.iter().take_while(|byte| is_of_word(**byte)).count();
    if length >= NAME_BYTES {
        return Err(too_complex(format!("A name has more than {NAME_BYTES} bytes.")));
    }
    Ok(bytes.get(length..).unwrap_or_default())
}

fn after_string(bytes: &[u8]) -> &[u8] {
    match bytes {
        [b'"', b'"', block @ ..] => after(block, |rest| match rest {
            [b'\\', b'"', b'"', b'"', ..] => Step::Over(4),
            [b'"', b'"', b'"', ..] => Step::End(3),
            _ => Step::Over(1),
        }),
        line => after(line, |rest| match rest {
            [b'\\', ..] => Step::Over(2),
            [b'"' | b'\n' | b'\r', ..] => Step::End(1),
            _ => Step::Over(1),
        }),
    }
}

fn after_comment(bytes: &[u8]) -> &[u8] {
    after(bytes, |rest| match rest {
        [b'\n' | b'\r', ..] => Step::End(1),
        _ => Step::Over(1),
    })
}

/// The next part of a string or a comment, with its length in bytes.
enum Step {
    Over(usize),
    End(usize),
}

fn after(mut bytes: &[u8], step: impl Fn(&[u8]) -> Step) -> &[u8] {
    while !bytes.is_empty() {
        match step(bytes) {
            Step::Over(length) => bytes = bytes.get(length..).unwrap_or_default(),
            Step::End(length) => return bytes.get(length..).unwrap_or_default(),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::tests::{is_too_complex, read};
    use super::*;

    #[test]
    fn a_text_that_would_use_up_the_stack_or_the_time_is_refused() {
        for open in
            ["{a", "[", "(", "{a(b:[", "\"\"{", "#{\n{", "\"\"\"\\\"\"\"\"\"\"{", "\"\\\"\"{"]
        {
            assert!(is_too_complex(&open.repeat(10_000)), "{open}");
        }
        assert!(is_too_complex(&" ".repeat(DOCUMENT_BYTES + 1)));
        assert!(is_too_complex(&format!("{{{}}}", " a".repeat(MOST_TOKENS))));
        assert!(is_too_complex(&format!("{{{}}}", "a".repeat(NAME_BYTES + 1))));
        assert!(read(&format!("{{{}}}", "a".repeat(NAME_BYTES)), None).is_ok());
        // The parser takes a document within the limits. Its selections are measured after that.
        let (open, close) = ("{a".repeat(MOST_NESTED), "}".repeat(MOST_NESTED));
        assert!(is_too_complex(&format!("{open}{close}")));
        let depth = MOST_NESTED - 2;
        assert!(
            read(&format!("{{a(b:{}{})}}", "[".repeat(depth), "]".repeat(depth)), None).is_ok()
        );
    }

    #[test]
    fn brackets_and_names_in_texts_and_comments_do_not_count() {
        let many = "{".repeat(MOST_NESTED + 1) + &"a".repeat(NAME_BYTES + 1);
        for query in [
            format!("{{ x(y: \"{many}\") }}"),
            format!("{{ x(y: \"\\\"{many}\") }}"),
            format!("{{ x(y: \"\"\"{many}\"\n\\\"\"\"{many}\"\"\") }}"),
            format!("# {many}\n{{ x }}"),
        ] {
            assert!(read(&query, None).is_ok(), "{query}");
        }
    }
}
