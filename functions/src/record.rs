//! Records of a stream batch, as both consumers of the stream read them.

use metrics::counter;
use serde_json::{Value, json};
use store::Fault;
use store::stream::{Parsed, Record};

use crate::metric::RECORDS_UNKNOWN;

/// One record of a batch.
pub struct Received<'a> {
    /// Its place in the batch.
    pub index: usize,
    /// Its sequence number: a failed batch is retried from here.
    pub sequence: Option<&'a Value>,
    /// The change that it carries. `None` where the change concerns no subscriber, or is of a kind
    /// that a newer version writes. A fault where the kind is known and the record cannot be read.
    pub parsed: Result<Option<Record>, Fault>,
    /// The record as it came.
    pub raw: &'a Value,
}

/// Returns the records of a batch, in order; none where an event has no records.
pub fn received(event: &Value) -> Option<impl Iterator<Item = Received<'_>>> {
    let records = event.get("Records").and_then(Value::as_array)?;
    Some(records.iter().enumerate().map(|(index, record)| Received {
        index,
        sequence: record.pointer("/dynamodb/SequenceNumber"),
        parsed: Record::parse(record).map(|parsed| match parsed {
            Parsed::Change(record) => Some(*record),
            Parsed::Nothing => None,
            Parsed::Unknown => {
                counter!(RECORDS_UNKNOWN).increment(1);
                tracing::info!(keys = ?record.pointer("/dynamodb/Keys"), "a record is passed over");
                None
            }
        }),
        raw: record,
    }))
}

/// Returns the answer to a batch that was handled whole.
#[must_use]
pub fn handled() -> Value {
    json!({ "batchItemFailures": [] })
}

/// Returns the answer to a batch that has to begin again at a record.
#[must_use]
pub fn failed_at(sequence: Option<&Value>) -> Value {
    json!({ "batchItemFailures": [{ "itemIdentifier": sequence }] })
}
