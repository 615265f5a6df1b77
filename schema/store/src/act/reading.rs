//! Read and unread marks.

use domain::reading::{self, Mark};
use domain::{Outcome, Person, Refusal, SessionId, Turn};

use super::{Acted, Snapshot, Wanted};
use crate::position::Move;
use crate::{Failure, Store};

impl Store {
    /// Marks a dialog as read up to an entry.
    ///
    /// # Errors
    /// The refusals of [`reading::mark_read`]; a [`Fault`](crate::Fault) of the state.
    pub async fn mark_read(
        &self,
        person: &Person,
        id: &SessionId,
        up_to: u64,
    ) -> Result<Acted, Failure> {
        self.mark(person, id, up_to, |turn, read| {
            reading::mark_read(turn, up_to, read.entry(up_to))
        })
        .await
    }

    /// Marks a dialog as unread from an entry on.
    ///
    /// # Errors
    /// The refusals of [`reading::mark_unread`]; a [`Fault`](crate::Fault) of the state.
    pub async fn mark_unread(
        &self,
        person: &Person,
        id: &SessionId,
        from: u64,
    ) -> Result<Acted, Failure> {
        self.mark(person, id, from, |turn, read| reading::mark_unread(turn, from, read.entry(from)))
            .await
    }

    async fn mark(
        &self,
        person: &Person,
        id: &SessionId,
        seq: u64,
        decide: impl Fn(Turn<'_>, &Snapshot) -> Result<Mark, Refusal>,
    ) -> Result<Acted, Failure> {
        let wanted = Wanted { entries: vec![seq], ..Wanted::default() };
        // An observer's position is written beside the session, after the decision.
        let mut position = None;
        let acted = self
            .act(person, id, wanted, |read, now| {
                position = None;
                match decide(read.turn(now), read)? {
                    Mark::Operators(outcome) => Ok(outcome),
                    Mark::OnLookers { seq, moves_back } => {
                        position = Some((read.position.clone(), Move { seq, is_back: moves_back }));
                        Ok(Outcome::Unchanged)
                    }
                }
            })
            .await?;
        if let Some((position, goal)) = position {
            self.move_position(person, &id.conversation, position, goal).await?;
        }
        Ok(acted)
    }
}
