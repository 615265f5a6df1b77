//! The messenger that answers are sent to: it answers late, never, twice, and wrongly, and reports
//! what became of a message before it has answered. It remembers every call.

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use domain::delivery::{DeliveryError, ErrorCode, Progress};
use rand::RngExt;
use rand::rngs::StdRng;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// The longest time that the function waits for an answer.
pub(super) const TIMEOUT: Duration = Duration::from_millis(500);

/// What a call is about, as its id says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct About {
    pub(super) conversation: String,
    pub(super) seq: u64,
    pub(super) restarts: u32,
}

impl About {
    fn parse(id: &str) -> Self {
        let fields: Vec<&str> = id.split('.').collect();
        let [conversation, seq, restarts, "1-1"] = fields[..] else { panic!("{id}") };
        let (seq, restarts) = (seq.parse().unwrap(), restarts.parse().unwrap());
        Self { conversation: conversation.to_owned(), seq, restarts }
    }
}

/// What becomes of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// It is taken, and the answer says so, maybe late.
    Taken(u64),
    /// It is taken, and the answer is another, or none: 0.
    TakenAnd(u16),
    /// It is not taken; the answer says so, or there is none: 0.
    Not(u16),
    /// There is no connection.
    Unreachable,
    /// The caller dies, and it is taken before that or not.
    Death(bool),
}

impl Fate {
    pub(super) const fn is_taken(self) -> bool {
        matches!(self, Self::Taken(_) | Self::TakenAnd(_) | Self::Death(true))
    }

    /// Returns true if the caller knows the end.
    pub(super) const fn is_final(self) -> bool {
        matches!(self, Self::Taken(_) | Self::Not(400))
    }
}

/// A call that came.
#[derive(Clone, Debug)]
pub(super) struct Called {
    pub(super) about: About,
    pub(super) fate: Fate,
    /// The invocation that called.
    pub(super) life: usize,
}

/// A report of the messenger.
#[derive(Clone, Debug)]
pub(super) struct Receipt {
    pub(super) about: About,
    pub(super) progress: Progress,
    pub(super) at: Instant,
}

/// The messenger. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Vendor(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    rng: StdRng,
    is_rough: bool,
    is_deadly: bool,
    /// The answer to every call about a conversation.
    stuck: BTreeMap<String, Fate>,
    calls: Vec<Called>,
    receipts: Vec<Receipt>,
    told: Vec<Receipt>,
    lives: BTreeMap<usize, usize>,
    deaths: BTreeMap<usize, Arc<Notify>>,
    /// Invocations that died or failed.
    broken: BTreeSet<usize>,
    invocations: usize,
}

impl Vendor {
    pub(super) fn new(rng: StdRng, is_rough: bool, is_deadly: bool) -> Self {
        Self(Arc::new(Mutex::new(State {
            rng,
            is_rough,
            is_deadly,
            stuck: BTreeMap::new(),
            calls: Vec::new(),
            receipts: Vec::new(),
            told: Vec::new(),
            lives: BTreeMap::new(),
            deaths: BTreeMap::new(),
            broken: BTreeSet::new(),
            invocations: 0,
        })))
    }

    /// From now on nothing goes wrong.
    pub(super) fn calm(&self) {
        let mut state = self.0.lock().unwrap();
        (state.is_rough, state.is_deadly) = (false, false);
        state.stuck.clear();
    }

    /// Answers so to all calls about a conversation, until it is calm.
    pub(super) fn stick(&self, conversation: &str, fate: Fate) {
        self.0.lock().unwrap().stuck.insert(conversation.to_owned(), fate);
    }

    /// Notes that an invocation of an actor begins.
    pub(super) fn begin(&self, actor: usize) -> usize {
        let mut state = self.0.lock().unwrap();
        state.invocations += 1;
        let life = state.invocations;
        state.lives.insert(actor, life);
        state.deaths.insert(actor, Arc::default());
        life
    }

    /// Waits until an actor dies of a call.
    pub(super) async fn death(&self, actor: usize) {
        let death = self.0.lock().unwrap().deaths.entry(actor).or_default().clone();
        death.notified().await;
    }

    /// Notes that an invocation died or failed.
    pub(super) fn breaks(&self, life: usize) {
        self.0.lock().unwrap().broken.insert(life);
    }

    /// The connector of an actor.
    pub(super) fn connector(&self, actor: usize) -> SharedHttpConnector {
        SharedHttpConnector::new(Line { vendor: self.clone(), actor })
    }

    /// The calls, and the invocations that died or failed.
    pub(super) fn calls(&self) -> (Vec<Called>, BTreeSet<usize>) {
        let state = self.0.lock().unwrap();
        (state.calls.clone(), state.broken.clone())
    }

