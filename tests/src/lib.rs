//! Instruments that prove the service from outside: a DynamoDB in process behind the SDK's own
//! wire, a meter of capacity units, a scheduler that decides by a seed what happens next, and a
//! stream that is delivered as badly as Lambda is allowed to.

pub mod database;
pub mod item;
pub mod meter;
pub mod scheduler;
pub mod stream;
pub mod table;
pub mod wire;
pub mod world;
pub mod write;

/// Why an instrument itself could not work: never a finding about the service.
pub type Broken = Box<dyn std::error::Error + Send + Sync>;
