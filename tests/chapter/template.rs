//! Ready answers of a live chat.

mod page;

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{Person, World, code, play, texts};

async fn held(world: &World) -> (Person, String) {
    let ann = world.online("ann").await;
    world.client("Zoe Maria Ray").await.post("Hello").await;
    let id = ann.waiting().await;
    (ann, id)
}

/// A template of Support, made by the administrator; its global id.
async fn template(world: &World, title: &str, text: &str) -> String {
    let ada = world.employee("ada").await;
    let support = world.live_chat("Support").await;
    let made = ada.create_template(&support, title, text, None).await;
    assert_eq!(code(&made), "", "{made}");
    made["template"]["id"].as_str().unwrap().to_owned()
}

const NODE: &str = "query($id: ID!) { node(id: $id) { ... on Template { id title text } } }";

#[test]
fn templates_are_filled_in_for_the_session_and_found_by_typing() {
    play(async |world| {
        let text = "Dear {clientFirstName}, {operator} of {liveChat} on {session}. {client} { }";
        template(world, "Welcome", text).await;
        template(world, "Bye", "Good bye, {clientFirstName}!").await;
        let (ann, session) = held(world).await;
        let all = ann.templates(&session, None).await;
        assert_eq!(texts(&all, "title"), ["Bye", "Welcome"], "by title");
        let filled = "Dear Zoe, Ann of Support on Zoe Maria Ray. Zoe Maria Ray { }";
        assert_eq!(all[1]["text"], filled);
        for (query, found) in [
            (" ", vec!["Bye", "Welcome"]),
            ("WELC", vec!["Welcome"]),
            ("good zoe", vec!["Bye"]),
            ("support", vec!["Welcome"]),
            ("clientFirstName", vec![]),
        ] {
            assert_eq!(
                texts(&ann.templates(&session, Some(query)).await, "title"),
                found,
                "{query}"
            );
        }
        // Of a session that somebody has it is their name, whoever asks.
        ann.claim(&session).await;
        let seen = world.employee("sue").await.templates(&session, Some("welcome")).await;
        assert_eq!(seen[0]["text"], filled);
    });
}

#[test]
fn a_filled_template_has_an_id_of_its_own_that_gives_the_same_again() {
    play(async |world| {
        let raw = template(world, "Welcome", "Dear {clientFirstName}").await;
        let (ann, session) = held(world).await;
        world.client("Yan").await.post("Hi").await;
        let other = ann.group("QUEUE").await[1]["id"].as_str().unwrap().to_owned();
        let filled = ann.templates(&session, None).await.remove(0);
        let another = ann.templates(&other, None).await.remove(0);
        assert_eq!(another["text"], "Dear Yan");
        assert!(filled["id"] != another["id"] && filled["id"] != raw.as_str());
        assert_eq!(ann.act(NODE, json!({ "id": filled["id"] })).await, filled);
        assert_eq!(ann.act(NODE, json!({ "id": raw })).await["text"], "Dear {clientFirstName}");
        let ada = world.employee("ada").await;
        assert_eq!(ada.act(NODE, json!({ "id": raw })).await["title"], "Welcome");
        // An employee who does not see the session does not see the template filled in for it.
        ann.claim(&session).await;
        for name in ["ada", "bob", "eve", "other/ann"] {
            let person = world.employee(name).await;
            assert_eq!(
                person.act(NODE, json!({ "id": filled["id"] })).await,
                Value::Null,
                "{name}"
            );
        }
        for name in ["eve", "kim", "other/ann"] {
            let person = world.employee(name).await;
            assert_eq!(person.act(NODE, json!({ "id": raw })).await, Value::Null, "{name}");
        }
    });
}

#[test]
fn members_and_administrators_list_templates_as_they_were_written() {
    play(async |world| {
        for title in ["b", "C", "a"] {
            template(world, title, "Dear {client}").await;
        }
        let support = world.live_chat("Support").await;
        let document = "query($id: ID!, $q: String, $c: String) { node(id: $id) { ... on LiveChat {
            templates(query: $q, first: 2, after: $c) {
                nodes { title text } pageInfo { hasNextPage endCursor } } } } }";
        for name in ["ann", "sue", "ada"] {
            let person = world.employee(name).await;
            let page = person.act(document, json!({ "id": support })).await["templates"].clone();
            assert_eq!(texts(page["nodes"].as_array().unwrap(), "title"), ["a", "b"], "{name}");
            assert_eq!(page["nodes"][0]["text"], "Dear {client}");
            assert_eq!(page["pageInfo"]["hasNextPage"], true);
            let after = &page["pageInfo"]["endCursor"];
            let rest = person.act(document, json!({ "id": support, "c": after })).await;
            let rest = &rest["templates"];
            assert_eq!(texts(rest["nodes"].as_array().unwrap(), "title"), ["C"]);
            assert_eq!(rest["pageInfo"]["hasNextPage"], false);
            let found = person.act(document, json!({ "id": support, "q": "c" })).await;
            assert_eq!(found["templates"]["nodes"].as_array().unwrap().len(), 2);
        }
    });
}

