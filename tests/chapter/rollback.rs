//! The previous version on what the next one wrote: it was deployed, wrote, and was put back.
//!
//! The next version is played by this file: it adds attributes, rows and kinds that nothing here knows.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use std::collections::HashMap;
use tests::world::{
    COUNTERS, MESSAGES, SESSIONS, World, badge, code, field, play, play_ahead, texts,
};

type Item = HashMap<String, AttributeValue>;

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn at<'a>(item: &'a Item, name: &str) -> &'a str {
    item.get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str)
}

/// The rows of the table `core` whose keys begin so.
async fn rows(world: &World, pk: &str, sk: &str) -> Vec<Item> {
    let scan = world.running.dynamo().scan().table_name("core").consistent_read(true);
    let mut pages = scan.into_paginator().items().send();
    let mut found = Vec::new();
    while let Some(item) = pages.next().await {
        let item = item.unwrap();
        if at(&item, "pk").starts_with(pk) && at(&item, "sk").starts_with(sk) {
            found.push(item);
        }
    }
    found.sort_by(|one, other| at(one, "sk").cmp(at(other, "sk")));
    found
}

/// Writes attributes of a row as the next version does.
async fn set(world: &World, row: &Item, attributes: &[(&str, AttributeValue)]) {
    let mut row = row.clone();
    row.extend(attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let put = world.running.dynamo().put_item().table_name("core").set_item(Some(row));
    put.send().await.unwrap();
}

/// Adds a row as the next version does.
async fn add(world: &World, pk: &str, sk: &str) {
    let row = Item::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))]);
    set(world, &row, &[("any", AttributeValue::Bool(true))]).await;
}

