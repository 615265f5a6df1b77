//! Tests of what the protocol does not know, and of the answer that the client gets.

use serde_json::json;

use super::super::*;
use super::{closed_with, on};

#[test]
fn an_invalid_message_is_refused_with_what_is_wrong() {
    for (text, reason) in [
        ("", "Message is not valid JSON: EOF while parsing a value at line 1 column 0"),
        ("hello", "Message is not valid JSON: expected value at line 1 column 1"),
        (
            r#"{"type":"ping"} {}"#,
            "Message is not valid JSON: trailing characters at line 1 column 17",
        ),
        ("[]", "Message is expected to be an object, but got an array"),
        ("null", "Message is expected to be an object, but got null"),
        (r#""ping""#, "Message is expected to be an object, but got a string"),
        ("{}", "Message is missing the 'type' property"),
        (r#"{"type":1}"#, "Message 'type' property is expected to be a string, but got a number"),
        (r#"{"type":null}"#, "Message 'type' property is expected to be a string, but got null"),
        (r#"{"type":""}"#, "Invalid message 'type' property \"\""),
        (r#"{"type":"start"}"#, "Invalid message 'type' property \"start\""),
        (r#"{"type":"PING"}"#, "Invalid message 'type' property \"PING\""),
        (r#"{"type":"close"}"#, "Invalid message 'type' property \"close\""),
        (
            r#"{"type":"connection_ack"}"#,
            "Message of type \"connection_ack\" is for servers to send",
        ),
        (
            r#"{"id":"1","type":"next","payload":{}}"#,
            "Message of type \"next\" is for servers to send",
        ),
        (
            r#"{"id":"1","type":"error","payload":[]}"#,
            "Message of type \"error\" is for servers to send",
        ),
        (
            r#"{"type":"connection_init","payload":[]}"#,
            "\"connection_init\" property 'payload' is expected to be an object, but got an array",
        ),
        (
            r#"{"type":"ping","payload":"x"}"#,
            "\"ping\" property 'payload' is expected to be an object, but got a string",
        ),
        (
            r#"{"type":"pong","payload":true}"#,
            "\"pong\" property 'payload' is expected to be an object, but got a boolean",
        ),
        (
            r#"{"type":"complete"}"#,
            "\"complete\" property 'id' is expected to be a string, but got nothing",
        ),
        (
            r#"{"type":"complete","id":""}"#,
            "\"complete\" message requires a non-empty 'id' property",
        ),
        (
            r#"{"type":"subscribe","payload":{"query":""}}"#,
            "\"subscribe\" property 'id' is expected to be a string, but got nothing",
        ),
        (
            r#"{"type":"subscribe","id":1}"#,
            "\"subscribe\" property 'id' is expected to be a string, but got a number",
        ),
        (
            r#"{"type":"subscribe","id":"1"}"#,
            "\"subscribe\" property 'payload' is expected to be an object, but got nothing",
        ),
        (
            r#"{"type":"subscribe","id":"1","payload":null}"#,
            "\"subscribe\" property 'payload' is expected to be an object, but got null",
        ),
        (
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            "\"subscribe payload\" property 'query' is expected to be a string, but got nothing",
        ),
        (
            r#"{"type":"subscribe","id":"1","payload":{"query":null}}"#,
            "\"subscribe payload\" property 'query' is expected to be a string, but got null",
        ),
        (
            r#"{"type":"subscribe","id":"1","payload":{"query":"","operationName":1}}"#,
            "\"subscribe payload\" property 'operationName' is expected to be a string, but got a number",
        ),
        (
            r#"{"type":"subscribe","id":"1","payload":{"query":"","variables":[]}}"#,
            "\"subscribe payload\" property 'variables' is expected to be an object, but got an array",
        ),
        (
            r#"{"type":"subscribe","id":"1","payload":{"query":"","variables":"{}"}}"#,
            "\"subscribe payload\" property 'variables' is expected to be an object, but got a string",
        ),
        (
            r#"{"type":"subscribe","id":"1","payload":{"query":"","extensions":0}}"#,
            "\"subscribe payload\" property 'extensions' is expected to be an object, but got a number",
        ),
    ] {
        assert_eq!(closed_with(on(Phase::Acknowledged, text)), (4400, reason.to_owned()), "{text}");
    }
}

#[test]
fn nesting_ends_before_the_stack_does() {
    for depth in [200, 60_000] {
        let text = format!(
            r#"{{"type":"ping","payload":{{"a":{}{}}}}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        );
        let (code, reason) = closed_with(on(Phase::Acknowledged, &text));
        assert_eq!(code, 4400);
        assert!(reason.contains("recursion limit exceeded"), "{reason}");
    }
}

#[test]
fn half_a_character_and_numbers_without_end_are_not_json() {
    for text in
        [r#"{"type":"ping","payload":{"a":"\ud800"}}"#, r#"{"type":"ping","payload":{"a":1e999}}"#]
    {
        assert_eq!(closed_with(on(Phase::Acknowledged, text)).0, 4400);
    }
}

#[test]
fn a_reason_fits_a_close_frame_and_is_cut_between_characters() {
    let text = json!({ "type": "é".repeat(500) }).to_string();
    let (_, reason) = closed_with(on(Phase::Acknowledged, &text));
    assert!(reason.len() <= 123 && reason.starts_with("Invalid message 'type' property \"éé"));
    let exists = Refusal::subscriber_exists(&"\u{1F600}".repeat(128));
    assert!(exists.reason().len() <= 123 && exists.reason().ends_with(" already exists"));
    assert_eq!(Refusal::subscriber_exists("a1").reason(), "Subscriber for a1 already exists");
    assert_eq!(Refusal::forbidden("Forbidden").code().number(), 4403);
}
