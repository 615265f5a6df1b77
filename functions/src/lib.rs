//! The functions of AWS Lambda that run the service: one file for each handler.

pub mod app;
pub mod attachments;
pub mod bucket;
pub mod caller;
pub mod channel;
pub mod connections;
pub mod cors;
pub mod environment;
pub mod event;
pub mod fanout;
pub mod graphql;
pub mod identity;
pub mod inbound;
pub mod json;
pub mod lease;
pub mod media;
pub mod messenger;
pub mod metric;
pub mod observe;
pub mod operation;
pub mod outbound;
pub mod outside;
pub mod parameters;
pub mod presence;
pub mod protocol;
pub mod queue;
pub mod rate;
pub mod record;
pub mod request;
pub mod response;
mod signing;
pub mod socket;
#[cfg(test)]
mod testing;
pub mod vault;
pub mod worker;
