//! Splits a text that is longer than a messenger takes into parts that it takes.
//!
//! A part ends before the last empty line that fits, otherwise before the last line break,
//! otherwise before the last space, and otherwise before the last character as readers see it: an
//! accent stays with its letter, and a family of four stays together.

use unicode_segmentation::UnicodeSegmentation as _;

/// Spaces that keep the words at their sides together.
const NO_BREAK: [char; 3] = ['\u{a0}', '\u{2007}', '\u{202f}'];
/// Characters that end a line.
const LINE_ENDS: [char; 6] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}'];
/// The character that ends a paragraph.
const PARAGRAPH_END: char = '\u{2029}';

/// Returns the length of a text in UTF-16 code units.
#[must_use]
pub fn utf16_units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Returns the length of a text in Unicode code points.
#[must_use]
pub fn code_points(text: &str) -> usize {
    text.chars().count()
}

/// Splits a text into parts of at most `most`, counted by `length`, which must be the sum over the
/// characters. The parts are not blank, and together they contain everything except white space at
/// their ends. A blank text has no parts.
///
/// A single grapheme that is longer than `most` is the one exception: it is split between its code
/// points, because the messenger would refuse it whole.
#[must_use]
pub fn split(text: &str, most: usize, length: impl Fn(&str) -> usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = trim(text);
    while !rest.is_empty() {
        let (part, after) = match cut(rest, most, &length) {
            Some(at) => rest.split_at_checked(at).unwrap_or((rest, "")),
            None => (rest, ""),
        };
        parts.push(trim(part));
        rest = trim(after);
    }
    parts
}

/// Returns the byte at which the first part ends; none if the whole rest fits.
fn cut(rest: &str, most: usize, length: &impl Fn(&str) -> usize) -> Option<usize> {
    let mut places = Places::default();
    let mut used: usize = 0;
    for (at, grapheme) in rest.grapheme_indices(true) {
        used = used.saturating_add(length(grapheme));
        let is_white = is_white(grapheme);
        places.note(at, grapheme, is_white);
        // White space at the end of a part is left out, so it may stand beyond the bound.
        if used > most && !is_white {
            let end = if at == 0 { within(grapheme, most, length) } else { at };
            return Some(places.best().unwrap_or(end));
        }
    }
    None
}

/// Returns the end of the longest beginning of a grapheme that fits, and at least of one character.
fn within(grapheme: &str, most: usize, length: &impl Fn(&str) -> usize) -> usize {
    let ends = grapheme.char_indices().map(|(at, c)| at + c.len_utf8());
    let fits = |end: &usize| grapheme.get(..*end).is_some_and(|part| length(part) <= most);
    let first = ends.clone().next().unwrap_or(grapheme.len());
    ends.take_while(fits).last().unwrap_or(first)
}

/// The places at which a part may end, as bytes.
#[derive(Default)]
struct Places {
    paragraph: Option<usize>,
    line: Option<usize>,
    word: Option<usize>,
    /// The beginning of the white space that is being passed, and the line ends in it.
    white: Option<(usize, u32)>,
}

impl Places {
    fn note(&mut self, at: usize, grapheme: &str, is_white: bool) {
        if !is_white {
            self.white = None;
            return;
        }
        let (began, ends) = self.white.unwrap_or((at, 0));
        let ends = ends.saturating_add(line_ends(grapheme));
        self.white = Some((began, ends));
        if ends >= 2 {
            self.paragraph = Some(began);
        } else if ends == 1 {
            self.line = Some(began);
        } else if !grapheme.contains(NO_BREAK) {
            self.word = Some(began);
        }
    }

    fn best(&self) -> Option<usize> {
        self.paragraph.or(self.line).or(self.word)
    }
}

fn line_ends(grapheme: &str) -> u32 {
    if grapheme.contains(PARAGRAPH_END) { 2 } else { u32::from(grapheme.contains(LINE_ENDS)) }
}

/// A space that carries an accent is not white space.
fn is_white(grapheme: &str) -> bool {
    grapheme.chars().all(char::is_whitespace)
}

