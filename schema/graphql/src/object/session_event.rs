//! Events of sessions, as employees see them in a dialog.

use async_graphql::{Enum, SimpleObject};

use super::app::Item;
use super::employee::Employee;
use crate::scalar::int;

/// An event of a session.
#[derive(SimpleObject, Clone, Debug)]
pub struct SessionEvent {
    /// The kind of the event.
    pub kind: SessionEventKind,
    /// The operator who had the session before, for `ASSIGNED`, `RETURNED` and `CLOSED`. Null for
    /// the other kinds, and if no operator had it.
    pub from: Option<Employee>,
    /// The operator who got the session, for `CLAIMED` and `ASSIGNED`. Null for the other kinds.
    pub to: Option<Employee>,
    /// The new name, for `RENAMED`. Null for the other kinds.
    pub name: Option<String>,
    /// The item, for `BOUND` and `UNBOUND`. Null for the other kinds.
    pub item: Option<Item>,
    /// The number (`seq`) of the client's message, for `EDITED` and `DELETED`. It may be of an earlier
    /// session of the dialog. Null for the other kinds.
    pub about_seq: Option<i32>,
    /// The new text of the message, for `EDITED`. The message itself keeps its first text. Null for
    /// the other kinds.
    pub text: Option<String>,
}

/// The kinds of events of a session. More values may be added: applications must ignore a value
/// that they do not know.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum SessionEventKind {
    /// An operator claimed the session.
    Claimed,
    /// An employee assigned the session to an operator.
    Assigned,
    /// The session returned to the queue.
    Returned,
    /// The session got another name.
    Renamed,
    /// The session was bound to an item.
    Bound,
    /// The session was unbound from an item.
    Unbound,
    /// The session was closed.
    Closed,
    /// The client changed the text of a message at the messenger.
    Edited,
    /// The client deleted a message at the messenger. It stays in the dialog.
    Deleted,
    /// The client blocked the channel at the messenger: answers do not reach them.
    Blocked,
    /// The client unblocked the channel at the messenger.
    Unblocked,
}

impl From<domain::SessionEvent> for SessionEvent {
    fn from(event: domain::SessionEvent) -> Self {
        use domain::SessionEvent as Event;
        let of = |kind| Self {
            kind,
            from: None,
            to: None,
            name: None,
            item: None,
            about_seq: None,
            text: None,
        };
        let employee = |id| Some(Employee(id));
        match event {
            Event::Claimed { to } => Self { to: employee(to), ..of(SessionEventKind::Claimed) },
            Event::Assigned { from, to } => Self {
                from: from.map(Employee),
                to: employee(to),
                ..of(SessionEventKind::Assigned)
            },
            Event::Returned { from } => {
                Self { from: employee(from), ..of(SessionEventKind::Returned) }
            }
            Event::Renamed { name } => Self { name: Some(name), ..of(SessionEventKind::Renamed) },
            Event::Bound { item } => Self { item: Some(Item(item)), ..of(SessionEventKind::Bound) },
            Event::Unbound { item } => {
                Self { item: Some(Item(item)), ..of(SessionEventKind::Unbound) }
            }
            Event::Closed { from } => {
                Self { from: from.map(Employee), ..of(SessionEventKind::Closed) }
            }
            Event::Edited { about, text } => Self {
                about_seq: Some(int(about)),
                text: Some(text),
                ..of(SessionEventKind::Edited)
            },
            Event::Deleted { about } => {
                Self { about_seq: Some(int(about)), ..of(SessionEventKind::Deleted) }
            }
            Event::Blocked => of(SessionEventKind::Blocked),
            Event::Unblocked => of(SessionEventKind::Unblocked),
        }
    }
}
