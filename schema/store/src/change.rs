//! The rows of a change of a session: its head, its entries, and what follows from them in the queue,
//! on the desks and in the read positions.

use domain::delta::{Desk, MOST_OPEN, Queue};
use domain::{
    Attached, Attachment, Change, Delta, EmployeeId, Message, Session, TenantId, Timestamp,
};

use crate::attachment;
use crate::commit::Cause;
use crate::record::head::MadeBy;
use crate::record::{entry, head};
use crate::table::key::QUEUE_SHARDS;
use crate::table::{Alone, Committed, Expression, Item, Part, Row, Table, Trail, key};
use crate::{Fault, TenantStore};

/// The input for the rows of a change of a session.
pub(crate) struct Writing<'a> {
    pub(crate) tenant: &'a TenantId,
    pub(crate) before: Option<&'a Session>,
    /// The trail of the head before the change.
    pub(crate) trail: &'a Trail,
    pub(crate) change: &'a Change,
    /// The shard of the queue count to use.
    pub(crate) shard: u32,
    /// The moment until which the request that writes may push the change.
    pub(crate) pushes_until: Option<Timestamp>,
    /// The files of the change that a messenger has: their rows are new.
    pub(crate) received: &'a [Attachment],
}

impl<'a> TenantStore<'a> {
    /// Returns the input for the rows of a change, with a random shard of the queue count.
    pub(crate) fn writing(
        self,
        before: Option<&'a Session>,
        trail: &'a Trail,
        change: &'a Change,
    ) -> Writing<'a> {
        let shard = u32::try_from(self.random() % u128::from(QUEUE_SHARDS)).unwrap_or(0);
        let pushes_until = self.pushes_until();
        Writing { tenant: self.tenant, before, trail, change, shard, pushes_until, received: &[] }
    }

    /// Commits a change of the head alone, in one conditional write.
    pub(crate) async fn commit_head(
        self,
        before: &Session,
        trail: &Trail,
        change: &Change,
    ) -> Result<Committed, Fault> {
        let made = self.make(before.version);
        let after = &change.session;
        let key = key::head(self.tenant, &after.id);
        let made_by = MadeBy { mark: Some(&made.mark), pushes_until: self.pushes_until() };
        let update = head::rewrite(self.tenant, after, trail, made_by, before);
        Ok(match self.update_version(Table::Core, &key, &made, update).await? {
            Alone::Done => {
                self.note_commit(Some(before), change);
                Committed::Done
            }
            Alone::Refused(item) => Committed::Guarded(vec![(Part::Head, item)]),
        })
    }
}

impl Writing<'_> {
    /// Returns the rows of the change: head, entries, and what [`Delta`] derives.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let delta = Delta::between(self.before, &self.change.session);
        let mut rows = vec![self.head()];
        for entry in &self.change.entries {
            rows.push(put_new(Part::Other, entry::encode(self.tenant, entry)));
            rows.extend(entry.attachments.iter().map(|file| self.attach(entry, file)));
        }
        if let Some(queue) = delta.queue {
            rows.extend(self.queue(queue));
        }
        rows.extend(delta.desks.iter().map(|desk| self.desk(desk)));
        rows.extend(delta.handled.iter().map(|operator| self.handled(operator)));
        rows
    }

    /// Returns true when the head is the only row, so that no transaction is needed.
    pub(crate) fn is_head_alone(&self) -> bool {
        self.change.entries.is_empty()
            && Delta::between(self.before, &self.change.session) == Delta::default()
    }

    /// Returns the row of the head. A new head is guarded by its absence, an existing one by its
    /// version. That guard protects the queue row as well, and that row's protects the head in turn.
    ///
    /// A closed session gets entries too, until the next one opens: then the two heads do not guard
    /// each other, and only the number of the entry does, which exists once in the conversation. For a
    /// new session, that there is no head and that there is no info row are equivalent guards. For a
    /// new entry of an open session two are: the head's version, and that there is no entry with that
    /// number.
    fn head(&self) -> Row {
        let after = &self.change.session;
        let made_by = MadeBy { mark: None, pushes_until: self.pushes_until };
        match self.before.filter(|before| before.id == after.id) {
            None => put_new(Part::Head, head::encode(self.tenant, after, self.trail, made_by)),
            Some(before) => {
                let key = key::head(self.tenant, &after.id);
                let update = head::rewrite(self.tenant, after, self.trail, made_by, before);
                Row::update(Table::Core, Part::Head, &key, update)
            }
        }
    }

    /// Returns the row of a file that is attached to an entry: once, and before its time is over.
    fn attach(&self, entry: &Message, file: &Attached) -> Row {
        if let Some(received) = self.received.iter().find(|received| received.id == file.id) {
            return attachment::received(self.tenant, received, entry.seq);
        }
        let key = key::attachment(self.tenant, &entry.conversation, &file.id);
        let update = Expression::update("SET s = :seq REMOVE un, #ttl")
            .when("attribute_exists(un)")
            .number(":seq", entry.seq);
        Row::update(Table::Core, Part::Attachment, &key, update)
    }

    fn queue(&self, queue: Queue) -> [Row; 2] {
        let session = &self.change.session;
        let key = key::queued(self.tenant, session);
        let (row, step) = match queue {
            Queue::Enter => (put_new(Part::Other, key.item()), 1),
            Queue::Leave => (Row::delete(Table::Core, Part::Other, &key), -1),
        };
        let count = self.caused("ADD n :step, w :one").number(":step", step);
        let key = key::queue_count(self.tenant, &session.live_chat, self.shard);
        [row, Row::update(Table::Core, Part::Other, &key, count.number(":one", 1))]
    }

    fn desk(&self, desk: &Desk) -> Row {
        let key = key::membership(self.tenant, &desk.operator, &self.change.session.live_chat);
        let update = self
            .caused("ADD u :u, m :m, w :one")
            .number(":u", desk.unread)
            .number(":m", desk.open)
            .number(":one", 1);
        let update = if desk.open > 0 {
            update.when("o = :one AND m < :most").number(":most", MOST_OPEN)
        } else {
            update.when("attribute_exists(pk)")
        };
        Row::update(Table::Core, Part::Desk(desk.operator.clone()), &key, update)
    }

    /// Returns an update of counts that names this change as its cause.
    fn caused(&self, counts: &str) -> Expression {
        Expression::update(format!("SET cs = :cause {counts}"))
            .text(":cause", Cause::of(&self.change.session, self.pushes_until).to_string())
    }

    fn handled(&self, operator: &EmployeeId) -> Row {
        let session = &self.change.session;
        let key = key::position(self.tenant, &session.id.conversation, operator);
        let update = Expression::update("SET h = :h, s = :s")
            .number(":h", session.id.ordinal)
            .number(":s", session.seq);
        Row::update(Table::Core, Part::Other, &key, update)
    }
}

/// Returns a row that must not exist yet. The key of an entry and that of a queue row follow from the
/// head, so this guard holds exactly when the head's guard holds.
fn put_new(part: Part, item: Item) -> Row {
    Row::put_new(Table::Core, part, item)
}
