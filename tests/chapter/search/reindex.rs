//! The rows of the search, made again from the state.

use super::names;
use functions::local::run::Options;
use functions::worker;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tests::environment::Ahead;
use tests::world::{World, alone, code, texts, within};

/// What each of these finds, by who looks and for what.
type Hits = BTreeMap<(String, String), Vec<String>>;

async fn hits(world: &World, app: &str) -> Hits {
    let mut hits = Hits::new();
    for name in ["sue", "ann", "bob"] {
        let who = world.employee(name).await;
        for query in ["zo", "client", "a", "müller renamed", "9"] {
            let found = names(&who, query, 10).await;
            hits.insert((name.to_owned(), query.to_owned()), found);
            let items = texts(&who.items(app, Some(query)).await, "title");
            hits.insert((name.to_owned(), format!("item {query}")), items);
        }
    }
    hits
}

/// Deletes all rows of the search, of a system that does not run.
fn delete_rows(place: &Path) {
    let database = rusqlite::Connection::open(place.join("chatdesk.db")).unwrap();
    assert!(database.execute("DELETE FROM search", []).unwrap() > 0, "there were rows");
}

async fn command(world: &World, word: &str) -> Value {
    let answer = worker::handle(&world.running.app, &json!({ "reindex": word })).await;
    answer.unwrap()["reindex"].clone()
}

/// Waits until the job has seen to everything.
async fn ended(world: &World) -> Value {
    let ended = async {
        loop {
            world.settle(&[]).await;
            let job = command(world, "status").await;
            if job["endedAt"].is_string() {
                return job;
            }
        }
    };
    within("the job", ended).await
}

/// Sessions in every state, in two live chats, and items.
async fn fill(world: &World) -> String {
    let (ann, app) = (world.online("ann").await, world.app("Orders").await);
    for number in 0..30 {
        world.client(&format!("Client {number}")).await.post("Hello").await;
        let id = ann.group("QUEUE").await.last().unwrap()["id"].as_str().unwrap().to_owned();
        if number % 3 > 0 {
            assert_eq!(code(&ann.claim(&id).await), "");
            let title = format!("Zoe's order {number}");
            assert_eq!(code(&ann.create_and_bind(&id, &app, &title, None).await), "");
        }
        if number % 3 == 2 {
            let document = "mutation($id: ID!) { renameSession(sessionId: $id,
                name: \"Müller, renamed\") { userErrors { code } } }";
            assert_eq!(code(&ann.act(document, json!({ "id": id })).await), "");
            assert_eq!(code(&ann.close(&id, None).await), "");
        }
    }
    world.client_of("Zoe", "Sales").await.post("Hello").await;
    app
}

#[test]
fn without_its_rows_nothing_is_found_and_made_again_they_find_the_same() {
    alone(async || {
        let place = tempfile::tempdir().unwrap();
        let clock = Arc::new(Ahead::default());
        let options = Options {
            data: Some(place.path().to_owned()),
            environment: Some(clock.clone()),
            ..Options::default()
        };
        let world = World::start(options.clone()).await;
        let app = fill(&world).await;
        world.settle(&[]).await;
        assert_eq!(command(&world, "status").await, Value::Null, "never started");
        let before = hits(&world, &app).await;
        assert!(before.values().filter(|found| !found.is_empty()).count() > 10, "{before:?}");
        world.running.stop().await.unwrap();

        delete_rows(place.path());
        // So late that the newest items are not looked at themselves.
        clock.pass(120_000);
        let world = World::start(options.clone()).await;
        assert!(hits(&world, &app).await.values().all(Vec::is_empty));
        let started = command(&world, "start").await;
        assert_eq!(started["endedAt"], Value::Null);
        let job = ended(&world).await;
        // Every session and every item, the demo's as well.
        assert!(job["done"].as_u64().unwrap() >= 51, "{job}");
        assert!(job["step"].as_u64().unwrap() > 2, "{job}: more than one step");
        assert_eq!(hits(&world, &app).await, before);
        // Once more it changes nothing.
        command(&world, "start").await;
        assert_eq!(ended(&world).await["done"], job["done"]);
        assert_eq!(hits(&world, &app).await, before);
        let wrong = worker::handle(&world.running.app, &json!({ "reindex": "stop" })).await;
        assert!(wrong.unwrap_err().contains("start"));
        world.running.stop().await.unwrap();

        delete_rows(place.path());
        let world = World::start(Options { is_reindexed: true, ..options }).await;
        ended(&world).await;
        assert_eq!(hits(&world, &app).await, before);
        assert_eq!(world.running.dead_letters(), 0);
        world.running.stop().await.unwrap();
    });
}
