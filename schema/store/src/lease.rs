//! Leases: until when an employee counts as present, over which connections they are heard, and how an
//! expired lease becomes known.
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

use domain::presence::{self, Choice};
use domain::{EmployeeId, TenantId, Timestamp};

use crate::desk::decode_employee;
use crate::table::{Expression, Index, Item, Key, Range, Read, Table, Updated, key, through};
use crate::{Fault, Store};

/// The most connections of one employee that a sweep pings.
pub const MOST_CONNECTIONS: usize = 50;
/// The most leases on a page of a sweep.
pub const PAGE: usize = 100;

/// The lease of an employee whom the sweep watches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lease {
    /// The employee's tenant.
    pub tenant: TenantId,
    /// The employee.
    pub employee: EmployeeId,
    /// The moment when it ends.
    pub until: Timestamp,
    /// The connections by which the employee was heard from.
    pub connections: Vec<String>,
    /// The presence they chose.
    pub choice: Choice,
}

/// One page of a sweep.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// Leases, read consistently, those that end first before the others.
    pub leases: Vec<Lease>,
    /// The start of the next page; none after the last.
    pub next: Option<String>,
}

/// A sign that an employee is there: a request or a frame.
#[derive(Clone, Copy)]
struct Sign<'a> {
    tenant: &'a TenantId,
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

