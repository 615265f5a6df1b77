//! Batches: merges the records of a stream batch into the changes of each tenant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{ConversationId, Delta, EmployeeId, LiveChatId, Message, SessionId, TenantId};
use graphql::feed::Write;
use store::commit::Commit;
use store::stream::{Change, Record};

/// The place of a record in an event of the stream.
pub(super) struct Place {
    pub(super) index: usize,
    pub(super) sequence: String,
}

/// The changes of one tenant.
pub(super) struct Batch {
    pub(super) tenant: TenantId,
    /// The sequence numbers of its records.
    pub(super) sequences: Vec<String>,
    /// The index of its first record in the event.
    pub(super) first: Option<usize>,
    /// Each session that changed, in the order in which the batch first names it.
    pub(super) sessions: Vec<Changed>,
    /// All their writes, in the order of the stream.
    pub(super) writes: Vec<Write>,
    /// Live chats whose queue changed.
    pub(super) queues: BTreeSet<LiveChatId>,
    /// Employees whose desk changed.
    pub(super) desks: BTreeSet<EmployeeId>,
    /// Employees whose roles changed.
    pub(super) roles: BTreeSet<EmployeeId>,
    /// Employees whose name or presence changed.
    pub(super) people: BTreeSet<EmployeeId>,
    /// Clients whose read position moved: from which message to which, by the client's numbers.
    pub(super) reads: BTreeMap<ConversationId, (u64, u64)>,
    /// Answers whose delivery changed.
    pub(super) deliveries: BTreeMap<ConversationId, BTreeSet<u64>>,
    /// Entries of which a file has come to its end.
    pub(super) checked: BTreeMap<ConversationId, BTreeSet<u64>>,
    /// The entries of dialogs that the batch brought along.
    pub(super) entries: BTreeMap<(ConversationId, u64), Arc<Message>>,
}

/// A session that changed, by one or several writes.
pub(super) struct Changed {
    /// The writes in order, each with the state before and after it.
    writes: Vec<Write>,
}

impl Changed {
    /// Returns one write from the state before all the writes to the state after them.
    pub(super) fn whole(&self) -> Option<Write> {
        let (first, last) = (self.writes.first()?, self.writes.last()?);
        Some(Write { before: first.before.clone(), after: last.after.clone() })
    }
}

impl Batch {
    fn new(tenant: TenantId) -> Self {
        Self {
            tenant,
            sequences: Vec::new(),
            first: None,
            sessions: Vec::new(),
            writes: Vec::new(),
            queues: BTreeSet::new(),
            desks: BTreeSet::new(),
            roles: BTreeSet::new(),
            people: BTreeSet::new(),
            reads: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            checked: BTreeMap::new(),
            entries: BTreeMap::new(),
        }
    }

    /// Returns the records by tenant.
    pub(super) fn of(records: Vec<(Place, Record)>) -> Vec<Self> {
        let mut batches: BTreeMap<TenantId, (Self, BTreeMap<SessionId, usize>)> = BTreeMap::new();
        for (place, record) in records {
            let (batch, places) = batches
                .entry(record.tenant.clone())
                .or_insert_with(|| (Self::new(record.tenant), BTreeMap::new()));
            batch.first.get_or_insert(place.index);
            batch.sequences.push(place.sequence);
            batch.add(record.change, places);
        }
        batches.into_values().map(|(batch, _)| batch).collect()
    }

    fn add(&mut self, change: Change, places: &mut BTreeMap<SessionId, usize>) {
        match change {
            Change::Session { before, after } => {
                let write = Write { before: before.map(Arc::from), after: Arc::from(after) };
                let place = *places.entry(write.after.id.clone()).or_insert_with(|| {
                    self.sessions.push(Changed { writes: Vec::new() });
                    self.sessions.len() - 1
                });
                let is_new =
                    self.sessions.get_mut(place).is_some_and(|changed| changed.add(write.clone()));
                if is_new {
                    self.writes.push(write);
                }
            }
            Change::Entry(message) => {
                self.entries
                    .insert((message.conversation.clone(), message.seq), Arc::from(message));
            }
            Change::ClientRead { conversation, before, after } => {
                let (from, to) = self.reads.entry(conversation).or_insert((before, after));
                (*from, *to) = (before.min(*from), after.max(*to));
            }
            Change::Queue(live_chat) => {
                self.queues.insert(live_chat);
            }
            Change::Desk { employee, before, after } => {
                let roles = before.map(|before| before.roles).unwrap_or_default();
                if roles != after.roles {
                    self.roles.insert(employee.clone());
                }
                self.desks.insert(employee);
            }
            Change::Employee(employee) => {
                self.people.insert(employee.id);
            }
            Change::Delivery { conversation, seq, .. } => {
                self.deliveries.entry(conversation).or_default().insert(seq);
            }
            // A new file comes with its entry.
            Change::Attachment { before: Some(before), after } if before != after.state => {
                let Some(seq) = after.seq else { return };
                self.checked.entry(after.conversation).or_default().insert(seq);
            }
            Change::Attachment { .. } => {}
            // The worker's.
            Change::Removal(_) | Change::Item(_) | Change::Expired { .. } => {}
        }
    }
}

impl Batch {
    /// Returns the commits of a tenant's request, with what the rows that they wrote say.
    pub(super) fn committed(tenant: &TenantId, commits: &[Commit]) -> Self {
        let (mut batch, mut places) = (Self::new(tenant.clone()), BTreeMap::new());
        for commit in commits {
            let (before, after) = (commit.before().cloned(), &commit.change.session);
            let delta = Delta::between(before.as_ref(), after);
            for entry in &commit.change.entries {
                batch.add(Change::Entry(Box::new(entry.clone())), &mut places);
            }
            if delta.queue.is_some() {
                batch.add(Change::Queue(after.live_chat.clone()), &mut places);
            }
            batch.desks.extend(delta.desks.into_iter().map(|desk| desk.operator));
            let (before, after) = (before.map(Box::new), Box::new(after.clone()));
            batch.add(Change::Session { before, after }, &mut places);
        }
        batch
    }
}

impl Changed {
    /// Adds a write in the order of versions. A write that came twice is kept once. Returns true if
    /// it is new.
    fn add(&mut self, write: Write) -> bool {
        let version = |write: &Write| write.after.version;
        match self.writes.binary_search_by_key(&version(&write), version) {
            Ok(_) => false,
            Err(place) => {
                self.writes.insert(place, write);
                true
            }
        }
    }
}
