use domain::Timestamp;
use domain::delivery::{ErrorCode, Progress};
use serde_json::json;

use super::*;

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
fn contents_are_shown_in_square_brackets() {
    for (kind, content, text) in [
        ("image", json!({ "caption": "See", "id": "1" }), "[photo]\nSee"),
        ("video", json!({ "id": "1" }), "[video]"),
        ("audio", json!({ "id": "1", "voice": true }), "[voice message]"),
        ("audio", json!({ "id": "1", "voice": false }), "[audio]"),
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

#[test]
fn everything_in_a_request_is_read_in_order() {
    let mut request = body(&json!({
        "contacts": [{ "profile": { "name": "Ann" }, "wa_id": "1" }, { "profile": { "name": "Bob" }, "wa_id": "2" }],
        "messages": [
            { "from": "2", "id": "wamid.1", "type": "text", "text": { "body": "a" } },
            { "from": "1", "id": "wamid.2", "type": "text", "text": { "body": "b" } },
        ],
        "statuses": [{ "id": "wamid.3", "status": "read" }],
    }));
    let other = body(&json!({ "statuses": [{ "id": "wamid.4", "status": "sent" }] }));
    request["entry"]
        .as_array_mut()
        .expect("entries")
        .extend(other["entry"].as_array().cloned().expect("entries"));
    let said: Vec<String> = received(&request)
        .into_iter()
        .map(|received| match received {
            Received::Message(message) => format!("{} {}", message.from_name, message.text),
            Received::Receipt { external_id, .. } => external_id.unwrap_or_default(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(said, ["Bob a", "Ann b", "wamid.3", "wamid.4"]);
}

#[test]
fn what_can_never_be_used_is_nothing() {
    let mut other = with_message(&whole());
    other["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = json!("1");
    assert_eq!(nothing(&other), "other number");
    other["entry"][0]["changes"][0]["field"] = json!("account_update");
    assert_eq!(nothing(&other), "field");
    assert_eq!(nothing(&json!({ "object": "page" })), "empty");
    assert_eq!(
        nothing(&body(&json!({ "statuses": [{ "id": "x", "status": "deleted" }] }))),
        "status"
    );
    for (member, value, reason) in [
        ("from", json!(null), "malformed"),
        ("from", json!("x".repeat(101)), "malformed"),
        ("id", json!(7), "malformed"),
        ("group_id", json!("g"), "group"),
        ("type", json!("system"), "system"),
        ("type", json!("revoke"), "malformed"),
        ("type", json!("edit"), "malformed"),
    ] {
        let mut message = whole();
        message[member] = value;
        assert_eq!(nothing(&with_message(&message)), reason, "{member}");
    }
}

#[test]
fn an_id_that_is_too_long_is_kept_as_its_hash() {
    let mut long = whole();
    long["id"] = json!(format!("wamid.{}", "A".repeat(100)));
    let id = message(&long).id;
    assert_eq!(id.len(), 71);
    assert!(id.starts_with(HASHED));
    assert_eq!(message(&long).id, id);
}

#[test]
fn a_request_is_bounded() {
    for body in ["", "[]", "{", "\"x\""] {
        let refused = receive(body.as_bytes(), NUMBER);
        assert!(matches!(refused, Err(Refused::Invalid { .. })), "{body}");
    }
    let long = vec![b' '; BODY_BYTES + 1];
    assert!(matches!(receive(&long, NUMBER), Err(Refused::TooLarge { .. })));
    let status = json!({ "id": "w", "status": "read" });
    let many = body(&json!({ "statuses": vec![status.clone(); MOST_RECEIVED] }));
    assert_eq!(received(&many).len(), MOST_RECEIVED);
    let more = body(&json!({ "statuses": vec![status; MOST_RECEIVED + 1] }));
    let refused = receive(more.to_string().as_bytes(), NUMBER);
    assert!(matches!(refused, Err(Refused::Invalid { .. })));
}

#[test]
fn what_can_never_be_used_leaves_room_for_the_rest() {
    let messages = vec![json!({}); MOST_RECEIVED + 1];
    let statuses = vec![json!({ "id": "w", "status": "read" }); MOST_RECEIVED];
    let received = received(&body(&json!({ "messages": messages, "statuses": statuses })));
    let is_receipt = |received: &&Received| matches!(received, Received::Receipt { .. });
    assert_eq!(received.iter().filter(is_receipt).count(), MOST_RECEIVED);
    assert_eq!(received.len(), 2 * MOST_RECEIVED);
}

#[test]
fn a_request_as_long_as_whatsapp_writes_it_is_read() {
    let status = json!({ "id": format!("wamid.{}", "A".repeat(60)), "status": "delivered",
        "timestamp": "1750030073", "recipient_id": "16505551234", "biz_opaque_callback_data": "d-1",
        "pricing": { "billable": true, "pricing_model": "PMP", "category": "service" } });
    let many = BODY_BYTES / (status.to_string().len() + 1) - 2;
    let request = body(&json!({ "statuses": vec![status; many] }));
    assert!((BODY_BYTES - 1024..=BODY_BYTES).contains(&request.to_string().len()));
    assert_eq!(received(&request).len(), many);
}

#[test]
fn a_request_is_authentic_with_the_signature_only() {
    let request = |signature: &str| {
        let mut request = Request::new("{}".into());
        request.headers_mut().insert(SIGNATURE, signature.parse().expect("a header"));
        request
    };
    let hex = |secret: &[u8]| {
        let bytes = signature::sign(secret, &[b"{}"]);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    assert!(is_authentic(&request(&format!("sha256={}", hex(b"s3cret"))), "s3cret"));
    assert!(!is_authentic(&request(&format!("sha256={}", hex(b"other"))), "s3cret"));
    assert!(!is_authentic(&request(&format!("sha256={}", hex(b""))), ""));
    assert!(!is_authentic(&Request::default(), "s3cret"));
}

#[test]
fn the_address_is_verified_by_its_token() {
    let query = |mode: &'static str, token: &'static str, challenge: &'static str| {
        verified(
            move |name| match name {
                "hub.mode" => Some(mode),
                "hub.verify_token" => Some(token),
                "hub.challenge" => Some(challenge),
                _ => None,
            },
            "s3cret",
        )
    };
    assert_eq!(query("subscribe", "s3cret", "1158201444"), Some("1158201444"));
    for (mode, token, challenge) in [
        ("unsubscribe", "s3cret", "1"),
        ("subscribe", "other", "1"),
        ("subscribe", "s3cret", ""),
        ("subscribe", "s3cret", "<script>"),
    ] {
        assert_eq!(query(mode, token, challenge), None, "{mode} {token} {challenge}");
    }
    let without_token = |name: &str| match name {
        "hub.mode" => Some("subscribe"),
        "hub.verify_token" => Some(""),
        "hub.challenge" => Some("1"),
        _ => None,
    };
    for verify_token in ["", "s3cret"] {
        assert_eq!(verified(without_token, verify_token), None, "{verify_token}");
    }
}

#[test]
fn no_odd_request_is_refused_or_out_of_bounds() {
    let profile = json!({ "profile": { "name": "Ann", "username": "annie" }, "wa_id": "1", "user_id": "US.1" });
    for content in [
        json!({ "type": "text", "text": { "body": "Hello" }, "context": { "id": "wamid.0" } }),
        json!({ "type": "image", "image": { "caption": "See" } }),
        json!({ "type": "document", "document": { "filename": "a.pdf", "caption": "See" } }),
        json!({ "type": "location", "location": { "latitude": 52.5, "longitude": 13.4, "name": "Zoo" } }),
        json!({ "type": "contacts", "contacts": [
            { "name": { "formatted_name": "Ann" }, "phones": [{ "phone": "+49 30 1" }] },
        ] }),
        json!({ "type": "reaction", "reaction": { "message_id": "wamid.0", "emoji": "👍" } }),
        json!({ "type": "order", "order": { "text": "Please", "product_items": [
            { "product_retailer_id": "tea", "quantity": 2, "item_price": 3.5, "currency": "EUR" },
        ] } }),
        json!({ "type": "edit", "edit": { "original_message_id": "wamid.0",
            "message": { "type": "text", "text": { "body": "Now" } } } }),
        json!({ "type": "revoke", "revoke": { "original_message_id": "wamid.0" } }),
    ] {
        let mut message =
            json!({ "from": "1", "from_user_id": "US.1", "id": "wamid.1", "timestamp": "1" });
        let members = message.as_object_mut().expect("a message");
        members.extend(content.as_object().expect("members").clone());
        let status = json!({ "id": "wamid.2", "status": "failed", "biz_opaque_callback_data": "d-1",
            "errors": [{ "code": 131_047, "title": "x", "error_data": { "details": "y" } }] });
        let request =
            body(&json!({ "contacts": [profile], "messages": [message], "statuses": [status] }));
        for variant in crate::channel::odd::variants(&request) {
            received(&variant).iter().for_each(crate::channel::odd::check);
        }
    }
}
