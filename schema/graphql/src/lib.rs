//! The GraphQL schema: one file a noun, thin over the store and the rules. It knows nothing of
//! AWS or of Lambda; its sentences are written for the API's reader.

mod administration;
mod app;
mod ask;
mod assignment;
mod binding;
mod client;
mod closing;
mod conversation;
mod counters;
mod document;
mod employee;
pub mod error;
pub mod feed;
pub mod id;
mod live_chat;
mod loader;
mod message;
mod node;
mod order;
mod page;
mod payload;
mod presence;
mod reading;
mod reply;
mod scalar;
mod search;
mod service;
mod session;
mod template;
pub mod typing;
mod viewer;

pub use document::{DOCUMENT_BYTES, Operation};
pub use domain::Caller;
pub use loader::Loaders;
pub use page::{cursor, place};
pub use service::{Executed, Introspection, Probed, Service, Settings};
