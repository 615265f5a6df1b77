//! The lives of the actors, and a way to end them.

use crate::database::lock;
use futures::future::{AbortHandle, Abortable};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// The running futures of each actor.
#[derive(Clone, Default)]
pub(super) struct Lives(Arc<Mutex<BTreeMap<usize, Running>>>);

/// The running futures of one actor, numbered, the innermost last.
type Running = Vec<(u64, AbortHandle)>;

impl Lives {
    /// Runs a future that may be ended; none if it was.
    pub(super) async fn live<T>(&self, actor: usize, future: impl Future<Output = T>) -> Option<T> {
        let (handle, registration) = AbortHandle::new_pair();
        let _entry = self.enter(actor, handle);
        Abortable::new(future, registration).await.ok()
    }

    /// Ends the innermost running future of an actor by dropping it.
    pub(super) fn end(&self, actor: usize) {
        if let Some((_, handle)) = lock(&self.0).get(&actor).and_then(|running| running.last()) {
            handle.abort();
        }
    }

    fn enter(&self, actor: usize, handle: AbortHandle) -> Entry {
        let mut lives = lock(&self.0);
        let running = lives.entry(actor).or_default();
        let number = running.last().map_or(0, |(number, _)| number + 1);
        running.push((number, handle));
        Entry { lives: self.clone(), actor, number }
    }
}

/// A guard that takes a future off the list, however it ends.
struct Entry {
    lives: Lives,
    actor: usize,
    number: u64,
}

impl Drop for Entry {
    fn drop(&mut self) {
        if let Some(running) = lock(&self.lives.0).get_mut(&self.actor) {
            running.retain(|(number, _)| *number != self.number);
        }
    }
}
