//! The rows of the two queues, and the rules of FIFO over them.

use super::attributes::{Attributes, arn};
use super::message::{self, Message};
use super::refusal::Refusal;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::collections::HashSet;
use std::time::Duration;

/// The time after which a message is deleted, in milliseconds: 4 days.
pub(super) const RETENTION: i64 = 4 * 24 * 60 * 60 * 1000;
/// The time for which a deduplication id has an effect, in milliseconds: 5 minutes.
const DEDUPLICATION: i64 = 5 * 60 * 1000;

/// A message is visible when `visible_at` has come, and in flight before. It is hidden when its
/// receiver chose that time.
pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS messages (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        queue TEXT NOT NULL,
        group_id TEXT NOT NULL,
        deduplication_id TEXT NOT NULL,
        body TEXT NOT NULL,
        sent_at INTEGER NOT NULL,
        visible_at INTEGER NOT NULL,
        is_hidden INTEGER NOT NULL DEFAULT 0,
        receives INTEGER NOT NULL,
        first_received_at INTEGER,
        received_at INTEGER,
        handle TEXT NOT NULL,
        gave_up TEXT
    );
    CREATE INDEX IF NOT EXISTS messages_by_group
        ON messages (queue, group_id, sequence, visible_at);
    CREATE INDEX IF NOT EXISTS messages_by_age ON messages (sent_at);
    CREATE TABLE IF NOT EXISTS deduplication (
        queue TEXT NOT NULL,
        group_id TEXT NOT NULL,
        deduplication_id TEXT NOT NULL,
        message_id TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        sent_at INTEGER NOT NULL,
        PRIMARY KEY (queue, group_id, deduplication_id)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS deduplication_by_age ON deduplication (sent_at);";

/// One of the queues within a transaction.
pub(super) struct Table<'a> {
    pub(super) rows: &'a Connection,
    pub(super) name: &'a str,
    pub(super) attributes: &'a Attributes,
    pub(super) now: i64,
}

/// A message to be sent.
pub(super) struct Sending {
    pub(super) group: String,
    pub(super) deduplication: String,
    pub(super) body: String,
}

/// A message that was sent, now or by an earlier call with its deduplication id.
pub(super) struct Sent {
    pub(super) id: String,
    pub(super) sequence: i64,
}

/// What to receive.
pub(super) struct Ask<'a> {
    /// The most messages.
    pub(super) most: usize,
    /// The number of receivers that share the groups evenly.
    pub(super) slots: usize,
    /// The groups of which nothing is received.
    pub(super) busy: &'a HashSet<String>,
    /// The visibility timeout of what is received.
    pub(super) visibility: Duration,
}

/// The number of messages of a queue.
pub(super) struct Counts {
    pub(super) visible: usize,
    pub(super) in_flight: usize,
}

impl Counts {
    pub(super) const fn total(&self) -> usize {
        self.visible + self.in_flight
    }
}

