//! The state of one tenant.

use std::ops::Deref;

use domain::TenantId;

use crate::Store;

/// The state of one tenant: its methods can read and write nothing of another tenant's.
///
/// State that does not belong to a tenant, such as a connection, is reached through the [`Store`]
/// that this derefs to.
#[derive(Clone, Copy)]
pub struct TenantStore<'a> {
    store: &'a Store,
    pub(crate) tenant: &'a TenantId,
}

impl Store {
    /// Returns the state of a tenant.
    #[must_use]
    pub fn of<'a>(&'a self, tenant: &'a TenantId) -> TenantStore<'a> {
        TenantStore { store: self, tenant }
    }
}

impl Deref for TenantStore<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        self.store
    }
}
