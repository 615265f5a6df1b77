//! The presence function: sweeps the leases that end soon, pings their connections, and notes those
//! that have expired. It also handles connections that nobody authenticated in time, and those that
//! lost frames.
//!
//! Any number of sweeps may run at once: one of them notes an expired lease, and a ping that comes
//! twice is answered twice. The next sweep finds what one leaves, and begins with the leases that end
//! first.

mod due;
mod swept;

use std::time::Duration;

use domain::presence::{self, Choice, Due};
use futures::future::{join_all, try_join_all};
use futures::{StreamExt, stream};
use store::Fault;
use store::key::LEASE_SHARDS;
use store::lease::Lease;

use crate::app::App;
use crate::connections::Posted;
use crate::metric;
use crate::protocol::Frame;

pub use swept::Swept;

/// The interval at which the function is started in the cloud.
pub const EVERY: Duration = Duration::from_secs(60);

/// The number of leases of a shard that are handled at a time.
const IN_FLIGHT: usize = 16;
/// The most pages of a shard that one sweep reads.
const MOST_PAGES: usize = 100;

/// Sweeps all leases that may expire before the end of the next sweep, `every` from now.
///
/// # Errors
/// A [`Fault`] of the state when a page cannot be read. A lease that fails does not stop the sweep.
pub async fn sweep(app: &App, every: Duration) -> Result<Swept, Fault> {
    let every = u64::try_from(every.as_millis()).unwrap_or(u64::MAX);
    let shards = (0..LEASE_SHARDS).map(|shard| async move {
        app.store.cap_leases(shard).await?;
        let mut swept = sweep_shard(app, shard, every).await?;
        swept += due::sweep_shard(app, shard).await?;
        Ok::<_, Fault>(swept)
    });
    let mut whole = Swept::default();
    let swept = try_join_all(shards).await.inspect_err(|_| metric::fault())?;
    swept.into_iter().for_each(|swept| whole += swept);
    Ok(whole)
}

async fn sweep_shard(app: &App, shard: u32, every_millis: u64) -> Result<Swept, Fault> {
    let mut whole = Swept::default();
    let mut from = None;
    for _ in 0..MOST_PAGES {
        let horizon = presence::horizon(app.store.now(), every_millis);
        let page = app.store.due_leases(shard, horizon, from.as_deref()).await?;
        let mut seen = stream::iter(page.leases)
            .map(|lease| async move {
                see_to(app, &lease, every_millis).await.unwrap_or_else(|fault| {
                    metric::fault();
                    tracing::error!(tenant = %lease.tenant, %fault, "a lease is not seen to");
                    Swept { failed: 1, ..Swept::default() }
                })
            })
            .buffer_unordered(IN_FLIGHT);
        while let Some(swept) = seen.next().await {
            whole += swept;
        }
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    Ok(whole)
}

async fn see_to(app: &App, lease: &Lease, every_millis: u64) -> Result<Swept, Fault> {
    if lease.choice == Choice::Offline {
        app.store.unwatch(lease).await?;
        return Ok(Swept::default());
    }
    match presence::due(lease.until, app.store.now(), every_millis) {
        Due::Later => Ok(Swept::default()),
        Due::Soon => ping(app, lease).await,
        Due::Lapsed => {
            let is_published = app.store.note_lapse(lease).await?;
            Ok(Swept { lapsed: u64::from(is_published), ..Swept::default() })
        }
    }
}

/// Pings every connection of an employee. Stock clients answer by themselves, and any frame from
/// them renews the lease.
async fn ping(app: &App, lease: &Lease) -> Result<Swept, Fault> {
    let frame = &Frame::ping(None);
    let posts = lease.connections.iter().map(|connection| async move {
        (connection, app.connections.post(connection, frame).await)
    });
    let mut pinged = 0;
    for (connection, posted) in join_all(posts).await {
        match posted {
            Posted::Sent => pinged += 1,
            // One that is slow may answer later, or lapse.
            Posted::Refused | Posted::TimedOut => {}
            Posted::Gone => {
                app.store.close_connection(connection).await?;
                app.store.of(&lease.tenant).leave_lease(&lease.employee, connection).await?;
            }
        }
    }
    Ok(Swept { pinged, ..Swept::default() })
}
