//! Origins: the web pages that may carry a live chat's widget.

use crate::Refusal;

/// The most origins of a live chat.
pub const MOST_ORIGINS: usize = 100;
/// The longest origin, in bytes: a scheme, the longest name of a host, and a port.
const LENGTH: usize = 8 + 253 + 6;

/// An origin as browsers send it: scheme and host in lower case, and the port if it is not the
/// scheme's default.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Origin(String);

impl Origin {
    /// Parses an origin as an administrator writes it, such as `https://shop.example` or
    /// `http://localhost:8080`.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for anything else.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        Self::read(text).ok_or_else(|| {
            let message = "Each must be a scheme and a host, such as https://shop.example.";
            Refusal::invalid("origins", message)
        })
    }

    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let (scheme, rest) = text.split_once("://").filter(|_| text.len() <= LENGTH)?;
        let own_port = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return None,
        };
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse::<u16>().ok().filter(|port| *port > 0)?)),
            None => (rest, None),
        };
        let is_label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if !host.split('.').all(is_label) {
            return None;
        }
        let port = port.filter(|port| *port != own_port);
        Some(Self(match port {
            None => format!("{scheme}://{host}"),
            Some(port) => format!("{scheme}://{host}:{port}"),
        }))
    }

    /// Wraps an origin as it was stored. An origin of a newer version that this one cannot parse
    /// stays in the list, because an empty list would allow every page.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        Self::read(text).unwrap_or_else(|| Self(text.to_owned()))
    }

    /// Parses the origins of a live chat as an administrator writes them, each once, in order.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for an invalid one and for more than 100.
    pub fn parse_all(texts: &[String]) -> Result<Vec<Self>, Refusal> {
        if texts.len() > MOST_ORIGINS {
            return Err(Refusal::invalid("origins", "There must be at most 100."));
        }
        let mut origins = Vec::with_capacity(texts.len());
        for origin in texts.iter().map(|text| Self::parse(text)) {
            let origin = origin?;
            if !origins.contains(&origin) {
                origins.push(origin);
            }
        }
        Ok(origins)
    }

    /// Returns the origin as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns true when a page of this origin may embed a widget. An empty list allows every page.
#[must_use]
pub fn is_allowed(origins: &[Origin], page: Option<&str>) -> bool {
    origins.is_empty() || page.and_then(Origin::read).is_some_and(|page| origins.contains(&page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host_and_maybe_a_port() {
        for (given, read) in [
            ("https://shop.example", "https://shop.example"),
            (" HTTPS://Shop.Example/ ", "https://shop.example"),
            ("https://shop.example:443", "https://shop.example"),
            ("http://localhost:8080", "http://localhost:8080"),
        ] {
            assert_eq!(Origin::parse(given).unwrap().as_str(), read);
        }
        for wrong in [
            "",
            "*",
            "shop.example",
            "ftp://shop.example",
            "https://",
            "https://a..b",
            "https://shop.example/path",
            "https://a:b",
            "https://a:0",
            "https://a:99999",
            "https://user@a",
            "https://ä.example",
        ] {
            assert!(Origin::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Origin::parse(&format!("https://{}", "a".repeat(300))).is_err());
    }

    #[test]
    fn any_page_may_where_no_list_was_made() {
        assert!(is_allowed(&[], None));
        let shop = Origin::parse_all(&["https://shop.example".to_owned()]).unwrap();
        assert!(is_allowed(&shop, Some("https://shop.example")));
        for other in [None, Some("https://evil.example"), Some("null"), Some("")] {
            assert!(!is_allowed(&shop, other), "{other:?}");
        }
    }

    #[test]
    fn a_list_has_each_once_and_at_most_a_hundred() {
        let twice = ["https://a".to_owned(), "https://A/".to_owned()];
        assert_eq!(Origin::parse_all(&twice).unwrap().len(), 1);
        let many: Vec<String> = (0..101).map(|n| format!("https://h{n}")).collect();
        assert!(Origin::parse_all(&many).is_err());
        assert!(Origin::parse_all(&many[..100]).is_ok());
    }

    #[test]
    fn what_was_stored_is_read_and_one_that_cannot_be_read_opens_the_list_to_nobody() {
        for stored in ["https://shop.example", "HTTPS://Shop.Example:443/"] {
            assert_eq!(Origin::stored(stored), Origin::parse("https://shop.example").unwrap());
        }
        // Origins of a newer version, and texts that are no origin.
        for unread in ["https://*.shop.example", "app://shop", "", "null"] {
            assert!(Origin::parse(unread).is_err());
            let origin = Origin::stored(unread);
            assert_eq!(origin.as_str(), unread, "kept as it was written");
            for page in [None, Some(unread), Some("https://shop.example"), Some("https://evil")] {
                assert!(!is_allowed(std::slice::from_ref(&origin), page), "{unread}: {page:?}");
            }
            let list = [origin, Origin::stored("https://shop.example")];
            assert!(is_allowed(&list, Some("https://shop.example")), "the others still count");
        }
    }
}
