//! Subscriptions over API Gateway WebSockets.

pub mod protocol;
