//! Webhooks: the system at the other end posts each message as JSON, and signs the body.

use domain::Timestamp;
use domain::text::{KEY_LENGTH, MESSAGE_LENGTH, lenient_name};
use lambda_http::Request;
use serde::Deserialize;

use super::{Message, signature};
use crate::json::Refused;
use crate::json::body::{self, Object, Text};

/// The longest body, in bytes.
pub const BODY_BYTES: usize = 64 * 1024;
/// The answer to a wrong signature, and to a channel that does not exist.
pub const REFUSED: Refused = Refused::Unauthenticated {
    challenge: "HMAC-SHA256",
    message: "The channel is unknown, or the signature is wrong.",
};
const SIGNATURE: &str = "x-signature";

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body {
    message_id: Text,
    from: Object,
    text: Text,
    sent_at: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Sender {
    id: Text,
    name: Text,
}

/// Returns true if a request is signed with this secret.
#[must_use]
pub fn is_signed(request: &Request, secret: &str) -> bool {
    let header = request.headers().get(SIGNATURE).and_then(|value| value.to_str().ok());
    signature::is_right(secret.as_bytes(), request.body(), header)
}

/// Reads the body of a request.
///
/// # Errors
/// [`Refused`]: it is no JSON object, or something in it is missing or out of its bounds.
pub fn receive(body: &[u8]) -> Result<Message, Refused> {
    let body: Body = body::object(body)?;
    let from: Sender = body.from.required("from")?;
    let from_id = from.id.required("from.id", KEY_LENGTH)?;
    let from_name = from.name.maybe("from.name")?.unwrap_or_default();
    let sent_at = body.sent_at.maybe("sentAt")?.map(|text| {
        Timestamp::parse(&text)
            .ok_or_else(|| Refused::invalid("sentAt", "It must be a time as in RFC 3339."))
    });
    let sent_at = sent_at.transpose()?;
    Ok(Message {
        id: body.message_id.required("messageId", KEY_LENGTH)?,
        is_named: !lenient_name(&from_name, "").is_empty(),
        from_name: lenient_name(&from_name, &lenient_name(&from_id, "Visitor")),
        from_id,
        text: body.text.required("text", MESSAGE_LENGTH)?,
        sent_at,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn whole() -> Value {
        json!({
            "messageId": "m-1",
            "from": { "id": "+49 30 1", "name": "Zoë" },
            "text": "Hello",
            "sentAt": "2026-11-22T10:00:00.5+01:00",
        })
    }

    fn parsed(body: &Value) -> Result<Message, Refused> {
        receive(body.to_string().as_bytes())
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
    fn an_error_names_the_field() {
        let mut cases = vec![
            (
                "/messageId",
                "messageId",
                vec![json!(null), json!(""), json!(7), json!("x".repeat(101))],
            ),
            ("/from", "from", vec![json!("ann"), json!(null), json!([])]),
            (
                "/from/id",
                "from.id",
                vec![json!(null), json!(" "), json!(7), json!("x".repeat(101))],
            ),
            ("/from/name", "from.name", vec![json!(7), json!({})]),
            ("/text", "text", vec![json!(null), json!("\n"), json!([]), json!("я".repeat(8001))]),
            ("/sentAt", "sentAt", vec![json!("yesterday"), json!(1_700_000_000), json!("")]),
        ];
        for (pointer, name, values) in &mut cases {
            for value in values.drain(..) {
                let mut body = whole();
                *body.pointer_mut(pointer).expect("a field") = value.clone();
                let refused = parsed(&body);
                let is_named = matches!(
                    &refused,
                    Err(Refused::Invalid { field: Some(field), .. }) if field == name
                );
                assert!(is_named, "{name} {value}: {refused:?}");
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
}
