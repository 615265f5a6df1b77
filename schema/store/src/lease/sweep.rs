//! Sweeping: finds the leases that end soon, and notes those that have expired.

use domain::presence::{self, Choice};
use domain::{EmployeeId, TenantId, Timestamp};

use super::connections;
use crate::desk::decode_employee;
use crate::table::{Expression, Index, Key, Range, Read, Table, Updated, key, through};
use crate::{Fault, Store};

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

impl Store {
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
        let range = Range::starting(&pk, "", PAGE).up_to(&key::moment(horizon));
        let range = match from {
            Some(from) => range.after(from),
            None => range,
        };
        let found = self.index_range(Index::Lease, &range).await?;
        let is_last = found.len() < PAGE;
        let last = found.last().and_then(|item| Read(item).maybe_text("ws"));
        let next = last.filter(|_| !is_last).map(str::to_owned);
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
        let noted = self.of(&lease.tenant).note_presence(&lease.employee, lease.until).await?;
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
