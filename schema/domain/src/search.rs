//! Text search: folds text so that case, accents and forms of a character do not count, and finds the
//! words of a query anywhere in it, in any order.
//!
//! Folding text that is folded already changes nothing. So reindexing recognises the rows of an older
//! folding by their pieces alone, and deletes them in its second half.

use std::collections::BTreeSet;

use self::fold::{fold, is_punctuation};

/// The most code points of a query.
pub const QUERY_LENGTH: usize = 200;
/// The gram of every text that has a word. Its list is read for what has no list of its own: single
/// letters of an alphabet, which most texts have.
const EVERY: &str = "";
/// The first of the code points that mostly are words or syllables of their own, as ideographs are. They
/// are grams; letters below this are not.
const FIRST_WHOLE: char = '\u{2E80}';

/// The length of the longest grams of a list of texts, in code points.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Longest {
    /// Two: enough for lists that never get long.
    Two,
    /// Three.
    Three,
}

impl Longest {
    const fn length(self) -> usize {
        match self {
            Self::Two => 2,
            Self::Three => 3,
        }
    }
}

/// Returns true for a text that is a gram by today's rules.
#[must_use]
pub fn is_gram(text: &str, longest: Longest) -> bool {
    is_made(text, longest) && Folded::is_current(text)
}

/// Returns true if a piece of a folded word is a gram.
fn is_made(piece: &str, longest: Longest) -> bool {
    match piece.chars().count() {
        0 => true,
        1 => piece.starts_with(|c| c >= FIRST_WHOLE),
        length => length <= longest.length(),
    }
}

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

    /// Returns its grams: the distinct pieces of its words of two code points and, where those are the
    /// longest, three; its ideographs; and the empty one, if it has a word.
    #[must_use]
    pub fn grams(&self, longest: Longest) -> BTreeSet<String> {
        let every = self.words().next().map(|_| EVERY);
        let pieces = |word| (1..=longest.length()).flat_map(move |length| pieces(word, length));
        let pieces = self.words().flat_map(pieces).filter(|piece| is_made(piece, longest));
        every.into_iter().chain(pieces).map(str::to_owned).collect()
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
    /// these are its longest pieces, or the word itself if it is shorter. The words take turns, the
    /// longest first. Pieces of a word that lie apart come first, because neighbours overlap. If no word
    /// has any, it is the gram that every text has.
    #[must_use]
    pub fn grams(&self, longest: Longest, most: usize) -> Vec<String> {
        let of = |word: &str| -> Vec<String> {
            let length = word.chars().count().min(longest.length());
            let pieces: Vec<_> =
                pieces(word, length).filter(|piece| is_made(piece, longest)).collect();
            apart(&pieces, length)
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
        if found.is_empty() {
            found.push(EVERY.to_owned());
        }
        found
    }
}

/// Returns a word without the punctuation around it, or the word itself if it is punctuation only.
fn bare(word: &str) -> &str {
    let bare = word.trim_matches(is_punctuation);
    if bare.is_empty() { word } else { bare }
}

/// Orders pieces of this length so that the first ones do not overlap, and then the rest.
fn apart(pieces: &[&str], length: usize) -> Vec<String> {
    let length = length.max(1);
    let from = |start: usize| pieces.iter().skip(start).step_by(length);
    (0..length).flat_map(from).map(|piece| (*piece).to_owned()).collect()
}

mod fold;
mod part;
pub use part::Part;

#[cfg(test)]
mod tests;
