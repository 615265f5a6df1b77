//! The whole system on one machine: the handlers of the cloud behind a local gateway, a local stream
//! trigger and an embedded DynamoDB.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::Credentials;
use futures::future::BoxFuture;
use serde_json::Value;
use store::{Environment, Store, Tables};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::bounded::Bounded;
use super::calls::Calls;
use super::console::Console;
use super::dynamo::Embedded;
use super::gateway::{self, Limits, Routes};
use super::trigger::{Consumer, Trigger};
use super::{Fault, Function, demo, pages, place};
use crate::app::App;
use crate::connections::Connections;
use crate::environment::Machine;
use crate::identity::{Identity, Source};
use crate::rate::{Limiter, Rates};
use crate::{event, fanout, presence, socket, worker};

/// The interval of the sweep over presence leases here: shorter than in the cloud, because a sweep
/// costs nothing.
const WALK: Duration = Duration::from_secs(10);

/// The most posts to sockets that are under way at a time.
const MOST_POSTS: usize = 128;

/// The settings of a local run.
#[derive(Clone, Default)]
pub struct Options {
    /// The port of 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// The folder of the data. Without it, the data is in a temporary place, and deleted at the
    /// end.
    pub data: Option<PathBuf>,
    /// True if the data there is deleted first.
    pub is_fresh: bool,
    /// True if the search index is rebuilt from the data there.
    pub is_reindexed: bool,
    /// The bounds of the gateway.
    pub limits: Limits,
    /// The limits on requests; without them, the usual ones on one machine.
    pub rates: Option<Rates>,
    /// Time and chance; the machine's without it.
    pub environment: Option<Arc<dyn Environment>>,
    /// The file with the issuers whose tokens are accepted beside those of this run's own.
    pub issuers: Option<PathBuf>,
    /// True if a socket opens with a ticket only.
    pub needs_ticket: bool,
    /// The file that receives, at the end, the calls of each function.
    pub calls: Option<PathBuf>,
    /// The number of shards that the table's stream seems to have. With more than one, several
    /// batches are delivered at once, in any order that a stream allows.
    pub shards: u32,
    /// The seed that decides the order.
    pub seed: u64,
    /// The folder of the operators' page, which is served, and built if it has to be.
    pub console: Option<PathBuf>,
}

/// The running system.
pub struct Running {
    /// The address where it serves.
    pub address: SocketAddr,
    /// The functions' common parts: tests look at the state through it.
    pub app: App,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<(), Fault>>,
    trigger: Trigger,
    timer: Timer,
    console: Console,
    calls: Option<Calls>,
    dynamo: Embedded,
    /// Deletes the temporary data when dropped.
    _place: Place,
}

/// The place of the data.
enum Place {
    Kept(PathBuf),
    Temporary(tempfile::TempDir),
}

impl Place {
    fn of(options: &Options) -> Result<Self, Fault> {
        let Some(data) = &options.data else { return Ok(Self::Temporary(tempfile::tempdir()?)) };
        place::prepare(data)?;
        Ok(Self::Kept(data.clone()))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Temporary(place) => place.path(),
        }
    }
}

