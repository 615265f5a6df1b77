//! Connections that a sweep has to handle: it ends those that nobody authenticated in time and those
//! that were refused and stayed open, and reports lost frames on the others.

use std::collections::BTreeSet;

use domain::Timestamp;
use domain::presence::SKEW_MILLIS;
use futures::try_join;

use crate::connection::Phase;
use crate::lease::PAGE;
use crate::table::{Expression, Index, Key, Range, Read, Table, key, through};
use crate::{Fault, Store};

/// The most time between opening and acknowledgement of a connection, in milliseconds.
pub const INITIALISATION_MILLIS: u64 = 10_000;

/// The most operations of a connection noted as having lost a frame: a connection has no more.
const MOST_LOST: usize = 100;

/// A connection that is due.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Due {
    /// The connection's id, given by the gateway.
    pub id: String,
    /// The action that is due.
    pub what: What,
}

/// The action of the sweep on a connection that is due.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Closes it: it was never acknowledged, or it was refused and stayed open.
    End,
    /// Notifies the client that frames of these operations were lost.
    Lost(BTreeSet<String>),
}

impl Store {
    /// Notes that frames of operations were lost, so that a sweep notifies the client. An empty id
    /// is the acknowledgement of the connection itself. For a connection that is gone, does
    /// nothing.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn note_lost<'a>(
        &self,
        connection: &str,
        operations: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), Fault> {
        let lost: BTreeSet<String> =
            operations.into_iter().map(key::lost).take(MOST_LOST).collect();
        if lost.is_empty() {
            return Ok(());
        }
        let due = key::due_connection(connection, self.now());
        let update = Expression::update("SET wp = :wp, ws = :ws ADD lo :lo")
            .when("ph = :a")
            .text(":wp", due.pk)
            .text(":ws", due.sk)
            .texts(":lo", lost)
            .text(":a", "a");
        self.update(Table::Live, &key::connection(connection), update).await.map(drop)
    }

    /// Notes that the client was notified of lost frames of these operations.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn note_resynced(
        &self,
        connection: &str,
        operations: &BTreeSet<String>,
    ) -> Result<(), Fault> {
        if operations.is_empty() {
            return Ok(());
        }
        let key = key::connection(connection);
        let notified = Expression::update("DELETE lo :lo")
            .when("attribute_exists(pk)")
            .texts(":lo", operations.iter().map(|id| key::lost(id)));
        self.update(Table::Live, &key, notified).await?;
        // Not if more was lost meanwhile.
        let over = Expression::update("REMOVE wp, ws")
            .when("attribute_exists(pk) AND ph = :a AND attribute_not_exists(lo)")
            .text(":a", "a");
        self.update(Table::Live, &key, over).await.map(drop)
    }

    /// Notes that a deleted connection may still be open, so that a sweep closes it.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn condemn(&self, id: &str) -> Result<(), Fault> {
        let now = self.now();
        self.put_connection(id, Phase::Refused, now, now).await
    }

    /// Returns a page of the connections of a shard that are due by now, and of those that are due
    /// later than is possible. The latter were noted by a clock that was ahead, and would otherwise
    /// wait until the other clocks have caught up.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn due_connections(&self, shard: u32, now: Timestamp) -> Result<Vec<Due>, Fault> {
        let pk = key::connection_shard(shard);
        let upto = |at| through(&key::moment(at));
        let latest = now.plus_millis(INITIALISATION_MILLIS + SKEW_MILLIS);
        let range = Range { to: upto(now), ..Range::starting(&pk, "", PAGE) };
        let wrong = Range { from: upto(latest), ..Range::starting(&pk, "", PAGE) };
        let (mut found, late) = try_join!(
            self.index_range(Index::Lease, &range),
            self.index_range(Index::Lease, &wrong)
        )?;
        found.extend(late);
        // The index may lag, so the rows are read consistently before anything is decided.
        let keys: Vec<Key> = found.iter().filter_map(Key::of_item).collect();
        let rows = self.items(Table::Live, keys.iter().cloned()).await?;
        let mut due = Vec::new();
        for key in keys {
            let (Some(row), Some(id)) = (rows.get(&key), key::read_connection(&key.pk)) else {
                continue;
            };
            let read = Read(row);
            let is_due = read
                .maybe_text("ws")
                .is_some_and(|ws| ws <= range.to.as_str() || ws > wrong.from.as_str());
            if !is_due {
                continue;
            }
            let what = match read.maybe_text("ph") {
                Some("a") => {
                    let lost = read.texts("lo").iter();
                    What::Lost(lost.filter_map(|id| Some(key::read_lost(id)?.to_owned())).collect())
                }
                _ => What::End,
            };
            due.push(Due { id: id.to_owned(), what });
        }
        Ok(due)
    }
}
