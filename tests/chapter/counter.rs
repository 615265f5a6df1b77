//! Badges and the blue counter.

mod change;

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{COUNTERS, World, badge, code, play, play_sharded};

/// Badge, unread and unassigned sessions, and the blue counter, of each.
async fn table(world: &World, rows: &[(&str, [i64; 4])]) {
    for (name, wanted) in rows {
        assert_eq!(world.employee(name).await.badge().await, *wanted, "{name}");
    }
}

#[test]
fn the_badge_counts_what_the_roles_say() {
    play(async |world| {
        let (ann, dan) = (world.online("ann").await, world.online("dan").await);
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let first = ann.waiting().await;
        world.client_of("Yan", "Sales").await.post("Hello").await;
        // An operator: unread sessions. A supervisor: unassigned ones. Both: of all their live chats.
        table(
            world,
            &[
                ("ann", [0, 0, 0, 1]),
                ("bob", [0, 0, 0, 2]),
                ("eve", [0, 0, 0, 1]),
                ("sue", [1, 0, 1, 0]),
                ("dan", [2, 0, 2, 1]),
                ("bea", [2, 0, 2, 1]),
                ("ada", [0; 4]),
                ("kim", [0; 4]),
                ("other/ann", [0; 4]),
            ],
        )
        .await;
        // Claiming does not read.
        assert_eq!(code(&ann.claim(&first).await), "");
        table(
            world,
            &[
                ("ann", [1, 1, 0, 0]),
                ("bob", [0, 0, 0, 1]),
                ("sue", [0; 4]),
                ("dan", [1, 0, 1, 0]),
                ("bea", [1, 0, 1, 0]),
            ],
        )
        .await;
        world.client("Xia").await.post("Hello").await;
        assert_eq!(code(&dan.claim_next(None).await), "");
        table(world, &[("dan", [2, 1, 1, 0]), ("ann", [1, 1, 0, 0]), ("sue", [0; 4])]).await;
        // Sessions, not messages.
        zoe.post("Are you there?").await;
        table(world, &[("ann", [1, 1, 0, 0])]).await;
        // Answering reads; own messages and notes are never unread.
        assert_eq!(code(&ann.reply(&first, "I am").await), "");
        assert_eq!(code(&ann.note(&first, "In a hurry").await), "");
        table(world, &[("ann", [0; 4])]).await;
        zoe.post("Good").await;
        table(world, &[("ann", [1, 1, 0, 0])]).await;
        // Closing clears it.
        assert_eq!(code(&ann.close(&first, None).await), "");
        table(world, &[("ann", [0; 4]), ("sue", [0; 4]), ("dan", [2, 1, 1, 0])]).await;
    });
}

#[test]
fn reassignment_carries_the_unread_over_and_a_return_gives_it_to_nobody() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        assert_eq!(code(&ann.assign(&id, &bob.id().await).await), "");
        table(world, &[("ann", [0; 4]), ("bob", [1, 1, 0, 0]), ("sue", [0; 4])]).await;
        bob.read(&id, 1).await;
        table(world, &[("bob", [0; 4])]).await;
        assert_eq!(code(&bob.give_back(&id, None).await), "");
        table(
            world,
            &[
                ("ann", [0, 0, 0, 1]),
                ("bob", [0, 0, 0, 1]),
                ("sue", [1, 0, 1, 0]),
                ("dan", [1, 0, 1, 1]),
            ],
        )
        .await;
    });
}

#[test]
fn counters_are_pushed_at_first_and_whenever_they_change_and_never_fall_back() {
    play(async |world| {
        let ann = world.online("ann").await;
        let socket = ann.socket().await;
        let mut feed = socket.subscribe(COUNTERS, json!({}));
        let first = feed.next().await;
        assert_eq!(badge(&first), [0; 4]);
        let version = first["version"].as_str().unwrap();
        assert!(version.len() == 32 && version.bytes().all(|b| b.is_ascii_digit()), "{version}");
        assert_eq!(first, ann.counters().await);
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        feed.badge_until([0, 0, 0, 1]).await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        feed.badge_until([1, 1, 0, 0]).await;
        ann.read(&id, 1).await;
        feed.badge_until([0; 4]).await;
        zoe.post("Hello?").await;
        feed.badge_until([1, 1, 0, 0]).await;
        ann.close(&id, None).await;
        feed.badge_until([0; 4]).await;
        world.settle(&[&socket]).await;
        assert!(feed.rest().iter().all(|counters| badge(counters) == [0; 4]));
    });
}

