//! `@connections`: functions post to connections, look at them and close them.

use super::{
    answer, body,
    connection::{Close, Connection, Untaken},
    state::Gateway,
};
use axum::{
    body::Body,
    extract::{Path, Request, State},
    response::Response,
};
use domain::Timestamp;
use http::{HeaderValue, Method, StatusCode};
use serde_json::json;
use std::sync::Arc;

/// `POST`, `GET` and `DELETE` of `/@connections/{connectionId}`.
pub(super) async fn handle(
    State(gateway): State<Arc<Gateway>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let done = match *request.method() {
        Method::POST => post(&gateway, &id, request).await,
        Method::GET => look(&gateway, &id),
        Method::DELETE => delete(&gateway, &id),
        _ => Err(Refusal::Forbidden),
    };
    done.unwrap_or_else(Refusal::response)
}

async fn post(gateway: &Gateway, id: &str, request: Request) -> Result<Response, Refusal> {
    let mut limits = gateway.limits.clone();
    limits.body_bytes = limits.message_bytes;
    let data = body::read(request.into_body(), &limits).await.map_err(|status| match status {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
        _ => Refusal::BadRequest,
    })?;
    // API Gateway writes text frames only.
    let text = String::from_utf8(data.into()).map_err(|_binary| Refusal::BadRequest)?;
    find(gateway, id)?.post(text).map_err(|untaken| match untaken {
        Untaken::Gone => Refusal::Gone,
        Untaken::Full => Refusal::Limit,
    })?;
    Ok(Response::new(Body::empty()))
}

fn moment(epoch_ms: i64) -> String {
    Timestamp::from_millis(u64::try_from(epoch_ms).unwrap_or_default()).to_string()
}

fn look(gateway: &Gateway, id: &str) -> Result<Response, Refusal> {
    let connection = find(gateway, id)?;
    let body = json!({
        "connectedAt": moment(connection.connected_at),
        "lastActiveAt": moment(connection.last_active_at()),
        "identity": {
            "sourceIp": connection.visitor.source_ip,
            "userAgent": connection.visitor.user_agent,
        },
    });
    Ok(answer::json_response(StatusCode::OK, &body))
}

fn delete(gateway: &Gateway, id: &str) -> Result<Response, Refusal> {
    // Removed at once: a post that comes after this answer gets 410.
    let connection = gateway.connections.remove(id).ok_or(Refusal::Gone)?;
    connection.close(Close::NORMAL);
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

fn find(gateway: &Gateway, id: &str) -> Result<Arc<Connection>, Refusal> {
    gateway.connections.find(id).ok_or(Refusal::Gone)
}

#[derive(Debug, Clone, Copy)]
enum Refusal {
    BadRequest,
    Forbidden,
    Gone,
    TooLarge,
    Limit,
}

impl Refusal {
    fn response(self) -> Response {
        let (status, kind, text) = match self {
            Self::BadRequest => (400, "BadRequestException", "The data is not text"),
            Self::Forbidden => (403, "ForbiddenException", "Forbidden"),
            Self::Gone => (410, "GoneException", "The connection is closed or never was"),
            Self::TooLarge => (413, "PayloadTooLargeException", "Message too long"),
            Self::Limit => (429, "LimitExceededException", "Too much waits to be sent"),
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = answer::message(status, text);
        let kind = HeaderValue::from_static(kind);
        response.headers_mut().insert("x-amzn-errortype", kind);
        response
    }
}