fn more() -> [(&'static str, AttributeValue); 3] {
    [
        ("x1", text("more")),
        ("x2", AttributeValue::Bool(true)),
        ("x3", AttributeValue::L(vec![AttributeValue::N("7".to_owned())])),
    ]
}

fn has_more(item: &Item) -> bool {
    more().iter().all(|(name, value)| item.get(*name) == Some(value))
}

#[test]
fn what_is_not_known_of_a_row_is_kept_when_it_is_written_again() {
    play(async |world| {
        let ann = world.online("ann").await;
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        for row in rows(world, "", "").await {
            set(world, &row, &more()).await;
        }
        // A transaction, a head alone, and both sides.
        assert_eq!(code(&ann.claim(&id).await), "");
        zoe.post("Are you there?").await;
        assert_eq!(code(&ann.read(&id, 3).await), "");
        assert_eq!(code(&ann.reply(&id, "I am").await), "");
        assert_eq!(code(&ann.give_back(&id, None).await), "");
        assert_eq!(code(&ann.claim(&id).await), "");
        assert_eq!(code(&ann.close(&id, None).await), "");
        for (pk, sk) in [("V#", "H#"), ("V#", "I#"), ("U#demo#ann", ""), ("L#demo", "")] {
            let rows = rows(world, pk, sk).await;
            assert!(!rows.is_empty(), "{pk} {sk}");
            assert!(rows.iter().all(has_more), "{pk} {sk}: {rows:?}");
        }
        let head = &rows(world, "V#", "H#").await[0];
        // The attributes that a closed head does not have are gone all the same.
        assert!(!head.contains_key("ws") && !head.contains_key("wi"), "{head:?}");
        assert_eq!(ann.session(&id).await["state"], "CLOSED");
        assert_eq!(ann.badge().await, [0; 4]);
    });
}

#[test]
fn kinds_that_are_not_known_are_shown_as_something_that_happened() {
    play(async |world| {
        let ann = world.online("ann").await;
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        ann.note(&id, "A poll").await;
        ann.reply(&id, "Hi").await;
        let entries = rows(world, "V#", "M#").await;
        set(world, &entries[1], &[("ev", text("escalated"))]).await;
        set(world, &entries[2], &[("k", text("poll")), ("a", text("robot"))]).await;
        let head = &rows(world, "V#", "H#").await[0];
        let unknown = [("ak", text("escalated")), ("pk_", text("poll")), ("ab", text("robot"))];
        set(world, head, &unknown).await;

        let dialog = ann.dialog(&id).await;
        assert_eq!(field(&dialog, "seq"), [1, 2, 3, 4]);
        assert_eq!(texts(&dialog, "kind"), ["CLIENT", "EVENT", "EVENT", "OPERATOR"]);
        assert_eq!((&dialog[1]["event"], &dialog[2]["event"]), (&json!(null), &json!(null)));
        assert_eq!(dialog[2]["author"]["__typename"], "System");
        assert_eq!(dialog[2]["text"], "A poll");
        let session = ann.session(&id).await;
        assert_eq!(session["preview"]["kind"], "EVENT");
        assert_eq!(session["state"], "ASSIGNED");
        assert_eq!(ann.group("MY").await.len(), 1);
        assert_eq!(texts(&zoe.conversation(None).await, "text"), ["Hello", "Hi"]);
        // A note, made by this version, keeps the attributes that the newer version wrote.
        assert_eq!(code(&ann.note(&id, "Seen").await), "");
        let head = &rows(world, "V#", "H#").await[0];
        assert_eq!((at(head, "pk_"), at(head, "ak")), ("poll", "m"));
        zoe.post("Thanks").await;
        let head = &rows(world, "V#", "H#").await[0];
        assert_eq!((at(head, "pk_"), at(head, "pt")), ("c", "Thanks"));
        // Parsed over the sockets as well.
        let socket = ann.socket().await;
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
        assert_eq!(field(&feed.entries(6).await, "seq"), [1, 2, 3, 4, 5, 6]);
        assert_eq!(code(&ann.close(&id, None).await), "");
    });
}

#[test]
fn a_session_in_a_state_that_is_not_known_is_read_and_nobody_changes_it() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.online("sue").await);
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        let head = &rows(world, "V#", "H#").await[0];
        set(world, head, &[("st", text("snoozed"))]).await;
        assert_eq!(sue.session(&id).await["state"], "ASSIGNED");
        assert_eq!(ann.dialog(&id).await.len(), 2);
        let before = rows(world, "", "").await.len();
        let document = "mutation($id: ID!) { closeSession(sessionId: $id) { session { state } } }";
        let answer = ann.send_document(document, json!({ "id": id })).await;
        assert_eq!(answer.code(), "UNAVAILABLE", "{}", answer.text);
        let document = "mutation($id: ID!) { markSessionRead(sessionId: $id, upToSeq: 1) {
            session { state } } }";
        let answer = ann.send_document(document, json!({ "id": id })).await;
        assert_eq!(answer.code(), "UNAVAILABLE", "{}", answer.text);
        let document = "mutation { postMessage(text: \"x\", clientMessageId: \"y\") {
            message { seq } } }";
        let answer = zoe.send_document(document, json!({})).await;
        assert_eq!(answer.code(), "UNAVAILABLE", "{}", answer.text);
        assert_eq!(rows(world, "", "").await.len(), before);
        // The newer version is back: nothing was lost.
        let head = &rows(world, "V#", "H#").await[0];
        assert_eq!(at(head, "st"), "snoozed");
        set(world, head, &[("st", text("a"))]).await;
        assert_eq!(code(&ann.close(&id, None).await), "");
        assert_eq!(ann.badge().await, [0; 4]);
    });
}

#[test]
fn rows_channels_and_roles_that_are_not_known_are_passed_over() {
    play(async |world| {
        let ann = world.online("ann").await;
        let zoe = world.client("Zoe").await;
        let socket = ann.socket().await;
        let mut sessions = socket.subscribe(SESSIONS, json!({}));
        let mut counters = socket.subscribe(COUNTERS, json!({}));
        assert_eq!(sessions.next().await["kind"], "READY");
        counters.next().await;
        for (pk, sk) in [
            ("CAMPAIGN#demo", "1"),
            ("L#demo#support", "AB#plan"),
            ("L#demo#support", "B#plan"),
            ("L#demo#support", "Z#plan"),
            ("U#demo#ann", "D#settings"),
            ("U#demo#ann", "S#settings"),
            ("T#demo", "G#group"),
        ] {
            add(world, pk, sk).await;
        }
        for channel in rows(world, "L#demo#support", "C#").await {
            if at(&channel, "kd") == "web" {
                set(world, &channel, &[("kd", text("matrix"))]).await;
            }
        }
        // An employee whose only role is unknown is no member here.
        let desk = &rows(world, "U#demo#bob", "L#support").await[0];
        let auditor = [("o", AttributeValue::N("7".to_owned())), ("s", text("auditor"))];
        set(world, desk, &auditor).await;
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        assert_eq!(code(&ann.claim(&id).await), "");
        let shown = ann.session(&id).await;
        assert_eq!(shown["channel"]["kind"], "WEBHOOK");
        assert_eq!(ann.dialog(&id).await[0]["channel"]["kind"], "WEBHOOK");
        let bob = world.online("bob").await;
        assert_eq!(bob.session(&id).await, json!(null));
        assert_eq!(code(&bob.claim(&id).await), "NOT_FOUND");
        // Nothing of it held up the fan-out.
        counters.badge_until([1, 1, 0, 0]).await;
        sessions.until(|change| change["kind"] == "CLAIMED").await;
        world.settle(&[&socket]).await;
        assert_eq!(badge(&ann.counters().await), [1, 1, 0, 0]);
    });
}

