//! What the settings may say.

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::widget::ONE;
use crate::identity::*;

fn provider() -> Value {
    json!({
        "issuer": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_a",
        "algorithm": "RS256",
        "audiences": ["desk"],
        "tenant": { "fixed": "acme" },
    })
}

fn parsed(providers: &Value, keys: &Value) -> Result<Settings, Misconfigured> {
    Settings::parse(&json!({ "providers": providers, "widgetKeys": keys }).to_string())
}

#[test]
fn what_is_not_said_is_as_openid_connect_has_it() {
    let settings = parsed(&json!([provider()]), &json!([])).expect("settings");
    let read = &settings.providers[0];
    assert_eq!((read.algorithm, &read.jwks_uri), (Algorithm::RS256, &None));
    assert_eq!(read.tenant, TenantOf::Fixed("acme".to_owned()));
    assert_eq!(read.claims, ClaimNames::default());
    assert_eq!(read.claims.id, "sub");
    assert_eq!(Settings::parse("{}"), Ok(Settings::default()));
}

#[test]
fn everything_can_be_said() {
    let mut full = provider();
    full["jwksUri"] = json!("https://keys.example.com/acme");
    full["tenant"] = json!({ "claim": "custom:tenant" });
    full["claims"] = json!({ "id": "oid", "name": ["email"],
        "administrator": { "claim": "cognito:groups", "value": "admins" } });
    let key = json!({ "id": "2026-11", "privateKey": *ONE,
        "signsFrom": "2026-11-25T12:00:00Z", "retiresAt": "2027-11-25T12:00:00Z" });
    let settings = parsed(&json!([full]), &json!([key])).expect("settings");
    assert_eq!(settings.providers[0].tenant, TenantOf::Claim("custom:tenant".to_owned()));
    let administrator = settings.providers[0].claims.administrator.as_ref();
    assert_eq!(administrator.map(|group| group.value.as_str()), Some("admins"));
    assert!(settings.widget_keys[0].signs_from < settings.widget_keys[0].retires_at);
}

#[test]
fn what_would_let_others_in_is_refused() {
    type Is = fn(&Misconfigured) -> bool;
    let cases: [(&str, Value, Is); 7] = [
        ("issuer", json!("http://example.com"), |why| matches!(why, Misconfigured::Insecure(_))),
        ("jwksUri", json!("http://127.0.0.1.example.com/"), |why| {
            matches!(why, Misconfigured::Insecure(_))
        }),
        ("jwksUri", json!("file:///etc/keys"), |why| matches!(why, Misconfigured::Insecure(_))),
        ("algorithm", json!("HS256"), |why| matches!(why, Misconfigured::SymmetricAlgorithm)),
        ("algorithm", json!("none"), |why| matches!(why, Misconfigured::NotSettings(_))),
        ("audiences", json!([]), |why| matches!(why, Misconfigured::NoAudience)),
        ("audience", json!("desk"), |why| matches!(why, Misconfigured::NotSettings(_))),
    ];
    for (name, value, is) in cases {
        let mut wrong = provider();
        wrong[name] = value.clone();
        let refused = parsed(&json!([wrong]), &json!([])).expect_err("refused");
        assert!(is(&refused), "{name} {value}: {refused:?}");
    }
    let twice = parsed(&json!([provider(), provider()]), &json!([]));
    assert_eq!(twice, Err(Misconfigured::DuplicateIssuer));
    assert!(matches!(Settings::parse("nonsense"), Err(Misconfigured::NotSettings(_))));
}

#[test]
fn what_is_wrong_with_a_key_is_told_without_the_key() {
    let broken = ONE.replace('A', "B");
    let refused = parsed(&json!([]), &json!([{ "id": "k", "privateKey": broken }]));
    let told = refused.expect_err("refused").to_string();
    assert!(told.contains("key k") && !told.contains("BEGIN"), "{told}");
    let settings = parsed(&json!([]), &json!([{ "id": "k", "privateKey": *ONE }]));
    let printed = format!("{:?}", settings.expect("settings"));
    assert!(printed.contains("\"k\"") && !printed.contains("BEGIN"), "{printed}");
}
