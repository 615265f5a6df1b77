use domain::Timestamp;
use domain::delivery::{ErrorCode, Progress};
use serde_json::json;

use super::*;

mod request;

const NUMBER: &str = "106540352242922";

fn body(value: &Value) -> Value {
    let mut value = value.clone();
    value["messaging_product"] = json!("whatsapp");
    value["metadata"] = json!({ "display_phone_number": "15550783881", "phone_number_id": NUMBER });
    let change = json!({ "value": value, "field": "messages" });
    json!({
        "object": "whatsapp_business_account",
        "entry": [{ "id": "102290129340398", "changes": [change] }],
    })
}

fn with_message(message: &Value) -> Value {
    let contacts = json!([{ "profile": { "name": "Sheena Nelson" }, "wa_id": "16505551234" }]);
    body(&json!({ "contacts": contacts, "messages": [message] }))
}

fn whole() -> Value {
    json!({
        "from": "16505551234",
        "id": "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=",
        "timestamp": "1749416383",
        "type": "text",
        "text": { "body": "Does it come in another color?" },
    })
}

fn received(body: &Value) -> Vec<Received> {
    receive(body.to_string().as_bytes(), NUMBER).expect("a request")
}

fn only(body: &Value) -> Received {
    let mut received = received(body);
    assert_eq!(received.len(), 1, "{received:?}");
    received.remove(0)
}

fn message(message: &Value) -> Message {
    match only(&with_message(message)) {
        Received::Message(message) => message,
        other => panic!("{other:?}"),
    }
}

fn nothing(body: &Value) -> &'static str {
    match only(body) {
        Received::Nothing { reason } => reason,
        other => panic!("{other:?}"),
    }
}

/// Returns the text of a message of this kind with this content.
fn shown(kind: &str, content: &Value) -> String {
    message(&json!({ "from": "1", "id": "wamid.1", "type": kind, kind: content })).text
}

#[test]
fn a_message_is_read() {
    let message = message(&whole());
    assert_eq!(message.id, "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=");
    assert_eq!(
        (message.from_id.as_str(), message.from_name.as_str()),
        ("16505551234", "Sheena Nelson")
    );
    assert!(message.is_named);
    assert_eq!(message.contacts, [("phone".to_owned(), "+16505551234".to_owned())]);
    assert_eq!(message.text, "Does it come in another color?");
    assert_eq!(message.sent_at, Some(Timestamp::from_millis(1_749_416_383_000)));
    assert_eq!(message.reply_to, None);
}

#[test]
fn a_client_without_a_profile_is_named_by_their_number() {
    let message = match only(&body(&json!({ "messages": [whole()] }))) {
        Received::Message(message) => message,
        other => panic!("{other:?}"),
    };
    assert_eq!((message.from_name.as_str(), message.is_named), ("+16505551234", false));
}

#[test]
fn the_only_profile_is_of_the_only_sender() {
    let from = |from: &str| {
        let text = json!({ "body": "a" });
        json!({ "from": from, "id": "wamid.1", "type": "text", "text": text })
    };
    let names = |messages: Value| -> Vec<String> {
        let contacts = json!([{ "profile": { "name": "Ann" }, "wa_id": "5491" }]);
        received(&body(&json!({ "contacts": contacts, "messages": messages })))
            .into_iter()
            .map(|received| match received {
                Received::Message(message) => message.from_name,
                other => panic!("{other:?}"),
            })
            .collect()
    };
    assert_eq!(names(json!([from("541"), from("541")])), ["Ann", "Ann"]);
    assert_eq!(names(json!([from("5491"), from("541"), from("1")])), ["Ann", "+541", "+1"]);
}

#[test]
fn the_first_of_two_profiles_with_the_same_id_counts() {
    let contacts = json!([
        { "profile": { "name": "Ann" }, "wa_id": "16505551234" },
        { "profile": { "name": "Bob" }, "wa_id": "16505551234" },
    ]);
    let message = match only(&body(&json!({ "contacts": contacts, "messages": [whole()] }))) {
        Received::Message(message) => message,
        other => panic!("{other:?}"),
    };
    assert_eq!(message.from_name, "Ann");
}

