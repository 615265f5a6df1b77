//! Claiming, assigning, returning, closing and renaming a session.

use domain::{EmployeeId, Outcome, Person, Refusal, SessionId, assignment, closing};

use super::{Acted, Snapshot, Wanted};
use crate::table::Row;
use crate::{Failure, Store};

impl Store {
    /// Claims a session for an operator.
    ///
    /// # Errors
    /// The refusals of [`assignment::claim`]; a [`Fault`](crate::Fault) of the state.
    pub async fn claim(&self, person: &Person, id: &SessionId) -> Result<Acted, Failure> {
        self.act(person, id, Wanted::default(), |read, now| assignment::claim(read.turn(now))).await
    }

    /// Assigns a session to an operator.
    ///
    /// # Errors
    /// The refusals of [`assignment::assign`]; a [`Fault`](crate::Fault) of the state.
    pub async fn assign(
        &self,
        person: &Person,
        id: &SessionId,
        to: &EmployeeId,
        comment: Option<&str>,
    ) -> Result<Acted, Failure> {
        let wanted = Wanted { assignee: Some(to.clone()), ..Wanted::default() };
        self.act(person, id, wanted, |read, now| {
            let to = read.assignee.as_ref();
            assignment::assign(read.turn(now), to, comment)
        })
        .await
    }

    /// Returns a session to the queue.
    ///
    /// # Errors
    /// The refusals of [`assignment::put_back`]; a [`Fault`](crate::Fault) of the state.
    pub async fn put_back(
        &self,
        person: &Person,
        id: &SessionId,
        comment: Option<&str>,
    ) -> Result<Acted, Failure> {
        self.act(person, id, Wanted::default(), |read, now| {
            assignment::put_back(read.turn(now), comment)
        })
        .await
    }

    /// Closes a session.
    ///
    /// # Errors
    /// The refusals of [`closing::close`]; a [`Fault`](crate::Fault) of the state.
    pub async fn close(
        &self,
        person: &Person,
        id: &SessionId,
        last_seq: Option<u64>,
    ) -> Result<Acted, Failure> {
        let wanted = Wanted { entries: last_seq.into_iter().collect(), ..Wanted::default() };
        self.act(person, id, wanted, |read, now| {
            let seen = last_seq.map(|seq| (seq, read.entry(seq)));
            closing::close(read.turn(now), seen)
        })
        .await
    }

    /// Renames a session.
    ///
    /// # Errors
    /// The refusals of [`closing::rename`]; a [`Fault`](crate::Fault) of the state.
    pub async fn rename(
        &self,
        person: &Person,
        id: &SessionId,
        name: &str,
    ) -> Result<Acted, Failure> {
        self.act(person, id, Wanted::default(), |read, now| closing::rename(read.turn(now), name))
            .await
    }

    /// Claims a session only if it is queued, together with further rows. Returns `None` when another
    /// operator was quicker; [`Fault::Conflict`](crate::Fault::Conflict) when one of the rows exists.
    pub(crate) async fn claim_queued(
        &self,
        person: &Person,
        id: &SessionId,
        more: &[Row],
    ) -> Result<Option<Acted>, Failure> {
        let mut is_taken = false;
        let decide = |read: &Snapshot, now| {
            is_taken = false;
            let outcome = assignment::claim(read.turn(now))?;
            is_taken = outcome != Outcome::Unchanged;
            Ok(outcome)
        };
        match Box::pin(self.act_with(person, id, Wanted::default(), decide, more)).await {
            Ok(acted) => Ok(is_taken.then_some(acted)),
            Err(Failure::Refused(
                Refusal::AlreadyClaimed { .. } | Refusal::SessionClosed | Refusal::NotFound,
            )) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}
