//! Posts to connections through API Gateway's `@connections`.

use std::time::Duration;

use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::config::retry::RetryConfig;
use aws_sdk_apigatewaymanagement::config::timeout::TimeoutConfig;
use aws_sdk_apigatewaymanagement::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_apigatewaymanagement::error::ProvideErrorMetadata as _;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use metrics::counter;

use crate::observe::{GONE_CONNECTIONS, POSTS, REFUSED_POSTS};
use crate::socket::protocol::Frame;

/// How often a frame is posted to a connection that does not take it.
const TRIES: u32 = 5;
/// How long to wait before the first of the further tries; each waits twice as long as the last.
const PAUSE: Duration = Duration::from_millis(40);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);

/// The connections of the WebSocket API. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Connections {
    client: Client,
}

/// How a post ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Posted {
    /// The gateway has it.
    Sent,
    /// There is no such connection any more.
    Gone,
    /// The gateway does not take it: the connection is too slow, or the gateway has a fault.
    Refused,
}

impl Connections {
    /// The connections of the WebSocket API whose posts are taken at this endpoint.
    #[must_use]
    pub fn at(region: String, credentials: Credentials, endpoint: Option<String>) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .build();
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(credentials)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts);
        config.set_endpoint_url(endpoint);
        Self { client: Client::from_conf(config.build()) }
    }

    /// The same connections, with somebody who sees the requests.
    #[cfg(feature = "local")]
    #[must_use]
    pub fn intercepted(
        &self,
        by: impl aws_smithy_runtime_api::client::interceptors::Intercept + 'static,
    ) -> Self {
        let config = self.client.config().to_builder().interceptor(by).build();
        Self { client: Client::from_conf(config) }
    }

    /// Posts a frame. A throttled connection is tried again a few times.
    pub async fn post(&self, connection: &str, frame: &Frame) -> Posted {
        for tried in 0..TRIES {
            let sent = self
                .client
                .post_to_connection()
                .connection_id(connection)
                .data(Blob::new(frame.as_str()))
                .send()
                .await;
            let Err(error) = sent else {
                counter!(POSTS).increment(1);
                return Posted::Sent;
            };
            match error.as_service_error() {
                Some(service) if service.is_gone_exception() => {
                    counter!(GONE_CONNECTIONS).increment(1);
                    return Posted::Gone;
                }
                Some(service) if service.is_payload_too_large_exception() => break,
                other => {
                    let code = other.and_then(|service| service.code());
                    tracing::debug!(connection, ?code, tried, "a post is tried again");
                }
            }
            tokio::time::sleep(PAUSE * 2_u32.pow(tried)).await;
        }
        counter!(REFUSED_POSTS).increment(1);
        Posted::Refused
    }

    /// Closes a connection with the only code that the gateway has, on which clients connect
    /// again at once: only to recycle a connection that was healthy.
    pub async fn recycle(&self, connection: &str) {
        let sent = self.client.delete_connection().connection_id(connection).send().await;
        if let Err(error) = sent {
            tracing::debug!(connection, ?error, "a connection was gone before it was recycled");
        }
    }
}