#[test]
fn a_client_who_hides_their_number_is_known_by_the_id_for_this_business() {
    let mut hidden = whole();
    hidden.as_object_mut().expect("a message").remove("from");
    hidden["from_user_id"] = json!("US.13491208655302741918");
    let contacts = json!([
        { "profile": { "name": "Other" }, "wa_id": "1", "user_id": "US.1" },
        { "profile": { "name": "", "username": "annie" }, "user_id": "US.13491208655302741918" },
    ]);
    let message = match only(&body(&json!({ "contacts": contacts, "messages": [hidden] }))) {
        Received::Message(message) => message,
        other => panic!("{other:?}"),
    };
    assert_eq!(message.from_id, "US.13491208655302741918");
    assert_eq!((message.from_name.as_str(), message.is_named), ("@annie", false));
    assert_eq!(message.contacts, [("whatsapp".to_owned(), "@annie".to_owned())]);
}

#[test]
fn a_quote_and_a_reaction_name_their_message() {
    let mut reply = whole();
    reply["context"] = json!({ "from": "15550783881", "id": "wamid.quoted" });
    assert_eq!(message(&reply).reply_to.as_deref(), Some("wamid.quoted"));
    let reaction = json!({ "from": "1", "id": "wamid.1", "type": "reaction",
        "reaction": { "message_id": "wamid.quoted", "emoji": "👍" } });
    let reaction = message(&reaction);
    assert_eq!(
        (reaction.text.as_str(), reaction.reply_to.as_deref()),
        ("[reaction: 👍]", Some("wamid.quoted"))
    );
}

#[test]
fn files_come_with_their_caption() {
    for (kind, content, name, claimed) in [
        ("image", json!({ "id": "1", "mime_type": "image/png" }), "photo.jpg", "image/png"),
        (
            "document",
            json!({ "id": "1", "filename": "bill.pdf" }),
            "bill.pdf",
            "application/octet-stream",
        ),
        (
            "audio",
            json!({ "id": "1", "mime_type": "audio/ogg; codecs=opus" }),
            "voice.ogg",
            "audio/ogg",
        ),
    ] {
        let mut whole = json!({ "from": "1", "id": "wamid.1", "type": kind, kind: content });
        whole[kind]["caption"] = json!("See");
        let read = message(&whole);
        let [file] = read.files.as_slice() else { panic!("{kind}: no file") };
        let facts = (file.external_id.as_str(), file.name.as_str(), file.claimed.as_str());
        assert_eq!((read.text.as_str(), facts), ("See", ("1", name, claimed)));
    }
}

#[test]
fn contents_are_shown_in_square_brackets() {
    for (kind, content, text) in [
        ("image", json!({ "caption": "See" }), "[photo]\nSee"),
        ("video", json!({}), "[video]"),
        ("audio", json!({ "voice": true }), "[voice message]"),
        ("audio", json!({ "voice": false }), "[audio]"),
        ("sticker", json!({ "animated": false }), "[sticker]"),
        (
            "document",
            json!({ "filename": "bill.pdf", "caption": "The bill" }),
            "[document: bill.pdf]\nThe bill",
        ),
        (
            "location",
            json!({ "latitude": 52.5, "longitude": 13.4, "name": "Zoo" }),
            "[location: Zoo, 52.5, 13.4]",
        ),
        (
            "contacts",
            json!([
                { "name": { "formatted_name": "Ann" }, "phones": [{ "phone": "+49 30 1" }] },
                { "name": { "formatted_name": "Bob" }, "emails": [{ "email": "b@c" }] },
            ]),
            "[contact: Ann, +49 30 1]\n[contact: Bob, b@c]",
        ),
        ("contacts", json!([]), "[contact]"),
        ("reaction", json!({ "message_id": "wamid.2" }), "[reaction removed]"),
        ("button", json!({ "text": "Yes", "payload": "1" }), "Yes"),
        (
            "interactive",
            json!({ "type": "button_reply", "button_reply": { "id": "1", "title": "Yes" } }),
            "Yes",
        ),
        (
            "interactive",
            json!({ "type": "list_reply", "list_reply": { "id": "1", "title": "Tea" } }),
            "Tea",
        ),
        (
            "interactive",
            json!({ "type": "nfm_reply", "nfm_reply": { "name": "flow", "body": "Sent" } }),
            "[form: flow, Sent]",
        ),
        (
            "interactive",
            json!({ "type": "nfm_reply", "nfm_reply": {
                "name": "flow", "body": "Sent", "response_json": "{\"size\":\"M\"}",
            } }),
            "[form: flow, Sent, {\"size\":\"M\"}]",
        ),
        (
            "order",
            json!({ "text": "Please", "product_items": [
            { "product_retailer_id": "tea", "quantity": 2, "item_price": 3.5, "currency": "EUR" },
        ] }),
            "[order: 2 × tea 3.5 EUR]\nPlease",
        ),
        ("unsupported", json!({}), "[unsupported message]"),
        ("something_new", json!({}), "[unsupported message]"),
        ("text", json!({ "body": " " }), "[unsupported message]"),
    ] {
        assert_eq!(shown(kind, &content), text);
    }
}

