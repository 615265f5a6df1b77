//! The SDK's end of the wire.

use super::{Answer, Call, Operation, Reply, Wire};
use crate::Broken;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Config, IdentityCache, Region, StalledStreamProtectionConfig,
};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;
use tokio::runtime::Handle;

impl Wire {
    /// Builds a client of the SDK for this actor: without retries and timeouts of its own, and
    /// unsigned. Signatures are not checked here, and cost more than the database.
    #[must_use]
    pub fn client(&self, actor: usize) -> Client {
        self.client_of(Connector { wire: self.clone(), actor, database: None })
    }

    /// Builds the same client, whose calls are answered on another runtime: the time that a thread of this
    /// one runs does not contain the database's.
    #[must_use]
    pub fn client_apart(&self, database: Handle) -> Client {
        self.client_of(Connector { wire: self.clone(), actor: 0, database: Some(database) })
    }

    fn client_of(&self, connector: Connector) -> Client {
        let connector = SharedHttpConnector::new(connector);
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .endpoint_url("http://dynamodb.invalid")
            .allow_no_auth()
            .identity_cache(IdentityCache::no_cache())
            .idempotency_token_provider(NO_TOKEN)
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .http_client(http_client_fn(move |_, _| connector.clone()));
        Client::from_conf(config.build())
    }
}

/// The token in place of the one that the SDK would make up at random. The SDK never sends a
/// request again here, so it means the same as no token.
const NO_TOKEN: &str = "none";

/// One actor's end of the wire.
#[derive(Clone, Debug)]
struct Connector {
    wire: Wire,
    actor: usize,
    /// The runtime that answers; the caller's own, if none.
    database: Option<Handle>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (wire, actor) = (self.wire.clone(), self.actor);
        let answer = async move {
            let call = read(&request, actor).map_err(ConnectorError::user)?;
            match wire.carry(call).await {
                Answer::Reply(reply) => response(&reply).map_err(ConnectorError::user),
                Answer::Unsent => {
                    Err(ConnectorError::io("connection refused".into()).never_connected())
                }
                Answer::Lost => Err(ConnectorError::timeout("no answer came".into())),
            }
        };
        let Some(database) = &self.database else { return HttpConnectorFuture::new(answer) };
        let answer = database.spawn(answer);
        HttpConnectorFuture::new(async move {
            answer.await.map_err(|error| ConnectorError::user(error.into()))?
        })
    }
}

fn read(request: &HttpRequest, actor: usize) -> Result<Call, Broken> {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    let name = target.rsplit('.').next().unwrap_or_default();
    let operation =
        Operation::named(name).ok_or_else(|| format!("the wire does not answer {target}"))?;
    let body = request.body().bytes().ok_or("a request's body is not in memory")?;
    let mut body: Value = serde_json::from_slice(body)?;
    if body.get("ClientRequestToken").and_then(Value::as_str) == Some(NO_TOKEN) {
        body.as_object_mut().and_then(|body| body.remove("ClientRequestToken"));
    }
    Ok(Call { operation, body, actor })
}

fn response(reply: &Reply) -> Result<HttpResponse, Broken> {
    let body = SdkBody::from(reply.body.to_string());
    let mut response = HttpResponse::new(reply.status.try_into()?, body);
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    Ok(response)
}
