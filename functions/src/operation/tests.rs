//! Tests of stored subscriptions: those of this version, of a newer one, and broken ones.

use domain::{EmployeeId, Person, SessionId, TenantId};
use serde_json::json;

use super::*;
use crate::observe::tests::counted_by;

fn session() -> SessionId {
    SessionId::parse("c.1").expect("an id")
}

fn written() -> Value {
    let operation = Operation {
        query: "subscription { counters { queue } }".to_owned(),
        operation_name: None,
        variables: json!({}),
        caller: Caller::Employee {
            person: Person {
                tenant: TenantId::parse("demo").expect("an id"),
                id: EmployeeId::parse("ann").expect("an id"),
                name: "Ann".to_owned(),
            },
            is_administrator: false,
        },
        feed: Feed::Messages(session()),
        is_personal: true,
    };
    serde_json::to_value(operation).expect("JSON")
}

#[test]
fn the_stored_form_of_an_employee_stays_readable_by_every_version() {
    let ann = json!({ "tenant": "demo", "id": "ann", "name": "Ann", "is_administrator": false });
    assert_eq!(written()["caller"], json!({ "Employee": ann }));
    assert_eq!(written()["topic"], json!({ "Messages": "c.1" }));
}

#[test]
fn more_than_is_known_is_passed_over() {
    let mut newer = written();
    newer["priority"] = json!({ "of": 7 });
    newer["caller"]["Employee"]["locale"] = json!("de");
    let read = Operation::read(&newer.to_string());
    assert_eq!(read, serde_json::from_value(written()).ok());
}

#[test]
fn a_feed_or_a_subscriber_of_a_newer_version_is_counted_and_passed_over() {
    for (name, value) in [
        ("topic", json!("Campaigns")),
        ("topic", json!({ "Board": { "id": "1" } })),
        ("caller", json!({ "Robot": { "tenant": "demo" } })),
        ("caller", json!("Everybody")),
    ] {
        let mut newer = written();
        newer[name] = value.clone();
        let (read, counted) = counted_by(|| Operation::read(&newer.to_string()));
        assert_eq!(read, None, "{value}");
        assert_eq!(counted(LISTENERS_UNKNOWN), Some(1), "{value}");
        assert_eq!(counted(LISTENERS_UNREADABLE), None, "{value}");
    }
}

#[test]
fn what_is_broken_is_counted_as_that() {
    let mut broken = written();
    broken.as_object_mut().expect("an object").remove("query");
    for payload in [broken.to_string(), "nonsense".to_owned(), "{}".to_owned()] {
        let (read, counted) = counted_by(|| Operation::read(&payload));
        assert_eq!(read, None);
        assert_eq!(counted(LISTENERS_UNREADABLE), Some(1), "{payload}");
        assert_eq!(counted(LISTENERS_UNKNOWN), None, "{payload}");
    }
}
