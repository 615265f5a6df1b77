//! The vendors over HTTP, and a webhook that notes what is posted to it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use tokio::net::TcpListener;

use super::{Vendors, routes};

/// The vendors, served.
pub(super) struct Served {
    pub(super) vendors: Vendors,
    address: SocketAddr,
    client: Client,
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async { axum::serve(listener, router).await });
    address
}

impl Served {
    /// Serves vendors without a file.
    pub(super) async fn new() -> Self {
        Self::with(None).await
    }

    /// Serves the vendors of a file.
    pub(super) async fn with(file: Option<PathBuf>) -> Self {
        let vendors = Vendors::open(file).expect("vendors");
        let address = serve(routes(&vendors)).await;
        let client = Client::builder().no_proxy().build().expect("a client");
        Self { vendors, address, client }
    }

    /// Returns a POST to a path below `/dev`.
    pub(super) fn request(&self, path: &str, body: &Value) -> RequestBuilder {
        self.client.post(format!("http://{}/dev/{path}", self.address)).json(body)
    }

    /// Posts to a path below `/dev`.
    pub(super) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        answered(self.request(path, body)).await
    }

    /// Posts, and returns the answer of success.
    pub(super) async fn done(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.post(path, body).await;
        assert_eq!(status, 200, "{path} {body} {answer}");
        answer
    }

    /// Hands over a file that a person is about to send, at a path below `/dev`. Returns its id.
    pub(super) async fn pick(&self, path: &str, bytes: &[u8]) -> Value {
        let request = self.client.post(format!("http://{}/dev/{path}", self.address));
        let request = request.header("content-type", "application/octet-stream");
        let (status, answer) = answered(request.body(bytes.to_vec())).await;
        assert_eq!(status, 200, "{path} {answer}");
        answer["id"].clone()
    }

    /// Returns a POST of a form with texts and one file to a path below `/dev`.
    pub(super) fn form(
        &self,
        path: &str,
        texts: &[(&str, &str)],
        (member, kind, bytes): (&str, &str, &[u8]),
    ) -> RequestBuilder {
        let mut body = Vec::new();
        for (name, text) in texts {
            let head = format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"");
            body.extend_from_slice(format!("{head}\r\n\r\n{text}\r\n").as_bytes());
        }
        let head = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"{member}\"; filename=\"f\"\r\n\
             content-type: {kind}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let request = self.client.post(format!("http://{}/dev/{path}", self.address));
        request.header("content-type", "multipart/form-data; boundary=edge").body(body)
    }

    /// Returns a GET of a path below `/dev`.
    pub(super) fn getting(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("http://{}/dev/{path}", self.address))
    }

    /// Gets a path below `/dev`.
    pub(super) async fn get(&self, path: &str) -> (u16, Value) {
        answered(self.getting(path)).await
    }
}

/// Sends a request and reads the answer.
pub(super) async fn answered(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("JSON"))
}

/// A request that was posted to the webhook.
#[derive(Clone)]
pub(super) struct Post {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Post {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

#[derive(Default)]
struct Notes {
    posts: Vec<Post>,
    /// The statuses of the next answers; 200 after them.
    statuses: VecDeque<u16>,
}

/// The webhook.
pub(super) struct Hook {
    pub(super) url: String,
    notes: Arc<Mutex<Notes>>,
}

impl Hook {
    /// Serves a webhook that first answers with these statuses. It repeats a challenge whose token
    /// is `v&t`.
    pub(super) async fn new(statuses: &[u16]) -> Self {
        let notes = Notes { statuses: statuses.iter().copied().collect(), ..Notes::default() };
        let notes = Arc::new(Mutex::new(notes));
        let router = Router::new()
            .route("/hook", get(challenged).post(noted))
            .with_state(Arc::clone(&notes));
        Self { url: format!("http://{}/hook", serve(router).await), notes }
    }

    /// Returns everything that was posted.
    pub(super) fn posts(&self) -> Vec<Post> {
        self.notes.lock().expect("notes").posts.clone()
    }

    /// Waits for this number of posts, and returns their bodies.
    pub(super) async fn bodies(&self, count: usize) -> Vec<Value> {
        until(async || self.posts().len() >= count).await;
        self.posts().iter().map(Post::json).collect()
    }
}

async fn noted(
    State(notes): State<Arc<Mutex<Notes>>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let mut notes = notes.lock().expect("notes");
    notes.posts.push(Post { headers, body });
    let status = notes.statuses.pop_front().unwrap_or(200);
    StatusCode::from_u16(status).expect("a status")
}

async fn challenged(RawQuery(query): RawQuery) -> Result<String, StatusCode> {
    let query = query.unwrap_or_default();
    let challenge = query.strip_prefix("hub.mode=subscribe&hub.verify_token=v%26t&hub.challenge=");
    challenge.map(str::to_owned).ok_or(StatusCode::FORBIDDEN)
}

/// Waits until a condition holds; fails after ten seconds.
pub(super) async fn until(is_so: impl AsyncFn() -> bool) {
    let wait = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.expect("in time");
}