    /// Takes the next receipt of one of these conversations whose time has come.
    pub(super) fn receipt(&self, is_of: impl Fn(&str) -> bool) -> Option<Receipt> {
        let mut state = self.0.lock().unwrap();
        let now = Instant::now();
        let is_it = |one: &Receipt| one.at <= now && is_of(&one.about.conversation);
        let place = state.receipts.iter().position(is_it)?;
        let receipt = state.receipts.swap_remove(place);
        state.told.push(receipt.clone());
        Some(receipt)
    }

    /// Tells a receipt again later.
    pub(super) fn again(&self, mut receipt: Receipt) {
        receipt.at = Instant::now() + Duration::from_millis(100);
        self.0.lock().unwrap().receipts.push(receipt);
    }

    pub(super) fn has_receipts(&self) -> bool {
        !self.0.lock().unwrap().receipts.is_empty()
    }

    /// The receipts that were told.
    pub(super) fn told(&self) -> Vec<Receipt> {
        self.0.lock().unwrap().told.clone()
    }

    async fn answer(&self, actor: usize, id: &str) -> Result<HttpResponse, ConnectorError> {
        let about = About::parse(id);
        let (way, fate) = self.0.lock().unwrap().decide(&about);
        tokio::time::sleep(Duration::from_millis(way)).await;
        self.0.lock().unwrap().note(about, actor, fate);
        let status = match fate {
            Fate::Taken(late) => {
                tokio::time::sleep(Duration::from_millis(late)).await;
                200
            }
            Fate::Unreachable => {
                return Err(ConnectorError::io("connection refused".into()).never_connected());
            }
            Fate::Death(_) => {
                let death = self.0.lock().unwrap().deaths.entry(actor).or_default().clone();
                death.notify_one();
                std::future::pending().await
            }
            Fate::Not(0) | Fate::TakenAnd(0) => std::future::pending().await,
            Fate::Not(status) | Fate::TakenAnd(status) => status,
        };
        let code = status.try_into().map_err(|error| ConnectorError::user(Box::new(error)))?;
        let mut response = HttpResponse::new(code, SdkBody::empty());
        if status == 429 {
            response.headers_mut().insert("retry-after", "1");
        }
        Ok(response)
    }
}

impl State {
    fn decide(&mut self, about: &About) -> (u64, Fate) {
        let way = self.rng.random_range(1..15);
        if let Some(fate) = self.stuck.get(&about.conversation) {
            return (way, *fate);
        }
        let fate = match self.rng.random_range(0..100) {
            0..4 if self.is_deadly => Fate::Death(false),
            4..9 if self.is_deadly => Fate::Death(true),
            _ if !self.is_rough => Fate::Taken(0),
            9..12 => Fate::Not(0),
            12..15 => Fate::TakenAnd(0),
            15..18 => Fate::Unreachable,
            18..23 => Fate::Not(429),
            23..26 => Fate::Not(503),
            26..29 => Fate::Not(500),
            29..33 => Fate::TakenAnd(500),
            33..39 => Fate::Not(400),
            39..44 => Fate::Taken(self.rng.random_range(20..400)),
            _ => Fate::Taken(0),
        };
        (way, fate)
    }

    fn note(&mut self, about: About, actor: usize, fate: Fate) {
        let life = self.lives.get(&actor).copied().unwrap_or(0);
        self.calls.push(Called { about: about.clone(), fate, life });
        if !fate.is_taken() || !self.is_rough {
            return;
        }
        let failed = || DeliveryError { code: ErrorCode::Rejected, message: "no".to_owned() };
        for _ in 0..self.rng.random_range(0..4) {
            let progress = match self.rng.random_range(0..10) {
                0 => Progress::Failed(failed()),
                1..6 => Progress::Delivered,
                _ => Progress::Read,
            };
            let at = Instant::now() + Duration::from_millis(self.rng.random_range(0..600));
            for _ in 0..self.rng.random_range(1..=2) {
                let (about, progress) = (about.clone(), progress.clone());
                self.receipts.push(Receipt { about, progress, at });
            }
        }
    }
}

/// The messenger for one actor.
#[derive(Clone, Debug)]
struct Line {
    vendor: Vendor,
    actor: usize,
}

impl HttpConnector for Line {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (vendor, actor) = (self.vendor.clone(), self.actor);
        HttpConnectorFuture::new(async move {
            let id = request.headers().get("webhook-id").unwrap_or_default().to_owned();
            vendor.answer(actor, &id).await
        })
    }
}
