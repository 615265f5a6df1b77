//! Text search: folds text so that case, accents and forms of a character do not count, and finds the
//! words of a query anywhere in it, in any order.
//!
//! Folding text that is folded already changes nothing. So reindexing recognises the rows of an older
//! folding by their pieces alone, and deletes them in its second half.

use std::collections::BTreeSet;

use self::fold::{fold, is_punctuation};

/// The most code points of a query.
pub const QUERY_LENGTH: usize = 200;
/// The longest gram, in code points.
const GRAM: usize = 3;

/// A text folded for search: NFKD, then Unicode full case folding (ß becomes ss), then these rules.
/// Combining marks and invisible characters are dropped. Letters with strokes and without dots
/// become their base. All apostrophes and quotation marks become one character, and so do all
/// dashes. The Persian and Urdu forms of Arabic letters become those. Any white space between words
/// becomes one space.
///
/// Folding a folded text changes nothing. Stored text was folded by the rules of its day. When the
/// rules change, the rows of the search have to be rebuilt: no query finds a stored text that
/// today's rules would fold further.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Folded(String);

impl Folded {
    /// Folds a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut folded = String::with_capacity(text.len());
        text.chars().for_each(|c| fold(c, |c| folded.push(c)));
        Self(folded.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Returns true when today's rules leave the stored folded text unchanged.
    #[must_use]
    pub fn is_current(stored: &str) -> bool {
        Self::of(stored).0 == stored
    }

    /// Wraps a folded text as it was stored.
    #[must_use]
    pub const fn stored(folded: String) -> Self {
        Self(folded)
    }

    /// Returns the folded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns its words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|word| !word.is_empty())
    }

    /// Returns its grams: the distinct pieces of one, two and three code points of its words.
    #[must_use]
    pub fn grams(&self) -> BTreeSet<String> {
        let pieces = |word| (1..=GRAM).flat_map(move |length| pieces(word, length));
        self.words().flat_map(pieces).map(str::to_owned).collect()
    }
}

/// Returns the pieces of so many code points of a word, in order, overlapping.
fn pieces(word: &str, length: usize) -> impl Iterator<Item = &str> {
    let bounds = move || word.char_indices().map(|(at, _)| at).chain([word.len()]);
    bounds().zip(bounds().skip(length)).filter_map(|(from, to)| word.get(from..to))
}

/// A search query: words that all have to occur.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    words: BTreeSet<String>,
}

impl Query {
    /// Parses a query as a person types it; `None` when it is longer than [`QUERY_LENGTH`] code
    /// points. Punctuation around a word is removed, unless the word has nothing else. The searched
    /// text keeps its punctuation, so that a word is found inside any punctuation.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_short = text.chars().nth(QUERY_LENGTH).is_none();
        let words = || Folded::of(text).words().map(bare).map(str::to_owned).collect();
        is_short.then(|| Self { words: words() })
    }

    /// Returns true when the query has no words. Each list decides whether a blank query finds
    /// nothing or everything; [`matches`](Self::matches) returns true.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.words.is_empty()
    }

    /// Returns true when every word occurs in the text.
    #[must_use]
    pub fn matches(&self, text: &Folded) -> bool {
        self.words.iter().all(|word| text.0.contains(word.as_str()))
    }

    /// Returns at most so many grams of the query; every match contains all of them. For each word
    /// these are its pieces of three code points, or the word itself if it is shorter. The words
    /// take turns, the longest first. Pieces of a word that lie apart come first, because
    /// neighbours overlap.
    #[must_use]
    pub fn grams(&self, most: usize) -> Vec<String> {
        let of = |word: &str| -> Vec<String> {
            let length = word.chars().count().min(GRAM);
            apart(&pieces(word, length).collect::<Vec<_>>())
        };
        let mut words: Vec<Vec<String>> = self.words.iter().map(|word| of(word)).collect();
        words.sort_by_key(|grams| std::cmp::Reverse(grams.len()));
        let longest = words.first().map_or(0, Vec::len);
        let turns = (0..longest).flat_map(|turn| words.iter().filter_map(move |w| w.get(turn)));
        let mut found: Vec<String> = Vec::new();
        for gram in turns {
            if found.len() == most {
                break;
            }
            if !found.contains(gram) {
                found.push(gram.clone());
            }
        }
        found
    }
}

/// Returns a word without the punctuation around it, or the word itself if it is punctuation only.
fn bare(word: &str) -> &str {
    let bare = word.trim_matches(is_punctuation);
    if bare.is_empty() { word } else { bare }
}

/// Orders pieces so that the first ones lie far apart: every third, then the rest.
fn apart(pieces: &[&str]) -> Vec<String> {
    let from = |start: usize| pieces.iter().skip(start).step_by(GRAM);
    (0..GRAM).flat_map(from).map(|piece| (*piece).to_owned()).collect()
}

mod fold;
mod part;
pub use part::Part;

#[cfg(test)]
mod tests;
