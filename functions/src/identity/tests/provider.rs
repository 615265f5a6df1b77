//! Tokens of an identity provider, with public keys.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{LATER, NOW, verifier};
use crate::identity::*;

const PROVIDER: &str = "https://cognito.test/pool";

/// The key pair of RFC 8037, appendix A.
pub(super) const ED25519_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
pub(super) const ED25519_PKCS8: [u8; 48] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
    0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];

/// A public key whose private half was thrown away, and a token it signed: of Ann, until 2100.
const RSA_N: &str = concat!(
    "nN7sw2NHs2-kfhuy8jeBCqIjhXq09Bu7tPapC5zrlc4p4b8K9ZXpXOrLdiYh0QCimB2-lDyO9JtBS2t_FSvhTEuE7v",
    "dKbGlunoSwnUSbc6nMHjGevOHtDrrvV-9ZdLvd168dwwW9NqZlhJmn4C_L0ezzInrEaGSxNRvb_HRfluGxHIKtIyDF",
    "WozCcFno0n8h4PST3LDmoq-b0ChUm3c_wUK5dC_vCygBluXC5uwKlqWDBRWMKlbnksRetm5LQXGacGPYGNg9wb1zRF",
    "pGUd5Fea35hLn1NIezqkSrDexTl5ti0MjOsp0cQlCd0zVQqdQfFIPo-8HxaQRi60owKHOiIQ",
);
const RSA_TOKEN: &str = concat!(
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYS0xIiwidHlwIjoiSldUIn0",
    ".",
    "eyJpc3MiOiJodHRwczovL2NvZ25pdG8udGVzdC9wb29sIiwic3ViIjoiZjNhMSIsInVzZXJuYW1lIjoiYW5uIiwiY2",
    "xpZW50X2lkIjoiZGVzayIsInRva2VuX3VzZSI6ImFjY2VzcyIsImNvZ25pdG86Z3JvdXBzIjpbImFkbWlucyJdLCJl",
    "eHAiOjQxMDI0NDQ4MDB9",
    ".",
    "Gr2HNeQNIAxFDgjzaGMwcNUgrH9fvQef72jFB08ellThbDI9LVB2TIkL9ksE7w9k1-HscQiIy25-8Rqfq4IAmmWIMF",
    "9a1DK5f3G8LrMWfG4ognUJLALJo5g9eGu13zXxjN8Chw_wohHtqfdwmtdH3_HBXHdcJ7nM0Lf-XAaiq97u5ipBaD64",
    "neR_oHaD-P1Ds61MrC_Gt_AwKzT5D2pGLYYmsSuUL-rYYpXa9RMg8t3jiaTqGbB0L_duAz6MO93VPOdVFaN-OCKUy3",
    "49ZiEcCFmJc1NJGoEPteO5Nmn1YcofJNOsQQNG-WH7nFXe4Evm1BqGwFx44YcSU88ZKVz2VA",
);

fn provider(algorithm: Algorithm) -> Provider {
    Provider {
        issuer: PROVIDER.to_owned(),
        jwks_uri: None,
        tenant: TenantOf::Fixed("demo".to_owned()),
        tenants: None,
        algorithm,
        audiences: vec!["desk".to_owned()],
        claims: ClaimNames {
            administrator: Some(Group {
                claim: "cognito:groups".to_owned(),
                value: "admins".to_owned(),
            }),
            ..ClaimNames::default()
        },
    }
}

fn set(keys: Value) -> JwkSet {
    serde_json::from_value(json!({ "keys": keys })).expect("a key set")
}

fn ed_key(id: &str) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": ED25519_X, "kid": id, "use": "sig", "alg": "EdDSA" })
}

fn rsa_key() -> Value {
    json!({ "kty": "RSA", "n": RSA_N, "e": "AQAB", "kid": "rsa-1", "use": "sig", "alg": "RS256" })
}

fn holding(algorithm: Algorithm, keys: Value) -> Verifier {
    let jwks = Jwks::new(provider(algorithm), &set(keys)).expect("a provider");
    Verifier::new(vec![Issuer::Jwks(jwks)]).expect("one issuer")
}

fn body() -> Value {
    json!({ "iss": PROVIDER, "sub": "f3a1", "name": "Ann", "aud": ["x", "desk"], "exp": LATER })
}

fn signed(key_id: Option<&str>, body: &Value) -> String {
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = key_id.map(str::to_owned);
    encode(&header, body, &EncodingKey::from_ed_der(&ED25519_PKCS8)).expect("a token")
}

fn outcome(body: &Value) -> Result<Claims, Unverified> {
    holding(Algorithm::EdDSA, json!([ed_key("1")])).verify(&signed(Some("1"), body), NOW)
}

