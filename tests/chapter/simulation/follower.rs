//! The fan-out's rule and those who listen: what lies between two records of a head is delivered,
//! and counters are read again after each record of theirs.

use super::ledger::Outcome;
use super::outbound;
use super::worker;
use super::world::World;
use domain::Desk;
use domain::counter::Counters;
use domain::delivery::Delivery;
use domain::{ConversationId, EmployeeId, LiveChatId, Message, Session, SessionId, TenantId};
use rand::RngExt;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use store::stream::{Change, Parsed, Record};
use store::{Failure, Store};

/// A head before and after one of its writes.
pub(super) type Write = (Option<Session>, Session);
type Of<T> = (TenantId, T);

/// The most attempts at pushing a batch. A batch fails this often so seldom that it counts as a
/// fault: the missing entries show it.
const TRIES: usize = 100;

/// The pushes that the subscribers got.
#[derive(Debug, Default)]
pub(super) struct Followers {
    pub(super) dialogs: BTreeMap<Of<ConversationId>, BTreeMap<u64, Message>>,
    pub(super) counters: BTreeMap<Of<EmployeeId>, Counters>,
    /// Every write of a session, by version.
    pub(super) heads: BTreeMap<Of<SessionId>, BTreeMap<u64, Write>>,
    /// The last message that each client has seen.
    reads: BTreeMap<Of<ConversationId>, u64>,
    /// The delivery of each answer, as it was pushed last.
    pub(super) deliveries: BTreeMap<(TenantId, ConversationId, u64), Delivery>,
    pub(super) faults: Vec<String>,
}

/// The changes of a batch.
#[derive(Default)]
struct Batch {
    sessions: BTreeMap<Of<SessionId>, BTreeMap<u64, Write>>,
    entries: BTreeMap<(TenantId, ConversationId, u64), Message>,
    queues: BTreeSet<Of<LiveChatId>>,
    desks: BTreeSet<Of<EmployeeId>>,
    deliveries: BTreeSet<(TenantId, ConversationId, u64)>,
}

/// Pushes what the stream brings, as long as any actor is at work.
pub(super) async fn follow(world: &World, actor: usize) {
    let store = world.store(actor);
    let mut rng = world.simulation.random(actor as u64);
    loop {
        let many = rng.random_range(1..=6);
        let Some(event) = read(world, many) else {
            if world.busy.get() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(rng.random_range(1..60))).await;
            continue;
        };
        // A batch that failed comes again, until it is given up.
        for _ in 0..TRIES {
            let told = world.attempt(actor, "tell", tell(world, &store, &event)).await;
            if matches!(told, Outcome::Done(())) {
                break;
            }
        }
    }
}

/// Pushes the rest of the stream, and lets the worker catch up, until neither has anything left.
pub(super) async fn catch_up(world: &World) {
    let store = world.calm_store();
    loop {
        let event = read(world, 20);
        let told = match &event {
            Some(event) => tell(world, &store, event).await,
            None => Ok(()),
        };
        match told.and(worker::catch_up(world, &store).await) {
            // The worker's writes are records of the stream again.
            Ok(has_worked) if event.is_some() || has_worked => {}
            Ok(_) => return,
            Err(failure) => {
                let fault = format!("the rest cannot be told: {failure:?}");
                return world.followers.borrow_mut().faults.push(fault);
            }
        }
    }
}

/// So many batches of the stream as one; none when all was delivered.
fn read(world: &World, many: usize) -> Option<Value> {
    let mut stream = world.stream.borrow_mut();
    let mut event = stream.batch().unwrap()?;
    for _ in 1..many {
        let Some(mut more) = stream.batch().unwrap() else { break };
        if let (Some(all), Some(more)) =
            (event["Records"].as_array_mut(), more["Records"].as_array_mut())
        {
            all.append(more);
        }
    }
    outbound::check::steps(world, &event);
    worker::receive(world, &event);
    Some(event)
}

async fn tell(world: &World, store: &Store, event: &Value) -> Result<(), Failure> {
    let batch = Batch::of(world, event);
    for ((tenant, id), writes) in &batch.sessions {
        let Some(((before, first), (_, last))) = writes.values().next().zip(writes.values().last())
        else {
            continue;
        };
        world.hear(tenant, last);
        let from = before.as_ref().map_or(first.first_seq, |before| before.seq + 1);
        let conversation = &id.conversation;
        let known = (from..=last.seq)
            .map(|seq| batch.entries.get(&(tenant.clone(), conversation.clone(), seq)).cloned());
        let entries = match known.collect::<Option<Vec<_>>>() {
            Some(entries) => entries,
            None => store.of(tenant).entries(conversation, from, last.seq).await?,
        };
        let mut followers = world.followers.borrow_mut();
        if from + entries.len() as u64 != last.seq + 1 {
            followers.faults.push(format!("{id}: {from} to {} has holes", last.seq));
        }
        followers.hear(tenant, conversation, entries);
    }
    for key in &batch.deliveries {
        let (tenant, conversation, seq) = key;
        let tracked = store.of(tenant).tracked(conversation, *seq).await?;
        let mut followers = world.followers.borrow_mut();
        match tracked {
            Some(tracked) => drop(followers.deliveries.insert(key.clone(), tracked.delivery)),
            None => followers.faults.push(format!("{key:?} has no delivery any more")),
        }
    }
    let mut people = batch.desks.clone();
    for (tenant, live_chat) in &batch.queues {
        let members = store.of(tenant).members(live_chat).await?;
        people.extend(members.into_iter().map(|member| (tenant.clone(), member.employee)));
    }
    tell_counters(world, store, people).await
}

