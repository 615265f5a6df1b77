//! Search by typing among the items of an app.

use super::oracle::{WORDS, oracle};
use local::run::Options;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use std::sync::Arc;
use tests::environment::Ahead;
use tests::world::{Person, World, alone, code, texts};

const ITEMS: &str = "query($a: ID!, $q: String, $n: Int!, $c: String) { node(id: $a) { ... on App {
    items(query: $q, first: $n, after: $c) {
        edges { cursor } nodes { title } pageInfo { hasNextPage endCursor } } } } }";

/// The titles of all items that somebody finds, over all pages, newest first.
async fn titles(who: &Person, app: &str, query: &str, first: i32) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    for _ in 0..200 {
        let variables = json!({ "a": app, "q": query, "n": first, "c": after });
        let page = who.act(ITEMS, variables).await["items"].clone();
        found.extend(texts(page["nodes"].as_array().unwrap(), "title"));
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        assert!(page["pageInfo"]["endCursor"].is_string(), "{page}");
        after = page["pageInfo"]["endCursor"].clone();
    }
    panic!("{query} has no last page")
}

#[test]
fn over_all_pages_it_is_what_a_brute_force_finds_of_new_items_and_of_old() {
    alone(async || {
        let clock = Arc::new(Ahead::default());
        let options = Options { environment: Some(clock.clone()), ..Options::default() };
        let world = World::start(options).await;
        let (ann, app) = (world.online("ann").await, world.app("Orders").await);
        let mut sessions = Vec::new();
        for client in ["Zoe", "Yan"] {
            world.client(client).await.post("Hello").await;
            let session = ann.waiting().await;
            ann.claim(&session).await;
            sessions.push(session);
        }
        let mut rng = rand::rngs::StdRng::seed_from_u64(8);
        let mut all = Vec::new();
        for number in 0..70 {
            let count = rng.random_range(1..4);
            let words: Vec<&str> =
                (0..count).map(|_| WORDS[rng.random_range(0..WORDS.len())]).collect();
            let title = words.join(" ");
            let made = ann.create_and_bind(&sessions[number % 2], &app, &title, None).await;
            assert_eq!(code(&made), "", "{made}");
            all.push(title);
        }
        world.settle(&[]).await;
        // The newest are looked at themselves, and later no more.
        for _ in 0..2 {
            for _ in 0..40 {
                let word: Vec<char> = WORDS[rng.random_range(0..WORDS.len())].chars().collect();
                let from = rng.random_range(0..word.len());
                let piece: String =
                    word[from..rng.random_range(from + 1..=word.len())].iter().collect();
                let query = match rng.random_bool(0.3) {
                    true => format!("{piece} {}", WORDS[rng.random_range(0..WORDS.len())]),
                    false => piece,
                };
                // A mark alone is a blank query, which finds all.
                let first = [1, 3, 100][rng.random_range(0..3)];
                let found = titles(&ann, &app, &query, first).await;
                assert_eq!(found, oracle(&all, &query), "{query}");
            }
            clock.pass(120_000);
        }
        let newest = all.iter().rev().cloned().collect::<Vec<_>>();
        assert_eq!(titles(&ann, &app, " ", 3).await, newest, "a blank query finds all");
        world.running.stop().await.unwrap();
    });
}

#[test]
fn a_title_of_the_greatest_length_in_any_script_is_found_by_any_piece_of_it() {
    alone(async || {
        let clock = Arc::new(Ahead::default());
        let options = Options { environment: Some(clock.clone()), ..Options::default() };
        let world = World::start(options).await;
        let (ann, app) = (world.online("ann").await, world.app("Orders").await);
        world.client("Zoe").await.post("Hello").await;
        let session = ann.waiting().await;
        ann.claim(&session).await;
        let scripts = ['a', 'Я', '가', '京', '\u{1D400}'];
        let titles_of = scripts.map(|first| {
            let letters = (0..200_u32).map(|n| char::from_u32(first as u32 + n * 7 % 26).unwrap());
            letters.collect::<String>()
        });
        for title in &titles_of {
            let made = ann.create_and_bind(&session, &app, title, None).await;
            assert_eq!(code(&made), "", "{made}");
        }
        world.settle(&[]).await;
        clock.pass(120_000);
        for title in &titles_of {
            let letters: Vec<char> = title.chars().collect();
            for piece in [&letters[..1], &letters[50..53], &letters[100..], &letters[..]] {
                let query: String = piece.iter().collect();
                let found = titles(&ann, &app, &query, 10).await;
                assert_eq!(found, oracle(&titles_of, &query), "{query}");
            }
        }
        world.running.stop().await.unwrap();
    });
}
