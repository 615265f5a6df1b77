//! Instruments that prove the service from outside: a DynamoDB in process behind the SDK's own
//! wire, a meter of capacity units, a scheduler that decides by a seed what happens next, a
//! stream that is delivered as badly as Lambda is allowed to, and a recount of all that counts.

pub mod database;
pub mod environment;
pub mod hostile;
pub mod item;
pub mod meter;
pub mod recount;
pub mod scheduler;
pub mod service;
pub mod stream;
pub mod table;
pub mod wire;
pub mod world;
pub mod write;

/// The reason why an instrument itself could not work: never a finding about the service.
pub type Broken = Box<dyn std::error::Error + Send + Sync>;
