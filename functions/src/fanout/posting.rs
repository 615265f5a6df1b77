//! Posting: sends the frames of a batch in order for each connection, to many connections at once,
//! within one second for each, and while the batch is still being rendered. A connection that hangs
//! delays the others no longer than that.
//!
//! A client always learns that it lost something. A connection that does not answer in time is
//! recycled, and its client reads everything again on the next one. A connection whose frames are
//! refused (429) stays open, because the whole account may be throttled and not this connection: the
//! fan-out notes which of its operations lost a frame, and the next sweep posts RESYNC to them.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::stream::FuturesUnordered;
use futures::{StreamExt, TryStreamExt, stream};
use metrics::counter;
use store::Fault;
use tokio::time::Instant;

use crate::app::App;
use crate::connections::Posted;
use crate::metric::{LOST_CONNECTIONS, REFUSED_POSTS};
use crate::protocol::Frame;

mod frames;
#[cfg(test)]
mod tests;

pub(super) use frames::Frames;

/// The number of connections that are posted to at a time: not fewer than the failures in a row
/// that count as a failure of the gateway.
const IN_FLIGHT: usize = MASS;
/// The number of failures in a row from which the gateway or the account is taken to have failed,
/// and not the connections.
const MASS: usize = 32;
/// The pause before a few connections are tried again.
const PAUSE: Duration = Duration::from_millis(50);
/// The pauses before each retry of many connections.
const MASS_PAUSES: [Duration; 3] =
    [Duration::from_millis(100), Duration::from_millis(200), Duration::from_millis(400)];

/// A frame, with a flag that says if its operation ends with it.
pub(super) struct Parcel {
    pub(super) operation: String,
    /// See [`store::connection::Subscription::registered_at`].
    pub(super) registered_at: Option<i64>,
    pub(super) frame: Frame,
    pub(super) is_last: bool,
}

/// The frames that wait to be posted to one connection.
pub(super) struct Outbox {
    pub(super) connection: String,
    pub(super) parcels: VecDeque<Parcel>,
    /// The time limit of its posts, which begins with the first post.
    until: Option<Instant>,
}

/// The rest of an outbox after a failed post.
enum Left {
    /// Nothing is left for this connection.
    Nothing(String),
    Refused(Outbox),
    TimedOut(Outbox),
}

impl Left {
    const fn outbox(&mut self) -> Option<&mut Outbox> {
        match self {
            Self::Nothing(_) => None,
            Self::Refused(outbox) | Self::TimedOut(outbox) => Some(outbox),
        }
    }
}

/// The number of posts in a row, over all connections, that failed.
#[derive(Default)]
struct Streak(AtomicUsize);

impl Streak {
    fn is_mass(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= MASS
    }

    fn note(&self, posted: Posted) {
        match posted {
            Posted::Sent | Posted::Gone => self.0.store(0, Ordering::Relaxed),
            Posted::Refused | Posted::TimedOut => drop(self.0.fetch_add(1, Ordering::Relaxed)),
        }
    }
}

impl Outbox {
    pub(super) const fn new(connection: String, parcels: VecDeque<Parcel>) -> Self {
        Self { connection, parcels, until: None }
    }

    /// Posts the frames in order, up to the first failure.
    async fn post(mut self, app: &App, streak: &Streak) -> Result<Left, Fault> {
        let was_refused = self.until.is_some();
        let until = *self.until.get_or_insert_with(|| Instant::now() + app.connections.patience());
        while let Some(parcel) = self.parcels.front() {
            // Many frames for one connection give way to everybody else's in between.
            tokio::task::yield_now().await;
            // Where nothing gets through, more of it helps nobody.
            if streak.is_mass() || Instant::now() >= until {
                return Ok(Left::Refused(self));
            }
            let posted = app.connections.post_once(&self.connection, &parcel.frame, until).await;
            streak.note(posted);
            match posted {
                Posted::Sent => {}
                Posted::Gone => {
                    app.store.close_connection(&self.connection).await?;
                    return Ok(Left::Nothing(self.connection));
                }
                Posted::Refused => return Ok(Left::Refused(self)),
                // A connection that was refused before is not slow by itself.
                Posted::TimedOut if was_refused => return Ok(Left::Refused(self)),
                Posted::TimedOut => return Ok(Left::TimedOut(self)),
            }
            if let Some(Parcel { operation, registered_at, is_last: true, .. }) =
                self.parcels.pop_front()
            {
                app.store.unregister(&self.connection, &operation, registered_at).await?;
            }
        }
        Ok(Left::Nothing(self.connection))
    }
}

