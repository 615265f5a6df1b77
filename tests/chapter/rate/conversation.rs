//! The rate of a conversation, from either side.

use serde_json::Value;
use tests::world::{code, play, texts};

/// The most messages that a conversation takes at once.
const BURST: usize = 20;

/// Sends one text after the other until three were refused. Returns those that were taken.
async fn flood(send: impl AsyncFn(&str) -> Value) -> Vec<String> {
    let (mut taken, mut refused) = (Vec::new(), 0);
    for number in 0..200 {
        let text = format!("Message {number}");
        let payload = send(&text).await;
        match code(&payload) {
            "" => taken.push(text),
            "LIMIT" if refused == 2 => return taken,
            "LIMIT" => {
                assert_eq!(payload["message"], Value::Null);
                refused += 1;
            }
            other => panic!("{other}: {payload}"),
        }
    }
    panic!("never refused")
}

#[test]
fn what_a_conversation_takes_no_more_is_stored_in_no_part() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        let taken = flood(async |text: &str| zoe.post_as(text, text, None).await).await;
        assert!(taken.len() >= BURST, "{taken:?}");
        let stored = zoe.conversation(None).await;
        assert_eq!(texts(&stored, "text"), taken);
        let numbers: Vec<_> = stored.iter().map(|message| message["seq"].as_u64()).collect();
        assert_eq!(numbers, (1..=taken.len() as u64).map(Some).collect::<Vec<_>>());
        assert_eq!(ann.session(&ann.waiting().await).await["unreadCount"], taken.len());

        world.client("Yan").await.post("Hello").await;
        let queue = ann.group("QUEUE").await;
        let id = queue[1]["id"].as_str().unwrap();
        let taken = flood(async |text: &str| ann.reply_as(id, text, text, None).await).await;
        assert!(taken.len() >= BURST - 1, "{taken:?}");
        let mut stored = ann.dialog(id).await;
        stored.retain(|entry| entry["kind"] == "OPERATOR");
        assert_eq!(texts(&stored, "text"), taken);
    });
}
