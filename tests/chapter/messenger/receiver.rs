//! A system at the other end of a webhook: notes what is posted to it, and answers as a test says.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::bench::eventually;

/// An answer to a post.
#[derive(Clone, Copy)]
pub(super) enum Reply {
    /// A status.
    Status(u16),
    /// A status, and the seconds of `Retry-After`.
    After(u16, u64),
    /// None until the posts are released, then 200.
    Held,
}

/// A request that was posted.
#[derive(Clone)]
pub(super) struct Post {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// The moment at which it came.
    pub(super) at: Instant,
}

impl Post {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Returns a member that is a text.
    pub(super) fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap().to_owned()
    }
}

/// What is answered to a body that came so many times before.
type Rule = Box<dyn Fn(&Value, usize) -> Reply + Send + Sync>;

struct Noted {
    posts: Mutex<Vec<Post>>,
    rule: Mutex<Rule>,
    is_released: watch::Sender<bool>,
}

/// The system. It answers 200 as long as no test says something else.
pub(super) struct Receiver {
    noted: Arc<Noted>,
    port: u16,
    task: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    /// Serves at any port.
    pub(super) async fn start() -> Self {
        Self::at(0).await
    }

    /// Serves at a port.
    pub(super) async fn at(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let noted = Arc::new(Noted {
            posts: Mutex::default(),
            rule: Mutex::new(Box::new(|_, _| Reply::Status(200))),
            is_released: watch::Sender::new(false),
        });
        let router = Router::new().route("/answers", post(note)).with_state(Arc::clone(&noted));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { noted, port, task }
    }

    /// Returns the address for answers.
    pub(super) fn url(&self) -> String {
        url(self.port)
    }

    /// Answers by a rule from now on.
    pub(super) fn answer(&self, rule: impl Fn(&Value, usize) -> Reply + Send + Sync + 'static) {
        *self.noted.rule.lock().unwrap() = Box::new(rule);
    }

    /// Answers what was held, and holds nothing any more.
    pub(super) fn release(&self) {
        self.noted.is_released.send_replace(true);
    }

    /// Returns what was posted, in order.
    pub(super) fn posts(&self) -> Vec<Post> {
        self.noted.posts.lock().unwrap().clone()
    }

    /// Returns the texts that were posted, in order.
    pub(super) fn texts(&self) -> Vec<String> {
        self.posts().iter().map(|post| post.text("text")).collect()
    }

    /// Waits until so many posts came, and returns them.
    pub(super) async fn wait(&self, count: usize) -> Vec<Post> {
        let posted = async || Some(self.posts()).filter(|posts| posts.len() >= count);
        eventually(&format!("{count} posts"), posted).await
    }
}

/// Returns the address for answers at a port.
pub(super) fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}/answers")
}

async fn note(State(noted): State<Arc<Noted>>, headers: HeaderMap, body: Bytes) -> Response {
    let value: Value = serde_json::from_slice(&body).unwrap_or_default();
    let reply = {
        let mut posts = noted.posts.lock().unwrap();
        let is_same = |post: &&Post| post.json()["deliveryId"] == value["deliveryId"];
        let before = posts.iter().filter(is_same).count();
        posts.push(Post { headers, body, at: Instant::now() });
        (noted.rule.lock().unwrap())(&value, before)
    };
    let status = |status| StatusCode::from_u16(status).unwrap();
    match reply {
        Reply::Status(of) => status(of).into_response(),
        Reply::After(of, seconds) => {
            (status(of), [("retry-after", seconds.to_string())]).into_response()
        }
        Reply::Held => {
            // It ends with the test.
            let _ = noted.is_released.subscribe().wait_for(|is_released| *is_released).await;
            StatusCode::OK.into_response()
        }
    }
}
