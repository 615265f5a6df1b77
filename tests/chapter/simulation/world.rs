//! The world of one run: the state that its actors share.

use super::company::Company;
use super::follower::Followers;
use super::ledger::{Ledger, Outcome};
use super::outbound::Outside;
use super::stop::Stop;
use super::worker::SHARDS;
use domain::{ConversationId, EmployeeId, Session, SessionId, TenantId};
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use store::{Failure, Store, Tables};
use tests::database::Database;
use tests::environment::{Seeded, Wrong};
use tests::scheduler::{Faults, Simulation};
use tests::stream::Stream;
use tests::wire::{Operation, Wire};

/// The operator who holds so many sessions elsewhere that few more go.
pub(super) const BUSY: &str = "cat";
/// The number of those sessions, in the first live chat of the larger company.
pub(super) const ELSEWHERE: i64 = 199;

/// The state that the actors of one run share.
pub(super) struct World {
    pub(super) simulation: Simulation,
    pub(super) companies: [Company; 2],
    pub(super) ledger: RefCell<Ledger>,
    pub(super) followers: RefCell<Followers>,
    pub(super) stream: RefCell<Stream>,
    /// The queue of answers and the messengers.
    pub(super) outside: Outside,
    /// Records of the stream that the worker has not seen to, by shard.
    pub(super) work: RefCell<[VecDeque<Value>; SHARDS]>,
    /// The latest session and entry of each conversation that anybody has heard of.
    known: RefCell<BTreeMap<(TenantId, ConversationId), (u32, u64)>>,
    /// Each session as it was last heard of.
    sessions: RefCell<BTreeMap<(TenantId, SessionId), Session>>,
    /// The number of actors that are still at work.
    pub(super) busy: Cell<usize>,
    environment: Arc<Seeded>,
    /// By how many milliseconds an actor's clock may be wrong.
    wrong_by: u64,
}

impl World {
    /// Founds the companies in a fresh database.
    pub(super) async fn new(seed: u64, faults: Faults) -> Self {
        let database = Database::memory().unwrap();
        let simulation = Simulation::new(seed, faults, database.clone()).unwrap();
        let environment = Arc::new(Seeded::following(seed));
        let calm = simulation.calm_client();
        let store = Store::new(calm, Tables::default(), environment.clone());
        let outside = Outside::new(seed, faults, &store);
        store.create_tables().await.unwrap();
        let companies = [Company::large(), Company::small()];
        for company in &companies {
            company.found(&store).await;
        }
        keep_busy(&database, &companies[0]);
        Self {
            simulation,
            companies,
            outside,
            ledger: RefCell::default(),
            followers: RefCell::default(),
            stream: RefCell::new(Stream::new(&database, "core", seed, 0.3)),
            work: RefCell::default(),
            known: RefCell::default(),
            sessions: RefCell::default(),
            busy: Cell::new(0),
            environment,
            wrong_by: faults.clock,
        }
    }

    /// The store of an actor.
    pub(super) fn store(&self, actor: usize) -> Store {
        let client = self.simulation.client(actor);
        let clock = self.environment.clone();
        match self.wrong_by {
            0 => Store::new(client, Tables::default(), clock),
            by => Store::new(client, Tables::default(), Arc::new(Wrong { clock, by })),
        }
    }

    /// A store past the scheduler, whose calls a test may stop.
    pub(super) fn stopped_store(&self) -> (Store, Stop) {
        let stop = Stop::default();
        let wire = Wire::new(self.simulation.database().clone()).through(stop.clone());
        (Store::new(wire.client(0), Tables::default(), self.environment.clone()), stop)
    }

    /// The store of nobody, to whom nothing bad happens.
    pub(super) fn calm_store(&self) -> Store {
        let client = self.simulation.calm_client();
        Store::new(client, Tables::default(), self.environment.clone())
    }

    /// Does one operation of an actor, who may die of it.
    pub(super) async fn attempt<T>(
        &self,
        actor: usize,
        what: &str,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Outcome<T> {
        let ended = self.simulation.attempt(actor, Box::pin(work)).await;
        self.ledger.borrow_mut().end(what, ended)
    }

    /// A while between two operations.
    pub(super) async fn rest(&self, rng: &mut StdRng) {
        tokio::time::sleep(Duration::from_millis(rng.random_range(0..30))).await;
    }

    /// Everybody hears of a session.
    pub(super) fn hear(&self, tenant: &TenantId, session: &Session) {
        let id = &session.id;
        self.hear_of(tenant, &id.conversation, id.ordinal, session.seq);
        let mut sessions = self.sessions.borrow_mut();
        let key = (tenant.clone(), id.clone());
        if sessions.get(&key).is_none_or(|known| known.version < session.version) {
            sessions.insert(key, session.clone());
        }
    }

    /// Everybody hears of an entry.
    pub(super) fn hear_of(&self, tenant: &TenantId, of: &ConversationId, ordinal: u32, seq: u64) {
        let mut known = self.known.borrow_mut();
        let latest = known.entry((tenant.clone(), of.clone())).or_default();
        *latest = (latest.0.max(ordinal), latest.1.max(seq));
    }

    /// The latest session of a conversation that anybody has heard of, the last entry, and who has it.
    pub(super) fn latest(
        &self,
        tenant: &TenantId,
        of: &ConversationId,
    ) -> Option<(SessionId, u64, Option<EmployeeId>)> {
        let (ordinal, seq) = self.known.borrow().get(&(tenant.clone(), of.clone())).copied()?;
        let id = SessionId { conversation: of.clone(), ordinal };
        let sessions = self.sessions.borrow();
        let session = sessions.get(&(tenant.clone(), id.clone()));
        let who = session.and_then(|session| session.assignee().cloned());
        Some((id, seq, who))
    }

    /// Some session of a company and its conversation's last entry: often one that somebody has,
    /// else as a rule the latest of its conversation.
    pub(super) fn session(
        &self,
        company: &Company,
        who: &EmployeeId,
        rng: &mut StdRng,
    ) -> (SessionId, u64) {
        let tenant = &company.tenant;
        let sessions = self.sessions.borrow();
        let theirs: Vec<&SessionId> = sessions
            .iter()
            .filter(|((of, _), session)| of == tenant && session.assignee() == Some(who))
            .map(|((_, id), _)| id)
            .collect();
        let is_theirs = rng.random_bool(0.5) && !theirs.is_empty();
        let line = &company.lines[rng.random_range(0..company.lines.len())];
        let of = if is_theirs {
            theirs[rng.random_range(0..theirs.len())].conversation.clone()
        } else {
            line.conversation.clone()
        };
        let key = (tenant.clone(), of);
        let (latest, seq) = self.known.borrow().get(&key).copied().unwrap_or((1, 0));
        let ordinal = if rng.random_bool(0.85) { latest } else { rng.random_range(1..=latest) };
        (SessionId { conversation: key.1, ordinal }, seq)
    }
}

/// Puts an operator near the bound of open sessions.
fn keep_busy(database: &Database, company: &Company) {
    let reply = database.answer(
        Operation::UpdateItem,
        &json!({
            "TableName": "core",
            "Key": {
                "pk": {"S": format!("U#{}#{BUSY}", company.tenant)},
                "sk": {"S": format!("L#{}", company.live_chats[0].id)},
            },
            "UpdateExpression": "SET m = :m",
            "ExpressionAttributeValues": {":m": {"N": ELSEWHERE.to_string()}},
        }),
    );
    assert!(reply.is_success(), "{reply:?}");
}
