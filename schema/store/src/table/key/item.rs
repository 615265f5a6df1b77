//! Keys of apps and their items, and of the sessions that are bound to an item.

use domain::{AppId, ItemId, SessionId, TenantId, Timestamp};

use super::company::tenant_partition;
use super::session::ordered;
use super::{Key, entry};

/// Returns the key of an app in the list of its tenant's apps.
#[must_use]
pub fn app(tenant: &TenantId, id: &AppId) -> Key {
    Key::of(tenant_partition(tenant), format!("{APPS}{id}"))
}

/// The beginning that the sort keys of a tenant's apps share.
pub const APPS: &str = "A#";

/// Reads an app from its sort key.
#[must_use]
pub fn read_app(sk: &str) -> Option<AppId> {
    AppId::parse(sk.strip_prefix(APPS)?)
}

/// The beginning that the partitions of items share.
pub const ITEMS: &str = "A#";

/// Returns the partition of an app's items, sorted by creation.
#[must_use]
pub fn items(tenant: &TenantId, of: &AppId) -> String {
    format!("{ITEMS}{tenant}#{of}")
}

/// Returns the key of an item.
#[must_use]
pub fn item(tenant: &TenantId, id: &ItemId) -> Key {
    Key::of(items(tenant, &id.app), id.serial())
}

/// Reads an item from its key.
#[must_use]
pub fn read_item(pk: &str, sk: &str) -> Option<ItemId> {
    ItemId::of(AppId::parse(entry(pk)?)?, sk)
}

/// Returns the partition of the sessions that are bound to an item.
#[must_use]
pub fn bound_sessions(tenant: &TenantId, to: &ItemId) -> String {
    format!("B#{tenant}#{to}")
}

/// Returns the key of a session bound to an item, in the partition of the item, sorted by the time
/// of binding.
#[must_use]
pub fn bound(tenant: &TenantId, to: &ItemId, at: Timestamp, session: &SessionId) -> Key {
    Key::of(bound_sessions(tenant, to), ordered(at, session))
}
