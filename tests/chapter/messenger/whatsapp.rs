//! WhatsApp: numbers of a business, and who writes to them.

use serde_json::{Value, json};
use tests::world::{World, code, play, signature};

use super::bench::{
    about, answer, answers, enable, entries, eventually, grown, quote, session_of, until,
};
use super::number::{APP_SECRET, connect};

/// Asks a path to repeat a challenge. Returns the status and the body.
async fn verify(world: &World, path: &str, query: &str) -> (u16, String) {
    let url = world.url(&format!("{path}?{query}"));
    let answer = world.http().get(url).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn message(id: &str, from: &str, text: &str) -> Value {
    json!({ "from": from, "id": id, "timestamp": "1700000000", "type": "text",
        "text": { "body": text } })
}

/// Returns a message for the stand-in.
fn said(from: &str, name: &str, text: &str) -> Value {
    json!({ "from": from, "name": name, "text": text })
}

#[test]
fn a_conversation_runs_from_both_sides_with_its_states() {
    play(async |world| {
        let (number, ann) = (connect(world, "4930").await, world.online("ann").await);
        let id = number.open(&ann, "49301", "Zoe").await;
        let seen = about(&ann, &id).await;
        let contacts = seen["client"]["contacts"].as_array().unwrap();
        assert_eq!(contacts[0]["kind"], "phone");
        assert!(contacts[0]["value"].as_str().unwrap().ends_with("49301"), "{contacts:?}");
        answer(&ann, &id, "Good day").await;
        answer(&ann, &id, "How can I help?").await;
        until(&ann, &id, &["DELIVERED", "DELIVERED"]).await;
        let chat = number.chat("49301").await;
        let texts: Vec<&Value> = chat.iter().map(|message| &message["text"]).collect();
        assert_eq!(texts, ["Hello", "Good day", "How can I help?"]);
        number.call("read", json!({ "person": "49301" })).await;
        until(&ann, &id, &["READ", "READ"]).await;

        // Late and twice, they move nothing back.
        let late = json!([{ "messageId": chat[1]["id"], "status": "delivered" },
            { "messageId": chat[2]["id"], "status": "sent" },
            { "messageId": chat[2]["id"], "status": "read" }]);
        number.call("statuses", json!({ "statuses": late })).await;
        number.write("49301", "Zoe", "Thank you").await;
        grown(&ann, &id, 5).await;
        until(&ann, &id, &["READ", "READ"]).await;
    });
}

#[test]
fn statuses_come_in_any_order_and_a_failure_says_why() {
    play(async |world| {
        let (number, ann) = (connect(world, "4930").await, world.online("ann").await);
        number.register(json!({ "isAutomatic": false })).await;
        let id = number.open(&ann, "49301", "Zoe").await;
        answer(&ann, &id, "One").await;
        answer(&ann, &id, "Two").await;
        until(&ann, &id, &["SENT", "SENT"]).await;
        let chat = number.chat("49301").await;
        let (one, two) = (&chat[1]["id"], &chat[2]["id"]);
        let statuses = json!([
            { "messageId": two, "status": "failed", "code": 131_026 },
            { "messageId": one, "status": "read" },
            { "messageId": one, "status": "delivered" },
            { "messageId": one, "status": "sent" },
        ]);
        number.call("statuses", json!({ "statuses": statuses })).await;
        until(&ann, &id, &["READ", "FAILED"]).await;
        let error = answers(&ann, &id).await[1]["delivery"]["error"].clone();
        assert_eq!(error["code"], "RECIPIENT_UNREACHABLE");

        // Of something that the number never sent.
        let before = answers(&ann, &id).await;
        let unknown = json!({ "statuses": [{ "id": "wamid.x", "status": "read",
            "timestamp": "1700000000", "recipient_id": "49301" }] });
        assert_eq!(number.post(&number.notice("4930", unknown)).await, 200);
        assert_eq!(answers(&ann, &id).await, before);
    });
}

#[test]
fn another_number_s_statuses_and_messages_change_nothing() {
    play(async |world| {
        let (number, other) = (connect(world, "4930").await, connect(world, "4931").await);
        let ann = world.online("ann").await;
        number.register(json!({ "isAutomatic": false })).await;
        let id = number.open(&ann, "49301", "Zoe").await;
        answer(&ann, &id, "One").await;
        until(&ann, &id, &["SENT"]).await;
        let sent = number.chat("49301").await[1].clone();
        assert!(sent["callback"].is_string() || sent["id"].is_string());
        let status = json!({ "statuses": [{ "id": sent["id"], "status": "read",
            "biz_opaque_callback_data": sent["callback"], "timestamp": "1700000000",
            "recipient_id": "49301" }] });
        assert_eq!(other.post(&other.notice("4931", status.clone())).await, 200);
        assert_eq!(number.post(&number.notice("4931", status.clone())).await, 200);
        until(&ann, &id, &["SENT"]).await;
        let contents = json!({ "messages": [message("wamid.y", "49302", "Hello")],
            "contacts": [{ "profile": { "name": "Leo" }, "wa_id": "49302" }] });
        assert_eq!(number.post(&number.notice("4931", contents.clone())).await, 200);
        assert!(ann.group("QUEUE").await.is_empty());
        assert_eq!(number.post(&number.notice("4930", contents)).await, 200);
        assert_eq!(ann.group("QUEUE").await.len(), 1);
        assert_eq!(number.post(&number.notice("4930", status)).await, 200);
        until(&ann, &id, &["READ"]).await;
    });
}

#[test]
fn one_post_may_hold_many_messages_of_many_people() {
    play(async |world| {
        let (number, ann) = (connect(world, "4930").await, world.online("ann").await);
        let all = json!([said("49301", "Zoe", "One"), said("49302", "Leo", "Uno"),
            said("49301", "Zoe", "Two"), { "from": "49301", "type": "sticker" },
            { "from": "49301", "type": "location",
              "content": { "latitude": 52.5, "longitude": 13.25 } },
            { "from": "49302", "type": "contacts" }]);
        number.write_all(all).await;
        let (zoe, leo) = (session_of(&ann, "Zoe").await, session_of(&ann, "Leo").await);
        let texts = async |id: &str, count| -> Vec<String> {
            let dialog = grown(&ann, id, count).await;
            dialog.iter().map(|entry| entry["text"].as_str().unwrap().to_owned()).collect()
        };
        let of_zoe = texts(&zoe, 4).await;
        assert_eq!(of_zoe[..2], ["One", "Two"]);
        assert!(of_zoe[2].starts_with("[sticker"), "{of_zoe:?}");
        assert!(of_zoe[3].contains("52.5") && of_zoe[3].contains("13.25"), "{of_zoe:?}");
        let of_leo = texts(&leo, 2).await;
        assert_eq!(of_leo[0], "Uno");
        assert!(of_leo[1].contains("Ann") && of_leo[1].contains("+49 30 1"), "{of_leo:?}");
    });
}

#[test]
fn quotes_edits_and_deletions_are_those_of_the_messenger() {
    play(async |world| {
        let (number, ann) = (connect(world, "4930").await, world.online("ann").await);
        let first = number.write("49301", "Zoe", "Helo").await;
        let id = session_of(&ann, "Zoe").await;
        quote(&ann, &id, "Good day", &entries(&ann, &id).await[0]).await;
        until(&ann, &id, &["DELIVERED"]).await;
        let sent = number.chat("49301").await[1].clone();
        assert_eq!(sent["replyTo"], first);
        let answered = answers(&ann, &id).await[0]["seq"].clone();
        for of in [&sent["id"], &first] {
            let reply = json!({ "from": "49301", "text": "That", "replyTo": of });
            number.write_all(json!([reply])).await;
        }
        number.call("edit", json!({ "from": "49301", "messageId": first, "text": "Hello" })).await;
        number.call("revoke", json!({ "from": "49301", "messageId": first })).await;
        let dialog = eventually("the deletion", async || {
            let dialog = entries(&ann, &id).await;
            (dialog.last()?["event"]["kind"] == "DELETED").then_some(dialog)
        })
        .await;
        let of_client = dialog.iter().filter(|entry| entry["kind"] == "CLIENT");
        let quoted: Vec<Value> = of_client.map(|entry| entry["replyTo"]["seq"].clone()).collect();
        assert_eq!(quoted, [Value::Null, answered, json!(1)]);
        let events: Vec<&Value> =
            dialog[dialog.len() - 2..].iter().map(|of| &of["event"]).collect();
        assert_eq!(*events[0], json!({ "kind": "EDITED", "aboutSeq": 1, "text": "Hello" }));
        assert_eq!(*events[1], json!({ "kind": "DELETED", "aboutSeq": 1, "text": null }));
        assert_eq!(dialog[0]["text"], "Helo");
    });
}

#[test]
fn a_long_answer_arrives_in_parts() {
    play(async |world| {
        let (number, ann) = (connect(world, "4930").await, world.online("ann").await);
        let id = number.open(&ann, "49301", "Zoe").await;
        let text = "wörd ".repeat(1_500).trim().to_owned();
        answer(&ann, &id, &text).await;
        until(&ann, &id, &["DELIVERED"]).await;
        let chat = number.chat("49301").await;
        let parts: Vec<&str> =
            chat[1..].iter().map(|message| message["text"].as_str().unwrap()).collect();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts.join(" "), text);
    });
}

