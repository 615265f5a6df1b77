//! AWS on one machine: API Gateway, the poller of a table's stream, and DynamoDB.
//!
//! Nothing here knows what ChatDesk does. Functions are started through the JSON events that AWS
//! sends to them, so what runs here is what runs there.

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

/// Why a part of the local run could not start or go on; for the log and the terminal.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;
