//! The replay of a dialog, and the entries that follow it without a hole.

use serde_json::json;
use tests::world::{COUNTERS, MESSAGES, field, play, play_sharded, texts};

use super::queued;

#[test]
fn a_dialog_is_replayed_in_order_and_goes_on_live() {
    play_sharded(async |world| {
        let ann = world.online("ann").await;
        let (zoe, id) = queued(world, "Zoe").await;
        ann.reply(&id, "Hi").await;
        zoe.post("How are you?").await;
        let socket = ann.socket().await;
        let mut all = socket.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
        let replayed = all.entries(4).await;
        assert_eq!(field(&replayed, "seq"), [1, 2, 3, 4]);
        assert_eq!(texts(&replayed, "kind"), ["CLIENT", "EVENT", "OPERATOR", "CLIENT"]);
        let mut rest = socket.subscribe(MESSAGES, json!({ "id": id, "after": 3 }));
        assert_eq!(rest.entry().await["seq"], 4);
        ann.note(&id, "Chatty").await;
        zoe.post("Fine?").await;
        for feed in [&mut all, &mut rest] {
            assert_eq!(texts(&feed.entries(2).await, "text"), ["Chatty", "Fine?"]);
        }
    });
}

#[test]
fn a_dialog_without_after_is_live_only() {
    play(async |world| {
        let ann = world.online("ann").await;
        let (zoe, id) = queued(world, "Zoe").await;
        let socket = ann.socket().await;
        let mut live = socket.subscribe(MESSAGES, json!({ "id": id }));
        // Nothing says when it listens: write until something comes.
        let mut heard = Vec::new();
        for number in 0..15 {
            zoe.post(&format!("Number {number}")).await;
            world.settle(&[&socket]).await;
            heard.extend(live.rest());
            if heard.len() > 1 {
                break;
            }
        }
        assert!(heard[0]["seq"].as_i64() > Some(1), "{heard:?}");
        let next = heard[0]["seq"].as_i64().unwrap() + 1;
        assert_eq!(heard[1]["seq"], next);
    });
}

#[test]
fn nothing_is_lost_between_the_replay_and_what_follows() {
    play_sharded(async |world| {
        let ann = world.online("ann").await;
        let (zoe, id) = queued(world, "Zoe").await;
        let socket = ann.socket().await;
        let posts = async {
            for number in 0..12 {
                zoe.post(&number.to_string()).await;
            }
        };
        let listen = async {
            let mut feeds = Vec::new();
            for _ in 0..5 {
                let mut feed = socket.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
                assert_eq!(feed.next().await["seq"], 1);
                feeds.push(feed);
            }
            feeds
        };
        let ((), feeds) = tokio::join!(posts, listen);
        for mut feed in feeds {
            // At least once: whoever keeps the greatest seq sees a dense run.
            let mut last = 1;
            while last < 13 {
                let seq = feed.next().await["seq"].as_i64().unwrap();
                assert!(seq <= last + 1, "{seq} after {last}");
                last = last.max(seq);
            }
        }
    });
}

#[test]
fn a_client_who_comes_back_resumes_without_a_loss() {
    play_sharded(async |world| {
        let ann = world.online("ann").await;
        let (zoe, id) = queued(world, "Zoe").await;
        let socket = ann.socket().await;
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
        assert_eq!(feed.entry().await["seq"], 1);
        drop((feed, socket));
        for text in ["One", "Two", "Three"] {
            zoe.post(text).await;
        }
        let socket = ann.socket().await;
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": id, "after": 1 }));
        assert_eq!(texts(&feed.entries(3).await, "text"), ["One", "Two", "Three"]);
        let mut counters = socket.subscribe(COUNTERS, json!({}));
        assert_eq!(counters.next().await["queue"], 1);
    });
}

#[test]
fn a_dialog_completes_when_its_session_is_out_of_sight() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.employee("bob").await);
        let (zoe, id) = queued(world, "Zoe").await;
        let socket = bob.socket().await;
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
        assert_eq!(feed.entry().await["seq"], 1);
        ann.claim(&id).await;
        zoe.post("A secret").await;
        loop {
            let frame = feed.frame().await;
            if frame["type"] == "complete" {
                break;
            }
            // At least once: the first message, perhaps, and nothing that came later.
            assert_eq!(frame["payload"]["data"]["messages"]["seq"], 1, "{frame}");
        }
        world.settle(&[&socket]).await;
        // At least once, as well: the one who replays and the fan-out may both see that it is over.
        let rest = feed.rest_of_frames();
        assert!(rest.iter().all(|frame| frame["type"] == "complete"), "{rest:?}");
        // And it cannot be listened to again.
        let mut again = socket.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
        let hidden = again.frame().await;
        let mut missing = socket.subscribe(MESSAGES, json!({ "id": "nonsense", "after": 0 }));
        let missing = missing.frame().await;
        assert_eq!(hidden["type"], missing["type"]);
        assert_eq!(hidden["payload"][0]["message"], missing["payload"][0]["message"]);
    });
}

#[test]
fn the_dialog_of_an_earlier_session_never_shows_a_later_one() {
    play(async |world| {
        let ann = world.online("ann").await;
        let (zoe, first) = queued(world, "Zoe").await;
        ann.claim(&first).await;
        ann.close(&first, None).await;
        let socket = ann.socket().await;
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": first, "after": 0 }));
        assert_eq!(field(&feed.entries(3).await, "seq"), [1, 2, 3]);
        zoe.post("Again").await;
        world.settle(&[&socket]).await;
        assert!(feed.rest_of_entries().is_empty());
        let second = ann.waiting().await;
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": second, "after": 0 }));
        assert_eq!(field(&feed.entries(4).await, "seq"), [1, 2, 3, 4]);
    });
}
