//! Tests of fetching: which keys are fetched and when, from a provider that serves them over HTTP and
//! rotates them.

mod discovery;
mod settings;
mod tenant;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::provider::{ED25519_PKCS8, ED25519_X};
use super::{LATER, NOW};
use crate::identity::*;

/// A provider, with the keys that it publishes and the requests that it received.
#[derive(Clone)]
struct Provider {
    address: SocketAddr,
    published: Arc<Mutex<Option<Value>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Provider {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let provider = Self {
            address: listener.local_addr().expect("an address"),
            published: Arc::default(),
            asked: Arc::default(),
        };
        provider.publish(&["1"]);
        let routes = Router::new().fallback(answer).with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        provider
    }

    fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Publishes one key under these names, and one of an unknown kind.
    fn publish(&self, key_ids: &[&str]) {
        let key = |id: &&str| json!({ "kty": "OKP", "crv": "Ed25519", "x": ED25519_X, "kid": id, "alg": "EdDSA" });
        let mut keys: Vec<Value> = key_ids.iter().map(key).collect();
        keys.push(json!({ "kty": "LATTICE", "kid": "new" }));
        *self.published.lock().expect("unpoisoned") = Some(json!({ "keys": keys }));
    }

    fn fail(&self) {
        *self.published.lock().expect("unpoisoned") = None;
    }

    /// Returns the requests since the last call.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().expect("unpoisoned"))
    }

    fn token(&self, key_id: &str) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(key_id.to_owned());
        let body = json!({ "iss": self.issuer(), "sub": "a1", "name": "Ann", "aud": "desk", "exp": LATER * 2 });
        let key = EncodingKey::from_ed_der(&ED25519_PKCS8);
        format!("Bearer {}", encode(&header, &body, &key).expect("a token"))
    }
}

async fn answer(State(provider): State<Provider>, uri: Uri) -> (StatusCode, String) {
    provider.asked.lock().expect("unpoisoned").push(uri.path().to_owned());
    let published = provider.published.lock().expect("unpoisoned").clone();
    match (published, uri.path()) {
        (None, _) => (StatusCode::SERVICE_UNAVAILABLE, String::new()),
        (Some(_), "/.well-known/openid-configuration") => {
            let issuer = provider.issuer();
            let found = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") });
            (StatusCode::OK, found.to_string())
        }
        (Some(_), "/large") => (StatusCode::OK, " ".repeat(1024 * 1024)),
        (Some(_), "/elsewhere") => (StatusCode::FOUND, String::new()),
        (Some(keys), _) => (StatusCode::OK, keys.to_string()),
    }
}

/// Settings in a file, and the identity that reads them.
struct Desk {
    place: TempDir,
    identity: Identity,
}

impl Desk {
    fn of(settings: &Value) -> Self {
        let place = tempfile::tempdir().expect("a place");
        let file = place.path().join("issuers.json");
        let identity = Identity::new(None, Source::File(file)).expect("an identity");
        let desk = Self { place, identity };
        desk.settle(settings);
        desk
    }

    fn settle(&self, settings: &Value) {
        let file: &Path = &self.place.path().join("issuers.json");
        std::fs::write(file, settings.to_string()).expect("written");
    }

    async fn outcome(&self, token: &str, now: i64) -> Result<String, Unidentified> {
        self.identity.authenticate(Some(token), now).await.map(|claims| claims.tenant)
    }
}

fn of(issuer: &str, tenant: &str) -> Value {
    json!({ "issuer": issuer, "jwksUri": format!("{issuer}/keys"), "algorithm": "EdDSA",
        "audiences": ["desk"], "tenant": { "fixed": tenant } })
}

fn trusting(provider: &Provider) -> Value {
    json!({ "providers": [of(&provider.issuer(), "acme")] })
}

const UNKNOWN: fn(&Provider) -> Result<String, Unidentified> =
    |provider| Err(Unverified::UnknownKey { issuer: provider.issuer() }.into());

