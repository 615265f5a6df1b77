//! Connections, as Relay has them.

use async_graphql::{Error, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::search::Query;

use crate::error::Code;

/// The most entries of a page.
const MOST: i32 = 100;

/// The cursors of a page, and whether there are more entries around it.
#[derive(SimpleObject, Clone, Debug, Default)]
pub struct PageInfo {
    /// True if there are, or may be, entries before this page.
    pub has_previous_page: bool,
    /// True if there are, or may be, entries after this page.
    pub has_next_page: bool,
    /// The cursor of the first entry of the page. Null if the page is empty.
    pub start_cursor: Option<String>,
    /// The cursor at which reading stopped: pass it as `after` to read on. A page may be short or
    /// even empty although `hasNextPage` is true; this cursor is not null then. Null if there was
    /// nothing to read.
    pub end_cursor: Option<String>,
}

/// Declares a connection and its edge, for lists of a type.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty) => {
        /// A page of a list.
        #[derive(async_graphql::SimpleObject, Clone)]
        pub struct $connection {
            /// The entries of the page, each with its cursor.
            pub edges: Vec<$edge>,
            /// The entries of the page, without their cursors.
            pub nodes: Vec<$node>,
            /// The cursors of the page, and whether there are more entries before and after it.
            pub page_info: $crate::page::PageInfo,
        }

        /// An entry of a page, with its cursor.
        #[derive(async_graphql::SimpleObject, Clone)]
        pub struct $edge {
            /// The cursor of the entry, an opaque string.
            pub cursor: String,
            /// The entry.
            pub node: $node,
        }

        impl $connection {
            /// Builds a page of entries, each with the place that its cursor is made of. `end` is where
            /// reading stopped, where that is not at the last entry.
            pub(crate) fn of(
                entries: Vec<(String, $node)>,
                end: Option<&str>,
                has_previous_page: bool,
                has_next_page: bool,
            ) -> Self {
                let edges: Vec<_> = entries
                    .into_iter()
                    .map(|(place, node)| $edge { cursor: $crate::page::cursor(&place), node })
                    .collect();
                let nodes = edges.iter().map(|edge| edge.node.clone()).collect();
                let last = edges.last().map(|edge| edge.cursor.clone());
                let page_info = $crate::page::PageInfo {
                    has_previous_page,
                    has_next_page,
                    start_cursor: edges.first().map(|edge| edge.cursor.clone()),
                    end_cursor: end.map($crate::page::cursor).or(last),
                };
                Self { edges, nodes, page_info }
            }
        }
    };
}

pub(crate) use connection;

/// Returns the cursor of a place.
#[must_use]
pub fn cursor(place: &str) -> String {
    URL_SAFE_NO_PAD.encode(place)
}

/// Returns the place that a cursor names.
///
/// # Errors
/// `BAD_USER_INPUT`.
pub fn place(cursor: &str) -> Result<String, Error> {
    let plain = (cursor.len() <= 512).then(|| URL_SAFE_NO_PAD.decode(cursor).ok()).flatten();
    plain
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .filter(|place| !place.is_empty() && !place.chars().any(char::is_control))
        .ok_or_else(|| Code::BadUserInput.error("This is not a cursor of this list."))
}

/// Returns the number that a cursor of a dense run names.
///
/// # Errors
/// `BAD_USER_INPUT`.
pub(crate) fn number(cursor: Option<&str>) -> Result<Option<u64>, Error> {
    let Some(cursor) = cursor else { return Ok(None) };
    let number = place(cursor)?.parse();
    number.map(Some).map_err(|_| Code::BadUserInput.error("This is not a cursor of this list."))
}

/// Checks the requested number of entries.
///
/// # Errors
/// `BAD_USER_INPUT` outside of 1 to 100.
pub(crate) fn length(name: &str, given: i32) -> Result<usize, Error> {
    if !(1..=MOST).contains(&given) {
        return Err(Code::BadUserInput.error(format!("`{name}` must be from 1 to {MOST}.")));
    }
    Ok(usize::try_from(given).unwrap_or(1))
}

/// Reads the text that a user typed to find entries; blank without it.
///
/// # Errors
/// `BAD_USER_INPUT` beyond 200 characters.
pub(crate) fn typed(query: Option<&str>) -> Result<Query, Error> {
    Query::parse(query.unwrap_or_default())
        .ok_or_else(|| Code::BadUserInput.error("`query` must have at most 200 characters."))
}

