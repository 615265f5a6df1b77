//! Bindings of sessions to items of the tenant's own apps.

mod app;
mod item;
mod order;
mod refusal;
mod sight;

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{MESSAGES, Person, SESSIONS, World, code, play, texts};

/// Ann with a session of Zoe's.
async fn held(world: &World) -> (Person, String) {
    let ann = world.online("ann").await;
    world.client("Zoe").await.post("Hello").await;
    let id = ann.waiting().await;
    assert_eq!(code(&ann.claim(&id).await), "");
    (ann, id)
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// An item that a session was bound to.
async fn bound(person: &Person, session: &str, app: &str, title: &str) -> String {
    let payload = person.create_and_bind(session, app, title, None).await;
    assert_eq!(code(&payload), "", "{payload}");
    id(&payload["item"])
}

#[test]
fn binding_and_unbinding_stand_in_the_dialog_and_twice_changes_nothing() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        let item = bound(&ann, &session, &app, "Order 7").await;
        let before = ann.session(&session).await;
        let again = ann.bind(&session, &item).await;
        assert_eq!((code(&again), &again["item"]["id"]), ("", &json!(item)));
        assert_eq!(again["session"]["version"], before["version"]);
        assert_eq!(code(&ann.unbind(&session, &item).await), "");
        assert!(ann.bindings(&session).await.is_empty());
        let version = ann.session(&session).await["version"].clone();
        let again = ann.unbind(&session, &item).await;
        assert_eq!((code(&again), &again["session"]["version"]), ("", &version));
        assert_eq!(code(&ann.bind(&session, &item).await), "");
        let document =
            "query($id: ID!) { viewer { session(id: $id) { messages(first: 100) { nodes {
            kind text event { kind item { id title } } } } } } }";
        let data = ann.get_with(document, json!({ "id": session })).await;
        let dialog = data["viewer"]["session"]["messages"]["nodes"].as_array().unwrap().clone();
        let events: Vec<_> = dialog[2..].iter().map(|entry| entry["event"].clone()).collect();
        assert_eq!(texts(&events, "kind"), ["BOUND", "UNBOUND", "BOUND"]);
        assert!(
            events.iter().all(|event| event["item"] == json!({ "id": item, "title": "Order 7" }))
        );
        assert_eq!(dialog[2]["text"], "Ann bound Order 7.");
        // The client sees nothing of it.
        let zoe = world.client("Zoe").await;
        assert_eq!(texts(&zoe.conversation(None).await, "text"), ["Hello"]);
    });
}

#[test]
fn of_many_who_bind_the_same_at_once_one_entry_stands_in_the_dialog() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        let item = bound(&ann, &session, &app, "Order 7").await;
        ann.unbind(&session, &item).await;
        let before = ann.dialog(&session).await.len();
        let (sue, dan) = (world.online("sue").await, world.online("dan").await);
        let all = join_all([&ann, &sue, &dan, &ann].map(|who| who.bind(&session, &item))).await;
        assert!(all.iter().all(|payload| code(payload).is_empty()), "{all:?}");
        assert_eq!(ann.bindings(&session).await.len(), 1);
        assert_eq!(ann.dialog(&session).await.len(), before + 1);
        // Different people bind at once, and all of it is bound.
        let each =
            join_all(
                (0..6).map(|number| {
                    let (who, session, app) = ([&ann, &sue, &dan][number % 3], &session, &app);
                    async move {
                        who.create_and_bind(session, app, &format!("Order 1{number}"), None).await
                    }
                }),
            );
        assert!(each.await.iter().all(|payload| code(payload).is_empty()));
        assert_eq!(ann.bindings(&session).await.len(), 7);
    });
}

#[test]
fn the_same_key_gives_the_first_item_however_often_it_comes() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        let many =
            join_all((0..4).map(|_| ann.create_and_bind(&session, &app, "Order 7", Some("k"))));
        let many = many.await;
        assert!(many.iter().all(|payload| payload["item"] == many[0]["item"]), "{many:?}");
        assert_eq!(ann.items(&app, None).await.len(), 1);
        assert_eq!(ann.bindings(&session).await.len(), 1);
        let other = ann.create_and_bind(&session, &app, "Order 8", Some("k")).await;
        assert_eq!(code(&other), "KEY_REUSED");
        // The first answer also comes to who is offline, and without the session out of sight.
        let bob = world.online("bob").await;
        assert_eq!(code(&ann.assign(&session, &bob.id().await).await), "");
        ann.presence("OFFLINE").await;
        let again = ann.create_and_bind(&session, &app, "Order 7", Some("k")).await;
        assert_eq!((code(&again), &again["session"]), ("", &Value::Null));
        assert_eq!(again["item"], many[0]["item"]);
    });
}

#[test]
fn a_closed_session_is_bound_by_its_last_operator_and_supervisors_without_an_entry() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        ann.close(&session, None).await;
        let entries = ann.dialog(&session).await.len();
        let sue = world.online("sue").await;
        let item = bound(&ann, &session, &app, "Order 7").await;
        assert_eq!(code(&sue.unbind(&session, &item).await), "");
        assert_eq!(code(&sue.bind(&session, &item).await), "");
        assert_eq!(ann.bindings(&session).await[0]["boundBy"]["name"], "Sue");
        assert_eq!(ann.dialog(&session).await.len(), entries);
        let bob = world.online("bob").await;
        assert_eq!(code(&bob.bind(&session, &item).await), "NOT_FOUND");
        // The next session of the client has bindings of its own.
        world.client("Zoe").await.post("Again").await;
        let next = ann.waiting().await;
        assert!(ann.bindings(&next).await.is_empty());
        assert_eq!(code(&bob.bind(&session, &item).await), "FORBIDDEN");
    });
}

#[test]
fn a_session_is_bound_to_fifty_items_at_most() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        let mut first = String::new();
        for number in 0..50 {
            first = bound(&ann, &session, &app, &format!("Order {number}")).await;
        }
        assert_eq!(code(&ann.create_and_bind(&session, &app, "One more", None).await), "LIMIT");
        assert_eq!(code(&ann.bind(&session, &first).await), "", "it is bound already");
        assert_eq!(ann.bindings(&session).await.len(), 50);
        assert_eq!(ann.items(&app, None).await.len(), 50, "nothing was created");
        assert_eq!(code(&ann.unbind(&session, &first).await), "");
        assert_eq!(code(&ann.create_and_bind(&session, &app, "One more", None).await), "");
    });
}

#[test]
fn a_binding_is_pushed_to_those_who_see_the_session() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        let socket = world.employee("sue").await.socket().await;
        let mut changes = socket.subscribe(SESSIONS, json!({}));
        assert_eq!(changes.next().await["kind"], "READY");
        let document = MESSAGES.replace("event { kind", "event { item { title } kind");
        let mut dialog = socket.subscribe(&document, json!({ "id": session, "after": 2 }));
        let item = bound(&ann, &session, &app, "Order 7").await;
        let change = changes.next().await;
        assert_eq!((&change["kind"], &change["session"]["id"]), (&json!("BOUND"), &json!(session)));
        assert_eq!(change["by"]["name"], "Ann");
        let entry = dialog.entry().await;
        assert_eq!(entry["event"]["kind"], "BOUND");
        assert_eq!(entry["event"]["item"]["title"], "Order 7");
        ann.unbind(&session, &item).await;
        assert_eq!(changes.next().await["kind"], "BOUND");
        assert_eq!(dialog.entry().await["event"]["kind"], "UNBOUND");
    });
}
