//! The GraphQL schema, thin over the store and the rules. It knows nothing of AWS or of Lambda; its
//! descriptions are written for the API's reader.
//!
//! `object`, `mutation` and `feed` are what the API offers, joined by the roots `query`, `viewer` and
//! `service`. The other files serve them and import nothing from them.

mod answer;
mod document;
pub mod error;
pub mod feed;
pub mod files;
mod guard;
pub mod id;
mod loader;
pub mod messenger;
mod mutation;
mod object;
mod order;
mod page;
mod query;
mod request;
mod scalar;
mod service;
mod settings;
mod typist;
mod viewer;

pub use document::{DOCUMENT_BYTES, Operation, Prepared};
pub use loader::Loaders;
pub use page::{cursor, place};
pub use service::{Executed, Probed, Service};
pub use settings::{Introspection, Settings};
pub use typist::Typist;
