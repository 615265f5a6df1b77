//! Bindings of sessions to items of the tenant's own apps.

mod app;
mod order;
mod sight;

use domain::{ItemId, TenantId, Timestamp};
use futures::future::join_all;
use graphql::id::GlobalId;
use serde_json::{Value, json};
use tests::world::{MESSAGES, Person, SESSIONS, World, code, field, play, texts};

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
fn administrators_create_apps_and_a_live_chat_names_those_that_can_be_bound() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.employee("ann").await);
        let support = world.live_chat("Support").await;
        let orders = ada.create_app(" Orders ", "REQUEST", None).await["app"].clone();
        assert_eq!((&orders["name"], &orders["kind"]), (&json!("Orders"), &json!("REQUEST")));
        let people = ada.create_app("People", "ACCOUNT", None).await["app"].clone();
        // Until a live chat names it, an app exists for nobody at the desk.
        let node = "query($id: ID!) { node(id: $id) { __typename id } }";
        assert_eq!(ann.act(node, json!({ "id": orders["id"] })).await, Value::Null);
        assert_eq!(ada.act(node, json!({ "id": orders["id"] })).await["__typename"], "App");
        let both = [&*id(&people), &*id(&orders), &*id(&people)];
        let named = ada.name_apps(&support, &both).await;
        assert_eq!(
            texts(named["liveChat"]["apps"].as_array().unwrap(), "name"),
            ["People", "Orders"]
        );
        assert_eq!(ann.act(node, json!({ "id": orders["id"] })).await["__typename"], "App");
        let eve = world.employee("eve").await;
        assert_eq!(eve.act(node, json!({ "id": orders["id"] })).await, Value::Null);
        let other = world.employee("other/ann").await;
        assert_eq!(other.act(node, json!({ "id": orders["id"] })).await, Value::Null);
        let all = ada.get("{ administration { apps { name } } }").await;
        let mut all = texts(all["administration"]["apps"].as_array().unwrap(), "name");
        all.sort();
        assert_eq!(all, ["Orders", "People"]);
        let none = ada.name_apps(&support, &[]).await;
        assert_eq!(none["liveChat"]["apps"], json!([]));
    });
}

#[test]
fn only_administrators_create_apps_and_name_them() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.employee("ann").await);
        let support = world.live_chat("Support").await;
        let sales = world.live_chat("Sales").await;
        let app = world.app("Orders").await;
        assert_eq!(code(&ann.create_app("Mine", "ACCOUNT", None).await), "FORBIDDEN");
        assert_eq!(code(&ann.create_app(" ", "ACCOUNT", None).await), "INVALID");
        assert_eq!(code(&ann.name_apps(&support, &[&app]).await), "FORBIDDEN");
        // A live chat in which an employee has no role does not exist for them.
        assert_eq!(code(&ann.name_apps(&sales, &[&app]).await), "NOT_FOUND");
        assert_eq!(code(&ada.name_apps(&support, &[&app, &support]).await), "NOT_FOUND");
        let other = world.employee("other/ann").await;
        assert_eq!(code(&other.name_apps(&support, &[&app]).await), "NOT_FOUND");
        assert_eq!(code(&ada.create_app(&"x".repeat(201), "ACCOUNT", None).await), "INVALID");
    });
}

#[test]
fn the_same_key_creates_one_app_and_there_are_a_hundred_at_most() {
    play(async |world| {
        let ada = world.employee("ada").await;
        let first = ada.create_app("Orders", "REQUEST", Some("k")).await;
        let again = ada.create_app("Orders", "REQUEST", Some("k")).await;
        assert_eq!(first["app"], again["app"]);
        assert_eq!(code(&ada.create_app("Other", "REQUEST", Some("k")).await), "KEY_REUSED");
        let more = join_all((0..104).map(|number| {
            let ada = ada.clone();
            async move { ada.create_app(&format!("App {number}"), "REQUEST", None).await }
        }));
        let more = more.await;
        let made = more.iter().filter(|payload| code(payload).is_empty()).count();
        let refused = more.iter().filter(|payload| code(payload) == "LIMIT").count();
        assert_eq!((made, refused), (99, 5));
    });
}

