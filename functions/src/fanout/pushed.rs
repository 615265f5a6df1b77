//! Records that are pushed although their batch failed: it failed for another tenant, and is delivered
//! again from that tenant's first record. An instance passes over what it has pushed already, so that one
//! tenant's failure repeats nothing for the others.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// The most records that an instance remembers. Then it forgets all of them, and they may be pushed
/// twice.
const MOST: usize = 10_000;

/// The sequence numbers of records that are pushed and may come again.
#[derive(Debug, Default)]
pub struct Pushed(Mutex<HashSet<String>>);

impl Pushed {
    /// Returns true if a record is pushed.
    pub(super) fn has(&self, sequence: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(sequence)
    }

    /// Notes that records are pushed.
    pub(super) fn note(&self, sequences: &[String]) {
        let mut pushed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pushed.len() + sequences.len() > MOST {
            pushed.clear();
        }
        pushed.extend(sequences.iter().filter(|one| !one.is_empty()).cloned());
    }
}
