//! Turns: the moment at which an employee acts on a session and a rule has to decide.

use crate::session::ActKind;
use crate::sight::Sight;
use crate::{Acting, Actor, Author, Change, Session, Timestamp};

/// Everything that a rule needs to know of an act, whichever act it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Turn<'a> {
    /// The session as it was read.
    pub session: &'a Session,
    /// The part of the session that the employee may see.
    pub sight: Sight,
    /// The employee who acts.
    pub who: &'a Acting,
    /// The moment of the act.
    pub now: Timestamp,
}

impl Turn<'_> {
    /// Returns a change of the session by the employee that only raises the version so far.
    pub(crate) fn change(&self, kind: ActKind) -> Change {
        Change::of(self.session, kind, Actor::Employee(self.who.id.clone()))
    }

    /// Returns the employee as the author of an entry.
    pub(crate) fn author(&self) -> Author {
        Author::Employee { id: self.who.id.clone(), name: self.who.name.clone() }
    }
}