impl Table<'_> {
    /// Deletes what is too old, in both queues.
    pub(super) fn expire(&self) -> Result<(), Refusal> {
        self.rows.execute("DELETE FROM messages WHERE sent_at <= ?1", [self.now - RETENTION])?;
        let ends = self.now - DEDUPLICATION;
        self.rows.execute("DELETE FROM deduplication WHERE sent_at <= ?1", [ends])?;
        Ok(())
    }

    /// Sends a message, unless its deduplication id was sent to its group before.
    pub(super) fn send(&self, sending: &Sending) -> Result<Sent, Refusal> {
        let Sending { group, deduplication, body } = sending;
        let before = self.rows.query_row(
            "SELECT message_id, sequence FROM deduplication
             WHERE queue = ?1 AND group_id = ?2 AND deduplication_id = ?3",
            params![self.name, group, deduplication],
            |row| Ok(Sent { id: row.get(0)?, sequence: row.get(1)? }),
        );
        if let Some(sent) = before.optional()? {
            return Ok(sent);
        }
        let id = message::id();
        self.rows.execute(
            "INSERT INTO messages (id, queue, group_id, deduplication_id, body, sent_at,
                 visible_at, receives, handle)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 0, '')",
            params![id, self.name, group, deduplication, body, self.now],
        )?;
        let sequence = self.rows.last_insert_rowid();
        self.rows.execute(
            "INSERT INTO deduplication VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![self.name, group, deduplication, id, sequence, self.now],
        )?;
        Ok(Sent { id, sequence })
    }

    /// Receives messages of groups that have none in flight: as many as possible of the group with
    /// the oldest one, then of the next. What was received too often becomes a dead letter instead.
    pub(super) fn receive(&self, ask: &Ask<'_>) -> Result<Vec<Message>, Refusal> {
        let mut groups = self.groups()?;
        groups.retain(|group| !ask.busy.contains(group));
        let share = groups.len().div_ceil(ask.slots.max(1));
        let (mut received, mut parts) = (Vec::new(), 0);
        for group in groups {
            if received.len() == ask.most || parts == share {
                break;
            }
            let before = received.len();
            self.receive_group(&group, ask, &mut received)?;
            // A group that has only become dead letters takes nobody's share.
            parts += usize::from(received.len() > before);
        }
        Ok(received)
    }

    /// Returns the groups that have something visible and nothing in flight, by their oldest
    /// message.
    pub(super) fn groups(&self) -> Result<Vec<String>, Refusal> {
        let mut statement = self.rows.prepare_cached(
            "SELECT group_id FROM messages WHERE queue = ?1
             GROUP BY group_id HAVING MAX(visible_at) <= ?2 ORDER BY MIN(sequence)",
        )?;
        let groups = statement.query_map(params![self.name, self.now], |row| row.get(0))?;
        Ok(groups.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the time at which the next group will have nothing in flight any more, if nobody
    /// deletes or changes anything.
    pub(super) fn next(&self) -> Result<Option<i64>, Refusal> {
        Ok(self.rows.query_row(
            "SELECT MIN(free_at) FROM (SELECT MAX(visible_at) AS free_at FROM messages
             WHERE queue = ?1 GROUP BY group_id) WHERE free_at > ?2",
            params![self.name, self.now],
            |row| row.get(0),
        )?)
    }

    fn receive_group(
        &self,
        group: &str,
        ask: &Ask<'_>,
        received: &mut Vec<Message>,
    ) -> Result<(), Refusal> {
        let mut last = 0;
        while received.len() < ask.most {
            let Some(mut message) = self.after(group, last)? else { break };
            last = message.sequence;
            if self.name == self.attributes.name
                && message.receives >= self.attributes.most_receives
            {
                self.bury(&message)?;
                continue;
            }
            message.receives += 1;
            message.first_received_at.get_or_insert(self.now);
            message.handle = message::handle(&message.id);
            let visibility = i64::try_from(ask.visibility.as_millis()).unwrap_or(i64::MAX / 4);
            self.rows.execute(
                "UPDATE messages SET receives = ?2, first_received_at = ?3, received_at = ?4,
                     visible_at = ?5, is_hidden = 0, handle = ?6 WHERE sequence = ?1",
                params![
                    message.sequence,
                    message.receives,
                    message.first_received_at,
                    self.now,
                    self.now + visibility,
                    message.handle,
                ],
            )?;
            received.push(message);
        }
        Ok(())
    }

    /// Returns the next message of a group.
    fn after(&self, group: &str, sequence: i64) -> Result<Option<Message>, Refusal> {
        let mut statement = self.rows.prepare_cached(
            "SELECT * FROM messages WHERE queue = ?1 AND group_id = ?2 AND sequence > ?3
             ORDER BY sequence LIMIT 1",
        )?;
        Ok(statement.query_row(params![self.name, group, sequence], read).optional()?)
    }

    /// Moves a message to the dead letters. Its age begins anew there, as FIFO queues have it.
    fn bury(&self, message: &Message) -> Result<(), Refusal> {
        tracing::warn!(id = message.id, receives = message.receives, "a message is given up");
        self.rows.execute("DELETE FROM messages WHERE sequence = ?1", [message.sequence])?;
        self.rows.execute(
            "INSERT INTO messages (id, queue, group_id, deduplication_id, body, sent_at,
                 visible_at, receives, first_received_at, handle, gave_up)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, ?10)",
            params![
                message.id,
                self.attributes.dead,
                message.group,
                message.deduplication,
                message.body,
                self.now,
                message.receives,
                message.first_received_at,
                message.handle,
                arn(self.name),
            ],
        )?;
        Ok(())
    }

    /// Makes visible what is in flight, except what is hidden.
    pub(super) fn release(&self) -> Result<(), Refusal> {
        self.rows.execute(
            "UPDATE messages SET visible_at = ?2
             WHERE queue = ?1 AND visible_at > ?2 AND is_hidden = 0",
            params![self.name, self.now],
        )?;
        Ok(())
    }

    /// Counts the messages.
    pub(super) fn counts(&self) -> Result<Counts, Refusal> {
        Ok(self.rows.query_row(
            "SELECT COUNT(*) FILTER (WHERE visible_at <= ?2),
                 COUNT(*) FILTER (WHERE visible_at > ?2) FROM messages WHERE queue = ?1",
            params![self.name, self.now],
            |row| Ok(Counts { visible: row.get(0)?, in_flight: row.get(1)? }),
        )?)
    }

    /// Returns the bodies of all messages, oldest first.
    pub(super) fn bodies(&self) -> Result<Vec<String>, Refusal> {
        let mut statement =
            self.rows.prepare("SELECT body FROM messages WHERE queue = ?1 ORDER BY sequence")?;
        let bodies = statement.query_map([self.name], |row| row.get(0))?;
        Ok(bodies.collect::<rusqlite::Result<_>>()?)
    }

    /// Deletes all messages.
    pub(super) fn purge(&self) -> Result<(), Refusal> {
        self.rows.execute("DELETE FROM messages WHERE queue = ?1", [self.name])?;
        Ok(())
    }

    /// Forgets all deduplication ids.
    pub(super) fn forget(&self) -> Result<(), Refusal> {
        self.rows.execute("DELETE FROM deduplication WHERE queue = ?1", [self.name])?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        id: row.get("id")?,
        sequence: row.get("sequence")?,
        group: row.get("group_id")?,
        deduplication: row.get("deduplication_id")?,
        body: row.get("body")?,
        sent_at: row.get("sent_at")?,
        first_received_at: row.get("first_received_at")?,
        receives: row.get("receives")?,
        handle: row.get("handle")?,
        gave_up: row.get("gave_up")?,
    })
}
