//! Highlighting: splits a text into the parts that match a query and those between them.

use super::{Query, fold::fold};

/// The most characters of a long text that are shown of a hit, and how many of them before it.
const SHOWN: usize = 240;
const LEAD: usize = 60;
const ELLIPSIS: char = '…';

/// A piece of a text shown for a hit: the pieces joined are the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// The text, as it was written.
    pub text: String,
    /// True when it matches the query.
    pub is_match: bool,
}

/// A character of a text, as it was written.
#[derive(Clone, Copy)]
struct Letter {
    letter: char,
    is_match: bool,
    /// True when it belongs to the letter before: a mark, an invisible character, or anything else
    /// that folds to nothing.
    is_trailing: bool,
}

impl Query {
    /// Returns the whole text with every occurrence of every word marked, in whole characters as
    /// they were written. Marks nothing unless all words occur.
    #[must_use]
    pub fn parts(&self, text: &str) -> Vec<Part> {
        joined(&self.letters(text))
    }

    /// Returns an excerpt of a long text around the first match, with an ellipsis at each cut.
    #[must_use]
    pub fn excerpt(&self, text: &str) -> Vec<Part> {
        let letters = self.letters(text);
        if letters.len() <= SHOWN {
            return joined(&letters);
        }
        let first = letters.iter().position(|letter| letter.is_match).unwrap_or(0);
        let start = first.saturating_sub(LEAD).min(letters.len() - SHOWN);
        let is_whole = |at: &usize| letters.get(*at).is_none_or(|letter| !letter.is_trailing);
        let whole = |at: usize| (at..=first).find(is_whole).unwrap_or(at);
        let start = if start == 0 { 0 } else { whole(start.min(first)) };
        let end = (start + SHOWN).min(letters.len());
        let end = (first.max(start) + 1..=end).rev().find(is_whole).unwrap_or(end);
        let cut = |is_cut: bool| is_cut.then_some(Letter::plain(ELLIPSIS));
        let shown = letters.get(start..end).unwrap_or_default();
        let shown = cut(start > 0).into_iter().chain(shown.iter().copied());
        joined(&shown.chain(cut(end < letters.len())).collect::<Vec<_>>())
    }

    fn letters(&self, text: &str) -> Vec<Letter> {
        let mut letters: Vec<Letter> = text.chars().map(Letter::plain).collect();
        // The folded text, and for each of its bytes the letter that it came from.
        let (mut folded, mut from) = (String::with_capacity(text.len()), Vec::new());
        for (at, letter) in letters.iter_mut().enumerate() {
            let before = folded.len();
            fold(letter.letter, |c| folded.push(c));
            letter.is_trailing = folded.len() == before;
            from.resize(folded.len(), at);
        }
        let found: Option<Vec<_>> =
            self.words.iter().map(|word| occurrences(&folded, word)).collect();
        for (start, end) in found.unwrap_or_default().into_iter().flatten() {
            let last = from.get(end - 1).copied().unwrap_or_default();
            let first = from.get(start).copied().unwrap_or_default();
            let matched = letters.get_mut(first..=last).unwrap_or_default();
            matched.iter_mut().for_each(|letter| letter.is_match = true);
        }
        let mut before = false;
        for letter in &mut letters {
            letter.is_match |= letter.is_trailing && before;
            before = letter.is_match;
        }
        letters
    }
}

impl Letter {
    const fn plain(letter: char) -> Self {
        Self { letter, is_match: false, is_trailing: false }
    }
}

/// Returns the places where a word occurs, in bytes, including overlapping ones; none if it does
/// not.
fn occurrences(text: &str, word: &str) -> Option<Vec<(usize, usize)>> {
    let step = word.chars().next()?.len_utf8();
    let (mut found, mut start) = (Vec::new(), 0);
    while let Some(at) = text.get(start..)?.find(word) {
        found.push((start + at, start + at + word.len()));
        start += at + step;
    }
    (!found.is_empty()).then_some(found)
}

fn joined(letters: &[Letter]) -> Vec<Part> {
    let part = |letters: &[Letter]| Part {
        text: letters.iter().map(|letter| letter.letter).collect(),
        is_match: letters.first().is_some_and(|letter| letter.is_match),
    };
    letters.chunk_by(|one, next| one.is_match == next.is_match).map(part).collect()
}