/// Removes white space at both ends, in whole graphemes.
fn trim(text: &str) -> &str {
    let seen = || text.grapheme_indices(true).filter(|(_, grapheme)| !is_white(grapheme));
    let begin = seen().next().map_or(text.len(), |(at, _)| at);
    let end = seen().next_back().map_or(begin, |(at, grapheme)| at + grapheme.len());
    text.get(begin..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn parts(text: &str, most: usize) -> Vec<&str> {
        split(text, most, code_points)
    }

    #[test]
    fn a_text_that_fits_is_one_part() {
        assert_eq!(parts("a b\n\nc", 6), ["a b\n\nc"]);
        assert_eq!(parts(" a\n", 1), ["a"]);
        assert!(parts("", 5).is_empty() && parts(" \n\u{a0}", 1).is_empty());
    }

    #[test]
    fn a_part_ends_at_a_paragraph_then_a_line_then_a_word() {
        assert_eq!(parts("one\n\ntwo\nsix ten", 12), ["one", "two\nsix ten"]);
        assert_eq!(parts("one two\nsix ten", 12), ["one two", "six ten"]);
        assert_eq!(parts("one two six", 9), ["one two", "six"]);
        assert_eq!(parts("one two", 3), ["one", "two"]);
        assert_eq!(parts("one \r\n \r\n two", 4), ["one", "two"]);
        assert_eq!(parts("one\u{2029}two six", 8), ["one", "two six"]);
        assert_eq!(parts("abcdefg", 3), ["abc", "def", "g"]);
    }

    #[test]
    fn white_space_beyond_the_bound_is_left_out() {
        assert_eq!(parts("abc   \n\n   def", 3), ["abc", "def"]);
        assert_eq!(parts("a b\n\nc", 3), ["a b", "c"]);
    }

    #[test]
    fn words_with_a_space_that_does_not_break_stay_together() {
        assert_eq!(parts("for 5\u{a0}km", 7), ["for", "5\u{a0}km"]);
    }

    #[test]
    fn what_readers_see_as_one_character_stays_whole() {
        assert_eq!(parts("ae\u{301}", 2), ["a", "e\u{301}"]);
        assert_eq!(split("a👍🏽", 4, utf16_units), ["a", "👍🏽"]);
        assert_eq!(split("🇩🇪🇫🇷", 6, utf16_units), ["🇩🇪", "🇫🇷"]);
        assert_eq!(parts("ab \u{308}c", 3), ["ab", " \u{308}c"]);
    }

    #[test]
    fn a_grapheme_longer_than_the_bound_is_split_between_its_code_points() {
        let accents = format!("e{}", "\u{301}".repeat(9));
        let split_up = parts(&accents, 4);
        assert_eq!(split_up.concat(), accents);
        assert!(split_up.iter().all(|part| code_points(part) <= 4));
        assert_eq!(split("👍", 1, utf16_units), ["👍"]);
        assert_eq!(parts("ab", 0), ["a", "b"]);
    }

    #[test]
    fn lengths_are_counted_as_the_messengers_do() {
        assert_eq!((utf16_units("я👍"), code_points("я👍")), (3, 2));
        let text = "👍".repeat(4096);
        assert_eq!(split(&text, 4096, utf16_units).len(), 2);
        assert_eq!(split(&text, 4096, code_points).len(), 1);
    }

    /// Numbers of a linear congruence, the same in each run.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, most: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(self.0 >> 33).unwrap_or_default() % most
        }
    }

    const PIECES: [&str; 20] = [
        "a",
        "bc",
        "word",
        "я",
        "한",
        "\u{1112}\u{1161}\u{11ab}",
        "e\u{301}",
        "👍",
        "👍🏽",
        "👩‍👩‍👧‍👦",
        "🇩🇪",
        " ",
        " ",
        " ",
        "\n",
        "\r\n",
        "\n\n",
        " \u{308}",
        "\u{a0}",
        "\u{200b}",
    ];

    fn seen(text: &str) -> String {
        text.chars().filter(|c| !c.is_whitespace()).collect()
    }

    #[test]
    fn any_text_is_split_within_the_bound_between_graphemes_and_loses_only_white_space() {
        let mut numbers = Numbers(7);
        for _ in 0..4000 {
            let pieces = 1 + numbers.below(60);
            let text: String = (0..pieces).map(|_| PIECES[numbers.below(20)]).collect();
            let most = 13 + numbers.below(30);
            for length in [utf16_units, code_points] {
                let parts = split(&text, most, length);
                let borders: BTreeSet<usize> =
                    text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
                for part in &parts {
                    let at = part.as_ptr().addr() - text.as_ptr().addr();
                    assert!((1..=most).contains(&length(part)), "{text:?} {most} {part:?}");
                    assert!(!is_white(part), "{text:?} {most}");
                    assert!(borders.contains(&at), "{text:?} {most} {part:?}");
                    assert!(borders.contains(&(at + part.len())), "{text:?} {most} {part:?}");
                }
                assert_eq!(seen(&parts.concat()), seen(&text), "{most}");
            }
        }
    }

    #[test]
    fn a_part_takes_as_much_as_it_can() {
        let mut numbers = Numbers(11);
        for _ in 0..500 {
            let text: String = (0..80).map(|_| ["ab", "c", " "][numbers.below(3)]).collect();
            let parts = parts(&text, 10);
            for pair in parts.windows(2) {
                let word = pair[1].split(' ').next().unwrap_or_default();
                let next = pair[1].as_ptr().addr() - pair[0].as_ptr().addr();
                assert!(next + word.len() > 10, "{text:?} {pair:?}");
            }
        }
    }
}
