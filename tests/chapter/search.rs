//! Search by typing: messages of an open dialog, sessions by their names, items.

mod dialog;
mod item;
mod name;
mod oracle;
mod reindex;
mod writing;

use serde_json::{Value, json};
use tests::world::{Person, play, texts};

const SEARCH: &str = "query($id: ID!, $q: String!, $n: Int!, $a: String) { viewer {
    session(id: $id) { searchMessages(query: $q, first: $n, after: $a) {
        nameParts { text isMatch }
        edges { cursor node { seq kind text } textParts { text isMatch } }
        nodes { seq } pageInfo { hasNextPage endCursor } } } } }";

async fn page(who: &Person, id: &str, query: &str, first: i32, after: Value) -> Value {
    let variables = json!({ "id": id, "q": query, "n": first, "a": after });
    let data = who.get_with(SEARCH, variables).await;
    data["viewer"]["session"]["searchMessages"].clone()
}

/// The texts of all hits, over all pages, newest first.
async fn found(who: &Person, id: &str, query: &str, first: i32) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = page(who, id, query, first, after).await;
        for edge in page["edges"].as_array().unwrap() {
            let parts = edge["textParts"].as_array().unwrap();
            assert_eq!(texts(parts, "text").concat(), edge["node"]["text"], "short texts whole");
            found.push(edge["node"]["text"].as_str().unwrap().to_owned());
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        assert!(page["pageInfo"]["endCursor"].is_string(), "{page}");
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// The pieces of a list of parts, with those that match in brackets.
fn marked(parts: &Value) -> String {
    let parts = parts.as_array().unwrap().iter();
    parts
        .map(|part| match (part["text"].as_str().unwrap(), part["isMatch"] == true) {
            (text, true) => format!("[{text}]"),
            (text, false) => text.to_owned(),
        })
        .collect()
}

const SESSIONS: &str = "query($q: String!, $n: Int!, $a: String) { viewer {
    searchSessions(query: $q, first: $n, after: $a) {
        edges { cursor node { id name state } nameParts { text isMatch } }
        nodes { id } pageInfo { hasNextPage endCursor } } } }";

/// The names of all sessions that somebody finds, over all pages, last opened first.
async fn names(who: &Person, query: &str, first: i32) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    for _ in 0..200 {
        let page = who.get_with(SESSIONS, json!({ "q": query, "n": first, "a": after })).await;
        let page = page["viewer"]["searchSessions"].clone();
        for edge in page["edges"].as_array().unwrap() {
            let parts = edge["nameParts"].as_array().unwrap();
            assert_eq!(texts(parts, "text").concat(), edge["node"]["name"]);
            assert!(parts.iter().any(|part| part["isMatch"] == true), "{edge}");
            found.push(edge["node"]["name"].as_str().unwrap().to_owned());
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        assert!(page["pageInfo"]["endCursor"].is_string(), "{page}");
        after = page["pageInfo"]["endCursor"].clone();
    }
    panic!("{query} has no last page")
}

#[test]
fn case_accents_and_order_do_not_count_and_a_word_matches_from_any_part() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoë Straße").await);
        let said = [
            "Ich suche die GROSSE Straße",
            "Привет, где мой ЗАКАЗ?",
            "Καλημέρα Ὀδυσσεύς",
            "注文番号は東京です",
            "crème brûlée",
        ];
        for text in said {
            zoe.post(text).await;
        }
        let id = ann.waiting().await;
        for (query, text) in [
            ("strasse gross", said[0]),
            ("каз прив", said[1]),
            ("οδυσσευσ", said[2]),
            ("東京", said[3]),
            ("BRULEE creme", said[4]),
        ] {
            assert_eq!(found(&ann, &id, query, 10).await, [text], "{query}");
        }
        for query in ["", " \t", "strasse brulee", "xyz"] {
            assert!(found(&ann, &id, query, 10).await.is_empty(), "{query}");
        }
        let hits = page(&ann, &id, "strasse", 10, Value::Null).await;
        let parts = marked(&hits["edges"][0]["textParts"]);
        assert_eq!(parts, "Ich suche die GROSSE [Straße]");
        assert_eq!(marked(&hits["nameParts"]), "Zoë [Straße]");
        let hits = page(&ann, &id, "brulee", 10, Value::Null).await;
        assert_eq!(marked(&hits["nameParts"]), "Zoë Straße", "the name does not match");
    });
}

#[test]
fn a_query_has_at_most_200_characters_and_sessions_out_of_sight_are_not_searched() {
    play(async |world| {
        let (ann, eve, zoe) =
            (world.online("ann").await, world.employee("eve").await, world.client("Zoe").await);
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        let ask = |query: String| json!({ "id": id, "q": query, "n": 10 });
        let long = ann.send_document(SEARCH, ask("я".repeat(201))).await;
        assert_eq!(long.code(), "BAD_USER_INPUT");
        assert_eq!(ann.send_document(SEARCH, ask("я".repeat(200))).await.code(), "");
        let none = eve.send_document(SEARCH, ask("Hello".to_owned())).await;
        assert_eq!(none.data()["viewer"]["session"], Value::Null);
        assert_eq!(zoe.send_document(SEARCH, ask("Hello".to_owned())).await.code(), "FORBIDDEN");
    });
}
