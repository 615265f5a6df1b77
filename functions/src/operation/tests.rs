//! Tests of stored subscriptions: those of this version, of a newer one, and broken ones.

use domain::{EmployeeId, Person, SessionId, TenantId};
use serde_json::json;

use super::*;
use crate::observe::tests::counted_by;

fn session() -> SessionId {
    SessionId::parse("c.1").expect("an id")
}

fn document() -> Value {
    let document = Document {
        prepared: OnceLock::new(),
        query: "subscription { counters { queue } }".to_owned(),
        operation_name: None,
        variables: json!({}),
        feed: Feed::Messages(session()),
        is_personal: true,
    };
    serde_json::to_value(document).expect("JSON")
}

fn ann() -> Value {
    let caller = Caller::Employee {
        person: Person {
            tenant: TenantId::parse("demo").expect("an id"),
            id: EmployeeId::parse("ann").expect("an id"),
            name: "Ann".to_owned(),
        },
        is_administrator: false,
    };
    serde_json::to_value(caller).expect("JSON")
}

/// Reads a subscriber as the fan-out does. The subscriber alone decides if it can be read.
fn caller(stored: &Value) -> Option<Caller> {
    let document = Arc::new(Document::read(&document().to_string()).expect("a document"));
    Operation::of(&stored.to_string(), "", &document).map(|operation| operation.caller)
}

#[test]
fn the_stored_form_stays_readable_by_every_version() {
    let stored = json!({ "tenant": "demo", "id": "ann", "name": "Ann", "is_administrator": false });
    assert_eq!(ann(), json!({ "Employee": stored }));
    assert_eq!(document()["topic"], json!({ "Messages": "c.1" }));
}

#[test]
fn more_than_is_known_is_passed_over() {
    let mut newer = document();
    newer["priority"] = json!({ "of": 7 });
    let read = Document::read(&newer.to_string()).expect("a document");
    assert_eq!(serde_json::to_value(read).ok(), Some(document()));
    let mut newer = ann();
    newer["Employee"]["locale"] = json!("de");
    assert_eq!(caller(&newer), serde_json::from_value(ann()).ok());
}

#[test]
fn a_feed_or_a_subscriber_of_a_newer_version_is_counted_and_passed_over() {
    for topic in [json!("Campaigns"), json!({ "Board": { "id": "1" } })] {
        let mut newer = document();
        newer["topic"] = topic.clone();
        let (read, counted) = counted_by(|| Document::read(&newer.to_string()));
        assert!(read.is_none(), "{topic}");
        assert_eq!(counted(LISTENERS_UNKNOWN), Some(1), "{topic}");
        assert_eq!(counted(LISTENERS_UNREADABLE), None, "{topic}");
    }
    for newer in [json!({ "Robot": { "tenant": "demo" } }), json!("Everybody")] {
        let (read, counted) = counted_by(|| caller(&newer));
        assert_eq!(read, None, "{newer}");
        assert_eq!(counted(LISTENERS_UNKNOWN), Some(1), "{newer}");
        assert_eq!(counted(LISTENERS_UNREADABLE), None, "{newer}");
    }
}

#[test]
fn what_is_broken_is_counted_as_that() {
    let mut broken = document();
    broken.as_object_mut().expect("an object").remove("query");
    for document in [broken.to_string(), "nonsense".to_owned(), "{}".to_owned()] {
        let (read, counted) = counted_by(|| Document::read(&document));
        assert!(read.is_none(), "{document}");
        assert_eq!(counted(LISTENERS_UNREADABLE), Some(1), "{document}");
        assert_eq!(counted(LISTENERS_UNKNOWN), None, "{document}");
    }
}
