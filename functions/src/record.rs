//! The records of a stream's batch, as both consumers of the stream read them.

use serde_json::{Value, json};
use store::stream::Record;

/// One record of a batch.
pub struct Received<'a> {
    /// Where it stands in the stream: from here a batch that failed begins again.
    pub sequence: Option<&'a Value>,
    /// What it tells; `None` when that concerns nobody.
    pub record: Option<Record>,
    /// The record as it came.
    pub raw: &'a Value,
}

/// The records of a batch, in order. One that cannot be read is logged and concerns nobody: it
/// would not read better next time, and what it told is in the state.
pub fn received(event: &Value) -> impl Iterator<Item = Received<'_>> {
    let records = event.get("Records").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    records.iter().map(|record| Received {
        sequence: record.pointer("/dynamodb/SequenceNumber"),
        record: Record::parse(record).unwrap_or_else(|fault| {
            tracing::error!(%fault, "a record is skipped");
            None
        }),
        raw: record,
    })
}

/// The answer to a batch that was handled whole.
#[must_use]
pub fn handled() -> Value {
    json!({ "batchItemFailures": [] })
}

/// The answer to a batch that has to begin again at a record.
#[must_use]
pub fn failed_at(sequence: Option<&Value>) -> Value {
    json!({ "batchItemFailures": [{ "itemIdentifier": sequence }] })
}
