//! The events of the WebSocket API.

use super::{connection::Connection, query};
use crate::clock;
use http::{HeaderMap, request::Parts};
use serde_json::{Map, Value, json};

/// Builds the event of the handshake, before it is answered.
pub(super) fn connect(domain: &str, connection: &Connection, parts: &Parts) -> Value {
    let (headers, many) = headers(&parts.headers);
    let mut event = json!({
        "headers": headers,
        "multiValueHeaders": many,
        "requestContext": context(domain, connection, "$connect", "CONNECT"),
        "isBase64Encoded": false,
    });
    let raw_query = parts.uri.query().unwrap_or_default();
    if let (Some(fields), false) = (event.as_object_mut(), raw_query.is_empty()) {
        let (last, all) = query_maps(raw_query);
        fields.insert("queryStringParameters".to_owned(), last.into());
        fields.insert("multiValueQueryStringParameters".to_owned(), all.into());
    }
    event
}

/// Builds the event of a client's message. The second value is the request's id.
pub(super) fn message(domain: &str, connection: &Connection, text: &str) -> (Value, String) {
    let mut context = context(domain, connection, "$default", "MESSAGE");
    let received_at = connection.receive();
    let request = context.get("requestId").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(fields) = context.as_object_mut() {
        fields.insert("messageId".to_owned(), clock::id().into());
        fields.insert("requestTimeEpoch".to_owned(), received_at.into());
    }
    (json!({ "requestContext": context, "body": text, "isBase64Encoded": false }), request)
}

/// Builds the event of the end of a connection.
pub(super) fn disconnect(domain: &str, connection: &Connection, code: u16, reason: &str) -> Value {
    let mut context = context(domain, connection, "$disconnect", "DISCONNECT");
    if let Some(fields) = context.as_object_mut() {
        fields.insert("disconnectStatusCode".to_owned(), code.into());
        fields.insert("disconnectReason".to_owned(), reason.into());
    }
    let host = &connection.visitor.host;
    json!({
        "headers": { "Host": host, "x-api-key": "", "x-restapi": "" },
        "multiValueHeaders": { "Host": [host], "x-api-key": [""], "x-restapi": [""] },
        "requestContext": context,
        "isBase64Encoded": false,
    })
}

fn context(domain: &str, connection: &Connection, route: &str, kind: &str) -> Value {
    let now = clock::epoch_ms();
    let request = clock::id();
    json!({
        "routeKey": route,
        "eventType": kind,
        "extendedRequestId": request,
        "requestTime": clock::log_time(now),
        "messageDirection": "IN",
        "stage": "$default",
        "connectedAt": connection.connected_at,
        "requestTimeEpoch": now,
        "identity": {
            "sourceIp": connection.visitor.source_ip,
            "userAgent": connection.visitor.user_agent,
        },
        "requestId": request,
        "domainName": domain,
        "connectionId": connection.id,
        "apiId": "local",
    })
}

fn headers(from: &HeaderMap) -> (Map<String, Value>, Map<String, Value>) {
    let mut last = Map::new();
    let mut all = Map::new();
    for name in from.keys() {
        let values = from.get_all(name).iter();
        let values: Vec<String> =
            values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
        let name = canonical(name.as_str());
        last.insert(name.clone(), values.last().cloned().unwrap_or_default().into());
        all.insert(name, values.into());
    }
    (last, all)
}

/// `Sec-WebSocket-Protocol`: the WebSocket API hands on the capitals that clients write, which the
/// HTTP library has lowered.
fn canonical(name: &str) -> String {
    let words = name.split('-').map(|word| match word {
        "websocket" => "WebSocket".to_owned(),
        word => {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        }
    });
    words.collect::<Vec<String>>().join("-")
}

fn query_maps(raw: &str) -> (Map<String, Value>, Map<String, Value>) {
    let mut last = Map::new();
    let mut all = Map::new();
    for (name, value) in query::pairs(raw) {
        last.insert(name.clone(), value.clone().into());
        let values = all.entry(name).or_insert_with(|| json!([]));
        if let Some(values) = values.as_array_mut() {
            values.push(value.into());
        }
    }
    (last, all)
}