impl Store {
    /// Renews the lease of an employee who made a request. Concurrent renewals do no harm.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn renew_lease(&self, tenant: &TenantId, person: &EmployeeId) -> Result<(), Fault> {
        self.renew(Sign { tenant, person, connection: None, is_watched: false }).await
    }

    /// Renews the lease of an employee who sent a frame over a connection.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn renew_lease_over(
        &self,
        tenant: &TenantId,
        person: &EmployeeId,
        connection: &str,
    ) -> Result<(), Fault> {
        let connection = Some(connection);
        self.renew(Sign { tenant, person, connection, is_watched: false }).await
    }

    /// Renews the lease of an employee who is about to choose to be online: from now on the sweep
    /// watches it.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn watch_lease(&self, tenant: &TenantId, person: &EmployeeId) -> Result<(), Fault> {
        self.renew(Sign { tenant, person, connection: None, is_watched: true }).await
    }

    async fn renew(&self, sign: Sign<'_>) -> Result<(), Fault> {
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
        self.tell_return(sign.tenant, sign.person).await
    }

    /// Postpones the end of a lease. A lease that has expired, or has an unpublished change, is
    /// postponed only as a return, and then has an unpublished change until the return is
    /// published.
    async fn extend(&self, sign: Sign<'_>, is_return: bool) -> Result<Updated, Fault> {
        let now = self.now();
        let until = now.plus_millis(presence::LEASE_MILLIS);
        let place = key::watched(sign.tenant, sign.person, until);
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
        self.update_if(Table::Live, &key::lease(sign.tenant, sign.person), update).await
    }

    /// Publishes the return of an employee who chose to be online. If the process fails before the
    /// end, `gone` stays on the lease, and the next renewal publishes the return again.
    async fn tell_return(&self, tenant: &TenantId, person: &EmployeeId) -> Result<(), Fault> {
        let is_online = self.note_presence(tenant, person, self.now()).await?.is_online;
        let place = key::watched(tenant, person, self.now());
        let update = if is_online {
            Expression::update("SET wp = :wp REMOVE gone").text(":wp", &place.pk)
        } else {
            // Only the sweep stops watching the lease, because the sweep knows what it read.
            Expression::update("REMOVE gone")
        };
        let update = update.when("attribute_exists(pk)");
        self.update_if(Table::Live, &key::lease(tenant, person), update).await.map(drop)
    }

    /// Notes in the profile of an employee who chose to be online that their presence changed
    /// without their doing at this moment, so that the fan-out publishes it.
    async fn note_presence(
        &self,
        tenant: &TenantId,
        person: &EmployeeId,
        at: Timestamp,
    ) -> Result<Noted, Fault> {
        let profile = key::profile(tenant, person);
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
    pub async fn leave_lease(
        &self,
        tenant: &TenantId,
        person: &EmployeeId,
        connection: &str,
    ) -> Result<(), Fault> {
        let key = key::lease(tenant, person);
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
        let place = key::watched(tenant, person, short);
        // Not if the employee came back meanwhile, or made a request.
        let update = Expression::update("SET #until = :short, ws = :ws")
            .when("attribute_not_exists(cn) AND #until > :short")
            .number(":short", short.as_millis())
            .text(":ws", place.sk);
        self.update_if(Table::Live, &key, update).await.map(drop)
    }

    /// Returns a page of the watched leases of a shard that end before the horizon. `from` is the
    /// `next` of the page before.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn due_leases(
        &self,
        shard: u32,
        horizon: Timestamp,
        from: Option<&str>,
    ) -> Result<Page, Fault> {
        let pk = key::lease_shard(shard);
        let range = Range {
            from: from.unwrap_or_default().to_owned(),
            ..Range::starting(&pk, "", PAGE).up_to(&key::moment(horizon))
        };
        let found = self.index_range(Index::Lease, &range).await?;
        let is_last = found.len() < PAGE;
        let last = found.last().and_then(|item| Read(item).maybe_text("ws"));
        let next = last.filter(|_| !is_last).map(|last| format!("{last}\u{1}"));
        // The index may lag, so the rows are read consistently before anything is decided.
        let keys = found.iter().filter_map(Key::of_item);
        let rows = self.items(Table::Live, keys).await?;
        let people: Vec<_> = rows.keys().filter_map(|key| key::read_lease(&key.pk)).collect();
        let profiles = people.iter().map(|(tenant, person)| key::profile(tenant, person));
        let profiles = self.items(Table::Core, profiles).await?;
        let mut leases = Vec::with_capacity(people.len());
        for (tenant, employee) in people {
            let Some(row) = rows.get(&key::lease(&tenant, &employee)) else { continue };
            let profile = profiles.get(&key::profile(&tenant, &employee));
            // A lease that cannot be read must not block the sweep of the others.
            let Ok(until) = Read(row).time("until") else { continue };
            if until <= horizon && row.contains_key("wp") {
                let choice = decode_employee(&employee, profile).choice;
                let connections = connections(row);
                leases.push(Lease { tenant, employee, until, connections, choice });
            }
        }
        leases.sort_by_key(|lease| lease.until);
        Ok(Page { leases, next })
    }

    /// Shortens leases of a shard that last longer than is possible. A clock that was wrong wrote
    /// them, and without this no sweep would ping their employees until the other clocks have
    /// caught up.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn cap_leases(&self, shard: u32) -> Result<(), Fault> {
        let now = self.now();
        let pk = key::lease_shard(shard);
        let from = through(&key::moment(presence::longest(now)));
        let range = Range { from, ..Range::starting(&pk, "", PAGE) };
        for item in self.index_range(Index::Lease, &range).await? {
            let whose = Read(&item).maybe_text("pk").and_then(key::read_lease);
            let Some((tenant, person)) = whose else { continue };
            let until = now.plus_millis(presence::SHORTENED_MILLIS);
            let place = key::watched(&tenant, &person, until);
            let update = Expression::update("SET #until = :until, ws = :ws")
                .when("#until > :longest")
                .number(":until", until.as_millis())
                .text(":ws", place.sk)
                .number(":longest", presence::longest(now).as_millis());
            self.update_if(Table::Live, &key::lease(&tenant, &person), update).await?;
        }
        Ok(())
    }

    /// Notes that a lease has expired, if it is as it was read, and stops watching it. Returns true
    /// when this call published the expiry: of several concurrent sweeps, one publishes it. If a
    /// sweep fails before the end, the lease stays watched, and the next sweep continues.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn note_lapse(&self, lease: &Lease) -> Result<bool, Fault> {
        // Set before the expiry is published: from now on a renewal knows that it is a return.
        let marked = self
            .update_unchanged(lease, Expression::update("SET gone = :one").number(":one", 1))
            .await?;
        if !marked {
            return Ok(false);
        }
        let noted = self.note_presence(&lease.tenant, &lease.employee, lease.until).await?;
        self.unwatch(lease).await?;
        Ok(noted.is_new)
    }

    /// Stops watching a lease, if it is as it was read.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn unwatch(&self, lease: &Lease) -> Result<(), Fault> {
        self.update_unchanged(lease, Expression::update("REMOVE wp")).await.map(|_| ())
    }

    async fn update_unchanged(&self, lease: &Lease, update: Expression) -> Result<bool, Fault> {
        let key = key::lease(&lease.tenant, &lease.employee);
        let update = update.when("#until = :until").number(":until", lease.until.as_millis());
        let updated = self.update_if(Table::Live, &key, update).await?;
        Ok(!matches!(updated, Updated::Refused(_)))
    }
}

/// Returns the connections of a lease.
fn connections(item: &Item) -> Vec<String> {
    Read(item).texts("cn").to_vec()
}
