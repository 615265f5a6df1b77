//! The functions of AWS Lambda that run the service: one file for each handler.

pub mod app;
pub mod caller;
pub mod connections;
pub mod environment;
pub mod event;
pub mod fanout;
pub mod graphql;
pub mod identity;
pub mod inbound;
pub mod lease;
#[cfg(feature = "local")]
pub mod local;
pub mod media;
pub mod observe;
pub mod parameters;
pub mod presence;
pub mod rate;
pub mod record;
pub mod request;
pub mod response;
pub mod socket;
#[cfg(test)]
mod testing;
pub mod worker;
