//! Credentials: they are encrypted before they are stored, and in no answer.

use serde_json::json;
use tests::world::{World, code, play};

use super::bench::{
    answer, answers, channel, create_channel, entries, eventually, failed, until, update_channel,
};
use super::{bot, number};

/// Parts of what may be seen nowhere.
const SECRETS: [&str; 4] =
    ["secret_of_42", "another_secret", "access-token-of-4930", number::APP_SECRET];

/// Checks that a text holds none of them.
fn clean(what: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{what}: {text}");
    }
}

async fn clean_tables(world: &World) {
    world.settle(&[]).await;
    for table in ["core", "live", "search"] {
        let items = world.items(table).await;
        assert!(table != "core" || items.len() > 10);
        for (key, item) in items {
            clean(&key, &item);
        }
    }
}

#[test]
fn a_token_stands_in_no_table_and_in_no_answer_even_when_calls_fail() {
    play(async |world| {
        let (bot, number) = (bot::connect(world, "42").await, number::connect(world, "4930").await);
        let ann = world.online("ann").await;
        let of_bot = bot.open(&ann, "Zoe").await;
        let of_number = number.open(&ann, "49301", "Leo").await;
        clean_tables(world).await;
        for id in [&of_bot, &of_number] {
            answer(&ann, id, "Good day").await;
        }
        until(&ann, &of_bot, &["SENT"]).await;
        until(&ann, &of_number, &["DELIVERED"]).await;

        // A fault's message may name the address, and a bot's address holds its token.
        bot.call("faults", json!({ "dropAfterAccept": true })).await;
        bot.disturb(403, 1).await;
        answer(&ann, &of_bot, "Are you there?").await;
        let delivery = failed(&ann, &of_bot).await;
        clean("the delivery", &delivery.to_string());
        bot.revoke().await;
        number.call("withdraw", json!({})).await;
        for id in [&of_bot, &of_number] {
            answer(&ann, id, "And now?").await;
        }
        let ada = world.employee("ada").await;
        for id in [&bot.id, &number.id] {
            let seen = eventually("the problem", async || {
                Some(channel(&ada, id).await).filter(|seen| !seen["problem"].is_null())
            })
            .await;
            clean("the channel", &seen.to_string());
        }
        for id in [&of_bot, &of_number] {
            clean("the dialog", &json!(entries(&ann, id).await).to_string());
            clean("the answers", &json!(answers(&ann, id).await).to_string());
        }
        clean_tables(world).await;

        let changed = update_channel(world, &bot.id, bot::settings("42:another_secret")).await;
        assert_eq!(code(&changed), "", "{changed}");
        clean("the update", &changed.to_string());
        // A token that the messenger does not know is refused without a word of it.
        let refused = create_channel(world, "TELEGRAM", bot::settings("42:secret_of_42")).await;
        assert_eq!(code(&refused), "INVALID", "{refused}");
        clean("the refusal", &refused.to_string());
        clean_tables(world).await;
    });
}
