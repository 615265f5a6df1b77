//! Removal: a job that returns the open sessions of a removed operator to the queue.
//!
//! The job is a row that the transaction that takes the role writes. Its stream record wakes the
//! worker, which returns some sessions, and then either deletes the row or counts it up, which wakes
//! the worker again. Each step may be done twice, and a step that dies is delivered again.

use domain::{EmployeeId, LiveChatId, Outcome, SessionId, TenantId, assignment};

use crate::desk::decode_membership;
use crate::record::head::Head;
use crate::table::{Committed, Expression, Item, Key, Part, Read, Row, Table, key};
use crate::{Fault, Store, TenantStore};

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
    let (live_chat, employee) = read.keyed(key::read_removal)?;
    Ok(Removal { live_chat, employee, step: read.number("n")? })
}

impl TenantStore<'_> {
    /// Returns the row that creates the job, or wakes the existing one.
    pub(crate) fn removal_row(self, live_chat: &LiveChatId, employee: &EmployeeId) -> Row {
        let key = key::removal(self.tenant, live_chat, employee);
        let step = Expression::update("ADD n :one").number(":one", 1);
        Row::update(Table::Core, Part::Other, &key, step)
    }

    /// Does a step of the job: returns some of the sessions to the queue, until none is left. Does
    /// nothing when the employee is operator there again, or when a later step is under way.
    ///
    /// # Errors
    /// A [`Fault`] of the state: the worker has to repeat the step.
    pub async fn give_back(self, removal: &Removal) -> Result<(), Fault> {
        let Removal { live_chat, employee, .. } = removal;
        let key = key::membership(self.tenant, employee, live_chat);
        for _ in 0..LOOKS {
            let item = self.item(Table::Core, &key).await?;
            let Some(membership) = item.as_ref().map(decode_membership).transpose()? else {
                return Ok(());
            };
            if membership.roles.operator || membership.open == 0 {
                return self.end_removal(removal).await;
            }
            let theirs = self.mine(live_chat, employee, membership.open).await?;
            for (_, session) in theirs.iter().take(STEP) {
                self.withdraw(&session.id, employee).await?;
            }
            if !theirs.is_empty() {
                // The next step reads the sessions that are left, or ends the job.
                return self.next_step(removal).await;
            }
            // Another writer gave them back meanwhile, or the index is far behind.
        }
        Err(Fault::Conflict)
    }

    /// Puts one session back into the queue, unless another operator has it by now.
    async fn withdraw(self, id: &SessionId, from: &EmployeeId) -> Result<(), Fault> {
        let head = key::head(self.tenant, id);
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
            let rows = || self.writing(before, &trail, &change).rows();
            if let Committed::Done = self.commit_change(before, &change, rows).await? {
                return Ok(());
            }
        }
    }

    /// Increments the step of the job, so that the stream wakes the worker again.
    async fn next_step(self, removal: &Removal) -> Result<(), Fault> {
        let step = Expression::update("ADD n :one").when("n = :n");
        let step = step.number(":one", 1).number(":n", removal.step);
        self.commit_step(Row::update(Table::Core, Part::Other, &job(self.tenant, removal), step))
            .await
    }

    async fn end_removal(self, removal: &Removal) -> Result<(), Fault> {
        let guard = Expression::guard("n = :n").number(":n", removal.step);
        let row = Row::delete_if(Table::Core, Part::Other, &job(self.tenant, removal), guard);
        self.commit_step(row).await
    }
}

impl Store {
    /// Commits a step of a job. When the guard says that a later step is under way, nothing is
    /// written: the job continues with that one.
    pub(crate) async fn commit_step(&self, row: Row) -> Result<(), Fault> {
        self.commit(|| vec![row.clone()]).await.map(drop)
    }
}

fn job(tenant: &TenantId, removal: &Removal) -> Key {
    key::removal(tenant, &removal.live_chat, &removal.employee)
}
