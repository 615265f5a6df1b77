//! The outbound path: the function that sends answers runs as it is, over a queue and a messenger that
//! the seed decides.

pub(super) mod check;
pub(super) mod client;
pub(super) mod desk;
mod lane;
mod queue;
mod vendor;

use super::company::Company;
use super::follower;
use super::ledger::Outcome;
use super::world::World;
use aws_sdk_dynamodb::config::{Credentials, Region};
use aws_smithy_runtime_api::client::http::{SharedHttpConnector, http_client_fn};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use functions::app::App;
use functions::connections::Connections;
use functions::identity::Identity;
use functions::messenger::Messengers;
use functions::outside::Addresses;
use functions::queue::Queue;
use functions::vault::Vault;
use queue::{Batch, Fifo};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tests::item::Item;
use tests::recount::text;
use tests::scheduler::Faults;
use vendor::Vendor;

/// The actor who does the rest.
const LAST: usize = 10_000;
/// The most rounds of the rest.
const ROUNDS: usize = 2_000;
/// A time after which a sweep finds what is lost.
const LOST: Duration = Duration::from_secs(11 * 60);

/// The queue and the messengers of a run.
pub(super) struct Outside {
    fifo: Fifo,
    vendor: Vendor,
    queue: Queue,
    app: App,
    /// The outside of those who call no messenger.
    plain: Arc<functions::outside::Outside>,
}

impl Outside {
    pub(super) fn new(seed: u64, faults: Faults, store: &Store) -> Self {
        let is_rough = faults != Faults::default();
        let fifo = Fifo::new(StdRng::seed_from_u64(seed ^ 0xF1F0), is_rough);
        let vendor =
            Vendor::new(StdRng::seed_from_u64(seed ^ 0x7E4D), is_rough, faults.death > 0.0);
        let region = "us-east-1".to_owned();
        let queue = queue_over(&fifo);
        let connections = Connections::at(region, signer(), None);
        let app = App::new(store.clone(), Identity::nobody().unwrap(), connections);
        let plain = outside(&queue, &vendor, LAST);
        Self { fifo, vendor, queue, app, plain }
    }

    /// The app of the worker.
    pub(super) fn worker(&self, store: &Store) -> App {
        let outside = Some(Arc::clone(&self.plain));
        App { store: store.clone(), outside, ..self.app.clone() }
    }

    /// The app of an instance of the function.
    fn sender(&self, store: &Store, actor: usize) -> App {
        let outside = Some(outside(&self.queue, &self.vendor, actor));
        App { store: store.clone(), outside, ..self.app.clone() }
    }
}

/// Returns the queue as the service reaches it: at once, and once.
fn queue_over(fifo: &Fifo) -> Queue {
    let url = "http://queue.invalid/answers.fifo";
    let region = Region::from_static("us-east-1");
    let connector = SharedHttpConnector::new(fifo.clone());
    Queue::new(region, signer(), Some(url.to_owned()), url.to_owned()).configured(|config| {
        config
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .http_client(http_client_fn(move |_, _| connector.clone()))
    })
}

fn signer() -> Credentials {
    Credentials::new("key", "secret", None, None, "tests")
}

fn outside(queue: &Queue, vendor: &Vendor, actor: usize) -> Arc<functions::outside::Outside> {
    let region = Region::from_static("us-east-1");
    Arc::new(functions::outside::Outside {
        queue: queue.clone(),
        vault: Vault::new(region, signer(), None, "key".to_owned()),
        messengers: Messengers::over(vendor.connector(actor), vendor::TIMEOUT),
        addresses: Addresses::of("https://in.invalid".to_owned()),
    })
}

/// Sends answers as long as anybody does anything.
pub(super) async fn work(world: &World, actor: usize) {
    let app = world.outside.sender(&world.store(actor), actor);
    let mut rng = world.simulation.random(actor as u64);
    loop {
        if let Some(batch) = world.outside.fifo.receive() {
            invoke(world, actor, &app, &batch).await;
        } else if world.busy.get() == 0 {
            return;
        } else {
            tokio::time::sleep(Duration::from_millis(rng.random_range(1..40))).await;
        }
    }
}

/// Invokes the function with a batch; it may die.
async fn invoke(world: &World, actor: usize, app: &App, batch: &Batch) {
    let Outside { fifo, vendor, .. } = &world.outside;
    let life = vendor.begin(actor);
    let event = batch.event();
    let work = async {
        tokio::select! {
            biased;
            answer = functions::outbound::handle(app, &event) => Ok(answer.unwrap()),
            () = vendor.death(actor) => {
                world.simulation.kill(actor);
                std::future::pending().await
            }
        }
    };
    let is_broken = match world.attempt(actor, "deliver", work).await {
        Outcome::Done(answer) => fifo.end(batch, &failed(&answer)),
        _ => {
            fifo.die(batch);
            true
        }
    };
    if is_broken {
        vendor.breaks(life);
    }
}

fn failed(answer: &Value) -> Vec<String> {
    let failed = answer["batchItemFailures"].as_array().unwrap();
    failed.iter().map(|one| one["itemIdentifier"].as_str().unwrap().to_owned()).collect()
}

/// Does the rest, when nothing bad happens any more: of the stream, of the queue, and what only a sweep
/// finds.
pub(super) async fn catch_up(world: &World) {
    let Outside { fifo, vendor, .. } = &world.outside;
    fifo.calm();
    vendor.calm();
    let store = world.calm_store();
    let app = world.outside.sender(&store, LAST);
    for _ in 0..ROUNDS {
        follower::catch_up(world).await;
        for company in &world.companies {
            report(world, company, &store).await;
        }
        if let Some(batch) = fifo.receive() {
            let life = vendor.begin(LAST);
            let answer = functions::outbound::handle(&app, &batch.event()).await.unwrap();
            if fifo.end(&batch, &failed(&answer)) {
                vendor.breaks(life);
                note(world, "an answer cannot be sent");
            }
        } else if let Some(at) = fifo.next() {
            tokio::time::sleep_until(at).await;
        } else if vendor.has_receipts() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        } else if !due(world).is_empty() {
            tokio::time::sleep(LOST).await;
            functions::outbound::handle(&app, &json!({ "sweep": true })).await.unwrap();
        } else if world.stream.borrow_mut().is_done() {
            return;
        }
    }
    note(world, "answers never stop leaving");
}

async fn report(world: &World, company: &Company, store: &Store) {
    while let Some(receipt) = world.outside.vendor.receipt(|of| client::has(company, of)) {
        if client::tell(company, store, &receipt).await.is_err() {
            note(world, "a receipt cannot be reported");
        }
    }
}

fn note(world: &World, fault: &str) {
    world.ledger.borrow_mut().faults.push(fault.to_owned());
}

/// The rows of what is due.
fn due(world: &World) -> Vec<Item> {
    let items = world.simulation.database().items("core");
    items.into_iter().filter(|item| text(item, "pk").starts_with("O#")).collect()
}
