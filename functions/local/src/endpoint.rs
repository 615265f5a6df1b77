//! AWS's JSON protocol: a `POST` to `/` whose header `X-Amz-Target` names service and operation.

use crate::kms::{self, Keys};
use crate::queue::{self, Queue};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use axum::{Router, routing::post};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

/// The largest request in bytes: the largest batch, with every character escaped.
const LARGEST: usize = 8 * 1024 * 1024;

/// Serves both services at one address.
pub fn routes(queue: Queue, keys: Keys) -> Router {
    Router::new().route("/aws", post(both)).route("/aws/", post(both)).with_state((queue, keys))
}

async fn both(State((queue, keys)): State<(Queue, Keys)>, request: Request) -> Response {
    match Call::read(request).await {
        Ok(call) if call.service == kms::SERVICE => kms::answer(&keys, &call),
        Ok(call) => queue::answer(&queue, &call).await,
        Err(response) => response,
    }
}

/// A request of the protocol.
pub(super) struct Call {
    /// The first part of the target; empty without one.
    pub(super) service: String,
    /// The second part of the target; empty without one.
    pub(super) operation: String,
    /// The host and port that the client has called.
    pub(super) host: String,
    /// The parameters as JSON text.
    pub(super) body: Bytes,
}

impl Call {
    /// Reads a request. Returns the response to it when it cannot be read.
    pub(super) async fn read(request: Request) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let text = |name: &str| {
            let value = parts.headers.get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let target = text("x-amz-target");
        let (service, operation) = target.split_once('.').unwrap_or_default();
        let host = text(header::HOST.as_str());
        let body = to_bytes(body, LARGEST).await.map_err(|error| {
            tracing::debug!(%error, target, "the body of a call was not read");
            let body = json!({ "__type": "RequestEntityTooLargeException" });
            reply(StatusCode::PAYLOAD_TOO_LARGE, "application/x-amz-json-1.0", &body)
        })?;
        Ok(Self { service: service.to_owned(), operation: operation.to_owned(), host, body })
    }
}

/// Builds the response of an operation.
pub(super) fn reply(status: StatusCode, content_type: &'static str, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(id) = HeaderValue::from_str(&queue::message::id()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}
