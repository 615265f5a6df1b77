//! Tests of the settings that are accepted and those that are passed over.

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
    full["tenants"] = json!(["acme", "globex"]);
    full["claims"] = json!({ "id": "oid", "name": ["email"],
        "administrator": { "claim": "cognito:groups", "value": "admins" } });
    let key = json!({ "id": "2026-11", "privateKey": *ONE,
        "signsFrom": "2026-11-25T12:00:00Z", "retiresAt": "2027-11-25T12:00:00Z" });
    let settings = parsed(&json!([full]), &json!([key])).expect("settings");
    assert_eq!(settings.providers[0].tenant, TenantOf::Claim("custom:tenant".to_owned()));
    let tenants = ["acme", "globex"].map(str::to_owned).to_vec();
    assert_eq!(settings.providers[0].tenants, Some(tenants));
    assert_eq!(settings.skipped, []);
    let administrator = settings.providers[0].claims.administrator.as_ref();
    assert_eq!(administrator.map(|group| group.value.as_str()), Some("admins"));
    assert!(settings.widget_keys[0].signs_from < settings.widget_keys[0].retires_at);
}

fn skipped(settings: &Settings) -> Vec<String> {
    settings.skipped.iter().map(ToString::to_string).collect()
}

#[test]
fn what_would_let_others_in_is_passed_over_and_the_others_are_trusted() {
    type Is = fn(&Misconfigured) -> bool;
    let cases: [(&str, Value, Is); 10] = [
        ("issuer", json!("http://example.com"), |why| matches!(why, Misconfigured::Insecure(_))),
        ("jwksUri", json!("http://127.0.0.1.example.com/"), |why| {
            matches!(why, Misconfigured::Insecure(_))
        }),
        ("jwksUri", json!("file:///etc/keys"), |why| matches!(why, Misconfigured::Insecure(_))),
        ("algorithm", json!("HS256"), |why| matches!(why, Misconfigured::SymmetricAlgorithm)),
        ("algorithm", json!("none"), |why| matches!(why, Misconfigured::NotSettings(_))),
        ("algorithm", json!("ML-DSA-65"), |why| matches!(why, Misconfigured::NotSettings(_))),
        ("audiences", json!([]), |why| matches!(why, Misconfigured::NoAudience)),
        ("audiences", json!("desk"), |why| matches!(why, Misconfigured::NotSettings(_))),
        ("tenants", json!(["acme"]), |why| matches!(why, Misconfigured::TenantsWithoutClaim)),
        ("tenant", json!({ "byDomain": "acme.example" }), |why| {
            matches!(why, Misconfigured::NotSettings(_))
        }),
    ];
    let mut good = provider();
    good["issuer"] = json!("https://id.globex.example");
    for (name, value, is) in cases {
        let mut wrong = provider();
        wrong[name] = value.clone();
        let settings = parsed(&json!([wrong, good, 7]), &json!([])).expect("settings");
        let [Skipped::Provider(0, why), Skipped::Provider(2, _)] = &settings.skipped[..] else {
            panic!("{name} {value}: {:?}", settings.skipped)
        };
        assert!(is(why), "{name} {value}: {why:?}");
        let issuers: Vec<_> = settings.providers.iter().map(|one| one.issuer.as_str()).collect();
        assert_eq!(issuers, ["https://id.globex.example"]);
    }
    let mut second = provider();
    second["tenant"] = json!({ "fixed": "globex" });
    let twice = parsed(&json!([provider(), second]), &json!([])).expect("settings");
    assert_eq!(twice.skipped, [Skipped::Provider(1, Misconfigured::DuplicateIssuer)]);
    assert_eq!(twice.providers[0].tenant, TenantOf::Fixed("acme".to_owned()));
}

#[test]
fn what_is_no_settings_is_refused_as_a_whole() {
    for whole in ["nonsense", "7", "[]", "null", r#"{"providers":7}"#, r#"{"widgetKeys":{}}"#] {
        let refused = Settings::parse(whole);
        assert!(matches!(refused, Err(Misconfigured::NotSettings(_))), "{whole}: {refused:?}");
    }
}

