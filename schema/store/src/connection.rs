//! Connections: who is at the other end of a socket, and which operations subscribed over it.

pub mod due;
pub mod holder;
mod listener;
mod operation;

use domain::Timestamp;
use futures::{StreamExt, TryStreamExt, stream};

use crate::table::{Build, Committed, Expression, Key, Part, Range, Read, Row, Table, key};
use crate::{Fault, Store};

pub use listener::{Listener, ListensTo};
pub use operation::{MOST_OPERATIONS, MOST_PAYLOAD_BYTES, Registered, Registration};

/// The time that a connection's rows outlive the gateway's longest connection, in seconds.
const CONNECTION_SECONDS: u64 = 3 * 60 * 60;
/// The number of rows of a closed connection that are deleted at a time.
const DELETING: usize = 16;

/// A connection as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Connection {
    /// The connection's id, given by the gateway.
    pub id: String,
    /// The progress of its handshake.
    pub phase: Phase,
    /// The moment when it was opened.
    pub connected_at: Timestamp,
    /// The client or employee at the other end, as serialised at the acknowledgement.
    pub caller: Option<String>,
    /// The moment when the caller's token expires.
    pub expires_at: Option<Timestamp>,
}

/// The progress of a connection's handshake.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// It is open, and its owner is unknown.
    Opened,
    /// Its owner is known.
    Acknowledged,
    /// It was refused: none of its messages is answered any more.
    Refused,
}

impl Store {
    /// Stores a new connection, which the gateway opened at this moment. Until it is acknowledged
    /// it is due to be closed by a sweep.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn open_connection(&self, id: &str, opened_at: Timestamp) -> Result<(), Fault> {
        let now = self.now();
        let due = key::due_connection(id, now.plus_millis(due::INITIALISATION_MILLIS));
        let item = Build::keyed(&key::connection(id))
            .text("ph", "o")
            .time("at", opened_at)
            .number("ttl", now.as_seconds() + CONNECTION_SECONDS)
            .text("wp", due.pk)
            .text("ws", due.sk)
            .done();
        self.put(Table::Live, &item).await
    }

    /// Reads the connection, consistently.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn connection(&self, id: &str) -> Result<Option<Connection>, Fault> {
        let Some(item) = self.item(Table::Live, &key::connection(id)).await? else {
            return Ok(None);
        };
        let read = Read(&item);
        let connection = Connection {
            id: id.to_owned(),
            phase: match read.text("ph")? {
                "o" => Phase::Opened,
                "a" => Phase::Acknowledged,
                _ => Phase::Refused,
            },
            connected_at: read.time("at")?,
            caller: read.maybe_text("who").map(str::to_owned),
            expires_at: read.maybe_time("exp")?,
        };
        let is_over = read.number::<u64>("ttl")? <= self.now().as_seconds();
        Ok((!is_over).then_some(connection))
    }

    /// Marks the connection as refused, so that none of its messages is answered any more, and
    /// deletes its subscriptions, so that nothing more is pushed to it. If the client stays
    /// connected, a sweep closes the connection.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn refuse_connection(&self, id: &str) -> Result<bool, Fault> {
        let due = self.now().plus_millis(due::INITIALISATION_MILLIS);
        let due = key::due_connection(id, due);
        let update = Expression::update("SET ph = :r, wp = :wp, ws = :ws")
            .when("attribute_exists(pk) AND ph <> :r")
            .text(":r", "r")
            .text(":wp", due.pk)
            .text(":ws", due.sk);
        // In a transaction, so that the write can be sent again.
        let row = Row::update(Table::Live, Part::Connection, &key::connection(id), update);
        let committed = self.commit(|| vec![row.clone()]).await?;
        let is_first = matches!(committed, Committed::Done);
        self.forget_operations(id).await?;
        Ok(is_first)
    }

    async fn forget_operations(&self, connection: &str) -> Result<(), Fault> {
        let pk = key::connection(connection).pk;
        let range = Range::starting(&pk, key::OPERATIONS, 10 * MOST_OPERATIONS as usize);
        let rows = self.range(Table::Live, &range).await?;
        stream::iter(rows)
            .map(|row| async move {
                self.delete_place(&row).await?;
                match Key::of_item(&row) {
                    Some(key) => self.delete(Table::Live, &key).await.map(drop),
                    None => Ok(()),
                }
            })
            .buffer_unordered(DELETING)
            .try_collect::<()>()
            .await
    }

    /// Deletes a connection with all its subscriptions. The connection goes first, so that no
    /// subscribe can be registered after it.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn close_connection(&self, id: &str) -> Result<(), Fault> {
        let connection = key::connection(id);
        let found = self.delete(Table::Live, &connection).await?.unwrap_or_default();
        self.forget_operations(id).await?;
        if let Some(holder) = Read(&found).maybe_text("of") {
            self.let_go(holder, id).await?;
        }
        match Read(&found).maybe_text("le").and_then(key::read_lease) {
            Some((tenant, person)) => self.leave_lease(&tenant, &person, id).await,
            None => Ok(()),
        }
    }
}
