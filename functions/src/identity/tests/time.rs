//! Tests of time: a token is judged by the time that the caller gives.

use serde_json::{Value, json};

use super::{LATER, NOW, body_of_ann, signed, verified, verifier};
use crate::identity::*;
use jsonwebtoken::{Algorithm, Header};

fn with(claim: &str, value: Value) -> Value {
    let mut body = body_of_ann();
    body[claim] = value;
    body
}

#[test]
fn a_token_is_worth_nothing_from_the_second_it_expires() {
    let token = signed(&Header::new(Algorithm::HS256), &body_of_ann());
    for (now, is_expired) in
        [(0, false), (LATER - 1, false), (LATER, true), (LATER + 1, true), (i64::MAX, true)]
    {
        let expected = if is_expired { Some(Unverified::Expired) } else { None };
        assert_eq!(verifier().verify(&token, now).err(), expected, "{now}");
    }
}

#[test]
fn a_token_may_start_thirty_seconds_ahead_of_our_clock() {
    for (start, expected) in [
        (json!(NOW), None),
        (json!(NOW + 30), None),
        (json!(NOW + 31), Some(Unverified::NotYetValid)),
        (json!(1e300), Some(Unverified::NotYetValid)),
        (json!(-1), None),
    ] {
        assert_eq!(verified(&with("nbf", start.clone())).err(), expected, "{start}");
    }
}

#[test]
fn times_that_are_no_numbers_are_malformed() {
    for value in [json!("1800003600"), json!(null), json!([LATER]), json!(true)] {
        for claim in ["exp", "nbf"] {
            let outcome = verified(&with(claim, value.clone()));
            assert_eq!(outcome.err(), Some(Unverified::Malformed), "{claim} {value}");
        }
    }
    assert_eq!(verified(&with("exp", json!(-5))).err(), Some(Unverified::Expired));
}

#[test]
fn an_expired_token_of_another_kind_of_fault_is_not_called_expired() {
    let mut body = with("exp", json!(NOW - 1));
    body["tenant"] = json!("");
    assert_eq!(verified(&body).err(), Some(Unverified::Malformed));
    let tampered = signed(&Header::new(Algorithm::HS256), &with("exp", json!(NOW - 1))) + "A";
    assert_ne!(verifier().verify(&tampered, NOW).err(), Some(Unverified::Expired));
}
