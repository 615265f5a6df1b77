//! The listener's connections: accepts them, serves HTTP/1.1 on them, and lets them end.

use std::{net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{oneshot, watch},
    task::JoinSet,
};
use tower::ServiceExt as _;

/// The pause after a connection that could not be accepted: most often no file handle is free, and
/// the next attempt would fail as well.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` until `quit` is dropped; then lets requests that are running end.
///
/// A client has `patience` to send the head of a request. Without that bound, a client that sends
/// half a head, or nothing, holds a file handle for ever.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Duration,
    mut quit: oneshot::Receiver<()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience);
    let stopping = watch::Sender::new(());
    let mut connections = JoinSet::new();
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection is not accepted");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
            Some(_ended) = connections.join_next() => continue,
            _ = &mut quit => break,
        };
        without_delay(&stream);
        connections.spawn(connection(
            http.clone(),
            stream,
            peer,
            router.clone(),
            stopping.subscribe(),
        ));
    }
    drop((listener, stopping));
    while connections.join_next().await.is_some() {}
}

/// Serves one connection until it ends; once the gateway stops, until its running request ends.
async fn connection(
    http: http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut stopping: watch::Receiver<()>,
) {
    let serve = service_fn(move |request| answer(router.clone(), peer, request));
    let mut served = pin!(http.serve_connection(TokioIo::new(stream), serve).with_upgrades());
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        _ = stopping.changed() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "a connection ended");
    }
}

async fn answer(
    router: Router,
    peer: SocketAddr,
    request: http::Request<Incoming>,
) -> Result<axum::response::Response, std::convert::Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request).await
}

/// Turns off the delay that TCP adds to small frames: pushes are small, and may not wait until the
/// one before is acknowledged.
fn without_delay(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection stays with delays");
    }
}
