//! Messages to the system at the other end, signed as Standard Webhooks has it, and the meaning of its
//! answers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Timestamp;
use domain::delivery::ErrorCode;
use serde_json::{Value, json};

use super::delay;
use crate::channel::signature::sign;
use crate::channel::{Call, Outcome, Outgoing};

/// The beginning of a secret that is base64.
const PREFIX: &str = "whsec_";

/// Returns the call that sends a message. Each of the secrets signs it: while a secret is replaced, the
/// receiver may know either.
#[must_use]
pub fn deliver(
    reply_url: &str,
    secrets: &[&str],
    outgoing: &Outgoing<'_>,
    timestamp_seconds: u64,
) -> Call {
    let body = json!({
        "type": "message",
        "deliveryId": outgoing.delivery_id,
        "conversationId": outgoing.conversation,
        "to": { "id": outgoing.recipient },
        "text": outgoing.text,
        "author": { "name": outgoing.author },
        "sentAt": outgoing.sent_at.to_string(),
        "replyTo": outgoing.reply_to.map_or(Value::Null, Value::from),
        "attachments": outgoing.links,
    });
    let call = Call::post(reply_url.to_owned(), &body);
    let timestamp = timestamp_seconds.to_string();
    let head = format!("{}.{timestamp}.", outgoing.delivery_id);
    let signatures: Vec<String> = secrets
        .iter()
        .map(|secret| sign(&key(secret), &[head.as_bytes(), &call.body]))
        .map(|signature| format!("v1,{}", STANDARD.encode(signature)))
        .collect();
    call.with("webhook-id", outgoing.delivery_id.to_owned())
        .with("webhook-timestamp", timestamp)
        .with("webhook-signature", signatures.join(" "))
}

/// Returns the key that a secret stands for: what is encoded after the prefix, or the text itself.
fn key(secret: &str) -> Vec<u8> {
    let decoded = secret.strip_prefix(PREFIX).and_then(|encoded| STANDARD.decode(encoded).ok());
    decoded.unwrap_or_else(|| secret.as_bytes().to_vec())
}

/// Reads the answer to a message: its status and its header `Retry-After`. The body says nothing.
#[must_use]
pub fn outcome(status: u16, retry_after: Option<&str>, now: Timestamp) -> Outcome {
    let message = format!("The other system answers with status {status}.");
    match status {
        200..=299 => Outcome::Sent { external_id: None },
        // The other end takes nothing that is signed so.
        401 => Outcome::Unauthorized { message },
        410 => Outcome::ChannelGone { message },
        429 | 503 => {
            let after = retry_after.and_then(|header| delay::read(header, now));
            Outcome::Retry { after, message }
        }
        // The other end was too slow to read the request.
        408 | 425 => Outcome::retry(message),
        413 => Outcome::Failed { code: ErrorCode::TooLong, message },
        // Redirects are not followed.
        300..=499 => Outcome::Failed { code: ErrorCode::Rejected, message },
        _ => Outcome::retry(message),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// The example of the specification of Standard Webhooks and of its libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const NOW: Timestamp = Timestamp::from_millis(784_111_777_000);

    fn outgoing(reply_to: Option<&str>) -> Outgoing<'_> {
        Outgoing {
            delivery_id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            conversation: "c-1",
            recipient: "+49 30 1",
            text: "Hello \"you\"",
            author: "Bob",
            file: None,
            links: &[],
            sent_at: Timestamp::from_millis(1_700_000_000_007),
            reply_to,
        }
    }

    fn header<'a>(call: &'a Call, name: &str) -> &'a str {
        let found = call.headers.iter().find(|(header, _)| *header == name);
        found.map(|(_, value)| value.as_str()).expect("a header")
    }

    #[test]
    fn the_key_and_the_signature_are_those_of_the_libraries() {
        let signed =
            [b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.".as_slice(), br#"{"test": 2432232314}"#];
        let signature = STANDARD.encode(sign(&key(SECRET), &signed));
        assert_eq!(signature, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(key("plain"), b"plain");
        assert_eq!(key("whsec_!"), b"whsec_!");
    }

    #[test]
    fn a_message_is_sent_with_its_signed_headers() {
        let call =
            deliver("https://example.com/in", &[SECRET], &outgoing(Some("m-1")), 1_700_000_001);
        assert_eq!(call.url, "https://example.com/in");
        let body: Value = serde_json::from_slice(&call.body).expect("JSON");
        let expected = json!({
            "type": "message",
            "deliveryId": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "conversationId": "c-1",
            "to": { "id": "+49 30 1" },
            "text": "Hello \"you\"",
            "author": { "name": "Bob" },
            "sentAt": "2023-11-14T22:13:20.007Z",
            "replyTo": "m-1",
            "attachments": [],
        });
        assert_eq!(body, expected);
        assert_eq!(header(&call, "content-type"), "application/json");
        assert_eq!(header(&call, "webhook-id"), "msg_p5jXN8AQM9LWM0D4loKWxJek");
        assert_eq!(header(&call, "webhook-timestamp"), "1700000001");
        let head = b"msg_p5jXN8AQM9LWM0D4loKWxJek.1700000001.".as_slice();
        let signature = STANDARD.encode(sign(&key(SECRET), &[head, &call.body]));
        assert_eq!(header(&call, "webhook-signature"), format!("v1,{signature}"));
    }

    #[test]
    fn each_valid_secret_signs() {
        let signed = |secrets: &[&str]| {
            let call = deliver("https://example.com/in", secrets, &outgoing(None), 1);
            header(&call, "webhook-signature").to_owned()
        };
        let both = signed(&[SECRET, "plain"]);
        assert_eq!(both, format!("{} {}", signed(&[SECRET]), signed(&["plain"])));
    }

    #[test]
    fn an_answer_is_understood_by_its_status() {
        let of = |status| outcome(status, Some("7"), NOW);
        for status in [200, 202, 204] {
            assert_eq!(of(status), Outcome::Sent { external_id: None });
        }
        let message = "The other system answers with status 401.".to_owned();
        assert_eq!(of(401), Outcome::Unauthorized { message });
        assert!(matches!(of(410), Outcome::ChannelGone { .. }));
        for status in [301, 400, 403, 404, 422] {
            assert!(
                matches!(of(status), Outcome::Failed { code: ErrorCode::Rejected, .. }),
                "{status}"
            );
        }
        assert!(matches!(of(413), Outcome::Failed { code: ErrorCode::TooLong, .. }));
        for status in [429, 503] {
            let after = Some(Duration::from_secs(7));
            assert!(
                matches!(of(status), Outcome::Retry { after: is, .. } if is == after),
                "{status}"
            );
        }
        for status in [0, 100, 408, 500, 502, 504, 599, 600] {
            assert!(matches!(of(status), Outcome::Retry { after: None, .. }), "{status}");
        }
        for none in [None, Some("0"), Some("soon")] {
            let outcome = outcome(429, none, NOW);
            assert!(matches!(outcome, Outcome::Retry { after: None, .. }), "{none:?}");
        }
    }
}
