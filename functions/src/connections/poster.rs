//! Posts to connections: the hot path of every push.
//!
//! The SDK's client resolves an endpoint and an identity for each post, runs its interceptors and derives
//! a signing key: that is most of what a push costs. Here a post is one request of the same form, signed
//! by Signature Version 4 with a key that is derived once a day, and sent over the SDK's HTTP and TLS.
//! Everything else about connections is left to the SDK.

use std::sync::{Arc, OnceLock};

use aws_sdk_apigatewaymanagement::config::Credentials;
use aws_smithy_http_client::default_connector;
use aws_smithy_runtime_api::client::http::{
    HttpConnector as _, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use domain::Timestamp;
use http::Uri;
use sha2::{Digest as _, Sha256};

use crate::signing::{ALGORITHM, Moment, Signer, encoded, hex};

/// The service in the scope of a signature.
const SERVICE: &str = "execute-api";
/// The headers that are signed, without and with the token of temporary credentials.
const SIGNED: &str = "host;x-amz-date";
const SIGNED_WITH_TOKEN: &str = "host;x-amz-date;x-amz-security-token";

/// Posts to the connections of one API. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Poster {
    /// It is built at the first post, because few functions post.
    connector: Arc<OnceLock<Option<SharedHttpConnector>>>,
    target: Arc<Target>,
}

/// The API that takes the posts, and what signs them.
#[derive(Debug)]
struct Target {
    endpoint: String,
    host: String,
    path: String,
    signer: Signer,
}

impl Poster {
    /// Returns a poster to the API at an endpoint.
    pub(super) fn new(region: &str, credentials: Credentials, endpoint: &str) -> Self {
        let endpoint = endpoint.trim_end_matches('/');
        let uri = endpoint.parse::<Uri>().unwrap_or_default();
        let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
        let target = Target {
            endpoint: endpoint.to_owned(),
            host: authority,
            path: uri.path().trim_end_matches('/').to_owned(),
            signer: Signer::new(region, SERVICE, credentials),
        };
        Self { connector: Arc::default(), target: Arc::new(target) }
    }

    /// Returns the same poster over another connector.
    pub(super) fn over(self, connector: SharedHttpConnector) -> Self {
        Self { connector: Arc::new(OnceLock::from(Some(connector))), ..self }
    }

    /// Posts bytes to a connection. Returns the status of the answer, or none where there is no
    /// answer.
    pub(super) async fn post(
        &self,
        connection: &str,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> Option<u16> {
        let request = self.target.request(connection, bytes, now)?;
        let connector = self.connector.get_or_init(|| {
            let settings = HttpConnectorSettings::builder().connect_timeout(super::PATIENCE);
            default_connector(&settings.build(), None)
        });
        let answer = connector.as_ref()?.call(request).await;
        let answer = answer.inspect_err(|error| tracing::debug!(connection, %error, "no answer"));
        let answer = answer.ok()?;
        let status = answer.status().as_u16();
        // Its socket is free for another once the answer is read whole. The gateway has the frame.
        let _ = ByteStream::new(answer.into_body()).collect().await;
        Some(status)
    }
}

impl Target {
    fn request(&self, connection: &str, bytes: Vec<u8>, now: Timestamp) -> Option<HttpRequest> {
        let connection = encoded(connection, false);
        let path = format!("{}/@connections/{connection}", self.path);
        let moment = Moment::of(now);
        let token = self.signer.credentials.session_token();
        let authorization = self.authorization(&path, &bytes, &moment);
        let url = format!("{}/@connections/{connection}", self.endpoint);
        let mut request = HttpRequest::new(SdkBody::from(bytes));
        request.set_method("POST").ok()?;
        request.set_uri(url).ok()?;
        let headers = request.headers_mut();
        headers.insert("content-type", "application/octet-stream");
        headers.insert("x-amz-date", moment.stamp);
        if let Some(token) = token {
            headers.insert("x-amz-security-token", token.to_owned());
        }
        headers.insert("authorization", authorization);
        Some(request)
    }

    /// Returns the header that signs a post.
    fn authorization(&self, path: &str, bytes: &[u8], moment: &Moment) -> String {
        let (host, path, at) = (&self.host, encoded(path, true), &moment.stamp);
        let (signed, token) = match self.signer.credentials.session_token() {
            None => (SIGNED, String::new()),
            Some(token) => (SIGNED_WITH_TOKEN, format!("x-amz-security-token:{token}\n")),
        };
        let digest = hex(&Sha256::digest(bytes));
        let canonical =
            format!("POST\n{path}\n\nhost:{host}\nx-amz-date:{at}\n{token}\n{signed}\n{digest}");
        let signature = self.signer.sign(&canonical, moment);
        let credential = self.signer.credential(moment.day());
        format!(
            "{ALGORITHM} Credential={credential}, SignedHeaders={signed}, Signature={signature}"
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
    use aws_sigv4::sign::v4::SigningParams;

    use super::*;

    /// Returns the authorization that the SDK's library has for such a post.
    fn by_the_library(request: &HttpRequest, bytes: &[u8], poster: &Poster) -> String {
        let target = &poster.target;
        let identity = target.signer.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&target.signer.region)
            .name(SERVICE)
            .time(UNIX_EPOCH + Duration::from_millis(now().as_millis()))
            .settings(SigningSettings::default())
            .build()
            .unwrap();
        let headers = [("host", target.host.as_str())];
        let body = SignableBody::Bytes(bytes);
        let signable =
            SignableRequest::new("POST", request.uri(), headers.into_iter(), body).unwrap();
        let (instructions, _) = sign(signable, &params.into()).unwrap().into_parts();
        let (headers, _) = instructions.into_parts();
        headers.iter().find(|one| one.name() == "authorization").unwrap().value().to_owned()
    }

    fn now() -> Timestamp {
        Timestamp::from_millis(1_795_341_600_123)
    }

    #[test]
    fn a_post_is_signed_as_the_library_signs_it() {
        for (token, connection) in
            [(None, "L0SM9cOFvHcCIhw="), (Some("a+token/=="), "a b/c%"), (None, "ü")]
        {
            let credentials =
                Credentials::new("AKID", "secret", token.map(str::to_owned), None, "test");
            for endpoint in ["https://api.example.com/prod", "http://127.0.0.1:4001"] {
                let poster = Poster::new("eu-central-1", credentials.clone(), endpoint);
                // Twice: the key of the day is kept.
                for bytes in [b"{}".to_vec(), b"more".to_vec()] {
                    let request = poster.target.request(connection, bytes.clone(), now()).unwrap();
                    let ours = request.headers().get("authorization").unwrap();
                    assert_eq!(ours, by_the_library(&request, &bytes, &poster), "{connection}");
                }
            }
        }
    }
}
