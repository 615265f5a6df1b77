//! Attachments: what may be uploaded and attached, under which name and type it is shown, and how long a
//! link to it stays the same.
//!
//! Nothing a sender claims decides how a file is shown: its type is the one found in its first bytes, and a
//! page opens only the few types that run nothing.
//!
//! The API does not serve attachments yet: nothing uses these rules so far.

use std::fmt::Write as _;

use crate::Timestamp;

/// The most bytes of a file.
pub const MOST_BYTES: u64 = 25 * 1024 * 1024;
/// The most files of a message.
pub const MOST_OF_MESSAGE: usize = 10;
/// The time within which an upload has to be attached, in milliseconds.
pub const UNATTACHED_MILLIS: u64 = 24 * 60 * 60 * 1000;
/// The most pixels of a picture of which a thumbnail is made.
pub const MOST_PIXELS: u64 = 50_000_000;
/// The longest side of a thumbnail, in pixels.
pub const THUMBNAIL: u32 = 320;
/// The time after which a link is signed anew, in milliseconds. Each is valid for twice as long, so that
/// it is good for at least this time whenever somebody gets it.
pub const LINK_MILLIS: u64 = 60 * 60 * 1000;

/// The most bytes of the name of a file: what file systems take.
const MOST_NAME_BYTES: usize = 255;
/// The most bytes of a media type.
const MOST_TYPE_BYTES: usize = 127;
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
        let is_name = !name.is_empty() && name.len() <= MOST_NAME_BYTES;
        is_name.then(|| Self(name.to_owned()))
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

/// A media type in lower case, without parameters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContentType(String);

impl ContentType {
    /// Reads a media type (RFC 9110), and leaves its parameters out. Returns `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let kind = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let (one, other) = kind.split_once('/')?;
        let is_type = kind.len() <= MOST_TYPE_BYTES && is_token(one) && is_token(other);
        is_type.then_some(Self(kind))
    }

    /// Returns the type.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
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

/// Returns the size of the thumbnail of a picture, in pixels: within [`THUMBNAIL`], in the same proportions,
/// and never larger. Returns `None` for a picture that has no pixels, or more than [`MOST_PIXELS`].
#[must_use]
pub fn thumbnail(width: u32, height: u32) -> Option<(u32, u32)> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > MOST_PIXELS {
        return None;
    }
    let longest = width.max(height);
    let side = |side: u32| {
        let scaled = u64::from(side) * u64::from(THUMBNAIL) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(THUMBNAIL).max(1)
    };
    Some(if longest <= THUMBNAIL { (width, height) } else { (side(width), side(height)) })
}

/// Returns the moment at which the links of now are signed. It is the same for all of a window, so that
/// caches keep what they have.
#[must_use]
pub const fn link_signed_at(now: Timestamp) -> Timestamp {
    let millis = now.as_millis();
    Timestamp::from_millis(millis - millis % LINK_MILLIS)
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

    #[test]
    fn a_thumbnail_keeps_the_proportions_and_a_bomb_has_none() {
        for (size, expected) in [
            ((640, 320), Some((320, 160))),
            ((320, 640), Some((160, 320))),
            ((3, 2), Some((3, 2))),
            ((320, 320), Some((320, 320))),
            ((10_000, 5_000), Some((320, 160))),
            // A line keeps a pixel.
            ((10_000, 1), Some((320, 1))),
            ((0, 5), None),
            ((10_000, 5_001), None),
            ((u32::MAX, u32::MAX), None),
        ] {
            assert_eq!(thumbnail(size.0, size.1), expected, "{size:?}");
        }
    }

    #[test]
    fn a_link_stays_the_same_within_its_window() {
        let at = |millis: u64| link_signed_at(Timestamp::from_millis(1_700_000_000_000 + millis));
        let first = at(0);
        let end = first.as_millis() + LINK_MILLIS - 1_700_000_000_000;
        assert_eq!((at(1), at(end - 1)), (first, first));
        assert_eq!(at(end).as_millis(), first.as_millis() + LINK_MILLIS);
    }
}
