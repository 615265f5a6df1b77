//! The reading of a search request: from the newest row downwards, in rounds, within the units that the
//! request may spend.
//!
//! In the first round it asks each scope for several grams of the query, a few rows of each. The list
//! that reaches furthest back is that of the rarest gram, and the only one that is read from then on.
//! So a name with a rare gram is found at once, however many other names there are.
//!
//! The units are counted by the widest row that there can be, and a page ends when they are used up,
//! short or empty. So 40 units hold for any names, and with usual names a request reads less.

use std::collections::BTreeSet;

use domain::search::Query;
use futures::future::try_join_all;

use super::source::{Request, Source};
use crate::{Fault, TenantStore};

/// The number of halves of a read unit that one request spends before it returns its results so
/// far.
const MOST_HALVES: usize = 80;
/// The cost of checking a hit, in halves of a read unit.
const CHECK_HALVES: usize = 2;
/// The number of lists of rows that a request begins with, over all its scopes.
const MOST_LISTS: usize = 32;
/// The most halves of a read unit spent on a list in the first round.
const FIRST_HALVES: usize = 2;
/// The most rounds of further reads in a request.
const MOST_ROUNDS: usize = 6;

/// The progress of one request, and the units it has left.
pub(super) struct Reading<'a> {
    request: Request<'a>,
    sources: Vec<Source>,
    left: usize,
    rounds: usize,
    /// The place down to which all matches were returned.
    end: Option<String>,
}

impl<'a> Reading<'a> {
    /// Begins after a place. `spent` is subtracted from the units of the request.
    pub(super) fn new(
        store: TenantStore<'a>,
        query: &'a Query,
        after: Option<&str>,
        mut sources: Vec<Source>,
        spent: usize,
    ) -> Self {
        let lists = MOST_LISTS.saturating_sub(spent / FIRST_HALVES);
        let unread = sources.iter().filter(|source| !source.is_done).count();
        let each = (lists / unread.max(1)).max(1);
        for source in &mut sources {
            source.begin(query, each, after);
        }
        let left = MOST_HALVES.saturating_sub(spent);
        let request = Request { store, query };
        Self { request, sources, left, rounds: 0, end: after.map(str::to_owned) }
    }

    /// Returns up to `room` next places that may match, newest first, or `None` when the request
    /// has used up its units. The check of each place is already paid for.
    pub(super) async fn next(&mut self, room: usize) -> Result<Option<Vec<String>>, Fault> {
        if self.is_over() || self.rounds == MOST_ROUNDS {
            return Ok(None);
        }
        let has_read = self.read_on().await?;
        self.rounds += 1;
        let known = self.take_known(room);
        self.left = self.left.saturating_sub(CHECK_HALVES * known.len());
        Ok((has_read || !known.is_empty()).then_some(known))
    }

    /// Returns true when there are no more matches, for this request or a later one.
    pub(super) fn is_over(&self) -> bool {
        self.sources.iter().all(|source| source.is_done && source.found.is_empty())
    }

    /// Returns the place where the next request continues.
    pub(super) fn end(self) -> Option<String> {
        self.end
    }

    /// Reads on in the scopes that have no rows left to check. Returns true if it read any. A
    /// quarter of the remaining units is kept for checking the hits.
    async fn read_on(&mut self) -> Result<bool, Fault> {
        let hungry = self.sources.iter().filter(|source| source.is_hungry()).count();
        let halves = match self.rounds {
            0 => FIRST_HALVES,
            _ => self.left * 3 / 4 / hungry.max(1),
        };
        if hungry == 0 || halves == 0 {
            return Ok(false);
        }
        let request = self.request;
        let hungry = self.sources.iter_mut().filter(|source| source.is_hungry());
        let spent = try_join_all(hungry.map(|source| source.read_on(request, halves))).await?;
        self.left = self.left.saturating_sub(spent.into_iter().sum());
        Ok(true)
    }

    /// Takes the newest of the places found, down to where all scopes are read, as many as the page
    /// and the units allow, and notes how far that is.
    fn take_known(&mut self, room: usize) -> Vec<String> {
        // All scopes are read down to here; a scope with nothing read yet blocks all.
        let unread = self.sources.iter().filter(|source| !source.is_done);
        let frontier = unread.map(|source| source.read_to.clone()).max_by(highest);
        let is_known = |place: &&String| match &frontier {
            None => true,
            Some(None) => false,
            Some(Some(frontier)) => *place >= frontier,
        };
        let found = self.sources.iter().flat_map(|source| source.found.iter().cloned());
        let all: BTreeSet<String> = found.collect();
        let most = room.min(self.left / CHECK_HALVES);
        let mut waiting = all.iter().rev().take_while(is_known);
        let known: Vec<String> = waiting.by_ref().take(most).cloned().collect();
        let last = known.last().cloned();
        // Nothing is skipped: places that are known and not taken are returned by the next request.
        let read_to = if waiting.next().is_some() { None } else { frontier.flatten() };
        self.end = read_to.or_else(|| last.clone()).or(self.end.take());
        for source in &mut self.sources {
            source.found.retain(|place| last.as_ref().is_none_or(|last| place < last));
        }
        known
    }
}

/// Compares how far two scopes are read. A scope with nothing read is the highest.
fn highest(one: &Option<String>, other: &Option<String>) -> std::cmp::Ordering {
    (one.is_none(), one).cmp(&(other.is_none(), other))
}
