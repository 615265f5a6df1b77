//! The line of an onlooker: up to where an employee who does not have the session has read the
//! conversation. One row, written by itself.

use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use domain::ConversationId;

use crate::act::Person;
use crate::attribute::{Item, Read, number, text};
use crate::call::key_item;
use crate::commit::{Alone, refused};
use crate::trail::{TRAIL, Trail};
use crate::{Fault, Store, key};

/// The read position of an observer in a conversation, as it was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Line {
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
    fn moves(self, line: &Line) -> bool {
        line.seq.is_none_or(|old| if self.is_back { self.seq < old } else { self.seq > old })
    }
}

impl Line {
    /// Decodes a read position; the default for an employee who never read there.
    pub(crate) fn decode(item: Option<&Item>) -> Result<Self, Fault> {
        let Some(item) = item else { return Ok(Self::default()) };
        let read = Read(item);
        Ok(Self {
            seq: read.maybe_number("s")?,
            moves: read.maybe_number("w")?.unwrap_or(0),
            trail: Trail::of(item),
        })
    }
}

impl Store {
    /// Moves an observer's read position in a conversation.
    pub(crate) async fn move_line(
        &self,
        person: &Person,
        conversation: &ConversationId,
        mut line: Line,
        goal: Move,
    ) -> Result<(), Fault> {
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            if !goal.moves(&line) {
                return Ok(());
            }
            match self.try_line(person, conversation, &line, goal).await? {
                Alone::Done => return Ok(()),
                Alone::Refused(item) => line = Line::decode(item.as_ref())?,
            }
        }
    }

    /// Moves a read position, if it is as it was read.
    async fn try_line(
        &self,
        person: &Person,
        conversation: &ConversationId,
        line: &Line,
        goal: Move,
    ) -> Result<Alone, Fault> {
        let made = self.make(line.moves);
        let key = key::position(&person.tenant, conversation, &person.id);
        // Both are compared. The count includes a move that returned to the same position; the
        // position includes moves that are not counted.
        let of_place = if line.seq.is_some() { "s = :old" } else { "attribute_not_exists(s)" };
        let of_moves = if line.moves > 0 { "w = :w" } else { "attribute_not_exists(w)" };
        let mut update = self
            .db
            .update_item()
            .table_name(&self.tables.core)
            .set_key(Some(key_item(&key)))
            .update_expression("SET s = :s, w = :next, #trail = :trail")
            .condition_expression(format!("{of_place} AND {of_moves}"))
            .expression_attribute_names("#trail", TRAIL)
            .expression_attribute_values(":s", number(goal.seq))
            .expression_attribute_values(":next", number(made.version))
            .expression_attribute_values(":trail", text(line.trail.next(Some(&made.mark))))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        if let Some(old) = line.seq {
            update = update.expression_attribute_values(":old", number(old));
        }
        if line.moves > 0 {
            update = update.expression_attribute_values(":w", number(line.moves));
        }
        self.write_alone(&made, || update.clone().send(), refused).await
    }
}
