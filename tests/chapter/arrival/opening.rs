//! A session opens once, however many messages come, and keeps its name.

use futures::future::join_all;
use serde_json::json;
use tests::world::{code, field, play, texts};

#[test]
fn a_template_that_changes_leaves_the_names_that_there_are() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.employee("ann").await);
        world.client("Zoe").await.post("Hello").await;
        let document = "mutation($l: ID!, $t: String!) {
            setSessionNameTemplate(liveChatId: $l, template: $t) { userErrors { code } } }";
        let support = world.live_chat("Support").await;
        let set = ada.act(document, json!({ "l": support, "t": "Request of {client}" })).await;
        assert_eq!(code(&set), "");
        world.client("Yan").await.post("Hello").await;
        assert_eq!(texts(&ann.group("QUEUE").await, "name"), ["Zoe", "Request of Yan"]);
    });
}

#[test]
fn the_same_first_message_many_times_at_once_is_one_message_in_one_session() {
    play(async |world| {
        let (ann, zoe) = (world.employee("ann").await, world.client("Zoe").await);
        let posted = join_all((0..30).map(|_| zoe.post_as("Once", "k1", None))).await;
        assert_eq!(code(&posted[0]), "");
        assert!(posted.iter().all(|answer| *answer == posted[0]), "{posted:?}");
        assert_eq!(field(&ann.group("QUEUE").await, "unreadCount"), [1]);
        assert_eq!(texts(&ann.dialog(&ann.waiting().await).await, "text"), ["Once"]);
        assert_eq!(ann.badge().await, [0, 0, 0, 1]);
    });
}

#[test]
fn messages_at_the_same_time_after_a_close_open_one_session_that_has_them_all() {
    play(async |world| {
        let (sue, zoe) = (world.online("sue").await, world.client("Zoe").await);
        zoe.post("Hello").await;
        let first = sue.waiting().await;
        assert_eq!(code(&sue.close(&first, None).await), "");
        join_all((0..8).map(|number| {
            let zoe = zoe.clone();
            async move { zoe.post(&format!("Message {number}")).await }
        }))
        .await;
        assert_eq!(field(&sue.group("QUEUE").await, "unreadCount"), [8]);
        assert_ne!(sue.waiting().await, first);
        assert_eq!(sue.badge().await, [1, 0, 1, 0]);
    });
}
