//! Connections of the WebSocket API: posts frames to them and closes them, through API Gateway's
//! `@connections`.

mod poster;

use std::time::Duration;

use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::config::retry::RetryConfig;
use aws_sdk_apigatewaymanagement::config::timeout::TimeoutConfig;
use aws_sdk_apigatewaymanagement::config::{BehaviorVersion, Builder, Config, Credentials, Region};
use aws_sdk_apigatewaymanagement::operation::delete_connection::DeleteConnectionError;
use aws_smithy_runtime_api::client::http::{SharedHttpConnector, http_client_fn};
use metrics::counter;
use store::Environment as _;
use tokio::time::{Instant, timeout, timeout_at};

use crate::environment::Machine;
use crate::metric::{GONE_CONNECTIONS, POSTS, POSTS_THROTTLED, POSTS_TIMED_OUT, REFUSED_POSTS};
use crate::protocol::Frame;
use poster::Poster;

/// The longest time that one connection may take for all that is posted to it in one go. The
/// connections after it wait no longer than this.
pub const PATIENCE: Duration = Duration::from_secs(1);
/// The longest time that closing a connection may take.
const CLOSING: Duration = Duration::from_millis(300);
/// The number of attempts to post a frame that the gateway does not accept.
const TRIES: u32 = 5;
/// The pause before the first retry. Each further pause is twice as long.
const PAUSE: Duration = Duration::from_millis(40);

/// The connections of the WebSocket API. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Connections {
    client: Client,
    poster: Poster,
    patience: Duration,
}

/// The outcome of a post.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Posted {
    /// The gateway has it.
    Sent,
    /// There is no such connection any more.
    Gone,
    /// The gateway did not take it, and may later: too much is posted, by the account or to this
    /// connection, or the gateway has a fault. It says nothing against the connection.
    Refused,
    /// The gateway did not answer in time. It may or may not have the frame.
    TimedOut,
}

impl Connections {
    /// Returns the connections of the WebSocket API whose posts are taken at this endpoint.
    #[must_use]
    pub fn at(region: String, credentials: Credentials, endpoint: Option<String>) -> Self {
        let poster = endpoint.as_deref().unwrap_or_default();
        let poster = Poster::new(&region, credentials.clone(), poster);
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(credentials)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts(PATIENCE));
        config.set_endpoint_url(endpoint);
        Self { client: Client::from_conf(config.build()), poster, patience: PATIENCE }
    }

    /// Returns the same connections over another connector.
    #[must_use]
    pub fn over(self, connector: SharedHttpConnector) -> Self {
        let poster = self.poster.clone().over(connector.clone());
        let client = http_client_fn(move |_, _| connector.clone());
        Self { poster, ..self.configured(|config| config.http_client(client)) }
    }

    /// Returns the same connections over a client that is configured further: for everything but
    /// posts.
    #[must_use]
    pub fn configured(&self, configure: impl FnOnce(Builder) -> Builder) -> Self {
        let config = configure(self.client.config().to_builder());
        Self { client: Client::from_conf(config.build()), ..self.clone() }
    }

    /// Returns the same connections with another limit than [`PATIENCE`].
    #[must_use]
    pub fn patient(&self, patience: Duration) -> Self {
        let connections = self.configured(|config| config.timeout_config(timeouts(patience)));
        Self { patience, ..connections }
    }

    /// Returns the longest time that a connection may take for all that is posted to it in one go.
    #[must_use]
    pub const fn patience(&self) -> Duration {
        self.patience
    }

    /// Posts a frame. One that is refused is tried again a few times, within a second in all.
    pub async fn post(&self, connection: &str, frame: &Frame) -> Posted {
        let until = Instant::now() + self.patience;
        for tried in 0..TRIES {
            match self.post_once(connection, frame, until).await {
                Posted::Refused => {}
                posted => return posted,
            }
            let pause = PAUSE * 2_u32.pow(tried);
            if Instant::now() + pause >= until {
                break;
            }
            tokio::time::sleep(pause).await;
        }
        counter!(REFUSED_POSTS).increment(1);
        Posted::Refused
    }

    /// Posts a frame, once, and waits until then at most.
    pub async fn post_once(&self, connection: &str, frame: &Frame, until: Instant) -> Posted {
        let bytes = frame.as_str().as_bytes().to_vec();
        let posting = self.poster.post(connection, bytes, Machine.now());
        let posted = match timeout_at(until, posting).await {
            Ok(status) => outcome(connection, status),
            Err(_elapsed) => Posted::TimedOut,
        };
        match posted {
            Posted::Sent => counter!(POSTS).increment(1),
            Posted::Gone => counter!(GONE_CONNECTIONS).increment(1),
            Posted::TimedOut => counter!(POSTS_TIMED_OUT).increment(1),
            Posted::Refused => {}
        }
        posted
    }

    /// Closes a connection with the only code that the gateway has, on which clients connect again
    /// at once: only to recycle a connection that was healthy. Returns false when it may still be
    /// open.
    pub async fn recycle(&self, connection: &str) -> bool {
        let closing = Box::pin(self.client.delete_connection().connection_id(connection).send());
        match timeout(CLOSING, closing).await {
            Ok(Ok(_)) => true,
            Ok(Err(error)) => {
                tracing::debug!(connection, ?error, "a connection is not closed");
                error.as_service_error().is_some_and(DeleteConnectionError::is_gone_exception)
            }
            Err(_elapsed) => false,
        }
    }
}

fn timeouts(patience: Duration) -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(patience).operation_attempt_timeout(patience).build()
}

/// Returns the outcome of a post by the status of its answer; none where there was no answer.
fn outcome(connection: &str, status: Option<u16>) -> Posted {
    match status {
        Some(200..=299) => Posted::Sent,
        Some(410) => Posted::Gone,
        status => {
            // Of the account, or of this connection's buffer.
            if status == Some(429) {
                counter!(POSTS_THROTTLED).increment(1);
            }
            tracing::debug!(connection, status, "a post is refused");
            Posted::Refused
        }
    }
}
