//! Content of a messenger that is no text: it arrives as a text in square brackets, in English, with
//! what can be read of it.

use domain::split::{code_points, split};
use domain::text::MESSAGE_LENGTH;

/// The most code points of a detail.
const DETAIL_LENGTH: usize = 300;
/// The most details.
const MOST_DETAILS: usize = 15;
/// The sign that a text goes on.
const MORE: char = '…';

/// Returns a text within the bounds of a message; none if it is blank. Messengers repeat what is
/// refused, so a text that is too long is cut.
pub(super) fn text(text: &str) -> Option<String> {
    let clean: String = text.chars().filter(|c| *c != '\0').collect();
    (!clean.trim().is_empty()).then(|| shortened(&clean, MESSAGE_LENGTH))
}

/// Returns a text of at most `most` code points: the whole text, or its beginning and an ellipsis. The
/// beginning ends between two characters as readers see them: an accent stays with its letter.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let begun: String = text.chars().take(most.saturating_add(1)).collect();
    if code_points(&begun) <= most {
        return begun;
    }
    // Between words a text is split earlier than it has to be, so here no white space is left.
    let solid: String = begun.chars().map(|c| if c.is_whitespace() { '.' } else { c }).collect();
    let parts = split(&solid, most.saturating_sub(1), code_points);
    let kept: String =
        begun.chars().take(parts.first().map_or(0, |part| code_points(part))).collect();
    format!("{}{MORE}", kept.trim_end())
}

/// Returns the kind of a content and its details in square brackets, such as `[contact: Ann, +49 30 1]`.
pub(super) fn bracket<T: AsRef<str>>(
    kind: &str,
    details: impl IntoIterator<Item = Option<T>>,
) -> String {
    let mut details: Vec<String> = details
        .into_iter()
        .flatten()
        .map(|detail| line(detail.as_ref()))
        .filter(|detail| !detail.is_empty())
        .take(MOST_DETAILS + 1)
        .collect();
    if let Some(beyond) = details.get_mut(MOST_DETAILS) {
        *beyond = MORE.to_string();
    }
    if details.is_empty() {
        format!("[{kind}]")
    } else {
        format!("[{kind}: {}]", details.join(", "))
    }
}

/// Returns a content with its caption below.
pub(super) fn captioned(content: String, caption: Option<&str>) -> String {
    match caption.filter(|caption| !caption.trim().is_empty()) {
        Some(caption) => format!("{content}\n{caption}"),
        None => content,
    }
}

/// Returns a length of time to show.
pub(super) fn seconds(seconds: Option<i64>) -> Option<String> {
    seconds.filter(|seconds| *seconds > 0).map(|seconds| format!("{seconds} s"))
}

fn line(detail: &str) -> String {
    let words: Vec<&str> = detail.split_whitespace().collect();
    let line: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    shortened(&line, DETAIL_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_is_shown_with_what_can_be_read_of_it() {
        let none: [Option<&str>; 1] = [None];
        assert_eq!(bracket("photo", none), "[photo]");
        assert_eq!(
            bracket("contact", [Some(" Ann\nB "), None, Some("+49")]),
            "[contact: Ann B, +49]"
        );
        let fifteen = ["a"; 15].join(", ");
        assert_eq!(bracket("poll", [Some("a"); 15]), format!("[poll: {fifteen}]"));
        assert_eq!(bracket("poll", [Some("a"); 17]), format!("[poll: {fifteen}, …]"));
        assert_eq!(captioned("[photo]".to_owned(), Some("See")), "[photo]\nSee");
        assert_eq!(captioned("[photo]".to_owned(), Some(" ")), "[photo]");
        assert_eq!((seconds(Some(5)).as_deref(), seconds(Some(0))), (Some("5 s"), None));
    }

    #[test]
    fn a_text_that_is_too_long_ends_with_an_ellipsis_between_characters() {
        for (text, most, short) in [
            ("abcd", 4, "abcd"),
            ("abcde", 4, "abc…"),
            ("ab cd", 4, "ab…"),
            ("a\n\nbcd", 5, "a\n\nb…"),
            ("abe\u{301}d", 4, "ab…"),
            ("abe\u{301}d", 5, "abe\u{301}d"),
            ("a👍🏽b", 3, "a…"),
            ("👩\u{200d}👩\u{200d}👧b", 6, "👩\u{200d}👩\u{200d}👧b"),
            ("a👩\u{200d}👩\u{200d}👧bc", 6, "a…"),
            ("🇩🇪🇫🇷🇮🇹", 4, "🇩🇪…"),
            ("e\u{301}\u{301}\u{301}\u{301}", 3, "e\u{301}…"),
            ("   a", 2, "…"),
            ("", 4, ""),
        ] {
            assert_eq!(shortened(text, most), short, "{text:?} {most}");
        }
    }

    #[test]
    fn the_longest_content_is_within_the_bounds_of_a_message() {
        let long = "я".repeat(20_000);
        let many = std::iter::repeat_n(Some(long.as_str()), 100);
        let content = captioned(bracket("poll", many), Some(&long));
        let text = text(&content).expect("a text");
        assert_eq!(text.chars().count(), MESSAGE_LENGTH);
        assert!(text.contains("я…, …]\nя") && text.ends_with("я…"));
        assert_eq!(super::text("a\0b").as_deref(), Some("ab"));
        assert_eq!(super::text(" \0\n"), None);
    }
}