#[test]
fn the_last_push_is_the_final_value_whatever_happens_at_once() {
    play(async |world| {
        let last = |pushed: &[Value]| {
            let versions: Vec<_> = pushed.iter().map(|p| p["version"].as_str()).collect();
            assert!(versions.is_sorted(), "{versions:?}");
            pushed.last().cloned()
        };
        last_push_is_final(world, last).await;
    });
}

/// With several shards pushes overtake each other: of those the newest is the last one, which is what
/// `version` is for.
#[test]
fn the_newest_push_is_the_final_value_however_many_shards_there_are() {
    play_sharded(async |world| {
        let newest = |pushed: &[Value]| {
            pushed.iter().max_by_key(|one| one["version"].as_str().map(str::to_owned)).cloned()
        };
        last_push_is_final(world, newest).await;
    });
}

async fn last_push_is_final(world: &World, last: impl Fn(&[Value]) -> Option<Value>) {
    let people = ["ann", "bob", "dan", "bea"];
    let mut desks = Vec::new();
    for name in people {
        let person = world.online(name).await;
        let socket = person.socket().await;
        let mut feed = socket.subscribe(COUNTERS, json!({}));
        let first = feed.next().await;
        desks.push((person, socket, feed, first));
    }
    let mut clients = Vec::new();
    for number in 0..10 {
        clients.push(world.client(&format!("Client{number}")).await);
    }
    join_all(clients.iter().map(|client| client.post("Hello"))).await;
    let claims = desks.iter().flat_map(|(person, ..)| (0..2).map(move |_| person.claim_next(None)));
    for payload in join_all(claims).await {
        assert_eq!(code(&payload), "", "{payload}");
        assert!(payload["session"].is_object());
    }
    join_all(clients.iter().map(|client| client.post("Hello?"))).await;
    let sockets: Vec<_> = desks.iter().map(|(_, socket, ..)| socket).collect();
    world.settle(&sockets).await;
    for (person, _, feed, first) in &mut desks {
        let mut pushed = vec![first.clone()];
        pushed.extend(feed.rest());
        let now = person.counters().await;
        assert_eq!(last(&pushed), Some(now.clone()), "{}", person.name);
        assert_eq!(now["unreadSessions"], 2);
        assert_eq!(now["queue"], 2);
    }
}

#[test]
fn a_push_of_counters_moves_the_left_menu_as_well() {
    play(async |world| {
        let socket = world.employee("bob").await.socket().await;
        let document = "subscription { counters { queue liveChats { name queueCount } } }";
        let mut feed = socket.subscribe(document, json!({}));
        feed.next().await;
        world.client_of("Yan", "Sales").await.post("Hello").await;
        let pushed = feed.until(|counters| counters["queue"] == 1).await;
        let live_chats = pushed.last().unwrap()["liveChats"].as_array().unwrap();
        for live_chat in live_chats {
            let wanted = i64::from(live_chat["name"] == "Sales");
            assert_eq!(live_chat["queueCount"], wanted, "{live_chat}");
        }
        assert_eq!(live_chats.len(), 2);
    });
}

#[test]
fn the_session_badge_is_the_same_number_for_everybody() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.employee("sue").await);
        let zoe = world.client("Zoe").await;
        zoe.post("One").await;
        zoe.post("Two").await;
        let id = ann.waiting().await;
        let unread = async || {
            let (mine, theirs) = (ann.session(&id).await, sue.session(&id).await);
            assert_eq!(mine["unreadCount"], theirs["unreadCount"]);
            mine["unreadCount"].as_i64().unwrap()
        };
        assert_eq!(unread().await, 2);
        sue.read(&id, 2).await;
        assert_eq!(unread().await, 2);
        ann.claim(&id).await;
        assert_eq!(unread().await, 2);
        ann.read(&id, 1).await;
        assert_eq!(unread().await, 1);
        ann.close(&id, None).await;
        assert_eq!(unread().await, 0);
    });
}