/// Returns the secret that signs the tokens of this run. It is kept beside the data, so that tokens
/// outlive a restart as the data does.
fn secret(folder: &Path) -> Result<Vec<u8>, Fault> {
    let path = folder.join(place::KEY);
    match std::fs::read(&path) {
        Ok(secret) if secret.len() >= 32 => return Ok(secret),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let secret = [Machine.random().to_be_bytes(), Machine.random().to_be_bytes()].concat();
    place::write_private(&path, &secret)?;
    Ok(secret)
}

impl Running {
    /// Starts the system. It serves when this returns.
    ///
    /// # Errors
    /// The reason why it cannot start.
    pub async fn start(options: Options) -> Result<Self, Fault> {
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
        let address = listener.local_addr()?;
        let place = Place::of(&options)?;
        let file = place.path().join(place::DATABASE);
        let dynamo = match options.is_fresh {
            true => Embedded::open_empty(file).await?,
            false => Embedded::open(file).await?,
        };
        let tables = Tables::default();
        let environment = options.environment.unwrap_or_else(|| Arc::new(Machine));
        let store = Store::new(dynamo.client(), tables.clone(), Arc::clone(&environment));
        store.create_tables().await?;
        demo::seed(&store).await?;
        if options.is_reindexed {
            store.start_reindexing().await?;
        }
        let issuers = options.issuers.map_or(Source::Nowhere, Source::File);
        let identity =
            Identity::new(Some(&secret(place.path())?), issuers)?.serving(&demo::TENANTS);
        let rates = options.rates.unwrap_or(Rates::LOCAL);
        let app = App {
            limiter: Arc::new(Limiter::new(rates)),
            needs_ticket: options.needs_ticket,
            ..App::new(store, identity, connections(address))
        };
        let calls = options.calls.map(Calls::to);
        // Each function as it is alone, except that they share what an instance learns.
        let app_of = |function: &'static str| {
            let Some(calls) = &calls else { return app.clone() };
            let noting = calls.of(function);
            let db = dynamo.client().config().to_builder().interceptor(noting.clone()).build();
            let db = aws_sdk_dynamodb::Client::from_conf(db);
            let store = Store::new(db, tables.clone(), Arc::clone(&environment));
            app.over(store, app.connections.intercepted(noting))
        };
        let mut consumers = vec![
            consumer(app_of("fanout"), "sockets", |app, event| {
                Box::pin(async move { Ok(fanout::handle(&app, &event).await) })
            }),
            consumer(app_of("worker"), "worker", |app, event| {
                Box::pin(async move { worker::handle(&app, &event).await })
            }),
        ];
        for consumer in &mut consumers {
            (consumer.shards, consumer.seed) = (options.shards.max(1), options.seed);
        }
        let trigger = Trigger::start(&dynamo, &tables.core, consumers).await?;
        let console = options.console.as_deref().map_or_else(Console::none, Console::start);
        let routes = Routes {
            graphql: Arc::new(event::graphql_function(app_of("graphql"))),
            inbound: Arc::new(event::inbound_function(app_of("inbound"))),
            socket: socket_function(app_of("socket")),
            extra: pages::routes(app.clone(), &console.built()),
        };
        let timer = Timer::start(app_of("presence"));
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(gateway::serve(listener, routes, options.limits, async {
            // Whoever drops the other end stops it as well.
            let _ = stopped.await;
        }));
        Ok(Self {
            address,
            app,
            stop,
            served,
            trigger,
            timer,
            console,
            calls,
            dynamo,
            _place: place,
        })
    }

    /// Waits until the fan-out has handled everything that is in the stream now.
    ///
    /// # Errors
    /// The stream's.
    pub async fn told(&self) -> Result<(), Fault> {
        self.trigger.caught_up().await
    }

    /// Returns a client of its DynamoDB: tests look at the items through it.
    #[must_use]
    pub fn dynamo(&self) -> aws_sdk_dynamodb::Client {
        self.dynamo.client()
    }

    /// Returns the number of stream records that became dead letters.
    #[must_use]
    pub fn dead_letters(&self) -> u64 {
        self.trigger.dead_letter_count()
    }

    /// Stops the system: sockets are closed, acknowledged writes are kept.
    ///
    /// # Errors
    /// The reason why the gateway ended, if it ended before.
    pub async fn stop(self) -> Result<(), Fault> {
        // It may have ended by itself.
        let _ = self.stop.send(());
        let served = self.served.await;
        drop(self.timer);
        self.console.stop().await;
        self.trigger.stop().await;
        self.dynamo.close().await;
        if let Some(calls) = self.calls {
            calls.write()?;
        }
        served?
    }
}

/// Starts the presence function again and again, until it is dropped.
struct Timer(JoinHandle<()>);

impl Timer {
    fn start(app: App) -> Self {
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(WALK).await;
                if let Err(fault) = presence::walk(&app, WALK).await {
                    tracing::error!(%fault, "a walk of leases is broken off");
                }
            }
        }))
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The longest time that one connection may take for its posts here, where everything shares one
/// machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// Returns the connections of this run's own gateway.
fn connections(address: SocketAddr) -> Connections {
    let credentials = Credentials::new("local", "local", None, None, "local");
    Connections::at("us-east-1".to_owned(), credentials, Some(format!("http://{address}")))
        .over(Bounded::new(MOST_POSTS))
        .patient(PATIENCE)
}

fn socket_function(app: App) -> Function {
    Arc::new(move |event: Value| -> BoxFuture<'static, Result<Value, String>> {
        let app = app.clone();
        Box::pin(async move {
            let event = serde_json::from_value(event).map_err(|error| error.to_string())?;
            Ok(socket::handle(&app, event).await)
        })
    })
}

/// Returns a consumer of the stream as the local trigger calls it.
fn consumer(
    app: App,
    name: &str,
    handle: fn(App, Value) -> BoxFuture<'static, Result<Value, String>>,
) -> Consumer {
    let function: Function = Arc::new(move |event: Value| handle(app.clone(), event));
    Consumer::new(name, function)
}
