//! Order: answers of a conversation leave one after the other, and delay no others.

use futures::future::join_all;
use serde_json::Value;
use tests::world::{play, play_ahead, play_sharded, within};

use super::bench::{answer, delivered, eventually, states, until};
use super::hook::connect;
use super::receiver::Reply;

/// Holds what is for some people.
fn held_for(is_held: impl Fn(&str) -> bool) -> impl Fn(&Value, usize) -> Reply {
    move |body, _| {
        let to = body["to"]["id"].as_str().unwrap_or_default();
        if is_held(to) { Reply::Held } else { Reply::Status(200) }
    }
}

#[test]
fn the_second_answer_waits_until_the_first_is_over() {
    play(async |world| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        hook.receiver.answer(|body, before| match (body["text"].as_str(), before) {
            (Some("Held"), _) => Reply::Held,
            (Some("Later"), 0) => Reply::Status(500),
            (Some("Refused"), _) => Reply::Status(400),
            _ => Reply::Status(200),
        });
        for text in ["Held", "Later", "Refused", "Last"] {
            answer(&ann, &id, text).await;
        }
        hook.receiver.wait(1).await;
        world.settle(&[]).await;
        assert_eq!(hook.receiver.texts(), ["Held"]);
        assert_eq!(states(&ann, &id).await, ["PENDING"; 4]);
        hook.receiver.release();
        until(&ann, &id, &["SENT", "SENT", "FAILED", "SENT"]).await;
        assert_eq!(hook.receiver.texts(), ["Held", "Later", "Later", "Refused", "Last"]);
    });
}

#[test]
fn a_conversation_that_hangs_delays_no_other_of_its_channel() {
    play(async |world| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        hook.receiver.answer(held_for(|to| to == "Slow"));
        let slow = hook.open(&ann, "Slow").await;
        answer(&ann, &slow, "One").await;
        answer(&ann, &slow, "Two").await;
        hook.receiver.wait(1).await;
        for number in 0..10 {
            let id = hook.open(&ann, &format!("P{number}")).await;
            answer(&ann, &id, "Good day").await;
            until(&ann, &id, &["SENT"]).await;
        }
        assert_eq!(states(&ann, &slow).await, ["PENDING", "PENDING"]);
        assert!(!hook.receiver.texts().contains(&"Two".to_owned()));
        hook.receiver.release();
        until(&ann, &slow, &["SENT", "SENT"]).await;
        assert_eq!(hook.receiver.texts().last().unwrap(), "Two");
    });
}

#[test]
fn a_channel_that_hangs_delays_no_other() {
    play(async |world| {
        let (stuck, free) = (connect(world).await, connect(world).await);
        let ann = world.online("ann").await;
        stuck.receiver.answer(held_for(|_| true));
        let open = free.open(&ann, "Zoe").await;
        let mut hanging = Vec::new();
        for number in 0..10 {
            hanging.push(stuck.open(&ann, &format!("P{number}")).await);
        }
        join_all(hanging.iter().map(|id| answer(&ann, id, "Good day"))).await;
        stuck.receiver.wait(10).await;
        for text in ["One", "Two", "Three"] {
            answer(&ann, &open, text).await;
        }
        until(&ann, &open, &["SENT"; 3]).await;
        assert_eq!(free.receiver.texts(), ["One", "Two", "Three"]);
        for id in &hanging {
            assert_eq!(states(&ann, id).await, ["PENDING"]);
        }
        stuck.receiver.release();
        for id in &hanging {
            until(&ann, id, &["SENT"]).await;
        }
    });
}

#[test]
fn what_the_queue_lost_is_found_by_the_sweep() {
    play_ahead(async |world, clock| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        hook.receiver.answer(|body, before| match (body["text"].as_str(), before) {
            (Some("One"), 0) => Reply::After(503, 60),
            _ => Reply::Status(200),
        });
        answer(&ann, &id, "One").await;
        answer(&ann, &id, "Two").await;
        hook.receiver.wait(1).await;
        world.settle(&[]).await;
        let queue = world.running.queue();
        // The function's own note of the pause comes after the post.
        eventually("the loss", async || {
            queue.lose().await.unwrap();
            within("the queue", world.running.delivered()).await.unwrap();
            queue.is_empty().await.unwrap().then_some(())
        })
        .await;
        assert_eq!(states(&ann, &id).await, ["PENDING", "PENDING"]);
        assert_eq!(hook.receiver.posts().len(), 1);
        clock.pass(20 * 60 * 1000);
        until(&ann, &id, &["SENT", "SENT"]).await;
        assert_eq!(hook.receiver.texts(), ["One", "One", "Two"]);
        delivered(world).await;
        assert_eq!(hook.receiver.posts().len(), 3, "found once");
    });
}

#[test]
fn a_stream_in_several_shards_keeps_the_order_of_each_conversation() {
    play_sharded(async |world| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let mut sessions = Vec::new();
        for number in 0..5 {
            sessions.push(hook.open(&ann, &format!("P{number}")).await);
        }
        let said: Vec<String> = (0..8).map(|number| format!("{number}")).collect();
        join_all(sessions.iter().map(async |id| {
            for text in &said {
                answer(&ann, id, text).await;
            }
        }))
        .await;
        for id in &sessions {
            until(&ann, id, &["SENT"; 8]).await;
        }
        let posts = hook.receiver.posts();
        assert_eq!(posts.len(), 40);
        for number in 0..5 {
            let to = format!("P{number}");
            let to_one = posts.iter().filter(|post| post.json()["to"]["id"] == to);
            let texts: Vec<String> = to_one.map(|post| post.text("text")).collect();
            assert_eq!(texts, said);
        }
    });
}
