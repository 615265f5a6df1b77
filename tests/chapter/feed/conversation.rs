//! Subscriptions of clients to their conversations: their own messages and the answers.

use serde_json::json;
use tests::world::{CONVERSATION, field, play, texts};

#[test]
fn the_operators_reply_reaches_the_client_without_notes_events_or_holes() {
    play(async |world| {
        let ann = world.online("ann").await;
        let zoe = world.client("Zoe").await;
        let socket = zoe.socket().await;
        let mut feed = socket.subscribe(CONVERSATION, json!({ "after": 0 }));
        zoe.post("Hello").await;
        let own = feed.entry().await;
        assert_eq!(own["author"], json!({ "name": "Zoe", "viewerIsAuthor": true }));
        let id = ann.waiting().await;
        ann.claim(&id).await;
        ann.note(&id, "Nobody tells her").await;
        ann.reply(&id, "Hi, Zoe").await;
        let answer = feed.entry().await;
        assert_eq!((&answer["seq"], &answer["text"]), (&json!(2), &json!("Hi, Zoe")));
        assert_eq!(answer["author"], json!({ "name": "Ann", "viewerIsAuthor": false }));
        ann.close(&id, None).await;
        zoe.post("Again").await;
        assert_eq!(feed.entry().await["seq"], 3);
        world.settle(&[&socket]).await;
        assert!(feed.rest_of_entries().is_empty());
        let seen = zoe.conversation(None).await;
        assert_eq!(field(&seen, "seq"), [1, 2, 3]);
        // The query shows the entries that came by the socket.
        assert_eq!(seen[1]["id"], answer["id"]);
        let mut late = socket.subscribe(CONVERSATION, json!({ "after": 1 }));
        assert_eq!(texts(&late.entries(2).await, "text"), ["Hi, Zoe", "Again"]);
    });
}

#[test]
fn an_internal_client_hears_the_answers_of_the_live_chat_they_name() {
    play(async |world| {
        let (ann, kim) = (world.online("ann").await, world.employee("kim").await);
        let support = world.live_chat("Support").await;
        let socket = kim.socket().await;
        let mut feed = socket.subscribe(CONVERSATION, json!({ "liveChat": support, "after": 0 }));
        kim.post_to(&support, "Hello").await;
        assert_eq!(feed.entry().await["text"], "Hello");
        ann.reply(&ann.waiting().await, "Hi, Kim").await;
        assert_eq!(feed.entry().await["text"], "Hi, Kim");
        // A client hears nothing of others.
        let zoe = world.client("Zoe").await;
        zoe.post("Good morning").await;
        world.settle(&[&socket]).await;
        assert!(feed.rest_of_entries().is_empty());
    });
}
