//! What a receipt handle allows: to delete its message, and to change when it becomes visible.

use super::attributes::LONGEST_VISIBILITY;
use super::message;
use super::refusal::Refusal;
use super::table::Table;
use rusqlite::{OptionalExtension as _, params};

/// The message of a receipt handle.
struct Held {
    id: String,
    /// True when it is in this queue and was not received again since.
    is_last: bool,
    visible_at: i64,
    received_at: i64,
}

impl Table<'_> {
    /// Deletes the message of a receipt handle. One that is deleted already is no error.
    pub(super) fn delete(&self, handle: &str) -> Result<(), Refusal> {
        let Some(held) = self.held(handle)? else { return Ok(()) };
        if !held.is_last || held.visible_at <= self.now {
            return Err(Refusal::Expired(handle.to_owned()));
        }
        self.rows.execute("DELETE FROM messages WHERE id = ?1", [held.id])?;
        Ok(())
    }

    /// Makes the message of a receipt handle visible after so many seconds from now.
    pub(super) fn change(&self, handle: &str, seconds: i64) -> Result<(), Refusal> {
        let held = self.held(handle)?.filter(|held| held.is_last);
        let held = held.ok_or_else(|| Refusal::Unavailable(handle.to_owned()))?;
        if held.visible_at <= self.now {
            return Err(Refusal::NotInFlight);
        }
        let visible_at = self.now + seconds * 1000;
        if visible_at - held.received_at > LONGEST_VISIBILITY * 1000 {
            return Err(Refusal::Invalid(format!(
                "Value {seconds} for parameter VisibilityTimeout is invalid. Reason: Total \
                 VisibilityTimeout for the message is beyond the limit [43200 seconds]"
            )));
        }
        self.rows.execute(
            "UPDATE messages SET visible_at = ?2, is_hidden = 1 WHERE id = ?1",
            params![held.id, visible_at],
        )?;
        Ok(())
    }

    fn held(&self, handle: &str) -> Result<Option<Held>, Refusal> {
        let no_handle = || Refusal::NoHandle(handle.to_owned());
        let id = message::id_of(handle).ok_or_else(no_handle)?;
        let held = self.rows.query_row(
            "SELECT queue, handle, visible_at, received_at FROM messages WHERE id = ?1",
            [&id],
            |row| {
                let (queue, last): (String, String) = (row.get(0)?, row.get(1)?);
                Ok(Held {
                    id: id.clone(),
                    is_last: queue == self.name && last == handle,
                    visible_at: row.get(2)?,
                    received_at: row.get::<_, Option<i64>>(3)?.unwrap_or(self.now),
                })
            },
        );
        Ok(held.optional()?)
    }
}
