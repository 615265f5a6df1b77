//! The sessions of an item and the apps of a live chat, as different people see them.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::world::{Person, World, code, play, texts};

use super::{bound, held, id};

/// Lets a new client write, and an operator claim the session and bind it to an item.
async fn taken(world: &World, who: &Person, place: &str, name: &str, item: &str) -> String {
    world.client_of(name, place).await.post("Hello").await;
    let session = id(&who.group_of(place, "QUEUE").await[0]);
    assert_eq!(code(&who.claim(&session).await), "");
    assert_eq!(code(&who.bind(&session, item).await), "");
    session
}

/// Returns the sessions of an item that a person sees.
async fn sessions(who: &Person, item: &str) -> BTreeSet<String> {
    let document = "query($id: ID!) { node(id: $id) { ... on Item {
        sessions(first: 100) { nodes { id } } } } }";
    let seen = who.act(document, json!({ "id": item })).await;
    texts(seen["sessions"]["nodes"].as_array().unwrap(), "id").into_iter().collect()
}

fn set(sessions: &[&String]) -> BTreeSet<String> {
    sessions.iter().map(|session| (*session).clone()).collect()
}

#[test]
fn an_item_shows_what_one_sees_in_all_live_chats_and_nothing_through_a_later_session() {
    play(async |world| {
        let app = world.app("Orders").await;
        let ada = world.employee("ada").await;
        let sales = world.live_chat("Sales").await;
        assert_eq!(code(&ada.name_apps(&sales, &[&app]).await), "");
        let (ann, bob, eve) =
            (world.online("ann").await, world.online("bob").await, world.online("eve").await);
        let (sue, dan) = (world.employee("sue").await, world.employee("dan").await);
        world.client("Zoe").await.post("Hello").await;
        let anns = ann.waiting().await;
        assert_eq!(code(&ann.claim(&anns).await), "");
        let item = bound(&ann, &anns, &app, "Order 7").await;
        let bobs = taken(world, &bob, "Support", "Yan", &item).await;
        let eves = taken(world, &eve, "Sales", "Xia", &item).await;
        let closed = taken(world, &ann, "Support", "Max", &item).await;
        assert_eq!(code(&ann.close(&closed, None).await), "");
        // Bob has the next session of that client, which does not show him the earlier one here.
        world.client("Max").await.post("Again").await;
        assert_eq!(code(&bob.claim(&bob.waiting().await).await), "");
        for (who, wanted) in [
            (&ann, set(&[&anns, &closed])),
            (&bob, set(&[&bobs])),
            (&eve, set(&[&eves])),
            (&sue, set(&[&anns, &bobs, &closed])),
            (&dan, set(&[&anns, &bobs, &closed, &eves])),
        ] {
            assert_eq!(sessions(who, &item).await, wanted, "{}", who.name);
        }
        // All operators see a queued session.
        assert_eq!(code(&ann.give_back(&anns, None).await), "");
        assert_eq!(sessions(&bob, &item).await, set(&[&anns, &bobs]));
    });
}

/// Returns the apps that a live chat names, as a member sees them.
async fn apps(who: &Person, live_chat: &str) -> Value {
    let document = "query($id: ID!) { viewer { liveChat(id: $id) { apps { id name kind } } } }";
    who.get_with(document, json!({ "id": live_chat })).await["viewer"]["liveChat"]["apps"].clone()
}

#[test]
fn members_see_the_apps_that_their_live_chat_names_and_a_refusal_changes_nothing() {
    play(async |world| {
        let (ada, ann, eve) =
            (world.employee("ada").await, world.employee("ann").await, world.employee("eve").await);
        let (support, sales) = (world.live_chat("Support").await, world.live_chat("Sales").await);
        let orders = ada.create_app("Orders", "REQUEST", None).await["app"].clone();
        let people = ada.create_app("People", "ACCOUNT", None).await["app"].clone();
        let (first, second) = (id(&orders), id(&people));
        assert_eq!(apps(&ann, &support).await, json!([]));
        for (named, seen) in [
            (vec![first.as_str(), &second], json!([orders, people])),
            (vec![second.as_str()], json!([people])),
            (vec![first.as_str(), &first], json!([orders])),
        ] {
            assert_eq!(code(&ada.name_apps(&support, &named).await), "");
            assert_eq!(apps(&ann, &support).await, seen);
            assert_eq!(apps(&eve, &sales).await, json!([]));
        }
        for nothing in ["nonsense", &support] {
            assert_eq!(code(&ada.name_apps(&support, &[&second, nothing]).await), "NOT_FOUND");
        }
        assert_eq!(apps(&ann, &support).await, json!([orders]));
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
