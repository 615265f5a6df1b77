//! The whole system in process, and people who use it as customers do: over HTTP and WebSocket.
//!
//! A fault of the system ends the test at once, with what was said: this is where tests look.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "whoever calls this is a test"
)]

mod desk;
mod document;
mod person;
mod record;
mod role;
mod socket;
mod wire;

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{ConversationId, TenantId};
use functions::identity::Employee;
use graphql::id::GlobalId;
pub use local::run::Options;
use local::run::Running;
use serde_json::Value;
use store::connection::{Subscription, Topic};

use crate::environment::Ahead;

pub use desk::{badge, code, field, texts};
pub use document::{ALERTS, CONVERSATION, COUNTERS, DIALOG, MESSAGES, PRESENCE, SESSION, SESSIONS};
pub use person::{Answer, Person};
pub use socket::{Feed, Socket};
pub use wire::{Heard, Wire};

/// The longest time that a step may take before a test gives up.
pub const DEADLINE: Duration = Duration::from_secs(30);
/// Unoptimised futures are large.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// A running system with the demo people.
pub struct World {
    /// The system.
    pub running: Running,
    http: reqwest::Client,
    live_chats: Mutex<HashMap<String, String>>,
}

/// Plays a story in a world of its own, and checks that no record of its stream was given up.
pub fn play(story: impl AsyncFnOnce(&World)) {
    play_in(Options::default(), story);
}

/// Plays a story in a world whose stream has four shards, as on AWS: batches are delivered at once
/// and in any order, with the records of each item in theirs. `CHATDESK_SEED` sets the order.
pub fn play_sharded(story: impl AsyncFnOnce(&World)) {
    let seed = std::env::var("CHATDESK_SEED").ok().and_then(|seed| seed.parse().ok());
    play_in(Options { shards: 4, seed: seed.unwrap_or(1), ..Options::default() }, story);
}

/// Plays a story in a world whose clock can be advanced.
pub fn play_ahead(story: impl AsyncFnOnce(&World, &Ahead)) {
    play_ahead_in(Options::default(), story);
}

/// Plays a story in a world with these options, whose clock can be advanced.
pub fn play_ahead_in(options: Options, story: impl AsyncFnOnce(&World, &Ahead)) {
    let clock = Arc::new(Ahead::default());
    let environment: Arc<dyn store::Environment> = clock.clone();
    let options = Options { environment: Some(environment), ..options };
    play_in(options, async |world| story(world, &clock).await);
}

/// Plays a story in a world with these options.
pub fn play_in(options: Options, story: impl AsyncFnOnce(&World)) {
    alone(async || {
        let world = World::start(options).await;
        Box::pin(story(&world)).await;
        assert_eq!(world.running.dead_letters(), 0, "records of the stream were given up");
        world.running.stop().await.expect("it stops cleanly");
    });
}

/// Plays a story that starts its worlds itself.
pub fn alone(story: impl AsyncFnOnce()) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(STACK_BYTES)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(Box::pin(story()));
}

/// Returns the file for the calls of the next world, if `CHATDESK_CALLS` names a directory for them:
/// the roles of the functions are compared with those calls.
fn calls_file() -> Option<PathBuf> {
    static WORLDS: AtomicU32 = AtomicU32::new(0);
    let directory = PathBuf::from(std::env::var_os("CHATDESK_CALLS")?);
    let world = WORLDS.fetch_add(1, Ordering::Relaxed);
    Some(directory.join(format!("{}-{world}.json", std::process::id())))
}

/// Waits for something, but not for ever.
pub async fn within<T>(what: &str, awaited: impl Future<Output = T>) -> T {
    let Ok(done) = tokio::time::timeout(DEADLINE, awaited).await else {
        panic!("{what}: not within {DEADLINE:?}")
    };
    done
}

impl World {
    /// Starts the system at a port of its own choice.
    pub async fn start(options: Options) -> Self {
        let options = Options { port: 0, calls: calls_file(), ..options };
        let running = Box::pin(Running::start(options)).await.expect("it starts");
        // Waits for the fan-out of the seed's changes, so that no test gets them as news.
        within("the seed", running.settled()).await.expect("the stream");
        Self { running, http: reqwest::Client::new(), live_chats: Mutex::default() }
    }

