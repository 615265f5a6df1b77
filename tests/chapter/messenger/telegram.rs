//! Telegram: what people do in a private chat with a bot.

use serde_json::{Value, json};
use tests::world::{code, play};

use super::bench::{
    about, answer, answers, enable, entries, failed, grown, quote, retry, session_of, states, until,
};
use super::bot::connect;

/// Returns an update with a text.
fn update(id: i64, chat: &Value, text: &str) -> String {
    json!({ "update_id": id, "message": { "message_id": 7000 + id, "date": 1_700_000_000,
        "chat": chat, "from": { "id": 777, "is_bot": false, "first_name": "Max" },
        "text": text } })
    .to_string()
}

fn texts(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["text"].as_str().unwrap()).collect()
}

#[test]
fn a_conversation_runs_from_both_sides() {
    play(async |world| {
        let (bot, ann) = (connect(world, "42").await, world.online("ann").await);
        bot.meet("Zoe", "zoe_m").await;
        bot.write("Zoe", "/start from-the-shop").await;
        let id = session_of(&ann, "Zoe").await;
        let client = about(&ann, &id).await["client"].clone();
        assert_eq!(client["contacts"], json!([{ "kind": "telegram", "value": "@zoe_m" }]));
        answer(&ann, &id, "Good day").await;
        answer(&ann, &id, "How can I help?").await;
        until(&ann, &id, &["SENT", "SENT"]).await;
        let chat = bot.chat("Zoe").await;
        assert_eq!(texts(&chat), ["/start from-the-shop", "Good day", "How can I help?"]);
        assert_eq!(entries(&ann, &id).await[0]["text"], "/start from-the-shop");
    });
}

#[test]
fn an_edit_stands_in_the_dialog_and_what_was_said_stays() {
    play(async |world| {
        let (bot, ann) = (connect(world, "42").await, world.online("ann").await);
        let message = bot.write("Zoe", "Helo").await;
        let id = session_of(&ann, "Zoe").await;
        let edit = json!({ "person": "Zoe", "messageId": message["id"], "text": "Hello" });
        bot.call("edit", edit).await;
        let dialog = grown(&ann, &id, 2).await;
        assert_eq!(dialog[0]["text"], "Helo");
        assert_eq!(dialog[1]["kind"], "EVENT");
        assert_eq!(dialog[1]["event"], json!({ "kind": "EDITED", "aboutSeq": 1, "text": "Hello" }));
    });
}

#[test]
fn whoever_blocks_the_bot_gets_nothing_until_they_take_it_back() {
    play(async |world| {
        let (bot, ann) = (connect(world, "42").await, world.online("ann").await);
        let id = bot.open(&ann, "Zoe").await;
        bot.call("block", json!({ "person": "Zoe" })).await;
        let dialog = grown(&ann, &id, 2).await;
        assert_eq!(dialog[1]["event"]["kind"], "BLOCKED");
        let message = answer(&ann, &id, "Good day").await;
        let error = failed(&ann, &id).await["error"].clone();
        assert_eq!(error["code"], "RECIPIENT_UNREACHABLE");
        bot.call("unblock", json!({ "person": "Zoe" })).await;
        let dialog = grown(&ann, &id, dialog.len() + 3).await;
        assert_eq!(dialog.last().unwrap()["event"]["kind"], "UNBLOCKED");
        assert_eq!(code(&retry(&ann, &message).await), "");
        until(&ann, &id, &["SENT"]).await;
        assert_eq!(texts(&bot.received("Zoe").await), ["Good day"]);
    });
}

#[test]
fn quotes_are_the_messenger_s_own_replies() {
    play(async |world| {
        let (bot, ann) = (connect(world, "42").await, world.online("ann").await);
        let id = bot.open(&ann, "Zoe").await;
        let hello = entries(&ann, &id).await[0].clone();
        quote(&ann, &id, "Good day", &hello).await;
        until(&ann, &id, &["SENT"]).await;
        let chat = bot.chat("Zoe").await;
        assert_eq!(chat[1]["replyTo"], chat[0]["id"]);
        let answered = answers(&ann, &id).await[0].clone();

        for of in [&chat[1]["id"], &chat[0]["id"]] {
            let reply = json!({ "person": "Zoe", "text": "That", "replyTo": of });
            bot.call("messages", reply).await;
        }
        let said = |dialog: &[Value]| {
            let client = dialog.iter().filter(|entry| entry["kind"] == "CLIENT");
            client.map(|entry| entry["replyTo"]["seq"].clone()).collect::<Vec<_>>()
        };
        let dialog = grown(&ann, &id, entries(&ann, &id).await.len().max(5)).await;
        assert_eq!(said(&dialog), [Value::Null, answered["seq"].clone(), json!(1)]);

        // An answer that quotes an answer.
        quote(&ann, &id, "I said", &answered).await;
        until(&ann, &id, &["SENT", "SENT"]).await;
        let last = bot.chat("Zoe").await.pop().unwrap();
        assert_eq!(last["replyTo"], chat[1]["id"]);
    });
}

