//! Subscriptions to desks that an older version stored. This version does not push to them: it ends
//! them, and their clients read again and subscribe again.
//!
//! An instance looks for them in each tenant every ten seconds. An older version that is still being
//! replaced may store more meanwhile, and whoever is ended misses nothing, because they read again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::{TenantId, Timestamp};
use store::Fault;

use crate::app::App;
use crate::fanout::delivery::Delivery;

/// The time after which an instance looks again, in milliseconds.
const AGAIN_MILLIS: u64 = 10_000;
/// The most tenants of which an instance remembers when it looked. Then it forgets all of them.
const MOST_TENANTS: usize = 10_000;

/// The moments when an instance looked last, by tenant.
#[derive(Debug, Default)]
pub struct Older(Mutex<HashMap<TenantId, Timestamp>>);

impl Older {
    /// Returns true if it is time to look again, and notes that it is done.
    fn is_due(&self, tenant: &TenantId, now: Timestamp) -> bool {
        let mut looked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if looked.get(tenant).is_some_and(|at| *at <= now && !now.is_past(*at, AGAIN_MILLIS)) {
            return false;
        }
        if looked.len() >= MOST_TENANTS {
            looked.clear();
        }
        looked.insert(tenant.clone(), now);
        true
    }
}

/// Ends the subscriptions to desks of a tenant that an older version stored.
pub(super) async fn end(
    app: &App,
    tenant: &TenantId,
    delivery: &Delivery<'_>,
) -> Result<(), Fault> {
    if app.older.is_due(tenant, app.store.now()) {
        for subscription in app.store.of(tenant).older_desk_subscriptions().await? {
            delivery.resync(&subscription, "The service has changed: read again.");
        }
    }
    Ok(())
}
