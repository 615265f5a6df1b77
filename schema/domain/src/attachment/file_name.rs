//! Names of files, as they are stored and shown.

use std::fmt::Write as _;

use super::ContentType;

/// The most bytes of the name of a file: what file systems take.
const MOST_BYTES: usize = 255;

/// The name of a file: the last part of a path, in one line, and nothing that changes the direction in
/// which it is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileName(String);

impl FileName {
    /// Returns the name that a sender gave without what no name has; `None` if nothing is left or it is
    /// too long.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let kept: String = last.chars().filter(|c| !c.is_control() && !is_direction(*c)).collect();
        // A name of dots alone is a folder.
        let name = kept.trim().trim_start_matches('.').trim_start();
        let is_name = !name.is_empty() && name.len() <= MOST_BYTES;
        is_name.then(|| Self(name.to_owned()))
    }

    /// Returns the name of a file that its sender gave none that can be used, such as `photo.jpg`.
    #[must_use]
    pub fn or_else(given: Option<&str>, otherwise: &str) -> Self {
        given.and_then(Self::parse).unwrap_or_else(|| Self(otherwise.to_owned()))
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the value of `Content-Disposition` for a file of this name and the type found in its bytes
    /// (RFC 6266): a page shows it in place, or the browser stores it.
    #[must_use]
    pub fn disposition(&self, found: &ContentType) -> String {
        let way = if found.is_shown() { "inline" } else { "attachment" };
        let plain = |c: char| if c.is_ascii() && !['"', '\\', '%'].contains(&c) { c } else { '_' };
        let ascii: String = self.0.chars().map(plain).collect();
        let mut value = format!("{way}; filename=\"{ascii}\"; filename*=UTF-8''");
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                value.push(char::from(byte));
            } else {
                // Writing to a text cannot fail.
                let _ = write!(value, "%{byte:02X}");
            }
        }
        value
    }
}

/// Returns true for a character that changes the direction of what follows.
const fn is_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<String> {
        FileName::parse(text).map(|name| name.as_str().to_owned())
    }

    #[test]
    fn a_name_is_one_line_without_a_path() {
        for (given, kept) in [
            ("photo.jpg", "photo.jpg"),
            ("  Счёт №7.pdf ", "Счёт №7.pdf"),
            ("C:\\fakepath\\photo.jpg", "photo.jpg"),
            ("../../etc/passwd", "passwd"),
            (".htaccess", "htaccess"),
            ("a\r\nSet-Cookie: b\0.txt", "aSet-Cookie: b.txt"),
            // Shown it would end in "exe.jpg".
            ("photo\u{202E}gpj.exe", "photogpj.exe"),
        ] {
            assert_eq!(name(given).as_deref(), Some(kept), "{given:?}");
        }
        for none in ["", " ", "..", "a/", "\u{202E}", &"я".repeat(128)] {
            assert_eq!(name(none), None, "{none:?}");
        }
        assert!(name(&"a".repeat(255)).is_some());
    }

    #[test]
    fn a_header_has_any_name_in_it() {
        let disposition = |name, kind| {
            let kind = ContentType::parse(kind).expect("a type");
            FileName::parse(name).expect("a name").disposition(&kind)
        };
        assert_eq!(
            disposition("Счёт \"7\".pdf", "application/pdf"),
            "inline; filename=\"____ _7_.pdf\"; \
             filename*=UTF-8''%D0%A1%D1%87%D1%91%D1%82%20%227%22.pdf"
        );
        let value = disposition("a\\b%41.svg", "image/svg+xml");
        assert_eq!(value, "attachment; filename=\"b_41.svg\"; filename*=UTF-8''b%2541.svg");
        assert!(disposition("é\u{301}.png", "image/png").is_ascii());
    }
}
