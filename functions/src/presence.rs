//! The presence function: sweeps the leases that end soon, pings their connections, and notes those
//! that have expired. It also handles connections that nobody authenticated in time, and those that
//! lost frames.
//!
//! Any number of sweeps may run at once: one of them notes an expired lease, and a ping that comes
//! twice is answered twice. The next sweep finds what one leaves, and begins with the leases that end
//! first.

mod due;
mod walk;

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

pub use walk::Walk;

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
pub async fn walk(app: &App, every: Duration) -> Result<Walk, Fault> {
    let every = u64::try_from(every.as_millis()).unwrap_or(u64::MAX);
    let shards = (0..LEASE_SHARDS).map(|shard| async move {
        app.store.cap_leases(shard).await?;
        let mut walk = walk_shard(app, shard, every).await?;
        walk += due::walk_shard(app, shard).await?;
        Ok::<_, Fault>(walk)
    });
    let mut whole = Walk::default();
    let walked = try_join_all(shards).await.inspect_err(|_| metric::fault())?;
    walked.into_iter().for_each(|walk| whole += walk);
    Ok(whole)
}

async fn walk_shard(app: &App, shard: u32, every_millis: u64) -> Result<Walk, Fault> {
    let mut whole = Walk::default();
    let mut from = None;
    for _ in 0..MOST_PAGES {
        let horizon = presence::horizon(app.store.now(), every_millis);
        let page = app.store.due_leases(shard, horizon, from.as_deref()).await?;
        let mut seen = stream::iter(page.leases)
            .map(|lease| async move {
                see_to(app, &lease, every_millis).await.unwrap_or_else(|fault| {
                    metric::fault();
                    tracing::error!(tenant = %lease.tenant, %fault, "a lease is not seen to");
                    Walk { failed: 1, ..Walk::default() }
                })
            })
            .buffer_unordered(IN_FLIGHT);
        while let Some(walk) = seen.next().await {
            whole += walk;
        }
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    Ok(whole)
}

async fn see_to(app: &App, lease: &Lease, every_millis: u64) -> Result<Walk, Fault> {
    if lease.choice == Choice::Offline {
        app.store.unwatch(lease).await?;
        return Ok(Walk::default());
    }
    match presence::due(lease.until, app.store.now(), every_millis) {
        Due::Later => Ok(Walk::default()),
        Due::Soon => ping(app, lease).await,
        Due::Lapsed => {
            let is_told = app.store.note_lapse(lease).await?;
            Ok(Walk { lapsed: u64::from(is_told), ..Walk::default() })
        }
    }
}

/// Pings every connection of an employee. Stock clients answer by themselves, and any frame from
/// them renews the lease.
async fn ping(app: &App, lease: &Lease) -> Result<Walk, Fault> {
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
                app.store.leave_lease(&lease.tenant, &lease.employee, connection).await?;
            }
        }
    }
    Ok(Walk { pinged, ..Walk::default() })
}
