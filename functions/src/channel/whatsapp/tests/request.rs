//! Requests as a whole: their order, their bounds, and the proof of where they come from.

use super::*;

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
