//! Media types: chooses the one in which a client wants its answer, and says whether a body is JSON.

use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE};

/// The media type of an answer. It also decides about status codes: see [`crate::response::status`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Media {
    /// `application/graphql-response+json`: the status code says how it went.
    GraphqlResponse,
    /// `application/json`, for clients from before that: 200 for every well-formed request.
    Json,
}

impl Media {
    /// Returns the value of `Content-Type`.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    const fn subtype(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "graphql-response+json",
            Self::Json => "json",
        }
    }
}

/// The client's preference for a media type: the quality in thousandths, then a rank for how
/// exactly the header names it.
type Rank = (u16, u8);

/// `*/*`, `application/*` and the full name.
const EXACT: u8 = 2;

/// Returns the media type that the client prefers, or `None` when it accepts neither of ours. When
/// both are preferred alike and named, the result is `application/graphql-response+json`; when
/// neither is named, it is `application/json`, which clients without a preference can read.
#[must_use]
pub fn negotiate(headers: &HeaderMap) -> Option<Media> {
    let given: Vec<&str> =
        headers.get_all(ACCEPT).iter().map(|value| value.to_str().unwrap_or_default()).collect();
    let accept = given.join(",");
    if accept.trim().is_empty() {
        return Some(Media::Json);
    }
    let ranges: Vec<Range<'_>> = accept.split(',').filter_map(Range::parse).collect();
    let modern = rank(&ranges, Media::GraphqlResponse);
    let legacy = rank(&ranges, Media::Json);
    match (modern, legacy) {
        (None, None) => None,
        (modern, legacy) if modern > legacy => Some(Media::GraphqlResponse),
        (Some((_, EXACT)), legacy) if legacy == modern => Some(Media::GraphqlResponse),
        _ => Some(Media::Json),
    }
}

/// Returns the rank of a type. The most exact range that fits decides.
fn rank(ranges: &[Range<'_>], media: Media) -> Option<Rank> {
    ranges
        .iter()
        .filter_map(|range| Some((range.exactness(media)?, range.quality)))
        .max()
        .map(|(exactness, quality)| (quality, exactness))
        .filter(|(quality, _)| *quality > 0)
}

/// One entry of `Accept`.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    is_utf8: bool,
    quality: u16,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut range = Self { kind, subtype, is_utf8: true, quality: 1000 };
        for parameter in parts {
            let Some((name, value)) = parameter.split_once('=') else { continue };
            if name.trim().eq_ignore_ascii_case("q") {
                range.quality = quality(value.trim())?;
            } else if name.trim().eq_ignore_ascii_case("charset") {
                range.is_utf8 = is_utf8(value);
            }
        }
        Some(range)
    }

    fn exactness(&self, media: Media) -> Option<u8> {
        let is_application = self.kind.eq_ignore_ascii_case("application");
        match (self.kind, self.subtype) {
            ("*", "*") => Some(0),
            (_, "*") if is_application => Some(1),
            (_, subtype) if is_application && subtype.eq_ignore_ascii_case(media.subtype()) => {
                self.is_utf8.then_some(EXACT)
            }
            _ => None,
        }
    }
}

/// Reads a quality from 0 to 1, in thousandths.
fn quality(text: &str) -> Option<u16> {
    let quality: f32 = text.parse().ok().filter(|quality| (0.0..=1.0).contains(quality))?;
    Some((quality * 1000.0).round() as u16)
}

fn is_utf8(charset: &str) -> bool {
    charset.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
}

/// Returns true if `Content-Type` says that the body is JSON in UTF-8.
#[must_use]
pub fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(content_type)) = headers.get(CONTENT_TYPE).map(|value| value.to_str()) else {
        return false;
    };
    let mut parts = content_type.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    is_json
        && parts
            .filter_map(|parameter| parameter.split_once('='))
            .all(|(name, value)| !name.trim().eq_ignore_ascii_case("charset") || is_utf8(value))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn accepting(accept: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
        negotiate(&headers)
    }

    #[test]
    fn the_answer_is_in_the_media_type_that_is_liked_best() {
        let (modern, json) = (Some(Media::GraphqlResponse), Some(Media::Json));
        let both =
            "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8";
        for (accept, media) in [
            ("application/graphql-response+json", modern),
            ("APPLICATION/GraphQL-Response+JSON", modern),
            ("application/json", json),
            (both, modern),
            ("application/json, application/graphql-response+json", modern),
            ("application/graphql-response+json,application/json;q=0.9", modern),
            ("application/graphql-response+json;q=0.5, application/json;q=0.9", json),
            ("application/graphql-response+json;q=0, */*", json),
            ("application/json;q=0, application/*", modern),
            ("application/json, text/plain, */*", json),
            ("application/graphql-response+json, */*", modern),
            ("*/*", json),
            ("application/*", json),
            ("", json),
            ("text/html", None),
            ("application/json; charset=iso-8859-1", None),
            ("application/json; charset=\"UTF-8\"", json),
            ("application/json;q=0", None),
            ("application/json;q=2", None),
            ("nonsense", None),
        ] {
            assert_eq!(accepting(accept), media, "{accept}");
        }
        assert_eq!(negotiate(&HeaderMap::new()), json);
    }

    #[test]
    fn only_json_in_utf8_is_json() {
        for (content_type, is) in [
            ("application/json", true),
            ("Application/JSON; Charset=UTF-8", true),
            ("application/json; profile=x; charset=\"utf-8\"", true),
            ("application/json; charset=latin1", false),
            ("application/graphql-response+json", false),
            ("text/plain", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
            assert_eq!(is_json(&headers), is, "{content_type}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
