//! Content of a messenger that is no text: it arrives as a text in square brackets, in English, with
//! what can be read of it.

use domain::text::MESSAGE_LENGTH;

/// The most code points of a detail.
const DETAIL_LENGTH: usize = 300;
/// The most details.
const MOST_DETAILS: usize = 15;

/// Returns a text within the bounds of a message; none if it is blank. Messengers repeat what is
/// refused, so a text that is too long is cut.
pub(super) fn text(text: &str) -> Option<String> {
    let clean: String = text.chars().filter(|c| *c != '\0').take(MESSAGE_LENGTH).collect();
    (!clean.trim().is_empty()).then_some(clean)
}

/// Returns the kind of a content and its details in square brackets, such as `[contact: Ann, +49 30 1]`.
pub(super) fn bracket<T: AsRef<str>>(
    kind: &str,
    details: impl IntoIterator<Item = Option<T>>,
) -> String {
    let details: Vec<String> = details
        .into_iter()
        .flatten()
        .map(|detail| line(detail.as_ref()))
        .filter(|detail| !detail.is_empty())
        .take(MOST_DETAILS)
        .collect();
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
    words.join(" ").chars().filter(|c| !c.is_control()).take(DETAIL_LENGTH).collect()
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
        assert_eq!(captioned("[photo]".to_owned(), Some("See")), "[photo]\nSee");
        assert_eq!(captioned("[photo]".to_owned(), Some(" ")), "[photo]");
        assert_eq!((seconds(Some(5)).as_deref(), seconds(Some(0))), (Some("5 s"), None));
    }

    #[test]
    fn the_longest_content_is_within_the_bounds_of_a_message() {
        let long = "я".repeat(20_000);
        let many = std::iter::repeat_n(Some(long.as_str()), 100);
        let content = captioned(bracket("poll", many), Some(&long));
        let text = text(&content).expect("a text");
        assert_eq!(text.chars().count(), MESSAGE_LENGTH);
        assert!(text.contains("]\n"));
        assert_eq!(super::text("a\0b").as_deref(), Some("ab"));
        assert_eq!(super::text(" \0\n"), None);
    }
}
