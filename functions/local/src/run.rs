//! The whole system on one machine: the handlers of the cloud behind a local gateway, a local stream
//! trigger and an embedded DynamoDB.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::{Credentials, Region};
use functions::app::App;
use functions::bucket::Bucket;
use functions::environment::Machine;
use functions::identity::{Identity, Source as Issuers};
use functions::messenger::Messengers;
use functions::outside::{Addresses, Endpoints, Outside};
use functions::rate::{Limiter, Rates};
use graphql::files::Quotas;
use store::{Environment, Store, Tables};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::calls::Calls;
use crate::console::Console;
use crate::dynamo::Embedded;
use crate::endpoint;
use crate::gateway::{self, Limits, Routes};
use crate::handler::{self, Apps};
use crate::kms::Keys;
use crate::place::{self, Place};
use crate::queue::{Attributes, Clock, Queue, Settings, Source};
use crate::s3;
use crate::timer::Timer;
use crate::trigger::{Consumer, Trigger};
use crate::vendor::{self, Vendors};
use crate::{Fault, demo, pages};

/// The limits on requests here, where there are no other users.
pub const RATES: Rates = Rates { requests_per_second: 0, ..Rates::CLOUD };

/// The longest time that an invocation of the outbound function may take.
const OUTBOUND: Duration = Duration::from_secs(60);
/// The number of times that the queue delivers a message before it becomes a dead letter, as in the
/// cloud.
const MOST_RECEIVES: i64 = 1000;

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
    /// The limits on requests; [`RATES`] without them.
    pub rates: Option<Rates>,
    /// Time and chance; the machine's without it.
    pub environment: Option<Arc<dyn Environment>>,
    /// The file with the issuers whose tokens are accepted beside those of this run's own.
    pub issuers: Option<PathBuf>,
    /// True if a socket opens with a ticket only.
    pub needs_ticket: bool,
    /// See [`App::pushing_at_once`].
    pub pushes_at_once: Option<Duration>,
    /// The file that receives, at the end, the calls of each function.
    pub calls: Option<PathBuf>,
    /// The number of shards that the table's stream seems to have. With more than one, several
    /// batches are delivered at once, in any order that a stream allows.
    pub shards: u32,
    /// The seed that decides the order.
    pub seed: u64,
    /// True if the demo has a Telegram channel, against the stand-in that is served here.
    pub has_messengers: bool,
    /// The address of Telegram's Bot API, without a slash at the end; that of the stand-in that is
    /// served here, without it.
    pub telegram: Option<String>,
    /// The address of WhatsApp's Cloud API, in the same way.
    pub whatsapp: Option<String>,
    /// The most bytes of uploads in a day; as in the cloud, without it.
    pub quotas: Option<Quotas>,
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
    queue: Queue,
    source: Source,
    bucket: s3::Running,
    vendors: Vendors,
    timer: Timer,
    console: Console,
    calls: Option<Calls>,
    dynamo: Embedded,
    /// Deletes the temporary data when dropped.
    _place: Place,
}

