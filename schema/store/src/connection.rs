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

/// How long a connection's rows outlive the gateway's longest connection, in seconds.
const CONNECTION_SECONDS: u64 = 3 * 60 * 60;
/// How long a tombstone of a completed operation is kept, in seconds.
const TOMBSTONE_SECONDS: u64 = 5 * 60;
/// The most operations of one connection.
pub const MOST_OPERATIONS: u32 = 100;
/// How long the documents of a connection's operations are at most, in bytes, all together: whoever
/// tells something reads those of all who listen.
pub const MOST_PAYLOAD_BYTES: usize = 256 * 1024;
/// How many rows of a connection that is gone are deleted at a time.
const DELETING: usize = 16;

/// A connection as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Connection {
    /// The gateway's id of it.
    pub id: String,
    /// How far its handshake is.
    pub phase: Phase,
    /// When it was opened.
    pub connected_at: Timestamp,
    /// Who is at the other end, as the one who acknowledged it wrote it down.
    pub caller: Option<String>,
    /// When the token of whoever is there expires.
    pub expires_at: Option<Timestamp>,
}

/// How far the handshake of a connection is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// It is open, and nobody knows whose it is.
    Opened,
    /// It is known whose it is.
    Acknowledged,
    /// It was refused: nothing of it is answered any more.
    Refused,
}

/// An operation that listens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listener {
    /// The connection that it is of.
    pub connection: String,
    /// Its id on that connection.
    pub operation: String,
    /// To what it listens.
    pub to: ListensTo,
    /// The gateway's time of its subscribe, in milliseconds: tells it from another operation under the
    /// same id. None of one that an older version registered.
    pub registered_at: Option<i64>,
    /// Since when it is being caught up by the one who registered it; none once it is caught up.
    pub replaying_since: Option<Timestamp>,
    /// Up to which number it had been caught up when it went live, while the one who registered it
    /// still posts what came meanwhile: until then everything is told from there on, so that
    /// whichever of the two is first, nothing comes before what stands before it.
    pub live_after: Option<u64>,
    /// When the token behind it expires.
    pub expires_at: Timestamp,
    /// Its document, its listener and whatever else the one who registered it wrote down.
    pub payload: String,
}

/// To what an operation listens: the partition that it is found in.
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

/// What stands under the id of an operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Registered {
    /// It runs, since the gateway's time of its subscribe, in milliseconds.
    Active(i64),
    /// It was completed at the gateway's time, in milliseconds.
    Completed(i64),
}

impl Registered {
    /// The gateway's time of the subscribe of an operation that runs, in milliseconds.
    #[must_use]
    pub const fn since(self) -> Option<i64> {
        match self {
            Self::Active(since) => Some(since),
            Self::Completed(_) => None,
        }
    }
}

/// How a registration ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Registration {
    /// It listens.
    Done,
    /// Something stands under its id.
    Found(Registered),
    /// The connection is gone, or not acknowledged.
    Gone,
    /// The connection has as many operations as it may have.
    Full,
}

impl Store {
    /// Notes a new connection, which the gateway opened then. Until it is acknowledged it is due to be
    /// ended.
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

    /// The connection as it is now.
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

    /// Notes that the connection is refused, so that nothing more of it is answered, and forgets what it
    /// listens to, so that nothing more is pushed to it. A client that stays all the same is ended by a
    /// walk.
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

    /// One conditional write of a connection, in a transaction, so that it can be sent again.
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

    /// Registers an operation, if its connection is there, has room for it, and nothing stands under
    /// its id. The connection counts its operations in the same transaction, so that there are never
    /// more. What
    /// stands there is a tombstone when `complete` overtook `subscribe`; `replaces` is one that is
    /// older, and goes.
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

    /// Says that an operation was caught up to `posted`: from now on the fan-out delivers to it what
    /// stands after that. False when it was completed meanwhile.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn go_live(&self, listener: &Listener, posted: u64) -> Result<bool, Fault> {
        let update = self.db.update_item().update_expression("SET lf = :posted");
        let update = update.expression_attribute_values(":posted", number(posted));
        self.update_listener(listener, update).await
    }

    /// Says that everything was posted that stood there after the operation went live: from now on
    /// the fan-out delivers what is new, once.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn caught_up(&self, listener: &Listener) -> Result<(), Fault> {
        let update = self.db.update_item().update_expression("REMOVE rp, lf");
        self.update_listener(listener, update).await.map(|_| ())
    }

    /// One write of a listener's row, which may be sent again; false when it is gone, or when another
    /// operation stands there by now under the same id.
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

    /// One conditional update, which may be sent again; false when its guard fails.
    async fn conditionally(&self, update: UpdateItemFluentBuilder) -> Result<bool, Fault> {
        Ok(self.sent(|_| update.clone().send(), refused).await?.answer.is_ok())
    }

    /// What stands under an operation's id of a connection.
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

    /// Ends an operation that runs: it is found no more, and its connection has room for another.
    /// Ends the one that was registered at that time, in the gateway's milliseconds, and no later one
    /// under the same id; without a time, the one that runs now.
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
                // Nobody counts any more.
                self.delete_place(&item).await?;
                self.delete_live(&key).await.map(drop)
            }
            // Whatever stands there by now under this id is another operation.
            Committed::Done | Committed::Guarded(_) => Ok(()),
        }
    }

    /// The rows that end an operation as it was read.
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

    /// Leaves word that an operation was completed, for a subscribe that is still on its way;
    /// unless something newer stands there.
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

    /// Forgets a connection with all that it listens to. The connection goes first, so that no
    /// subscribe can come in behind it.
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

    /// The operations that listen to the desks of employees of a tenant.
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
        // One query over all between the first and the last: few people are few rows, and many are
        // most of the partition.
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

    /// The operations that listen to a dialog or to a client's side of it.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn listeners(&self, to: &ListensTo) -> Result<Vec<Listener>, Fault> {
        let pk = to.key("", "").pk;
        let items = self.range(Table::Live, &Range::starting(&pk, "", usize::MAX)).await?;
        items.iter().filter_map(|item| self.listener(item, to.clone()).transpose()).collect()
    }

    /// A listener as it is stored; `None` of one that is over.
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

    /// Deletes an item; as it was, if it was there.
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
