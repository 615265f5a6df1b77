//! A person who is typing.

use std::sync::Arc;

use domain::{Actor, Timestamp};

/// A typing signal. The function that executed the request pushes it to the subscribers to the
/// dialog.
#[derive(Clone, Debug)]
pub struct Typist {
    /// The person who is typing.
    pub by: Actor,
    /// Their display name.
    pub name: String,
    /// The session, as it was at the time of the signal.
    pub session: Arc<domain::Session>,
    /// The time until which the person counts as typing.
    pub until: Timestamp,
}
