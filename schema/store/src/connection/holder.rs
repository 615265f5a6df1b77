//! Connections by person: an employee has at most 20 and a visitor at most 5. One more takes the place
//! of the oldest.
//!
//! The oldest goes, and the newest is not refused: a gateway does not always report that a connection
//! is gone, and a person who comes back must not be locked out by connections that they left behind.
//! The oldest is ended by the frame that refuses a connection, so that its client does not come back.

use domain::{ClientId, EmployeeId, TenantId, Timestamp};

use crate::connection::CONNECTION_SECONDS;
use crate::table::{Committed, Expression, Item, Key, Part, Read, Row, Table, key};
use crate::{Fault, Store};

/// The most connections of an employee.
pub const MOST_OF_EMPLOYEE: usize = 20;
/// The most connections of a client.
pub const MOST_OF_CLIENT: usize = 5;

/// The owner of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holder<'a> {
    /// An employee.
    Employee(&'a TenantId, &'a EmployeeId),
    /// A client.
    Client(&'a TenantId, &'a ClientId),
}

impl Holder<'_> {
    fn key(&self) -> Key {
        match self {
            Self::Employee(tenant, person) => key::connections_of_employee(tenant, person),
            Self::Client(tenant, client) => key::connections_of_client(tenant, client),
        }
    }

    const fn most(&self) -> usize {
        match self {
            Self::Employee(..) => MOST_OF_EMPLOYEE,
            Self::Client(..) => MOST_OF_CLIENT,
        }
    }

    /// Returns the partition of the lease that is updated when the connection is gone; empty for a
    /// client.
    fn lease(&self) -> String {
        match self {
            Self::Employee(tenant, person) => key::lease(tenant, person).pk,
            Self::Client(..) => String::new(),
        }
    }
}

/// The connections of one owner, oldest first, each with the moment of its acknowledgement.
struct Held {
    connections: Vec<String>,
    version: u64,
}

impl Held {
    fn read(item: &Item) -> Result<Self, Fault> {
        let held = Read(item).maybe_text("cs").unwrap_or_default();
        let connections = held.split(' ').filter(|one| !one.is_empty()).map(str::to_owned);
        Ok(Self {
            connections: connections.collect(),
            version: Read(item).maybe_number("w")?.unwrap_or(0),
        })
    }

    /// Adds a connection, and removes and returns those beyond the limit.
    fn add(&mut self, id: &str, now: Timestamp, most: usize) -> Vec<String> {
        self.connections.retain(|held| !is_of(held, id));
        self.connections.push(key::held(id, now));
        let excess = self.connections.len().saturating_sub(most);
        let out = self.connections.drain(..excess);
        out.filter_map(|held| Some(key::read_held(&held)?.to_owned())).collect()
    }
}

fn is_of(held: &str, id: &str) -> bool {
    key::read_held(held) == Some(id)
}

impl Store {
    /// Stores the owner of a connection. Returns the owner's connections that were removed to keep
    /// the limit, and whose rows are deleted by then. Returns `None` when the owner was stored
    /// before, or the connection is gone.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn acknowledge(
        &self,
        id: &str,
        caller: &str,
        holder: Holder<'_>,
        expires_at: Timestamp,
    ) -> Result<Option<Vec<String>>, Fault> {
        let place = holder.key();
        let update = Expression::update(
            "SET ph = :a, who = :who, le = :le, #of = :of, #exp = :exp REMOVE wp, ws",
        )
        .when("ph = :o")
        .text(":le", holder.lease())
        .text(":of", &place.pk)
        .text(":a", "a")
        .text(":o", "o")
        .text(":who", caller)
        .number(":exp", expires_at.as_millis());
        let own = Row::update(Table::Live, Part::Connection, &key::connection(id), update);
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            // Again after each pause: all the pages of a person connect at the same moment when the network
            // is back, and what was known before the pause is old.
            let found = self.item(Table::Live, &place).await?;
            let mut held = Held::read(&found.unwrap_or_default())?;
            let version = held.version;
            let out = held.add(id, self.now(), holder.most());
            let row = self.holding(&place, &held, version);
            let rows = || vec![own.clone(), row.clone()];
            let Committed::Guarded(failed) = self.commit(rows).await? else {
                for id in &out {
                    self.close_connection(id).await?;
                }
                return Ok(Some(out));
            };
            if failed.iter().any(|(part, _)| *part == Part::Connection) {
                return Ok(None);
            }
        }
    }

    /// Returns the row of an owner's connections, under the guard that it is as it was read.
    fn holding(&self, place: &Key, held: &Held, version: u64) -> Row {
        let update = Expression::update("SET cs = :cs, w = :next, #ttl = :ttl")
            .text(":cs", held.connections.join(" "))
            .number(":next", version + 1)
            .number(":ttl", self.now().as_seconds() + CONNECTION_SECONDS);
        let update = match version {
            0 => update.when("attribute_not_exists(w)"),
            version => update.when("w = :w").number(":w", version),
        };
        Row::update(Table::Live, Part::Tally, place, update)
    }

    /// Removes a closed connection from its owner's list. If a fault prevents that, the entry stays
    /// until it is the oldest.
    pub(super) async fn let_go(&self, place: &str, id: &str) -> Result<(), Fault> {
        let place = key::connections_at(place);
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            let found = self.item(Table::Live, &place).await?.unwrap_or_default();
            let mut held = Held::read(&found)?;
            let before = held.connections.len();
            held.connections.retain(|held| !is_of(held, id));
            if held.connections.len() == before {
                return Ok(());
            }
            let row = self.holding(&place, &held, held.version);
            let committed = self.commit(|| vec![row.clone()]).await?;
            if let Committed::Done = committed {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_one_goes_whatever_clock_noted_it() {
        let mut held = Held { connections: Vec::new(), version: 0 };
        let at = |millis: u64| Timestamp::from_millis(1_700_000_000_000 + millis);
        assert_eq!(held.add("ahead", at(3_600_000), 2), [""; 0]);
        assert_eq!(held.add("second", at(1), 2), [""; 0]);
        assert_eq!(held.add("third", at(2), 2), ["ahead"]);
        assert_eq!(held.add("fourth", at(0), 2), ["second"]);
    }
}
