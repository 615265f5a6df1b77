//! The rows of the search, made again from the state.

use super::names;
use domain::search::{Folded, Longest, is_gram};
use functions::worker;
use local::run::Options;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use tests::environment::Ahead;
use tests::world::{World, alone, code, texts, within};

/// The names that are found, by viewer and query.
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

/// Folds a text as it was once folded.
fn older(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    use unicode_normalization::char::is_combining_mark;
    let folded = caseless::default_case_fold_str(&text.nfkd().collect::<String>());
    folded.chars().filter(|c| !is_combining_mark(*c)).collect()
}

/// All rows of the search, of a system that does not run.
fn rows(place: &Path) -> Vec<Value> {
    let database = rusqlite::Connection::open(place.join("chatdesk.db")).unwrap();
    let mut query = database.prepare("SELECT item_json FROM search ORDER BY pk, sk").unwrap();
    let items = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
    items.map(|item| serde_json::from_str(&item.unwrap()).unwrap()).collect()
}

fn gram(row: &Value) -> (Longest, &str) {
    store::key::read_gram(row["pk"]["S"].as_str().unwrap()).unwrap()
}

/// Returns true for a row of a gram that this version makes.
fn is_made(row: &Value) -> bool {
    let (longest, gram) = gram(row);
    is_gram(gram, longest)
}

/// Puts the rows that an older version wrote in the place of those of a name.
fn make_older(place: &Path, name: &str) {
    let new = Folded::of(name);
    let (mut scopes, old) = (BTreeMap::new(), older(name));
    for row in rows(place).into_iter().filter(|row| row["f"]["S"] == new.as_str()) {
        let scope = row["pk"]["S"].as_str().unwrap().strip_suffix(gram(&row).1).unwrap().to_owned();
        scopes.insert((scope, row["sk"]["S"].to_string()), row);
    }
    assert!(!scopes.is_empty(), "{name} has rows");
    let database = rusqlite::Connection::open(place.join("chatdesk.db")).unwrap();
    let delete = "DELETE FROM search WHERE json_extract(item_json, '$.f.S') = ?1";
    database.execute(delete, [new.as_str()]).unwrap();
    let letters: Vec<Vec<char>> =
        old.split_whitespace().map(|word| word.chars().collect()).collect();
    let grams = (1..=3).flat_map(|n| letters.iter().flat_map(move |word| word.windows(n)));
    let grams: BTreeSet<String> = grams.map(|gram| gram.iter().collect()).collect();
    for ((scope, _), row) in scopes {
        for gram in &grams {
            let mut row = row.clone();
            row["pk"]["S"] = json!(format!("{scope}{gram}"));
            row["f"]["S"] = json!(old);
            let insert =
                "INSERT INTO search (pk, sk, item_json, item_size) VALUES (?1, ?2, ?3, ?4)";
            let column = |name: &str| format!("S:{}", row[name]["S"].as_str().unwrap());
            let item = row.to_string();
            database.execute(insert, (column("pk"), column("sk"), &item, item.len())).unwrap();
        }
    }
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

#[test]
fn rows_of_an_older_folding_are_made_again_and_none_of_them_stays() {
    alone(async || {
        let place = tempfile::tempdir().unwrap();
        let clock = Arc::new(Ahead::default());
        let options = Options {
            data: Some(place.path().to_owned()),
            environment: Some(clock.clone()),
            ..Options::default()
        };
        let world = World::start(options.clone()).await;
        let (ann, app) = (world.online("ann").await, world.app("Orders").await);
        for name in ["Łukasz Don’t", "Søren"] {
            world.client(name).await.post("Hello").await;
        }
        let id = ann.waiting().await;
        ann.claim(&id).await;
        assert_eq!(code(&ann.create_and_bind(&id, &app, "Đơn 7–9", None).await), "");
        world.settle(&[]).await;
        world.running.stop().await.unwrap();
        let before = rows(place.path());
        for name in ["Łukasz Don’t", "Søren", "Đơn 7–9"] {
            make_older(place.path(), name);
        }
        assert!(!rows(place.path()).iter().all(is_made));

        clock.pass(120_000);
        let world = World::start(options.clone()).await;
        let sue = world.employee("sue").await;
        assert!(names(&sue, "lukasz", 10).await.is_empty(), "not before the job");
        // One changes meanwhile, and back: of what it was called the worker knows no older rows.
        let ann = world.online("ann").await;
        let soren = ann.group("QUEUE").await[0]["id"].as_str().unwrap().to_owned();
        let rename = "mutation($id: ID!, $n: String!) { renameSession(sessionId: $id, name: $n) {
            userErrors { code } } }";
        let sues = world.online("sue").await;
        for name in ["Bob", "Søren"] {
            assert_eq!(code(&sues.act(rename, json!({ "id": soren, "n": name })).await), "");
            world.settle(&[]).await;
        }
        command(&world, "start").await;
        ended(&world).await;
        for (query, name) in [("lukasz don't", "Łukasz Don’t"), ("soren", "Søren")] {
            assert_eq!(names(&sue, query, 10).await, [name], "{query}");
        }
        assert_eq!(texts(&ann.items(&app, Some("don 7-9")).await, "title"), ["Đơn 7–9"]);
        world.settle(&[]).await;
        world.running.stop().await.unwrap();
        let after = rows(place.path());
        let stale = after
            .iter()
            .find(|row| !is_made(row) || !Folded::is_current(row["f"]["S"].as_str().unwrap()));
        assert_eq!(stale, None);
        assert_eq!(after, before, "the rows that this version makes, and no others");
    });
}
