//! Subscriptions to desks that an older version stored. This version does not push to them: it ends
//! them, and their clients read again and subscribe again.
//!
//! An instance looks for them in each tenant every ten seconds. An older version that is still being
//! replaced may store more meanwhile, and whoever is ended misses nothing, because they read again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::{TenantId, Timestamp};

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

/// Ends the subscriptions to desks of a tenant that an older version stored. No push waits for that: if
/// it fails, the next look ends them.
pub(super) async fn end(app: &App, tenant: &TenantId, delivery: &Delivery<'_>) {
    if !app.older.is_due(tenant, app.store.now()) {
        return;
    }
    match app.store.of(tenant).older_desk_subscriptions().await {
        Ok(older) => older.iter().for_each(|subscription| {
            delivery.resync(subscription, "The service has changed: read again.");
        }),
        Err(fault) => tracing::error!(%fault, "older subscriptions are not read"),
    }
}
