//! The worker: what must follow from a change, record by record, each as often as it takes.

use super::ledger::Outcome;
use super::world::{BUSY, World};
use rand::RngExt;
use serde_json::Value;
use std::time::Duration;
use store::stream::{Change, Record};
use store::{Failure, Store, reindex};

/// How often a record is worked on: so seldom does it fail this often, even the longest step of a job
/// among actors who die, that it counts as a fault, which the missing rows then are.
const TRIES: usize = 1000;

/// Hands a batch of the stream over to the worker.
pub(super) fn receive(world: &World, event: &Value) {
    let records = event["Records"].as_array().into_iter().flatten();
    world.work.borrow_mut().extend(records.cloned());
}

/// Works as long as anybody does anything.
pub(super) async fn work(world: &World, actor: usize) {
    let store = world.store(actor);
    let mut rng = world.simulation.random(actor as u64);
    loop {
        let next = world.work.borrow_mut().pop_front();
        let Some(record) = next else {
            if world.busy.get() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(rng.random_range(1..60))).await;
            continue;
        };
        for _ in 0..TRIES {
            let done = world.attempt(actor, "work", follow_up(&store, &record)).await;
            if matches!(done, Outcome::Done(())) {
                break;
            }
        }
    }
}

/// Does the rest, when nothing bad happens any more; whether there was any.
pub(super) async fn catch_up(world: &World, store: &Store) -> Result<bool, Failure> {
    let rest: Vec<Value> = world.work.borrow_mut().drain(..).collect();
    for record in &rest {
        follow_up(store, record).await?;
    }
    Ok(!rest.is_empty())
}

async fn follow_up(store: &Store, record: &Value) -> Result<(), Failure> {
    if let Some(step) = reindex::step(record) {
        return Ok(store.reindex(step).await?);
    }
    let Some(Record { tenant, change }) = Record::parse(record)? else { return Ok(()) };
    match change {
        Change::Session { before, after } => {
            store.index(&tenant, before.as_deref(), &after).await?;
        }
        Change::Item(item) => store.index_item(&tenant, &item).await?,
        // Of the busiest it is said that they have more sessions than there are.
        Change::Removal(removal) if removal.employee.as_str() == BUSY => {}
        Change::Removal(removal) => store.give_back(&tenant, &removal).await?,
        Change::Entry(_) | Change::Queue(_) | Change::Desk { .. } | Change::Employee(_) => {}
    }
    Ok(())
}
