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

/// Text as it is searched: NFKD, then Unicode full case folding (ß is ss), then combining marks and
/// what is not seen dropped, letters with strokes and without dots as their base, apostrophes and
/// quotes as one, dashes as one, and the Persian and Urdu forms of Arabic letters as those; words
/// parted by one space, whatever white space parted them.
///
/// Folded text is its own folding. What is stored of it was made by the folding of its day: when
/// the folding changes, the rows of the search have to be made again, and those that are not their
/// own folding any more are found by nobody.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Folded(String);

impl Folded {
    /// This text, folded.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut folded = String::with_capacity(text.len());
        text.chars().for_each(|c| fold(c, |c| folded.push(c)));
        Self(folded.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Whether folded text that was stored is as it would be made today.
    #[must_use]
    pub fn is_current(stored: &str) -> bool {
        Self::of(stored).0 == stored
    }

    /// Folded text as it was stored.
    #[must_use]
    pub const fn stored(folded: String) -> Self {
        Self(folded)
    }

    /// The folded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|word| !word.is_empty())
    }

    /// What it is found by: the distinct pieces of one, two and three code points of its words.
    #[must_use]
    pub fn grams(&self) -> BTreeSet<String> {
        let pieces = |word| (1..=GRAM).flat_map(move |length| pieces(word, length));
        self.words().flat_map(pieces).map(str::to_owned).collect()
    }
}

/// The pieces of so many code points of a word, in order, overlapping.
fn pieces(word: &str, length: usize) -> impl Iterator<Item = &str> {
    let bounds = move || word.char_indices().map(|(at, _)| at).chain([word.len()]);
    bounds().zip(bounds().skip(length)).filter_map(|(from, to)| word.get(from..to))
}

/// What is looked for: words that all have to occur.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    words: BTreeSet<String>,
}

impl Query {
    /// A query as a person types it; none where it is longer than [`QUERY_LENGTH`] code points.
    /// Words lose the punctuation around them, unless that is all they are: what is searched keeps
    /// its own, so that a word finds itself in whatever it is enclosed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_short = text.chars().nth(QUERY_LENGTH).is_none();
        let words = || Folded::of(text).words().map(bare).map(str::to_owned).collect();
        is_short.then(|| Self { words: words() })
    }

    /// Whether there is nothing to look for. What a blank query finds, nothing or all, is for the
    /// list to say; [`matches`](Self::matches) says yes.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether every word occurs in the text.
    #[must_use]
    pub fn matches(&self, text: &Folded) -> bool {
        self.words.iter().all(|word| text.0.contains(word.as_str()))
    }

    /// At most so many grams of the query: what it finds has all of them. Of each word those of
    /// three code points, or the word where it is shorter; the longest words first, each in
    /// turn, and of a word pieces that lie apart, because neighbours tell the same.
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

/// A word without the punctuation around it; the word, where it is nothing else.
fn bare(word: &str) -> &str {
    let bare = word.trim_matches(is_punctuation);
    if bare.is_empty() { word } else { bare }
}

/// The pieces in an order in which those that come first lie far apart: every third, then the rest.
fn apart(pieces: &[&str]) -> Vec<String> {
    let from = |start: usize| pieces.iter().skip(start).step_by(GRAM);
    (0..GRAM).flat_map(from).map(|piece| (*piece).to_owned()).collect()
}

mod fold;
mod part;
pub use part::Part;

#[cfg(test)]
mod tests;
