//! Operations: subscribe and complete, in any order.

use serde_json::{Value, json};

use super::super::registration::{Registered, Start, Stop, start, stop};
use super::super::*;
use super::on;

#[test]
fn a_subscribe_is_handed_over_whole() {
    let text = json!({ "id": "op-1", "type": "subscribe", "more": 1, "payload": {
        "query": "query A{a}", "operationName": "A", "variables": { "x": [1.5, null] },
        "extensions": { "e": true }, "unknown": 2,
    }});
    let Act::Subscribe(subscribe) = on(Phase::Acknowledged, &text.to_string()) else {
        panic!("not subscribed");
    };
    assert_eq!(subscribe.id, "op-1");
    assert_eq!(subscribe.query, "query A{a}");
    assert_eq!(subscribe.operation_name.as_deref(), Some("A"));
    assert_eq!(Value::Object(subscribe.variables), json!({ "x": [1.5, null] }));
    assert_eq!(Value::Object(subscribe.extensions), json!({ "e": true }));
}

#[test]
fn what_a_subscribe_may_leave_out_may_be_null() {
    let expected = Act::Subscribe(Subscribe {
        id: "1".to_owned(),
        query: "{a}".to_owned(),
        operation_name: None,
        variables: Map::new(),
        extensions: Map::new(),
    });
    for payload in [
        r#"{"query":"{a}"}"#,
        r#"{"query":"{a}","operationName":null,"variables":null,"extensions":null}"#,
        r#"{"query":"{a}","operationName":""}"#,
        r#"{"query":7,"query":"{a}","variables":{}}"#,
    ] {
        let text = format!(r#"{{"id":"1","type":"subscribe","payload":{payload}}}"#);
        assert_eq!(on(Phase::Acknowledged, &text), expected, "{text}");
    }
}

#[test]
fn a_query_that_is_too_long_ends_its_operation_only() {
    let subscribe = |length: usize| json!({ "id": "1", "type": "subscribe", "payload": { "query": "q".repeat(length) } });
    assert!(matches!(on(Phase::Acknowledged, &subscribe(64).to_string()), Act::Subscribe(_)));
    assert_eq!(
        on(Phase::Acknowledged, &subscribe(65).to_string()),
        Act::RefuseOperation {
            id: "1".to_owned(),
            code: Code::TooComplex,
            reason: "The query is longer than 64 bytes".to_owned()
        }
    );
}

#[test]
fn an_operation_id_has_1_to_128_code_points() {
    for kind in ["subscribe", "complete"] {
        for (id, is_valid) in [
            ("1".to_owned(), true),
            ("\u{1F600}".repeat(128), true),
            ("\u{0}\"\\\n".to_owned(), true),
            (String::new(), false),
            ("x".repeat(129), false),
        ] {
            let message = json!({ "id": id, "type": kind, "payload": { "query": "{a}" } });
            let is_refused =
                matches!(on(Phase::Acknowledged, &message.to_string()), Act::Refuse(_));
            assert_eq!(is_refused, !is_valid, "{message}");
        }
    }
}

#[test]
fn a_complete_counts_only_where_operations_may_run() {
    let text = r#"{"id":"1","type":"complete","payload":"ignored"}"#;
    assert_eq!(on(Phase::Acknowledged, text), Act::Complete { id: "1".to_owned() });
    assert_eq!(on(Phase::Opened, text), Act::Nothing);
}

#[test]
fn a_document_that_is_named_by_its_hash_alone_ends_its_operation_only() {
    let text = r#"{"id":"1","type":"subscribe","payload":{"extensions":{"persistedQuery":
        {"version":1,"sha256Hash":"00"}}}}"#;
    let Act::RefuseOperation { id, code, reason } = on(Phase::Acknowledged, text) else {
        panic!("not refused");
    };
    assert_eq!(
        (id.as_str(), code, reason.as_str()),
        ("1", Code::PersistedQueryNotSupported, "PersistedQueryNotSupported")
    );
    assert_eq!(on(Phase::Opened, text), Act::Refuse(Refusal::unauthorized()));
}

#[test]
fn an_operation_starts_unless_its_id_is_taken_or_something_overtook_it() {
    for (found, expected) in [
        (None, Start::Register),
        (Some(Registered::Completed { at_ms: 4 }), Start::Register),
        (Some(Registered::Completed { at_ms: 5 }), Start::Overtaken),
        (Some(Registered::Completed { at_ms: 6 }), Start::Overtaken),
        (Some(Registered::Active { since_ms: 4 }), Start::Taken),
        (Some(Registered::Active { since_ms: 5 }), Start::Taken),
        (Some(Registered::Active { since_ms: 6 }), Start::Overtaken),
    ] {
        assert_eq!(start(found, 5), expected, "{found:?}");
    }
}

#[test]
fn an_operation_stops_unless_the_complete_is_an_older_one() {
    for (found, expected) in [
        (None, Stop::LeaveTombstone),
        (Some(Registered::Active { since_ms: 4 }), Stop::Remove),
        (Some(Registered::Active { since_ms: 5 }), Stop::Remove),
        (Some(Registered::Active { since_ms: 6 }), Stop::Ignore),
        (Some(Registered::Completed { at_ms: 4 }), Stop::LeaveTombstone),
        (Some(Registered::Completed { at_ms: 5 }), Stop::Ignore),
    ] {
        assert_eq!(stop(found, 5), expected, "{found:?}");
    }
}

#[test]
fn subscribe_and_complete_end_in_nothing_running_in_either_order() {
    let tombstone = Some(Registered::Completed { at_ms: 2 });
    assert_eq!(stop(None, 2), Stop::LeaveTombstone);
    assert_eq!(start(tombstone, 1), Start::Overtaken);
    assert_eq!(start(None, 1), Start::Register);
    assert_eq!(stop(Some(Registered::Active { since_ms: 1 }), 2), Stop::Remove);
}

/// Returns the time from which an operation runs at the end, when these messages are handled in
/// this order. The rows under its id change as the storage changes them.
fn runs(order: &[(bool, i64)]) -> Option<i64> {
    let (mut row, mut waiting): (Option<Registered>, Vec<i64>) = (None, Vec::new());
    for (is_subscribe, at) in order {
        if *is_subscribe {
            waiting.push(*at);
        } else {
            match stop(row, *at) {
                Stop::Remove => row = None,
                Stop::LeaveTombstone => row = Some(Registered::Completed { at_ms: *at }),
                Stop::Ignore => {}
            }
        }
        // A subscribe that finds its id taken tries again for a while: the complete may be on its
        // way.
        waiting.retain(|at| match start(row, *at) {
            Start::Register => {
                row = Some(Registered::Active { since_ms: *at });
                false
            }
            Start::Overtaken => false,
            Start::Taken => true,
        });
    }
    assert!(waiting.is_empty(), "refused: {order:?}");
    match row {
        Some(Registered::Active { since_ms }) => Some(since_ms),
        _ => None,
    }
}

#[test]
fn an_id_that_is_used_again_after_its_complete_runs_in_whatever_order_messages_are_handled() {
    let (first, end, again) = ((true, 1), (false, 2), (true, 3));
    for order in [
        [first, end, again],
        [first, again, end],
        [end, first, again],
        [end, again, first],
        [again, first, end],
        [again, end, first],
    ] {
        assert_eq!(runs(&order), Some(3), "{order:?}");
    }
}
