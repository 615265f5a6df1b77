//! How AWS starts the service: one file per handler.

pub mod app;
pub mod caller;
pub mod document;
pub mod environment;
pub mod event;
pub mod graphql;
pub mod identity;
pub mod inbound;
pub mod lease;
pub mod media;
pub mod parameters;
pub mod request;
pub mod response;
pub mod rfc3339;
#[cfg(test)]
mod testing;
