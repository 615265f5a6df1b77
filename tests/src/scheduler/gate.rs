//! The gate at which every call waits until the seed lets it through.

use super::fault::Faults;
use super::life::Lives;
use super::replica::Replica;
use super::split::{Split, set};
use super::trace::{self, Trace};
use super::transaction::{self, Flight};
use super::waiting::{Stage, Waiting, is_eventual};
use crate::database::lock;
use crate::wire::{Answer, Call, Layer, Onward, Operation, Reply};
use crate::write::{Place, Write, places_read};
use futures::channel::oneshot;
use futures::future::{BoxFuture, FutureExt};
use rand::RngExt;
use rand::rngs::StdRng;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// The gate, the outermost layer of the wire. Clones share it.
#[derive(Clone)]
pub(super) struct Gate {
    faults: Faults,
    replica: Replica,
    lives: Lives,
    state: Arc<Mutex<State>>,
    arrived: Arc<Notify>,
}

struct State {
    rng: StdRng,
    waiting: Vec<Waiting>,
    trace: Trace,
}

impl State {
    fn arrive(&mut self, waiting: Waiting) {
        self.trace.arrive(&waiting.call);
        self.waiting.push(waiting);
    }
}

impl Layer for Gate {
    fn carry(&self, call: Call, onward: Onward) -> BoxFuture<'static, Answer> {
        let gate = self.clone();
        async move {
            let (caller, answer) = oneshot::channel();
            let waiting = Waiting {
                about: trace::about(&call, onward.database()),
                call,
                onward,
                left: None,
                caller: Some(caller),
                stage: Stage::Arrived,
            };
            lock(&gate.state).arrive(waiting);
            gate.arrived.notify_one();
            answer.await.unwrap_or(Answer::Lost)
        }
        .boxed()
    }
}

impl Gate {
    pub(super) fn new(faults: Faults, replica: Replica, lives: Lives, rng: StdRng) -> Self {
        let state = State { rng, waiting: Vec::new(), trace: Trace::default() };
        Self { faults, replica, lives, state: Arc::new(Mutex::new(state)), arrived: Arc::default() }
    }

    pub(super) fn trace(&self) -> Trace {
        lock(&self.state).trace.clone()
    }

    pub(super) fn is_empty(&self) -> bool {
        lock(&self.state).waiting.is_empty()
    }

    /// Waits for a call to arrive.
    pub(super) async fn arrival(&self) {
        self.arrived.notified().await;
    }

    /// Lets one waiting call take its next step.
    pub(super) async fn step(&self) {
        let Some(mut waiting) = self.choose() else {
            return;
        };
        match std::mem::replace(&mut waiting.stage, Stage::Arrived) {
            Stage::Arrived => self.arrive(waiting).await,
            Stage::InFlight(flight) => self.commit(waiting, &flight).await,
            Stage::Reading(split) => self.read_on(waiting, split).await,
        }
    }

    fn choose(&self) -> Option<Waiting> {
        let mut state = lock(&self.state);
        let State { rng, waiting, .. } = &mut *state;
        (!waiting.is_empty()).then(|| waiting.swap_remove(rng.random_range(0..waiting.len())))
    }

    fn roll(&self, rate: f64) -> bool {
        rate > 0.0 && lock(&self.state).rng.random_bool(rate)
    }

    async fn arrive(&self, waiting: Waiting) {
        let faults = &self.faults;
        let is_abandoned = waiting.caller.as_ref().is_none_or(oneshot::Sender::is_canceled);
        if is_abandoned && self.roll(0.5) {
            return self.note(&waiting, "abandoned", None);
        }
        if self.roll(faults.unsent) {
            return self.tell(waiting, "unsent", Answer::Unsent);
        }
        if self.roll(faults.refused) {
            let reply = self.refusal();
            return self.tell(waiting, "refused", Answer::Reply(reply));
        }
        if !is_abandoned && self.roll(faults.death) {
            self.note(&waiting, "died before", None);
            self.lives.end(waiting.call.actor);
            return lock(&self.state).waiting.push(waiting);
        }
        match waiting.call.operation {
            Operation::TransactWriteItems => self.begin(waiting).await,
            operation if operation.writes() => self.write(waiting).await,
            _ => self.read(waiting).await,
        }
    }

    fn refusal(&self) -> Reply {
        match lock(&self.state).rng.random_range(0..3) {
            0 => Reply::fault("Internal server error"),
            1 => Reply::refusal(
                "ThrottlingException",
                "Rate of requests exceeds the allowed throughput.",
            ),
            _ => Reply::refusal(
                "ProvisionedThroughputExceededException",
                "Throughput exceeds the limit.",
            ),
        }
    }

    async fn begin(&self, mut waiting: Waiting) {
        let token = transaction::token(&waiting.call);
        if self.flights(|flight| flight.is_of(token.as_deref())) {
            let reply = Reply::refusal(
                "TransactionInProgressException",
                "The transaction is already in progress.",
            );
            return self.tell(waiting, "in progress", Answer::Reply(reply));
        }
        let flight = Flight::of(&waiting.call, waiting.onward.database());
        if !self.roll(self.faults.overlapping) {
            return self.commit(waiting, &flight).await;
        }
        self.note(&waiting, "begins", None);
        if self.roll(self.faults.lost / 2.0)
            && let Some(caller) = waiting.caller.take()
        {
            self.note(&waiting, "lost in flight", None);
            drop(caller.send(Answer::Lost));
        }
        waiting.stage = Stage::InFlight(flight);
        lock(&self.state).waiting.push(waiting);
    }

