//! Telegram's types as a bot framework has them: they know what is sent, and their updates and answers
//! are read.

use domain::delivery::ErrorCode;
use serde_json::from_value;
use teloxide_core::ApiError;
use teloxide_core::payloads::{
    SendMessage, SendMessageSetters as _, SetWebhook, SetWebhookSetters as _,
};
use teloxide_core::types::{
    AllowedUpdate, ChatId, Me, Message as TheirMessage, MessageId, ReplyParameters, Update,
    UpdateKind,
};

use super::*;
use crate::channel::{Call, Outcome, Outgoing};

const BASE: &str = "https://api.telegram.org";
const TOKEN: &str = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11";

fn sent(call: &Call) -> Value {
    serde_json::from_slice(&call.body).expect("JSON")
}

/// Returns the method's name in a call's URL.
fn method(call: &Call) -> &str {
    call.url.rsplit('/').next().expect("a method")
}

/// Returns what the framework makes of an update, written again, after we read both the same.
fn read_by_both(update: &Value) -> (UpdateKind, Received) {
    // The framework reads the text of an update only: of a value it makes an error.
    let theirs = serde_json::from_str::<Update>(&update.to_string());
    let theirs = theirs.expect("an update to the framework");
    let again = serde_json::to_value(&theirs).expect("JSON");
    assert_eq!(received(&again), received(update), "{again}");
    (theirs.kind, received(update))
}

#[test]
fn the_framework_sends_the_same_message() {
    let outgoing = |reply_to| Outgoing {
        delivery_id: "d-1",
        conversation: "c-1",
        recipient: "1111111",
        text: "*Hello* <b>, \"я\" 👩‍👩‍👧\n",
        author: "Bob",
        file: None,
        links: &[],
        sent_at: Timestamp::from_millis(0),
        reply_to,
    };
    let theirs = SendMessage::new(ChatId(1_111_111), outgoing(None).text);
    let call = deliver(BASE, TOKEN, &outgoing(None));
    assert_eq!(method(&call), "sendMessage");
    assert_eq!(sent(&call), json!(theirs));
    let quote = ReplyParameters::new(MessageId(42)).allow_sending_without_reply();
    let call = deliver(BASE, TOKEN, &outgoing(Some("1111111:42")));
    assert_eq!(sent(&call), json!(theirs.reply_parameters(quote)));
}

#[test]
fn the_framework_registers_the_same_address() {
    let url = "https://example.com/channels/telegram/1";
    let theirs = SetWebhook::new(url.parse().expect("a URL")).secret_token("s3cret");
    let theirs = theirs.allowed_updates([
        AllowedUpdate::Message,
        AllowedUpdate::EditedMessage,
        AllowedUpdate::MyChatMember,
    ]);
    let call = set_webhook(BASE, TOKEN, url, "s3cret");
    assert_eq!(method(&call), "setWebhook");
    assert_eq!(sent(&call), json!(theirs));
}

#[test]
fn a_message_of_the_framework_is_read() {
    let mut update = whole();
    update["message"]["reply_to_message"] = json!({
        "message_id": 1334, "date": 1_441_645_000, "text": "Which order?",
        "chat": { "id": 1_111_111, "first_name": "Ann", "type": "private" },
        "from": { "id": 123_456, "is_bot": true, "first_name": "Shop", "username": "shop_bot" },
    });
    let (theirs, ours) = read_by_both(&update);
    let (UpdateKind::Message(theirs), Received::Message(ours)) = (theirs, ours) else {
        panic!("no message");
    };
    assert_eq!(ours.id, format!("{}:{}", theirs.chat.id, theirs.id));
    assert_eq!(Some(ours.text.as_str()), theirs.text());
    let from = theirs.from.as_ref().expect("a sender");
    assert_eq!((ours.from_id, ours.from_name), (from.id.to_string(), from.full_name()));
    assert_eq!(ours.sent_at, moment(theirs.date.timestamp()));
    let quoted = theirs.reply_to_message().expect("a quote");
    assert_eq!(ours.reply_to, Some(format!("{}:{}", quoted.chat.id, quoted.id)));
}

#[test]
fn contents_of_the_framework_are_shown() {
    let file = json!({ "file_id": "f", "file_unique_id": "u", "file_size": 1 });
    let with = |members: Value| {
        let mut whole = file.clone();
        let members = members.as_object().expect("members").clone();
        whole.as_object_mut().expect("a file").extend(members);
        whole
    };
    let photo = with(json!({ "width": 1, "height": 1 }));
    let place = json!({ "latitude": 52.5, "longitude": 13.25 });
    for (content, text) in [
        (json!({ "photo": [photo], "caption": "See" }), "See"),
        // Without a type of its file, the framework does not know a voice message.
        (json!({ "voice": with(json!({ "duration": 5, "mime_type": "audio/ogg" })) }), ""),
        (json!({ "document": with(json!({ "file_name": "a.pdf" })) }), ""),
        (json!({ "location": place }), "[location: 52.5, 13.25]"),
        (
            json!({ "contact": { "phone_number": "+49301", "first_name": "Zoë" } }),
            "[contact: Zoë, +49301]",
        ),
        (json!({ "dice": { "emoji": "🎲", "value": 6 } }), "[dice: 🎲, 6]"),
    ] {
        let mut update = whole();
        let message = update["message"].as_object_mut().expect("a message");
        message.remove("text");
        message.remove("entities");
        message.extend(content.as_object().expect("members").clone());
        match read_by_both(&update) {
            (UpdateKind::Message(_), Received::Message(ours)) => assert_eq!(ours.text, text),
            other => panic!("{content}: {other:?}"),
        }
    }
}