#[test]
fn a_path_repeats_the_challenge_for_its_own_token_only() {
    play(async |world| {
        let (number, other) = (connect(world, "4930").await, connect(world, "4931").await);
        let query = |mode: &str, token: &str| {
            format!("hub.mode={mode}&hub.verify_token={token}&hub.challenge=1158201444")
        };
        let right = query("subscribe", &number.verify_token);
        assert_eq!(verify(world, &number.path, &right).await, (200, "1158201444".to_owned()));
        for wrong in [
            query("subscribe", "wrong"),
            query("subscribe", &other.verify_token),
            query("subscribe", ""),
            query("unsubscribe", &number.verify_token),
            "hub.mode=subscribe&hub.challenge=1158201444".to_owned(),
            String::new(),
        ] {
            let (status, body) = verify(world, &number.path, &wrong).await;
            assert!([400, 401, 403].contains(&status), "{wrong}: {status}");
            assert!(!body.contains("1158201444"), "{wrong}: {body}");
        }
        assert_eq!(verify(world, "/channels/whatsapp/nobody", &right).await.0, 404);
    });
}

#[test]
fn whoever_is_not_whatsapp_is_refused_without_effect() {
    play(async |world| {
        let (number, ann) = (connect(world, "4930").await, world.online("ann").await);
        let contents = json!({ "messages": [message("wamid.y", "49302", "Hello")],
            "contacts": [{ "profile": { "name": "Leo" }, "wa_id": "49302" }] });
        let body = number.notice("4930", contents);
        let right = signature(APP_SECRET, &body);
        let wrong = [
            None,
            Some(signature("wrong", &body)),
            Some(signature(&number.verify_token, &body)),
            Some(signature(APP_SECRET, &format!("{body} "))),
            Some(right.replace("sha256=", "")),
            Some("sha256=".to_owned()),
        ];
        for signed in wrong {
            assert_eq!(number.knock(&number.path, &body, signed.clone()).await, 401, "{signed:?}");
        }
        for path in ["/channels/whatsapp/nobody", "/channels/whatsapp/demo-support"] {
            assert_eq!(number.knock(path, &body, Some(right.clone())).await, 404, "{path}");
        }
        assert_eq!(number.post(&"x".repeat(4 * 1024 * 1024)).await, 413);
        assert_eq!(number.post("nonsense").await, 400);
        enable(world, &number.id, false).await;
        assert_eq!(number.post(&body).await, 404);
        assert!(ann.group("QUEUE").await.is_empty());
        enable(world, &number.id, true).await;
        assert_eq!(number.post(&body).await, 200);
        assert_eq!(number.post(&body).await, 200, "again");
        let id = session_of(&ann, "Leo").await;
        assert_eq!(entries(&ann, &id).await.len(), 1);
        // What was written long ago opens no window for answers.
        assert_eq!(code(&ann.reply(&id, "Good day").await), "REPLY_WINDOW_CLOSED");
    });
}
