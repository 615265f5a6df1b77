//! Leases: the moment until which an employee counts as present, the connections that renew it, and the
//! notes by which the fan-out learns of an expiry and a return.
//!
//! A lease contains its end, so what a query shows is right at every instant. That a lease expired, and
//! that its employee came back, is noted in the profile for one purpose: the stream delivers it to the
//! fan-out. A lease with `gone` has something that is not noted yet; the next renewal notes it.
//!
//! Subscribers learn of an expired lease at the next sweep: within a minute on AWS, within ten seconds
//! locally. Sweeps ping every employee who is online and silent about once a minute: that takes one
//! page of the index, and one frame to each connection. An employee who stays online costs one write
//! (and two of the index) in 20 seconds. An expired lease costs three writes and a return costs four:
//! one of these four is the guard that recognises the return.

mod sweep;

use domain::presence::{self, Choice};
use domain::{EmployeeId, Timestamp};

use crate::desk::decode_employee;
use crate::table::{Expression, Item, Read, Table, Updated, key};
use crate::{Fault, TenantStore};

pub use sweep::{Lease, PAGE, Page};

/// The most connections of one employee that a sweep pings.
pub const MOST_CONNECTIONS: usize = 50;

/// A sign that an employee is there: a request or a frame.
#[derive(Clone, Copy)]
struct Sign<'a> {
    person: &'a EmployeeId,
    connection: Option<&'a str>,
    /// True when they are about to be online, so that the sweep has to watch their lease.
    is_watched: bool,
}

/// The result of a note in a profile.
struct Noted {
    /// True when it was not there before.
    is_new: bool,
    /// True when they chose to be online.
    is_online: bool,
}

