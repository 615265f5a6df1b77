//! Tokens of the widget's clients, and the rotation of their keys.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use time::OffsetDateTime;

use super::{LATER, NOW, ann, visitor};
use crate::identity::*;

/// Two private keys, as settings have them.
pub(super) static ONE: LazyLock<String> = LazyLock::new(private_key);
pub(super) static TWO: LazyLock<String> = LazyLock::new(private_key);

fn private_key() -> String {
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let der = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).expect("a key pair");
    let kind = "PRIVATE KEY";
    let text = STANDARD.encode(der.as_ref());
    format!("-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n")
}

fn key(id: &str, pem: &str, signs_from: Option<i64>, retires_at: Option<i64>) -> WidgetKey {
    let at = |seconds| OffsetDateTime::from_unix_timestamp(seconds).expect("a time");
    WidgetKey {
        id: id.to_owned(),
        private_key: pem.to_owned(),
        signs_from: signs_from.map(at),
        retires_at: retires_at.map(at),
    }
}

fn keys(keys: &[WidgetKey]) -> WidgetKeys {
    WidgetKeys::new(keys).expect("keys")
}

fn verifier(held: &[WidgetKey]) -> Verifier {
    Verifier::new(vec![Issuer::Widget(keys(held))]).expect("one issuer")
}

fn signed(held: &[WidgetKey], now: i64) -> String {
    let signer = keys(held).signer(now).expect("a key that signs");
    signer.sign_client("demo", visitor(), LATER).expect("a token")
}

#[test]
fn a_client_is_who_was_signed() {
    let held = [key("1", &ONE, None, None)];
    let claims = verifier(&held).verify(&signed(&held, NOW), NOW).expect("a token of the visitor");
    assert_eq!((claims.tenant.as_str(), claims.subject), ("demo", Subject::Client(visitor())));
    let other = [key("1", &TWO, None, None)];
    let forged = verifier(&held).verify(&signed(&other, NOW), NOW);
    assert_eq!(forged.err(), Some(Unverified::WrongSignature));
}

#[test]
fn no_employee_comes_in_by_a_key_of_the_widget() {
    let held = [key("1", &ONE, None, None)];
    let signer = keys(&held).signer(NOW).expect("a key that signs");
    let employee = signer.sign_employee("demo", ann(), LATER).expect("a token");
    let verified = verifier(&held).verify(&employee, NOW);
    assert_eq!(verified.err(), Some(Unverified::WrongAudience));
}

#[test]
fn the_key_that_began_last_signs_and_the_one_before_verifies_until_it_retires() {
    let held = [key("1", &ONE, None, Some(NOW + 200)), key("2", &TWO, Some(NOW + 100), None)];
    let (before, after) = (signed(&held, NOW + 99), signed(&held, NOW + 100));
    let verify = |token: &str, now| verifier(&held).verify(token, now).err();
    // Known before it signs, so that no instance meets what it does not know.
    assert_eq!([verify(&before, NOW), verify(&after, NOW)], [None, None]);
    assert_eq!(verifier(&held[..1]).verify(&before, NOW).err(), None);
    let unknown = Some(Unverified::UnknownKey { issuer: "chatdesk-widget".to_owned() });
    assert_eq!(verifier(&held[..1]).verify(&after, NOW).err(), unknown);
    assert_eq!([verify(&before, NOW + 199), verify(&before, NOW + 200)], [None, unknown.clone()]);
    assert_eq!(verify(&after, NOW + 200), None);
    // Not even to be exchanged for a new one.
    let exchanged = verifier(&held).verify_even_expired(&before, NOW + 200);
    assert_eq!(exchanged.err(), unknown);
    assert!(verifier(&held).verify_even_expired(&after, LATER + 1).is_ok());
}

#[test]
fn without_a_key_that_has_begun_nobody_signs() {
    assert!(keys(&[]).signer(NOW).is_none());
    assert!(keys(&[key("1", &ONE, Some(NOW + 1), None)]).signer(NOW).is_none());
    assert!(keys(&[key("1", &ONE, None, Some(NOW))]).signer(NOW).is_none());
}

#[test]
fn what_is_no_private_key_is_named() {
    for pem in ["", "nonsense", &ONE.replace("PRIVATE", "PUBLIC")] {
        let refused = WidgetKeys::new(&[key("2026-11", pem, None, None)]).err();
        assert_eq!(refused, Some(Misconfigured::NoWidgetKey("2026-11".to_owned())), "{pem}");
    }
}
