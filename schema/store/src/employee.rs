//! Employees: reads their profiles, finds them by name, and writes the presence that they chose.

use std::collections::HashMap;

use domain::presence::Choice;
use domain::{Employee, EmployeeId, Person, Timestamp};

use crate::desk::decode_employee;
use crate::table::{Expression, Part, Range, Read, Row, Table, key};
use crate::{Fault, Store, TenantStore};

/// The most employees that one search reads.
const MOST_LOOKED_AT: usize = 1000;

/// The employees found by a search.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// Their ids.
    pub ids: Vec<EmployeeId>,
    /// The place where the search stopped.
    pub end: Option<String>,
    /// True when there are more employees to search.
    pub has_next: bool,
}

impl TenantStore<'_> {
    /// Returns the employees with these ids; for an employee who was never seen, only the id is
    /// known.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn employees(
        self,
        ids: &[EmployeeId],
    ) -> Result<HashMap<EmployeeId, Employee>, Fault> {
        let items =
            self.items(Table::Core, ids.iter().map(|id| key::profile(self.tenant, id))).await?;
        Ok(ids
            .iter()
            .map(|id| (id.clone(), decode_employee(id, items.get(&key::profile(self.tenant, id)))))
            .collect())
    }

    /// Returns the ends of the leases of these employees.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn leases(self, ids: &[EmployeeId]) -> Result<HashMap<EmployeeId, Timestamp>, Fault> {
        let items =
            self.items(Table::Live, ids.iter().map(|id| key::lease(self.tenant, id))).await?;
        let mut leases = HashMap::new();
        for id in ids {
            if let Some(item) = items.get(&key::lease(self.tenant, id)) {
                leases.insert(id.clone(), Read(item).time("until")?);
            }
        }
        Ok(leases)
    }

    /// Returns the employees of a tenant whose names match a search, by id, after a cursor. Reads a
    /// bounded number of them, and returns where it stopped.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn find_employees(
        self,
        wants: impl Fn(&str) -> bool,
        after: Option<&str>,
        first: usize,
    ) -> Result<Found, Fault> {
        let pk = key::tenant_partition(self.tenant);
        let mut range = Range::starting(&pk, key::EMPLOYEES, MOST_LOOKED_AT + 1);
        if let Some(after) = after {
            range = range.after(&key::tenant_employee_sort(after));
        }
        let items = self.range(Table::Core, &range).await?;
        let mut found = Found { has_next: items.len() > MOST_LOOKED_AT, ..Found::default() };
        for item in items.iter().take(MOST_LOOKED_AT) {
            if found.ids.len() == first {
                found.has_next = true;
                break;
            }
            let read = Read(item);
            let id = read.parsed("sk", key::read_tenant_employee)?;
            found.end = Some(id.to_string());
            if wants(read.text("nm")?) {
                found.ids.push(id);
            }
        }
        Ok(found)
    }
}

impl Store {
    /// Stores an employee with the name in their token.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn meet(&self, person: &Person) -> Result<(), Fault> {
        let rows = [
            key::profile(&person.tenant, &person.id),
            key::tenant_employee(&person.tenant, &person.id),
        ]
        .map(|key| {
            let update = Expression::update("SET nm = :nm").text(":nm", &person.name);
            Row::update(Table::Core, Part::Other, &key, update)
        });
        // The rows have no guard.
        self.commit(|| rows.to_vec()).await.map(drop)
    }

    /// Stores the presence that an employee chose, and returns the employee as they are now.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn choose_presence(
        &self,
        person: &Person,
        choice: Choice,
    ) -> Result<Employee, Fault> {
        let profile = key::profile(&person.tenant, &person.id);
        let mut known = self.item(Table::Core, &profile).await?;
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            // The guard is the number of choices so far, so that a retry never restores a choice
            // after a later one.
            let chosen = known.as_ref().map(|item| Read(item).maybe_number::<u64>("cv"));
            let chosen = chosen.transpose()?.flatten().unwrap_or(0);
            let update = choice_after(person, choice, chosen);
            let sent = self.update(Table::Core, &profile, update).await?;
            if let Ok(now) = sent.answer {
                return Ok(decode_employee(&person.id, Some(&now)));
            }
            known = self.item(Table::Core, &profile).await?;
            if sent.is_again {
                // An earlier try, whose answer was lost, wrote it, or a later choice was made
                // meanwhile and overrides this one. Either way the stored choice is the result.
                return Ok(decode_employee(&person.id, known.as_ref()));
            }
        }
    }
}

/// Returns the update that writes a choice, if the employee has made exactly `chosen` choices before.
fn choice_after(person: &Person, choice: Choice, chosen: u64) -> Expression {
    let word = match choice {
        Choice::Online => "on",
        Choice::Offline => "off",
    };
    let update = Expression::update("SET ch = :ch, nm = :nm, cv = :next")
        .text(":ch", word)
        .text(":nm", &person.name)
        .number(":next", chosen + 1)
        .returning_new();
    match chosen {
        0 => update.when("attribute_not_exists(cv)"),
        chosen => update.when("cv = :cv").number(":cv", chosen),
    }
}
