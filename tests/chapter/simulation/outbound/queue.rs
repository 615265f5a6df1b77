//! A queue that behaves as badly as SQS FIFO may: it loses messages, delivers them twice, and again
//! after a function died. One batch of a group is in flight at a time.

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

/// The time for which a batch is hidden while a function works on it.
const IN_FLIGHT: Duration = Duration::from_secs(600);
/// The most time until a batch that failed comes again.
const SOON: u64 = 1500;

/// The queue. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Fifo(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    rng: StdRng,
    is_rough: bool,
    groups: BTreeMap<String, Vec<Held>>,
    /// The reasons by group.
    seen: BTreeSet<(String, String)>,
    sent: u64,
}

#[derive(Clone, Debug)]
struct Held {
    id: u64,
    body: String,
    visible: Instant,
    /// True if the function said when it comes again.
    is_hidden: bool,
}

/// What was delivered to one invocation.
#[derive(Clone, Debug)]
pub(super) struct Batch(Vec<(u64, String)>);

impl Batch {
    /// Returns the event of the batch.
    pub(super) fn event(&self) -> Value {
        let records = self.0.iter().map(|(id, body)| {
            json!({ "messageId": id.to_string(), "receiptHandle": id.to_string(), "body": body })
        });
        json!({ "Records": records.collect::<Vec<_>>() })
    }
}

impl Fifo {
    pub(super) fn new(rng: StdRng, is_rough: bool) -> Self {
        Self(Arc::new(Mutex::new(State {
            rng,
            is_rough,
            groups: BTreeMap::new(),
            seen: BTreeSet::new(),
            sent: 0,
        })))
    }

    /// From now on nothing goes wrong.
    pub(super) fn calm(&self) {
        self.0.lock().unwrap().is_rough = false;
    }

    /// Delivers some messages of one or two groups of which none is in flight.
    pub(super) fn receive(&self) -> Option<Batch> {
        let mut state = self.0.lock().unwrap();
        let State { rng, groups, .. } = &mut *state;
        let now = Instant::now();
        let mut batch = Vec::new();
        for _ in 0..rng.random_range(1..=2) {
            let is_free = |held: &[Held]| held.iter().all(|one| one.visible <= now);
            let mut free: Vec<_> = groups.values_mut().filter(|held| is_free(held)).collect();
            if free.is_empty() {
                break;
            }
            let chosen = rng.random_range(0..free.len());
            let many = rng.random_range(1..=3);
            for held in free[chosen].iter_mut().take(many) {
                held.visible = now + IN_FLIGHT;
                held.is_hidden = false;
                batch.push((held.id, held.body.clone()));
            }
        }
        (!batch.is_empty()).then_some(Batch(batch))
    }

    /// Takes what is done out, as a rule, and lets the rest come again. Returns true if something
    /// failed for which the function did not say when it comes again.
    pub(super) fn end(&self, batch: &Batch, failed: &[String]) -> bool {
        let mut state = self.0.lock().unwrap();
        let mut is_broken = false;
        for (id, _) in &batch.0 {
            let again = state.soon();
            let is_twice = state.roll(0.05);
            let is_failed = failed.contains(&id.to_string());
            for group in state.groups.values_mut() {
                for held in group.iter_mut().filter(|held| held.id == *id && !held.is_hidden) {
                    held.visible = again;
                    is_broken |= is_failed;
                }
                group.retain(|held| held.id != *id || is_failed || is_twice);
            }
        }
        state.groups.retain(|_, group| !group.is_empty());
        is_broken
    }

    /// Lets a batch come again after the function died.
    pub(super) fn die(&self, batch: &Batch) {
        let all: Vec<String> = batch.0.iter().map(|(id, _)| id.to_string()).collect();
        self.end(batch, &all);
    }

    /// Returns the moment when the next message is delivered; none if there is none.
    pub(super) fn next(&self) -> Option<Instant> {
        let state = self.0.lock().unwrap();
        let free =
            state.groups.values().filter_map(|held| held.iter().map(|one| one.visible).max());
        free.min()
    }

    async fn answer(&self, target: &str, body: &Value) -> (u16, Value) {
        let pause = self.0.lock().unwrap().rng.random_range(1..5);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let mut state = self.0.lock().unwrap();
        let refusal = json!({ "__type": "com.amazonaws.sqs#OverLimit", "message": "no" });
        if state.roll(0.03) {
            return (400, refusal);
        }
        let text = |value: &Value, name: &str| value[name].as_str().unwrap().to_owned();
        let answer = match target.rsplit('.').next() {
            Some("SendMessageBatch") => {
                let entries = body["Entries"].as_array().unwrap();
                for entry in entries {
                    let group = text(entry, "MessageGroupId");
                    let reason = text(entry, "MessageDeduplicationId");
                    state.send(&group, reason, &text(entry, "MessageBody"));
                }
                let ids = entries.iter().map(|entry| {
                    json!({ "Id": entry["Id"], "MessageId": entry["Id"], "MD5OfMessageBody": "" })
                });
                json!({ "Successful": ids.collect::<Vec<_>>(), "Failed": [] })
            }
            Some("ChangeMessageVisibility") => {
                let id: u64 = text(body, "ReceiptHandle").parse().unwrap();
                let seconds = body["VisibilityTimeout"].as_u64().unwrap();
                let visible = Instant::now() + Duration::from_secs(seconds);
                for held in state.groups.values_mut().flatten().filter(|held| held.id == id) {
                    (held.visible, held.is_hidden) = (visible, true);
                }
                json!({})
            }
            other => panic!("the queue does not answer {other:?}"),
        };
        if state.roll(0.02) { (400, refusal) } else { (200, answer) }
    }
}

impl State {
    fn roll(&mut self, rate: f64) -> bool {
        self.is_rough && self.rng.random_bool(rate)
    }

    fn soon(&mut self) -> Instant {
        Instant::now() + Duration::from_millis(self.rng.random_range(0..SOON))
    }

    fn send(&mut self, group: &str, reason: String, body: &str) {
        if !self.seen.insert((group.to_owned(), reason)) {
            return;
        }
        if self.roll(0.08) {
            return;
        }
        let times = if self.roll(0.05) { 2 } else { 1 };
        for _ in 0..times {
            self.sent += 1;
            let (id, visible) = (self.sent, Instant::now());
            let held = Held { id, body: body.to_owned(), visible, is_hidden: false };
            self.groups.entry(group.to_owned()).or_default().push(held);
        }
    }
}

impl HttpConnector for Fifo {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let queue = self.clone();
        HttpConnectorFuture::new(async move {
            let target = request.headers().get("x-amz-target").unwrap_or_default().to_owned();
            let body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
            let (status, answer) = queue.answer(&target, &body).await;
            let status =
                status.try_into().map_err(|error| ConnectorError::user(Box::new(error)))?;
            Ok(HttpResponse::new(status, SdkBody::from(answer.to_string())))
        })
    }
}
