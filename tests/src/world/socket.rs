//! A client of graphql-transport-ws, as the stock ones are.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "whoever calls this is a test"
)]

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{EmployeeId, TenantId};
use futures::SinkExt;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;

use super::desk::badge;
use super::wire::{Heard, Wire, hear};
use super::{Person, within};

type Feeds = Arc<Mutex<HashMap<String, mpsc::UnboundedSender<Value>>>>;

static OPERATIONS: AtomicU64 = AtomicU64::new(1);

/// A socket, acknowledged.
pub struct Socket {
    who: Person,
    out: mpsc::UnboundedSender<Value>,
    feeds: Feeds,
    others: tokio::sync::Mutex<mpsc::UnboundedReceiver<Value>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Socket {
    pub(super) async fn open(who: &Person) -> Self {
        let opened = Wire::open(who.address, Some("graphql-transport-ws")).await;
        let mut wire = opened.unwrap_or_else(|status| panic!("refused with {status}"));
        let token = who.token.clone().unwrap_or_default();
        let payload = json!({ "authorization": format!("Bearer {token}") });
        wire.say(&json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(wire.hear().await, Heard::Message(json!({ "type": "connection_ack" })));
        let (out, to_send) = mpsc::unbounded_channel();
        let (tell, others) = mpsc::unbounded_channel();
        let feeds = Feeds::default();
        let task = tokio::spawn(run(wire, to_send, feeds.clone(), tell));
        let others = tokio::sync::Mutex::new(others);
        Self { who: who.clone(), out, feeds, others, task }
    }

    fn say(&self, message: Value) {
        self.out.send(message).expect("an open socket");
    }

    /// Starts an operation. The server does not say when it listens, unless it begins with a value.
    pub fn subscribe(&self, document: &str, variables: Value) -> Feed {
        let id = OPERATIONS.fetch_add(1, Ordering::Relaxed).to_string();
        let (tell, frames) = mpsc::unbounded_channel();
        self.feeds.lock().expect("unpoisoned").insert(id.clone(), tell);
        let payload = json!({ "query": document, "variables": variables });
        self.say(json!({ "id": id, "type": "subscribe", "payload": payload }));
        Feed { id, frames, document: document.to_owned(), seq: 0 }
    }

    /// Starts an operation of an employee's desk, and waits until it listens.
    pub async fn listen(&self, document: &str, variables: Value) -> Feed {
        let feed = self.subscribe(document, variables);
        let (tenant, person) = self.who.name.split_once('/').unwrap_or(("demo", &self.who.name));
        let tenant = TenantId::parse(tenant).expect("a tenant");
        let person = EmployeeId::parse(person).expect("a person");
        let people = BTreeSet::from([person]);
        within("to listen", async {
            loop {
                let found = self.who.store.of(&tenant).desk_subscriptions(&people).await;
                let found = found.expect("subscriptions");
                if found.iter().any(|subscription| subscription.operation == feed.id) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
        feed
    }

    /// Ends an operation.
    pub fn complete(&self, feed: &Feed) {
        self.say(json!({ "id": feed.id, "type": "complete" }));
    }

    /// Waits until whatever was said to this socket before has been heard.
    pub async fn echo(&self) {
        let mut others = self.others.lock().await;
        self.say(json!({ "type": "ping" }));
        within("a pong", async {
            while others.recv().await.expect("an open socket")["type"] != "pong" {}
        })
        .await;
    }
}

async fn run(
    wire: Wire,
    mut to_send: mpsc::UnboundedReceiver<Value>,
    feeds: Feeds,
    others: mpsc::UnboundedSender<Value>,
) {
    let Wire { mut out, mut back } = wire;
    loop {
        let said = tokio::select! {
            said = to_send.recv() => said,
            heard = hear(&mut back) => match heard {
                Heard::Closed(_) => None,
                Heard::Message(message) => {
                    let answer = (message["type"] == "ping").then(|| json!({ "type": "pong" }));
                    dispatch(&feeds, &others, message);
                    match answer {
                        None => continue,
                        answer => answer,
                    }
                }
            },
        };
        let Some(said) = said else { break };
        if out.send(Message::text(said.to_string())).await.is_err() {
            break;
        }
    }
    feeds.lock().expect("unpoisoned").clear();
}

fn dispatch(feeds: &Feeds, others: &mpsc::UnboundedSender<Value>, message: Value) {
    let feeds = feeds.lock().expect("unpoisoned");
    match message["id"].as_str().and_then(|id| feeds.get(id)) {
        // The test may be over.
        Some(feed) => drop(feed.send(message)),
        None => drop(others.send(message)),
    }
}

/// An operation, and the frames that it received.
pub struct Feed {
    /// Its id on the socket.
    pub id: String,
    frames: mpsc::UnboundedReceiver<Value>,
    document: String,
    /// The greatest `seq` that was looked at.
    seq: i64,
}

impl Feed {
    /// Returns the next frame, of any kind.
    pub async fn frame(&mut self) -> Value {
        let what = format!("something of {}", self.document);
        let frame = within(&what, self.frames.recv()).await;
        frame.unwrap_or_else(|| panic!("the socket is closed under {}", self.document))
    }

    /// Returns the next value.
    pub async fn next(&mut self) -> Value {
        value(&self.frame().await)
    }

    /// Returns the values up to and with the first that is as wanted.
    pub async fn until(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut heard = Vec::new();
        loop {
            let next = self.next().await;
            let is_last = is_wanted(&next);
            heard.push(next);
            if is_last {
                return heard;
            }
        }
    }

    /// Returns the next entry of a dialog. Delivery is at least once: entries that came before are
    /// skipped.
    pub async fn entry(&mut self) -> Value {
        loop {
            let next = self.next().await;
            let seq = next["seq"].as_i64().unwrap_or_else(|| panic!("{next} has no seq"));
            if seq > self.seq {
                self.seq = seq;
                return next;
            }
        }
    }

    /// Returns this number of entries of a dialog.
    pub async fn entries(&mut self, count: usize) -> Vec<Value> {
        let mut heard = Vec::new();
        for _ in 0..count {
            heard.push(self.entry().await);
        }
        heard
    }

    /// Returns the entries of a dialog that came and were not looked at. Settle first.
    pub fn rest_of_entries(&mut self) -> Vec<Value> {
        let seq = self.seq;
        self.rest().into_iter().filter(|entry| entry["seq"].as_i64() > Some(seq)).collect()
    }

    /// Returns the values that came and were not looked at. Settle first.
    pub fn rest(&mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.frames.try_recv().ok()).map(|frame| value(&frame)).collect()
    }

    /// Returns the frames that came and were not looked at. Settle first.
    pub fn rest_of_frames(&mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.frames.try_recv().ok()).collect()
    }

    /// Reads badges from the pushes of counters, until one is as wanted. Versions must not fall.
    pub async fn badge_until(&mut self, wanted: [i64; 4]) {
        let mut version = String::new();
        loop {
            let counters = self.next().await;
            let now = counters["version"].as_str().unwrap_or_default().to_owned();
            assert!(now >= version, "{now} after {version}");
            version = now;
            if badge(&counters) == wanted {
                return;
            }
        }
    }

    /// Returns the code of the error that ends it.
    pub async fn refused(&mut self) -> String {
        let frame = self.frame().await;
        assert_eq!(frame["type"], "error", "{frame}");
        frame["payload"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Returns the one field of a `next`.
fn value(frame: &Value) -> Value {
    assert_eq!(frame["type"], "next", "{frame}");
    assert!(frame["payload"].get("errors").is_none(), "{frame}");
    let data = frame["payload"]["data"].as_object();
    let data = data.unwrap_or_else(|| panic!("{frame} has no data"));
    data.values().next().expect("one field").clone()
}
