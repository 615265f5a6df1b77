//! One scope of a search request, read from the newest row downwards.

use std::collections::BTreeSet;

use domain::search::{Folded, Query};
use domain::{LiveChatId, TenantId};
use futures::future::try_join_all;

use super::{NAME_BYTES, Scope};
use crate::attribute::{Item, Read};
use crate::call::Range;
use crate::list::{Window, backwards};
use crate::{Fault, Store, key};

/// What half a read unit reads, in bytes.
const HALF_BYTES: usize = 4096;
/// The most bytes of a place: a moment, a conversation and an ordinal.
const PLACE_BYTES: usize = 48;
/// The most bytes of an id.
const ID_BYTES: usize = 128;
/// How many rows of a list are read at first: as many as half a unit reads of usual names.
const FIRST_ROWS: usize = 24;

/// One scope of a request.
pub(super) struct Source {
    scope: Scope,
    /// The live chats whose rows count; all, where there are none.
    of: Option<BTreeSet<LiveChatId>>,
    /// Whose rows are read: all that are asked for at first, then those of the rarest.
    grams: Vec<String>,
    /// Rows that match, that were not looked at yet.
    pub(super) found: BTreeSet<String>,
    /// Down to here everything was read; from the top, when nothing was.
    pub(super) read_to: Option<String>,
    pub(super) is_done: bool,
}

/// Who looks for what.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) store: &'a Store,
    pub(super) tenant: &'a TenantId,
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
    /// A scope of which nothing is read yet.
    pub(super) fn new(scope: Scope, of: Option<BTreeSet<LiveChatId>>) -> Self {
        let (grams, found) = (Vec::new(), BTreeSet::new());
        Self { scope, of, grams, found, read_to: None, is_done: false }
    }

    /// What was found elsewhere, to be merged.
    pub(super) fn known(scope: Scope, found: BTreeSet<String>) -> Self {
        Self { found, is_done: true, ..Self::new(scope, None) }
    }

    /// Begins after a place, with so many grams of a query.
    pub(super) fn begin(&mut self, query: &Query, most: usize, after: Option<&str>) {
        self.grams = query.grams(most);
        self.read_to = after.map(str::to_owned);
    }

    /// Whether it has to be read before it is known what comes next.
    pub(super) fn is_hungry(&self) -> bool {
        !self.is_done && self.found.is_empty()
    }

    /// Reads on in each list of rows, for at most so many halves of a unit each; how many that cost
    /// in all.
    pub(super) async fn read_on(
        &mut self,
        asking: Asking<'_>,
        halves: usize,
    ) -> Result<usize, Fault> {
        // To tell the rarest from the others a few rows of each are enough.
        let is_choice = self.grams.len() > 1;
        let source = &*self;
        let lists = source.grams.iter().map(|gram| async move {
            let pk = key::search(asking.tenant, &source.scope, gram);
            let rows = (halves * HALF_BYTES / source.widest(&pk)).max(1);
            let rows = if is_choice { rows.min(FIRST_ROWS) } else { rows };
            source.stretch(asking, gram, &pk, rows).await
        });
        let mut stretches = try_join_all(lists).await?;
        // All that matches has all grams: the list that reaches furthest back says it all.
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

    /// The most bytes of a row of this partition.
    fn widest(&self, pk: &str) -> usize {
        let live_chat = if self.scope.is_mixed() { "l".len() + ID_BYTES } else { 0 };
        "pk".len() + pk.len() + "sk".len() + PLACE_BYTES + "f".len() + NAME_BYTES + live_chat
    }

    async fn stretch(
        &self,
        asking: Asking<'_>,
        gram: &str,
        pk: &str,
        rows: usize,
    ) -> Result<Stretch, Fault> {
        let window = Window { first: rows, after: self.read_to.as_deref() };
        let range = Range { limit: rows, ..backwards(pk, window) };
        let items = asking.store.search_range(&range).await?;
        let (mut matches, mut bytes) = (Vec::new(), 0);
        for item in &items {
            let read = Read(item);
            let (place, name) = (read.text("sk")?, read.maybe_text("f"));
            bytes += read.bytes();
            // A name that is too long for its rows is looked at with the hit.
            let is_match = |name: &str| asking.query.matches(&Folded::stored(name.to_owned()));
            if name.is_none_or(is_match) && self.is_of(item)? {
                matches.push(place.to_owned());
            }
        }
        let last = items.last().filter(|_| items.len() == rows);
        let end = last.map(|item| Read(item).text("sk")).transpose()?.map(str::to_owned);
        let halves = bytes.div_ceil(HALF_BYTES).max(1);
        Ok(Stretch { gram: gram.to_owned(), matches, end, halves })
    }

    fn is_of(&self, item: &Item) -> Result<bool, Fault> {
        let Some(of) = &self.of else { return Ok(true) };
        Ok(of.contains(&Read(item).parsed("l", LiveChatId::parse)?))
    }
}