/// Posts frames while `work` queues them, then retries or settles the rest. Where the work fails,
/// some of its frames may be posted already: another try repeats them.
pub(super) async fn post_while(
    app: &App,
    frames: &Frames,
    work: impl Future<Output = Result<(), Fault>>,
    request_id: &str,
) -> Result<(), Fault> {
    let streak = Streak::default();
    let (mut work, mut is_working) = (pin!(work), true);
    let (mut posts, mut left) = (FuturesUnordered::new(), Vec::new());
    loop {
        while posts.len() < IN_FLIGHT
            && let Some(outbox) = frames.take()
        {
            posts.push(outbox.post(app, &streak));
        }
        tokio::select! {
            biased;
            Some(posted) = posts.next(), if !posts.is_empty() => match posted? {
                Left::Nothing(connection) => frames.release(connection),
                failed => left.push(failed),
            },
            () = frames.queued(), if is_working => {}
            done = &mut work, if is_working => {
                done?;
                is_working = false;
            }
            else => break,
        }
    }
    for outbox in left.iter_mut().filter_map(Left::outbox) {
        outbox.parcels.extend(frames.rest(&outbox.connection));
    }
    let refused = settle(app, left, request_id).await?;
    retry(app, refused, request_id).await
}

/// Posts everything, then retries or settles the rest.
pub(super) async fn post_all(
    app: &App,
    outboxes: Vec<Outbox>,
    request_id: &str,
) -> Result<(), Fault> {
    let refused = post_round(app, outboxes, request_id).await?;
    retry(app, refused, request_id).await
}

/// Posts what was refused again after pauses. What is still refused then is noted as lost.
async fn retry(app: &App, mut waiting: Vec<Outbox>, request_id: &str) -> Result<(), Fault> {
    let mut mass_pauses = MASS_PAUSES.into_iter();
    for round in 0.. {
        let pause = match waiting.len() {
            0 => return Ok(()),
            MASS.. => mass_pauses.next(),
            _ => (round == 0).then_some(PAUSE),
        };
        let Some(pause) = pause else { break };
        tokio::time::sleep(pause).await;
        waiting = post_round(app, waiting, request_id).await?;
    }
    counter!(LOST_CONNECTIONS).increment(waiting.len() as u64);
    tracing::warn!(request_id, connections = waiting.len(), "frames are refused, and lost");
    stream::iter(waiting)
        .map(|outbox| async move { lose(app, &outbox).await })
        .buffer_unordered(IN_FLIGHT)
        .try_collect()
        .await
}

/// Posts to each once, and gives those whose frames were refused.
async fn post_round(
    app: &App,
    outboxes: Vec<Outbox>,
    request_id: &str,
) -> Result<Vec<Outbox>, Fault> {
    let streak = &Streak::default();
    let left: Vec<Left> = stream::iter(outboxes)
        .map(|outbox| outbox.post(app, streak))
        .buffer_unordered(IN_FLIGHT)
        .try_collect()
        .await?;
    settle(app, left, request_id).await
}

/// Lets go of the connections that did not answer in time, and returns those whose frames were
/// refused.
async fn settle(app: &App, left: Vec<Left>, request_id: &str) -> Result<Vec<Outbox>, Fault> {
    let (mut refused, mut late) = (Vec::new(), Vec::new());
    for left in left {
        match left {
            Left::Nothing(_) => {}
            Left::Refused(outbox) => refused.push(outbox),
            Left::TimedOut(outbox) => late.push(outbox),
        }
    }
    let is_mass = late.len() >= MASS;
    stream::iter(late)
        .map(|outbox| async move {
            // If the gateway answers nobody, closing all connections would make it worse.
            if is_mass {
                return lose(app, &outbox).await;
            }
            let connection = &outbox.connection;
            tracing::warn!(connection, request_id, "a connection does not take its frames");
            let_go(app, connection).await
        })
        .buffer_unordered(IN_FLIGHT)
        .try_collect::<()>()
        .await?;
    Ok(refused)
}

/// Makes a client that may have lost something connect again: a new connection reads it all again.
pub async fn let_go(app: &App, connection: &str) -> Result<(), Fault> {
    let is_closed = app.connections.recycle(connection).await;
    app.store.close_connection(connection).await?;
    if is_closed { Ok(()) } else { app.store.condemn(connection).await }
}

/// Notes the operations that lost frames.
async fn lose(app: &App, outbox: &Outbox) -> Result<(), Fault> {
    counter!(REFUSED_POSTS).increment(outbox.parcels.len() as u64);
    let operations = outbox.parcels.iter().map(|parcel| parcel.operation.as_str());
    app.store.note_lost(&outbox.connection, operations).await
}
