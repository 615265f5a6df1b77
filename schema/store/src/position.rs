//! Read positions: the entry up to which an observer, who does not have the session, has read the
//! conversation. One row, written by itself.

use domain::{ConversationId, Person};

use crate::record::dialog::Position;
use crate::table::{Alone, Expression, Item, TRAIL, Table, Trail, decode, key};
use crate::{Fault, Store};

/// The read position of an observer in a conversation, as it was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct ReadPosition {
    /// The number of the last entry read; none for an employee who never read there.
    seq: Option<u64>,
    /// The number of moves made by writes of this row alone. Closing a session moves it too, in a
    /// transaction, which cannot be confused with a retried move.
    moves: u64,
    trail: Trail,
}

/// A requested move of a read position.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Move {
    /// The number of the entry to move to.
    pub(crate) seq: u64,
    /// True for a move back, false for a move forward.
    pub(crate) is_back: bool,
}

impl Move {
    /// Returns true when the position has to move: one that is at or beyond the target stays.
    fn moves(self, position: &ReadPosition) -> bool {
        position.seq.is_none_or(|old| if self.is_back { self.seq < old } else { self.seq > old })
    }
}

impl ReadPosition {
    /// Decodes a read position; the default for an employee who never read there.
    pub(crate) fn decode(item: Option<&Item>) -> Result<Self, Fault> {
        let Some(item) = item else { return Ok(Self::default()) };
        let Position { seq, moves, .. } = decode(item)?;
        Ok(Self { seq, moves, trail: Trail::of(item) })
    }
}

impl Store {
    /// Moves an observer's read position in a conversation.
    pub(crate) async fn move_position(
        &self,
        person: &Person,
        conversation: &ConversationId,
        mut position: ReadPosition,
        goal: Move,
    ) -> Result<(), Fault> {
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            if !goal.moves(&position) {
                return Ok(());
            }
            match self.try_move(person, conversation, &position, goal).await? {
                Alone::Done => return Ok(()),
                Alone::Refused(item) => position = ReadPosition::decode(item.as_ref())?,
            }
        }
    }

    /// Moves a read position, if it is as it was read.
    async fn try_move(
        &self,
        person: &Person,
        conversation: &ConversationId,
        position: &ReadPosition,
        goal: Move,
    ) -> Result<Alone, Fault> {
        let made = self.make(position.moves);
        let key = key::position(&person.tenant, conversation, &person.id);
        // Both are compared. The count includes a move that returned to the same position; the
        // position includes moves that are not counted.
        let of_place = if position.seq.is_some() { "s = :old" } else { "attribute_not_exists(s)" };
        let of_moves = if position.moves > 0 { "w = :w" } else { "attribute_not_exists(w)" };
        let update = Expression::update(format!("SET s = :s, w = :next, {TRAIL} = :trail"))
            .when(format!("{of_place} AND {of_moves}"))
            .number(":s", goal.seq)
            .number(":next", made.version)
            .text(":trail", position.trail.next(Some(&made.mark)));
        let update = match position.seq {
            Some(old) => update.number(":old", old),
            None => update,
        };
        let update = match position.moves {
            0 => update,
            moves => update.number(":w", moves),
        };
        self.update_version(Table::Core, &key, &made, update).await
    }
}
