//! Connections: who is at the other end of a socket, and which operations subscribed over it.

pub mod due;
pub mod holder;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    Delete, Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use domain::{ConversationId, EmployeeId, TenantId, Timestamp};
use futures::{StreamExt, TryStreamExt, stream};

use crate::attribute::{Build, Item, Read, number, text};
use crate::call::{Range, Table, key_item};
use crate::commit::{Committed, refused};
use crate::key::{self, Key};
use crate::row::{Part, Row, built, updated};
use crate::{Fault, Store};

/// The time that a connection's rows outlive the gateway's longest connection, in seconds.
const CONNECTION_SECONDS: u64 = 3 * 60 * 60;
/// The time that the tombstone of a completed operation is kept, in seconds.
const TOMBSTONE_SECONDS: u64 = 5 * 60;
/// The most operations of one connection.
pub const MOST_OPERATIONS: u32 = 100;
/// The most bytes of the documents of a connection's operations, all together: each push reads the
/// documents of all subscribers.
pub const MOST_PAYLOAD_BYTES: usize = 256 * 1024;
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

/// An operation that is subscribed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listener {
    /// The connection that it belongs to.
    pub connection: String,
    /// Its id on that connection.
    pub operation: String,
    /// The feed that it subscribes to.
    pub to: ListensTo,
    /// The gateway's time of its subscribe, in milliseconds: distinguishes it from another
    /// operation with the same id. None for an operation registered by an older version.
    pub registered_at: Option<i64>,
    /// The moment when its replay began; none once the replay is over.
    pub replaying_since: Option<Timestamp>,
    /// The number up to which it had been replayed when it went live, while the replay still posts
    /// what was written meanwhile. Until the replay is over, the fan-out posts everything after
    /// that number too. So whichever of the two comes first, each entry arrives after those before
    /// it.
    pub live_after: Option<u64>,
    /// The moment when the subscriber's token expires.
    pub expires_at: Timestamp,
    /// Its document, its subscription and other data stored at its registration, serialised.
    pub payload: String,
}

/// The feed that an operation subscribes to: it determines the partition of its row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ListensTo {
    /// An employee's desk.
    Desk(TenantId, EmployeeId),
    /// A dialog, for employees.
    Dialog(TenantId, ConversationId),
    /// A conversation, for its client.
    Client(TenantId, ConversationId),
}

impl ListensTo {
    fn key(&self, connection: &str, operation: &str) -> Key {
        let operation = domain::id::digest(&[operation]);
        match self {
            Self::Desk(tenant, person) => {
                Key::of(key::desk_listeners(tenant), format!("{person}#{connection}#{operation}"))
            }
            Self::Dialog(tenant, conversation) => Key::of(
                key::dialog_listeners(tenant, conversation),
                format!("{connection}#{operation}"),
            ),
            Self::Client(tenant, conversation) => Key::of(
                key::client_listeners(tenant, conversation),
                format!("{connection}#{operation}"),
            ),
        }
    }
}

/// The content of the row of an operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Registered {
    /// The operation runs. With the gateway's time of its subscribe, in milliseconds.
    Active(i64),
    /// The operation was completed, at the gateway's time, in milliseconds.
    Completed(i64),
}

impl Registered {
    /// Returns the gateway's time of the subscribe of an operation that runs, in milliseconds.
    #[must_use]
    pub const fn since(self) -> Option<i64> {
        match self {
            Self::Active(since) => Some(since),
            Self::Completed(_) => None,
        }
    }
}

