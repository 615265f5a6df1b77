//! Subscriptions over API Gateway WebSockets.

mod handler;
pub mod listening;
pub mod protocol;
mod subscribing;

pub use handler::handle;
