//! Counters while roles and sessions change.

use std::cell::Cell;

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{COUNTERS, play};

/// The queue of each live chat in a list, by name.
fn queues(live_chats: &Value) -> Vec<(&str, i64)> {
    let live_chats = live_chats.as_array().unwrap().iter();
    let mut queues: Vec<_> = live_chats
        .map(|one| (one["name"].as_str().unwrap(), one["queueCount"].as_i64().unwrap()))
        .collect();
    queues.sort_unstable();
    queues
}

#[test]
fn a_live_chat_counts_its_queue_in_the_menu_as_beside_the_counters() {
    play(async |world| {
        for (name, live_chat) in [("Zoe", "Support"), ("Max", "Support"), ("Yan", "Sales")] {
            world.client_of(name, live_chat).await.post("Hello").await;
        }
        let document = "{ viewer { liveChats { name queueCount }
            counters { liveChats { name queueCount } } } }";
        let viewer = world.employee("bea").await.get(document).await["viewer"].clone();
        for live_chats in [&viewer["liveChats"], &viewer["counters"]["liveChats"]] {
            assert_eq!(queues(live_chats), [("Sales", 1), ("Support", 2)]);
        }
    });
}

#[test]
fn a_role_that_is_taken_or_given_moves_the_counters_and_that_is_pushed() {
    play(async |world| {
        let bob = world.employee("bob").await;
        world.client("Zoe").await.post("Hello").await;
        world.client_of("Yan", "Sales").await.post("Hello").await;
        let socket = bob.socket().await;
        let mut feed = socket.subscribe(COUNTERS, json!({}));
        feed.badge_until([0, 0, 0, 2]).await;
        let mut before = bob.counters().await;
        let steps: [(&[&str], [i64; 4]); 3] =
            [(&[], [0, 0, 0, 1]), (&["OPERATOR"], [0, 0, 0, 2]), (&["SUPERVISOR"], [2, 0, 2, 1])];
        for (roles, badge) in steps {
            world.appoint("bob", "Sales", roles).await;
            assert_eq!(bob.badge().await, badge, "{roles:?}");
            feed.badge_until(badge).await;
            let now = bob.counters().await;
            assert!(now["version"].as_str() > before["version"].as_str(), "{now}");
            before = now;
        }
    });
}

#[test]
fn the_version_never_falls_however_fast_one_asks_while_sessions_open() {
    play(async |world| {
        let dan = world.employee("dan").await;
        let mut clients = Vec::new();
        for number in 0..8 {
            clients.push(world.client(&format!("Client {number}")).await);
        }
        let is_over = Cell::new(false);
        let asking = async {
            let mut last = String::new();
            while !is_over.get() {
                let counters = dan.counters().await;
                let version = counters["version"].as_str().unwrap();
                assert!(version >= last.as_str(), "{version} after {last}");
                version.clone_into(&mut last);
            }
        };
        let arriving = async {
            join_all(clients.iter().map(|client| client.post("Hello"))).await;
            is_over.set(true);
        };
        tokio::join!(asking, arriving);
        assert_eq!(dan.badge().await, [8, 0, 8, 8]);
    });
}