#[test]
fn a_client_edits_and_deletes_a_message() {
    let edit = json!({ "from": "1", "id": "wamid.2", "timestamp": "1749416383", "type": "edit", "edit": {
        "original_message_id": "wamid.1",
        "message": { "context": { "id": "wamid.0" }, "type": "text", "text": { "body": "Now" } },
    } });
    let edited = Received::Edited {
        id: "wamid.1".to_owned(),
        from_id: "1".to_owned(),
        text: "Now".to_owned(),
        at: Some(Timestamp::from_millis(1_749_416_383_000)),
    };
    assert_eq!(only(&with_message(&edit)), edited);
    let revoke = json!({ "from": "1", "id": "wamid.3", "timestamp": "1749416383", "type": "revoke",
        "revoke": { "original_message_id": "wamid.1" } });
    let deleted = Received::Deleted { id: "wamid.1".to_owned(), from_id: "1".to_owned() };
    assert_eq!(only(&with_message(&revoke)), deleted);
}

#[test]
fn receipts_report_the_steps_of_a_delivery() {
    let read = |status: &Value| match only(&body(&json!({ "statuses": [status] }))) {
        Received::Receipt { external_id, delivery_id, progress } => {
            assert_eq!(external_id.as_deref(), Some("wamid.1"));
            (delivery_id, progress)
        }
        other => panic!("{other:?}"),
    };
    for (status, progress) in
        [("sent", Progress::Sent), ("delivered", Progress::Delivered), ("read", Progress::Read)]
    {
        let status = json!({ "id": "wamid.1", "status": status, "timestamp": "1750030073",
            "recipient_id": "16505551234", "biz_opaque_callback_data": "d-1",
            "pricing": { "billable": true, "pricing_model": "PMP", "category": "service" } });
        assert_eq!(read(&status), (Some("d-1".to_owned()), progress));
    }
    let failed = |errors: Value| {
        let status = json!({ "id": "wamid.1", "status": "failed", "errors": errors });
        match read(&status).1 {
            Progress::Failed(error) => (error.code, error.message),
            other => panic!("{other:?}"),
        }
    };
    let error = json!([{ "code": 131_047, "title": "Re-engagement message",
        "message": "Re-engagement message", "error_data": { "details": "More than 24 hours." } }]);
    let message = "131047: Re-engagement message: More than 24 hours.".to_owned();
    assert_eq!(failed(error), (ErrorCode::ReplyWindowClosed, message));
    for (code, expected) in [
        (130_497, ErrorCode::RecipientUnreachable),
        (131_026, ErrorCode::RecipientUnreachable),
        (131_049, ErrorCode::Rejected),
        (130_429, ErrorCode::Unavailable),
        (131_042, ErrorCode::Unauthorized),
        (999_999, ErrorCode::Rejected),
    ] {
        assert_eq!(failed(json!([{ "code": code, "title": "x" }])).0, expected, "{code}");
    }
    assert_eq!(failed(json!(null)).0, ErrorCode::Rejected);
}
