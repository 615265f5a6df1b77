//! Refusals to bind and to unbind, and the items and sessions that they hide.

use domain::{ItemId, TenantId, Timestamp};
use graphql::id::GlobalId;
use serde_json::{Value, json};
use tests::world::{code, play};

use super::{bound, held};

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
