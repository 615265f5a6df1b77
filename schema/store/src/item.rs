//! The items of apps: found by id, and listed by typing, newest first.

use std::collections::HashMap;

use domain::{AppId, Item, ItemId, TenantId, Timestamp};

use crate::attribute::{self, Build, Read};
use crate::call::{Range, Table};
use crate::list::{Window, backwards};
use crate::{Fault, Store, key};

/// How many items one page looks at, when it looks for some.
const MOST_LOOKED_AT: usize = 1000;

/// A page of items, each with the place where reading goes on after it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ItemPage {
    /// The items with their cursors.
    pub items: Vec<(String, Item)>,
    /// Where reading stopped: the last cursor, even when its item is not in the page.
    pub end: Option<String>,
    /// Whether there may be more.
    pub has_next: bool,
}

impl Store {
    /// The items with these ids; missing ones are left out.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn items_by_id(
        &self,
        tenant: &TenantId,
        ids: &[ItemId],
    ) -> Result<HashMap<ItemId, Item>, Fault> {
        let items = self.items(Table::Core, ids.iter().map(|id| key::item(tenant, id))).await?;
        items.values().map(|item| decode(item).map(|item| (item.id.clone(), item))).collect()
    }

    /// The items of an app whose titles are wanted, newest first; all without a wish. A page that
    /// looked at many is short.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn items_of(
        &self,
        tenant: &TenantId,
        app: &AppId,
        wanted: Option<&(dyn Fn(&str) -> bool + Send + Sync)>,
        window: Window<'_>,
    ) -> Result<ItemPage, Fault> {
        let pk = key::items(tenant, app);
        let limit = if wanted.is_some() { MOST_LOOKED_AT } else { window.first + 1 };
        let range = Range { limit, ..backwards(&pk, window) };
        let found = self.range(Table::Core, &range).await?;
        let mut page = ItemPage { has_next: found.len() == limit, ..ItemPage::default() };
        for item in &found {
            if page.items.len() == window.first {
                page.has_next = true;
                break;
            }
            let item = decode(item)?;
            let place = item.id.serial().to_owned();
            page.end = Some(place.clone());
            if wanted.is_none_or(|wanted| wanted(&item.title)) {
                page.items.push((place, item));
            }
        }
        Ok(page)
    }
}

/// An item as it is stored.
pub(crate) fn encode(tenant: &TenantId, item: &Item, at: Timestamp) -> attribute::Item {
    Build::keyed(&key::item(tenant, &item.id)).text("ti", &item.title).time("at", at).done()
}

/// The item that is stored.
pub(crate) fn decode(item: &attribute::Item) -> Result<Item, Fault> {
    let read = Read(item);
    let app = read.parsed("pk", |pk| AppId::parse(pk.splitn(3, '#').nth(2)?))?;
    Ok(Item {
        id: read.parsed("sk", |serial| ItemId::of(app.clone(), serial))?,
        title: read.text("ti")?.to_owned(),
    })
}
