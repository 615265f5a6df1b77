//! Changes of sessions, as a subscriber sees them.

use async_graphql::{Enum, ID, Result, SimpleObject};
use domain::access;
use domain::session::ActKind;

use super::run::Write;
use crate::id::GlobalId;
use crate::loader;
use crate::object::actor::Actor;
use crate::object::employee::Employee;
use crate::object::session::Session;
use crate::request::Request;
use crate::scalar::Version;

/// A change of a session that you see, or saw until this change.
#[derive(SimpleObject, Clone)]
pub struct SessionChange {
    /// The action that changed the session. Use it for sounds and wording only: `session` shows the
    /// state.
    pub kind: SessionChangeKind,
    /// The session as it is now. Null for `READY` and `REMOVED`.
    pub session: Option<Session>,
    /// The global id of the session that you may no longer see. Null for all kinds other than
    /// `REMOVED`.
    pub removed_id: Option<ID>,
    /// The client, the employee or the system that changed the session. For `REMOVED`: the operator
    /// who has the session now, or, if no operator has it, the one that changed it. Null for
    /// `READY`.
    pub by: Option<Actor>,
    /// For `REMOVED`: the operator who has the session now, or null if no operator has it, for
    /// example because it is closed. Null for all other kinds.
    pub held_by: Option<Employee>,
    /// The version of the session. All zeros for `READY`.
    pub version: Version,
}

/// The actions that change a session. More values may be added: for a value that they do not know,
/// applications must merge `session` into their cache as for any other.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum SessionChangeKind {
    /// No single session: read your lists again. It is pushed first after every connection, and
    /// again when your roles change or when too many sessions change at once.
    Ready,
    /// A client opened the session.
    Opened,
    /// The client or an operator wrote a message, an employee wrote a note, or the client edited or
    /// deleted a message, blocked or unblocked the channel at the messenger.
    Message,
    /// The operator's read mark moved.
    Read,
    /// An operator claimed the session, also by answering it while it was queued.
    Claimed,
    /// An employee assigned the session to an operator.
    Assigned,
    /// The session returned to the queue.
    Returned,
    /// The session got another name, or its client gave a new name or new contacts.
    Renamed,
    /// The session was bound to an item or unbound from one.
    Bound,
    /// The session was closed.
    Closed,
    /// You may no longer see the session: remove the session `removedId` from your lists.
    Removed,
}

impl From<ActKind> for SessionChangeKind {
    fn from(kind: ActKind) -> Self {
        match kind {
            ActKind::Opened => Self::Opened,
            ActKind::Message => Self::Message,
            // An act of a newer version raises no alert: `session` shows the state.
            ActKind::Read | ActKind::Unknown => Self::Read,
            ActKind::Claimed => Self::Claimed,
            ActKind::Assigned => Self::Assigned,
            ActKind::Returned => Self::Returned,
            ActKind::Renamed => Self::Renamed,
            ActKind::Bound => Self::Bound,
            ActKind::Closed => Self::Closed,
        }
    }
}

impl SessionChange {
    pub(super) fn ready() -> Self {
        Self {
            kind: SessionChangeKind::Ready,
            session: None,
            removed_id: None,
            by: None,
            held_by: None,
            version: Version::of(0),
        }
    }

    /// Returns the change for the subscriber: the session as it is now, or its removal when they
    /// may no longer see it, or none.
    pub(super) async fn of(request: &Request, write: &Write) -> Result<Option<Self>> {
        let Write { before, after } = write;
        let person = &request.person()?.id;
        let roles = request.roles(&after.live_chat).await?;
        let Some(now) = request.load(loader::Session(after.id.clone())).await? else {
            return Ok(None);
        };
        let by = Some(Actor::of(after));
        if access::sees(&now, person, roles) {
            return Ok(Some(Self {
                kind: now.last.kind.into(),
                version: Version::of(now.version),
                session: Some(Session::new(now)),
                removed_id: None,
                by,
                held_by: None,
            }));
        }
        if !before.as_ref().is_some_and(|before| access::sees(before, person, roles)) {
            return Ok(None);
        }
        // The operator who has it now comes before the actor of the change.
        let held_by = now.assignee().map(|operator| Employee(operator.clone()));
        let by = held_by.clone().map(Actor::Employee).or(by);
        Ok(Some(Self {
            kind: SessionChangeKind::Removed,
            session: None,
            removed_id: Some(request.id(&GlobalId::Session(after.id.clone()))?),
            by,
            held_by,
            version: Version::of(now.version),
        }))
    }
}
