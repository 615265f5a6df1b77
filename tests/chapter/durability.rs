//! Durability: every acknowledged write is there after a restart.

use local::run::{Options, Running};
use serde_json::json;
use tests::world::{MESSAGES, World, alone, code, texts};

#[test]
fn with_a_data_directory_everything_acknowledged_outlives_a_restart() {
    alone(async || {
        let place = tempfile::tempdir().unwrap();
        let options = Options { data: Some(place.path().to_owned()), ..Options::default() };
        let world = World::start(options.clone()).await;
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        let first = zoe.post_as("Hello", "k1", None).await;
        let id = ann.waiting().await;
        ann.reply_as(&id, "Hi", "r1", None).await;
        zoe.post("How are you?").await;
        world.client("Yan").await.post("Hello").await;
        let (session, dialog, badge) =
            (ann.session(&id).await, ann.dialog(&id).await, ann.badge().await);
        world.running.stop().await.unwrap();

        let world = World::start(options.clone()).await;
        // The tokens of before are good as well.
        let ann = world.holder("ann", ann.token);
        let zoe = world.holder("Zoe", zoe.token);
        assert_eq!(ann.session(&id).await, session);
        assert_eq!(ann.dialog(&id).await, dialog);
        assert_eq!(ann.badge().await, badge);
        assert_eq!(texts(&zoe.conversation(None).await, "text"), ["Hello", "Hi", "How are you?"]);
        assert_eq!(zoe.post_as("Hello", "k1", None).await, first);
        // It goes on where it was, over the socket too.
        ann.presence("ONLINE").await;
        let socket = ann.socket().await;
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": id, "after": 3 }));
        assert_eq!(feed.entry().await["seq"], 4);
        zoe.post("Still there?").await;
        assert_eq!(feed.entry().await["text"], "Still there?");
        assert_eq!(code(&ann.close(&id, Some(5)).await), "");
        world.running.stop().await.unwrap();

        let fresh = Options { is_fresh: true, ..options };
        let world = World::start(fresh).await;
        let ann = world.employee("ann").await;
        assert!(ann.group("QUEUE").await.is_empty());
        assert!(ann.group("CLOSED").await.is_empty());
        world.running.stop().await.unwrap();
    });
}

#[test]
fn a_fresh_start_leaves_data_that_is_in_use_alone() {
    alone(async || {
        let place = tempfile::tempdir().unwrap();
        let options = Options { data: Some(place.path().to_owned()), ..Options::default() };
        let world = World::start(options.clone()).await;
        world.client("Zoe").await.post("Hello").await;
        let fresh = Options { is_fresh: true, ..options.clone() };
        assert!(Running::start(fresh).await.is_err());
        world.client("Yan").await.post("Hello").await;
        world.running.stop().await.unwrap();
        let world = World::start(options).await;
        assert_eq!(world.employee("ann").await.group("QUEUE").await.len(), 2);
        world.running.stop().await.unwrap();
    });
}
