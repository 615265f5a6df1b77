//! Operations of a connection: registers them within its limits, and ends them.

use super::subscription::Place;
use super::{CONNECTION_SECONDS, Subscription};
use crate::record::connection::Operation;
use crate::table::{Committed, Expression, Item, Key, Part, Read, Row, Table, decode, encode, key};
use crate::{Fault, Store};

/// The time that the tombstone of a completed operation is kept, in seconds.
const TOMBSTONE_SECONDS: u64 = 5 * 60;
/// The most operations of one connection.
pub const MOST_OPERATIONS: u32 = 100;
/// The most bytes of the documents of a connection's operations, and of their entries in the item of a
/// desk, all together.
pub const MOST_PAYLOAD_BYTES: usize = 256 * 1024;

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
    /// Registers an operation, if its connection exists and has room for it, and its id is free.
    /// The connection counts its operations in the same transaction, so that the limit is exact. A
    /// tombstone under the id means that `complete` overtook `subscribe`. `replaces` is an older
    /// tombstone, which the registration overwrites. `bytes` is the length of its document.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn register(
        &self,
        subscription: &Subscription,
        bytes: usize,
        replaces: Option<Registered>,
    ) -> Result<Registration, Fault> {
        let Some(rows) = self.registration(subscription, bytes, replaces)? else {
            return Ok(Registration::Full);
        };
        let Committed::Guarded(mut failed) = self.commit(|| rows.clone()).await? else {
            return Ok(Registration::Done);
        };
        let is_desk_full = failed.iter().all(|(part, _)| *part == Part::Tally);
        if is_desk_full {
            // What connections left behind that nobody reported as gone is over by its own time.
            if !self.make_room(&subscription.key()).await? {
                return Ok(Registration::Full);
            }
            match self.commit(|| rows.clone()).await? {
                Committed::Done => return Ok(Registration::Done),
                Committed::Guarded(again) => failed = again,
            }
        }
        let of = |wanted: Part| {
            let found = failed.iter().find(|(part, _)| *part == wanted)?;
            Some(found.1.clone().unwrap_or_default())
        };
        if let Some(item) = of(Part::Once) {
            return Ok(Registration::Found(registered(&item)?));
        }
        let Some(connection) = of(Part::Connection) else { return Ok(Registration::Full) };
        let is_there = Read(&connection).maybe_text("ph") == Some("a");
        Ok(if is_there { Registration::Full } else { Registration::Gone })
    }

    /// Returns the rows of a registration; `None` when its document is too large.
    fn registration(
        &self,
        subscription: &Subscription,
        bytes: usize,
        replaces: Option<Registered>,
    ) -> Result<Option<Vec<Row>>, Fault> {
        let ttl = self.now().as_seconds() + CONNECTION_SECONDS;
        let connection = &subscription.connection;
        let (place, placed) = subscription.placed(ttl)?;
        // What stands in an item that others share is bounded, too.
        let bytes = bytes + place.entry_bytes();
        let Some(room) = MOST_PAYLOAD_BYTES.checked_sub(bytes) else { return Ok(None) };
        let count = Expression::update("ADD n :one, b :bytes")
            .when(
                "ph = :a AND (attribute_not_exists(n) OR n < :most)
                 AND (attribute_not_exists(b) OR b <= :room)",
            )
            .text(":a", "a")
            .number(":one", 1)
            .number(":most", MOST_OPERATIONS)
            .number(":bytes", bytes)
            .number(":room", room);
        let own = Operation {
            since: Some(subscription.registered_at.unwrap_or(0)),
            bytes: i64::try_from(bytes).ok(),
            ttl,
            ..place.of_operation()
        };
        let own = encode(&key::operation(connection, &subscription.operation), &own);
        let guard = match replaces {
            None | Some(Registered::Active(_)) => Expression::guard("attribute_not_exists(pk)"),
            Some(Registered::Completed(at)) => {
                Expression::guard("attribute_not_exists(pk) OR done = :done").number(":done", at)
            }
        };
        Ok(Some(vec![
            Row::update(Table::Live, Part::Connection, &key::connection(connection), count),
            Row::put_if(Table::Live, Part::Once, own, guard),
            placed,
        ]))
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
        let rows = self.end_rows(connection, &key, &item, since)?;
        match self.commit(|| rows.clone()).await? {
            Committed::Guarded(failed)
                if failed.iter().any(|(part, _)| *part == Part::Connection) =>
            {
                // The connection is gone, and its count with it.
                self.delete_place(&item).await?;
                self.delete(Table::Live, &key).await.map(drop)
            }
            // If there is a row with this id now, it belongs to another operation.
            Committed::Done | Committed::Guarded(_) => Ok(()),
        }
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
        let tombstone = Operation { done: Some(completed_at), ttl, ..Operation::default() };
        let item = encode(&key::operation(connection, operation), &tombstone);
        let guard = Expression::guard("attribute_not_exists(pk) OR done < :done");
        let guard = guard.number(":done", completed_at);
        let row = Row::put_if(Table::Live, Part::Once, item, guard);
        match self.commit(|| vec![row.clone()]).await? {
            Committed::Done => Ok(None),
            Committed::Guarded(failed) => {
                let item = failed.into_iter().find_map(|(_, item)| item);
                item.as_ref().map(registered).transpose()
            }
        }
    }

    /// Takes an operation out of the place where the fan-out finds it.
    pub(super) async fn delete_place(&self, operation: &Item) -> Result<(), Fault> {
        match place(operation) {
            Some(Place::Row(key)) => self.delete(Table::Live, &key).await.map(drop),
            Some(Place::Entry(key, entry)) => {
                let update = Expression::update("DELETE ss :entry")
                    .when("attribute_exists(pk)")
                    .texts(":entry", [entry]);
                self.update(Table::Live, &key, update).await.map(drop)
            }
            None => Ok(()),
        }
    }

    /// Returns the rows that end an operation, as it was read.
    fn end_rows(
        &self,
        connection: &str,
        key: &Key,
        operation: &Item,
        since: i64,
    ) -> Result<Vec<Row>, Fault> {
        let bytes = decode::<Operation>(operation)?.bytes.unwrap_or(0);
        let own = Expression::guard("since = :since").number(":since", since);
        let count = Expression::update("ADD n :less, b :bytes")
            .when("attribute_exists(pk)")
            .number(":less", -1)
            .number(":bytes", -bytes);
        let mut rows = vec![
            Row::delete_if(Table::Live, Part::Once, key, own),
            Row::update(Table::Live, Part::Connection, &key::connection(connection), count),
        ];
        let ttl = self.now().as_seconds() + CONNECTION_SECONDS;
        rows.extend(place(operation).map(|place| place.leave(ttl)));
        Ok(rows)
    }
}

/// Returns the place where the fan-out finds an operation.
fn place(operation: &Item) -> Option<Place> {
    let found: Operation = decode(operation).ok()?;
    Some(match found.entry {
        Some(entry) => Place::Entry(Key::of(found.entry_pk?, found.entry_sk?), entry),
        None => Place::Row(Key::of(found.place_pk?, found.place_sk?)),
    })
}

fn registered(item: &Item) -> Result<Registered, Fault> {
    let Operation { since, done, .. } = decode(item)?;
    Ok(match done {
        Some(at) => Registered::Completed(at),
        None => Registered::Active(since.ok_or_else(|| Read(item).corrupt("since"))?),
    })
}
