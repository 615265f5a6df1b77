//! Media types of files: what their senders claim, and what is found in their bytes.

/// The most bytes of a media type.
const MOST_BYTES: usize = 127;
/// The types that a page shows in place. None of them runs anything.
const SHOWN: [&str; 7] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "video/mp4",
    "application/pdf",
];
/// The types of the pictures that can be decoded here.
const DECODED: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/// The type of bytes that look like nothing known.
const UNKNOWN: &str = "application/octet-stream";
/// The type of bytes that are text.
const TEXT: &str = "text/plain";

/// A media type in lower case, without parameters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContentType(String);

impl ContentType {
    /// Reads a media type (RFC 9110), and leaves its parameters out. Returns `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let kind = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let (one, other) = kind.split_once('/')?;
        let is_type = kind.len() <= MOST_BYTES && is_token(one) && is_token(other);
        is_type.then_some(Self(kind))
    }

    /// Returns the type.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the type of a file whose bytes have no known signature.
    #[must_use]
    pub fn unsigned(is_text: bool) -> Self {
        Self(if is_text { TEXT } else { UNKNOWN }.to_owned())
    }

    /// Returns true for a picture, of whatever type.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        self.0.starts_with("image/")
    }

    /// Returns true for a picture that can be decoded here.
    #[must_use]
    pub fn is_decoded(&self) -> bool {
        DECODED.contains(&self.0.as_str())
    }

    /// Returns true if a file of this type may be claimed to be of another. Who says that something is
    /// shown in place, when its bytes are of a type that is not, hides what it is.
    #[must_use]
    pub fn may_be_claimed(&self, claimed: &Self) -> bool {
        self == claimed || !claimed.is_shown() || self.is_shown()
    }

    /// Returns true for a type that a page shows in place.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        SHOWN.contains(&self.0.as_str())
    }
}

fn is_token(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_runs_nothing_is_shown_in_place() {
        let shown = |text| ContentType::parse(text).expect("a type").is_shown();
        for text in SHOWN {
            assert!(shown(text), "{text}");
        }
        assert!(shown("IMAGE/PNG; charset=utf-8"));
        for text in
            ["image/svg+xml", "text/html", "application/xhtml+xml", "text/plain", "image/pngx"]
        {
            assert!(!shown(text), "{text}");
        }
        for none in
            ["", "image", "/png", "image/", "image/png/x", "image /png", "ima\nge/png", "имя/png"]
        {
            assert_eq!(ContentType::parse(none), None, "{none:?}");
        }
    }

    #[test]
    fn what_is_not_shown_is_never_taken_for_what_is() {
        let kind = |text| ContentType::parse(text).expect("a type");
        for (found, claimed, is_right) in [
            ("image/png", "image/png", true),
            // A camera that names its pictures wrongly.
            ("image/webp", "image/jpeg", true),
            ("text/html", "image/png", false),
            ("application/x-executable", "application/pdf", false),
            ("text/plain", "text/csv", true),
            ("text/html", "application/octet-stream", true),
            ("application/octet-stream", "audio/ogg", true),
        ] {
            assert_eq!(kind(found).may_be_claimed(&kind(claimed)), is_right, "{found} {claimed}");
        }
        assert_eq!(ContentType::unsigned(true), kind("text/plain"));
        assert!(!ContentType::unsigned(false).is_shown());
    }
}
