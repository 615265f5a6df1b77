//! API Gateway on one listener: an HTTP API (payload 2.0), a WebSocket API and its `@connections`.

mod accept;
mod answer;
mod body;
mod connection;
mod event;
mod http_api;
mod limits;
mod management;
mod query;
mod session;
mod socket_api;
mod state;
#[cfg(test)]
mod tests;

pub use limits::Limits;

use crate::{Fault, Function};
use axum::{
    Router,
    extract::{ConnectInfo, Path, Request, State},
    response::Response,
    routing::any,
};
use connection::{Close, Connections};
use http::{HeaderMap, Method, StatusCode, header};
use state::Gateway;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::mpsc};

/// The longest time that [`serve`] may take to end after the stop.
const STOP: Duration = Duration::from_secs(5);

/// The functions behind the gateway's addresses.
pub struct Routes {
    /// Any method of `/graphql`, except a WebSocket handshake.
    pub graphql: Function,
    /// `POST` (and a browser's preflight `OPTIONS`) of `/channels/*`, `/widget/*` and `/socket/*`, and
    /// `GET` of `/channels/whatsapp/*`.
    pub inbound: Function,
    /// `$connect`, `$disconnect` and `$default` of the WebSocket API, whose handshake is at `/graphql`.
    pub socket: Function,
    /// Further addresses of the local run. They may not repeat those above, and their fallback
    /// is replaced by API Gateway's 404.
    pub extra: Router,
}

/// Serves `routes` until `stop`. Then closes the sockets with 1001, sends `$disconnect` for each,
/// lets running requests end, and returns, after 5 seconds at the latest.
///
/// # Errors
/// When the listener has no address or cannot be served.
pub async fn serve(
    listener: TcpListener,
    routes: Routes,
    limits: Limits,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Fault> {
    let (alive, mut ended) = mpsc::channel(1);
    let gateway = Arc::new(Gateway {
        graphql: routes.graphql,
        inbound: routes.inbound,
        socket: routes.socket,
        connections: Connections::new(limits.connections),
        limits,
        domain: listener.local_addr()?.to_string(),
        alive: alive.downgrade(),
    });
    let app = router(Arc::clone(&gateway), routes.extra);
    let (quit, quitting) = tokio::sync::oneshot::channel::<()>();
    let mut server = tokio::spawn(accept::serve(listener, app, gateway.limits.head, quitting));
    tokio::select! {
        served = &mut server => return served.map_err(Fault::from),
        () = stop => {}
    }

    drop(alive);
    gateway.connections.shut(Close::GOING_AWAY);
    let ending = async {
        // Sockets first, while the listener is open: a `$disconnect` may still post to others.
        while ended.recv().await.is_some() {}
        drop(quit);
        (&mut server).await
    };
    match tokio::time::timeout(STOP, ending).await {
        Ok(served) => served.map_err(Fault::from),
        Err(_elapsed) => {
            server.abort();
            Ok(())
        }
    }
}

fn router(gateway: Arc<Gateway>, extra: Router) -> Router {
    Router::new()
        .route("/graphql", any(graphql))
        .route("/channels/{*proxy}", any(channels))
        .route("/widget/{*proxy}", any(widget))
        .route("/socket/{*proxy}", any(socket))
        .route("/@connections/{id}", any(management::handle))
        .with_state(gateway)
        .merge(extra)
        .fallback(not_found)
}

async fn graphql(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    if request.method() == Method::GET && is_handshake(request.headers()) {
        return socket_api::open(gateway, peer, request).await;
    }
    let route = http_api::Route::new("ANY /graphql", None);
    http_api::call(&gateway, &gateway.graphql, route, peer, request).await
}

async fn channels(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(proxy): Path<String>,
    request: Request,
) -> Response {
    inbound(&gateway, peer, "/channels/{proxy+}", proxy, request).await
}

async fn widget(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(proxy): Path<String>,
    request: Request,
) -> Response {
    inbound(&gateway, peer, "/widget/{proxy+}", proxy, request).await
}

async fn socket(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(proxy): Path<String>,
    request: Request,
) -> Response {
    inbound(&gateway, peer, "/socket/{proxy+}", proxy, request).await
}

async fn inbound(
    gateway: &Gateway,
    peer: SocketAddr,
    path: &str,
    proxy: String,
    request: Request,
) -> Response {
    let method = request.method();
    // WhatsApp asks whether an address is the channel's before it posts there.
    let is_asked =
        method == Method::GET && path.starts_with("/channels/") && proxy.starts_with("whatsapp/");
    if method != Method::POST && method != Method::OPTIONS && !is_asked {
        return not_found().await;
    }
    let route = http_api::Route::new(&format!("{method} {path}"), Some(proxy));
    http_api::call(gateway, &gateway.inbound, route, peer, request).await
}

async fn not_found() -> Response {
    answer::message(StatusCode::NOT_FOUND, "Not Found")
}

fn is_handshake(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::UPGRADE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|token| token.trim().eq_ignore_ascii_case("websocket"))
}