impl Running {
    /// Starts the system. It serves when this returns.
    ///
    /// # Errors
    /// The reason why it cannot start.
    pub async fn start(options: Options) -> Result<Self, Fault> {
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
        let address = listener.local_addr()?;
        let is_kept = options.data.is_some();
        let place = Place::of(options.data)?;
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
        let issuers = options.issuers.map_or(Issuers::Nowhere, Issuers::File);
        let identity = Identity::new(Some(&place.secret()?), issuers)?.serving(&demo::TENANTS);
        let app = App {
            limiter: Arc::new(Limiter::new(options.rates.unwrap_or(RATES))),
            needs_ticket: options.needs_ticket,
            ..App::new(store, identity, handler::connections(address))
        };
        let app = app.pushing_at_once(options.pushes_at_once);
        let queue = Queue::with(&place.path().join(place::QUEUE), clock(), attributes())?;
        // The lock of the database is held: nobody else works on what an earlier run had received.
        queue.release().await?;
        let keys = Keys::open(&place.path().join(place::KEYS))?;
        let vendors = Vendors::open(is_kept.then(|| place.path().join(place::MESSENGERS)))?;
        let app = app.reaching(outside(address, options.telegram, options.whatsapp)?);
        let bucket = s3::Served::open(&place.path().join(place::FILES)).await?;
        let app = app.keeping(files(&bucket.url, options.quotas));
        let calls = options.calls.map(Calls::to);
        let apps = Apps { app: &app, db: &dynamo.client(), environment, calls: calls.as_ref() };
        let consumers = [
            Consumer::new("sockets", handler::fanout(apps.of("fanout"))),
            Consumer::new("worker", handler::worker(apps.of("worker"))),
        ];
        let (shards, seed) = (options.shards.max(1), options.seed);
        let consumers = consumers.map(|consumer| Consumer { shards, seed, ..consumer });
        let trigger = Trigger::start(&dynamo, &tables.core, consumers.into()).await?;
        let console = options.console.as_deref().map_or_else(Console::none, Console::start);
        let routes = Routes {
            graphql: handler::graphql(apps.of("graphql")),
            inbound: handler::inbound(apps.of("inbound")),
            socket: handler::socket(apps.of("socket")),
            extra: pages::routes(app.clone(), &console.built())
                .merge(endpoint::routes(queue.clone(), keys))
                .merge(vendor::routes(&vendors)),
        };
        let settings = Settings { batch_size: 1, most_at_once: 64, timeout: OUTBOUND };
        let source = Source::start(queue.clone(), handler::outbound(apps.of("outbound")), settings);
        let bucket = bucket.start(handler::attachments(apps.of("attachments")));
        let timer = Timer::start(apps.of("presence"), apps.of("outbound"));
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(gateway::serve(listener, routes, options.limits, async {
            // The gateway stops as well when the other end is dropped.
            let _ = stopped.await;
        }));
        if options.has_messengers {
            demo::connect(&app).await?;
        }
        Ok(Self {
            address,
            app,
            stop,
            served,
            trigger,
            queue,
            source,
            bucket,
            vendors,
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
    pub async fn settled(&self) -> Result<(), Fault> {
        self.trigger.caught_up().await
    }

    /// Waits until nothing is queued for messengers, after everything in the stream was handled.
    ///
    /// # Errors
    /// The stream's, or the queue's.
    pub async fn delivered(&self) -> Result<(), Fault> {
        self.trigger.caught_up().await?;
        self.source.settled().await
    }

    /// Waits until every upload so far was checked.
    pub async fn checked(&self) {
        self.bucket.settled().await;
    }

    /// Returns the keys of all objects in the bucket of files: tests look whether they are gone.
    ///
    /// # Errors
    /// The folder's.
    pub fn objects(&self) -> std::io::Result<Vec<String>> {
        self.bucket.keys()
    }

    /// Returns the queue of what leaves by messengers: tests look into it, and lose it.
    #[must_use]
    pub const fn queue(&self) -> &Queue {
        &self.queue
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
        self.vendors.stop();
        let served = self.served.await;
        drop(self.timer);
        drop(self.bucket);
        self.console.stop().await;
        self.trigger.stop().await;
        self.source.stop().await;
        self.dynamo.close().await;
        if let Some(calls) = self.calls {
            calls.write()?;
        }
        served?
    }
}

/// The clock of the queue: the machine's, whatever the service believes.
fn clock() -> Clock {
    Arc::new(crate::clock::epoch_ms)
}

fn attributes() -> Attributes {
    Attributes { visibility: OUTBOUND, most_receives: MOST_RECEIVES, ..Attributes::default() }
}

/// Returns the bucket of files at this address.
fn files(url: &str, quotas: Option<Quotas>) -> Bucket {
    let credentials = Credentials::new("local", "local", None, None, "local");
    let bucket = Bucket::at("us-east-1", credentials, url);
    match quotas {
        Some(quotas) => bucket.limited_to(quotas),
        None => bucket,
    }
}

/// Returns the outside of a run that serves at this address: its own queue and keys, and the services
/// of messengers at these addresses, or their stand-ins.
fn outside(
    address: SocketAddr,
    telegram: Option<String>,
    whatsapp: Option<String>,
) -> Result<Arc<Outside>, Fault> {
    let here = format!("http://{address}");
    let endpoint = Some(format!("{here}/aws"));
    let addresses = Addresses {
        telegram: telegram.unwrap_or_else(|| format!("{here}/dev/telegram")),
        whatsapp: whatsapp.unwrap_or_else(|| format!("{here}/dev/whatsapp")),
        ..Addresses::of(here.clone())
    };
    Ok(Outside::new(
        Region::new("us-east-1"),
        Credentials::new("local", "local", None, None, "local"),
        Endpoints { queue: endpoint.clone(), keys: endpoint },
        format!("{here}/000000000000/outbound.fifo"),
        "alias/chatdesk".to_owned(),
        Messengers::new(true).ok_or("there is no TLS")?,
        addresses,
    ))
}