#[test]
fn an_item_is_created_and_bound_in_one_step_and_found_by_typing_at_once() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        let made = ann.create_and_bind(&session, &app, " Order 7 Zoë ", None).await;
        assert_eq!(code(&made), "", "{made}");
        assert_eq!(made["item"]["title"], "Order 7 Zoë");
        assert_eq!(made["item"]["app"]["id"], app.as_str());
        assert_eq!(field(made["session"]["bindings"].as_array().unwrap(), "item").len(), 1);
        for query in ["7", "zoë ord", "RDER", " "] {
            let found = ann.items(&app, Some(query)).await;
            assert_eq!(texts(&found, "title"), ["Order 7 Zoë"], "{query}");
        }
        assert!(ann.items(&app, Some("order 8")).await.is_empty());
        bound(&ann, &session, &app, "Order 8").await;
        assert_eq!(texts(&ann.items(&app, None).await, "title"), ["Order 8", "Order 7 Zoë"]);
        let bindings = ann.bindings(&session).await;
        assert_eq!(bindings.len(), 2);
        assert_eq!(bindings[0]["item"]["title"], "Order 7 Zoë");
        assert_eq!(bindings[0]["item"]["app"]["name"], "Orders");
        assert_eq!(bindings[0]["boundBy"]["name"], "Ann");
        assert!(bindings[0]["boundAt"].is_string());
    });
}

#[test]
fn items_come_in_pages() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        for number in 0..5 {
            bound(&ann, &session, &app, &format!("Order {number}")).await;
        }
        let document = "query($a: ID!, $q: String, $c: String) { node(id: $a) { ... on App {
            items(query: $q, first: 2, after: $c) { nodes { title } pageInfo {
                hasNextPage hasPreviousPage endCursor } } } } }";
        for query in ["", "order"] {
            let (mut seen, mut after) = (Vec::new(), Value::Null);
            loop {
                let variables = json!({ "a": app, "q": query, "c": after });
                let page = ann.act(document, variables).await["items"].clone();
                assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
                seen.extend(texts(page["nodes"].as_array().unwrap(), "title"));
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(seen, ["Order 4", "Order 3", "Order 2", "Order 1", "Order 0"], "{query}");
        }
        let variables = json!({ "a": app, "q": "x".repeat(201) });
        assert_eq!(ann.send_document(document, variables).await.code(), "BAD_USER_INPUT");
    });
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
fn who_may_bind_is_told_why_not_in_the_order_of_the_contract() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        let item = bound(&ann, &session, &app, "Order 7").await;
        let hidden = world.app("Hidden").await;
        // Support names another app now: an item of the first is bound only where it was.
        let (bob, sue) = (world.online("bob").await, world.employee("sue").await);
        world.client("Yan").await.post("Hi").await;
        let queued = ann.waiting().await;
        assert_eq!(code(&sue.bind(&queued, &item).await), "NOT_FOUND");
        assert_eq!(code(&sue.create_and_bind(&queued, &app, "Order 8", None).await), "NOT_FOUND");
        assert_eq!(code(&sue.create_and_bind(&queued, &app, " ", None).await), "INVALID");
        assert_eq!(
            code(&sue.create_and_bind(&queued, &hidden, "x", None).await),
            "OPERATOR_OFFLINE"
        );
        assert_eq!(code(&bob.create_and_bind(&queued, &hidden, "x", None).await), "NOT_ASSIGNED");
        assert_eq!(code(&bob.bind(&session, &item).await), "NOT_FOUND");
        assert_eq!(code(&ann.bind(&session, "nonsense").await), "NOT_FOUND");
        assert_eq!(code(&ann.bind(&session, &item).await), "", "it is bound already");
        assert_eq!(code(&ann.unbind(&session, &item).await), "");
        assert_eq!(code(&ann.bind(&session, &item).await), "NOT_FOUND");
        assert!(ann.items(&hidden, None).await.is_empty());
        // Ann read the item before, and does not see it by its id any more.
        let node = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(ann.act(node, json!({ "id": item })).await, Value::Null);
        let ada = world.employee("ada").await;
        assert_eq!(ada.act(node, json!({ "id": item })).await["id"], item.as_str());
    });
}

