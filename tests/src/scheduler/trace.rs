//! The trace of a simulation: its steps, line by line, and the count of each fault.

use crate::database::Database;
use crate::wire::{Answer, Call, Operation};
use crate::write::{Write, places_read};
use serde_json::Value;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The steps of a simulation. Two runs of one seed have the same.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    lines: Vec<String>,
    tally: BTreeMap<&'static str, u64>,
    /// A hash over lines, requests and answers.
    hasher: DefaultHasher,
}

impl Trace {
    /// Returns one line for each step: its number, the actor, the call, its outcome.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Returns a number that two runs share only if every request and every answer was the same.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hasher.finish()
    }

    /// Returns the number of times that each outcome occurred, by its word in the lines.
    #[must_use]
    pub fn tally(&self) -> &BTreeMap<&'static str, u64> {
        &self.tally
    }

    /// Returns the number of times that this outcome occurred.
    #[must_use]
    pub fn count(&self, word: &str) -> u64 {
        self.tally.get(word).copied().unwrap_or(0)
    }

    /// Notes that a call has come to the gate.
    pub(super) fn arrive(&mut self, call: &Call) {
        digest(&call.body, &mut self.hasher);
    }

    /// Notes the outcome of a call.
    pub(super) fn note(
        &mut self,
        call: &Call,
        about: &str,
        word: &'static str,
        answer: Option<&Answer>,
    ) {
        *self.tally.entry(word).or_default() += 1;
        let outcome = answer.map(outcome).unwrap_or_default();
        let line = format!(
            "{} a{} {} {about} {word}{outcome}",
            self.lines.len(),
            call.actor,
            call.operation
        );
        line.hash(&mut self.hasher);
        // A description of a table contains the time.
        if let (Some(Answer::Reply(reply)), true) = (answer, is_timeless(call.operation)) {
            digest(&reply.body, &mut self.hasher);
        }
        self.lines.push(line);
    }
}

/// Adds a whole value to a hash; its members are sorted already.
fn digest(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            name.hash(hasher);
            digest(member, hasher);
        }),
        Value::Array(list) => {
            list.len().hash(hasher);
            list.iter().for_each(|one| digest(one, hasher));
        }
        plain => plain.hash(hasher),
    }
}

fn outcome(answer: &Answer) -> String {
    match answer {
        Answer::Reply(reply) => match reply.refused_as() {
            Some(refusal) => format!(" {refusal}{}", reasons(&reply.body)),
            None => String::new(),
        },
        Answer::Unsent | Answer::Lost => String::new(),
    }
}

/// Returns the reasons why a transaction was cancelled, item by item.
fn reasons(body: &Value) -> String {
    let reasons = body.get("CancellationReasons").and_then(Value::as_array).into_iter().flatten();
    let codes = reasons.filter_map(|reason| reason.get("Code")?.as_str());
    codes.map(|code| format!(" {code}")).collect()
}

fn is_timeless(operation: Operation) -> bool {
    operation.writes()
        || matches!(
            operation,
            Operation::GetItem
                | Operation::Query
                | Operation::Scan
                | Operation::BatchGetItem
                | Operation::TransactGetItems
        )
}

/// Describes the subject of a call: its items, or the range that it reads.
pub(super) fn about(call: &Call, database: &Database) -> String {
    let text = |name: &str| call.body.get(name).and_then(Value::as_str).unwrap_or_default();
    if call.operation == Operation::Query {
        let values = call.body.get("ExpressionAttributeValues").map(Value::to_string);
        return format!(
            "{}/{} {}",
            text("TableName"),
            text("IndexName"),
            values.unwrap_or_default()
        );
    }
    let written = Write::all(call, database).into_iter().map(|write| write.place());
    let places = written.chain(places_read(call, database));
    places.map(|place| place.to_string()).collect::<Vec<_>>().join(", ")
}
