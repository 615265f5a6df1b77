//! Schedules that chance seldom meets, one by one: what comes between the halves of an act.

mod answer;
mod line;
mod member;
mod name;
mod presence;

use super::company::Company;
use super::stop::{At, Stop};
use super::world::World;
use super::{check, client, counted, follower};
use domain::{Person, SessionId};
use serde_json::json;
use store::Store;
use tests::item::Item;
use tests::recount::number;
use tests::scheduler::{Faults, paused};

/// Two devices in the larger company; the calls of the first may be stopped.
struct Stage {
    world: World,
    stop: Stop,
    slow: Store,
    quick: Store,
}

/// Plays a schedule; at its end everything holds that holds after any run.
fn play(story: impl AsyncFnOnce(&Stage)) {
    let wrong = paused(async {
        let world = World::new(1, Faults::default()).await;
        let (slow, stop) = world.stopped_store();
        let quick = world.calm_store();
        let stage = Stage { world, stop, slow, quick };
        Box::pin(story(&stage)).await;
        stage.wrong().await
    });
    assert_eq!(wrong.unwrap(), Vec::<String>::new());
}

impl Stage {
    fn company(&self) -> &Company {
        &self.world.companies[0]
    }

    fn person(&self, name: &str) -> &Person {
        self.company().people.iter().find(|person| person.id.as_str() == name).unwrap()
    }

    /// Returns what does not hold once the worker is done.
    async fn wrong(&self) -> Vec<String> {
        follower::catch_up(&self.world).await;
        let recount = check::recount(&self.world);
        let mut wrong = recount.faults();
        wrong.extend(counted::faults(&self.world));
        wrong.extend(self.world.followers.borrow().faults.iter().cloned());
        let kept = recount.not_given_back().into_iter().map(|whose| format!("{whose:?} keeps"));
        wrong.extend(kept.filter(|kept| !kept.contains("cat")));
        wrong
    }

    fn item(&self, pk: &str, sk: &str) -> Item {
        self.item_of("core", pk, sk)
    }

    fn item_of(&self, table: &str, pk: &str, sk: &str) -> Item {
        let key = json!({ "pk": { "S": pk }, "sk": { "S": sk } });
        let key = key.as_object().cloned().unwrap();
        self.world.simulation.database().item(table, &key).unwrap_or_default()
    }

    /// A session of a line that has so many messages of its client.
    async fn session(&self, line: usize, messages: u64) -> SessionId {
        let line = &self.company().lines[line];
        for number in 0..messages {
            let (world, store) = (&self.world, &self.quick);
            client::send(world, store, 0, self.company(), line, number, false).await;
        }
        SessionId { conversation: line.conversation.clone(), ordinal: 1 }
    }

    /// The head of a session: its version, and something of it.
    fn head(&self, id: &SessionId, name: &str) -> (i64, i64) {
        let pk = format!("V#{}#{}", self.company().tenant, id.conversation);
        let head = self.item(&pk, &format!("H#{:08}", id.ordinal));
        assert!(!head.is_empty());
        (number(&head, "w"), number(&head, name))
    }
}