#[test]
fn a_subscription_that_is_not_known_holds_up_no_other() {
    play(async |world| {
        let ann = world.online("ann").await;
        let socket = ann.socket().await;
        let mut counters = socket.subscribe(COUNTERS, json!({}));
        counters.next().await;
        let scan = world.running.dynamo().scan().table_name("live").consistent_read(true);
        let live = scan.send().await.unwrap().items.unwrap_or_default();
        let find = |pk| live.iter().find(|row| at(row, "pk").starts_with(pk)).unwrap().clone();
        let mut newer = find("E#");
        let mut document: serde_json::Value = serde_json::from_str(at(&newer, "pl")).unwrap();
        document["topic"] = json!({ "Board": { "id": "1" } });
        newer.insert("pl".to_owned(), text(&document.to_string()));
        newer.insert("pk".to_owned(), text("E#demo#board"));
        let mut desk = find("D#");
        let mut entries = desk["ss"].as_ss().unwrap().clone();
        let mut entry: serde_json::Value = serde_json::from_str(&entries[0]).unwrap();
        (entry["id"], entry["d"]) = (json!("board"), json!("board"));
        entries.push(entry.to_string());
        desk.insert("ss".to_owned(), AttributeValue::Ss(entries));
        for row in [newer, desk] {
            let put = world.running.dynamo().put_item().table_name("live").set_item(Some(row));
            put.send().await.unwrap();
        }
        world.client("Zoe").await.post("Hello").await;
        counters.badge_until([0, 0, 0, 1]).await;
    });
}

/// Stores a subscription to a desk as the version before this one did.
async fn make_older(world: &World) {
    let dynamo = world.running.dynamo();
    let scan = dynamo.scan().table_name("live").consistent_read(true);
    let live = scan.send().await.unwrap().items.unwrap_or_default();
    let mut own = live.iter().find(|row| row.contains_key("te")).unwrap().clone();
    let entry: serde_json::Value =
        serde_json::from_str(own.remove("te").unwrap().as_s().unwrap()).unwrap();
    let place = format!("ann#{}#x", entry["cn"].as_str().unwrap());
    own.retain(|name, _| !["ep", "es"].contains(&name.as_str()));
    own.insert("tp".to_owned(), text("D#demo"));
    own.insert("ts".to_owned(), text(&place));
    let number = |name: &str| AttributeValue::N(entry[name].to_string());
    let row = Item::from(
        [
            ("pk", text("D#demo")),
            ("sk", text(&place)),
            ("cn", text(entry["cn"].as_str().unwrap())),
            ("id", text(entry["id"].as_str().unwrap())),
            ("pl", text("{}")),
            ("sn", number("sn")),
            ("exp", number("exp")),
            ("ttl", number("ttl")),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    for row in [own, row] {
        dynamo.put_item().table_name("live").set_item(Some(row)).send().await.unwrap();
    }
    let newer = live.iter().find(|row| at(row, "pk") == "D#demo#ann").unwrap();
    let deleted = dynamo.delete_item().table_name("live").key("pk", newer["pk"].clone());
    deleted.key("sk", newer["sk"].clone()).send().await.unwrap();
}

#[test]
fn a_subscription_that_the_version_before_stored_ends_so_that_its_client_subscribes_again() {
    play_ahead(async |world, clock| {
        let ann = world.online("ann").await;
        let socket = ann.socket().await;
        let mut counters = socket.subscribe(COUNTERS, json!({}));
        counters.next().await;
        make_older(world).await;
        // The fan-out has just looked for such ones.
        clock.pass(10_001);
        world.client("Zoe").await.post("Hello").await;
        assert_eq!(counters.refused().await, "RESYNC");
        world.settle(&[&socket]).await;
        let left = world.items("live").await;
        assert!(left.keys().all(|key| !key.contains("D#demo")), "{left:#?}");
        let mut again = socket.subscribe(COUNTERS, json!({}));
        again.badge_until([0, 0, 0, 1]).await;
    });
}
