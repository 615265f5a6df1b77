//! The reply window of WhatsApp: a day after the client's last message.

use serde_json::json;
use tests::world::{code, play_ahead};

use super::bench::{about, answer, answers, entries, failed, session_of, until};
use super::number::connect;

const HOUR: u64 = 60 * 60 * 1000;

#[test]
fn after_a_day_no_answer_is_taken_until_the_client_writes_again() {
    play_ahead(async |world, clock| {
        let (number, ann) = (connect(world, "4930").await, world.online("ann").await);
        let id = number.open(&ann, "49301", "Zoe").await;
        let store = &world.running.app.store;
        let at =
            |text: &serde_json::Value| domain::Timestamp::parse(text.as_str().unwrap()).unwrap();
        let left = about(&ann, &id).await["replyUntil"].clone();
        let left = at(&left).millis_since(store.now());
        assert!((23 * HOUR..=24 * HOUR).contains(&left), "{left}");
        answer(&ann, &id, "Good day").await;
        until(&ann, &id, &["DELIVERED"]).await;

        clock.pass(24 * HOUR);
        let ann = world.online("ann").await;
        let before = entries(&ann, &id).await;
        assert_eq!(code(&ann.reply(&id, "Are you there?").await), "REPLY_WINDOW_CLOSED");
        assert_eq!(entries(&ann, &id).await, before, "nothing is stored");
        assert_eq!(number.chat("49301").await.len(), 2);
        assert_eq!(code(&ann.note(&id, "They are asleep").await), "");
        // A queued one is not claimed by the attempt.
        ann.give_back(&id, None).await;
        assert_eq!(code(&ann.reply(&id, "Are you there?").await), "REPLY_WINDOW_CLOSED");
        assert_eq!(about(&ann, &id).await["state"], "QUEUED");

        let body = json!({ "messages": [{ "from": "49301", "id": "wamid.again",
            "timestamp": store.now().as_seconds().to_string(), "type": "text",
            "text": { "body": "Here I am" } }] });
        assert_eq!(number.post(&number.notice("4930", body)).await, 200);
        let until_then = about(&ann, &id).await["replyUntil"].clone();
        assert!(at(&until_then).millis_since(store.now()) > 23 * HOUR);
        answer(&ann, &id, "Welcome back").await;
        until(&ann, &id, &["DELIVERED", "DELIVERED"]).await;
    });
}

#[test]
fn a_window_that_the_vendor_finds_closed_fails_the_answer() {
    play_ahead(async |world, _| {
        let (number, ann) = (connect(world, "4930").await, world.online("ann").await);
        let id = number.open(&ann, "49301", "Zoe").await;
        number.call("advance", json!({ "hours": 24 })).await;
        answer(&ann, &id, "Good day").await;
        let at_once = failed(&ann, &id).await;
        assert_eq!(at_once["error"]["code"], "REPLY_WINDOW_CLOSED");
        assert_eq!(number.chat("49301").await.len(), 1);

        // Some are accepted, and a status says later that they have failed.
        number.register(json!({ "isWindowReported": true })).await;
        answer(&ann, &id, "Are you there?").await;
        until(&ann, &id, &["FAILED", "FAILED"]).await;
        let late = answers(&ann, &id).await.pop().unwrap();
        assert_eq!(late["delivery"]["error"]["code"], "REPLY_WINDOW_CLOSED");
        assert_eq!(number.chat("49301").await.len(), 2);

        // What waited until the window was closed is not lost either.
        number.write("49301", "Zoe", "Here I am").await;
        let other = number.open(&ann, "49302", "Leo").await;
        answer(&ann, &other, "Hello").await;
        until(&ann, &other, &["DELIVERED"]).await;
    });
}

#[test]
fn other_messengers_have_no_window() {
    play_ahead(async |world, clock| {
        let bot = super::bot::connect(world, "42").await;
        let ann = world.online("ann").await;
        bot.write("Zoe", "Hello").await;
        let id = session_of(&ann, "Zoe").await;
        assert!(about(&ann, &id).await["replyUntil"].is_null());
        clock.pass(72 * HOUR);
        let ann = world.online("ann").await;
        answer(&ann, &id, "Sorry for the delay").await;
        until(&ann, &id, &["SENT"]).await;
    });
}