#[test]
fn administrators_create_and_delete_templates_and_nobody_else() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.employee("ann").await);
        let (support, sales) = (world.live_chat("Support").await, world.live_chat("Sales").await);
        assert_eq!(code(&ann.create_template(&support, "T", "x", None).await), "FORBIDDEN");
        assert_eq!(code(&ann.create_template(&sales, "T", "x", None).await), "NOT_FOUND");
        assert_eq!(code(&ada.create_template("nonsense", "T", "x", None).await), "NOT_FOUND");
        for (title, text) in [("", "x"), ("T", " "), ("T", "Hi {name}"), ("T", &"x".repeat(8001))] {
            let refused = ada.create_template(&support, title, text, None).await;
            assert_eq!(code(&refused), "INVALID", "{title} {text}");
        }
        let unknown = ada.create_template(&support, "T", "Hi {name}", None).await;
        assert_eq!(unknown["userErrors"][0]["field"], json!(["text"]));
        let id = template(world, "T", "x").await;
        assert_eq!(code(&ann.delete_template(&id).await), "FORBIDDEN");
        assert_eq!(code(&world.employee("eve").await.delete_template(&id).await), "NOT_FOUND");
        let deleted = ada.delete_template(&id).await;
        assert_eq!((code(&deleted), &deleted["deletedId"]), ("", &json!(id)));
        assert_eq!(code(&ada.delete_template(&id).await), "NOT_FOUND");
        let (ann, session) = held(world).await;
        assert!(ann.templates(&session, None).await.is_empty());
        // Either id will do.
        template(world, "T", "x").await;
        let filled = ann.templates(&session, None).await[0]["id"].as_str().unwrap().to_owned();
        assert_eq!(ada.delete_template(&filled).await["deletedId"], filled.as_str());
        assert!(ann.templates(&session, None).await.is_empty());
    });
}

#[test]
fn a_changed_template_is_another_everywhere_and_what_is_not_given_stays() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.employee("ann").await);
        let id = template(world, "Greeting", "Hello {client}").await;
        let (ann_at_work, session) = held(world).await;
        assert_eq!(code(&ann.update_template(&id, Some("Mine"), None).await), "FORBIDDEN");
        assert_eq!(code(&ada.update_template("nonsense", Some("Mine"), None).await), "NOT_FOUND");
        for (title, text) in [(Some(" "), None), (None, Some("Hi {name}")), (None, Some(""))] {
            assert_eq!(code(&ada.update_template(&id, title, text).await), "INVALID");
        }
        let changed = ada.update_template(&id, None, Some("Good day, {client}")).await;
        assert_eq!(code(&changed), "");
        let now = json!({ "id": id, "title": "Greeting", "text": "Good day, {client}" });
        assert_eq!(changed["template"], now);
        let filled = ann_at_work.templates(&session, None).await[0].clone();
        assert_eq!(filled["text"], "Good day, Zoe Maria Ray");
        // By the id of the one that is filled in as well.
        let filled = filled["id"].as_str().unwrap();
        let renamed = ada.update_template(filled, Some(" Morning "), None).await;
        let now = json!({ "id": id, "title": "Morning", "text": "Good day, {client}" });
        assert_eq!(renamed["template"], now);
        ada.delete_template(&id).await;
        assert_eq!(code(&ada.update_template(&id, Some("Late"), None).await), "NOT_FOUND");
    });
}

#[test]
fn changes_of_a_template_at_once_leave_one_whole_and_the_room_as_it_is() {
    play(async |world| {
        let ada = world.employee("ada").await;
        let id = template(world, "T", "x").await;
        let long = "y".repeat(8_000);
        let work = (0..4).map(async |turn| match turn % 2 {
            0 => ada.update_template(&id, Some("Long"), Some(&long)).await,
            _ => ada.update_template(&id, Some("Short"), Some("z")).await,
        });
        let done = join_all(work).await;
        assert!(done.iter().all(|one| code(one).is_empty()), "{done:?}");
        let text = ada.update_template(&id, None, None).await["template"]["text"].clone();
        assert!(text == "z" || text == long, "{text}");
        // What is left is as much as of a new one: a megabyte, without what is in it.
        let db = world.running.dynamo();
        let rows = db.scan().table_name("core").consistent_read(true).send().await.expect("rows");
        let counted = rows.items().iter().find_map(|row| row.get("tb")?.as_n().ok());
        let bytes = text.as_str().unwrap().len() + if text == "z" { 5 } else { 4 };
        assert_eq!(counted, Some(&bytes.to_string()));
    });
}

#[test]
fn the_same_key_creates_one_template() {
    play(async |world| {
        let ada = world.employee("ada").await;
        let support = world.live_chat("Support").await;
        let many = join_all((0..3).map(|_| ada.create_template(&support, "T", "x", Some("k"))));
        let many = many.await;
        assert!(many.iter().all(|made| made["template"] == many[0]["template"]), "{many:?}");
        assert!(many[0]["template"]["id"].is_string());
        let (ann, session) = held(world).await;
        assert_eq!(ann.templates(&session, None).await.len(), 1);
        assert_eq!(code(&ada.create_template(&support, "T", "y", Some("k")).await), "KEY_REUSED");
    });
}

#[test]
fn a_live_chat_has_a_megabyte_of_templates_at_most() {
    play(async |world| {
        let ada = world.employee("ada").await;
        let support = world.live_chat("Support").await;
        // 32,001 bytes each: 31 of them fit.
        let long = "\u{1F980}".repeat(8000);
        let mut last = Value::Null;
        for number in 0..31 {
            last = ada.create_template(&support, "T", &long, None).await;
            assert_eq!(code(&last), "", "{number}");
        }
        assert_eq!(code(&ada.create_template(&support, "T", &long, None).await), "LIMIT");
        assert_eq!(code(&ada.create_template(&support, "T", "short", None).await), "");
        // A deleted template makes room.
        ada.delete_template(last["template"]["id"].as_str().unwrap()).await;
        assert_eq!(code(&ada.create_template(&support, "T", &long, None).await), "");
    });
}
