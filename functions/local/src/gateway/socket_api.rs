//! The WebSocket API's handshake: `$connect` decides whether there will be a connection.

use super::{
    answer,
    connection::{Connection, Visitor},
    event,
    session::{self, Session},
    state::Gateway,
};
use crate::function::invoke;
use axum::{
    extract::{FromRequestParts as _, Request, ws::WebSocketUpgrade},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, StatusCode, header, request::Parts};
use std::{net::SocketAddr, sync::Arc};

/// The handshake decides these; a function may not.
const OWN: [HeaderName; 2] = [header::SEC_WEBSOCKET_ACCEPT, header::SEC_WEBSOCKET_EXTENSIONS];

/// Answers a handshake.
pub(super) async fn open(gateway: Arc<Gateway>, peer: SocketAddr, request: Request) -> Response {
    // A task of its own: a client that leaves during `$connect` may not cut it short between
    // the function's yes and the `$disconnect` that has to follow it.
    let handshake = tokio::spawn(async move {
        let (parts, _body) = request.into_parts();
        handshake(gateway, peer, parts).await.unwrap_or_else(|refusal| refusal)
    });
    handshake.await.unwrap_or_else(|_crash| answer::internal())
}

async fn handshake(
    gateway: Arc<Gateway>,
    peer: SocketAddr,
    mut parts: Parts,
) -> Result<Response, Response> {
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    let mut upgrade = upgrade.map_err(|refusal| refusal.into_response())?;
    let alive = gateway.alive.upgrade().ok_or_else(stopping)?;
    if gateway.connections.is_full() {
        return Err(answer::message(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"));
    }
    let (connection, outgoing) = Connection::new(visitor(&parts, peer), gateway.limits.queue);
    let headers = connect(&gateway, &connection, &parts).await?;
    let session = Session { gateway, connection, alive };
    if !session.gateway.connections.insert(&session.connection) {
        session.leave(1001, "Going away").await;
        return Err(stopping());
    }
    if let Some(protocol) = headers.get(header::SEC_WEBSOCKET_PROTOCOL) {
        upgrade.set_selected_protocol(protocol.clone());
    }
    let limits = &session.gateway.limits;
    let upgrade = upgrade
        .max_frame_size(limits.frame_bytes)
        .max_message_size(limits.message_bytes)
        .write_buffer_size(0);
    let failed = session.clone();
    let mut response = upgrade
        .on_failed_upgrade(move |_gone| {
            tokio::spawn(async move { failed.leave(1006, "Connection closed abnormally").await });
        })
        .on_upgrade(move |socket| session::run(session, outgoing, socket));
    for (name, value) in &headers {
        if !response.headers().contains_key(name) && !OWN.contains(name) {
            response.headers_mut().append(name, value.clone());
        }
    }
    Ok(response)
}

/// Invokes `$connect`. Returns the headers of an acceptance, or the refusal.
async fn connect(
    gateway: &Gateway,
    connection: &Connection,
    parts: &Parts,
) -> Result<HeaderMap, Response> {
    let event = event::connect(&gateway.domain, connection, parts);
    let bad_gateway = || answer::message(StatusCode::BAD_GATEWAY, "Internal server error");
    let value =
        invoke(&gateway.socket, event, gateway.limits.handler).await.map_err(|failure| {
            tracing::error!(route = "$connect", %failure);
            bad_gateway()
        })?;
    let status = answer::status(&value).ok_or_else(bad_gateway)?;
    if !status.is_success() {
        return Err(answer::message(status, status.canonical_reason().unwrap_or_default()));
    }
    answer::headers(&value).ok_or_else(bad_gateway)
}

fn stopping() -> Response {
    answer::message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
}

fn visitor(parts: &Parts, peer: SocketAddr) -> Visitor {
    let text = |name| {
        let value = parts.headers.get(name);
        value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Visitor {
        host: text(header::HOST).unwrap_or_default(),
        source_ip: peer.ip().to_string(),
        user_agent: text(header::USER_AGENT).unwrap_or_default(),
    }
}