#[test]
fn what_a_newer_version_wrote_is_passed_over() {
    let mut newer = provider();
    newer["sessionHours"] = json!(8);
    newer["claims"] = json!({ "id": "oid", "locale": "lang",
        "administrator": { "claim": "groups", "value": "admins", "since": 1 } });
    let whole = json!({
        "providers": [newer],
        "widgetKeys": [{ "id": "1", "privateKey": *ONE, "region": "eu" }],
        "messengers": { "telegram": true },
    });
    let settings = Settings::parse(&whole.to_string()).expect("settings");
    assert_eq!((settings.providers.len(), settings.widget_keys.len()), (1, 1));
    assert_eq!(settings.providers[0].claims.id, "oid");
    // Said all the same: it may be a slip of the pen.
    assert_eq!(
        skipped(&settings),
        [
            "messengers is not known",
            "providers[0].sessionHours is not known",
            "providers[0].claims.locale is not known",
            "widgetKeys[0].region is not known",
        ]
    );
}

#[test]
fn a_tenant_is_served_as_long_as_a_provider_is_of_it() {
    let serves = |providers: &Value, tenant: &str| {
        parsed(providers, &json!([])).expect("settings").tenants.have(tenant)
    };
    assert!(serves(&json!([provider()]), "acme"));
    assert!(!serves(&json!([provider()]), "globex"));
    assert!(!serves(&json!([]), "acme"));
    // A slip of the pen locks nobody's clients out, whether it can be seen whose it is or not.
    let mut slip = provider();
    slip["algorithm"] = json!("RS-256");
    assert!(serves(&json!([slip]), "acme"));
    assert!(!serves(&json!([slip]), "globex"));
    slip.as_object_mut().expect("a provider").remove("tenant");
    assert!(serves(&json!([slip]), "globex"));
    // Nobody knows whom one serves that names tenants in its tokens.
    let mut many = provider();
    many["tenant"] = json!({ "claim": "tenant" });
    assert!(serves(&json!([many]), "anybody"));
    // Unless they are listed.
    many["tenants"] = json!(["acme", "globex"]);
    assert!(serves(&json!([many]), "acme") && serves(&json!([many]), "globex"));
    assert!(!serves(&json!([many]), "anybody"));
    assert!(serves(&json!([many, provider()]), "acme"), "one of them serves it");
    many["tenants"] = json!([]);
    assert!(!serves(&json!([many]), "acme"));
    many["algorithm"] = json!("RS-256");
    many["tenants"] = json!(["acme"]);
    assert!(serves(&json!([many]), "acme") && !serves(&json!([many]), "anybody"), "a slip");
}

#[test]
fn a_list_of_tenants_that_is_none_lets_nobody_in_and_locks_no_client_out() {
    for wrong in [json!("acme"), json!({ "acme": true }), json!(["acme", 7]), json!(null)] {
        let mut many = provider();
        many["tenant"] = json!({ "claim": "tenant" });
        many["tenants"] = wrong.clone();
        let settings = parsed(&json!([many]), &json!([])).expect("settings");
        let is_skipped =
            matches!(&settings.skipped[..], [Skipped::Provider(0, Misconfigured::NotSettings(_))]);
        assert!(is_skipped, "{wrong}: {:?}", settings.skipped);
        assert_eq!(settings.providers, []);
        assert!(settings.tenants.have("globex"), "{wrong}");
    }
}

#[test]
fn what_is_wrong_with_a_key_is_told_without_the_key() {
    let broken = ONE.replace('A', "B");
    let keys = json!([
        { "id": "k", "privateKey": broken },
        *ONE,
        { "id": 7, "privateKey": *ONE },
        { "id": "good", "privateKey": *ONE },
    ]);
    let settings = parsed(&json!([]), &keys).expect("settings");
    let told = skipped(&settings).join("; ");
    assert!(told.contains("key k") && told.contains("widgetKeys[1]"), "{told}");
    assert!(!told.contains("BEGIN"), "{told}");
    let kept: Vec<_> = settings.widget_keys.iter().map(|key| key.id.as_str()).collect();
    assert_eq!(kept, ["good"]);
    let settings = parsed(&json!([]), &json!([{ "id": "k", "privateKey": *ONE }]));
    let printed = format!("{:?}", settings.expect("settings"));
    assert!(printed.contains("\"k\"") && !printed.contains("BEGIN"), "{printed}");
}
