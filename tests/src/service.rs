//! The functions over a database in memory, each called when a test says so, and a gateway that takes
//! every post. Nothing happens beside, so what an event causes can be counted.
#![expect(clippy::expect_used, reason = "whoever calls this is a test")]

mod company;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Credentials;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use functions::app::App;
use functions::connections::Connections;
use functions::identity::Identity;
use functions::{fanout, socket};
use futures::future::{BoxFuture, FutureExt as _, ready};
use serde_json::{Value, json};
use store::{Store, Tables};
use tokio::runtime::Handle;

use crate::database::{Database, lock};
use crate::environment::{START, Seeded};
use crate::meter::Meter;
use crate::stream::Stream;
use crate::wire::{Answer, Call, Layer, Onward, Wire};

pub use company::Company;

/// The functions, and the state that they work on.
pub struct Service {
    /// The functions' common parts.
    pub app: App,
    /// Their clock.
    pub clock: Arc<Seeded>,
    /// The gateway of the sockets.
    pub gateway: Gateway,
    /// The meter of what they ask the state.
    pub meter: Meter,
    /// An outage of the state.
    pub outage: Outage,
    database: Database,
    stream: Mutex<Stream>,
    /// The records that are delivered again: those of a batch that failed.
    again: Mutex<Vec<Value>>,
    messages: AtomicU64,
}

/// A gateway that takes every post, and lets every connection be closed.
#[derive(Clone, Debug, Default)]
pub struct Gateway {
    taken: Arc<Mutex<Vec<Post>>>,
}

/// An outage of the state, for some requests.
#[derive(Clone, Debug, Default)]
pub struct Outage(Arc<Mutex<Option<Lost>>>);

/// The requests that do not reach the state.
#[derive(Clone, Debug)]
struct Lost {
    /// Part of a key that they name.
    of: String,
    is_of_writes: bool,
}

impl Outage {
    /// Begins: no request that names the company reaches the state.
    pub fn begin(&self, tenant: &str) {
        *lock(&self.0) = Some(Lost { of: format!("#{tenant}"), is_of_writes: false });
    }

    /// Begins: no write of a key that begins this way reaches the state.
    pub fn begin_for_writes(&self, key: &str) {
        *lock(&self.0) = Some(Lost { of: format!("\"{key}"), is_of_writes: true });
    }

    /// Ends.
    pub fn end(&self) {
        *lock(&self.0) = None;
    }
}

impl Layer for Outage {
    fn carry(&self, call: Call, onward: Onward) -> BoxFuture<'static, Answer> {
        let is_lost = |lost: &Lost| {
            (call.operation.writes() || !lost.is_of_writes)
                && call.body.to_string().contains(&lost.of)
        };
        let is_out = lock(&self.0).as_ref().is_some_and(is_lost);
        if is_out { ready(Answer::Unsent).boxed() } else { onward.carry(call).boxed() }
    }
}

/// A post to a connection.
#[derive(Clone, PartialEq, Debug)]
pub struct Post {
    /// The connection.
    pub connection: String,
    /// The frame.
    pub frame: Value,
}

impl Post {
    /// Returns the code of the error that ends an operation; empty of any other frame.
    #[must_use]
    pub fn code(&self) -> &str {
        let code = self.frame.pointer("/payload/0/extensions/code");
        code.and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the id of its operation.
    #[must_use]
    pub fn operation(&self) -> &str {
        self.frame.get("id").and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns true if it is one more result of an operation.
    #[must_use]
    pub fn is_next(&self) -> bool {
        self.frame.get("type").and_then(Value::as_str) == Some("next")
    }
}

impl Gateway {
    /// Returns the posts since the last call, in order.
    #[must_use]
    pub fn take(&self) -> Vec<Post> {
        std::mem::take(&mut lock(&self.taken))
    }
}

impl HttpConnector for Gateway {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connection = request.uri().rsplit('/').next().unwrap_or_default().to_owned();
        if request.method() == "POST" {
            let frame = serde_json::from_slice(request.body().bytes().unwrap_or_default());
            lock(&self.taken).push(Post { connection, frame: frame.unwrap_or_default() });
        }
        let status = 200.try_into().expect("a status");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::empty())))
    }
}

fn credentials() -> Credentials {
    Credentials::new("test", "test", None, None, "test")
}

impl Service {
    /// Builds a service with empty tables.
    pub async fn new() -> Self {
        let gateway = Gateway::default();
        let at = Some("http://gateway.invalid".to_owned());
        let connections = Connections::at("local".to_owned(), credentials(), at)
            .over(SharedHttpConnector::new(gateway.clone()));
        Self::with(connections, gateway, |wire| wire.client(0)).await
    }