impl TenantStore<'_> {
    /// Renews the lease of an employee who made a request. Concurrent renewals do no harm.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn renew_lease(self, person: &EmployeeId) -> Result<(), Fault> {
        self.renew(Sign { person, connection: None, is_watched: false }).await
    }

    /// Renews the lease of an employee who sent a frame over a connection.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn renew_lease_over(
        self,
        person: &EmployeeId,
        connection: &str,
    ) -> Result<(), Fault> {
        let connection = Some(connection);
        self.renew(Sign { person, connection, is_watched: false }).await
    }

    /// Renews the lease of an employee who is about to choose to be online: from now on the sweep
    /// watches it.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn watch_lease(self, person: &EmployeeId) -> Result<(), Fault> {
        self.renew(Sign { person, connection: None, is_watched: true }).await
    }

    /// Publishes the return of an employee who chose to be online. If the process fails before the
    /// end, `gone` stays on the lease, and the next renewal publishes the return again.
    async fn publish_return(self, person: &EmployeeId) -> Result<(), Fault> {
        let is_online = self.note_presence(person, self.now()).await?.is_online;
        let place = key::watched(self.tenant, person, self.now());
        let update = if is_online {
            Expression::update("SET wp = :wp REMOVE gone").text(":wp", &place.pk)
        } else {
            // Only the sweep stops watching the lease, because the sweep knows what it read.
            Expression::update("REMOVE gone")
        };
        let update = update.when("attribute_exists(pk)");
        self.update_if(Table::Live, &key::lease(self.tenant, person), update).await.map(drop)
    }

    /// Notes in the profile of an employee who chose to be online that their presence changed
    /// without their doing at this moment, so that the fan-out publishes it.
    async fn note_presence(self, person: &EmployeeId, at: Timestamp) -> Result<Noted, Fault> {
        let profile = key::profile(self.tenant, person);
        let is_online = |item: &Item| decode_employee(person, Some(item)).choice == Choice::Online;
        let update = Expression::update("SET pc = :at")
            .when("ch = :on AND (attribute_not_exists(pc) OR pc <> :at)")
            .text(":on", "on")
            .number(":at", at.as_millis());
        Ok(match self.update_if(Table::Core, &profile, update).await? {
            Updated::Done(_) => Noted { is_new: true, is_online: true },
            Updated::Before(profile) => Noted { is_new: true, is_online: is_online(&profile) },
            Updated::Refused(profile) => Noted { is_new: false, is_online: is_online(&profile) },
        })
    }

    /// Removes a connection of an employee from their lease. When it was the last one, the lease
    /// ends sooner.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn leave_lease(self, person: &EmployeeId, connection: &str) -> Result<(), Fault> {
        let key = key::lease(self.tenant, person);
        let update = Expression::update("DELETE cn :cn")
            .when("contains(cn, :id)")
            .texts(":cn", [connection])
            .text(":id", connection)
            .returning_old();
        let (found, left) = match self.update_if(Table::Live, &key, update).await? {
            Updated::Done(before) => (before, 1),
            Updated::Before(now) => (now, 0),
            Updated::Refused(_) => return Ok(()),
        };
        let until = Read(&found).maybe_time("until")?;
        let is_last = connections(&found).len() == left;
        let short = until.and_then(|until| presence::shortened(until, self.now()));
        let Some(short) = short.filter(|_| is_last) else { return Ok(()) };
        let place = key::watched(self.tenant, person, short);
        // Not if the employee came back meanwhile, or made a request.
        let update = Expression::update("SET #until = :short, ws = :ws")
            .when("attribute_not_exists(cn) AND #until > :short")
            .number(":short", short.as_millis())
            .text(":ws", place.sk);
        self.update_if(Table::Live, &key, update).await.map(drop)
    }

    async fn renew(self, sign: Sign<'_>) -> Result<(), Fault> {
        let Updated::Refused(found) = self.extend(sign, false).await? else { return Ok(()) };
        let is_over = Read(&found).maybe_time("until")?.is_none_or(|until| until <= self.now());
        let unnamed = Sign { connection: None, ..sign };
        if !is_over && !found.contains_key("gone") {
            // Only the limit of connections is reached: dead ones are removed when a sweep pings
            // them.
            if !matches!(self.extend(unnamed, false).await?, Updated::Refused(_)) {
                return Ok(());
            }
        }
        if let Updated::Refused(_) = self.extend(sign, true).await? {
            self.extend(unnamed, true).await?;
        }
        self.publish_return(sign.person).await
    }

    /// Postpones the end of a lease. A lease that has expired, or has an unpublished change, is
    /// postponed only as a return, and then has an unpublished change until the return is
    /// published.
    async fn extend(self, sign: Sign<'_>, is_return: bool) -> Result<Updated, Fault> {
        let now = self.now();
        let until = now.plus_millis(presence::LEASE_MILLIS);
        let place = key::watched(self.tenant, sign.person, until);
        let mut set = "SET #until = :until, ws = :ws, #ttl = :ttl".to_owned();
        let mut conditions = Vec::new();
        if is_return {
            set.push_str(", gone = :one");
        } else {
            conditions.push("#until > :now AND attribute_not_exists(gone)");
        }
        if sign.is_watched {
            set.push_str(", wp = :wp");
        }
        if sign.connection.is_some() {
            set.push_str(" ADD cn :cn");
            conditions.push("(attribute_not_exists(cn) OR size(cn) < :most)");
        }
        let update = Expression::update(set)
            .number(":until", until.as_millis())
            .text(":ws", &place.sk)
            .number(":ttl", until.as_seconds() + 86_400);
        let update = match is_return {
            true => update.number(":one", 1),
            false => update.number(":now", now.as_millis()),
        };
        let update = if sign.is_watched { update.text(":wp", &place.pk) } else { update };
        let update = match sign.connection {
            None => update,
            Some(connection) => update.texts(":cn", [connection]).number(":most", MOST_CONNECTIONS),
        };
        let update = match conditions.is_empty() {
            true => update,
            false => update.when(conditions.join(" AND ")),
        };
        self.update_if(Table::Live, &key::lease(self.tenant, sign.person), update).await
    }
}

/// Returns the connections of a lease.
fn connections(item: &Item) -> Vec<String> {
    Read(item).texts("cn").to_vec()
}
