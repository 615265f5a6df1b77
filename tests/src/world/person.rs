//! A person who uses the service over HTTP.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "whoever calls this is a test"
)]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use store::Store;

use super::{Socket, World, text};

/// A person with a token, or without.
#[derive(Clone)]
pub struct Person {
    /// The name in the demo: `ann`, `other/ann`, or a client's name.
    pub name: String,
    /// Their token.
    pub token: Option<String>,
    pub(super) address: SocketAddr,
    pub(super) store: Store,
    http: reqwest::Client,
}

static FRESH: AtomicU64 = AtomicU64::new(0);

/// A whole answer over HTTP.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The media type.
    pub media: String,
    /// The body as it came.
    pub text: String,
    /// The body.
    pub body: Value,
}

impl Answer {
    /// Returns the code of the first top-level error; empty without one.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }

    /// Returns the data, when there is no error.
    #[must_use]
    pub fn data(&self) -> &Value {
        assert!(self.body.get("errors").is_none(), "{}", self.text);
        &self.body["data"]
    }
}

impl Person {
    pub(super) fn new(world: &World, name: &str, token: Option<String>) -> Self {
        Self {
            name: name.to_owned(),
            token,
            address: world.address(),
            store: world.running.app.store.clone(),
            http: world.http().clone(),
        }
    }

    /// Returns an id that no other object has.
    #[must_use]
    pub fn fresh(&self) -> String {
        format!("{}-{}", self.name, FRESH.fetch_add(1, Ordering::Relaxed))
    }

    /// Sends a document with variables. Returns the whole answer.
    pub async fn send_document(&self, document: &str, variables: Value) -> Answer {
        let url = format!("http://{}/graphql", self.address);
        let mut request = self
            .http
            .post(url)
            .header("accept", "application/graphql-response+json")
            .json(&json!({ "query": document, "variables": variables }));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let media = answer.headers().get("content-type").and_then(|value| value.to_str().ok());
        let media = media.unwrap_or_default().to_owned();
        let text = answer.text().await.expect("a body");
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, media, text, body }
    }

    /// Returns the data of a document without variables.
    pub async fn get(&self, document: &str) -> Value {
        self.get_with(document, json!({})).await
    }

    /// Returns the data of a document with variables.
    pub async fn get_with(&self, document: &str, variables: Value) -> Value {
        self.send_document(document, variables).await.data().clone()
    }

    /// Returns the one root field of a document.
    pub async fn act(&self, document: &str, variables: Value) -> Value {
        let data = self.get_with(document, variables).await;
        let fields = data.as_object().unwrap_or_else(|| panic!("{data} is no object"));
        fields.values().next().expect("one field").clone()
    }

    /// Sets them online or offline.
    pub async fn presence(&self, presence: &str) -> Value {
        let document = "mutation($p: Presence!) { setPresence(presence: $p) {
            employee { id name presence } userErrors { code } } }";
        let payload = self.act(document, json!({ "p": presence })).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
        payload["employee"].clone()
    }

    /// Returns their global id as an employee.
    pub async fn id(&self) -> String {
        text(&self.get("{ viewer { employee { id } } }").await["viewer"]["employee"]["id"])
    }

    /// Opens a socket, and waits for its acknowledgement.
    pub async fn socket(&self) -> Socket {
        Socket::open(self).await
    }
}
