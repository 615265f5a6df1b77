//! Which items a session is bound to, one after the other and at its limits.

use serde_json::json;
use tests::world::{Person, World, code, field, play, texts};

/// Ann with a session of this client.
async fn held(world: &World, client: &str) -> (Person, String) {
    let ann = world.online("ann").await;
    world.client(client).await.post("Hello").await;
    let id = ann.waiting().await;
    assert_eq!(code(&ann.claim(&id).await), "");
    (ann, id)
}

/// Creates an item and binds it. Returns its id.
async fn made(who: &Person, session: &str, app: &str, title: &str) -> String {
    let payload = who.create_and_bind(session, app, title, None).await;
    assert_eq!(code(&payload), "", "{payload}");
    payload["item"]["id"].as_str().unwrap().to_owned()
}

/// The titles of what a session is bound to.
async fn titles(who: &Person, session: &str) -> Vec<String> {
    texts(&field(&who.bindings(session).await, "item"), "title")
}

#[test]
fn items_stand_in_the_order_in_which_they_were_bound_and_leave_one_by_one() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world, "Zoe").await;
        made(&ann, &session, &app, "One").await;
        let two = made(&ann, &session, &app, "Two").await;
        made(&ann, &session, &app, "Three").await;
        assert_eq!(titles(&ann, &session).await, ["One", "Two", "Three"]);
        let unbound = ann.unbind(&session, &two).await;
        assert_eq!((code(&unbound), &unbound["item"]["title"]), ("", &json!("Two")));
        assert_eq!(titles(&ann, &session).await, ["One", "Three"]);
        // It is there still, and bound again it is the last.
        assert_eq!(field(&ann.items(&app, Some("two")).await, "id"), [json!(two)]);
        assert_eq!(code(&ann.bind(&session, &two).await), "");
        assert_eq!(titles(&ann, &session).await, ["One", "Three", "Two"]);
    });
}

#[test]
fn what_was_bound_stays_bound_when_the_live_chat_names_its_app_no_more() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ada, support) = (world.employee("ada").await, world.live_chat("Support").await);
        let (ann, session) = held(world, "Zoe").await;
        let item = made(&ann, &session, &app, "Order 7").await;
        assert_eq!(code(&ada.name_apps(&support, &[]).await), "");
        assert_eq!(titles(&ann, &session).await, ["Order 7"]);
        let (_, other) = held(world, "Yan").await;
        assert_eq!(code(&ann.bind(&other, &item).await), "NOT_FOUND");
        assert_eq!(code(&ada.name_apps(&support, &[&app]).await), "");
        assert_eq!(code(&ann.bind(&other, &item).await), "");
        assert_eq!(titles(&ann, &other).await, ["Order 7"]);
    });
}

#[test]
fn a_session_of_an_internal_client_is_not_bound_after_its_close_either() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world, "Zoe").await;
        let item = made(&ann, &session, &app, "Order 7").await;
        world.employee("kim").await.post_to(&world.live_chat("Support").await, "Hi").await;
        let internal = ann.waiting().await;
        assert_eq!(code(&ann.claim(&internal).await), "");
        assert_eq!(code(&ann.close(&internal, None).await), "");
        assert_eq!(code(&ann.bind(&internal, &item).await), "INTERNAL_CLIENT");
        let refused = ann.create_and_bind(&internal, &app, "Order 8", None).await;
        assert_eq!(code(&refused), "INTERNAL_CLIENT");
        assert!(ann.bindings(&internal).await.is_empty());
    });
}

#[test]
fn of_two_who_bind_the_last_of_fifty_at_once_one_is_refused_and_creates_nothing() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world, "Zoe").await;
        let sue = world.online("sue").await;
        for number in 0..49 {
            made(&ann, &session, &app, &format!("Order {number}")).await;
        }
        let (one, other) = tokio::join!(
            ann.create_and_bind(&session, &app, "The last", None),
            sue.create_and_bind(&session, &app, "The last", None)
        );
        let mut codes = [code(&one), code(&other)];
        codes.sort_unstable();
        assert_eq!(codes, ["", "LIMIT"]);
        assert_eq!(ann.bindings(&session).await.len(), 50);
        assert_eq!(ann.items(&app, Some("last")).await.len(), 1);
    });
}
