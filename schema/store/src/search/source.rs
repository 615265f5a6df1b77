//! One scope of a search request, read from the newest row downwards.

use std::collections::BTreeSet;

use domain::LiveChatId;
use domain::search::{Folded, Query};
use futures::future::try_join_all;

use super::{NAME_BYTES, Scope};
use crate::list::{Window, backwards};
use crate::record::company::Gram;
use crate::table::{Range, Read, decode, key};
use crate::{Fault, TenantStore};

/// The size of half a read unit, in bytes.
const HALF_BYTES: usize = 4096;
/// The most bytes of a place: a moment, a conversation and an ordinal.
const PLACE_BYTES: usize = 48;
/// The most bytes of an id.
const ID_BYTES: usize = 128;
/// The number of rows of a list in the first read: as many as half a unit reads with usual names.
const FIRST_ROWS: usize = 24;

/// One scope of a request, and how far it is read.
pub(super) struct Source {
    scope: Scope,
    /// The live chats whose rows count; all, if none.
    of: Option<BTreeSet<LiveChatId>>,
    /// The grams whose rows are read: first all of the query's, then only the rarest.
    grams: Vec<String>,
    /// Matching rows that were not checked yet.
    pub(super) found: BTreeSet<String>,
    /// The place down to which everything was read; from the top, if nothing was.
    pub(super) read_to: Option<String>,
    pub(super) is_done: bool,
}

/// A request of a search: the tenant's state and the query.
#[derive(Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) store: TenantStore<'a>,
    pub(super) query: &'a Query,
}

/// A stretch of the rows of one gram.
struct Stretch {
    gram: String,
    matches: Vec<String>,
    /// The last row read; `None` when there are no more.
    end: Option<String>,
    halves: usize,
}

impl Source {
    /// Returns a scope with nothing read yet.
    pub(super) fn new(scope: Scope, of: Option<BTreeSet<LiveChatId>>) -> Self {
        let (grams, found) = (Vec::new(), BTreeSet::new());
        Self { scope, of, grams, found, read_to: None, is_done: false }
    }

    /// Returns a scope of places found elsewhere, to be merged.
    pub(super) fn known(scope: Scope, found: BTreeSet<String>) -> Self {
        Self { found, is_done: true, ..Self::new(scope, None) }
    }

    /// Begins after a place, with at most `most` grams of the query.
    pub(super) fn begin(&mut self, query: &Query, most: usize, after: Option<&str>) {
        self.grams = query.grams(self.scope.longest_gram(), most);
        self.read_to = after.map(str::to_owned);
    }

    /// Returns true when the scope must be read before the next place is known.
    pub(super) fn is_hungry(&self) -> bool {
        !self.is_done && self.found.is_empty()
    }

    /// Reads on in each list of rows, for at most so many halves of a read unit each. Returns the
    /// total cost in halves.
    pub(super) async fn read_on(
        &mut self,
        request: Request<'_>,
        halves: usize,
    ) -> Result<usize, Fault> {
        // A few rows of each list are enough to find the rarest.
        let is_choice = self.grams.len() > 1;
        let source = &*self;
        let lists = source.grams.iter().map(|gram| async move {
            let pk = key::search(request.store.tenant, &source.scope, gram);
            let rows = (halves * HALF_BYTES / source.widest(&pk)).max(1);
            let rows = if is_choice { rows.min(FIRST_ROWS) } else { rows };
            source.stretch(request, gram, &pk, rows).await
        });
        let mut stretches = try_join_all(lists).await?;
        // A match has all grams, so the list that reaches furthest back contains all matches.
        stretches.sort_by(|one, other| one.end.cmp(&other.end));
        let spent = stretches.iter().map(|stretch| stretch.halves).sum();
        if let Some(furthest) = stretches.into_iter().next() {
            self.found.extend(furthest.matches);
            self.is_done = furthest.end.is_none();
            self.read_to = furthest.end;
            self.grams = vec![furthest.gram];
        }
        Ok(spent)
    }

    /// Returns the most bytes of a row of this partition.
    fn widest(&self, pk: &str) -> usize {
        let live_chat = if self.scope.is_mixed() { "l".len() + ID_BYTES } else { 0 };
        "pk".len() + pk.len() + "sk".len() + PLACE_BYTES + "f".len() + NAME_BYTES + live_chat
    }

    async fn stretch(
        &self,
        request: Request<'_>,
        gram: &str,
        pk: &str,
        rows: usize,
    ) -> Result<Stretch, Fault> {
        let window = Window { first: rows, after: self.read_to.as_deref() };
        let range = Range { limit: rows, ..backwards(pk, window) };
        let items = request.store.search_range(&range).await?;
        let (mut matches, mut bytes) = (Vec::new(), 0);
        for item in &items {
            let (read, gram) = (Read(item), decode::<Gram>(item)?);
            let place = read.text("sk")?;
            bytes += read.bytes();
            // A name too long for its rows is checked with the hit.
            let is_match = |name: String| request.query.matches(&Folded::stored(name));
            if gram.name.is_none_or(is_match) && self.is_of(gram.live_chat, read)? {
                matches.push(place.to_owned());
            }
        }
        let last = items.last().filter(|_| items.len() == rows);
        let end = last.map(|item| Read(item).text("sk")).transpose()?.map(str::to_owned);
        let halves = bytes.div_ceil(HALF_BYTES).max(1);
        Ok(Stretch { gram: gram.to_owned(), matches, end, halves })
    }

    fn is_of(&self, live_chat: Option<LiveChatId>, read: Read<'_>) -> Result<bool, Fault> {
        let Some(of) = &self.of else { return Ok(true) };
        Ok(of.contains(&live_chat.ok_or_else(|| read.corrupt("l"))?))
    }
}
