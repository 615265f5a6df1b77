//! Registration: decides whether an operation starts or stops, although its messages may come in any
//! order and twice.
//!
//! A `complete` is a message of its own and may be handled before the `subscribe` that it ends. Then it
//! leaves a tombstone under the operation's id, and the late `subscribe` finds it. Which of two
//! messages came first is decided by `requestTimeEpoch`, the gateway's time of each message, which
//! grows along a connection.
//!
//! The storage may turn [`start`] and [`stop`] into conditions and write without reading first. A
//! condition that fails returns the row that was found, and these functions say what it means.
//! Tombstones and rows whose `ttl` has passed count as absent. Operations with a single result need no
//! row: they only check whether their id is taken. In return a `complete` does not stop them, and a
//! later operation with their id cannot be distinguished from them.
//!
//! An id may be used again as soon as its `complete` was sent. The three messages may be handled in any
//! of six orders, and the later operation runs in each. The gateway gives messages within one
//! millisecond the same time: of these one of the two operations runs, and it may be the earlier one.

/// The registration under the id of an operation, for the connection that sent the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// The operation runs. Its time is the `requestTimeEpoch` of its `subscribe`, in milliseconds.
    Active {
        /// The time when it was requested.
        since_ms: i64,
    },
    /// A tombstone; `requestTimeEpoch` of its `complete`, in milliseconds.
    Completed {
        /// The time when it was completed.
        at_ms: i64,
    },
}

/// The outcome of a `subscribe`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Write the row and run the operation.
    Register,
    /// Its `complete`, or a later operation with its id, was handled before it: nothing is written, run
    /// or answered.
    Overtaken,
    /// An earlier operation has the id. Its `complete` may be on its way, in an invocation of its own:
    /// ask again for a while, and end the connection with 4409 if it does not come.
    Taken,
}

/// The outcome of a `complete`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It runs: the row goes.
    Remove,
    /// There is no newer registration of the operation: leave a tombstone for a `subscribe` that
    /// may be on its way.
    LeaveTombstone,
    /// It belongs to an earlier operation with this id, or came twice: nothing is written.
    Ignore,
}

/// Decides about a `subscribe` received at `received_at_ms`, given the registration under its id.
///
/// In the same millisecond the `complete` counts as the later one: it cannot be sent before.
#[must_use]
pub fn start(found: Option<Registered>, received_at_ms: i64) -> Start {
    match found {
        None => Start::Register,
        Some(Registered::Completed { at_ms }) if at_ms < received_at_ms => Start::Register,
        Some(Registered::Completed { .. }) => Start::Overtaken,
        Some(Registered::Active { since_ms }) if since_ms > received_at_ms => Start::Overtaken,
        Some(Registered::Active { .. }) => Start::Taken,
    }
}

/// Decides about a `complete` received at `received_at_ms`, given the registration under its id.
#[must_use]
pub fn stop(found: Option<Registered>, received_at_ms: i64) -> Stop {
    match found {
        None => Stop::LeaveTombstone,
        Some(Registered::Active { since_ms }) if since_ms <= received_at_ms => Stop::Remove,
        Some(Registered::Completed { at_ms }) if at_ms < received_at_ms => Stop::LeaveTombstone,
        Some(Registered::Active { .. } | Registered::Completed { .. }) => Stop::Ignore,
    }
}
