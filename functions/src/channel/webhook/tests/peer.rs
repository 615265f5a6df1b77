//! What is posted to a reply URL, verified by the library of those who define the signature.

use domain::ChannelKind;
use http::{HeaderMap, HeaderValue};
use standardwebhooks::{Webhook, WebhookError};
use store::Environment as _;

use super::*;
use crate::channel::{Call, Outgoing};
use crate::environment::Machine;
use crate::testing::app;

/// Returns a secret as a new channel has it.
fn fresh_secret() -> String {
    let channel = app().store.new_channel(ChannelKind::Webhook, "Shop").expect("a channel");
    channel.secret
}

/// Returns the call that sends a text now, signed with these secrets.
fn signed(secrets: &[&str], text: &str) -> Call {
    let now = Machine.now();
    let outgoing = Outgoing {
        delivery_id: "KypxZC100ydtzlpKDbf-2A.7.0.1-1",
        conversation: "KypxZC100ydtzlpKDbf-2A",
        recipient: "42",
        text,
        author: "Zoë",
        file: None,
        links: &[],
        sent_at: now,
        reply_to: None,
    };
    deliver("https://example.com/in", secrets, &outgoing, now.as_seconds())
}

fn headers(call: &Call) -> HeaderMap {
    let header = |(name, value): &(&'static str, String)| {
        ((*name).parse().expect("a name"), HeaderValue::from_str(value).expect("a value"))
    };
    call.headers.iter().map(header).collect()
}

/// Returns what a receiver with this secret makes of a call.
fn verified(secret: &str, call: &Call) -> Result<(), WebhookError> {
    Webhook::new(secret).expect("a secret").verify(&call.body, &headers(call))
}

#[test]
fn the_library_verifies_what_is_sent() {
    let secret = fresh_secret();
    for text in ["Hello", "\"Quoted\", back\\slash\nand é, я, 👩‍👩‍👧", "\u{0}\u{7f}\u{2028}"]
    {
        let call = signed(&[&secret], text);
        verified(&secret, &call).expect("a right signature");
        let body: Value = serde_json::from_slice(&call.body).expect("JSON");
        assert_eq!(body["text"], text);
    }
}

#[test]
fn while_a_secret_is_rotated_a_receiver_may_know_either() {
    let (new, old) = (fresh_secret(), fresh_secret());
    let both = signed(&[&new, &old], "Hello");
    verified(&new, &both).expect("signed with the new secret");
    verified(&old, &both).expect("signed with the old secret");
    let after = signed(&[&new], "Hello");
    verified(&new, &after).expect("signed with the new secret");
    assert!(matches!(verified(&old, &after), Err(WebhookError::InvalidSignature)));
}

#[test]
fn what_was_changed_on_its_way_is_refused() {
    let secret = fresh_secret();
    let call = signed(&[&secret], "Hello");
    let changed = Call { body: [&call.body, b" ".as_slice()].concat(), ..call.clone() };
    assert!(matches!(verified(&secret, &changed), Err(WebhookError::InvalidSignature)));
    for name in ["webhook-id", "webhook-timestamp"] {
        let mut changed = call.clone();
        for (_, value) in changed.headers.iter_mut().filter(|(header, _)| *header == name) {
            value.replace_range(value.len() - 1.., "x");
        }
        assert!(verified(&secret, &changed).is_err(), "{name}");
    }
}

#[test]
fn a_secret_that_is_no_base64_is_its_own_key() {
    let call = signed(&["demo-secret"], "Hello");
    let webhook = Webhook::from_bytes(b"demo-secret".to_vec()).expect("a key");
    webhook.verify(&call.body, &headers(&call)).expect("a right signature");
}
