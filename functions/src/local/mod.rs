//! AWS on one machine: API Gateway, the poller of a table's stream, and DynamoDB.
//!
//! Nothing here knows ChatDesk. Functions get the JSON events that AWS sends, so the code that runs
//! here is the code that runs there.

mod bounded;
mod calls;
mod clock;
pub mod console;
pub mod demo;
pub mod dynamo;
mod function;
pub mod gateway;
mod pages;
mod place;
pub mod run;
pub mod stream;
pub mod trigger;

pub use function::Function;

/// The reason why a part of the local run could not start or go on; for the log and the terminal.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;
