//! Tests of signed tokens whose claims are out of bounds.

use serde_json::{Value, json};

use super::{ISSUER, LATER, ann, body_of_ann, signer, verified, visitor};
use crate::identity::*;

fn body_of_visitor() -> Value {
    json!({ "iss": ISSUER, "tenant": "demo", "use": "client", "sub": "x-1", "live_chat": "support",
        "channel": "web", "name": "Zoë", "contacts": [{ "kind": "email", "value": "z" }], "exp": LATER })
}

#[test]
fn a_token_without_one_of_its_claims_is_malformed() {
    let employee = ["iss", "tenant", "use", "sub", "name", "exp"];
    let client = ["iss", "tenant", "use", "sub", "live_chat", "channel", "exp"];
    for (body, claims) in [(body_of_ann(), &employee[..]), (body_of_visitor(), &client[..])] {
        assert!(verified(&body).is_ok());
        for claim in claims {
            let mut body = body.clone();
            body.as_object_mut().and_then(|claims| claims.remove(*claim)).expect("was there");
            assert_eq!(verified(&body).err(), Some(Unverified::Malformed), "{claim}");
        }
    }
}

#[test]
fn a_text_that_is_empty_or_too_long_or_odd_is_malformed() {
    let ids = [("tenant", 100), ("sub", 100), ("name", 200)];
    let of_client = [("live_chat", 100), ("channel", 100), ("sub", 100), ("name", 200)];
    for (body, claims) in [(body_of_ann(), &ids[..]), (body_of_visitor(), &of_client[..])] {
        for (claim, longest) in claims {
            for (value, is_fine) in [
                (json!("é".repeat(*longest)), true),
                (json!("é".repeat(longest + 1)), false),
                (json!(""), false),
                (json!("a\u{0}b"), false),
                (json!("a\nb"), false),
                (json!("a\u{85}b"), false),
                (json!(7), false),
                (json!(["a"]), false),
            ] {
                let mut body = body.clone();
                body[*claim] = value;
                assert_eq!(verified(&body).is_ok(), is_fine, "{body}");
            }
        }
    }
}

#[test]
fn contacts_are_ten_at_most_and_within_bounds() {
    let contact = |kind: &str, value: &str| json!({ "kind": kind, "value": value });
    for (contacts, is_fine) in [
        (json!(vec![contact("k", "v"); 10]), true),
        (json!(vec![contact("k", "v"); 11]), false),
        (json!([contact("", "v")]), false),
        (json!([contact("k", &"v".repeat(201))]), false),
        (json!([{ "kind": "k" }]), false),
        (json!("k"), false),
    ] {
        let mut body = body_of_visitor();
        body["contacts"] = contacts;
        assert_eq!(verified(&body).is_ok(), is_fine, "{body}");
    }
}

#[test]
fn one_kind_of_token_never_passes_for_the_other() {
    for (mut body, kind) in
        [(body_of_ann(), "client"), (body_of_visitor(), "admin"), (body_of_ann(), "Employee")]
    {
        body["use"] = json!(kind);
        assert_eq!(verified(&body).err(), Some(Unverified::Malformed), "{body}");
    }
    // With the claims of both it is only what it was signed for.
    let mut both = body_of_visitor();
    both["administrator"] = json!(true);
    assert!(matches!(verified(&both).map(|claims| claims.subject), Ok(Subject::Client(_))));
}

#[test]
fn what_would_not_be_verified_is_not_signed() {
    let signer = signer();
    let nameless = Employee { name: String::new(), ..ann() };
    assert_eq!(signer.sign_employee("demo", nameless, LATER), Err(Unsigned::OutOfBounds));
    assert_eq!(signer.sign_employee("", ann(), LATER), Err(Unsigned::OutOfBounds));
    let odd = Client { external_id: "a\tb".to_owned(), ..visitor() };
    assert_eq!(signer.sign_client("demo", odd, LATER), Err(Unsigned::OutOfBounds));
    let contact = Contact { kind: "😀".repeat(100), value: "😀".repeat(200) };
    let talkative = Client { contacts: vec![contact; 10], ..visitor() };
    assert_eq!(signer.sign_client("demo", talkative, LATER), Err(Unsigned::TooLong));
}
