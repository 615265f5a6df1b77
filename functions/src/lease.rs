//! Presence by the way: every request of an employee renews their lease, and makes them known when they
//! are new.
//!
//! An instance remembers which employees it saw lately, so that most requests write nothing. What it
//! forgets it writes again, which does no harm.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Person;
use domain::presence::RENEW_MILLIS;
use domain::{EmployeeId, TenantId, Timestamp};
use futures::try_join;
use store::{Fault, Store};

/// The most employees that one instance remembers.
const MOST_REMEMBERED: usize = 10_000;

/// The employees that this instance has seen lately.
#[derive(Default)]
pub struct Leases {
    seen: Mutex<HashMap<(TenantId, EmployeeId), LastSeen>>,
}

/// The time of an employee's last renewal here, and their known name.
#[derive(Clone, PartialEq, Eq, Debug)]
struct LastSeen {
    renewed_at: Timestamp,
    name: String,
}

/// The writes that are due for an employee who is here now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Due {
    lease: bool,
    name: bool,
}

impl Leases {
    /// Renews the lease of an employee who is here, at most every 20 s by each instance. Stores the
    /// employee and their name when they are new or have another name.
    ///
    /// # Errors
    /// A [`Fault`] of the state; it is tried again at their next request.
    pub async fn renew(&self, store: &Store, person: &Person) -> Result<(), Fault> {
        self.renew_by(store, person, None, self.due(person, store.now())).await
    }

    /// Renews the lease of an employee whose frame came over a connection, like [`Leases::renew`].
    ///
    /// # Errors
    /// A [`Fault`] of the state; it is tried again at their next frame.
    pub async fn renew_over(
        &self,
        store: &Store,
        person: &Person,
        connection: &str,
    ) -> Result<(), Fault> {
        self.renew_by(store, person, Some(connection), self.due(person, store.now())).await
    }

    /// Adds a new connection of an employee to their lease, however lately the lease was renewed.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn connect(
        &self,
        store: &Store,
        person: &Person,
        connection: &str,
    ) -> Result<(), Fault> {
        let due = Due { lease: true, ..self.due(person, store.now()) };
        self.renew_by(store, person, Some(connection), due).await
    }

    async fn renew_by(
        &self,
        store: &Store,
        person: &Person,
        connection: Option<&str>,
        due: Due,
    ) -> Result<(), Fault> {
        if !due.lease && !due.name {
            return Ok(());
        }
        let now = store.now();
        try_join!(
            async {
                let (store, id) = (store.of(&person.tenant), &person.id);
                match connection.filter(|_| due.lease) {
                    Some(connection) => store.renew_lease_over(id, connection).await,
                    None if due.lease => store.renew_lease(id).await,
                    None => Ok(()),
                }
            },
            async { if due.name { meet(store, person).await } else { Ok(()) } },
        )?;
        self.remember(person, now, due);
        Ok(())
    }

    fn due(&self, person: &Person, now: Timestamp) -> Due {
        match self.seen().get(&key(person)) {
            None => Due { lease: true, name: true },
            Some(last) => Due {
                lease: now.is_past(last.renewed_at, RENEW_MILLIS),
                name: last.name != person.name,
            },
        }
    }

    fn remember(&self, person: &Person, now: Timestamp, due: Due) {
        let mut seen = self.seen();
        if seen.len() >= MOST_REMEMBERED && !seen.contains_key(&key(person)) {
            seen.retain(|_, last| !now.is_past(last.renewed_at, RENEW_MILLIS));
            if seen.len() >= MOST_REMEMBERED {
                seen.clear();
            }
        }
        let renewed_at = match seen.get(&key(person)) {
            Some(last) if !due.lease => last.renewed_at,
            _ => now,
        };
        seen.insert(key(person), LastSeen { renewed_at, name: person.name.clone() });
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<(TenantId, EmployeeId), LastSeen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(person: &Person) -> (TenantId, EmployeeId) {
    (person.tenant.clone(), person.id.clone())
}

/// Reads before it writes: a new instance sees the same people again and again.
async fn meet(store: &Store, person: &Person) -> Result<(), Fault> {
    let known = store.of(&person.tenant).employees(std::slice::from_ref(&person.id)).await?;
    let name = known.get(&person.id).and_then(|employee| employee.name.as_deref());
    if name == Some(person.name.as_str()) { Ok(()) } else { store.meet(person).await }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: &str, name: &str) -> Person {
        Person {
            tenant: TenantId::parse("demo").unwrap(),
            id: EmployeeId::parse(id).unwrap(),
            name: name.to_owned(),
        }
    }

    const ALL: Due = Due { lease: true, name: true };
    const NONE: Due = Due { lease: false, name: false };

    #[test]
    fn a_lease_is_due_every_twenty_seconds_and_a_name_when_it_changes() {
        let leases = Leases::default();
        let at = Timestamp::from_millis;
        let ann = person("ann", "Ann");
        assert_eq!(leases.due(&ann, at(0)), ALL);
        leases.remember(&ann, at(0), ALL);
        assert_eq!(leases.due(&ann, at(RENEW_MILLIS - 1)), NONE);
        let renamed = person("ann", "Anna");
        let name_only = Due { lease: false, name: true };
        assert_eq!(leases.due(&renamed, at(1000)), name_only);
        leases.remember(&renamed, at(1000), name_only);
        // Learning a name renews nothing.
        assert_eq!(leases.due(&renamed, at(RENEW_MILLIS)), Due { lease: true, name: false });
        assert_eq!(leases.due(&person("bob", "Bob"), at(0)), ALL);
        // A clock that steps back.
        leases.remember(&ann, at(3_600_000), ALL);
        assert!(leases.due(&ann, at(1000)).lease);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let leases = Leases::default();
        let early = Timestamp::from_millis(0);
        for n in 0..MOST_REMEMBERED {
            leases.remember(&person(&format!("e{n}"), "E"), early, ALL);
        }
        leases.remember(&person("last", "L"), early, ALL);
        assert_eq!(leases.seen().len(), 1);
        assert_eq!(leases.due(&person("last", "L"), early), NONE);
    }
}