    /// Builds a service with empty tables, in a database on a runtime of its own, that posts over HTTP to
    /// this address.
    pub async fn posting_to(address: &str, database: &Handle) -> Self {
        let at = Some(address.to_owned());
        let connections = Connections::at("local".to_owned(), credentials(), at);
        let client = |wire: &Wire| wire.client_apart(database.clone());
        Self::with(connections, Gateway::default(), client).await
    }

    /// Builds the same service, which posts over this connector.
    pub async fn posting_over(connector: SharedHttpConnector, database: &Handle) -> Self {
        let at = Some("http://gateway.invalid".to_owned());
        let connections = Connections::at("local".to_owned(), credentials(), at).over(connector);
        let client = |wire: &Wire| wire.client_apart(database.clone());
        Self::with(connections, Gateway::default(), client).await
    }

    async fn with(
        connections: Connections,
        gateway: Gateway,
        client: impl Fn(&Wire) -> Client,
    ) -> Self {
        let (clock, database) = (Arc::new(Seeded::still(11)), Database::memory().expect("memory"));
        let (meter, outage) = (Meter::default(), Outage::default());
        let wire = Wire::new(database.clone()).through(meter.clone()).through(outage.clone());
        let store = Store::new(client(&wire), Tables::default(), clock.clone());
        store.create_tables().await.expect("tables");
        let identity = Identity::with_secret(&[7; 32]).expect("a strong secret");
        Self {
            app: App::new(store, identity, connections),
            clock,
            gateway,
            meter,
            outage,
            again: Mutex::default(),
            stream: Mutex::new(Stream::new(&database, "core", 1, 0.0)),
            database,
            messages: AtomicU64::default(),
        }
    }

    /// Returns the store of another instance, whose clock is ahead by this much.
    #[must_use]
    pub fn ahead(&self, millis: u64) -> Store {
        let clock = Seeded::still(12);
        clock.pass(self.app.store.now().millis_since(START) + millis);
        let client = Wire::new(self.database.clone()).client(1);
        Store::new(client, Tables::default(), Arc::new(clock))
    }

    /// Opens a connection with a token.
    pub async fn connect(&self, connection: &str, token: &str) {
        let headers = json!({ "Sec-WebSocket-Protocol": "graphql-transport-ws" });
        let context = self.context(connection, "$connect");
        self.socket(json!({ "requestContext": context, "headers": headers })).await;
        let payload = json!({ "authorization": format!("Bearer {token}") });
        self.say(connection, &json!({ "type": "connection_init", "payload": payload })).await;
    }

    /// Starts an operation of a connection.
    pub async fn subscribe(&self, connection: &str, id: &str, payload: &Value) {
        self.say(connection, &json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    async fn say(&self, connection: &str, message: &Value) {
        let context = self.context(connection, "$default");
        self.socket(json!({ "requestContext": context, "body": message.to_string() })).await;
    }

    async fn socket(&self, event: Value) {
        let event = serde_json::from_value(event).expect("an event");
        let answer = Box::pin(socket::handle(&self.app, event)).await;
        assert_eq!(answer.get("statusCode"), Some(&json!(200)), "{answer}");
    }

    fn context(&self, connection: &str, route: &str) -> Value {
        let now = self.app.store.now().as_millis();
        let number = self.messages.fetch_add(1, Ordering::Relaxed);
        json!({
            "connectionId": connection,
            "routeKey": route,
            "connectedAt": now,
            "requestTimeEpoch": now,
            "requestId": number.to_string(),
        })
    }

    /// Returns everything that is in the stream as one batch, after what is left of a batch that
    /// failed.
    #[must_use]
    pub fn batch(&self) -> Vec<Value> {
        let mut records = std::mem::take(&mut *lock(&self.again));
        while let Some(mut batch) = lock(&self.stream).batch().expect("a stream") {
            if let Some(Value::Array(more)) = batch.get_mut("Records") {
                records.append(more);
            }
        }
        records
    }

    /// Delivers everything that is in the stream to the fan-out as one batch, and returns its answer.
    pub async fn fan_out(&self) -> Value {
        let mut records = self.batch();
        let event = json!({ "Records": records });
        let answer = Box::pin(fanout::handle(&self.app, &event)).await;
        if let Some(failed) = answer.pointer("/batchItemFailures/0/itemIdentifier") {
            let is_failed =
                |record: &Value| record.pointer("/dynamodb/SequenceNumber") == Some(failed);
            let first = records.iter().position(is_failed).expect("a record of the batch");
            *lock(&self.again) = records.split_off(first);
        }
        answer
    }
}
