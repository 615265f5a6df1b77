//! Tests of stream records: those of this version, of a newer one, and broken ones.

use serde_json::json;

use super::*;

fn text(value: &str) -> Value {
    json!({ "S": value })
}

fn number(value: u64) -> Value {
    json!({ "N": value.to_string() })
}

fn record(image: &Value) -> Value {
    json!({ "dynamodb": { "NewImage": image } })
}

fn parsed(image: &Value) -> Result<Parsed, Fault> {
    Record::parse(&record(image))
}

fn membership() -> Value {
    json!({ "pk": text("U#demo#ann"), "sk": text("L#support"), "o": number(1), "rc": number(1),
        "u": number(0), "m": number(0), "w": number(1) })
}

fn change(image: &Value) -> Change {
    match parsed(image) {
        Ok(Parsed::Change(record)) => record.change,
        parsed => panic!("{image}: {parsed:?}"),
    }
}

#[test]
fn what_a_newer_version_adds_to_a_row_changes_nothing() {
    let mut newer = membership();
    newer["x1"] = json!({ "M": { "a": { "L": [{ "BOOL": true }] } } });
    newer["x2"] = json!({ "NULL": true });
    newer["auditor"] = number(1);
    assert_eq!(change(&newer), change(&membership()));
}

#[test]
fn rows_of_a_kind_that_is_not_known_are_passed_over() {
    for (pk, sk) in [
        ("Å#demo#x", "y"),
        ("CAMPAIGN#demo", "1"),
        ("V#demo#abc", "Z#1"),
        ("U#demo#ann", "S#settings"),
        ("L#demo#support", "P#plan"),
        ("T#demo", "G#group"),
        ("nonsense", "x"),
    ] {
        let image = json!({ "pk": text(pk), "sk": text(sk), "any": { "BOOL": true } });
        assert_eq!(parsed(&image), Ok(Parsed::Unknown), "{pk} {sk}");
    }
}

#[test]
fn rows_that_nobody_hears_of_are_nothing() {
    for (pk, sk) in [
        ("V#demo#abc", "X#c#s#1"),
        ("V#demo#abc", "I#00000001"),
        ("V#demo#abc", "R#ann"),
        ("Q#demo#support", "1#abc.1"),
        ("L#demo#support", "A"),
        ("L#demo#support", "T#1"),
        ("T#demo", "E#ann"),
        ("W#demo-support", "W"),
        ("K#demo#ann", "any key"),
        ("B#demo#1", "1#abc.1"),
    ] {
        let image = json!({ "pk": text(pk), "sk": text(sk) });
        assert_eq!(parsed(&image), Ok(Parsed::Nothing), "{pk} {sk}");
    }
    let job = json!({ "pk": text("Y#"), "sk": text("search"), "n": number(3) });
    assert_eq!(parsed(&job), Ok(Parsed::Nothing));
    let removed = json!({ "eventName": "REMOVE", "dynamodb": { "Keys": {} } });
    assert_eq!(Record::parse(&removed), Ok(Parsed::Nothing));
}

#[test]
fn a_row_of_a_known_kind_that_lacks_something_is_an_error() {
    let mut broken = vec![
        json!({ "pk": text("V#demo#abc"), "sk": text("H#00000001") }),
        json!({ "pk": text("V#demo#abc"), "sk": text("M#0000000001") }),
        json!({ "pk": text("N#demo"), "sk": text("N") }),
        json!({ "pk": text("N##support#0"), "sk": text("N") }),
        json!({ "pk": text("Y#demo#support"), "sk": text("ann") }),
        json!({ "pk": text("Y#"), "sk": text("search") }),
        json!({ "pk": text("A#demo#crm"), "sk": text("1") }),
        json!({ "pk": text("U#demo#ann") }),
        json!({ "pk": text("U#demo#ann"), "sk": "L#support" }),
        json!({}),
        json!(7),
    ];
    for name in ["rc", "u", "m", "w"] {
        for wrong in [text("1"), json!({ "N": "one" }), json!({ "BOOL": true })] {
            let mut image = membership();
            image[name] = wrong;
            broken.push(image);
        }
    }
    for image in broken {
        let parsed = parsed(&image);
        assert!(matches!(parsed, Err(Fault::Corrupt(_))), "{image}: {parsed:?}");
    }
    for record in [json!({}), json!(7), json!({ "dynamodb": 7 })] {
        assert!(matches!(Record::parse(&record), Err(Fault::Corrupt(_))), "{record}");
    }
}

#[test]
fn a_role_that_is_not_known_grants_nothing() {
    for value in [number(2), number(300), text("operator"), json!({ "BOOL": true })] {
        let mut image = membership();
        image["o"] = value;
        let Change::Desk { after, .. } = change(&image) else { panic!("no desk") };
        assert_eq!(after.roles, domain::Roles::NONE, "{image}");
    }
}
