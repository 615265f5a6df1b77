//! Tests of tokens: what a token must be, and everything that it must not be.

mod bounds;
mod forgery;
mod held;
mod provider;
mod settings;
mod time;
mod widget;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use graphql::error::Code;

use super::*;

const ISSUER: &str = "chatdesk-local";
const SECRET: &[u8] = b"a secret of at least thirty-two bytes";
const NOW: i64 = 1_800_000_000;
const LATER: i64 = NOW + 3_600;

fn verifier() -> Verifier {
    let secret = Secret::new(ISSUER, SECRET).expect("a strong secret");
    Verifier::new(vec![Issuer::Secret(secret)]).expect("one issuer")
}

fn signer() -> Signer {
    Signer::new(ISSUER, SECRET).expect("a strong secret")
}

fn ann() -> Employee {
    Employee { id: "e-ann".to_owned(), name: "Ann".to_owned(), is_administrator: false }
}

fn visitor() -> Client {
    Client {
        live_chat: "support".to_owned(),
        channel: "web".to_owned(),
        external_id: "x-1".to_owned(),
        name: Some("Zoë 😀".to_owned()),
        contacts: vec![Contact { kind: "email".to_owned(), value: "z@example.com".to_owned() }],
    }
}

/// Returns the claims of a token of Ann's as they are signed, to be damaged.
fn body_of_ann() -> Value {
    json!({ "iss": ISSUER, "tenant": "demo", "use": "employee", "sub": "e-ann", "name": "Ann", "exp": LATER })
}

fn signed(header: &Header, body: &Value) -> String {
    encode(header, body, &EncodingKey::from_secret(SECRET)).expect("a token")
}

fn verified(body: &Value) -> Result<Claims, Unverified> {
    verifier().verify(&signed(&Header::new(Algorithm::HS256), body), NOW)
}

#[test]
fn an_employee_is_who_was_signed() {
    for is_administrator in [false, true] {
        let employee = Employee { is_administrator, ..ann() };
        let token = signer().sign_employee("demo", employee.clone(), LATER).expect("a token");
        assert_eq!(
            verifier().verify(&token, NOW),
            Ok(Claims {
                tenant: "demo".to_owned(),
                subject: Subject::Employee(employee),
                expires_at_seconds: LATER
            })
        );
    }
}

#[test]
fn a_client_is_who_was_signed() {
    for client in [visitor(), Client { name: None, contacts: Vec::new(), ..visitor() }] {
        let token = signer().sign_client("demo", client.clone(), LATER).expect("a token");
        let claims = verifier().verify(&token, NOW).expect("verified");
        assert_eq!(claims.subject, Subject::Client(client));
    }
}

#[test]
fn what_a_token_says_beyond_is_ignored() {
    let mut body = body_of_ann();
    body["iat"] = json!(NOW);
    body["live_chat"] = json!(["nonsense"]);
    assert!(verified(&body).is_ok());
}

#[test]
fn a_bearer_token_is_one_word_after_the_scheme() {
    for (header, expected) in [
        ("Bearer a.b-c_d", Some("a.b-c_d")),
        ("bearer x", Some("x")),
        ("BEARER   x ", Some("x")),
        ("Bearer", None),
        ("Bearer ", None),
        ("Bearerx", None),
        ("Bearer x y", None),
        ("Bearer x\ty", None),
        ("Bearer\u{a0}x", None),
        ("Bearer é", None),
        ("Basic x", None),
        ("x", None),
        ("", None),
    ] {
        assert_eq!(bearer(header), expected, "{header:?}");
    }
}

#[test]
fn an_authorization_is_missing_or_malformed_or_verified() {
    let token = signer().sign_employee("demo", ann(), LATER).expect("a token");
    let verifier = verifier();
    assert_eq!(verifier.authenticate(None, NOW), Err(Unverified::Missing));
    assert_eq!(verifier.authenticate(Some(&token), NOW), Err(Unverified::Malformed));
    assert_eq!(verifier.authenticate(Some("Basic eA=="), NOW), Err(Unverified::Malformed));
    assert!(verifier.authenticate(Some(&format!("Bearer {token}")), NOW).is_ok());
    assert_eq!(verifier.verify("", NOW), Err(Unverified::Missing));
}

#[test]
fn only_an_expired_token_has_a_code_of_its_own() {
    let unknown = Unverified::UnknownKey { issuer: String::new() };
    for unverified in [
        Unverified::Missing,
        Unverified::Malformed,
        Unverified::UnknownIssuer,
        Unverified::WrongAlgorithm,
        unknown,
        Unverified::WrongSignature,
        Unverified::WrongAudience,
        Unverified::NotYetValid,
    ] {
        assert_eq!(unverified.code(), Code::Unauthenticated, "{unverified}");
    }
    assert_eq!(Unverified::Expired.code(), Code::TokenExpired);
}

#[test]
fn settings_that_would_be_unsafe_are_refused() {
    let short = &SECRET[..31];
    assert!(matches!(Signer::new(ISSUER, short), Err(Misconfigured::WeakSecret)));
    let weak = Secret::new(ISSUER, short);
    assert!(matches!(weak, Err(Misconfigured::WeakSecret)));
    let twice = vec![
        Issuer::Secret(Secret::new(ISSUER, SECRET).expect("strong")),
        Issuer::Secret(Secret::new(ISSUER, SECRET).expect("strong")),
    ];
    assert!(matches!(Verifier::new(twice), Err(Misconfigured::DuplicateIssuer)));
}

#[test]
fn no_secret_is_ever_printed() {
    let printed = format!("{:?} {:?}", verifier(), signer());
    assert!(
        printed.contains("redacted") && !printed.contains(&format!("{}, {}", SECRET[0], SECRET[1]))
    );
    assert!(!printed.contains("thirty-two"));
}
