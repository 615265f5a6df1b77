//! The life of a connection: offer, init, ping, refusal.

use serde_json::{Value, json};

use super::super::*;
use super::{CONNECTED_AT, LIMITS, SOON, closed_with, on, sent};

#[test]
fn the_offer_is_split_on_commas_and_trimmed_and_matched_exactly() {
    for (offer, is_agreed) in [
        (Some("graphql-transport-ws"), true),
        (Some("graphql-ws, graphql-transport-ws"), true),
        (Some("\tgraphql-transport-ws ,other"), true),
        (Some("graphql-ws"), false),
        (Some("GraphQL-Transport-WS"), false),
        (Some("graphql-transport-ws2"), false),
        (Some("graphql transport ws"), false),
        (Some(""), false),
        (Some(","), false),
        (None, false),
    ] {
        assert_eq!(negotiate(offer), is_agreed.then_some("graphql-transport-ws"), "{offer:?}");
    }
}

#[test]
fn an_init_hands_over_the_authorization_with_its_key_in_any_case() {
    for (payload, expected) in [
        (json!({ "authorization": "Bearer a" }), Some("Bearer a")),
        (json!({ "Authorization": "Bearer a" }), Some("Bearer a")),
        (json!({ "AUTHORIZATION": "Bearer a", "locale": "de" }), Some("Bearer a")),
        (json!({ "authorization": "second", "Authorization": "first" }), Some("first")),
        (json!({ "Authorization": "first", "authorization": "second" }), Some("first")),
        (json!({ "authorization": null }), None),
        (json!({ "authorization": 7 }), None),
        (json!({ "authorization": { "token": "a" } }), None),
        (json!({ "headers": { "authorization": "Bearer a" } }), None),
        (json!({}), None),
    ] {
        let text = json!({ "type": "connection_init", "payload": payload }).to_string();
        let Act::Init { authorization, payload: given } = on(Phase::Opened, &text) else {
            panic!("{text}");
        };
        assert_eq!(authorization.as_deref(), expected, "{text}");
        assert_eq!(Value::Object(given), payload);
    }
}

#[test]
fn an_init_may_come_without_a_payload() {
    let empty = Act::Init { authorization: None, payload: Map::new() };
    for text in [
        r#"{"type":"connection_init"}"#,
        r#"{"type":"connection_init","payload":null}"#,
        r#"{"type":"connection_init","payload":{},"id":3,"extra":[]}"#,
    ] {
        assert_eq!(on(Phase::Opened, text), empty, "{text}");
    }
}

#[test]
fn a_second_init_is_one_too_many() {
    assert_eq!(
        closed_with(on(Phase::Acknowledged, r#"{"type":"connection_init"}"#)),
        (4429, "Too many initialisation requests".to_owned())
    );
}

#[test]
fn an_operation_before_the_acknowledgement_is_unauthorized() {
    let text = r#"{"id":"1","type":"subscribe","payload":{"query":"{a}"}}"#;
    assert_eq!(closed_with(on(Phase::Opened, text)), (4401, "Unauthorized".to_owned()));
}

#[test]
fn an_invalid_message_before_the_acknowledgement_is_invalid_first() {
    assert_eq!(closed_with(on(Phase::Opened, r#"{"id":"1","type":"subscribe"}"#)).0, 4400);
}

#[test]
fn who_does_not_initialise_in_time_is_refused_whatever_comes() {
    let connection = Connection { phase: Phase::Opened, connected_at_ms: CONNECTED_AT };
    for text in [r#"{"type":"connection_init"}"#, r#"{"type":"ping"}"#, "nonsense"] {
        let act = receive(&connection, &LIMITS, SOON + 1, text);
        assert_eq!(closed_with(act), (4408, "Connection initialisation timeout".to_owned()));
    }
}

#[test]
fn time_is_no_matter_once_initialised_nor_when_it_runs_backwards() {
    let acknowledged = Connection { phase: Phase::Acknowledged, connected_at_ms: CONNECTED_AT };
    let ping = r#"{"type":"ping"}"#;
    assert!(matches!(receive(&acknowledged, &LIMITS, i64::MAX, ping), Act::Send(_)));
    let opened = Connection { phase: Phase::Opened, ..acknowledged };
    assert!(matches!(receive(&opened, &LIMITS, i64::MIN, ping), Act::Send(_)));
}

#[test]
fn only_the_timeout_invites_the_client_to_come_back() {
    assert!(Refusal::initialisation_timeout().code().invites_retry());
    for refusal in [
        Refusal::bad_request("x"),
        Refusal::unauthorized(),
        Refusal::forbidden("x"),
        Refusal::subscriber_exists("x"),
        Refusal::too_many_initialisations(),
    ] {
        assert!(!refusal.code().invites_retry(), "{refusal:?}");
    }
}

#[test]
fn a_refused_connection_gets_no_second_answer() {
    for text in [
        r#"{"type":"ping"}"#,
        r#"{"type":"connection_init"}"#,
        r#"{"id":"1","type":"subscribe","payload":{"query":"{a}"}}"#,
        "nonsense",
    ] {
        assert_eq!(on(Phase::Refused, text), Act::Nothing, "{text}");
    }
}

#[test]
fn a_ping_is_answered_with_its_payload_at_any_time() {
    for phase in [Phase::Opened, Phase::Acknowledged] {
        for (ping, pong) in [
            (json!({ "type": "ping" }), json!({ "type": "pong" })),
            (json!({ "type": "ping", "payload": null }), json!({ "type": "pong" })),
            (json!({ "type": "ping", "payload": {} }), json!({ "type": "pong", "payload": {} })),
            (
                json!({ "type": "ping", "payload": { "at": [1, "é\"\u{1}"] } }),
                json!({ "type": "pong", "payload": { "at": [1, "é\"\u{1}"] } }),
            ),
        ] {
            let Act::Send(frame) = on(phase, &ping.to_string()) else { panic!("{ping}") };
            assert_eq!(sent(&frame), pong);
        }
    }
}

#[test]
fn a_pong_that_outgrows_a_message_loses_its_payload() {
    let numbers = vec!["1e15"; 25_000].join(",");
    let ping = format!(r#"{{"type":"ping","payload":{{"a":[{numbers}]}}}}"#);
    assert!(ping.len() <= Frame::MAX_BYTES);
    let Act::Send(frame) = on(Phase::Acknowledged, &ping) else { panic!("no pong") };
    assert!(frame.fits());
    assert_eq!(sent(&frame), json!({ "type": "pong" }));
}

#[test]
fn a_pong_is_a_sign_of_life_and_nothing_else() {
    for text in [r#"{"type":"pong"}"#, r#"{"type":"pong","payload":{"a":1}}"#] {
        for phase in [Phase::Opened, Phase::Acknowledged] {
            assert_eq!(on(phase, text), Act::Nothing);
        }
    }
}
