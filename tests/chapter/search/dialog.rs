//! Search in a dialog: the entries that it finds.

use serde_json::{Value, json};
use tests::world::{code, play, play_ahead};

use super::{found, marked, page};

#[test]
fn the_name_is_searched_beside_the_messages_as_it_is_now() {
    play(async |world| {
        let ann = world.online("ann").await;
        world.client("Olga Lantern").await.post("My lamp is broken").await;
        let id = ann.waiting().await;
        assert_eq!(code(&ann.claim(&id).await), "");
        let hits = page(&ann, &id, "olga", 10, Value::Null).await;
        assert_eq!(
            (marked(&hits["nameParts"]), &hits["edges"]),
            ("[Olga] Lantern".to_owned(), &json!([]))
        );
        let hits = page(&ann, &id, "lantern broken", 10, Value::Null).await;
        assert_eq!(marked(&hits["nameParts"]), "Olga Lantern", "not every word is in it");
        let document = "mutation($id: ID!) { renameSession(sessionId: $id, name: \"Torch\") {
            userErrors { code } } }";
        assert_eq!(code(&ann.act(document, json!({ "id": id })).await), "");
        for (query, shown) in [("torch", "[Torch]"), ("olga", "Torch")] {
            let hits = page(&ann, &id, query, 10, Value::Null).await;
            assert_eq!(marked(&hits["nameParts"]), shown);
        }
    });
}

#[test]
fn an_earlier_session_is_searched_to_its_end_and_another_dialog_never() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        let zoe = world.client("Zoe").await;
        zoe.post("A kettle, the first").await;
        let first = bob.waiting().await;
        assert_eq!(code(&bob.claim(&first).await), "");
        assert_eq!(code(&bob.note(&first, "A kettle, noted").await), "");
        assert_eq!(code(&bob.close(&first, None).await), "");
        zoe.post("A kettle, the second").await;
        let second = ann.waiting().await;
        assert_eq!(code(&ann.claim(&second).await), "");
        world.client("Yan").await.post("A lamp").await;
        let other = ann.waiting().await;
        assert_eq!(code(&ann.claim(&other).await), "");

        let all = ["A kettle, the second", "A kettle, noted", "A kettle, the first"];
        assert_eq!(found(&ann, &second, "kettle", 10).await, all);
        // Ann never had the first one: she reads it through the second.
        for who in [&ann, &bob] {
            assert_eq!(found(who, &first, "kettle", 10).await, all[1..], "{}", who.name);
        }
        let document = "query($id: ID!) { viewer { session(id: $id) {
            searchMessages(query: \"kettle\", first: 10) { nodes { session { id } } } } } }";
        let data = ann.get_with(document, json!({ "id": second })).await;
        let nodes = data["viewer"]["session"]["searchMessages"]["nodes"].as_array().unwrap();
        let of: Vec<_> = nodes.iter().map(|node| node["session"]["id"].as_str()).collect();
        assert_eq!(of, [&second, &first, &first].map(|id| Some(id.as_str())));
        assert!(found(&ann, &second, "lamp", 10).await.is_empty());
        assert_eq!(found(&ann, &other, "lamp", 10).await, ["A lamp"]);
    });
}

#[test]
fn hits_that_lie_far_apart_are_all_found_in_pages_of_any_length() {
    play_ahead(async |world, clock| {
        let (ann, sue) = (world.online("ann").await, world.employee("sue").await);
        world.client("Zoe").await.post("common n0x").await;
        let id = ann.waiting().await;
        assert_eq!(code(&ann.claim(&id).await), "");
        let mut all = vec!["common n0x".to_owned()];
        // Long ones between, so that no request reads the whole dialog.
        let long = "\u{1F389}".repeat(7900);
        for number in 1..30 {
            let text = format!("common n{number}x");
            clock.pass(1_000);
            assert_eq!(code(&ann.note(&id, &text).await), "");
            if number % 3 == 0 {
                assert_eq!(code(&ann.note(&id, &long).await), "");
            }
            all.push(text);
        }
        all.reverse();
        for first in [100, 4] {
            assert_eq!(found(&sue, &id, "common", first).await, all, "in pages of {first}");
        }
        let begin = page(&sue, &id, "n0x", 100, Value::Null).await;
        assert_eq!(
            (&begin["edges"], &begin["pageInfo"]["hasNextPage"]),
            (&json!([]), &json!(true))
        );
        for first in [100, 1] {
            assert_eq!(found(&sue, &id, "n0x", first).await, ["common n0x"]);
        }
        let last = page(&sue, &id, "n29x", 1, Value::Null).await;
        assert_eq!(last["edges"][0]["node"]["text"], "common n29x");
    });
}

#[test]
fn messages_and_notes_are_found_newest_first_and_events_are_not() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        zoe.post("The session is broken").await;
        let id = ann.waiting().await;
        assert_eq!(code(&ann.claim(&id).await), "");
        ann.note(&id, "Which session?").await;
        ann.reply(&id, "Your SESSION works again").await;
        // The events say: took the session.
        assert!(ann.dialog(&id).await[1]["text"].as_str().unwrap().contains("session"));
        let all = ["Your SESSION works again", "Which session?", "The session is broken"];
        for first in [1, 2, 10] {
            assert_eq!(found(&ann, &id, "session", first).await, all);
        }
        let hits = page(&ann, &id, "session", 1, Value::Null).await;
        let document = "query($id: ID!, $c: String) { viewer { session(id: $id) {
            messages(last: 10, before: $c) { nodes { text } } } } }";
        let cursor = &hits["edges"][0]["cursor"];
        let before = ann.get_with(document, json!({ "id": id, "c": cursor })).await;
        let before = before["viewer"]["session"]["messages"]["nodes"].as_array().unwrap();
        assert_eq!(before.len(), 3, "a hit's cursor is its place in the dialog");
    });
}

#[test]
fn an_earlier_session_finds_nothing_of_a_later_one() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        zoe.post("first order").await;
        let first = ann.waiting().await;
        ann.claim(&first).await;
        ann.close(&first, None).await;
        zoe.post("second order").await;
        let second = ann.waiting().await;
        assert_eq!(found(&ann, &second, "order", 10).await, ["second order", "first order"]);
        assert_eq!(found(&ann, &first, "order", 10).await, ["first order"]);
    });
}

#[test]
fn a_long_text_is_cut_around_the_first_match() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        let text = format!("{} needle {}", "hay ".repeat(900), "hay ".repeat(900));
        zoe.post(&text).await;
        let id = ann.waiting().await;
        let hits = page(&ann, &id, "needle", 10, Value::Null).await;
        let parts = hits["edges"][0]["textParts"].clone();
        assert!(marked(&parts).contains("[needle]"), "{parts}");
        assert!(marked(&parts).chars().count() < 300, "{parts}");
    });
}
