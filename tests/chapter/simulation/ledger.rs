//! The answers that the actors got: the other side of the state.

use super::worker::AGAIN;
use domain::{EmployeeId, Refusal, Session, SessionId, TenantId};
use std::collections::{BTreeMap, BTreeSet};
use store::amendment::Amended;
use store::{Failure, Fault};

/// The end of an operation, as far as its actor knows.
#[derive(Clone, Debug)]
pub(super) enum Outcome<T> {
    Done(T),
    Refused(Refusal),
    /// It did not happen, for no reason of its own.
    NotDone,
    /// Nobody knows.
    Unknown,
}

/// A message as its sender names it: tenant, conversation, kind of sender, sender, id.
pub(super) type Name = (String, String, char, String, String);

/// One write of a session, by the version that it made.
pub(super) type Step = (TenantId, SessionId, u64);

/// One try of a send.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) text: String,
    /// The content that repetitions are compared by; none for a webhook.
    pub(super) content: Option<String>,
    pub(super) outcome: Outcome<u64>,
}

/// The record of the answers that the actors got.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) sends: BTreeMap<Name, Vec<Sent>>,
    /// The marks of clients, by conversation: up to which message, and whether it was acknowledged.
    pub(super) marks: BTreeMap<String, Vec<(u64, Outcome<()>)>>,
    /// Versions of sessions that were acknowledged to the employees who wrote them.
    pub(super) written: BTreeSet<(TenantId, SessionId, u64, EmployeeId)>,
    /// Operations of employees whose end nobody knows.
    pub(super) unknown: BTreeMap<(TenantId, EmployeeId), usize>,
    /// Answers of `claim_next` by its key.
    pub(super) answers: BTreeMap<(TenantId, EmployeeId, String), Vec<Option<SessionId>>>,
    /// By the version that they made, as far as anybody can tell: up to where those who closed a
    /// session had seen it. Who does the same again may say something else: one of them is true.
    pub(super) closings: BTreeMap<Step, Vec<Option<u64>>>,
    /// The same of those who answered.
    pub(super) seen: BTreeMap<Step, Vec<Option<u64>>>,
    /// Sessions that somebody closed or answered without knowing how it ended.
    pub(super) blind: BTreeSet<(TenantId, SessionId)>,
    /// Edits of clients: tenant, conversation, new text.
    pub(super) edits: BTreeMap<(String, String, String), Vec<Outcome<Amended>>>,
    pub(super) operations: usize,
    pub(super) tally: BTreeMap<String, usize>,
    pub(super) faults: Vec<String>,
}

/// The messages of the store when it gives up without a fault of its own.
const PATIENCE: [&str; 4] =
    ["no answer to a write", "no answer to a read", "a batch is not read whole", AGAIN];

impl Ledger {
    /// Understands how an operation ended; none when its actor died.
    pub(super) fn end<T>(&mut self, what: &str, ended: Option<Result<T, Failure>>) -> Outcome<T> {
        // A push (`tell`) is no operation of an actor, nor is the work of other functions.
        let is_of_function = matches!(what, "tell" | "work" | "deliver" | "receipt");
        self.operations += usize::from(!is_of_function);
        let (outcome, word) = match ended {
            Some(Ok(done)) => (Outcome::Done(done), "done".to_owned()),
            Some(Err(Failure::Refused(refusal))) => {
                let word = format!("{refusal:?}");
                let word = word.split([' ', '{']).next().unwrap_or_default().to_owned();
                (Outcome::Refused(refusal), word)
            }
            Some(Err(Failure::Failed(Fault::Conflict))) => (Outcome::NotDone, "conflict".into()),
            Some(Err(Failure::Failed(fault))) => {
                let is_patience = matches!(&fault,
                    Fault::Unavailable(why) if PATIENCE.contains(&why.as_str()));
                if !is_patience {
                    self.faults.push(format!("{what}: {fault}"));
                }
                (Outcome::Unknown, "unavailable".to_owned())
            }
            None => (Outcome::Unknown, "died".to_owned()),
        };
        let what = what.split(' ').next().unwrap_or_default();
        *self.tally.entry(format!("{what} {word}")).or_default() += 1;
        outcome
    }

    /// Notes a session that an employee was answered with; the version is theirs if they wrote it
    /// last.
    pub(super) fn told(&mut self, tenant: &TenantId, who: &EmployeeId, session: &Session) {
        if matches!(&session.last.by, domain::Actor::Employee(by) if by == who) {
            let id = session.id.clone();
            self.written.insert((tenant.clone(), id, session.version, who.clone()));
        }
    }

    /// An employee does not know how their operation ended.
    pub(super) fn wonder(&mut self, tenant: &TenantId, who: &EmployeeId) {
        *self.unknown.entry((tenant.clone(), who.clone())).or_default() += 1;
    }
}
