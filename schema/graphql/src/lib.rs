//! The GraphQL schema: one file a noun, thin over the store and the rules.

pub mod id;
mod service;

pub use service::{Caller, Service};
