//! Tests of tokens that no trusted issuer signed, or not in this way.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{ISSUER, LATER, NOW, SECRET, ann, body_of_ann, signed, signer, verified, verifier};
use crate::identity::*;

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn outcome(token: &str) -> Option<Unverified> {
    verifier().verify(token, NOW).err()
}

#[test]
fn a_token_without_a_signature_is_no_token() {
    for algorithm in ["none", "None", "NONE", "nOnE", ""] {
        for signature in ["", "AA"] {
            let header = part(&json!({ "alg": algorithm, "typ": "JWT" }));
            let token = format!("{header}.{}.{signature}", part(&body_of_ann()));
            assert_eq!(outcome(&token), Some(Unverified::Malformed), "{algorithm} {signature}");
        }
    }
    let token = signer().sign_employee("demo", ann(), LATER).expect("a token");
    let (unsigned, _) = token.rsplit_once('.').expect("three parts");
    assert_eq!(outcome(&format!("{unsigned}.")), Some(Unverified::WrongSignature));
    assert_eq!(outcome(unsigned), Some(Unverified::Malformed));
}

#[test]
fn the_issuer_says_the_algorithm_and_not_the_token() {
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let token = signed(&Header::new(algorithm), &body_of_ann());
        assert_eq!(outcome(&token), Some(Unverified::WrongAlgorithm));
    }
    for algorithm in ["RS256", "PS256", "ES256", "EdDSA"] {
        let token = format!("{}.{}.AAAA", part(&json!({ "alg": algorithm })), part(&body_of_ann()));
        assert_eq!(outcome(&token), Some(Unverified::WrongAlgorithm), "{algorithm}");
    }
}

#[test]
fn another_secret_does_not_open() {
    let other = EncodingKey::from_secret(b"another secret of thirty-two bytes!!");
    let token = encode(&Header::new(Algorithm::HS256), &body_of_ann(), &other).expect("a token");
    assert_eq!(outcome(&token), Some(Unverified::WrongSignature));
}

#[test]
fn another_issuer_is_a_stranger() {
    for issuer in [json!("someone-else"), json!(""), json!("CHATDESK-LOCAL")] {
        let mut body = body_of_ann();
        body["iss"] = issuer;
        assert_eq!(verified(&body).err(), Some(Unverified::UnknownIssuer), "{body}");
    }
    for issuer in [json!([ISSUER]), json!(null), json!(7)] {
        let mut body = body_of_ann();
        body["iss"] = issuer;
        assert_eq!(verified(&body).err(), Some(Unverified::Malformed), "{body}");
    }
}

#[test]
fn no_character_of_a_token_may_change() {
    let token = signer().sign_employee("demo", ann(), LATER).expect("a token");
    for at in 0..token.len() {
        for other in ["A", "B", ".", "=", "\u{0}"] {
            let mut changed = token.clone();
            changed.replace_range(at..=at, other);
            if changed != token {
                assert!(
                    outcome(&changed).is_some_and(|why| why != Unverified::Expired),
                    "{changed}"
                );
            }
        }
    }
}

#[test]
fn a_tampered_payload_is_found_out() {
    let token = signer().sign_employee("demo", ann(), LATER).expect("a token");
    let parts: Vec<&str> = token.split('.').collect();
    for (claim, value) in [
        ("tenant", json!("other")),
        ("administrator", json!(true)),
        ("exp", json!(LATER + 1)),
        ("use", json!("client")),
    ] {
        let mut body = body_of_ann();
        body[claim] = value;
        let forged = format!("{}.{}.{}", parts[0], part(&body), parts[2]);
        assert_eq!(outcome(&forged), Some(Unverified::WrongSignature), "{claim}");
    }
}

#[test]
fn a_claim_that_stands_twice_is_not_read_in_two_ways() {
    let header = part(&json!({ "alg": "HS256" }));
    let payload = body_of_ann().to_string().replacen('{', "{\"iss\":\"someone-else\",", 1);
    let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(payload));
    let key = EncodingKey::from_secret(SECRET);
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).expect("signed");
    assert_eq!(outcome(&format!("{message}.{signature}")), Some(Unverified::Malformed));
}

#[test]
fn what_is_no_token_is_malformed() {
    let long = "a".repeat(TOKEN_BYTES + 1);
    for token in ["a", "..", "a.b.c", "....", "é.é.é", "e30.e30.e30", "bnVsbA.bnVsbA.", &long] {
        assert_eq!(outcome(token), Some(Unverified::Malformed), "{token}");
    }
}

#[test]
fn a_header_that_asks_for_more_than_we_know_is_malformed() {
    let mut critical = Header::new(Algorithm::HS256);
    critical.crit = Some(vec!["b64".to_owned()]);
    let mut other_type = Header::new(Algorithm::HS256);
    other_type.typ = Some("logout+jwt".to_owned());
    for header in [critical, other_type] {
        assert_eq!(outcome(&signed(&header, &body_of_ann())), Some(Unverified::Malformed));
    }
    for kind in [None, Some("jwt"), Some("at+JWT")] {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = kind.map(str::to_owned);
        assert_eq!(outcome(&signed(&header, &body_of_ann())), None);
    }
}
