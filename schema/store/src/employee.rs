//! Employees: reads their profiles, finds them by name, and writes the presence that they chose.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{ReturnValue, TransactWriteItem, Update};
use domain::presence::Choice;
use domain::{EmployeeId, TenantId, Timestamp};

use crate::act::Person;
use crate::attribute::{Read, number, text};
use crate::call::{Range, Table, key_item};
use crate::commit::refused;
use crate::desk::{Employee, decode_employee};
use crate::row::{Part, Row, built};
use crate::{Fault, Store, key};

/// How many employees one search looks at.
const MOST_LOOKED_AT: usize = 1000;

/// The employees that a search found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// Who.
    pub ids: Vec<EmployeeId>,
    /// Where looking stopped.
    pub end: Option<String>,
    /// Whether there is more to look at.
    pub has_next: bool,
}

impl Store {
    /// The employees with these ids; of those never seen, only the id is known.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn employees(
        &self,
        tenant: &TenantId,
        ids: &[EmployeeId],
    ) -> Result<HashMap<EmployeeId, Employee>, Fault> {
        let items = self.items(Table::Core, ids.iter().map(|id| key::profile(tenant, id))).await?;
        Ok(ids
            .iter()
            .map(|id| (id.clone(), decode_employee(id, items.get(&key::profile(tenant, id)))))
            .collect())
    }

    /// Until when the leases of these employees last.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn leases(
        &self,
        tenant: &TenantId,
        ids: &[EmployeeId],
    ) -> Result<HashMap<EmployeeId, Timestamp>, Fault> {
        let items = self.items(Table::Live, ids.iter().map(|id| key::lease(tenant, id))).await?;
        let mut leases = HashMap::new();
        for id in ids {
            if let Some(item) = items.get(&key::lease(tenant, id)) {
                leases.insert(id.clone(), Read(item).time("until")?);
            }
        }
        Ok(leases)
    }

    /// The employees of a tenant whose names a search wants, by id, after a cursor. It reads a
    /// bounded number of them and then says where it stopped.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn find_employees(
        &self,
        tenant: &TenantId,
        wants: impl Fn(&str) -> bool,
        after: Option<&str>,
        first: usize,
    ) -> Result<Found, Fault> {
        let pk = key::tenant_partition(tenant);
        let mut range = Range::starting(&pk, "E#", MOST_LOOKED_AT + 1);
        if let Some(after) = after {
            range.from = format!("E#{after}\u{1}");
        }
        let items = self.range(Table::Core, &range).await?;
        let mut found = Found { has_next: items.len() > MOST_LOOKED_AT, ..Found::default() };
        for item in items.iter().take(MOST_LOOKED_AT) {
            if found.ids.len() == first {
                found.has_next = true;
                break;
            }
            let read = Read(item);
            let id = read.parsed("sk", |sk| EmployeeId::parse(sk.strip_prefix("E#")?))?;
            found.end = Some(id.to_string());
            if wants(read.text("nm")?) {
                found.ids.push(id);
            }
        }
        Ok(found)
    }

    /// Makes known an employee as their token names them.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn meet(&self, person: &Person) -> Result<(), Fault> {
        let rows = [
            key::profile(&person.tenant, &person.id),
            key::tenant_employee(&person.tenant, &person.id),
        ]
        .iter()
        .map(|key| {
            let update = Update::builder()
                .table_name(&self.tables.core)
                .set_key(Some(key_item(key)))
                .update_expression("SET nm = :nm")
                .expression_attribute_values(":nm", text(&person.name))
                .build()
                .map_err(built)?;
            let write = TransactWriteItem::builder().update(update).build();
            Ok(Row { part: Part::Other, write })
        })
        .collect::<Result<Vec<_>, Fault>>()?;
        // They stand under no guard.
        self.commit(|| Ok(rows.clone())).await.map(drop)
    }

    /// Notes what presence an employee chose, and answers with the employee as they are now.
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
            // How often they chose is the guard, so that a choice never comes back after another
            // one when it is sent again.
            let chosen = known.as_ref().map(|item| Read(item).maybe_number::<u64>("cv"));
            let chosen = chosen.transpose()?.flatten().unwrap_or(0);
            let sent = self.sent(|_| self.send_choice(person, choice, chosen), refused).await?;
            if let Ok(answer) = sent.answer {
                return Ok(decode_employee(&person.id, answer.attributes.as_ref()));
            }
            known = self.item(Table::Core, &profile).await?;
            if sent.is_again {
                // It happened when its answer was lost, or another choice came meanwhile,
                // before which it counts as made. What it would have said is over.
                return Ok(decode_employee(&person.id, known.as_ref()));
            }
        }
    }

    /// Writes a choice, if the employee has chosen so often before.
    async fn send_choice(
        &self,
        person: &Person,
        choice: Choice,
        chosen: u64,
    ) -> Result<UpdateItemOutput, SdkError<UpdateItemError>> {
        let word = match choice {
            Choice::Online => "on",
            Choice::Offline => "off",
        };
        let mut update = self
            .db
            .update_item()
            .table_name(&self.tables.core)
            .set_key(Some(key_item(&key::profile(&person.tenant, &person.id))))
            .update_expression("SET ch = :ch, nm = :nm, cv = :next")
            .condition_expression(if chosen > 0 { "cv = :cv" } else { "attribute_not_exists(cv)" })
            .expression_attribute_values(":ch", text(word))
            .expression_attribute_values(":nm", text(&person.name))
            .expression_attribute_values(":next", number(chosen + 1))
            .return_values(ReturnValue::AllNew);
        if chosen > 0 {
            update = update.expression_attribute_values(":cv", number(chosen));
        }
        Box::pin(update.send()).await
    }
}
