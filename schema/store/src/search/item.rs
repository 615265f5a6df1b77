//! Search over the items of an app by their titles.
//!
//! The worker writes the rows of an item, and the transaction that creates it does not: a long title
//! has hundreds of grams, and a transaction takes a hundred rows, at twice the price. A new item is
//! found at once all the same. The items of an app stand in the order of creation, so a search also
//! reads those of the last minute themselves, at most 32. When more were created within that minute,
//! the others are found once the worker has indexed them.

use std::collections::BTreeSet;

use domain::search::{Folded, Query};
use domain::{AppId, ItemId, Timestamp};

use super::Scope;
use super::reading::Reading;
use super::source::Source;
use crate::item::{ItemPage, decode};
use crate::list::{Window, backwards};
use crate::table::{Range, Read, Table, key};
use crate::{Fault, TenantStore};

/// The longest lag of the worker, in milliseconds: items created since then are read directly.
const LAG_MILLIS: u64 = 60_000;
/// The most items that are read directly.
const MOST_FRESH: usize = 32;
/// The size of a read unit, in bytes; it counts as two halves.
const UNIT_BYTES: usize = 4096;
const UNIT_HALVES: usize = 2;

impl TenantStore<'_> {
    /// Returns the items of an app whose titles match a query, newest first. One request reads 40
    /// units at most; then it returns its results so far and the place where it stopped.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn search_items(
        self,
        app: &AppId,
        query: &Query,
        window: Window<'_>,
    ) -> Result<ItemPage, Fault> {
        let scope = Scope::App(app.clone());
        let (fresh, spent) = self.fresh(app, query, window).await?;
        let sources = vec![Source::new(scope.clone(), None), Source::known(scope, fresh)];
        let mut reading = Reading::new(self, query, window.after, sources, spent);
        let mut page = ItemPage::default();
        while page.items.len() < window.first {
            let room = window.first - page.items.len();
            let Some(places) = reading.next(room).await? else { break };
            let ids: Vec<ItemId> =
                places.iter().filter_map(|place| ItemId::of(app.clone(), place)).collect();
            let mut items = self.items_by_id(&ids).await?;
            let found = ids.iter().filter_map(|id| items.remove(id));
            let found = found.filter(|item| query.matches(&Folded::of(&item.title)));
            page.items.extend(found.map(|item| (item.id.serial().to_owned(), item)));
        }
        page.has_next = !reading.is_over();
        page.end = reading.end();
        Ok(page)
    }

    /// Returns the places of the newest matching items, whose rows may not be written yet, and the
    /// cost in halves of a read unit.
    async fn fresh(
        self,
        app: &AppId,
        query: &Query,
        window: Window<'_>,
    ) -> Result<(BTreeSet<String>, usize), Fault> {
        let pk = key::items(self.tenant, app);
        let since = self.now().as_millis().saturating_sub(LAG_MILLIS);
        let since = key::moment(Timestamp::from_millis(since));
        if window.after.is_some_and(|after| after < since.as_str()) {
            return Ok((BTreeSet::new(), 0));
        }
        let range = Range { from: since, limit: MOST_FRESH, ..backwards(&pk, window) };
        let items = self.range(Table::Core, &range).await?;
        let bytes: usize = items.iter().map(|item| Read(item).bytes()).sum();
        let mut found = BTreeSet::new();
        for item in &items {
            let item = decode(item)?;
            if query.matches(&Folded::of(&item.title)) {
                found.insert(item.id.serial().to_owned());
            }
        }
        Ok((found, UNIT_HALVES * bytes.div_ceil(UNIT_BYTES).max(1)))
    }
}
