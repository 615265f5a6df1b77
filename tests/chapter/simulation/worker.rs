//! The worker: what must follow from a change, record by record, each as often as it takes.

use super::ledger::Outcome;
use super::world::{BUSY, World};
use functions::app::App;
use rand::RngExt;
use serde_json::{Value, json};
use std::time::Duration;
use store::reindex::{self, Stride};
use store::stream::{Change, Parsed, Record};
use store::{Failure, Fault, Store};

/// The most attempts at a record. It fails this often so seldom, even a step of a job among actors
/// who die, that it counts as a fault: the missing rows show it.
const TRIES: usize = 1000;
/// Steps so short that a run has many.
const STRIDE: Stride = Stride { page: 10, pages: 4, enough: 2 };

/// The fault of a record that is worked on again.
pub(super) const AGAIN: &str = "the record is worked on again";

/// The number of shards that the stream has for the worker, each worked on beside the others.
pub(super) const SHARDS: usize = 3;

/// Hands a batch of the stream over to the worker: what is of one partition to one shard, in order.
pub(super) fn receive(world: &World, event: &Value) {
    for record in event["Records"].as_array().into_iter().flatten() {
        let pk = record.pointer("/dynamodb/Keys/pk/S").and_then(Value::as_str).unwrap_or_default();
        let shard = pk.bytes().map(usize::from).sum::<usize>() % SHARDS;
        world.work.borrow_mut()[shard].push_back(record.clone());
    }
}

/// Works on a shard as long as anybody does anything.
pub(super) async fn work(world: &World, actor: usize, shard: usize) {
    let store = world.store(actor);
    let app = world.outside.worker(&store);
    let mut rng = world.simulation.random(actor as u64);
    loop {
        let next = world.work.borrow_mut()[shard].pop_front();
        let Some(record) = next else {
            if world.busy.get() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(rng.random_range(1..60))).await;
            continue;
        };
        for _ in 0..TRIES {
            let done = world.attempt(actor, "work", follow_up(&app, &store, &record)).await;
            if matches!(done, Outcome::Done(())) {
                break;
            }
        }
    }
}

/// Does the rest, when nothing bad happens any more; whether there was any.
pub(super) async fn catch_up(world: &World, store: &Store) -> Result<bool, Failure> {
    let app = world.outside.worker(store);
    let mut shards = std::mem::take(&mut *world.work.borrow_mut());
    let rest: Vec<Value> = shards.iter_mut().flat_map(|shard| shard.drain(..)).collect();
    for record in &rest {
        follow_up(&app, store, record).await?;
    }
    Ok(!rest.is_empty())
}

async fn follow_up(app: &App, store: &Store, record: &Value) -> Result<(), Failure> {
    if let Some(step) = reindex::step(record) {
        return Ok(store.reindex(step, STRIDE).await?);
    }
    let Parsed::Change(told) = Record::parse(record)? else { return Ok(()) };
    let Record { tenant, change, .. } = *told;
    match change {
        Change::Session { before, after } => {
            store.of(&tenant).index(before.as_deref(), &after).await?;
        }
        Change::Item(item) => store.of(&tenant).index_item(&item).await?,
        // Of the busiest it is said that they have more sessions than there are.
        Change::Removal(removal) if removal.employee.as_str() == BUSY => {}
        Change::Removal(removal) => store.of(&tenant).give_back(&removal).await?,
        Change::Entry(_) | Change::Delivery { .. } | Change::Attachment { .. } => {
            queue_answers(app, record).await?
        }
        // The bucket is not simulated.
        Change::Expired { .. }
        | Change::ClientRead { .. }
        | Change::Queue(_)
        | Change::Desk { .. }
        | Change::Employee(_) => {}
    }
    Ok(())
}

/// The worker itself notes and queues the answers that are due.
async fn queue_answers(app: &App, record: &Value) -> Result<(), Failure> {
    let handled = functions::worker::handle(app, &json!({ "Records": [record] })).await;
    match handled.unwrap() == json!({ "batchItemFailures": [] }) {
        true => Ok(()),
        false => Err(Fault::Unavailable(AGAIN.to_owned()).into()),
    }
}
