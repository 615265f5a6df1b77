//! Roles are held per live chat, and hold at once.

use serde_json::{Value, json};
use tests::world::{SESSIONS, code, play};

use super::{NODES, queued};

#[test]
fn what_one_may_do_in_one_live_chat_gives_nothing_in_another() {
    play(async |world| {
        // An operator of Support, and a supervisor of Sales.
        let bea = world.online("bea").await;
        let here = queued(world).await;
        world.client_of("Yan", "Sales").await.post("Hello").await;
        let there = bea.group_of("Sales", "ACTIVE").await[0]["id"].as_str().unwrap().to_owned();
        assert!(bea.group_of("Support", "ACTIVE").await.is_empty());
        assert_eq!(code(&bea.claim(&there).await), "FORBIDDEN");
        assert_eq!(code(&bea.note(&there, "A regular").await), "");
        assert_eq!(code(&bea.note(&here, "A regular").await), "NOT_ASSIGNED");
        let (ann, eve) = (world.online("ann").await, world.online("eve").await);
        assert_eq!(code(&ann.claim(&here).await), "");
        assert_eq!(code(&eve.claim(&there).await), "");
        assert_eq!(bea.session(&here).await, Value::Null);
        assert_eq!(bea.session(&there).await["operator"]["name"], "Eve");
    });
}

#[test]
fn a_role_that_changes_holds_at_once_and_the_feed_is_ready_again() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.employee("bob").await);
        let id = queued(world).await;
        assert_eq!(code(&ann.claim(&id).await), "");
        assert_eq!(bob.session(&id).await, Value::Null);
        let socket = bob.socket().await;
        let mut changes = socket.subscribe(SESSIONS, json!({}));
        assert_eq!(changes.next().await["kind"], "READY");
        world.settle(&[&socket]).await;
        changes.rest();
        let steps: [(&[&str], bool); 2] = [(&["SUPERVISOR"], true), (&[], false)];
        for (roles, is_seen) in steps {
            world.appoint("bob", "Support", roles).await;
            assert_eq!(bob.session(&id).await.is_object(), is_seen, "{roles:?}");
            changes.until(|change| change["kind"] == "READY").await;
            world.settle(&[&socket]).await;
            changes.rest();
        }
    });
}

#[test]
fn nodes_are_answered_as_often_as_they_are_asked_for() {
    play(async |world| {
        let (ann, id) = (world.employee("ann").await, world.live_chat("Support").await);
        let node = json!({ "__typename": "LiveChat", "id": id });
        let data = ann.get_with(NODES, json!({ "ids": [id, "nonsense", id, ""] })).await;
        assert_eq!(data["nodes"], json!([node, null, node, null]));
        let data = ann.get_with(NODES, json!({ "ids": vec![id; 100] })).await;
        assert_eq!(data["nodes"], json!(vec![node; 100]));
    });
}
