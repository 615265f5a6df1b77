//! The feed of sessions: the changes of those that a subscriber sees, and the removal of what leaves
//! their sight.

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{SESSIONS, play, play_sharded};

use super::queued;

#[test]
fn changes_of_sessions_begin_with_ready_and_tell_what_happens() {
    play_sharded(async |world| {
        let (ann, sue) = (world.online("ann").await, world.employee("sue").await);
        let socket = sue.socket().await;
        let mut feed = socket.subscribe(SESSIONS, json!({}));
        let ready = feed.next().await;
        assert_eq!((&ready["kind"], &ready["session"]), (&json!("READY"), &Value::Null));
        let (zoe, id) = queued(world, "Zoe").await;
        let opened = feed.next().await;
        assert_eq!(opened["kind"], "OPENED");
        assert_eq!(opened["session"]["id"], id.as_str());
        assert_eq!(opened["session"]["unreadCount"], 1);
        assert_eq!(opened["by"], json!({ "__typename": "Client", "name": "Zoe" }));
        zoe.post("Hello?").await;
        assert_eq!(feed.next().await["kind"], "MESSAGE");
        ann.claim(&id).await;
        let claimed = feed.next().await;
        assert_eq!(claimed["kind"], "CLAIMED");
        assert_eq!(claimed["session"]["operator"]["name"], "Ann");
        assert_eq!(claimed["by"], json!({ "__typename": "Employee", "name": "Ann" }));
        assert!(claimed["version"].as_str() > opened["version"].as_str());
        ann.read(&id, 2).await;
        let read = feed.next().await;
        assert_eq!((&read["kind"], &read["session"]["unreadCount"]), (&json!("READ"), &json!(0)));
        ann.reply(&id, "Hi").await;
        assert_eq!(feed.next().await["kind"], "MESSAGE");
        ann.give_back(&id, None).await;
        assert_eq!(feed.next().await["kind"], "RETURNED");
        let dan = world.online("dan").await;
        dan.assign(&id, &ann.id().await).await;
        assert_eq!(feed.next().await["kind"], "ASSIGNED");
        ann.close(&id, None).await;
        let closed = feed.next().await;
        assert_eq!(
            (&closed["kind"], &closed["session"]["state"]),
            (&json!("CLOSED"), &json!("CLOSED"))
        );
        assert_eq!(closed["session"]["version"], sue.session(&id).await["version"]);
    });
}

#[test]
fn what_leaves_the_sight_by_an_assignment_says_who_has_it() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.online("sue").await);
        let socket = world.employee("bob").await.socket().await;
        let mut feed = socket.subscribe(SESSIONS, json!({}));
        feed.next().await;
        let (_, id) = queued(world, "Zoe").await;
        sue.assign(&id, &ann.id().await).await;
        let seen = feed.until(|change| change["kind"] == "REMOVED").await;
        let removed = seen.last().unwrap();
        assert_eq!(removed["removedId"], id.as_str());
        assert_eq!(removed["by"]["name"], "Ann", "not Sue, who gave it to her");
        assert_eq!(removed["heldBy"]["name"], "Ann");
        // One that is closed while it waits is nobody's.
        let (_, other) = queued(world, "Max").await;
        sue.close(&other, None).await;
        let seen = feed.until(|change| change["kind"] == "REMOVED").await;
        let removed = seen.last().unwrap();
        assert_eq!(removed["removedId"], other.as_str());
        assert_eq!((&removed["by"]["name"], &removed["heldBy"]), (&json!("Sue"), &Value::Null));
    });
}

#[test]
fn what_leaves_the_sight_is_removed_and_it_is_said_by_whom() {
    play(async |world| {
        let ann = world.online("ann").await;
        let socket = world.employee("bob").await.socket().await;
        let mut feed = socket.subscribe(SESSIONS, json!({}));
        feed.next().await;
        let (_, id) = queued(world, "Zoe").await;
        feed.until(|change| change["kind"] == "OPENED").await;
        ann.claim(&id).await;
        let removed = feed.next().await;
        assert_eq!(removed["kind"], "REMOVED");
        assert_eq!(removed["removedId"], id.as_str());
        assert_eq!(removed["session"], Value::Null);
        assert_eq!(removed["by"]["name"], "Ann");
        // Bob gets nothing of Ann's reply: his next change is the return.
        ann.reply(&id, "Hi").await;
        ann.give_back(&id, None).await;
        let back = feed.next().await;
        assert_eq!((&back["kind"], &back["session"]["id"]), (&json!("RETURNED"), &json!(id)));
        world.settle(&[&socket]).await;
        // At least once: what is said again is the same.
        assert!(feed.rest().iter().all(|again| again["version"] == back["version"]));
    });
}

#[test]
fn changes_of_one_live_chat_or_another_tenant_stay_there() {
    play(async |world| {
        let bob = world.employee("bob").await;
        let socket = bob.socket().await;
        let sales = world.live_chat("Sales").await;
        let mut sales_only = socket.subscribe(SESSIONS, json!({ "liveChat": sales }));
        let mut all = socket.subscribe(SESSIONS, json!({}));
        let (eve, stranger) = (world.employee("eve").await, world.employee("other/ann").await);
        let (eves, strangers) = (eve.socket().await, stranger.socket().await);
        let mut to_eve = eves.subscribe(SESSIONS, json!({}));
        let mut to_stranger = strangers.subscribe(SESSIONS, json!({}));
        for feed in [&mut sales_only, &mut all, &mut to_eve, &mut to_stranger] {
            assert_eq!(feed.next().await["kind"], "READY");
        }
        world.client("Zoe").await.post("Hello").await;
        world.client_of("Yan", "Sales").await.post("Hello").await;
        world.settle(&[&socket, &eves, &strangers]).await;
        let names = |changes: Vec<Value>| -> Vec<String> {
            changes.iter().map(|c| c["session"]["name"].as_str().unwrap().to_owned()).collect()
        };
        let mut both = names(all.rest());
        both.sort();
        assert_eq!(both, ["Yan", "Zoe"]);
        assert_eq!(names(sales_only.rest()), ["Yan"]);
        assert_eq!(names(to_eve.rest()), ["Yan"]);
        assert!(to_stranger.rest().is_empty());
        // Where one has no role there is nothing to listen to, as where there is no live chat.
        let support = world.live_chat("Support").await;
        let refused = eves.subscribe(SESSIONS, json!({ "liveChat": support })).frame().await;
        let missing = eves.subscribe(SESSIONS, json!({ "liveChat": "nonsense" })).frame().await;
        assert_eq!(refused["type"], "error");
        assert_eq!(refused["payload"][0]["message"], missing["payload"][0]["message"]);
        assert_eq!(
            refused["payload"][0]["extensions"]["code"],
            missing["payload"][0]["extensions"]["code"]
        );
    });
}

#[test]
fn many_changes_at_once_reach_everybody_who_listens() {
    play(async |world| {
        let sockets =
            join_all((0..4).map(|_| async { world.employee("sue").await.socket().await })).await;
        let mut feeds = Vec::new();
        for socket in &sockets {
            let mut feed = socket.subscribe(SESSIONS, json!({}));
            feed.next().await;
            feeds.push(feed);
        }
        let clients =
            join_all((0..8).map(|n| async move { world.client(&format!("C{n}")).await })).await;
        join_all(clients.iter().map(|client| client.post("Hello"))).await;
        for feed in &mut feeds {
            let mut names = std::collections::BTreeSet::new();
            while names.len() < 8 {
                let change = feed.next().await;
                names.insert(change["session"]["name"].as_str().unwrap().to_owned());
            }
        }
    });
}
