//! The open connections, and the frames that wait to be written to them.

use crate::clock;
use std::{
    collections::HashMap,
    sync::{
        Arc, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};

/// The reason why the gateway closes a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    pub(super) reason: &'static str,
}

impl Close {
    pub(super) const NORMAL: Self = Self { code: 1000, reason: "Connection Closed Normally" };
    pub(super) const GOING_AWAY: Self = Self { code: 1001, reason: "Going away" };
    pub(super) const PROTOCOL: Self = Self { code: 1002, reason: "Protocol error" };
    pub(super) const BINARY: Self = Self { code: 1003, reason: "Binary is not supported" };
    pub(super) const NOT_UTF8: Self = Self { code: 1007, reason: "Invalid UTF-8" };
    pub(super) const TOO_BIG: Self = Self { code: 1009, reason: "Message too big" };
}

/// The client at the other end, as the handshake described it.
#[derive(Debug, Clone, Default)]
pub(super) struct Visitor {
    pub(super) host: String,
    pub(super) source_ip: String,
    pub(super) user_agent: String,
}

/// The reason why a post was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Untaken {
    /// The connection is closed.
    Gone,
    /// Too many posts wait to be written already.
    Full,
}

/// One connection of the WebSocket API.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) id: String,
    /// Milliseconds since the epoch.
    pub(super) connected_at: i64,
    pub(super) visitor: Visitor,
    opened: Instant,
    /// Milliseconds from `opened` to the last frame in either direction.
    active: AtomicU64,
    /// The time that the last message was given, in milliseconds since the epoch.
    received: AtomicI64,
    outgoing: mpsc::Sender<String>,
    closing: watch::Sender<Option<Close>>,
}

impl Connection {
    /// Builds a connection, and the end of its queue from which `queue` posts at most are written.
    pub(super) fn new(visitor: Visitor, queue: usize) -> (Arc<Self>, mpsc::Receiver<String>) {
        let (outgoing, written) = mpsc::channel(queue.max(1));
        let connection = Self {
            id: clock::id(),
            connected_at: clock::epoch_ms(),
            visitor,
            opened: Instant::now(),
            active: AtomicU64::new(0),
            received: AtomicI64::new(0),
            outgoing,
            closing: watch::Sender::new(None),
        };
        (Arc::new(connection), written)
    }

    /// Returns the time of a message that comes now, in milliseconds since the epoch. It is later
    /// than that of the message before, so that the times give the order of a connection's
    /// messages.
    pub(super) fn receive(&self) -> i64 {
        let now = clock::epoch_ms();
        let next = |last: i64| Some(now.max(last.saturating_add(1)));
        let before = self.received.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        now.max(before.unwrap_or_default().saturating_add(1))
    }

    /// Puts a message behind those that wait already.
    pub(super) fn post(&self, message: String) -> Result<(), Untaken> {
        self.outgoing.try_send(message).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => Untaken::Full,
            mpsc::error::TrySendError::Closed(_) => Untaken::Gone,
        })
    }

    /// As [`Self::post`], but waits for room: for the gateway's own frames.
    pub(super) async fn post_when_room(&self, message: String) {
        // A connection that has closed meanwhile needs the frame no more.
        let _ = self.outgoing.send(message).await;
    }

    /// Requests the end, after the waiting frames are written. The first request decides the code.
    pub(super) fn close(&self, close: Close) {
        self.closing.send_if_modified(|asked| {
            let first = asked.is_none();
            asked.get_or_insert(close);
            first
        });
    }

    /// Waits until the end is requested.
    pub(super) async fn closing(&self) -> Close {
        let mut asked = self.closing.subscribe();
        let close = asked.wait_for(Option::is_some).await;
        close.ok().and_then(|close| *close).unwrap_or(Close::GOING_AWAY)
    }

    /// Notes that a frame has passed.
    pub(super) fn touch(&self) {
        let since = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.active.fetch_max(since, Ordering::Relaxed);
    }

    /// Returns the time of the last frame in either direction, in milliseconds since the epoch.
    pub(super) fn last_active_at(&self) -> i64 {
        let active = i64::try_from(self.active.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
        self.connected_at.saturating_add(active)
    }

    /// Waits until no frame has passed for `limit`.
    pub(super) async fn idle(&self, limit: Duration) {
        loop {
            let active = Duration::from_millis(self.active.load(Ordering::Relaxed));
            let quiet = self.opened.elapsed().saturating_sub(active);
            let Some(left) = limit.checked_sub(quiet).filter(|left| !left.is_zero()) else {
                return;
            };
            tokio::time::sleep(left).await;
        }
    }
}

/// The connections that can be posted to.
#[derive(Debug)]
pub(super) struct Connections {
    limit: usize,
    open: RwLock<Open>,
}

#[derive(Debug, Default)]
struct Open {
    is_shut: bool,
    by_id: HashMap<String, Arc<Connection>>,
}

impl Connections {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, open: RwLock::default() }
    }

    pub(super) fn is_full(&self) -> bool {
        self.read(|open| open.by_id.len() >= self.limit)
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<Connection>> {
        self.read(|open| open.by_id.get(id).cloned())
    }

    /// Adds a connection. Returns false when the gateway is stopping and accepts no more.
    pub(super) fn insert(&self, connection: &Arc<Connection>) -> bool {
        self.write(|open| {
            if !open.is_shut {
                open.by_id.insert(connection.id.clone(), Arc::clone(connection));
            }
            !open.is_shut
        })
    }

    pub(super) fn remove(&self, id: &str) -> Option<Arc<Connection>> {
        self.write(|open| open.by_id.remove(id))
    }

    /// Accepts no more connections, and closes all.
    pub(super) fn shut(&self, close: Close) {
        self.write(|open| {
            open.is_shut = true;
            for connection in open.by_id.values() {
                connection.close(close);
            }
        });
    }

    // A poisoned lock is used on: no operation here leaves the map half changed.
    fn read<T>(&self, read: impl FnOnce(&Open) -> T) -> T {
        read(&self.open.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    fn write<T>(&self, write: impl FnOnce(&mut Open) -> T) -> T {
        write(&mut self.open.write().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}
