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

use domain::TenantId;
use domain::search::Query;
use futures::future::try_join_all;

use super::source::{Asking, Source};
use crate::{Fault, Store};

/// How many halves of a read unit one request spends before it answers with what it has.
const MOST_HALVES: usize = 80;
/// How many halves what a hit stands for costs, to check it.
const CHECK_HALVES: usize = 2;
/// How many lists of rows a request begins with, over all its scopes.
const MOST_LISTS: usize = 32;
/// How many halves a list costs at most in the first round.
const FIRST_HALVES: usize = 2;
/// How often a request reads on.
const MOST_ROUNDS: usize = 6;

/// What one request has read and may still read.
pub(super) struct Reading<'a> {
    asking: Asking<'a>,
    sources: Vec<Source>,
    left: usize,
    rounds: usize,
    /// Down to here everything that matches was handed out.
    end: Option<String>,
}

impl<'a> Reading<'a> {
    /// Begins after a place. What was `spent` already is taken from what the request may read.
    pub(super) fn new(
        store: &'a Store,
        tenant: &'a TenantId,
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
        let asking = Asking { store, tenant, query };
        Self { asking, sources, left, rounds: 0, end: after.map(str::to_owned) }
    }

    /// The next places of what may match, newest first, at most so many; `None` when the request
    /// has read what it may. Each of them is paid for: it is to be checked.
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

    /// Whether there is nothing more, in this request or another.
    pub(super) fn is_over(&self) -> bool {
        self.sources.iter().all(|source| source.is_done && source.found.is_empty())
    }

    /// Where the next request goes on.
    pub(super) fn end(self) -> Option<String> {
        self.end
    }

    /// Reads on where nothing is left to look at; whether it did. A quarter of what is left is kept,
    /// to check what is found.
    async fn read_on(&mut self) -> Result<bool, Fault> {
        let hungry = self.sources.iter().filter(|source| source.is_hungry()).count();
        let halves = match self.rounds {
            0 => FIRST_HALVES,
            _ => self.left * 3 / 4 / hungry.max(1),
        };
        if hungry == 0 || halves == 0 {
            return Ok(false);
        }
        let asking = self.asking;
        let hungry = self.sources.iter_mut().filter(|source| source.is_hungry());
        let spent = try_join_all(hungry.map(|source| source.read_on(asking, halves))).await?;
        self.left = self.left.saturating_sub(spent.into_iter().sum());
        Ok(true)
    }

    /// Takes from what was found the newest of which all scopes are read, as many as there is room
    /// and units for, and notes how far that is.
    fn take_known(&mut self, room: usize) -> Vec<String> {
        // Down to here every scope is read; one of which nothing is read yet holds up all.
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
        // Nothing is passed over: whatever is known and not taken comes with the next request.
        let read_to = if waiting.next().is_some() { None } else { frontier.flatten() };
        self.end = read_to.or_else(|| last.clone()).or(self.end.take());
        for source in &mut self.sources {
            source.found.retain(|place| last.as_ref().is_none_or(|last| place < last));
        }
        known
    }
}

/// Compares how far two scopes are read: one of which nothing is read is the highest.
fn highest(one: &Option<String>, other: &Option<String>) -> std::cmp::Ordering {
    (one.is_none(), one).cmp(&(other.is_none(), other))
}
