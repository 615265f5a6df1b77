//! A call that waits at the gate.

use super::split::{self, Split};
use super::transaction::Flight;
use crate::wire::{Answer, Call, Onward, Operation};
use futures::channel::oneshot;
use rand::rngs::StdRng;
use serde_json::Value;

/// A call at the gate.
pub(super) struct Waiting {
    pub(super) call: Call,
    pub(super) about: String,
    pub(super) onward: Onward,
    /// The unprocessed rest of a batch, under its name in the answer.
    pub(super) left: Option<(&'static str, Value)>,
    /// The channel to the caller; none once the caller has an answer.
    pub(super) caller: Option<oneshot::Sender<Answer>>,
    pub(super) stage: Stage,
}

pub(super) enum Stage {
    Arrived,
    InFlight(Flight),
    Reading(Split),
}

impl Waiting {
    /// Performs the call.
    pub(super) async fn perform(&self) -> Answer {
        self.onward.clone().carry(self.call.clone()).await
    }

    /// Leaves a part of a batch, by chance, under this name in the answer.
    pub(super) fn leave(&mut self, name: &'static str, list: &str, rng: &mut StdRng) {
        let part = split::withhold(&mut self.call.body, list, rng);
        let mut rest = std::mem::replace(&mut self.call.body, part);
        self.left = rest.get_mut("RequestItems").map(|left| (name, left.take()));
    }
}

/// Returns true if a copy that lags may answer this read.
pub(super) fn is_eventual(call: &Call) -> bool {
    let is_consistent =
        |wanted: &Value| wanted.get("ConsistentRead").and_then(Value::as_bool) == Some(true);
    match call.operation {
        Operation::GetItem | Operation::Query | Operation::Scan => !is_consistent(&call.body),
        Operation::BatchGetItem => {
            crate::write::tables(&call.body).all(|(_, wanted)| !is_consistent(wanted))
        }
        _ => false,
    }
}
