//! Items of apps: finds them by id, and lists them newest first.
//!
//! An item's id contains its app and the time of its creation, so that one row serves both the look-up
//! and the list of the app. The price: an item never changes its app.

use std::collections::HashMap;

use domain::{AppId, Item, ItemId, TenantId, Timestamp};

use crate::list::{Window, backwards};
use crate::record::Millis;
use crate::record::company;
use crate::table::{self, Read, Table, key};
use crate::{Fault, TenantStore};

/// A page of items, each with its cursor, after which the next page starts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ItemPage {
    /// The items with their cursors.
    pub items: Vec<(String, Item)>,
    /// The place where reading stopped: the last cursor, even when its item is not in the page.
    pub end: Option<String>,
    /// True when there may be more.
    pub has_next: bool,
}

impl TenantStore<'_> {
    /// Returns the items with these ids; missing ones are left out.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn items_by_id(self, ids: &[ItemId]) -> Result<HashMap<ItemId, Item>, Fault> {
        let items =
            self.items(Table::Core, ids.iter().map(|id| key::item(self.tenant, id))).await?;
        items.values().map(|item| decode(item).map(|item| (item.id.clone(), item))).collect()
    }

    /// Returns the items of an app, newest first.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn items_of(self, app: &AppId, window: Window<'_>) -> Result<ItemPage, Fault> {
        let pk = key::items(self.tenant, app);
        let found = self.range(Table::Core, &backwards(&pk, window)).await?;
        let mut page = ItemPage { has_next: found.len() > window.first, ..ItemPage::default() };
        for item in found.iter().take(window.first) {
            let item = decode(item)?;
            page.items.push((item.id.serial().to_owned(), item));
        }
        page.end = page.items.last().map(|(place, _)| place.clone());
        Ok(page)
    }
}

/// Encodes an item as it is stored.
pub(crate) fn encode(tenant: &TenantId, item: &Item, at: Timestamp) -> table::Item {
    let record = company::Item { title: item.title.clone(), created_at: Some(Millis(at)) };
    table::encode(&key::item(tenant, &item.id), &record)
}

/// Decodes a stored item.
pub(crate) fn decode(item: &table::Item) -> Result<Item, Fault> {
    let company::Item { title, .. } = table::decode(item)?;
    Ok(Item { id: Read(item).keyed(key::read_item)?, title })
}
