mod peer;

use serde_json::json;

use super::*;

fn whole() -> Value {
    json!({
        "update_id": 10_000,
        "message": {
            "date": 1_441_645_532,
            "chat": {
                "last_name": "Lastname", "id": 1_111_111, "first_name": "Ann",
                "username": "annie", "type": "private",
            },
            "message_id": 1365,
            "from": {
                "last_name": "Lastname", "id": 1_111_111, "first_name": "Ann",
                "username": "annie", "is_bot": false, "language_code": "de",
            },
            "text": "/start order-7",
            "entities": [{ "type": "bot_command", "offset": 0, "length": 6 }],
        },
    })
}

fn received(update: &Value) -> Received {
    receive(update.to_string().as_bytes()).expect("an update")
}

fn message(update: &Value) -> Message {
    match received(update) {
        Received::Message(message) => message,
        other => panic!("{other:?}"),
    }
}

/// Returns the text of a message with this content instead of a text.
fn shown(content: &Value) -> String {
    let mut update = whole();
    let message_value = update["message"].as_object_mut().expect("a message");
    message_value.remove("text");
    message_value.extend(content.as_object().expect("members").clone());
    message(&update).text
}

fn nothing(update: &Value) -> &'static str {
    match received(update) {
        Received::Nothing { reason } => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_message_is_read() {
    let message = message(&whole());
    assert_eq!(message.id, "1111111:1365");
    assert_eq!((message.from_id.as_str(), message.from_name.as_str()), ("1111111", "Ann Lastname"));
    assert!(message.is_named);
    assert_eq!(message.contacts, [("telegram".to_owned(), "@annie".to_owned())]);
    assert_eq!(message.text, "/start order-7");
    assert_eq!(message.sent_at, Timestamp::parse("2015-09-07T17:05:32Z"));
    assert_eq!(message.reply_to, None);
}

#[test]
fn a_client_without_a_name_has_the_user_name_or_the_id() {
    let mut update = whole();
    update["message"]["from"] =
        json!({ "id": 1_111_111, "first_name": " \u{7}", "username": "annie" });
    let named = message(&update);
    assert_eq!((named.from_name.as_str(), named.is_named), ("@annie", false));
    update["message"]["from"] = json!({ "id": 1_111_111, "first_name": "" });
    let nameless = message(&update);
    assert_eq!((nameless.from_name.as_str(), nameless.is_named), ("1111111", false));
    assert!(nameless.contacts.is_empty());
    update["message"]["from"] = json!(null);
    assert_eq!(message(&update).from_name, "Ann Lastname");
}

#[test]
fn a_quote_names_the_message_of_the_same_chat() {
    let mut update = whole();
    let quoted =
        json!({ "message_id": 1334, "date": 1, "chat": { "id": 1_111_111, "type": "private" } });
    update["message"]["reply_to_message"] = quoted;
    assert_eq!(message(&update).reply_to.as_deref(), Some("1111111:1334"));
    update["message"]["reply_to_message"]["chat"]["id"] = json!(5);
    assert_eq!(message(&update).reply_to, None);
}

#[test]
fn a_changed_message_keeps_its_id() {
    let mut update = whole();
    update["edited_message"] = update["message"].take();
    update.as_object_mut().expect("an update").remove("message");
    update["edited_message"]["edit_date"] = json!(1_441_645_600);
    let edited = Received::Edited {
        id: "1111111:1365".to_owned(),
        from_id: "1111111".to_owned(),
        text: "/start order-7".to_owned(),
        at: Timestamp::parse("2015-09-07T17:06:40Z"),
    };
    assert_eq!(received(&update), edited);
    update["edited_message"]["location"] =
        json!({ "latitude": 1.5, "longitude": 2, "live_period": 60 });
    assert_eq!(nothing(&update), "live location");
}

#[test]
fn a_client_blocks_the_bot_and_takes_it_back() {
    let update = |status: &str, chat: &str| {
        json!({ "update_id": 1, "my_chat_member": {
            "chat": { "id": 1_111_111, "type": chat }, "from": { "id": 1_111_111 },
            "date": 1_441_645_600,
            "old_chat_member": { "status": "member" }, "new_chat_member": { "status": status },
        } })
    };
    let (from_id, at) = ("1111111".to_owned(), Timestamp::parse("2015-09-07T17:06:40Z"));
    assert_eq!(
        received(&update("kicked", "private")),
        Received::Blocked { from_id: from_id.clone(), at }
    );
    assert_eq!(received(&update("member", "private")), Received::Unblocked { from_id, at });
    assert_eq!(nothing(&update("kicked", "group")), "group");
    assert_eq!(nothing(&update("left", "private")), "membership");
}

#[test]
fn contents_are_shown_in_square_brackets() {
    for (content, text) in [
        (json!({ "sticker": { "emoji": "👍", "file_id": "x" } }), "[sticker: 👍]"),
        (json!({ "photo": [{}], "caption": "See" }), "[photo]\nSee"),
        (json!({ "voice": { "duration": 5 } }), "[voice message: 5 s]"),
        (json!({ "video_note": { "duration": 5 } }), "[video message: 5 s]"),
        (json!({ "video": { "duration": 7, "file_name": "a.mp4" } }), "[video: a.mp4, 7 s]"),
        (json!({ "audio": { "performer": "A", "title": "B" } }), "[audio: A, B]"),
        (
            json!({ "animation": { "file_name": "a.gif" }, "document": { "file_name": "a.gif" } }),
            "[animation: a.gif]",
        ),
        (
            json!({ "document": { "file_name": "bill.pdf" }, "caption": "The bill" }),
            "[document: bill.pdf]\nThe bill",
        ),
        (
            json!({ "location": { "latitude": 52.520_008, "longitude": 13.404_954 } }),
            "[location: 52.520008, 13.404954]",
        ),
        (
            json!({ "location": { "latitude": 52.5, "longitude": 13, "live_period": 60 } }),
            "[live location: 52.5, 13]",
        ),
        (
            json!({
                "venue": { "title": "Zoo", "address": "Street 1",
                    "location": { "latitude": 52.5, "longitude": 13.4 } },
                "location": { "latitude": 52.5, "longitude": 13.4 },
            }),
            "[venue: Zoo, Street 1, 52.5, 13.4]",
        ),
        (
            json!({ "contact": { "first_name": "Zoë", "last_name": "B", "phone_number": "+49301" } }),
            "[contact: Zoë B, +49301]",
        ),
        (
            json!({ "poll": { "question": "Tea?", "options": [{ "text": "Yes" }, { "text": "No" }] } }),
            "[poll: Tea?, Yes, No]",
        ),
        (json!({ "dice": { "emoji": "🎲", "value": 6 } }), "[dice: 🎲, 6]"),
        (json!({ "successful_payment": {} }), "[payment]"),
        (json!({ "something_new": {} }), "[unsupported message]"),
    ] {
        assert_eq!(shown(&content), text);
    }
}

#[test]
fn files_come_with_their_caption_and_the_largest_size_of_a_photo() {
    for (content, file) in [
        (
            json!({ "photo": [{ "file_id": "s" }, { "file_id": "l", "file_size": 9 }] }),
            ("l", "photo.jpg", "image/jpeg", 9),
        ),
        (
            json!({ "document": { "file_id": "d", "file_name": "bill.pdf",
                "mime_type": "application/pdf", "file_size": 7 } }),
            ("d", "bill.pdf", "application/pdf", 7),
        ),
        (json!({ "voice": { "file_id": "v" } }), ("v", "voice.ogg", "audio/ogg", 0)),
        (
            json!({ "animation": { "file_id": "a" }, "document": { "file_id": "b" } }),
            ("a", "animation.mp4", "video/mp4", 0),
        ),
    ] {
        for caption in ["See", ""] {
            let mut update = whole();
            let message_of = update["message"].as_object_mut().expect("a message");
            message_of.remove("text");
            message_of.extend(content.as_object().expect("members").clone());
            message_of.insert("caption".to_owned(), json!(caption));
            let read = message(&update);
            let [found] = read.files.as_slice() else { panic!("{content}: no file") };
            let facts = (
                found.external_id.as_str(),
                found.name.as_str(),
                found.claimed.as_str(),
                found.size,
            );
            assert_eq!((read.text.as_str(), facts), (caption, file));
        }
    }
}

#[test]
fn a_client_who_shares_their_own_contact_gives_a_phone_number() {
    let mut update = whole();
    update["message"]["contact"] =
        json!({ "first_name": "Ann", "phone_number": "49301", "user_id": 1_111_111 });
    let phone = ("phone".to_owned(), "+49301".to_owned());
    assert!(message(&update).contacts.contains(&phone));
    update["message"]["contact"]["user_id"] = json!(5);
    assert!(!message(&update).contacts.contains(&phone));
}

#[test]
fn a_long_text_is_cut_instead_of_refused() {
    let mut update = whole();
    update["message"]["text"] = json!("я".repeat(9000));
    let text = message(&update).text;
    assert_eq!((text.chars().count(), text.ends_with("я…")), (8000, true));
}

#[test]
fn what_can_never_be_used_is_nothing() {
    for (pointer, value, reason) in [
        ("/message/chat/type", json!("supergroup"), "group"),
        ("/message/chat/type", json!(7), "malformed"),
        ("/message/chat/id", json!("x"), "malformed"),
        ("/message/message_id", json!(null), "malformed"),
        ("/message", json!([]), "malformed"),
    ] {
        let mut update = whole();
        *update.pointer_mut(pointer).expect("a member") = value;
        assert_eq!(nothing(&update), reason, "{pointer}");
    }
    assert_eq!(nothing(&json!({ "update_id": 1, "poll": {} })), "update");
    let mut update = whole();
    update["message"]["text"] = json!(null);
    update["message"]["pinned_message"] = json!({});
    assert_eq!(nothing(&update), "service");
}

#[test]
fn what_is_no_update_is_refused() {
    for body in ["", "[]", "{", "\"x\""] {
        let refused = receive(body.as_bytes());
        assert!(matches!(refused, Err(Refused::Invalid { .. })), "{body}");
    }
    let long = vec![b' '; BODY_BYTES + 1];
    assert!(matches!(receive(&long), Err(Refused::TooLarge { .. })));
}

#[test]
fn a_request_is_authentic_with_the_secret_only() {
    let request = |secret: Option<&str>| {
        let mut request = Request::default();
        if let Some(secret) = secret {
            let value = secret.parse().expect("a header");
            request.headers_mut().insert(SECRET, value);
        }
        request
    };
    assert!(is_authentic(&request(Some("s3cret")), "s3cret"));
    for wrong in [None, Some(""), Some("s3cret2"), Some("S3cret")] {
        assert!(!is_authentic(&request(wrong), "s3cret"), "{wrong:?}");
    }
    assert!(!is_authentic(&request(Some("")), ""));
}

#[test]
fn no_odd_update_is_refused_or_out_of_bounds() {
    let mut update = whole();
    let message = update["message"].clone();
    update["message"]["reply_to_message"] = message.clone();
    let location = json!({ "latitude": 52.5, "longitude": 13.4, "live_period": 60 });
    for content in [
        json!({ "text": "Hello" }),
        json!({ "contact": { "first_name": "Zoë", "phone_number": "+49301", "user_id": 1_111_111 } }),
        json!({ "venue": { "title": "Zoo", "address": "Street 1", "location": location } }),
        json!({ "location": location, "caption": "Here" }),
        json!({ "poll": { "question": "Tea?", "options": [{ "text": "Yes" }, { "text": "No" }] } }),
        json!({ "audio": { "performer": "A", "title": "B", "duration": 5 }, "caption": "Listen" }),
    ] {
        let mut update = update.clone();
        let members = update["message"].as_object_mut().expect("a message");
        members.remove("text");
        members.extend(content.as_object().expect("members").clone());
        crate::channel::odd::variants(&update).iter().map(received).for_each(|received| {
            crate::channel::odd::check(&received);
        });
    }
    let edited = json!({ "edited_message": message });
    let member = json!({ "my_chat_member": {
        "chat": { "id": 1_111_111, "type": "private" }, "new_chat_member": { "status": "kicked" },
    } });
    for update in [edited, member] {
        for variant in crate::channel::odd::variants(&update) {
            crate::channel::odd::check(&received(&variant));
        }
    }
}
