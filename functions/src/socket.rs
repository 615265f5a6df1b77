//! Subscriptions over API Gateway WebSockets.

mod handler;
pub mod listening;
pub mod protocol;
mod subscribing;
mod telling;

pub use handler::handle;
