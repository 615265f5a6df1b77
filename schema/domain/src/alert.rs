//! Who is alerted by what happened.

use crate::session::ActKind;
use crate::{EmployeeId, Session};

/// What an alert is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AlertKind {
    /// A session opened.
    NewSession,
    /// The client wrote again.
    NewMessage,
    /// A session went back to the queue.
    Returned,
    /// Somebody else gave a session to the one alerted.
    AssignedToMe,
}

/// Whom an alert is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Audience {
    /// Every operator of the live chat.
    Operators,
    /// One operator.
    Operator(EmployeeId),
}

/// The alert that one write of a session raises. Nobody is alerted by their own act, which the
/// one who sends it sees to: the actor is `after.last.by`.
#[must_use]
pub fn alert(before: Option<&Session>, after: &Session) -> Option<(AlertKind, Audience)> {
    match after.last.kind {
        ActKind::Opened => Some((AlertKind::NewSession, Audience::Operators)),
        ActKind::Returned => Some((AlertKind::Returned, Audience::Operators)),
        ActKind::Assigned => after
            .assignee()
            .map(|operator| (AlertKind::AssignedToMe, Audience::Operator(operator.clone()))),
        ActKind::Message => message_alert(before?, after),
        ActKind::Read
        | ActKind::Claimed
        | ActKind::Renamed
        | ActKind::Bound
        | ActKind::Closed => None,
    }
}

fn message_alert(before: &Session, after: &Session) -> Option<(AlertKind, Audience)> {
    if after.incoming == before.incoming {
        return None;
    }
    match after.assignee() {
        Some(operator) => {
            Some((AlertKind::NewMessage, Audience::Operator(operator.clone())))
        }
        None if after.last_alert_at != before.last_alert_at => {
            Some((AlertKind::NewMessage, Audience::Operators))
        }
        None => None,
    }
}