/// Pushes counters. Each component is read once, after its record, for all who get it.
async fn tell_counters(
    world: &World,
    store: &Store,
    people: BTreeSet<Of<EmployeeId>>,
) -> Result<(), Failure> {
    let mut desks: BTreeMap<TenantId, Vec<Desk>> = BTreeMap::new();
    for (tenant, who) in people {
        let desk = store.of(&tenant).desk(&who).await?;
        desks.entry(tenant).or_default().push(desk);
    }
    for (tenant, desks) in desks {
        let live_chats: BTreeSet<_> = desks.iter().flat_map(Desk::live_chats).collect();
        let queues = store.of(&tenant).queue_counts(live_chats).await?;
        let mut followers = world.followers.borrow_mut();
        for desk in desks {
            let counters = store::desk::counters(&desk, &queues);
            followers.count((tenant.clone(), desk.employee.id), counters);
        }
    }
    Ok(())
}

impl Batch {
    fn of(world: &World, event: &Value) -> Self {
        let mut batch = Self::default();
        for record in event.get("Records").and_then(Value::as_array).into_iter().flatten() {
            match Record::parse(record) {
                Ok(Parsed::Change(told)) => batch.add(world, told.tenant, told.change),
                Ok(Parsed::Nothing | Parsed::Unknown) => {}
                Err(fault) => world.followers.borrow_mut().faults.push(fault.to_string()),
            }
        }
        batch
    }

    fn add(&mut self, world: &World, tenant: TenantId, change: Change) {
        match change {
            Change::Session { before, after } => {
                let write = (before.map(|before| *before), *after);
                world.followers.borrow_mut().write(&tenant, &write);
                let id = write.1.id.clone();
                let writes = self.sessions.entry((tenant, id)).or_default();
                writes.entry(write.1.version).or_insert(write);
            }
            Change::Entry(entry) => {
                let key = (tenant, entry.conversation.clone(), entry.seq);
                self.entries.insert(key, *entry);
            }
            Change::ClientRead { conversation, before, after } => {
                world.followers.borrow_mut().see((tenant, conversation), before, after);
            }
            Change::Queue(live_chat) => drop(self.queues.insert((tenant, live_chat))),
            Change::Desk { employee, .. } => drop(self.desks.insert((tenant, employee))),
            // The worker's.
            Change::Removal(_) | Change::Item(_) | Change::Expired { .. } => {}
            Change::Attachment { .. } => {}
            Change::Delivery { conversation, seq, .. } => {
                self.deliveries.insert((tenant, conversation, seq));
            }
            Change::Employee(_) => {}
        }
    }
}

impl Followers {
    /// The write that made a version of a session.
    pub(super) fn step(&self, tenant: &TenantId, id: &SessionId, version: u64) -> Option<&Write> {
        self.heads.get(&(tenant.clone(), id.clone()))?.get(&version)
    }

    /// Returns the number of the client's messages that a session has up to an entry.
    pub(super) fn incoming(&self, tenant: &TenantId, id: &SessionId, seq: u64) -> u32 {
        let dialog = self.dialogs.get(&(tenant.clone(), id.conversation.clone()));
        let entry = dialog.and_then(|dialog| dialog.get(&seq));
        entry.filter(|entry| entry.ordinal == id.ordinal).map_or(0, |entry| entry.incoming)
    }

    fn hear(&mut self, tenant: &TenantId, of: &ConversationId, entries: Vec<Message>) {
        let dialog = self.dialogs.entry((tenant.clone(), of.clone())).or_default();
        for entry in entries {
            if let Some(known) = dialog.insert(entry.seq, entry.clone())
                && known != entry
            {
                self.faults.push(format!("{known:?} became {entry:?}"));
            }
        }
    }

    /// Counters are read one after the other, so their version never falls, and one version never
    /// says two things.
    fn count(&mut self, whose: Of<EmployeeId>, counters: Counters) {
        if let Some(known) = self.counters.insert(whose.clone(), counters.clone())
            && (known.version > counters.version
                || (known.version == counters.version && known != counters))
        {
            self.faults.push(format!("{whose:?}: {known:?} before {counters:?}"));
        }
    }

    /// Each mark of a client moves forward, from where the last one ended. A record may come again.
    fn see(&mut self, whose: Of<ConversationId>, before: u64, after: u64) {
        let known = self.reads.entry(whose.clone()).or_default();
        if after <= before || (after > *known && before != *known) {
            self.faults.push(format!("{whose:?}: seen up to {known}, then {before} to {after}"));
        }
        *known = after.max(*known);
    }

    /// Each record of a head is one version on from the last.
    fn write(&mut self, tenant: &TenantId, write: &Write) {
        let (before, after) = write;
        let writes = self.heads.entry((tenant.clone(), after.id.clone())).or_default();
        let version = before.as_ref().map_or(0, |before| before.version);
        if after.version != version + 1
            || (before.is_some() && writes.get(&version).map(|known| &known.1) != before.as_ref())
            || writes.get(&after.version).is_some_and(|known| known != write)
        {
            self.faults.push(format!("{}: {before:?} became {after:?}", after.id));
        }
        writes.insert(after.version, write.clone());
    }
}
