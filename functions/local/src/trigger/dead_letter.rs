//! Dead letters: the records that a consumer could not handle.

use serde_json::Value;
use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Dead letters that are kept to be looked at; all are counted and logged.
const KEPT: usize = 1000;

/// A record that was given up after its last retry.
#[derive(Debug, Clone, PartialEq)]
pub struct DeadLetter {
    /// The consumer that failed.
    pub consumer: String,
    /// The record's sequence number.
    pub sequence: String,
    /// The reason of the last failure.
    pub reason: String,
    /// The record as it was handed over.
    pub record: Value,
}

/// The dead letters of one trigger.
#[derive(Debug, Default)]
pub(super) struct DeadLetters {
    count: AtomicU64,
    last: Mutex<VecDeque<DeadLetter>>,
}

impl DeadLetters {
    pub(super) fn add(&self, letter: DeadLetter) {
        // The images are left out of the log: they are the tenants' data.
        tracing::error!(
            consumer = letter.consumer,
            sequence = letter.sequence,
            reason = letter.reason,
            "a stream record was given up"
        );
        self.count.fetch_add(1, Ordering::Relaxed);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() >= KEPT {
            last.pop_front();
        }
        last.push_back(letter);
    }

    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    pub(super) fn list(&self) -> Vec<DeadLetter> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.iter().cloned().collect()
    }
}
