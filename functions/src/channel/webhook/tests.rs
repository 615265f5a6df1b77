mod peer;

use domain::delivery::{ErrorCode, Progress};
use serde_json::{Value, json};

use super::*;

fn whole() -> Value {
    json!({
        "messageId": "m-1",
        "from": { "id": "+49 30 1", "name": "Zoë", "contacts": null },
        "text": "Hello",
        "sentAt": "2026-11-22T10:00:00.5+01:00",
        "replyTo": null,
        "type": "message",
    })
}

fn parsed(body: &Value) -> Result<Message, Refused> {
    match receive(body.to_string().as_bytes())? {
        Received::Message(message) => Ok(message),
        other => panic!("{other:?}"),
    }
}

/// Returns true if a refusal names this field.
fn names<T>(refused: &Result<T, Refused>, name: &str) -> bool {
    matches!(refused, Err(Refused::Invalid { field: Some(field), .. }) if *field == name)
}

#[test]
fn a_message_is_read_with_what_may_be_missing_filled_in() {
    let message = parsed(&whole()).expect("a message");
    assert_eq!(message.from_name, "Zoë");
    assert_eq!(message.sent_at, Timestamp::parse("2026-11-22T09:00:00.5Z"));
    let least = json!({ "messageId": "1", "from": { "id": "x" }, "text": "y" });
    let message = parsed(&least).expect("a message");
    assert_eq!((message.from_name.as_str(), message.sent_at), ("x", None));
    let mut nulls = whole();
    nulls["from"]["name"] = Value::Null;
    nulls["sentAt"] = Value::Null;
    assert_eq!(parsed(&nulls).expect("a message").from_name, "+49 30 1");
}

#[test]
fn a_type_of_the_sender_s_own_and_a_blank_quote_change_nothing() {
    let message = parsed(&whole()).expect("a message");
    for (name, value) in [
        ("type", json!("text")),
        ("type", json!(7)),
        ("type", json!({ "of": "message" })),
        ("replyTo", json!("")),
        ("replyTo", json!(" ")),
    ] {
        let mut body = whole();
        body[name] = value.clone();
        body.as_object_mut().expect("an object").remove(if name == "type" {
            "replyTo"
        } else {
            ""
        });
        let read = parsed(&body).expect("a message");
        assert_eq!((&read.text, read.reply_to), (&message.text, None), "{name} {value}");
    }
}

#[test]
fn an_error_names_the_field() {
    let mut cases = vec![
        ("/messageId", "messageId", vec![json!(null), json!(""), json!(7), json!("x".repeat(101))]),
        ("/from", "from", vec![json!("ann"), json!(null), json!([])]),
        ("/from/id", "from.id", vec![json!(null), json!(" "), json!(7), json!("x".repeat(101))]),
        ("/from/name", "from.name", vec![json!(7), json!({})]),
        ("/text", "text", vec![json!(null), json!("\n"), json!([]), json!("я".repeat(8001))]),
        ("/sentAt", "sentAt", vec![json!("yesterday"), json!(1_700_000_000), json!("")]),
        ("/replyTo", "replyTo", vec![json!(7), json!("x".repeat(101))]),
        (
            "/from/contacts",
            "from.contacts",
            vec![json!("x"), json!({}), json!([7]), json!(vec![json!({}); 11])],
        ),
        (
            "/from/contacts",
            "from.contacts.kind",
            vec![json!([{ "value": "x" }]), json!([{ "kind": "a\nb", "value": "x" }])],
        ),
        (
            "/from/contacts",
            "from.contacts.value",
            vec![
                json!([{ "kind": "email" }]),
                json!([{ "kind": "email", "value": "x".repeat(201) }]),
            ],
        ),
    ];
    for (pointer, name, values) in &mut cases {
        for value in values.drain(..) {
            let mut body = whole();
            *body.pointer_mut(pointer).expect("a field") = value.clone();
            let refused = parsed(&body);
            assert!(names(&refused, name), "{name} {value}: {refused:?}");
        }
    }
    for body in ["", "[]", "{", "\"x\""] {
        let refused = receive(body.as_bytes());
        assert!(matches!(refused, Err(Refused::Invalid { field: None, .. })), "{body}");
    }
}

#[test]
fn the_longest_texts_are_taken() {
    let mut body = whole();
    body["text"] = json!("я".repeat(8000));
    body["messageId"] = json!("я".repeat(100));
    assert!(parsed(&body).is_ok());
}

#[test]
fn contacts_and_a_quote_are_read() {
    let mut body = whole();
    body["from"]["contacts"] = json!([{ "kind": "email", "value": " z@example.com " }]);
    body["replyTo"] = json!("m-0");
    let message = parsed(&body).expect("a message");
    assert_eq!(message.contacts, [("email".to_owned(), "z@example.com".to_owned())]);
    assert_eq!(message.reply_to.as_deref(), Some("m-0"));
}

fn receipt(body: &Value) -> Result<(Option<String>, Progress), Refused> {
    match receive(body.to_string().as_bytes())? {
        Received::Receipt { external_id: None, delivery_id, progress } => {
            Ok((delivery_id, progress))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_receipt_reports_a_step() {
    let of = |state: &str, error: Value| {
        let body =
            json!({ "type": "receipt", "deliveryId": "d-1", "state": state, "error": error });
        let (delivery_id, progress) = receipt(&body).expect("a receipt");
        assert_eq!(delivery_id.as_deref(), Some("d-1"));
        progress
    };
    assert_eq!(of("delivered", Value::Null), Progress::Delivered);
    assert_eq!(of("read", json!("ignored")), Progress::Read);
    for (error, code, message) in [
        (json!("No such person"), ErrorCode::Rejected, "No such person"),
        (Value::Null, ErrorCode::Rejected, "The other system gives no reason."),
        (json!({ "message": "Gone" }), ErrorCode::Rejected, "Gone"),
        (
            json!({ "code": "RECIPIENT_UNREACHABLE", "message": "Gone" }),
            ErrorCode::RecipientUnreachable,
            "Gone",
        ),
        (json!({ "code": "OTHER" }), ErrorCode::Rejected, "The other system gives no reason."),
        (json!([7]), ErrorCode::Rejected, "The other system gives no reason."),
    ] {
        match of("failed", error) {
            Progress::Failed(error) => {
                assert_eq!((error.code, error.message.as_str()), (code, message));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_error_of_a_receipt_names_the_field() {
    for (member, value, field) in [
        ("deliveryId", json!(null), "deliveryId"),
        ("deliveryId", json!("x".repeat(101)), "deliveryId"),
        ("state", json!("sent"), "state"),
        ("state", json!(null), "state"),
        ("state", json!(7), "state"),
    ] {
        let mut body = json!({ "type": "receipt", "deliveryId": "d-1", "state": "read" });
        body[member] = value;
        let refused = receipt(&body);
        assert!(names(&refused, field), "{member}: {refused:?}");
    }
}
