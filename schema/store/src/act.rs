//! Acts of employees on a session: reads it, lets a rule decide, commits, and tries again when another
//! write came between.

mod assignment;
mod binding;
mod delivery;
mod message;
mod reading;
mod snapshot;

use domain::access::Sight;
use domain::{Change, Message, Outcome, Person, Refusal, Session, SessionId, Timestamp};

use crate::record::entry;
use crate::table::{Committed, Part, Row, Table, key};
use crate::{Failure, Fault, Store};
use snapshot::{Snapshot, Wanted};

pub use binding::Bound;
pub use message::Answer;

/// The result of an act.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acted {
    /// The session as it is now.
    pub session: Session,
    /// The message or note that the act wrote, or had written when it was first done.
    pub message: Option<Message>,
    /// The part of the session that the actor may see now.
    pub sight: Sight,
}

impl Store {
    /// Returns the session as it is now, and what the person may see of it.
    ///
    /// # Errors
    /// `NotFound` when there is none; a [`Fault`] of the state.
    pub async fn look(&self, person: &Person, id: &SessionId) -> Result<Acted, Failure> {
        let read = self.read(person, id, &Wanted::default()).await?;
        Ok(acted(&read, None))
    }

    /// Reads, lets the rule decide, commits what it decided, and tries again when another write came
    /// between.
    async fn act(
        &self,
        person: &Person,
        id: &SessionId,
        wanted: Wanted,
        decide: impl FnMut(&Snapshot, Timestamp) -> Result<Outcome, Refusal>,
    ) -> Result<Acted, Failure> {
        Box::pin(self.act_with(person, id, wanted, decide, &[])).await
    }

    /// Does the same as [`Store::act`], with further rows in the transaction. [`Fault::Conflict`] when
    /// one of them exists.
    async fn act_with(
        &self,
        person: &Person,
        id: &SessionId,
        wanted: Wanted,
        mut decide: impl FnMut(&Snapshot, Timestamp) -> Result<Outcome, Refusal>,
        more: &[Row],
    ) -> Result<Acted, Failure> {
        let mut read = self.read(person, id, &wanted).await?;
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            if let (Some(done), Some(check)) = (&read.done, &wanted.check) {
                return self.repeated(person, &read, done.repeats(&check.hash)?).await;
            }
            let change = match decide(&read, self.now())? {
                Outcome::Unchanged => return Ok(acted(&read, None)),
                Outcome::Changed(change) => *change,
            };
            let failed = match self.write(person, &read, &wanted, &change, more).await? {
                Committed::Done => {
                    read.session = change.session;
                    let wrote = change.entries.into_iter().rfind(|e| e.client_message_id.is_some());
                    return Ok(acted(&read, wrote));
                }
                Committed::Guarded(failed) => failed,
            };
            if !more.is_empty() && failed.iter().any(|(part, _)| *part == Part::Once) {
                return Err(Fault::Conflict.into());
            }
            if !read.learn(failed)? {
                read = self.read(person, id, &wanted).await?;
            }
        }
    }

    /// Commits a change: its rows, the receipt of a send, and further rows.
    async fn write(
        &self,
        person: &Person,
        read: &Snapshot,
        wanted: &Wanted,
        change: &Change,
        more: &[Row],
    ) -> Result<Committed, Fault> {
        let (tenant, session, trail) = (&person.tenant, &read.session, &read.trail);
        let writing = || self.of(tenant).writing(Some(session), trail, change);
        if writing().is_head_alone() && more.is_empty() {
            return self.of(tenant).commit_head(session, trail, change).await;
        }
        let rows = || {
            let mut rows = writing().rows();
            if let Some(check) = &wanted.check {
                let receipt = check.receipt(change.session.seq);
                rows.push(Row::put_new(Table::Core, Part::Once, receipt));
            }
            rows.extend_from_slice(more);
            rows
        };
        self.of(tenant).commit_change(Some(session), change, rows).await
    }

    /// Returns the first result of a repeated send.
    async fn repeated(&self, person: &Person, read: &Snapshot, seq: u64) -> Result<Acted, Failure> {
        let key = key::message(&person.tenant, &read.session.id.conversation, seq);
        let item = self.item(Table::Core, &key).await?;
        let wrote = item.as_ref().map(entry::decode).transpose()?;
        let (session, sight) = (read.session.clone(), read.sight());
        Ok(Acted { session, message: wrote, sight })
    }
}

fn acted(read: &Snapshot, message: Option<Message>) -> Acted {
    let sight = read.sight();
    Acted { session: read.session.clone(), message, sight }
}