#[test]
fn a_change_of_the_framework_is_read() {
    let mut message = whole()["message"].take();
    message["edit_date"] = json!(1_441_645_600);
    let (theirs, ours) = read_by_both(&json!({ "update_id": 1, "edited_message": message }));
    let (UpdateKind::EditedMessage(theirs), Received::Edited { id, text, at, .. }) = (theirs, ours)
    else {
        panic!("no change");
    };
    assert_eq!(id, format!("{}:{}", theirs.chat.id, theirs.id));
    assert_eq!(Some(text.as_str()), theirs.text());
    assert_eq!(at, moment(theirs.edit_date().expect("a time").timestamp()));
}

#[test]
fn a_block_of_the_framework_is_read() {
    let bot =
        json!({ "id": 123_456, "is_bot": true, "first_name": "Shop", "username": "shop_bot" });
    let member = json!({ "user": bot, "status": "member" });
    let kicked = json!({ "user": bot, "status": "kicked", "until_date": 0 });
    let update = |old: &Value, new: &Value| {
        json!({ "update_id": 1, "my_chat_member": {
            "chat": { "id": 1_111_111, "first_name": "Ann", "type": "private" },
            "from": { "id": 1_111_111, "is_bot": false, "first_name": "Ann" },
            "date": 1_441_645_600, "old_chat_member": old, "new_chat_member": new,
        } })
    };
    let at = Timestamp::parse("2015-09-07T17:06:40Z");
    let from_id = "1111111".to_owned();
    let (theirs, ours) = read_by_both(&update(&member, &kicked));
    assert!(matches!(theirs, UpdateKind::MyChatMember(of) if of.new_chat_member.is_banned()));
    assert_eq!(ours, Received::Blocked { from_id: from_id.clone(), at });
    let (theirs, ours) = read_by_both(&update(&kicked, &member));
    assert!(matches!(theirs, UpdateKind::MyChatMember(of) if of.new_chat_member.is_present()));
    assert_eq!(ours, Received::Unblocked { from_id, at });
}

#[test]
fn an_answer_of_the_framework_is_read() {
    let answered = |result: Value| json!({ "ok": true, "result": result }).to_string();
    let message: TheirMessage = from_value(whole()["message"].take()).expect("a message");
    let external_id = Some(format!("{}:{}", message.chat.id, message.id));
    let answer = answered(json!(message));
    assert_eq!(outcome(200, answer.as_bytes()), Outcome::Sent { external_id });
    let them: Me = from_value(json!({ "id": 123_456, "is_bot": true, "first_name": "Shop",
        "username": "shop_bot", "can_join_groups": true, "can_read_all_group_messages": false,
        "supports_inline_queries": false, "can_connect_to_business": false,
        "has_main_web_app": false }))
    .expect("a bot");
    let bot = me(200, answered(json!(them)).as_bytes()).expect("a bot");
    assert_eq!((bot.id, bot.name), (them.user.id.to_string(), them.user.full_name()));
    assert_eq!(bot.address, Some(them.mention()));
}

#[test]
fn a_refusal_that_the_framework_knows_has_its_code() {
    for (status, error, code) in [
        (403, ApiError::BotBlocked, ErrorCode::RecipientUnreachable),
        (403, ApiError::UserDeactivated, ErrorCode::RecipientUnreachable),
        (400, ApiError::ChatNotFound, ErrorCode::RecipientUnreachable),
        (400, ApiError::UserNotFound, ErrorCode::RecipientUnreachable),
        (400, ApiError::MessageIsTooLong, ErrorCode::TooLong),
        (413, ApiError::RequestEntityTooLarge, ErrorCode::TooLong),
        (400, ApiError::MessageTextIsEmpty, ErrorCode::Rejected),
        (400, ApiError::MessageToReplyNotFound, ErrorCode::Rejected),
    ] {
        let message = error.to_string();
        assert_eq!(from_value::<ApiError>(json!(message)).expect("their error"), error);
        let body = json!({ "ok": false, "error_code": status, "description": message });
        let failed = outcome(status, body.to_string().as_bytes());
        assert_eq!(failed, Outcome::Failed { code, message });
    }
}
