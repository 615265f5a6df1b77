//! Webhooks, both ways.

use serde_json::{Value, json};
use tests::world::{code, play, within};

use super::bench::{
    about, answer, answers, channel, enable, entries, failed, quote, session_of, states, until,
};
use super::hook::connect;
use super::receiver::Reply;

#[test]
fn a_message_comes_in_and_its_answer_arrives() {
    play(async |world| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        assert_eq!(about(&ann, &id).await["viewerCanReply"], true);
        let sent = answer(&ann, &id, "Good day").await;
        until(&ann, &id, &["SENT"]).await;
        let posts = hook.receiver.posts();
        assert_eq!(posts.len(), 1);
        let body = posts[0].json();
        let conversation = body["conversationId"].as_str().unwrap();
        assert!(!conversation.is_empty());
        let shown = entries(&ann, &id).await.pop().unwrap();
        assert_eq!((&shown["id"], &shown["delivery"]["error"]), (&sent["id"], &Value::Null));
        let expected = json!({ "type": "message", "deliveryId": body["deliveryId"],
            "conversationId": conversation, "to": { "id": "Zoe" }, "text": "Good day",
            "author": { "name": "Ann" }, "sentAt": body["sentAt"], "replyTo": null,
            "attachments": [] });
        assert_eq!(body, expected);
        let dialog = ann.dialog(&id).await;
        assert_eq!(body["sentAt"], dialog.last().unwrap()["sentAt"]);
        assert!(posts[0].header("content-type").starts_with("application/json"));

        // Another answer of the conversation has another id.
        answer(&ann, &id, "And you?").await;
        let posts = hook.receiver.wait(2).await;
        assert_ne!(posts[0].text("deliveryId"), posts[1].text("deliveryId"));
        assert_eq!(posts[1].text("conversationId"), conversation);
    });
}

#[test]
fn the_contacts_that_a_message_names_are_those_of_its_client() {
    play(async |world| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let contacts = json!([{ "kind": "phone", "value": "+4930123456" },
            { "kind": "email", "value": "zoe@example.com" }]);
        let message = json!({ "messageId": "1", "text": "Hello",
            "from": { "id": "49", "name": "Zoe", "contacts": contacts } });
        assert_eq!(hook.post(&message).await.0, 200);
        let id = session_of(&ann, "Zoe").await;
        let client = about(&ann, &id).await["client"].clone();
        let mut known = client["contacts"].as_array().unwrap().clone();
        known.sort_by_key(|contact| contact["kind"].to_string());
        assert_eq!(json!(known), json!([contacts[1], contacts[0]]));
        let mut wrong = message;
        wrong["messageId"] = json!("2");
        wrong["from"]["contacts"] = json!("phone");
        assert_eq!(hook.post(&wrong).await.0, 400);
        assert_eq!(entries(&ann, &id).await.len(), 1);
    });
}

#[test]
fn a_client_and_an_operator_quote_messages_by_their_ids() {
    play(async |world| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        let again = json!({ "messageId": "Zoe-2", "from": { "id": "Zoe" }, "text": "That",
            "replyTo": "Zoe-1" });
        assert_eq!(hook.post(&again).await.0, 200);
        let dialog = entries(&ann, &id).await;
        assert_eq!(dialog[1]["replyTo"], json!({ "seq": 1 }));
        quote(&ann, &id, "This one?", &dialog[1]).await;
        let posts = hook.receiver.wait(1).await;
        assert_eq!(posts[0].json()["replyTo"], "Zoe-2");
        // An answer is known by the id that it came with.
        let delivery_id = posts[0].json()["deliveryId"].clone();
        within("the delivery", world.running.delivered()).await.expect("the queue");
        let of_answer = json!({ "messageId": "Zoe-3", "from": { "id": "Zoe" }, "text": "Yes",
            "replyTo": delivery_id });
        assert_eq!(hook.post(&of_answer).await.0, 200);
        let dialog = entries(&ann, &id).await;
        let (said, quoting) = (&dialog[dialog.len() - 2], &dialog[dialog.len() - 1]);
        assert_eq!(quoting["replyTo"], json!({ "seq": said["seq"] }));
        quote(&ann, &id, "As I said", said).await;
        assert_eq!(hook.receiver.wait(2).await[1].json()["replyTo"], delivery_id);
    });
}

#[test]
fn an_end_that_is_gone_disables_its_channel_with_a_problem() {
    play(async |world| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        hook.receiver.answer(|_, _| Reply::Status(410));
        answer(&ann, &id, "Good day").await;
        let delivery = failed(&ann, &id).await;
        assert_eq!(delivery["error"]["code"], "CHANNEL_DISABLED");
        let ada = world.employee("ada").await;
        let seen = channel(&ada, &hook.id).await;
        assert_eq!((&seen["isEnabled"], &seen["canReply"]), (&json!(false), &json!(false)));
        assert!(seen["problem"]["code"].is_string() && seen["problem"]["since"].is_string());
        let message = json!({ "messageId": "2", "from": { "id": "Zoe" }, "text": "Hello?" });
        assert_eq!(hook.post(&message).await.0, 404, "nothing comes in");
        assert_eq!(code(&ann.reply(&id, "Hello").await), "CANNOT_DELIVER");
        assert_eq!(states(&ann, &id).await, ["FAILED"]);
        assert_eq!(about(&ann, &id).await["viewerCanReply"], false);
        assert_eq!(hook.receiver.posts().len(), 1);

        hook.receiver.answer(|_, _| Reply::Status(200));
        enable(world, &hook.id, true).await;
        assert_eq!(channel(&ada, &hook.id).await["problem"], Value::Null);
        assert_eq!(hook.post(&message).await.0, 200);
        answer(&ann, &id, "Hello").await;
        until(&ann, &id, &["FAILED", "SENT"]).await;
    });
}

#[test]
fn an_answer_that_waits_when_its_channel_is_disabled_fails() {
    play(async |world| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        hook.receiver.answer(|_, _| Reply::After(503, 1));
        answer(&ann, &id, "Good day").await;
        hook.receiver.wait(1).await;
        enable(world, &hook.id, false).await;
        assert_eq!(failed(&ann, &id).await["error"]["code"], "CHANNEL_DISABLED");
        assert_eq!(answers(&ann, &id).await.len(), 1);
    });
}
