//! Problems of a channel: credentials that are not accepted any more.

use serde_json::{Value, json};
use tests::world::{code, play};

use super::bench::{about, answer, channel, eventually, states, until, update_channel};
use super::{bot, number};

#[test]
fn answers_wait_for_a_new_token_of_a_bot_and_administrators_see_why() {
    play(async |world| {
        let (bot, ann) = (bot::connect(world, "42").await, world.online("ann").await);
        let ada = world.employee("ada").await;
        let id = bot.open(&ann, "Zoe").await;
        bot.revoke().await;
        answer(&ann, &id, "One").await;
        answer(&ann, &id, "Two").await;
        let problem = eventually("the problem", async || {
            Some(channel(&ada, &bot.id).await["problem"].clone()).filter(|found| !found.is_null())
        })
        .await;
        assert_eq!(problem["code"], "UNAUTHORIZED");
        assert!(problem["since"].is_string() && problem["message"].is_string());
        for who in ["ann", "sue", "dan"] {
            let seen = channel(&world.employee(who).await, &bot.id).await;
            assert_eq!(seen["problem"], Value::Null, "{who}");
            assert_eq!((&seen["isEnabled"], &seen["canReply"]), (&json!(true), &json!(true)));
        }
        assert_eq!(states(&ann, &id).await, ["PENDING", "PENDING"]);
        assert_eq!(about(&ann, &id).await["viewerCanReply"], true);

        let changed = update_channel(world, &bot.id, bot::settings("42:another_secret")).await;
        assert_eq!(code(&changed), "", "{changed}");
        until(&ann, &id, &["SENT", "SENT"]).await;
        let texts: Vec<_> =
            bot.received("Zoe").await.iter().map(|message| message["text"].clone()).collect();
        assert_eq!(texts, ["One", "Two"]);
        assert_eq!(channel(&ada, &bot.id).await["problem"], Value::Null);
        // And the other way as well.
        bot.write("Zoe", "Thank you").await;
        eventually("the message", async || {
            ann.dialog(&id).await.iter().any(|entry| entry["text"] == "Thank you").then_some(())
        })
        .await;
    });
}

#[test]
fn a_success_ends_a_problem() {
    play(async |world| {
        let (number, ann) = (number::connect(world, "4930").await, world.online("ann").await);
        let ada = world.employee("ada").await;
        let id = number.open(&ann, "49301", "Zoe").await;
        number.call("withdraw", json!({})).await;
        answer(&ann, &id, "Good day").await;
        let problem = async || channel(&ada, &number.id).await["problem"]["code"].clone();
        eventually("the problem", async || (problem().await == "UNAUTHORIZED").then_some(())).await;
        assert_eq!(channel(&ann, &number.id).await["problem"], Value::Null);
        assert_eq!(states(&ann, &id).await, ["PENDING"]);
        // The same token is valid again: nobody has to do anything here.
        number.register(json!({})).await;
        until(&ann, &id, &["DELIVERED"]).await;
        assert_eq!(problem().await, Value::Null);
    });
}
