//! Removal: a job that returns the open sessions of a removed operator to the queue.
//!
//! The job is a row that the transaction that takes the role writes. Its stream record wakes the
//! worker, which returns some sessions, and then either deletes the row or counts it up, which wakes
//! the worker again. Each step may be done twice, and a step that dies is delivered again.

use aws_sdk_dynamodb::types::{Delete, TransactWriteItem, Update};
use domain::{EmployeeId, LiveChatId, Outcome, SessionId, TenantId, assignment};

use crate::attribute::{Item, Read, number};
use crate::call::{Table, key_item};
use crate::commit::Committed;
use crate::desk::decode_membership;
use crate::key::Key;
use crate::row::{Part, Row, built};
use crate::session::Head;
use crate::{Fault, Store, key};

/// The number of sessions given back in one step, before the worker turns to other records.
const STEP: usize = 25;

/// The number of repeated reads when the count says that sessions are left and none is found.
const LOOKS: usize = 3;

/// The removal of an operator from a live chat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Removal {
    /// The live chat that the operator was removed from.
    pub live_chat: LiveChatId,
    /// The removed operator.
    pub employee: EmployeeId,
    /// The number of the current step of the job.
    pub step: u64,
}

pub(crate) fn decode(item: &Item) -> Result<Removal, Fault> {
    let read = Read(item);
    let live_chat = |pk: &str| pk.splitn(3, '#').nth(2).and_then(LiveChatId::parse);
    Ok(Removal {
        live_chat: read.parsed("pk", live_chat)?,
        employee: read.parsed("sk", EmployeeId::parse)?,
        step: read.number("n")?,
    })
}

impl Store {
    /// Returns the row that creates the job, or wakes the existing one.
    pub(crate) fn removal_row(
        &self,
        tenant: &TenantId,
        live_chat: &LiveChatId,
        employee: &EmployeeId,
    ) -> Result<Row, Fault> {
        let update = Update::builder()
            .table_name(&self.tables.core)
            .set_key(Some(key_item(&key::removal(tenant, live_chat, employee))))
            .update_expression("ADD n :one")
            .expression_attribute_values(":one", number(1));
        let write = TransactWriteItem::builder().update(update.build().map_err(built)?).build();
        Ok(Row { part: Part::Other, write })
    }

    /// Does a step of the job: returns some of the sessions to the queue, until none is left. Does
    /// nothing when the employee is operator there again, or when a later step is under way.
    ///
    /// # Errors
    /// A [`Fault`] of the state: the worker has to repeat the step.
    pub async fn give_back(&self, tenant: &TenantId, removal: &Removal) -> Result<(), Fault> {
        let Removal { live_chat, employee, .. } = removal;
        let key = key::membership(tenant, employee, live_chat);
        for _ in 0..LOOKS {
            let item = self.item(Table::Core, &key).await?;
            let Some(membership) = item.as_ref().map(decode_membership).transpose()? else {
                return Ok(());
            };
            if membership.roles.operator || membership.open == 0 {
                return self.end_removal(tenant, removal).await;
            }
            let theirs = self.mine(tenant, live_chat, employee, membership.open).await?;
            for (_, session) in theirs.iter().take(STEP) {
                self.withdraw(tenant, &session.id, employee).await?;
            }
            if !theirs.is_empty() {
                // The next step reads the sessions that are left, or ends the job.
                return self.next_step(tenant, removal).await;
            }
            // Another writer gave them back meanwhile, or the index is far behind.
        }
        Err(Fault::Conflict)
    }

    /// Puts one session back into the queue, unless another operator has it by now.
    async fn withdraw(
        &self,
        tenant: &TenantId,
        id: &SessionId,
        from: &EmployeeId,
    ) -> Result<(), Fault> {
        let head = key::head(tenant, id);
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            let Some(item) = self.item(Table::Core, &head).await? else { return Ok(()) };
            let Head { session, trail } = Head::decode(&item)?;
            let change = match assignment::withdraw(&session, from, self.now()) {
                Outcome::Unchanged => return Ok(()),
                Outcome::Changed(change) => *change,
            };
            let before = Some(&session);
            let committed = self.commit(|| self.writing(tenant, before, &trail, &change).rows());
            if let Committed::Done = committed.await? {
                return Ok(());
            }
        }
    }

    /// Increments the step of the job, so that the stream wakes the worker again.
    async fn next_step(&self, tenant: &TenantId, removal: &Removal) -> Result<(), Fault> {
        let update = Update::builder()
            .table_name(&self.tables.core)
            .set_key(Some(key_item(&job(tenant, removal))))
            .update_expression("ADD n :one")
            .expression_attribute_values(":one", number(1))
            .condition_expression("n = :n")
            .expression_attribute_values(":n", number(removal.step));
        self.commit_step(
            TransactWriteItem::builder().update(update.build().map_err(built)?).build(),
        )
        .await
    }

    async fn end_removal(&self, tenant: &TenantId, removal: &Removal) -> Result<(), Fault> {
        let delete = Delete::builder()
            .table_name(&self.tables.core)
            .set_key(Some(key_item(&job(tenant, removal))))
            .condition_expression("n = :n")
            .expression_attribute_values(":n", number(removal.step));
        self.commit_step(
            TransactWriteItem::builder().delete(delete.build().map_err(built)?).build(),
        )
        .await
    }
}

fn job(tenant: &TenantId, removal: &Removal) -> Key {
    key::removal(tenant, &removal.live_chat, &removal.employee)
}
