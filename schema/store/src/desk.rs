//! The desk of an employee: reads their profile and memberships with one query of their partition, and
//! the counters with the queue counts beside it.

use std::collections::{BTreeMap, HashMap};

use domain::counter::{Counters, Membership, QueueCount};
use domain::presence::{self, Choice};
use domain::{Desk, Employee, EmployeeId, LiveChatId, Roles, Timestamp};

use crate::record;
use crate::table::key::QUEUE_SHARDS;
use crate::table::{Item, Range, Read, Table, decode, key};
use crate::{Fault, TenantStore};

/// The most memberships that are read of one employee.
const MOST_MEMBERSHIPS: usize = 500;

/// Decodes the roles of a membership or its mirror. A role that is not stated explicitly is not
/// granted.
pub(crate) fn roles(item: &Item) -> Result<Roles, Fault> {
    let roles: record::company::Roles = decode(item)?;
    Ok(Roles { operator: roles.operator.0, supervisor: roles.supervisor.0 })
}

/// Decodes a membership, as it is stored or as a failed guard returned it.
pub(crate) fn decode_membership(item: &Item) -> Result<Membership, Fault> {
    let counts: record::company::Membership = decode(item)?;
    Ok(Membership {
        live_chat: Read(item).parsed("sk", key::read_membership)?,
        roles: roles(item)?,
        role_changes: counts.role_changes,
        unread: counts.unread,
        open: counts.open,
        version: counts.version,
    })
}

/// Decodes the profile of an employee.
pub(crate) fn decode_employee(id: &EmployeeId, item: Option<&Item>) -> Employee {
    let read = item.map(Read);
    let choice = match read.and_then(|read| read.maybe_text("ch")) {
        Some("on") => Choice::Online,
        _ => Choice::Offline,
    };
    let name = read.and_then(|read| read.maybe_text("nm")).map(str::to_owned);
    Employee { id: id.clone(), name, choice }
}

impl TenantStore<'_> {
    /// Reads the employee and their memberships.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn desk(self, person: &EmployeeId) -> Result<Desk, Fault> {
        let pk = key::employee(self.tenant, person);
        let items =
            self.range(Table::Core, &Range::starting(&pk, "", MOST_MEMBERSHIPS + 1)).await?;
        let is_profile = |item: &&Item| Read(item).maybe_text("sk").is_some_and(key::is_profile);
        let employee = decode_employee(person, items.iter().find(is_profile));
        let memberships = items
            .iter()
            // Rows of other kinds belong to a newer version.
            .filter(|item| Read(item).maybe_text("sk").is_some_and(key::is_membership))
            .map(decode_membership)
            .collect::<Result<_, _>>()?;
        Ok(Desk { employee, memberships })
    }

    /// Returns the exact number of sessions in the queue of each of these live chats: the sum of
    /// the shards.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn queue_counts<'a>(
        self,
        live_chats: impl IntoIterator<Item = &'a LiveChatId>,
    ) -> Result<HashMap<LiveChatId, QueueCount>, Fault> {
        let mut keys = BTreeMap::new();
        for live_chat in live_chats {
            for shard in 0..QUEUE_SHARDS {
                keys.insert(key::queue_count(self.tenant, live_chat, shard), live_chat);
            }
        }
        let items = self.items(Table::Core, keys.keys().cloned()).await?;
        let mut counts: HashMap<LiveChatId, QueueCount> = HashMap::new();
        for (key, live_chat) in keys {
            let count = counts.entry(live_chat.clone()).or_default();
            if let Some(item) = items.get(&key) {
                let read = Read(item);
                let shard =
                    QueueCount { unassigned: read.number("n")?, version: read.number("w")? };
                *count = count.plus(shard);
            }
        }
        Ok(counts)
    }

    /// Returns the employee's counters.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn counters(self, desk: &Desk) -> Result<Counters, Fault> {
        let queues = self.queue_counts(desk.live_chats()).await?;
        Ok(counters(desk, &queues))
    }

    /// Returns true when the employee is shown as online.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn is_online(self, employee: &Employee, now: Timestamp) -> Result<bool, Fault> {
        if employee.choice == Choice::Offline {
            return Ok(false);
        }
        let item = self.item(Table::Live, &key::lease(self.tenant, &employee.id)).await?;
        let until = item.as_ref().map(|item| Read(item).maybe_time("until")).transpose()?.flatten();
        Ok(presence::is_online(employee.choice, until, now))
    }
}

/// Returns the counters of a desk, given the queue counts of its live chats.
#[must_use]
pub fn counters(desk: &Desk, queues: &HashMap<LiveChatId, QueueCount>) -> Counters {
    Counters::of(desk.memberships.iter().map(|membership| {
        (membership, queues.get(&membership.live_chat).copied().unwrap_or_default())
    }))
}
