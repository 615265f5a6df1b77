//! A burst of answers: the messenger's rates are kept before it complains.

use std::time::Duration;

use futures::future::join_all;
use serde_json::json;
use tests::world::play;

use super::bench::{answer, eventually};
use super::bot::connect;

/// The longest time for a burst: a bot may send about 30 messages a second.
const DEADLINE: Duration = Duration::from_secs(120);

#[test]
fn a_hundred_answers_over_fifty_chats_leave_without_one_refusal() {
    play(async |world| {
        let (bot, ann) = (connect(world, "42").await, world.online("ann").await);
        let people: Vec<String> = (0..50).map(|number| format!("P{number}")).collect();
        for person in &people {
            bot.write(person, "Hello").await;
        }
        let queue = eventually("the sessions", async || {
            Some(ann.group("QUEUE").await).filter(|queue| queue.len() == people.len())
        })
        .await;
        let sessions: Vec<&str> =
            queue.iter().map(|session| session["id"].as_str().unwrap()).collect();
        for id in &sessions {
            ann.claim(id).await;
        }
        for chunk in sessions.chunks(10) {
            join_all(chunk.iter().map(async |id| {
                answer(&ann, id, "One").await;
                answer(&ann, id, "Two").await;
            }))
            .await;
        }
        let done = tokio::time::timeout(DEADLINE, world.running.delivered()).await;
        done.expect("in time").expect("the queue");
        assert_eq!(bot.throttled().await, json!(0));
        for person in &people {
            let received = bot.received(person).await;
            let texts: Vec<_> = received.iter().map(|message| message["text"].clone()).collect();
            assert_eq!(texts, ["One", "Two"], "{person}");
        }
    });
}