    async fn commit(&self, waiting: Waiting, flight: &Flight) {
        if let Some(reply) = flight.cancelled() {
            return self.tell(waiting, "conflicts", Answer::Reply(reply));
        }
        let answer = waiting.perform().await;
        self.lose(flight.places());
        self.finish(waiting, "commits", answer);
    }

    /// Performs one write, or a batch of single writes.
    async fn write(&self, mut waiting: Waiting) {
        let is_batch = waiting.call.operation == Operation::BatchWriteItem;
        if is_batch && self.roll(self.faults.unprocessed) {
            waiting.leave("UnprocessedItems", "", &mut lock(&self.state).rng);
        }
        let writes = Write::all(&waiting.call, waiting.onward.database());
        let places: Vec<Place> = writes.iter().map(Write::place).collect();
        if !is_batch && self.flights(|flight| flight.touches(&places)) && self.roll(0.5) {
            let reply = Reply::refusal(
                "TransactionConflictException",
                "Transaction is ongoing for the item",
            );
            return self.tell(waiting, "conflicts", Answer::Reply(reply));
        }
        let answer = waiting.perform().await;
        if matches!(&answer, Answer::Reply(reply) if reply.is_success()) {
            self.lose(&places);
        }
        self.finish(waiting, "writes", answer);
    }

    async fn read(&self, mut waiting: Waiting) {
        let call = &waiting.call;
        if call.operation == Operation::TransactGetItems {
            let places = places_read(call, waiting.onward.database());
            if self.flights(|flight| flight.touches(&places)) && self.roll(0.5) {
                let reply = transaction::cancelled(places.len(), |index| {
                    places
                        .get(index..=index)
                        .is_some_and(|place| self.flights(|flight| flight.touches(place)))
                });
                return self.tell(waiting, "conflicts", Answer::Reply(reply));
            }
        }
        if is_eventual(call) && self.roll(self.faults.stale) {
            let database = waiting.onward.database();
            let reply =
                self.replica.answer(call, self.faults.lag, database, &mut lock(&self.state).rng);
            return self.finish(waiting, "reads stale", Answer::Reply(reply));
        }
        if call.operation == Operation::BatchGetItem && self.roll(self.faults.unprocessed) {
            waiting.leave("UnprocessedKeys", "Keys", &mut lock(&self.state).rng);
        }
        if self.roll(self.faults.split)
            && let Some(split) = Split::of(&waiting.call)
        {
            return self.read_on(waiting, split).await;
        }
        let answer = waiting.perform().await;
        self.finish(waiting, "reads", answer);
    }

    async fn read_on(&self, mut waiting: Waiting, mut split: Split) {
        let part = split.part(&mut lock(&self.state).rng);
        let answer = match waiting.onward.clone().carry(part).await {
            Answer::Reply(reply) => split.take(reply).map(Answer::Reply),
            broken => Some(broken),
        };
        match answer {
            Some(answer) => self.finish(waiting, "reads", answer),
            None => {
                self.note(&waiting, "reads a part", None);
                waiting.stage = Stage::Reading(split);
                lock(&self.state).waiting.push(waiting);
            }
        }
    }

    /// Gives the caller the answer, unless it gets lost or the caller dies.
    fn finish(&self, waiting: Waiting, word: &'static str, mut answer: Answer) {
        if let (Some((name, left)), Answer::Reply(reply)) = (&waiting.left, &mut answer)
            && reply.is_success()
        {
            set(&mut reply.body, name, left.clone());
        }
        self.note(&waiting, word, Some(&answer));
        if self.roll(self.faults.lost) {
            return self.tell(waiting, "lost", Answer::Lost);
        }
        if self.roll(self.faults.death) {
            self.note(&waiting, "died after", None);
            return self.lives.end(waiting.call.actor);
        }
        if let Some(caller) = waiting.caller {
            drop(caller.send(answer));
        }
    }

    /// Gives the caller an answer.
    fn tell(&self, waiting: Waiting, word: &'static str, answer: Answer) {
        self.note(&waiting, word, Some(&answer));
        if let Some(caller) = waiting.caller {
            drop(caller.send(answer));
        }
    }

    fn note(&self, waiting: &Waiting, word: &'static str, answer: Option<&Answer>) {
        lock(&self.state).trace.note(&waiting.call, &waiting.about, word, answer);
    }

    /// Returns true if the predicate holds for any transaction in flight.
    fn flights(&self, is_such: impl Fn(&Flight) -> bool) -> bool {
        let state = lock(&self.state);
        state
            .waiting
            .iter()
            .any(|waiting| matches!(&waiting.stage, Stage::InFlight(flight) if is_such(flight)))
    }

    /// Makes every transaction in flight lose these items to the one that has just committed.
    fn lose(&self, places: &[Place]) {
        for waiting in &mut lock(&self.state).waiting {
            if let Stage::InFlight(flight) = &mut waiting.stage {
                flight.lose(places);
            }
        }
    }
}
