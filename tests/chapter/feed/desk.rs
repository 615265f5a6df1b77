//! The feed of the desk: counters, changes, alerts and presence in one operation.

use serde_json::{Value, json};
use tests::world::{code, play};

const DESK: &str = "subscription($liveChat: ID) { desk(liveChatId: $liveChat) {
    counters { workspaceBadge queue version }
    changes { kind session { id name } removedId heldBy { name } }
    alerts { kind session { name } message { text } }
    presence { name presence } } }";

fn kinds(update: &Value, part: &str) -> Vec<String> {
    let each = update[part].as_array().unwrap().iter();
    each.map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn it_begins_with_the_counters_and_ready() {
    play(async |world| {
        world.client("Zoe").await.post("Hello").await;
        let socket = world.employee("ann").await.socket().await;
        let first = socket.subscribe(DESK, json!({})).next().await;
        assert_eq!(
            (&first["counters"]["queue"], kinds(&first, "changes")),
            (&json!(1), vec!["READY".to_owned()])
        );
        assert_eq!((&first["alerts"], &first["presence"]), (&json!([]), &json!([])));
    });
}

#[test]
fn each_part_is_as_its_own_feed_has_it_and_empty_where_nothing_changed() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        let socket = ann.socket().await;
        let mut desk = socket.listen(DESK, json!({})).await;
        desk.next().await;
        world.client("Zoe").await.post("Hello").await;
        let opened = desk.until(|update| !update["alerts"][0].is_null()).await;
        let opened = opened.last().unwrap();
        assert_eq!(
            (kinds(opened, "alerts"), kinds(opened, "changes")),
            (vec!["NEW_SESSION".to_owned()], vec!["OPENED".to_owned()])
        );
        assert_eq!(opened["alerts"][0]["message"]["text"], "Hello");
        let id = bob.waiting().await;
        assert_eq!(code(&bob.claim(&id).await), "");
        let taken = desk.until(|update| update["changes"][0]["kind"] == "REMOVED").await;
        let removed = &taken.last().unwrap()["changes"][0];
        assert_eq!(
            (&removed["removedId"], &removed["heldBy"]["name"]),
            (&json!(id), &json!("Bob"))
        );
        bob.presence("OFFLINE").await;
        let away = desk.until(|update| update["presence"][0]["presence"] == "OFFLINE").await;
        let away = away.last().unwrap();
        assert_eq!((&away["counters"], &away["changes"]), (&json!(null), &json!([])));
        assert_eq!(away["presence"][0]["name"], "Bob");
    });
}

#[test]
fn a_live_chat_limits_changes_and_presence_and_not_alerts() {
    play(async |world| {
        let bob = world.online("bob").await;
        let (support, sales) = (world.live_chat("Support").await, world.live_chat("Sales").await);
        let socket = bob.socket().await;
        let mut desk = socket.listen(DESK, json!({ "liveChat": sales })).await;
        desk.next().await;
        world.client_of("Zoe", "Support").await.post("Hello").await;
        let elsewhere = desk.until(|update| !update["alerts"][0].is_null()).await;
        let elsewhere = elsewhere.last().unwrap();
        assert_eq!(elsewhere["alerts"][0]["session"]["name"], "Zoe");
        world.client_of("Max", "Sales").await.post("Hello").await;
        let here = desk.until(|update| !update["changes"][0].is_null()).await;
        assert!(here.iter().all(|update| update["changes"][0]["session"]["name"] != "Zoe"));
        assert_eq!(here.last().unwrap()["changes"][0]["session"]["name"], "Max");
        let far = world.employee("eve").await.socket().await;
        assert_eq!(
            far.subscribe(DESK, json!({ "liveChat": support })).refused().await,
            "FORBIDDEN"
        );
    });
}
