//! The delta of a change: derives how the queue and the operators' counters move from the session
//! before and after it.
//!
//! Every transition takes its rows from here, so that none can forget one. The invariants of the state
//! hold because the rows are the difference between two sessions, and nothing else.

use crate::{EmployeeId, Session};

/// The changes of the rows beside head and messages.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delta {
    /// The session's move into or out of the queue of its live chat.
    pub queue: Option<Queue>,
    /// The changes of operators' counts: at most one for each operator, none without effect.
    pub desks: Vec<Desk>,
    /// The operator who had the session when it was closed.
    pub handled: Option<EmployeeId>,
}

/// A move into or out of the queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Queue {
    /// The session enters the queue.
    Enter,
    /// The session leaves the queue.
    Leave,
}

/// The change of one operator's counts in the live chat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Desk {
    /// The operator.
    pub operator: EmployeeId,
    /// The change of their unread sessions.
    pub unread: i32,
    /// The change of their open sessions. When it is positive, the write is guarded: the employee
    /// must be operator there and have fewer than [`MOST_OPEN`].
    pub open: i32,
}

/// The most open sessions of one operator in one live chat.
pub const MOST_OPEN: u32 = 200;

impl Delta {
    /// Returns the changes that lead from `before` to `after`.
    #[must_use]
    pub fn between(before: Option<&Session>, after: &Session) -> Self {
        let was_queued = before.is_some_and(Session::is_queued);
        let queue = match (was_queued, after.is_queued()) {
            (false, true) => Some(Queue::Enter),
            (true, false) => Some(Queue::Leave),
            (true, true) | (false, false) => None,
        };
        let mut desks: Vec<Desk> = Vec::new();
        for (session, sign) in before.map(|s| (s, -1)).into_iter().chain([(after, 1)]) {
            let Some(operator) = session.assignee() else { continue };
            let unread = if session.unread() > 0 { sign } else { 0 };
            match desks.iter_mut().find(|desk| desk.operator == *operator) {
                Some(desk) => {
                    desk.unread += unread;
                    desk.open += sign;
                }
                None => desks.push(Desk { operator: operator.clone(), unread, open: sign }),
            }
        }
        desks.retain(|desk| desk.unread != 0 || desk.open != 0);
        let closes = after.is_closed() && !before.is_some_and(Session::is_closed);
        let handled = closes.then(|| after.operator().cloned()).flatten();
        Self { queue, desks, handled }
    }
}

#[cfg(test)]
mod history;
#[cfg(test)]
mod tests;
