//! Tests of the client of messengers, against servers on loopback.

mod guarded;
mod served;
mod traced;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns};
use axum::Router;
use http::Method;
use tokio::net::{TcpListener, TcpSocket};

use super::*;

/// A limit for calls that are expected to reach it.
const SHORT: Duration = Duration::from_millis(300);

fn local() -> Messengers {
    Messengers::new(true).expect("TLS")
}

fn post(url: impl Into<String>) -> Call {
    Call { method: Method::POST, url: url.into(), headers: vec![], body: b"{}".to_vec() }
}

/// Serves a router; returns its address, as `127.0.0.1:PORT`.
async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Returns an address, as `127.0.0.1:PORT`, where nothing listens as long as the socket lives.
fn closed() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a port");
    let address = socket.local_addr().expect("an address").to_string();
    (socket, address)
}

/// A server that counts its connections and closes each at once.
struct Door {
    port: u16,
    opened: Arc<AtomicUsize>,
}

impl Door {
    fn at(ip: &str, port: u16) -> Self {
        let listener = std::net::TcpListener::bind((ip, port)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let opened = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&opened);
        std::thread::spawn(move || {
            // The count is there before the other end sees that the connection is closed.
            while let Ok(connection) = listener.accept() {
                count.fetch_add(1, Ordering::SeqCst);
                drop(connection);
            }
        });
        Self { port, opened }
    }

    /// Returns the number of connections, this one's own not among them. Connections are accepted
    /// in their order, so none before it is missed.
    fn opened(&self, ip: &str) -> usize {
        use std::io::Read as _;
        let mut own = std::net::TcpStream::connect((ip, self.port)).expect("a connection");
        let _ = own.read(&mut [0]);
        self.opened.fetch_sub(1, Ordering::SeqCst) - 1
    }
}

/// A resolver that returns one answer after the other, and the last for ever.
#[derive(Clone, Debug)]
struct Script {
    answers: Vec<Vec<IpAddr>>,
    asked: Arc<AtomicUsize>,
}

impl Script {
    fn new(answers: &[&[&str]]) -> Self {
        let parsed = |ips: &&[&str]| ips.iter().map(|ip| ip.parse().expect("an IP")).collect();
        Self { answers: answers.iter().map(parsed).collect(), asked: Arc::default() }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl ResolveDns for Script {
    fn resolve_dns<'a>(&'a self, _name: &'a str) -> DnsFuture<'a> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        DnsFuture::ready(Ok(self.answers[asked.min(self.answers.len() - 1)].clone()))
    }
}