#[test]
fn what_was_bound_can_be_unbound_again_whatever_the_live_chat_names() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        let item = bound(&ann, &session, &app, "Order 7").await;
        let other = world.app("Others").await;
        assert_eq!(code(&ann.unbind(&session, &item).await), "");
        let version = ann.session(&session).await["version"].clone();
        let again = ann.unbind(&session, &item).await;
        assert_eq!((code(&again), &again["item"]["id"]), ("", &json!(item)));
        assert_eq!(again["session"]["version"], version);
        assert_eq!(code(&ann.bind(&session, &item).await), "NOT_FOUND");
        // An item that can be bound can be unbound, though it never was bound.
        let bobs = bound(&ann, &session, &other, "Other 1").await;
        world.client("Yan").await.post("Hi").await;
        let next = ann.waiting().await;
        ann.claim(&next).await;
        assert_eq!(code(&ann.unbind(&next, &bobs).await), "");
        // Elsewhere it was never bound and cannot be: it is as if it did not exist.
        let [mut absent, mut foreign] = [item.clone(), item.clone()].map(|id| decoded(&id));
        absent.1 = ItemId::new(absent.1.app.clone(), Timestamp::from_millis(1), 1);
        foreign.0 = TenantId::parse("other").unwrap();
        let document = "mutation($s: ID!, $i: ID!) { unbindItem(sessionId: $s, itemId: $i) {
            item { id title } session { id } userErrors { code message field } } }";
        let mut answers = Vec::new();
        for id in [item, encoded(absent), encoded(foreign)] {
            answers.push(ann.send_document(document, json!({ "s": next, "i": id })).await.text);
        }
        assert!(answers[0].contains("NOT_FOUND"), "{answers:?}");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    });
}

fn decoded(id: &str) -> (TenantId, ItemId) {
    match GlobalId::decode(id) {
        Some((tenant, GlobalId::Item(item))) => (tenant, item),
        _ => panic!("{id} is no item"),
    }
}

fn encoded((tenant, item): (TenantId, ItemId)) -> String {
    GlobalId::Item(item).encode(&tenant)
}

#[test]
fn an_item_of_another_tenant_does_not_exist() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        let item = bound(&ann, &session, &app, "Order 7").await;
        let other = world.online("other/ann").await;
        for payload in [
            other.bind(&session, &item).await,
            other.unbind(&session, &item).await,
            other.create_and_bind(&session, &app, "x", None).await,
        ] {
            assert_eq!(code(&payload), "NOT_FOUND");
        }
        let node = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(other.act(node, json!({ "id": item })).await, Value::Null);
    });
}

#[test]
fn a_session_of_an_internal_client_is_never_bound() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        let item = bound(&ann, &session, &app, "Order 7").await;
        let kim = world.employee("kim").await;
        kim.post_to(&world.live_chat("Support").await, "Hi").await;
        let internal = ann.waiting().await;
        ann.claim(&internal).await;
        for payload in [
            ann.bind(&internal, &item).await,
            ann.unbind(&internal, &item).await,
            ann.create_and_bind(&internal, &app, "Order 8", None).await,
        ] {
            assert_eq!(code(&payload), "INTERNAL_CLIENT");
        }
        assert_eq!(ann.items(&app, None).await.len(), 1, "nothing was created");
        let can = "query($id: ID!) { node(id: $id) { ... on Session { viewerCanBind } } }";
        assert_eq!(ann.act(can, json!({ "id": internal })).await["viewerCanBind"], false);
        assert_eq!(ann.act(can, json!({ "id": session })).await["viewerCanBind"], true);
        let bob = world.employee("bob").await;
        world.client("Yan").await.post("Hi").await;
        let queued = bob.waiting().await;
        assert_eq!(bob.act(can, json!({ "id": queued })).await["viewerCanBind"], false);
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
fn the_sessions_of_an_item_are_those_that_one_sees_last_bound_first() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        let item = bound(&ann, &session, &app, "Order 7").await;
        let bob = world.online("bob").await;
        world.client("Yan").await.post("Hi").await;
        let theirs = bob.waiting().await;
        bob.claim(&theirs).await;
        assert_eq!(code(&bob.bind(&theirs, &item).await), "");
        let document = "query($id: ID!, $c: String) { node(id: $id) { ... on Item {
            sessions(first: 1, after: $c) { nodes { id } pageInfo { hasNextPage endCursor } } } } }";
        let sue = world.employee("sue").await;
        for (who, wanted) in [
            (&sue, vec![&theirs, &session]),
            (&ann, vec![&session]),
            (&bob, vec![&theirs]),
            (&world.employee("ada").await, vec![]),
        ] {
            let (mut seen, mut after) = (Vec::new(), Value::Null);
            loop {
                let page =
                    who.act(document, json!({ "id": item, "c": after })).await["sessions"].clone();
                seen.extend(texts(page["nodes"].as_array().unwrap(), "id"));
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
                assert!(after.is_string());
            }
            assert_eq!(seen.iter().collect::<Vec<_>>(), wanted, "{}", who.name);
        }
        bob.unbind(&theirs, &item).await;
        let page = sue.act(document, json!({ "id": item })).await["sessions"].clone();
        assert_eq!(texts(page["nodes"].as_array().unwrap(), "id"), [session]);
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
