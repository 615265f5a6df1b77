//! AWS on one machine, and ChatDesk on it.
//!
//! API Gateway ([`gateway`]), the poller of a table's stream ([`trigger`]), DynamoDB ([`dynamo`]), SQS
//! ([`queue`]) and KMS ([`kms`]) know nothing of ChatDesk, and neither do the stand-ins of messengers
//! ([`vendor`]). Functions get the JSON events that AWS sends, so the code that runs here is
//! the code that runs there. [`run`] puts the service's functions behind them, and [`demo`] its data.

mod bounded;
mod calls;
mod clock;
pub mod console;
pub mod demo;
pub mod dynamo;
mod endpoint;
mod function;
pub mod gateway;
mod handler;
pub mod kms;
mod pages;
mod place;
pub mod queue;
pub mod run;
mod s3;
pub mod stream;
mod timer;
pub mod trigger;
pub mod vendor;

pub use function::Function;

/// The reason why a part of the local run could not start or go on; for the log and the terminal.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;