/// Returns the most entries that a page may have, for the complexity of a query.
pub(crate) fn weight(first: Option<i32>, last: Option<i32>) -> usize {
    usize::try_from(first.or(last).unwrap_or(1).clamp(1, MOST)).unwrap_or(1)
}

/// The part of a dense run of numbers that a page covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span {
    /// The first number.
    pub(crate) first: u64,
    /// The last number. For an empty page, it is before the first.
    pub(crate) last: u64,
    /// The last number of the run.
    pub(crate) end: u64,
}

/// The arguments of a page of a dense run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<String>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<String>,
    pub(crate) around: Option<i32>,
}

impl Arguments {
    /// Returns the requested part of the run from 1 to `end`.
    ///
    /// # Errors
    /// `BAD_USER_INPUT`.
    pub(crate) fn span(&self, end: u64) -> Result<Span, Error> {
        let low = number(self.after.as_deref())?.unwrap_or(0).saturating_add(1);
        let high = number(self.before.as_deref())?.unwrap_or(u64::MAX).saturating_sub(1).min(end);
        let (first, last) = match (self.first, self.last, self.around) {
            (Some(first), None, None) => {
                let length = length("first", first)? as u64;
                (low, high.min(low.saturating_add(length - 1)))
            }
            (None, Some(last), None) => {
                let length = length("last", last)? as u64;
                (low.max((high + 1).saturating_sub(length)), high)
            }
            (Some(first), None, Some(around)) => {
                let length = length("first", first)? as u64;
                let around = u64::try_from(around).unwrap_or(0).clamp(1, end.max(1));
                let start = around.saturating_sub(length / 2).max(1);
                let start = start.min((end + 1).saturating_sub(length).max(1));
                (start, end.min(start + length - 1))
            }
            _ => {
                let wrong = "Give `first` or `last`; `aroundSeq` goes with `first` alone.";
                return Err(Code::BadUserInput.error(wrong));
            }
        };
        Ok(Span { first, last, end })
    }
}

impl Span {
    /// Returns true if there are entries before the page.
    pub(crate) const fn has_previous(self) -> bool {
        self.first > 1 && self.end > 0
    }

    /// Returns true if there are entries after the page.
    pub(crate) const fn has_next(self) -> bool {
        self.last < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(arguments: &Arguments, end: u64) -> (u64, u64) {
        let span = arguments.span(end).unwrap();
        (span.first, span.last)
    }

    #[test]
    fn a_page_is_found_from_either_end_and_around_an_entry() {
        let first = |n, after: Option<u64>| Arguments {
            first: Some(n),
            after: after.map(|a| cursor(&a.to_string())),
            ..Arguments::default()
        };
        assert_eq!(span(&first(10, None), 25), (1, 10));
        assert_eq!(span(&first(10, Some(20)), 25), (21, 25));
        assert_eq!(span(&first(10, Some(25)), 25), (26, 25));
        let last = |n, before: Option<u64>| Arguments {
            last: Some(n),
            before: before.map(|b| cursor(&b.to_string())),
            ..Arguments::default()
        };
        assert_eq!(span(&last(10, None), 25), (16, 25));
        assert_eq!(span(&last(10, Some(5)), 25), (1, 4));
        assert_eq!(span(&last(10, Some(1)), 25), (1, 0));
        assert_eq!(span(&last(10, None), 0), (1, 0));
        let around =
            |n, seq| Arguments { first: Some(n), around: Some(seq), ..Arguments::default() };
        assert_eq!(span(&around(5, 10), 25), (8, 12));
        assert_eq!(span(&around(5, 1), 25), (1, 5));
        assert_eq!(span(&around(5, 25), 25), (21, 25));
        assert_eq!(span(&around(50, 3), 25), (1, 25));
    }

    #[test]
    fn a_page_has_one_to_a_hundred_entries() {
        for wrong in [-1, 0, 101, i32::MAX, i32::MIN] {
            assert!(Arguments { first: Some(wrong), ..Arguments::default() }.span(5).is_err());
            assert!(Arguments { last: Some(wrong), ..Arguments::default() }.span(5).is_err());
        }
        assert!(Arguments::default().span(5).is_err());
    }
}
