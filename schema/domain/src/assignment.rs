//! Assignment: claims a session, assigns it to another operator, returns it to the queue.
//!
//! A claim does not move the session in ACTIVE, because only messages of the client and of operators
//! do. So a claim costs one index write and not three, and ACTIVE stays in the order of messages.
//!
//! Assigning a session to the operator who has it already changes nothing, even while they are offline.
//! Assigning it to another employee who is offline is refused before the rule asks whether they are an
//! operator: the contract orders its reasons so.

use crate::access::Act;
use crate::session::ActKind;
use crate::{
    Acting, Actor, Author, Change, Outcome, Refusal, Session, SessionEvent, State, Timestamp, Turn,
};

/// Claims a queued session for an operator.
///
/// # Errors
/// As [`Turn::admit`] has them.
pub fn claim(turn: Turn<'_>) -> Result<Outcome, Refusal> {
    turn.admit(Act::Claim)?;
    if !turn.session.is_queued() {
        return Ok(Outcome::Unchanged);
    }
    let mut change = turn.change(ActKind::Claimed);
    take(&mut change, turn)?;
    Ok(change.done())
}

/// Gives the session of a change to its operator, with the event that says so.
pub(crate) fn take(change: &mut Change, turn: Turn<'_>) -> Result<(), Refusal> {
    if turn.who.is_full {
        return Err(Refusal::TOO_MANY_SESSIONS);
    }
    let operator = &turn.who.id;
    change.session.state = State::Assigned { operator: operator.clone() };
    change.record(turn.author(), SessionEvent::Claimed { to: operator.clone() }, "", turn.now);
    Ok(())
}

/// The employee to whom a session is assigned.
pub type Assignee = Acting;

/// Assigns a session to an operator. Unread messages stay unread, and a comment becomes a note.
/// `None` stands for an employee who does not exist.
///
/// # Errors
/// As [`Turn::admit`] has them, `NoSuch`, `AssigneeOffline`, `NotAnOperator`, `Limit`.
pub fn assign(
    turn: Turn<'_>,
    to: Option<&Assignee>,
    comment: Option<&str>,
) -> Result<Outcome, Refusal> {
    let mut reasons = turn.reasons(Act::Assign);
    let assignee = turn.session.assignee();
    let Some(to) = to else {
        return Err(reasons.with(Refusal::NoSuch { field: "employeeId" }));
    };
    if reasons.is_empty() && assignee == Some(&to.id) {
        return Ok(Outcome::Unchanged);
    }
    reasons.unless(to.is_online, Refusal::AssigneeOffline);
    reasons.unless(to.roles.operator, Refusal::NotAnOperator);
    reasons.unless(!to.is_full, Refusal::TOO_MANY_SESSIONS);
    reasons.verdict()?;
    let mut change = turn.change(ActKind::Assigned);
    change.session.state = State::Assigned { operator: to.id.clone() };
    let event = SessionEvent::Assigned { from: assignee.cloned(), to: to.id.clone() };
    change.record(turn.author(), event, &to.name, turn.now);
    if let Some(comment) = comment {
        change.comment(turn.author(), comment, turn.now);
    }
    Ok(change.done())
}

/// Returns a session to the queue, at its old place and unread as a whole.
///
/// # Errors
/// As [`Turn::admit`] has them.
pub fn put_back(turn: Turn<'_>, comment: Option<&str>) -> Result<Outcome, Refusal> {
    turn.admit(Act::Return)?;
    let Some(from) = turn.session.assignee() else { return Ok(Outcome::Unchanged) };
    let mut change = requeue(turn.session, Actor::Employee(turn.who.id.clone()));
    change.record(turn.author(), SessionEvent::Returned { from: from.clone() }, "", turn.now);
    if let Some(comment) = comment {
        change.comment(turn.author(), comment, turn.now);
    }
    Ok(change.done())
}

/// Returns a session to the queue, by the system, because its operator is no longer operator there.
#[must_use]
pub fn withdraw(session: &Session, from: &crate::EmployeeId, now: Timestamp) -> Outcome {
    if session.assignee() != Some(from) {
        return Outcome::Unchanged;
    }
    let mut change = requeue(session, Actor::System);
    change.record(Author::System, SessionEvent::Returned { from: from.clone() }, "", now);
    change.done()
}

fn requeue(session: &Session, by: Actor) -> Change {
    let mut change = Change::of(session, ActKind::Returned, by);
    change.session.state = State::Queued;
    change.session.read = 0;
    change.session.read_seq = 0;
    change
}

#[cfg(test)]
mod tests;
