//! The outcome of a batch: done, retried from the first failure, halved, or given up.

use super::{
    consumer::Consumer,
    dead_letter::{DeadLetter, DeadLetters},
    record,
};
use crate::function::{Failure, invoke};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::watch;

/// The wait before the first retry. It doubles with each further one.
const BACKOFF: Duration = Duration::from_millis(20);
/// The longest wait before a retry.
const LONGEST: Duration = Duration::from_secs(1);

/// The delivery of batches to one consumer.
pub(super) struct Delivery<'a> {
    pub(super) consumer: &'a Consumer,
    pub(super) dead_letters: &'a DeadLetters,
    pub(super) stop: watch::Receiver<bool>,
}

/// The outcome of an invocation for its records.
enum Outcome {
    Done,
    /// The records from this one on have to be retried.
    FailedFrom(usize),
    /// The invocation failed without naming the record.
    Failed(Failure),
}

impl Delivery<'_> {
    /// Delivers records in order. Returns the number of records that are done with, which is all of
    /// them unless the trigger was stopped meanwhile.
    pub(super) async fn deliver(&mut self, records: &[Value]) -> usize {
        let mut done = 0;
        // The batch that is first in order lies on top.
        let mut pending = vec![(records, 0_u32)];
        while let Some((batch, tries)) = pending.pop() {
            if batch.is_empty() {
                continue;
            }
            if *self.stop.borrow() {
                break;
            }
            match self.hand_over(batch).await {
                Outcome::Done => done += batch.len(),
                Outcome::Failed(_) if batch.len() > 1 => {
                    let (first, second) = batch.split_at(batch.len() / 2);
                    pending.extend([(second, 0), (first, 0)]);
                }
                Outcome::Failed(failure) => {
                    let rest = (batch, tries + 1);
                    done += self.again(rest, &failure.to_string(), &mut pending).await;
                }
                Outcome::FailedFrom(failed) => {
                    let (_, rest) = batch.split_at(failed);
                    // A record that has come to the front is new there.
                    let tries = if failed == 0 { tries + 1 } else { 1 };
                    let reason = "the function reported it as failed";
                    done += failed + self.again((rest, tries), reason, &mut pending).await;
                }
            }
        }
        done
    }

    async fn hand_over(&self, batch: &[Value]) -> Outcome {
        let event = json!({ "Records": batch });
        match invoke(&self.consumer.function, event, self.consumer.timeout).await {
            Ok(answer) => outcome(&answer, batch),
            Err(failure) => {
                let consumer = self.consumer.name.as_str();
                tracing::warn!(consumer, records = batch.len(), %failure);
                Outcome::Failed(failure)
            }
        }
    }

    /// Delivers the batch again after a wait, or gives up its first record: then the rest starts
    /// anew and 1 record is done with.
    async fn again<'b>(
        &mut self,
        (batch, tries): (&'b [Value], u32),
        reason: &str,
        pending: &mut Vec<(&'b [Value], u32)>,
    ) -> usize {
        if tries <= self.consumer.retries {
            let wait = BACKOFF.saturating_mul(1 << (tries - 1).min(16)).min(LONGEST);
            let stopped = self.stop.wait_for(|stop| *stop);
            // Either way the loop goes on and looks.
            let _ = tokio::time::timeout(wait, stopped).await;
            pending.push((batch, tries));
            return 0;
        }
        let Some((dead, rest)) = batch.split_first() else {
            return 0;
        };
        self.dead_letters.add(DeadLetter {
            consumer: self.consumer.name.clone(),
            sequence: record::sequence(dead).unwrap_or_default().to_owned(),
            reason: reason.to_owned(),
            record: dead.clone(),
        });
        pending.push((rest, 0));
        1
    }
}

/// Reads a partial batch response as Lambda does: an identifier that is none of the batch's
/// means that all of it failed.
fn outcome(answer: &Value, batch: &[Value]) -> Outcome {
    let failures = match answer.get("batchItemFailures") {
        None | Some(Value::Null) => return Outcome::Done,
        Some(Value::Array(failures)) => failures,
        Some(_) => return Outcome::FailedFrom(0),
    };
    let failed = failures.iter().map(|failure| {
        let sequence = failure.get("itemIdentifier").and_then(Value::as_str);
        let place =
            |sequence| batch.iter().position(|item| record::sequence(item) == Some(sequence));
        sequence.and_then(place).unwrap_or(0)
    });
    failed.min().map_or(Outcome::Done, Outcome::FailedFrom)
}
