//! Tests of the frames that the server sends.

use serde_json::json;

use super::super::*;
use super::sent;

#[test]
fn frames_are_what_the_protocol_says() {
    let payload = json!({ "a": 1 });
    let payload = payload.as_object();
    let error = json!({ "message": "no", "extensions": { "code": "FORBIDDEN" } });
    for (frame, expected) in [
        (Frame::connection_ack(None), json!({ "type": "connection_ack" })),
        (
            Frame::connection_ack(payload),
            json!({ "type": "connection_ack", "payload": { "a": 1 } }),
        ),
        (Frame::ping(None), json!({ "type": "ping" })),
        (Frame::ping(payload), json!({ "type": "ping", "payload": { "a": 1 } })),
        (Frame::pong(None), json!({ "type": "pong" })),
        (
            Frame::next("1", r#"{"data":{"a":1}}"#),
            json!({ "id": "1", "type": "next", "payload": { "data": { "a": 1 } } }),
        ),
        (
            Frame::error("1", std::slice::from_ref(&error)),
            json!({ "id": "1", "type": "error", "payload": [error] }),
        ),
        (Frame::complete("1"), json!({ "id": "1", "type": "complete" })),
        (
            Frame::close(&Refusal::forbidden("No \"entry\"")),
            json!({ "type": "close", "payload": { "code": 4403, "reason": "No \"entry\"" } }),
        ),
    ] {
        assert_eq!(sent(&frame), expected);
        assert_eq!(frame.clone().into_string(), frame.as_str());
    }
}

#[test]
fn an_error_is_never_without_an_entry() {
    let frame = sent(&Frame::error("1", &[]));
    assert_eq!(frame["payload"][0]["extensions"]["code"], "INTERNAL");
}

#[test]
fn an_id_of_any_characters_is_spliced_into_valid_json() {
    let everything_odd =
        (0..0x20).filter_map(char::from_u32).collect::<String>() + "\"\\/\u{7f}\u{2028}\u{feff}😀";
    for id in ["1", "\"", "\\", "\",\"type\":\"complete", "}", "\u{0}\n\t", "日本", &everything_odd]
    {
        for frame in [Frame::next(id, "{}"), Frame::error(id, &[]), Frame::complete(id)] {
            assert_eq!(sent(&frame)["id"], id);
        }
    }
}

#[test]
fn the_payload_of_next_is_not_touched() {
    let payload = r#"{ "data" : {"n":1.10,"n":2} }"#;
    assert!(Frame::next("1", payload).as_str().ends_with(&format!("\"payload\":{payload}}}")));
}

#[test]
fn a_frame_knows_whether_it_fits() {
    let around = Frame::next("1", "").as_str().len();
    assert!(Frame::next("1", &" ".repeat(Frame::MAX_BYTES - around)).fits());
    assert!(!Frame::next("1", &" ".repeat(Frame::MAX_BYTES - around + 1)).fits());
}
