//! Connections: who is at the other end of a socket, and which operations subscribed over it.

mod document;
pub mod due;
pub mod holder;
mod operation;
mod subscription;

use crate::record;
use crate::record::Millis;
use crate::table::{
    Committed, Expression, Key, Part, Range, Read, Row, Table, decode, encode, key,
};
use crate::{Fault, Store};
use domain::Timestamp;
use futures::{StreamExt, TryStreamExt, stream};

pub use crate::record::letter::Phase;
pub use document::DOCUMENT_SECONDS;
pub use operation::{MOST_OPERATIONS, MOST_PAYLOAD_BYTES, Registered, Registration};
pub use subscription::{Subscription, Topic};

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

impl Store {
    /// Stores a new connection, which the gateway opened at this moment. Until it is acknowledged
    /// it is due to be closed by a sweep.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn open_connection(&self, id: &str, opened_at: Timestamp) -> Result<(), Fault> {
        let due = self.now().plus_millis(due::INITIALISATION_MILLIS);
        self.put_connection(id, Phase::Opened, opened_at, due).await
    }

    /// Stores a connection without an owner, which is due to be closed by a sweep.
    async fn put_connection(
        &self,
        id: &str,
        phase: Phase,
        opened_at: Timestamp,
        due: Timestamp,
    ) -> Result<(), Fault> {
        let due = key::due_connection(id, due);
        let connection = record::connection::Connection {
            phase,
            connected_at: Millis(opened_at),
            caller: None,
            expires_at: None,
            ttl: self.now().as_seconds() + CONNECTION_SECONDS,
            due_pk: Some(due.pk),
            due_sk: Some(due.sk),
        };
        self.put(Table::Live, &encode(&key::connection(id), &connection)).await
    }

    /// Reads the connection, consistently.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn connection(&self, id: &str) -> Result<Option<Connection>, Fault> {
        let Some(item) = self.item(Table::Live, &key::connection(id)).await? else {
            return Ok(None);
        };
        let found: record::connection::Connection = decode(&item)?;
        let is_over = found.ttl <= self.now().as_seconds();
        Ok((!is_over).then(|| Connection {
            id: id.to_owned(),
            phase: found.phase,
            connected_at: found.connected_at.0,
            caller: found.caller,
            expires_at: found.expires_at.map(|at| at.0),
        }))
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
            Some((tenant, person)) => self.of(&tenant).leave_lease(&person, id).await,
            None => Ok(()),
        }
    }
}
