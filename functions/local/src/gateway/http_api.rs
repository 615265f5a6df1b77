//! The HTTP API: a request becomes an event of payload 2.0, an answer becomes the response.

use super::{answer, body, query, state::Gateway};
use crate::{Function, clock, function::invoke};
use axum::{body::Bytes, extract::Request, response::Response};
use http::{HeaderMap, StatusCode, header, request::Parts};
use serde_json::{Map, Value, json};
use std::net::SocketAddr;

/// The route that a request matched.
pub(super) struct Route {
    key: String,
    proxy: Option<String>,
}

impl Route {
    /// Builds a route: `key` is `METHOD /path`, `proxy` the part of the path that stands for
    /// `{proxy+}`.
    pub(super) fn new(key: &str, proxy: Option<String>) -> Self {
        Self { key: key.to_owned(), proxy }
    }
}

/// Answers one request with a function.
pub(super) async fn call(
    gateway: &Gateway,
    function: &Function,
    route: Route,
    peer: SocketAddr,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let body = match body::read(body, &gateway.limits).await {
        Ok(body) => body,
        Err(StatusCode::PAYLOAD_TOO_LARGE) => {
            return answer::message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
        }
        Err(status) => {
            return answer::message(status, status.canonical_reason().unwrap_or_default());
        }
    };
    let key = route.key.clone();
    let event = event(&gateway.domain, route, peer, &parts, &body);
    match invoke(function, event, gateway.limits.handler).await {
        Ok(value) => answer::response(&value).unwrap_or_else(|| {
            tracing::error!(route = key, "the function's answer is no HTTP response");
            answer::internal()
        }),
        Err(failure) => {
            tracing::error!(route = key, %failure);
            answer::internal()
        }
    }
}

fn event(domain: &str, route: Route, peer: SocketAddr, parts: &Parts, body: &Bytes) -> Value {
    let path = parts.uri.path();
    let raw_query = parts.uri.query().unwrap_or_default();
    let mut event = json!({
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": path,
        "rawQueryString": raw_query,
        "headers": headers(parts, peer, body),
        "requestContext": context(domain, &route, peer, parts),
        "isBase64Encoded": false,
    });
    let Some(fields) = event.as_object_mut() else {
        return event;
    };
    let cookies = cookies(&parts.headers);
    if !cookies.is_empty() {
        fields.insert("cookies".to_owned(), cookies.into());
    }
    if !raw_query.is_empty() {
        fields.insert("queryStringParameters".to_owned(), query::joined(raw_query).into());
    }
    if let Some(proxy) = route.proxy {
        fields.insert("pathParameters".to_owned(), json!({ "proxy": proxy }));
    }
    if !body.is_empty() {
        let (text, is_base64) = body::encode(&parts.headers, body);
        fields.insert("body".to_owned(), text.into());
        fields.insert("isBase64Encoded".to_owned(), is_base64.into());
    }
    event
}

fn context(domain: &str, route: &Route, peer: SocketAddr, parts: &Parts) -> Value {
    let now = clock::epoch_ms();
    json!({
        "accountId": "000000000000",
        "apiId": "local",
        "domainName": domain,
        "domainPrefix": "local",
        "http": {
            "method": parts.method.as_str(),
            "path": parts.uri.path(),
            "protocol": format!("{:?}", parts.version),
            "sourceIp": peer.ip().to_string(),
            "userAgent": text(&parts.headers, header::USER_AGENT.as_str()),
        },
        "requestId": clock::id(),
        "routeKey": route.key,
        "stage": "$default",
        "time": clock::log_time(now),
        "timeEpoch": now,
    })
}

/// Returns the headers of an event: names in lower case, repeated ones joined by commas, without
/// cookies, and with those that API Gateway adds about the way that the request came.
fn headers(parts: &Parts, peer: SocketAddr, body: &Bytes) -> Map<String, Value> {
    let mut map = Map::new();
    for name in parts.headers.keys() {
        if [header::COOKIE, header::CONNECTION, header::TRANSFER_ENCODING].contains(name) {
            continue;
        }
        map.insert(name.as_str().to_owned(), text(&parts.headers, name.as_str()).into());
    }
    let before = text(&parts.headers, "x-forwarded-for");
    let forwarded = match before.as_str() {
        "" => peer.ip().to_string(),
        before => format!("{before}, {}", peer.ip()),
    };
    map.insert("x-forwarded-for".to_owned(), forwarded.into());
    map.insert("x-forwarded-proto".to_owned(), "http".into());
    map.insert("content-length".to_owned(), body.len().to_string().into());
    map
}

fn text(headers: &HeaderMap, name: &str) -> String {
    let values = headers.get_all(name).iter();
    let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    values.collect::<Vec<_>>().join(",")
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::COOKIE).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .map(|cookie| cookie.trim().to_owned())
        .filter(|cookie| !cookie.is_empty())
        .collect()
}
