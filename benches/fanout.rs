//! Measures the fan-out: posts a second beside the peer, processor time for a follower and for a post,
//! and the time to the first post. See README.md beside it.
//!
//! Both sides post to the same sink, in turns. The fan-out's database is in this process, on a thread of
//! its own, whose processor time is not counted; the peer's database is a process of its own.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program that measures time"
)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use domain::Roles;
use functions::fanout;
use local::dynamo::Embedded;
use serde_json::{Value, json};
use tests::service::{Company, Service};
use tokio::runtime::{Builder, Handle};

/// The most members of a live chat: more followers are those of several companies.
const OF_COMPANY: usize = 500;
/// The turns of each side.
const TURNS: usize = 5;
/// The posts of one turn, about.
const POSTS: usize = 20_000;

/// A connector that takes every post, and notes when the first one came.
#[derive(Clone, Debug, Default)]
struct Nowhere(Arc<Mutex<Option<Instant>>>);

impl Nowhere {
    fn first(&self) -> Option<Instant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl HttpConnector for Nowhere {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(Instant::now);
        let status = 200.try_into().expect("a status");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::empty())))
    }
}

/// The time that this thread has run, from Linux.
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanos = text.split(' ').next().and_then(|number| number.parse().ok());
    Duration::from_nanos(nanos.expect("nanoseconds"))
}

/// Companies of which each follows one dialog.
struct Followers {
    service: Service,
    companies: Vec<Company>,
    followers: usize,
    messages: usize,
    /// The moment when the last batch was handed to the fan-out.
    began: Option<Instant>,
}

/// One turn.
struct Turn {
    posts: usize,
    time: Duration,
    processor: Duration,
}

impl Turn {
    fn rate(&self) -> f64 {
        self.posts as f64 / self.time.as_secs_f64()
    }

    fn processor_micros(&self) -> f64 {
        self.processor.as_secs_f64() * 1e6 / self.posts as f64
    }
}

impl Followers {
    /// Lets so many employees follow a dialog, each with a document of their own if they differ.
    async fn new(service: Service, followers: usize, differ: bool) -> Self {
        let mut all = Self { service, companies: Vec::new(), followers, messages: 0, began: None };
        while all.companies.len() * OF_COMPANY < followers {
            let name = format!("company{}", all.companies.len());
            let company = Company::new(&all.service, &name).await;
            company.write(&all.service, "carl", 0).await;
            let left = followers - all.companies.len() * OF_COMPANY;
            for number in 0..left.min(OF_COMPANY) {
                all.follow(&company, number, differ).await;
            }
            all.companies.push(company);
        }
        let _ = all.service.fan_out().await;
        all
    }

    async fn follow(&self, company: &Company, number: usize, differ: bool) {
        let person = format!("employee{number}");
        let token = company.member(&self.service, &person, Roles::SUPERVISOR).await;
        let connection = format!("{}-{number}", company.tenant);
        self.service.connect(&connection, &token).await;
        let alias = if differ { format!("m{number}:") } else { String::new() };
        let document = format!(
            "subscription($id: ID!) {{ {alias} messages(sessionId: $id) {{ id seq text }} }}"
        );
        let session = company.session_of(&self.service, "carl").await;
        let payload = json!({ "query": document, "variables": { "id": session } });
        self.service.subscribe(&connection, "1", &payload).await;
    }

    /// Fans out one message of each company, several times.
    async fn turn(&mut self, times: usize) -> Turn {
        let (mut time, mut processor) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..times {
            self.messages += 1;
            // As often as a client may write.
            self.service.clock.pass(60_000);
            for company in &self.companies {
                company.write(&self.service, "carl", self.messages).await;
            }
            let event = json!({ "Records": self.service.batch() });
            let (began, ran) = (Instant::now(), processor_time());
            self.began = Some(began);
            let answer = Box::pin(fanout::handle(&self.service.app, &event)).await;
            time += began.elapsed();
            processor += processor_time().saturating_sub(ran);
            assert_eq!(answer, json!({ "batchItemFailures": [] }), "a batch failed");
        }
        Turn { posts: times * self.followers, time, processor }
    }
}