/// The library panics on first use unless exactly one of its providers is compiled in: in each family.
#[test]
fn the_cryptography_is_there() {
    let rsa = holding(Algorithm::RS256, json!([rsa_key()]));
    let claims = rsa.verify(RSA_TOKEN, NOW).expect("a token of Ann");
    let ann = Employee { id: "f3a1".to_owned(), name: "ann".to_owned(), is_administrator: true };
    assert_eq!(claims.subject, Subject::Employee(ann));
    assert_eq!((claims.tenant.as_str(), claims.expires_at_seconds), ("demo", 4_102_444_800));
    assert!(outcome(&body()).is_ok());
    let secret = super::signer().sign_employee("demo", super::ann(), LATER).expect("a token");
    assert!(verifier().verify(&secret, NOW).is_ok());
}

#[test]
fn the_tenant_is_the_providers_whatever_the_token_says() {
    let mut body = body();
    body["tenant"] = json!("other");
    assert_eq!(outcome(&body).map(|claims| claims.tenant), Ok("demo".to_owned()));
}

#[test]
fn a_claim_names_a_tenant_of_the_list_or_any_where_there_is_none() {
    let outcome = |listed: Option<&[&str]>, named: &str| {
        let mut provider = provider(Algorithm::EdDSA);
        provider.tenant = TenantOf::Claim("company".to_owned());
        provider.tenants = listed.map(|listed| listed.iter().map(ToString::to_string).collect());
        let jwks = Jwks::new(provider, &set(json!([ed_key("1")]))).expect("a provider");
        let verifier = Verifier::new(vec![Issuer::Jwks(jwks)]).expect("one issuer");
        let mut body = body();
        body["company"] = json!(named);
        verifier.verify(&signed(Some("1"), &body), NOW).map(|claims| claims.tenant)
    };
    for (listed, named, is_let_in) in [
        (None, "acme", true),
        (Some(&["acme", "globex"][..]), "globex", true),
        (Some(&["acme"]), "globex", false),
        (Some(&["acme"]), "Acme", false),
        (Some(&[]), "acme", false),
    ] {
        let expected =
            if is_let_in { Ok(named.to_owned()) } else { Err(Unverified::WrongAudience) };
        assert_eq!(outcome(listed, named), expected, "{listed:?} {named}");
    }
}

#[test]
fn a_token_is_meant_for_us_by_aud_or_where_there_is_none_by_client_id() {
    for (audience, client_id, is_ours) in [
        (json!("desk"), json!(null), true),
        (json!(["x", "desk"]), json!("x"), true),
        (json!("x"), json!("desk"), false),
        (json!([]), json!("desk"), false),
        (json!(7), json!("desk"), false),
        (Value::Null, json!("desk"), true),
        (Value::Null, json!("x"), false),
        (Value::Null, Value::Null, false),
    ] {
        let mut body = body();
        let claims = body.as_object_mut().expect("an object");
        claims.remove("aud");
        for (claim, value) in [("aud", audience), ("client_id", client_id)] {
            if !value.is_null() {
                claims.insert(claim.to_owned(), value);
            }
        }
        let expected = (!is_ours).then_some(Unverified::WrongAudience);
        assert_eq!(outcome(&body).err(), expected, "{body}");
    }
}

#[test]
fn a_name_is_the_best_there_is() {
    for (claims, expected) in [
        (json!({ "name": "Ann", "username": "a" }), Ok("Ann")),
        (json!({ "preferred_username": "ann", "username": "a" }), Ok("ann")),
        (json!({ "username": "a" }), Ok("a")),
        (json!({}), Err(Unverified::Malformed)),
        (json!({ "name": "a\nb" }), Err(Unverified::Malformed)),
    ] {
        let mut body = body();
        let all = body.as_object_mut().expect("an object");
        all.remove("name");
        all.extend(claims.as_object().expect("an object").clone());
        let name = outcome(&body).map(|claims| match claims.subject {
            Subject::Employee(employee) => employee.name,
            Subject::Client(client) => panic!("{client:?}"),
        });
        assert_eq!(name, expected.map(str::to_owned), "{body}");
    }
}

#[test]
fn only_the_group_makes_an_administrator() {
    for (groups, expected) in [
        (json!(["admins"]), true),
        (json!("admins"), true),
        (json!(["users"]), false),
        (json!({ "admins": true }), false),
        (json!(true), false),
    ] {
        let mut body = body();
        body["cognito:groups"] = groups;
        body["administrator"] = json!(true);
        let Ok(Claims { subject: Subject::Employee(employee), .. }) = outcome(&body) else {
            panic!("{body}");
        };
        assert_eq!(employee.is_administrator, expected, "{body}");
    }
}

