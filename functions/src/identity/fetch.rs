//! Fetches the public keys of an identity provider, over https or from loopback, within bounds of time
//! and size.

use std::time::Duration;

use aws_smithy_http_client::default_connector;
use aws_smithy_runtime_api::client::http::{
    HttpConnector as _, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::byte_stream::ByteStream;
use http::Uri;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::jwks::Provider;

/// The longest time that a provider may take to answer. A caller with a token of that provider
/// waits as long, once a minute at most.
const TIMEOUT: Duration = Duration::from_secs(3);
/// The longest answer, in bytes: many times what the largest providers publish.
const BODY_BYTES: usize = 256 * 1024;
/// The most keys that are held of a provider.
const KEYS: usize = 100;
const DISCOVERY: &str = ".well-known/openid-configuration";

/// Asks providers, over the SDK's own HTTP and TLS.
#[derive(Clone, Debug)]
pub(super) struct Fetcher {
    connector: SharedHttpConnector,
}

/// The reason why there are no keys, for the log.
pub(super) type Unfetched = String;

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

impl Fetcher {
    /// None if the SDK was built without TLS.
    pub(super) fn new() -> Option<Self> {
        let settings =
            HttpConnectorSettings::builder().connect_timeout(TIMEOUT).read_timeout(TIMEOUT).build();
        Some(Self { connector: default_connector(&settings, None)? })
    }

    /// Returns the keys that a provider publishes now.
    pub(super) async fn keys(&self, provider: &Provider) -> Result<JwkSet, Unfetched> {
        tokio::time::timeout(TIMEOUT, self.ask(provider))
            .await
            .unwrap_or_else(|_| Err(format!("no answer within {TIMEOUT:?}")))
    }

    async fn ask(&self, provider: &Provider) -> Result<JwkSet, Unfetched> {
        let address = match &provider.jwks_uri {
            Some(address) => address.clone(),
            None => self.discover(&provider.issuer).await?,
        };
        let KeySet { keys } = self.get(&address).await?;
        // One of a kind that is not known here does not hide the others.
        let known = |key: Value| serde_json::from_value::<Jwk>(key).ok();
        Ok(JwkSet { keys: keys.into_iter().filter_map(known).take(KEYS).collect() })
    }

    async fn discover(&self, issuer: &str) -> Result<String, Unfetched> {
        let address = format!("{}/{DISCOVERY}", issuer.trim_end_matches('/'));
        let found: Discovery = self.get(&address).await?;
        if found.issuer != issuer {
            return Err(format!("{address} is of another issuer, {}", found.issuer));
        }
        Ok(found.jwks_uri)
    }

    async fn get<T: DeserializeOwned>(&self, address: &str) -> Result<T, Unfetched> {
        if !is_secure(address) {
            return Err(format!("{address} is not https"));
        }
        let wrong = |why: &dyn std::fmt::Display| format!("{address}: {why}");
        let mut request = HttpRequest::get(address).map_err(|why| wrong(&why))?;
        request.headers_mut().insert("accept", "application/json");
        let answer = self.connector.call(request).await.map_err(|why| wrong(&why))?;
        if answer.status().as_u16() != 200 {
            return Err(wrong(&format!("status {}", answer.status().as_u16())));
        }
        let mut body = ByteStream::new(answer.into_body());
        let mut bytes = Vec::new();
        while let Some(part) = body.next().await {
            bytes.extend_from_slice(&part.map_err(|why| wrong(&why))?);
            if bytes.len() > BODY_BYTES {
                return Err(wrong(&format!("more than {BODY_BYTES} bytes")));
            }
        }
        serde_json::from_slice(&bytes).map_err(|why| wrong(&why))
    }
}

/// Returns true if the answer of this address cannot be changed on the way: it is https, or on this
/// machine.
pub(super) fn is_secure(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let is_here = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match uri.scheme_str() {
        Some("https") => uri.host().is_some(),
        Some("http") => is_here,
        _ => false,
    }
}