/// A child process that ends with this one.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // At the end of its input it ends what it has started, too.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Starts the sink, and returns its address.
fn sink(folder: &Path) -> (Process, String) {
    let mut node = Command::new("node");
    node.arg(folder.join("sink.mjs")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = node.spawn().expect("node");
    let mut address = String::new();
    let output = child.stdout.take().expect("its output");
    BufReader::new(output).read_line(&mut address).expect("an address");
    (Process(child), address.trim().to_owned())
}

/// Returns what the peer says of one turn.
fn peer(folder: &Path, dynamo: &str, sink: &str, followers: usize, messages: usize) -> Value {
    let mut node = Command::new("node");
    node.arg(folder.join("run.mjs")).env("NODE_ENV", "production");
    node.args(["--dynamo", dynamo, "--sink", sink]);
    node.args(["--followers", &followers.to_string(), "--posts", &messages.to_string()]);
    let output = node.stderr(Stdio::inherit()).output().expect("node");
    assert!(output.status.success(), "the peer failed");
    serde_json::from_slice(&output.stdout).expect("the peer's figures")
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

async fn beside_the_peer(folder: &Path, followers: usize, database: &Handle) {
    let (_sink, address) = sink(folder);
    let data = tempfile::tempdir().expect("a folder");
    let dynamo = Embedded::open(data.path().join("data")).await.expect("a database");
    let service = Service::posting_to(&address, database).await;
    let mut ours = Followers::new(service, followers, false).await;
    ours.turn(1).await;
    let messages = (POSTS / followers).max(1);
    let (mut rates, mut peers) = (Vec::new(), Vec::new());
    let mut processor = Vec::new();
    for _ in 0..TURNS {
        let turn = ours.turn(messages).await;
        let peer = peer(folder, dynamo.endpoint(), &address, followers, messages);
        let of_peer = peer.get("postsPerSecond").and_then(Value::as_f64).expect("a rate");
        rates.push(turn.rate());
        processor.push(turn.processor_micros());
        peers.push(of_peer);
    }
    let (rate, of_peer) = (median(rates), median(peers));
    println!(
        "{followers:>5} followers: {rate:.0} posts/s, the peer {of_peer:.0}, ratio {:.1}; \
         {:.0} us of processor time a post",
        rate / of_peer,
        median(processor),
    );
    dynamo.close().await;
}

async fn without_posts(followers: usize, differ: bool, database: &Handle) {
    let nowhere = Nowhere::default();
    let service = Service::posting_over(SharedHttpConnector::new(nowhere.clone()), database).await;
    let mut ours = Followers::new(service, followers, differ).await;
    let (mut firsts, mut processor) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        // An instance that has none of the documents yet.
        ours.service.app.documents = Arc::default();
        let _ = nowhere.first();
        let turn = ours.turn(1).await;
        let (first, began) = (nowhere.first().expect("a post"), ours.began.expect("a turn"));
        firsts.push((first - began).as_secs_f64() * 1e3);
        processor.push(turn.processor_micros());
    }
    let documents = if differ { "documents of their own" } else { "one document" };
    println!(
        "{followers:>5} followers, {documents}: first post after {:.0} ms, {:.1} us of processor \
         time a follower without the post",
        median(firsts),
        median(processor),
    );
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../benches/peer");
    // On a thread of its own, as the peer's is in a process of its own: the time of this thread is ours.
    let database = Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
    without_posts(1000, false, database.handle()).await;
    without_posts(1000, true, database.handle()).await;
    for followers in [1000, 5000] {
        beside_the_peer(&folder, followers, database.handle()).await;
    }
    database.shutdown_background();
}
