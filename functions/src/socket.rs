//! The socket function: subscriptions over API Gateway WebSockets.

mod handler;
mod registering;
mod replay;
mod reply;
mod starting;
mod subscribing;

pub use handler::handle;