#[test]
fn claims_stand_where_the_settings_say() {
    let named = Provider {
        tenant: TenantOf::Claim("custom:company".to_owned()),
        claims: ClaimNames {
            id: "oid".to_owned(),
            name: vec!["nickname".to_owned(), "email".to_owned()],
            administrator: None,
        },
        ..provider(Algorithm::EdDSA)
    };
    let own = Provider {
        issuer: "https://own.test".to_owned(),
        tenant: TenantOf::Fixed("acme".to_owned()),
        ..provider(Algorithm::EdDSA)
    };
    let keys = set(json!([ed_key("1")]));
    let issuers = [named, own].map(|one| Issuer::Jwks(Jwks::new(one, &keys).expect("a provider")));
    let verifier = Verifier::new(issuers.to_vec()).expect("two issuers");
    let outcome = |company: Value| {
        let mut body = json!({ "iss": PROVIDER, "sub": "x", "oid": "o-1", "email": "a@b.c",
            "aud": "desk", "exp": LATER });
        body["custom:company"] = company;
        verifier.verify(&signed(Some("1"), &body), NOW)
    };
    let Ok(Claims { tenant, subject: Subject::Employee(employee), .. }) = outcome(json!("globex"))
    else {
        panic!("an employee")
    };
    assert_eq!((tenant.as_str(), employee.id.as_str()), ("globex", "o-1"));
    assert_eq!(employee.name, "a@b.c");
    // A tenant with a provider of its own is nobody else's to name.
    assert_eq!(outcome(json!("acme")).err(), Some(Unverified::WrongAudience));
    assert_eq!(outcome(json!(null)).err(), Some(Unverified::Malformed));
}

#[test]
fn a_provider_has_no_clients() {
    let mut body = body();
    body["use"] = json!("client");
    assert_eq!(outcome(&body).err(), Some(Unverified::WrongAudience));
}

#[test]
fn a_public_key_is_never_taken_for_a_secret() {
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("1".to_owned());
    for secret in [ED25519_X.as_bytes(), RSA_N.as_bytes()] {
        let token = encode(&header, &body(), &EncodingKey::from_secret(secret)).expect("a token");
        for (algorithm, key) in [(Algorithm::EdDSA, ed_key("1")), (Algorithm::RS256, rsa_key())] {
            let outcome = holding(algorithm, json!([key])).verify(&token, NOW);
            assert_eq!(outcome.err(), Some(Unverified::WrongAlgorithm));
        }
    }
    let symmetric = Jwks::new(provider(Algorithm::HS256), &set(json!([])));
    assert!(matches!(symmetric, Err(Misconfigured::SymmetricAlgorithm)));
}

#[test]
fn a_provider_without_an_audience_is_refused() {
    let open = Provider { audiences: Vec::new(), ..provider(Algorithm::EdDSA) };
    assert!(matches!(Jwks::new(open, &set(json!([]))), Err(Misconfigured::NoAudience)));
}

#[test]
fn an_unknown_key_says_whose_keys_to_fetch_and_helps_once_they_are_held() {
    let mut verifier = holding(Algorithm::EdDSA, json!([ed_key("1"), ed_key("2")]));
    let unknown = Some(Unverified::UnknownKey { issuer: PROVIDER.to_owned() });
    for (key_id, expected) in [
        (Some("1"), None),
        (Some("2"), None),
        (Some("3"), unknown.clone()),
        (None, unknown.clone()),
    ] {
        assert_eq!(verifier.verify(&signed(key_id, &body()), NOW).err(), expected, "{key_id:?}");
    }
    verifier.replace_keys("https://elsewhere.test", &set(json!([ed_key("3")])));
    assert_eq!(verifier.verify(&signed(Some("3"), &body()), NOW).err(), unknown);
    verifier.replace_keys(PROVIDER, &set(json!([ed_key("3")])));
    assert!(verifier.verify(&signed(Some("3"), &body()), NOW).is_ok());
    assert!(verifier.verify(&signed(None, &body()), NOW).is_ok());
    assert_eq!(verifier.verify(&signed(Some("1"), &body()), NOW).err(), unknown);
}

#[test]
fn keys_for_another_algorithm_or_for_encryption_are_not_held() {
    let mut encryption = ed_key("1");
    encryption["use"] = json!("enc");
    let mut mislabelled = rsa_key();
    mislabelled["kid"] = json!("1");
    let secret = json!({ "kty": "oct", "k": "AAAA", "kid": "1" });
    let verifier = holding(Algorithm::EdDSA, json!([encryption, mislabelled, secret]));
    let unknown = Some(Unverified::UnknownKey { issuer: PROVIDER.to_owned() });
    assert_eq!(verifier.verify(&signed(Some("1"), &body()), NOW).err(), unknown);
}
