//! Telegram.

use serde_json::json;
use tests::world::{code, play, within};

use super::bench::{connect_bot, entries, states};

#[test]
fn a_conversation_runs_from_both_sides() {
    play(async |world| {
        let bot = connect_bot(world, "42").await;
        bot.write("Zoe", "Hello").await;
        let ann = world.online("ann").await;
        let id = within("the message", async {
            loop {
                if let Some(first) = ann.group("QUEUE").await.first() {
                    break first["id"].as_str().expect("an id").to_owned();
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        })
        .await;
        assert_eq!(code(&ann.reply(&id, "Good day").await), "");
        assert_eq!(code(&ann.reply(&id, "How can I help?").await), "");
        within("the delivery", world.running.delivered()).await.expect("the queue");
        assert_eq!(states(&ann, &id).await, ["SENT", "SENT"]);
        let chat = bot.chat("Zoe").await;
        let texts: Vec<_> = chat.iter().map(|one| one["text"].clone()).collect();
        assert_eq!(texts, [json!("Hello"), json!("Good day"), json!("How can I help?")]);
        let shown = entries(&ann, &id).await;
        println!("{shown:#?} {chat:#?}");
    });
}
