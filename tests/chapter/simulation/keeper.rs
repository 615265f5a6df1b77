//! The keeper of the service, who loses the rows of the search and has them made again.

use super::ledger::Outcome;
use super::world::World;
use serde_json::json;
use tests::wire::Operation;

/// The most times that the keeper gives the command until it is known to be accepted.
const TRIES: usize = 100;

/// Loses the rows some times in the middle of everything, and sometimes once more while they are made
/// again.
pub(super) async fn keep(world: &World, actor: usize, times: usize) {
    let store = world.store(actor);
    let mut rng = world.simulation.random(actor as u64);
    for turn in 0..times {
        for _ in 0..10 {
            world.rest(&mut rng).await;
        }
        for _ in 0..=turn % 2 {
            lose(world);
            for _ in 0..TRIES {
                let work = async { Ok(store.start_reindexing().await?) };
                if matches!(world.attempt(actor, "reindex", work).await, Outcome::Done(())) {
                    break;
                }
            }
            world.rest(&mut rng).await;
        }
    }
}

/// Deletes all rows of the search, past the wire.
fn lose(world: &World) {
    let database = world.simulation.database();
    for row in database.items("search") {
        let key = json!({ "pk": row["pk"], "sk": row["sk"] });
        let request = json!({ "TableName": "search", "Key": key });
        assert!(database.answer(Operation::DeleteItem, &request).is_success());
    }
}