#[test]
fn what_is_no_text_says_what_it_was() {
    play(async |world| {
        let (bot, ann) = (connect(world, "42").await, world.online("ann").await);
        let id = bot.open(&ann, "Zoe").await;
        for content in [
            json!({ "sticker": "😀" }),
            json!({ "location": { "latitude": 52.5, "longitude": 13.25 } }),
            json!({ "contact": { "phoneNumber": "+4930123456", "firstName": "Leo" } }),
        ] {
            let mut body = content;
            body["person"] = json!("Zoe");
            bot.call("messages", body).await;
        }
        let dialog = grown(&ann, &id, 4).await;
        for (entry, parts) in
            dialog[1..].iter().zip([&["sticker"][..], &["52.5", "13.25"], &["Leo", "4930123456"]])
        {
            let text = entry["text"].as_str().unwrap();
            assert_eq!(entry["kind"], "CLIENT");
            assert!(text.starts_with('[') && text.ends_with(']'), "{text}");
            assert!(parts.iter().all(|part| text.contains(part)), "{text}");
        }
    });
}

#[test]
fn a_long_answer_arrives_in_parts_and_has_one_state() {
    play(async |world| {
        let (bot, ann) = (connect(world, "42").await, world.online("ann").await);
        let id = bot.open(&ann, "Zoe").await;
        let words = "Größe 👩‍👩‍👧 ".repeat(120);
        let paragraphs: Vec<String> =
            (0..4).map(|number| format!("{number}. {}", words.trim())).collect();
        let text = paragraphs.join("\n\n");
        assert!((5_000..8_000).contains(&text.chars().count()));
        answer(&ann, &id, &text).await;
        answer(&ann, &id, "That is all").await;
        until(&ann, &id, &["SENT", "SENT"]).await;
        let received = bot.received("Zoe").await;
        let parts = texts(&received);
        assert!(parts.len() > 2, "{}", parts.len());
        assert_eq!(parts.last(), Some(&"That is all"));
        let parts = &parts[..parts.len() - 1];
        assert!(parts.iter().all(|part| part.encode_utf16().count() <= 4096));
        assert_eq!(parts.join("\n\n"), text, "split between paragraphs");
    });
}

#[test]
fn in_groups_the_bot_hears_and_says_nothing() {
    play(async |world| {
        let (bot, ann) = (connect(world, "42").await, world.online("ann").await);
        let secret = bot.secret().await;
        for (number, kind) in ["group", "supergroup", "channel"].iter().enumerate() {
            let chat = json!({ "id": -100, "type": kind, "title": "Friends" });
            let body = update(i64::try_from(number).unwrap(), &chat, "Hello all");
            assert_eq!(bot.knock(&bot.path, Some(&secret), &body).await, 200, "{kind}");
        }
        world.settle(&[]).await;
        assert!(ann.group("QUEUE").await.is_empty());
        let private = json!({ "id": 777, "type": "private", "first_name": "Max" });
        let body = update(4, &private, "Hello");
        assert_eq!(bot.knock(&bot.path, Some(&secret), &body).await, 200);
        let id = session_of(&ann, "Max").await;
        assert_eq!(bot.knock(&bot.path, Some(&secret), &body).await, 200, "once more");
        assert_eq!(entries(&ann, &id).await.len(), 1);
    });
}

#[test]
fn whoever_is_not_telegram_is_refused_without_effect() {
    play(async |world| {
        let (bot, ann) = (connect(world, "42").await, world.online("ann").await);
        let secret = bot.secret().await;
        let private = json!({ "id": 777, "type": "private", "first_name": "Max" });
        let body = update(1, &private, "Hello");
        for wrong in [None, Some(""), Some("wrong"), Some(&secret[1..])] {
            assert_eq!(bot.knock(&bot.path, wrong, &body).await, 401, "{wrong:?}");
        }
        let large = update(1, &private, &"x".repeat(512 * 1024));
        let right = Some(secret.as_str());
        for (path, sent, status) in [
            ("/channels/telegram/nobody", body.as_str(), 404),
            ("/channels/telegram/demo-support", &body, 404),
            (&bot.path, &large, 413),
            (&bot.path, "nonsense", 400),
            (&bot.path, "[]", 400),
        ] {
            assert_eq!(bot.knock(path, right, sent).await, status, "{path}");
        }
        // What Telegram would repeat for ever is taken, and dropped.
        assert_eq!(bot.knock(&bot.path, right, r#"{ "update_id": 1 }"#).await, 200);
        enable(world, &bot.id, false).await;
        assert_eq!(bot.knock(&bot.path, right, &body).await, 404);
        world.settle(&[]).await;
        assert!(ann.group("QUEUE").await.is_empty());
        enable(world, &bot.id, true).await;
        assert_eq!(bot.knock(&bot.path, right, &body).await, 200);
        assert_eq!(states(&ann, &session_of(&ann, "Max").await).await.len(), 0);
    });
}
