//! The access rule: decides what an employee may see of a session, and which acts they may do to it.
//!
//! Lists, counters, search, look-ups by id, subscriptions and history all ask this module, and no other
//! place decides. Only roles in the session's live chat count: an administrator of the tenant without a
//! role there sees none of its sessions.

use crate::{Acting, EmployeeId, Reasons, Refusal, Roles, Session, State, Timestamp, Turn};

pub use crate::sight::Sight;

/// Returns true if an employee with these roles in its live chat sees the session for itself. A
/// supervisor sees every one; an operator the queued ones, their own, and those that they had when
/// they were closed.
#[must_use]
pub fn sees(session: &Session, person: &EmployeeId, roles: Roles) -> bool {
    let is_operators = match &session.state {
        State::Queued => true,
        State::Assigned { operator } => operator == person,
        State::Closed { operator, .. } => operator.as_ref() == Some(person),
    };
    roles.supervisor || (roles.operator && is_operators)
}

/// Returns the part of a session that an employee may see. `handled` is the highest ordinal of a session of the
/// conversation that they had when it was closed; `latest` the conversation's latest session.
#[must_use]
pub fn sight(
    session: &Session,
    person: &EmployeeId,
    roles: Roles,
    handled: u32,
    latest: Option<&Session>,
) -> Sight {
    if sees(session, person, roles) {
        return Sight::Whole;
    }
    if !roles.operator {
        return Sight::Nothing;
    }
    let has_later =
        |later: &Session| later.id.ordinal > session.id.ordinal && sees(later, person, roles);
    if handled > session.id.ordinal || latest.is_some_and(has_later) {
        return Sight::Earlier;
    }
    if session.assignee().is_some() { Sight::Taken } else { Sight::Nothing }
}

/// The acts of an employee on a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// Claim it.
    Claim,
    /// Answer the client.
    Reply,
    /// Write an internal note.
    Note,
    /// Assign it to an operator.
    Assign,
    /// Return it to the queue.
    Return,
    /// Close it.
    Close,
    /// Rename it.
    Rename,
    /// Bind or unbind an item.
    Bind,
    /// Begin the delivery of an answer anew.
    Retry,
}

impl Turn<'_> {
    /// Admits an act, or refuses it with the first reason against it.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `ActorOffline`, `SessionClosed`, `AlreadyClaimed`, `NotAssigned`.
    pub fn admit(&self, act: Act) -> Result<(), Refusal> {
        self.reasons(act).verdict()
    }

    /// Returns the reasons against an act. An employee who may not see the session learns only that
    /// there is none: that is the first reason, whatever else is added.
    pub fn reasons(&self, act: Act) -> Reasons {
        let Self { session, sight, who, .. } = *self;
        let is_taking = matches!(act, Act::Claim | Act::Reply);
        if sight == Sight::Nothing || (sight == Sight::Taken && !is_taking) {
            return Reasons::of(Refusal::NotFound);
        }
        let mut reasons = Reasons::default();
        reasons.unless(sight != Sight::Earlier, Refusal::Forbidden);
        reasons.unless(!is_taking || who.roles.operator, Refusal::Forbidden);
        reasons.unless(who.is_online, Refusal::ActorOffline);
        if session.is_closed() {
            let outlives_close = matches!(act, Act::Close | Act::Rename | Act::Bind | Act::Retry);
            reasons.unless(outlives_close, Refusal::SessionClosed);
            return reasons;
        }
        match session.assignee() {
            Some(by) if is_taking && *by != who.id => {
                reasons.add(Refusal::AlreadyClaimed { by: by.clone() });
            }
            _ if is_taking => {}
            assignee => {
                let is_theirs = who.roles.supervisor || assignee == Some(&who.id);
                reasons.unless(is_theirs, Refusal::NotAssigned);
            }
        }
        reasons
    }
}

/// Returns true if a page should offer the act: the employee would be admitted if they were online,
/// and the act would change something.
#[must_use]
pub fn offers(
    act: Act,
    session: &Session,
    sight: Sight,
    person: &EmployeeId,
    roles: Roles,
) -> bool {
    let who = Acting {
        id: person.clone(),
        name: String::new(),
        roles,
        is_online: true,
        is_full: false,
        handled: 0,
    };
    let has_effect = match act {
        Act::Claim => session.is_queued(),
        Act::Return => session.assignee().is_some(),
        Act::Close => !session.is_closed(),
        Act::Bind => session.internal.is_none(),
        Act::Reply | Act::Note | Act::Assign | Act::Rename | Act::Retry => true,
    };
    let turn = Turn { session, sight, who: &who, now: Timestamp::default() };
    has_effect && turn.admit(act).is_ok()
}

#[cfg(test)]
mod tests;
