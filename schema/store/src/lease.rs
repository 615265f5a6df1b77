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

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure as OnFailure,
};
use domain::id::fresh;
use domain::presence::{self, Choice};
use domain::{EmployeeId, TenantId, Timestamp};

use crate::attribute::{Item, Read, number, text};
use crate::call::{Index, Range, Table, key_item, key_of};
use crate::commit::refused;
use crate::desk::decode_employee;
use crate::key::{self, Key};
use crate::{Fault, Store};

/// The most connections of one employee that a sweep pings.
pub const MOST_CONNECTIONS: usize = 50;
/// The most leases on a page of a sweep.
pub const PAGE: usize = 100;

/// The attributes with the marks of the last updates made without reading the row, the latest
/// first.
const MARKS: [&str; 3] = ["m1", "m2", "m3"];

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

/// The result of a conditional update.
enum Updated {
    /// It was written. With the item as it was before, if the update requested it.
    Done(Item),
    /// An earlier try, whose answer was lost, had written it. With the item as it is now.
    Before(Item),
    /// It was not written. With the item as it is.
    Refused(Item),
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
        let condition = (!conditions.is_empty()).then(|| conditions.join(" AND "));
        self.update_lease(sign.tenant, sign.person, |update| {
            let mut update = update
                .update_expression(&set)
                .set_condition_expression(condition.clone())
                .expression_attribute_names("#until", "until")
                .expression_attribute_names("#ttl", "ttl")
                .expression_attribute_values(":until", number(until.as_millis()))
                .expression_attribute_values(":ws", text(&place.sk))
                .expression_attribute_values(":ttl", number(until.as_seconds() + 86_400));
            update = match is_return {
                true => update.expression_attribute_values(":one", number(1)),
                false => update.expression_attribute_values(":now", number(now.as_millis())),
            };
            if sign.is_watched {
                update = update.expression_attribute_values(":wp", text(&place.pk));
            }
            match sign.connection {
                None => update,
                Some(connection) => update
                    .expression_attribute_values(":cn", only(connection))
                    .expression_attribute_values(":most", number(MOST_CONNECTIONS)),
            }
        })
        .await
    }

    /// Publishes the return of an employee who chose to be online. If the process fails before the
    /// end, `gone` stays on the lease, and the next renewal publishes the return again.
    async fn tell_return(&self, tenant: &TenantId, person: &EmployeeId) -> Result<(), Fault> {
        let is_online = self.note_presence(tenant, person, self.now()).await?.is_online;
        let place = key::watched(tenant, person, self.now());
        self.update_lease(tenant, person, |update| {
            let update = update.condition_expression("attribute_exists(pk)");
            if is_online {
                update
                    .update_expression("SET wp = :wp REMOVE gone")
                    .expression_attribute_values(":wp", text(&place.pk))
            } else {
                // Only the sweep stops watching the lease, because the sweep knows what it read.
                update.update_expression("REMOVE gone")
            }
        })
        .await?;
        Ok(())
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
        let noted = self.update_if(Table::Core, &profile, |update| {
            update
                .update_expression("SET pc = :at")
                .condition_expression("ch = :on AND (attribute_not_exists(pc) OR pc <> :at)")
                .expression_attribute_values(":on", text("on"))
                .expression_attribute_values(":at", number(at.as_millis()))
        });
        Ok(match noted.await? {
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
        let left = self.update_lease(tenant, person, |update| {
            update
                .update_expression("DELETE cn :cn")
                .condition_expression("contains(cn, :id)")
                .expression_attribute_values(":cn", only(connection))
                .expression_attribute_values(":id", text(connection))
                .return_values(ReturnValue::AllOld)
        });
        let (found, left) = match left.await? {
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
        self.update_lease(tenant, person, |update| {
            update
                .update_expression("SET #until = :short, ws = :ws")
                .condition_expression("attribute_not_exists(cn) AND #until > :short")
                .expression_attribute_names("#until", "until")
                .expression_attribute_values(":short", number(short.as_millis()))
                .expression_attribute_values(":ws", text(&place.sk))
        })
        .await?;
        Ok(())
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
            to: format!("{}\u{10FFFF}", key::lease_end(horizon)),
            ..Range::starting(&pk, "", PAGE)
        };
        let found = self.index_range(Index::Lease, &range).await?;
        let is_last = found.len() < PAGE;
        let last = found.last().and_then(|item| Read(item).maybe_text("ws"));
        let next = last.filter(|_| !is_last).map(|last| format!("{last}\u{1}"));
        // The index may lag, so the rows are read consistently before anything is decided.
        let keys = found.iter().filter_map(key_of);
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
        let from = format!("{}\u{10FFFF}", key::lease_end(presence::longest(now)));
        let range = Range { from, ..Range::starting(&pk, "", PAGE) };
        for item in self.index_range(Index::Lease, &range).await? {
            let whose = Read(&item).maybe_text("pk").and_then(key::read_lease);
            let Some((tenant, person)) = whose else { continue };
            let until = now.plus_millis(presence::SHORTENED_MILLIS);
            let place = key::watched(&tenant, &person, until);
            self.update_lease(&tenant, &person, |update| {
                update
                    .update_expression("SET #until = :until, ws = :ws")
                    .condition_expression("#until > :longest")
                    .expression_attribute_names("#until", "until")
                    .expression_attribute_values(":until", number(until.as_millis()))
                    .expression_attribute_values(":ws", text(&place.sk))
                    .expression_attribute_values(
                        ":longest",
                        number(presence::longest(now).as_millis()),
                    )
            })
            .await?;
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
        let marked = self.update_unchanged(lease, "SET gone = :one").await?;
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
        self.update_unchanged(lease, "REMOVE wp").await.map(|_| ())
    }

    async fn update_unchanged(&self, lease: &Lease, expression: &str) -> Result<bool, Fault> {
        let updated = self.update_lease(&lease.tenant, &lease.employee, |update| {
            let update = update
                .update_expression(expression)
                .condition_expression("#until = :until")
                .expression_attribute_names("#until", "until")
                .expression_attribute_values(":until", number(lease.until.as_millis()));
            match expression.contains(":one") {
                true => update.expression_attribute_values(":one", number(1)),
                false => update,
            }
        });
        Ok(!matches!(updated.await?, Updated::Refused(_)))
    }

    async fn update_lease(
        &self,
        tenant: &TenantId,
        person: &EmployeeId,
        build: impl Fn(UpdateItemFluentBuilder) -> UpdateItemFluentBuilder,
    ) -> Result<Updated, Fault> {
        self.update_if(Table::Live, &key::lease(tenant, person), build).await
    }

    /// Retries a conditional update until it is answered. It reads nothing first, so that a renewal
    /// is one write. Instead, each update leaves its mark and shifts the marks of the last ones,
    /// and a retry changes nothing when its own mark is there. No more than [`MARKS`] updates write
    /// one row within the seconds in which a write is retried.
    async fn update_if(
        &self,
        table: Table,
        key: &Key,
        build: impl Fn(UpdateItemFluentBuilder) -> UpdateItemFluentBuilder,
    ) -> Result<Updated, Fault> {
        let mark = fresh(self.random());
        let call = |is_again| {
            let update = self
                .db
                .update_item()
                .table_name(self.table(table))
                .set_key(Some(key_item(key)))
                .return_values_on_condition_check_failure(OnFailure::AllOld);
            marked(build(update), &mark, is_again).send()
        };
        let sent = self.sent(call, refused).await?;
        Ok(match sent.answer {
            Ok(answer) => Updated::Done(answer.attributes.unwrap_or_default()),
            Err(found) => {
                let found = found.unwrap_or_default();
                let is_ours = |name: &&str| Read(&found).maybe_text(name) == Some(mark.as_str());
                match sent.is_again && MARKS.iter().any(is_ours) {
                    true => Updated::Before(found),
                    false => Updated::Refused(found),
                }
            }
        })
    }
}

/// Adds its mark to an update. A retry is written only if its mark is not on the row yet.
fn marked(
    mut update: UpdateItemFluentBuilder,
    mark: &str,
    is_unknown: bool,
) -> UpdateItemFluentBuilder {
    let [first, second, third] = MARKS;
    let does = update.get_update_expression().clone().unwrap_or_default();
    let (comma, does) = match does.strip_prefix("SET ") {
        Some(sets) => (",", sets),
        None => ("", does.as_str()),
    };
    let shift = format!(
        "SET {third} = if_not_exists({second}, :no_mark), \
         {second} = if_not_exists({first}, :no_mark), {first} = :mark{comma} {does}"
    );
    if is_unknown {
        let own = update.get_condition_expression().clone();
        let strange =
            MARKS.map(|name| format!("(attribute_not_exists({name}) OR {name} <> :mark)"));
        let all: Vec<String> =
            own.map(|own| format!("({own})")).into_iter().chain(strange).collect();
        update = update.condition_expression(all.join(" AND "));
    }
    update
        .update_expression(shift)
        .expression_attribute_values(":mark", text(mark))
        .expression_attribute_values(":no_mark", text("-"))
}

/// Returns a set of one connection.
fn only(connection: &str) -> AttributeValue {
    AttributeValue::Ss(vec![connection.to_owned()])
}

/// Returns the connections of a lease.
fn connections(item: &Item) -> Vec<String> {
    item.get("cn").and_then(|set| set.as_ss().ok()).cloned().unwrap_or_default()
}
