//! Frames that wait to be posted, by connection.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::{Outbox, Parcel};

/// The frames that wait, in order for each connection. Connections take their turns in the order of
/// their first frames.
#[derive(Default)]
pub(in crate::fanout) struct Frames {
    waiting: Mutex<Waiting>,
    queued: Notify,
}

#[derive(Default)]
struct Waiting {
    of_each: BTreeMap<String, Connection>,
    turns: VecDeque<String>,
}

#[derive(Default)]
struct Connection {
    parcels: VecDeque<Parcel>,
    /// True from the turn of the connection until its frames are posted.
    is_taken: bool,
}

impl Frames {
    /// Queues a frame for a connection.
    pub(in crate::fanout) fn put(&self, connection: &str, parcel: Parcel) {
        let mut waiting = self.waiting();
        if !waiting.of_each.contains_key(connection) {
            waiting.of_each.insert(connection.to_owned(), Connection::default());
        }
        let Some(of_one) = waiting.of_each.get_mut(connection) else { return };
        of_one.parcels.push_back(parcel);
        if !of_one.is_taken && of_one.parcels.len() == 1 {
            waiting.turns.push_back(connection.to_owned());
            self.queued.notify_one();
        }
    }

    /// Waits until a frame is queued for a connection that had none.
    pub(super) async fn queued(&self) {
        self.queued.notified().await;
    }

    /// Takes everything that waits for the connection whose turn it is. No more of its frames are
    /// taken until it is released.
    pub(super) fn take(&self) -> Option<Outbox> {
        let mut waiting = self.waiting();
        let connection = waiting.turns.pop_front()?;
        let of_one = waiting.of_each.get_mut(&connection)?;
        of_one.is_taken = true;
        let parcels = std::mem::take(&mut of_one.parcels);
        Some(Outbox::new(connection, parcels))
    }

    /// Releases a connection whose frames are posted.
    pub(super) fn release(&self, connection: String) {
        let mut waiting = self.waiting();
        let Some(of_one) = waiting.of_each.get_mut(&connection) else { return };
        of_one.is_taken = false;
        if !of_one.parcels.is_empty() {
            waiting.turns.push_back(connection);
        }
    }

    /// Takes the frames that were queued for a connection while its turn lasted.
    pub(super) fn rest(&self, connection: &str) -> VecDeque<Parcel> {
        let mut waiting = self.waiting();
        let of_one = waiting.of_each.get_mut(connection);
        of_one.map(|of_one| std::mem::take(&mut of_one.parcels)).unwrap_or_default()
    }

    /// Returns all that waits.
    pub(in crate::fanout) fn into_outboxes(self) -> Vec<Outbox> {
        let waiting = self.waiting.into_inner().unwrap_or_else(PoisonError::into_inner);
        let of_each = waiting.of_each.into_iter();
        of_each.map(|(connection, of_one)| Outbox::new(connection, of_one.parcels)).collect()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
