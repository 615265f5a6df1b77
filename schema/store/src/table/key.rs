//! Keys: makes the key of every row, and reads keys. No other module knows a prefix.
//!
//! The partition key of everything that belongs to a tenant contains the entity and the tenant, and
//! cannot be made without a [`TenantId`]: nothing crosses from one tenant to another. Only what is read
//! before the tenant is known (a channel's route, a connection) and what spans all tenants (shards, the
//! reindexing job) has a key without one.

mod company;
mod dialog;
mod item;
mod kind;
mod live;
mod outgoing;
mod search;
mod session;

use domain::{TenantId, Timestamp};

use super::attribute::{Item, text};

pub use company::*;
pub use dialog::*;
pub use item::*;
pub use kind::{Kind, kind};
pub use live::*;
pub use outgoing::*;
pub use search::*;
pub use session::*;

/// The key of an item.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// The partition.
    pub pk: String,
    /// The place in the partition.
    pub sk: String,
}

impl Key {
    /// Returns a key of these parts.
    pub(crate) fn of(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }

    /// Returns the key of an item.
    pub(crate) fn of_item(item: &Item) -> Option<Self> {
        let part = |name: &str| item.get(name)?.as_s().ok().cloned();
        Some(Self { pk: part("pk")?, sk: part("sk")? })
    }

    /// Returns the attributes of the key.
    pub(crate) fn item(&self) -> Item {
        Item::from([("pk".to_owned(), text(&self.pk)), ("sk".to_owned(), text(&self.sk))])
    }
}

/// Returns a key of no tenant that is never written.
pub(crate) fn nothing() -> Key {
    Key::of("-".to_owned(), "-")
}

/// Returns the key of the job that rebuilds the rows of the search. It has no tenant, because it
/// covers all tenants.
#[must_use]
pub fn reindexing() -> Key {
    Key::of("Y#".to_owned(), "search")
}

/// Formats a moment as a part of a key, so that keys sort by time.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    format!("{:013}", at.as_millis())
}

/// Reads the tenant from the partition of an item that belongs to one.
#[must_use]
pub fn read_tenant(pk: &str) -> Option<TenantId> {
    TenantId::parse(pk.split('#').nth(1)?)
}

/// Returns the part of a partition after its entity and its tenant.
fn entry(pk: &str) -> Option<&str> {
    pk.splitn(3, '#').nth(2)
}
