//! The key itself: 1 to 100 characters, for one act, and free after a refusal.

use futures::future::join_all;
use serde_json::json;
use tests::world::{Person, World, code, play};

use super::{CREATED, counted, create};

/// Returns one of [`CREATED`] with another key, or without one.
fn keyed(call: &str, key: Option<&str>) -> String {
    let given = key.map(|key| format!(", idempotencyKey: {}", json!(key))).unwrap_or_default();
    let number = (1..5).find(|number| call.contains(&format!("\"k{number}\""))).unwrap();
    call.replace(&format!(", idempotencyKey: \"k{number}\""), &given)
}

#[test]
fn a_key_makes_one_however_many_come_at_once_and_without_it_each_makes_another() {
    play(async |world| {
        let (ada, support) = (world.employee("ada").await, world.live_chat("Support").await);
        for (at, (name, call)) in CREATED.into_iter().enumerate() {
            let before = counted(&ada, &support).await[at];
            let twin = keyed(call, Some(&format!("{name} twin")));
            let twins = join_all((0..5).map(|_| create(&ada, &support, &twin))).await;
            assert!(twins[0][name]["id"].is_string(), "{twins:?}");
            assert!(twins.iter().all(|made| made[name] == twins[0][name]), "{twins:?}");
            let longest = format!("{name:🔑<100}");
            for other in [Some(name), None, None, Some(&*longest)] {
                let made = create(&ada, &support, &keyed(call, other)).await;
                assert_eq!(code(&made), "", "{name}");
                assert_ne!(made[name]["id"], twins[0][name]["id"], "{name}");
            }
            for wrong in ["", &format!("{name:🔑<101}")] {
                let refused = create(&ada, &support, &keyed(call, Some(wrong))).await;
                let wanted = json!([{ "code": "INVALID", "field": ["idempotencyKey"] }]);
                assert_eq!(refused["userErrors"], wanted, "{name}");
            }
            assert_eq!(counted(&ada, &support).await[at], before + 5, "{name}");
        }
    });
}

/// Returns Ann, a session of hers, and an app that the live chat names.
async fn held(world: &World) -> (Person, String, String) {
    let (ann, app) = (world.online("ann").await, world.app("Orders").await);
    world.client("Zoe").await.post("Hello").await;
    let id = ann.waiting().await;
    assert_eq!(code(&ann.claim(&id).await), "");
    (ann, id, app)
}

#[test]
fn so_it_is_of_items() {
    play(async |world| {
        let (ann, session, app) = held(world).await;
        let longest = "🔑".repeat(100);
        for key in [Some("k"), None, None, Some(longest.as_str())] {
            assert_eq!(code(&ann.create_and_bind(&session, &app, "Order 7", key).await), "");
        }
        for wrong in ["", &"🔑".repeat(101)] {
            let refused = ann.create_and_bind(&session, &app, "Order 7", Some(wrong)).await;
            assert_eq!(code(&refused), "INVALID");
            assert_eq!(refused["userErrors"][0]["field"], json!(["idempotencyKey"]));
        }
        assert_eq!(ann.items(&app, None).await.len(), 4);
    });
}

#[test]
fn a_key_is_of_one_act_and_of_none_that_was_refused() {
    play(async |world| {
        let (ada, support) = (world.employee("ada").await, world.live_chat("Support").await);
        let live_chat = keyed(CREATED[0].1, Some("k"));
        let nameless = live_chat.replace("New", "");
        assert_eq!(code(&create(&ada, &support, &nameless).await), "INVALID");
        let made = create(&ada, &support, &live_chat).await;
        assert!(made["liveChat"]["id"].is_string(), "{made}");
        let before = counted(&ada, &support).await;
        for (_, call) in &CREATED[1..] {
            let other = create(&ada, &support, &keyed(call, Some("k"))).await;
            assert_eq!(code(&other), "KEY_REUSED", "{other}");
        }
        assert_eq!(counted(&ada, &support).await, before);
    });
}