    /// Returns the address where the system serves.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.running.address
    }

    /// Returns a URL of it.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address)
    }

    /// Returns the HTTP client of the tests.
    #[must_use]
    pub const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Returns a person with this token, or with none.
    #[must_use]
    pub fn holder(&self, name: &str, token: Option<String>) -> Person {
        Person::new(self, name, token)
    }

    /// Returns a demo person as they begin: offline.
    pub async fn employee(&self, name: &str) -> Person {
        let token = self.token(name).await;
        self.holder(name, Some(token))
    }

    /// Returns a demo person who is online.
    pub async fn online(&self, name: &str) -> Person {
        let person = self.employee(name).await;
        person.presence("ONLINE").await;
        person
    }

    /// Lets Zoe write, and Ann claim her session. Returns Ann, Zoe and the session.
    pub async fn claimed(&self) -> (Person, Person, String) {
        let (ann, zoe) = (self.online("ann").await, self.client("Zoe").await);
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        assert_eq!(code(&ann.claim(&id).await), "");
        (ann, zoe, id)
    }

    /// Returns a demo person by a token that says whether they administer the tenant now.
    #[must_use]
    pub fn administering(&self, id: &str, is_administrator: bool) -> Person {
        let app = &self.running.app;
        let employee = Employee { id: id.to_owned(), name: id.to_owned(), is_administrator };
        let expires_at = i64::try_from(app.store.now().as_seconds() + 3600).expect("a time");
        let signer = app.identity.signer().expect("a secret");
        let signed = signer.sign_employee("demo", employee, expires_at);
        self.holder(id, Some(signed.expect("a token")))
    }

    /// Returns a client of the live chat Support.
    pub async fn client(&self, name: &str) -> Person {
        self.client_of(name, "Support").await
    }

    /// Returns a client of a live chat.
    pub async fn client_of(&self, name: &str, live_chat: &str) -> Person {
        let token = self.token(&format!("client:{name}&liveChat={live_chat}")).await;
        self.holder(name, Some(token))
    }

    async fn token(&self, whose: &str) -> String {
        let url = self.url(&format!("/dev/token?as={whose}"));
        let answer = self.http.get(url).send().await.expect("an answer");
        let answer: Value = answer.json().await.expect("JSON");
        answer["token"].as_str().expect("a token").to_owned()
    }

    /// Returns the global id of a demo live chat.
    pub async fn live_chat(&self, name: &str) -> String {
        if let Some(id) = self.live_chats.lock().expect("unpoisoned").get(name) {
            return id.clone();
        }
        let bob = self.employee("bob").await;
        let data = bob.get("{ viewer { liveChats { id name } } }").await;
        let mut known = self.live_chats.lock().expect("unpoisoned");
        for live_chat in data["viewer"]["liveChats"].as_array().expect("live chats") {
            known.insert(text(&live_chat["name"]), text(&live_chat["id"]));
        }
        known.get(name).expect("a demo live chat").clone()
    }

    /// Posts a message to the webhook of Support, signed with the secret. Returns the status and
    /// the body of the answer.
    pub async fn webhook(&self, body: &Value) -> (u16, Value) {
        let body = body.to_string();
        let signature = wire::signature("demo-secret", body.as_bytes());
        self.webhook_raw("demo-support", body, Some(signature)).await
    }

    /// Posts anything to a webhook.
    pub async fn webhook_raw(
        &self,
        channel: &str,
        body: String,
        signature: Option<String>,
    ) -> (u16, Value) {
        let url = self.url(&format!("/channels/webhook/{channel}"));
        let mut request = self.http.post(url).header("content-type", "application/json").body(body);
        if let Some(signature) = signature {
            request = request.header("X-Signature", signature);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let text = answer.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// Posts a wish for a token to the widget's door.
    pub async fn widget(&self, wish: &Value) -> (u16, Value) {
        let request = self.http.post(self.url("/widget/token")).json(wish);
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json().await.expect("JSON"))
    }

    /// Waits until so many operations follow the dialog of a session at the desk, live.
    pub async fn followed(&self, session: &str, by: usize) {
        let (tenant, conversation) = conversation_of(session);
        self.listened(&Topic::Dialog(tenant, conversation), by).await;
    }

    /// Waits until so many operations follow the dialog of a session as its client, live.
    pub async fn followed_as_client(&self, session: &str, by: usize) {
        let (tenant, conversation) = conversation_of(session);
        self.listened(&Topic::Client(tenant, conversation), by).await;
    }

    /// Returns the number of stored subscriptions to the dialog of a session at the desk.
    pub async fn subscriptions(&self, session: &str) -> usize {
        let (tenant, conversation) = conversation_of(session);
        self.rows(&Topic::Dialog(tenant, conversation)).await.len()
    }

    async fn rows(&self, of: &Topic) -> Vec<Subscription> {
        self.running.app.store.subscriptions(of).await.expect("subscriptions")
    }

    async fn listened(&self, to: &Topic, by: usize) {
        within("to be followed", async {
            let is_live = |row: &&Subscription| row.replaying_since.is_none();
            while self.rows(to).await.iter().filter(is_live).count() < by {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }

    /// Returns every item of a table, by its key. Call `settle` first.
    pub async fn items(&self, table: &str) -> BTreeMap<String, String> {
        let scan = self.running.dynamo().scan().table_name(table).consistent_read(true);
        let mut pages = scan.into_paginator().items().send();
        let mut items = BTreeMap::new();
        while let Some(item) = pages.next().await {
            let item: BTreeMap<_, _> = item.expect("an item").into_iter().collect();
            items.insert(format!("{:?} {:?}", item["pk"], item["sk"]), format!("{item:?}"));
        }
        items
    }

    /// Waits until the fan-out has pushed everything that happened, and these sockets have received
    /// it.
    pub async fn settle(&self, sockets: &[&Socket]) {
        within("the fan-out", self.running.settled()).await.expect("the stream");
        for socket in sockets {
            socket.echo().await;
        }
    }
}

fn conversation_of(session: &str) -> (TenantId, ConversationId) {
    match GlobalId::decode(session) {
        Some((tenant, GlobalId::Session(id))) => (tenant, id.conversation),
        _ => panic!("{session} is no session"),
    }
}

/// Returns the text of a value that has to be one.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is not a text")).to_owned()
}

/// Returns the signature of a webhook's body.
#[must_use]
pub fn signature(secret: &str, body: &str) -> String {
    wire::signature(secret, body.as_bytes())
}
