//! AWS on one machine, and ChatDesk on it.
//!
//! API Gateway ([`gateway`]), the poller of a table's stream ([`trigger`]) and DynamoDB ([`dynamo`])
//! know nothing of ChatDesk. Functions get the JSON events that AWS sends, so the code that runs here is
//! the code that runs there. [`run`] puts the service's functions behind them, and [`demo`] its data.

mod bounded;
mod calls;
mod clock;
pub mod console;
pub mod demo;
pub mod dynamo;
mod function;
pub mod gateway;
mod handler;
mod pages;
mod place;
pub mod run;
pub mod stream;
mod timer;
pub mod trigger;

pub use function::Function;

/// The reason why a part of the local run could not start or go on; for the log and the terminal.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;
