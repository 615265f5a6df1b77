//! The two runs of a subscription's document.
//!
//! The probe runs when a caller subscribes. It finds out the feed and yields nothing: that is the
//! whole validation. A push runs with an event. It yields one value, or none if the event is not for
//! the subscriber: the access rule decides by the state at that time.

use std::sync::{Arc, Mutex};

use async_graphql::{Context, Error, SelectionField};
use domain::EmployeeId;

use super::subscribed::Subscribed;
use crate::guard::{PAGED, no_lists};
use crate::typist::Typist;

/// An event to push.
#[derive(Clone, Debug)]
pub enum Event {
    /// The subscriber's counters may have changed.
    Counters,
    /// The subscriber should read their lists again.
    Ready,
    /// A session changed.
    Session {
        /// The session before the change; none for a new one.
        before: Option<Arc<domain::Session>>,
        /// The session after the change.
        after: Arc<domain::Session>,
    },
    /// A session's change may be worth an alert.
    Alert {
        /// The session before the change; none for a new one.
        before: Option<Arc<domain::Session>>,
        /// The session after the change.
        after: Arc<domain::Session>,
    },
    /// The presence of this employee changed.
    Presence(EmployeeId),
    /// A person is typing.
    Typing(Typist),
    /// An entry came to a dialog.
    Message {
        /// The entry.
        entry: Arc<domain::Message>,
        /// A session of the dialog.
        dialog: Arc<domain::Session>,
    },
}

/// A run of a subscription's document.
pub(crate) enum Run {
    /// The probe, which notes the feeds that it finds.
    Probe(Arc<Mutex<Vec<Subscribed>>>),
    /// The push of an event.
    Push(Event),
}

/// The fields that depend on the caller although their names do not begin with `viewer`. The
/// contract names them.
const PERSONAL: [&str; 2] = ["inboundPath", "problem"];

/// Returns the event of a push, or `None` for a probe, which notes the feed.
pub(super) fn event<'a>(
    context: &Context<'a>,
    feed: impl Into<Subscribed>,
) -> Result<Option<&'a Event>, Error> {
    let found = match context.data::<Run>()? {
        Run::Push(event) => return Ok(Some(event)),
        Run::Probe(found) => found,
    };
    let mut selected = Vec::new();
    select(context.field(), &mut selected);
    if selected.iter().any(|name| PAGED.contains(&name.as_str())) {
        return Err(no_lists());
    }
    let is_personal =
        selected.iter().any(|name| name.starts_with("viewer") || PERSONAL.contains(&name.as_str()));
    if let Ok(mut found) = found.lock() {
        found.push(Subscribed { is_personal, ..feed.into() });
    }
    Ok(None)
}

/// Adds the names of all fields selected below one.
fn select(field: SelectionField<'_>, names: &mut Vec<String>) {
    for inner in field.selection_set() {
        names.push(inner.name().to_owned());
        select(inner, names);
    }
}