#[tokio::test]
async fn keys_are_fetched_once_and_again_for_one_that_is_not_known_but_once_a_minute() {
    let provider = Provider::start().await;
    let desk = Desk::of(&trusting(&provider));
    let (first, second) = (provider.token("1"), provider.token("2"));
    for _ in 0..3 {
        assert_eq!(desk.outcome(&first, NOW).await, Ok("acme".to_owned()));
    }
    assert_eq!(provider.asked(), ["/keys"]);
    // The provider rotates. Nothing is restarted.
    assert_eq!(desk.outcome(&second, NOW + 59).await, UNKNOWN(&provider));
    provider.publish(&["1", "2"]);
    assert_eq!(desk.outcome(&second, NOW + 59).await, UNKNOWN(&provider));
    assert_eq!(provider.asked(), [""; 0]);
    assert_eq!(desk.outcome(&second, NOW + 60).await, Ok("acme".to_owned()));
    assert_eq!(desk.outcome(&first, NOW + 60).await, Ok("acme".to_owned()));
    // A caller who makes up keys does not make the service ask the provider.
    for tried in 0..20 {
        let made_up = provider.token(&format!("made up {tried}"));
        assert_eq!(desk.outcome(&made_up, NOW + 119).await, UNKNOWN(&provider));
    }
    assert_eq!(provider.asked(), ["/keys"]);
}

#[tokio::test]
async fn a_key_that_was_withdrawn_is_worth_nothing_an_hour_later() {
    let provider = Provider::start().await;
    let desk = Desk::of(&trusting(&provider));
    let token = provider.token("1");
    assert!(desk.outcome(&token, NOW).await.is_ok());
    provider.publish(&["2"]);
    assert!(desk.outcome(&token, NOW + 3599).await.is_ok());
    assert_eq!(desk.outcome(&token, NOW + 3600).await, UNKNOWN(&provider));
}

#[tokio::test]
async fn what_was_fetched_an_hour_ahead_is_fetched_again_when_the_clock_steps_back() {
    const AHEAD: i64 = NOW + 3600;
    let provider = Provider::start().await;
    let desk = Desk::of(&trusting(&provider));
    let (first, second) = (provider.token("1"), provider.token("2"));
    assert!(desk.outcome(&first, AHEAD).await.is_ok());
    assert_eq!(provider.asked(), ["/keys"]);
    provider.publish(&["2"]);
    assert!(desk.outcome(&second, NOW).await.is_ok(), "a new key is fetched");
    assert_eq!(desk.outcome(&first, NOW).await, UNKNOWN(&provider), "the withdrawn one is gone");
    assert_eq!(provider.asked(), ["/keys"]);
    // The settings as well, and after a failure too.
    desk.settle(&json!({ "providers": [of("https://id.globex.example", "globex")] }));
    assert!(desk.outcome(&second, AHEAD).await.is_err());
    desk.settle(&trusting(&provider));
    assert!(desk.outcome(&second, NOW).await.is_ok());
}

#[tokio::test]
async fn while_a_provider_is_away_its_known_keys_are_good() {
    let provider = Provider::start().await;
    let desk = Desk::of(&trusting(&provider));
    provider.fail();
    let token = provider.token("1");
    // Not "who are you": a client that is told so signs its user out.
    assert_eq!(desk.outcome(&token, NOW).await, Err(Unidentified::Unavailable));
    provider.publish(&["1"]);
    assert_eq!(desk.outcome(&token, NOW + 59).await, Err(Unidentified::Unavailable));
    assert!(desk.outcome(&token, NOW + 60).await.is_ok());
    provider.fail();
    assert!(desk.outcome(&token, NOW + 2 * 3600).await.is_ok());
    assert_eq!(
        desk.outcome(&provider.token("2"), NOW + 2 * 3600).await,
        Err(Unidentified::Unavailable)
    );
}

#[tokio::test]
async fn many_who_miss_the_same_key_ask_once() {
    let provider = Provider::start().await;
    let desk = Desk::of(&trusting(&provider));
    let token = provider.token("1");
    let all = futures::future::join_all((0..50).map(|_| desk.outcome(&token, NOW))).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(provider.asked(), ["/keys"]);
}
