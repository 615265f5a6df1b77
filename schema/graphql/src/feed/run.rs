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

/// One write of a session, or several that are pushed as one.
#[derive(Clone, Debug)]
pub struct Write {
    /// The session before it; none for a new one.
    pub before: Option<Arc<domain::Session>>,
    /// The session after it.
    pub after: Arc<domain::Session>,
}

/// The events of one batch for the desk of one employee.
#[derive(Clone, Default, Debug)]
pub struct DeskEvents {
    /// True if the employee's counters may have changed.
    pub has_counters: bool,
    /// True if the employee should read their lists again: it stands for all changes.
    pub is_ready: bool,
    /// The changes of sessions.
    pub changes: Vec<Write>,
    /// The writes that may be worth an alert.
    pub alerts: Vec<Write>,
    /// The employees whose presence changed.
    pub presence: Vec<EmployeeId>,
}

impl DeskEvents {
    /// Returns the events that a subscription begins with.
    #[must_use]
    pub fn first() -> Self {
        Self { has_counters: true, is_ready: true, ..Self::default() }
    }

    /// Returns true if there is nothing to push.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !self.has_counters
            && !self.is_ready
            && self.changes.is_empty()
            && self.alerts.is_empty()
            && self.presence.is_empty()
    }
}

/// An event to push.
#[derive(Clone, Debug)]
pub enum Event {
    /// The events of a batch for the subscriber's desk.
    Desk(DeskEvents),
    /// The subscriber's counters may have changed.
    Counters,
    /// The subscriber should read their lists again.
    Ready,
    /// A session changed.
    Session(Write),
    /// A session's change may be worth an alert.
    Alert(Write),
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