/// The result of a registration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Registration {
    /// The operation is subscribed.
    Done,
    /// There is a row with its id already.
    Found(Registered),
    /// The connection is gone, or not acknowledged.
    Gone,
    /// The connection has the most operations allowed.
    Full,
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
        self.put_live(item).await
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
        let update = Update::builder()
            .update_expression("SET ph = :r, wp = :wp, ws = :ws")
            .condition_expression("attribute_exists(pk) AND ph <> :r")
            .expression_attribute_values(":r", text("r"))
            .expression_attribute_values(":wp", text(due.pk))
            .expression_attribute_values(":ws", text(due.sk));
        let is_first = self.transition(id, update).await?;
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
                match crate::call::key_of(&row) {
                    Some(key) => self.delete_live(&key).await.map(drop),
                    None => Ok(()),
                }
            })
            .buffer_unordered(DELETING)
            .try_collect::<()>()
            .await
    }

    /// Writes a connection under a condition, in a transaction, so that the write can be sent
    /// again.
    async fn transition(
        &self,
        id: &str,
        update: aws_sdk_dynamodb::types::builders::UpdateBuilder,
    ) -> Result<bool, Fault> {
        let update = update
            .table_name(&self.tables.live)
            .set_key(Some(key_item(&key::connection(id))))
            .build()
            .map_err(built)?;
        let row =
            Row { part: Part::Other, write: TransactWriteItem::builder().update(update).build() };
        Ok(matches!(self.commit(|| Ok(vec![row.clone()])).await?, Committed::Done))
    }

    /// Registers an operation, if its connection exists and has room for it, and its id is free.
    /// The connection counts its operations in the same transaction, so that the limit is exact. A
    /// tombstone under the id means that `complete` overtook `subscribe`. `replaces` is an older
    /// tombstone, which the registration overwrites.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn register(
        &self,
        listener: &Listener,
        replaces: Option<Registered>,
    ) -> Result<Registration, Fault> {
        let Some(rows) = self.registration(listener, replaces)? else {
            return Ok(Registration::Full);
        };
        let Committed::Guarded(failed) = self.commit(|| Ok(rows.clone())).await? else {
            return Ok(Registration::Done);
        };
        let of = |wanted: Part| {
            let found = failed.iter().find(|(part, _)| *part == wanted)?;
            Some(found.1.clone().unwrap_or_default())
        };
        if let Some(item) = of(Part::Once) {
            return Ok(Registration::Found(registered(&item)?));
        }
        let connection = of(Part::Connection).unwrap_or_default();
        let is_there = Read(&connection).maybe_text("ph") == Some("a");
        Ok(if is_there { Registration::Full } else { Registration::Gone })
    }

    fn registration(
        &self,
        listener: &Listener,
        replaces: Option<Registered>,
    ) -> Result<Option<Vec<Row>>, Fault> {
        let table = &self.tables.live;
        let (connection, operation) = (&listener.connection, &listener.operation);
        let ttl = self.now().as_seconds() + CONNECTION_SECONDS;
        let place = listener.to.key(connection, operation);
        let Some(room) = MOST_PAYLOAD_BYTES.checked_sub(listener.payload.len()) else {
            return Ok(None);
        };
        let count = Update::builder()
            .update_expression("ADD n :one, b :bytes")
            .condition_expression(
                "ph = :a AND (attribute_not_exists(n) OR n < :most)
                 AND (attribute_not_exists(b) OR b <= :room)",
            )
            .expression_attribute_values(":a", text("a"))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(MOST_OPERATIONS))
            .expression_attribute_values(":bytes", number(listener.payload.len()))
            .expression_attribute_values(":room", number(room));
        let count = updated(table, Part::Connection, &key::connection(connection), count)?;
        let own = Build::keyed(&key::operation(connection, operation))
            .number("since", listener.registered_at.unwrap_or(0))
            .number("b", listener.payload.len())
            .text("tp", &place.pk)
            .text("ts", &place.sk)
            .number("ttl", ttl)
            .done();
        let mut put = Put::builder()
            .table_name(table)
            .set_item(Some(own))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        put = match replaces {
            None | Some(Registered::Active(_)) => {
                put.condition_expression("attribute_not_exists(pk)")
            }
            Some(Registered::Completed(at)) => put
                .condition_expression("attribute_not_exists(pk) OR done = :done")
                .expression_attribute_values(":done", number(at)),
        };
        let found = Build::keyed(&place)
            .text("cn", connection)
            .text("id", operation)
            .number_if("sn", listener.registered_at)
            .number_if("rp", listener.replaying_since.map(Timestamp::as_millis))
            .time("exp", listener.expires_at)
            .text("pl", &listener.payload)
            .number("ttl", ttl)
            .done();
        let found = Put::builder().table_name(table).set_item(Some(found));
        let write = TransactWriteItem::builder;
        Ok(Some(vec![
            count,
            Row { part: Part::Once, write: write().put(put.build().map_err(built)?).build() },
            Row { part: Part::Other, write: write().put(found.build().map_err(built)?).build() },
        ]))
    }

    /// Marks an operation as replayed up to `posted`: from now on the fan-out delivers to it what
    /// comes after that. Returns false when it was completed meanwhile.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn go_live(&self, listener: &Listener, posted: u64) -> Result<bool, Fault> {
        let update = self.db.update_item().update_expression("SET lf = :posted");
        let update = update.expression_attribute_values(":posted", number(posted));
        self.update_listener(listener, update).await
    }

    /// Marks the replay as over, once everything written before the operation went live is posted:
    /// from now on the fan-out delivers only new changes, once.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn caught_up(&self, listener: &Listener) -> Result<(), Fault> {
        let update = self.db.update_item().update_expression("REMOVE rp, lf");
        self.update_listener(listener, update).await.map(|_| ())
    }

    /// Updates a subscription's row; the update may be sent again. Returns false when the row is
    /// gone, or when it belongs to another operation with the same id by now.
    async fn update_listener(
        &self,
        listener: &Listener,
        update: UpdateItemFluentBuilder,
    ) -> Result<bool, Fault> {
        let key = listener.to.key(&listener.connection, &listener.operation);
        let update = update
            .table_name(&self.tables.live)
            .set_key(Some(key_item(&key)))
            .condition_expression("sn = :sn")
            .expression_attribute_values(":sn", number(listener.registered_at.unwrap_or(0)));
        self.conditionally(update).await
    }

    /// Sends a conditional update, which may be sent again. Returns false when its guard fails.
    async fn conditionally(&self, update: UpdateItemFluentBuilder) -> Result<bool, Fault> {
        Ok(self.sent(|_| update.clone().send(), refused).await?.answer.is_ok())
    }

    /// Returns the content of the row of an operation: its registration or its tombstone.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn registered(
        &self,
        connection: &str,
        operation: &str,
    ) -> Result<Option<Registered>, Fault> {
        let item = self.item(Table::Live, &key::operation(connection, operation)).await?;
        item.as_ref().map(registered).transpose()
    }

    /// Ends an operation that runs: deletes its subscription, and makes room for another on its
    /// connection. With a time, in the gateway's milliseconds, ends the one registered at that
    /// time, and no later one with the same id; without a time, the one that runs now.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn unregister(
        &self,
        connection: &str,
        operation: &str,
        registered_at: Option<i64>,
    ) -> Result<(), Fault> {
        let key = key::operation(connection, operation);
        let Some(item) = self.item(Table::Live, &key).await? else { return Ok(()) };
        let Registered::Active(since) = registered(&item)? else { return Ok(()) };
        if registered_at.is_some_and(|registered_at| registered_at != since) {
            return Ok(());
        }
        let rows = self.removal(connection, &key, &item, since)?;
        match self.commit(|| Ok(rows.clone())).await? {
            Committed::Guarded(failed)
                if failed.iter().any(|(part, _)| *part == Part::Connection) =>
            {
                // The connection is gone, and its count with it.
                self.delete_place(&item).await?;
                self.delete_live(&key).await.map(drop)
            }
            // If there is a row with this id now, it belongs to another operation.
            Committed::Done | Committed::Guarded(_) => Ok(()),
        }
    }

    /// Returns the rows that end an operation, as it was read.
    fn removal(
        &self,
        connection: &str,
        key: &Key,
        operation: &Item,
        since: i64,
    ) -> Result<Vec<Row>, Fault> {
        let table = &self.tables.live;
        let read = Read(operation);
        let bytes = read.maybe_number::<i64>("b")?.unwrap_or(0);
        let own = Delete::builder()
            .table_name(table)
            .set_key(Some(key_item(key)))
            .condition_expression("since = :since")
            .expression_attribute_values(":since", number(since));
        let count = Update::builder()
            .update_expression("ADD n :less, b :bytes")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":less", number(-1))
            .expression_attribute_values(":bytes", number(-bytes));
        let write = TransactWriteItem::builder;
        let mut rows = vec![
            Row { part: Part::Once, write: write().delete(own.build().map_err(built)?).build() },
            updated(table, Part::Connection, &key::connection(connection), count)?,
        ];
        if let (Some(pk), Some(sk)) = (read.maybe_text("tp"), read.maybe_text("ts")) {
            let place = Delete::builder()
                .table_name(table)
                .set_key(Some(key_item(&Key::of(pk.to_owned(), sk))));
            let write = write().delete(place.build().map_err(built)?).build();
            rows.push(Row { part: Part::Other, write });
        }
        Ok(rows)
    }

    /// Leaves a tombstone for a completed operation, for a subscribe that is still on its way,
    /// unless something newer is stored under the id.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn leave_tombstone(
        &self,
        connection: &str,
        operation: &str,
        completed_at: i64,
    ) -> Result<Option<Registered>, Fault> {
        let ttl = self.now().as_seconds() + TOMBSTONE_SECONDS;
        let item = Build::keyed(&key::operation(connection, operation))
            .number("done", completed_at)
            .number("ttl", ttl)
            .done();
        let put = Put::builder()
            .table_name(&self.tables.live)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk) OR done < :done")
            .expression_attribute_values(":done", number(completed_at))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let write = TransactWriteItem::builder().put(put.build().map_err(built)?).build();
        let row = Row { part: Part::Once, write };
        match self.commit(|| Ok(vec![row.clone()])).await? {
            Committed::Done => Ok(None),
            Committed::Guarded(failed) => {
                let item = failed.into_iter().find_map(|(_, item)| item);
                item.as_ref().map(registered).transpose()
            }
        }
    }

    /// Deletes a connection with all its subscriptions. The connection goes first, so that no
    /// subscribe can be registered after it.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn close_connection(&self, id: &str) -> Result<(), Fault> {
        let connection = key::connection(id);
        let found = self.delete_live(&connection).await?.unwrap_or_default();
        self.forget_operations(id).await?;
        if let Some(holder) = Read(&found).maybe_text("of") {
            self.let_go(holder, id).await?;
        }
        match Read(&found).maybe_text("le").and_then(key::read_lease) {
            Some((tenant, person)) => self.leave_lease(&tenant, &person, id).await,
            None => Ok(()),
        }
    }

    /// Returns the operations that subscribe to the desks of employees of a tenant.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn desk_listeners(
        &self,
        tenant: &TenantId,
        people: &std::collections::BTreeSet<EmployeeId>,
    ) -> Result<Vec<(EmployeeId, Listener)>, Fault> {
        let (Some(first), Some(last)) = (people.first(), people.last()) else {
            return Ok(Vec::new());
        };
        let pk = key::desk_listeners(tenant);
        // One query reads all rows between the first and the last employee: for a few employees
        // those are few rows, and for many they are most of the partition.
        let range = Range {
            from: format!("{first}#"),
            to: format!("{last}#\u{10FFFF}"),
            ..Range::starting(&pk, "", usize::MAX)
        };
        let mut found = Vec::new();
        for item in self.range(Table::Live, &range).await? {
            let person = Read(&item).parsed("sk", |sk| EmployeeId::parse(sk.split('#').next()?))?;
            if people.contains(&person)
                && let Some(listener) =
                    self.listener(&item, ListensTo::Desk(tenant.clone(), person.clone()))?
            {
                found.push((person, listener));
            }
        }
        Ok(found)
    }

    /// Returns the operations that subscribe to a dialog or to its client's side.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn listeners(&self, to: &ListensTo) -> Result<Vec<Listener>, Fault> {
        let pk = to.key("", "").pk;
        let items = self.range(Table::Live, &Range::starting(&pk, "", usize::MAX)).await?;
        items.iter().filter_map(|item| self.listener(item, to.clone()).transpose()).collect()
    }

    /// Decodes a subscription from its item; `None` for an operation that is over.
    fn listener(&self, item: &Item, to: ListensTo) -> Result<Option<Listener>, Fault> {
        let read = Read(item);
        let expires_at = read.time("exp")?;
        let now = self.now();
        if expires_at <= now || read.number::<u64>("ttl")? <= now.as_seconds() {
            return Ok(None);
        }
        Ok(Some(Listener {
            connection: read.text("cn")?.to_owned(),
            operation: read.text("id")?.to_owned(),
            to,
            registered_at: read.maybe_number("sn")?,
            replaying_since: read.maybe_time("rp")?,
            live_after: read.maybe_number("lf")?,
            expires_at,
            payload: read.text("pl")?.to_owned(),
        }))
    }

    async fn delete_place(&self, operation: &Item) -> Result<(), Fault> {
        let read = Read(operation);
        if let (Some(pk), Some(sk)) = (read.maybe_text("tp"), read.maybe_text("ts")) {
            self.delete_live(&Key::of(pk.to_owned(), sk)).await?;
        }
        Ok(())
    }

    async fn put_live(&self, item: Item) -> Result<(), Fault> {
        let table = &self.tables.live;
        self.answered(|| self.db.put_item().table_name(table).set_item(Some(item.clone())).send())
            .await?;
        Ok(())
    }

    /// Deletes an item, and returns it as it was, if it existed.
    async fn delete_live(&self, key: &Key) -> Result<Option<Item>, Fault> {
        let table = &self.tables.live;
        let deleted = self
            .answered(|| {
                self.db
                    .delete_item()
                    .table_name(table)
                    .set_key(Some(key_item(key)))
                    .return_values(ReturnValue::AllOld)
                    .send()
            })
            .await?;
        Ok(deleted.attributes)
    }
}

fn registered(item: &Item) -> Result<Registered, Fault> {
    let read = Read(item);
    Ok(match read.maybe_number("done")? {
        Some(at) => Registered::Completed(at),
        None => Registered::Active(read.number("since")?),
    })
}
