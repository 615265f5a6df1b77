//! The state in DynamoDB. The only place that knows it: no type of the SDK leaves this crate.
//!
//! The access patterns stand in this crate's README; every key is made in [`key`]. A transition
//! reads, lets a rule of [`domain`] decide, and commits in one guarded transaction: see [`act`]
//! and [`arrival`].

pub mod act;
pub mod arrival;
mod attribute;
mod call;
pub mod claim_next;
mod commit;
pub mod connection;
pub mod desk;
pub mod dialog;
pub mod employee;
mod environment;
mod fault;
pub mod key;
pub mod lease;
pub mod list;
pub mod live_chat;
mod message;
mod receipt;
mod row;
mod session;
mod store;
pub mod stream;
pub mod table;

pub use environment::Environment;
pub use fault::{Failure, Fault};
pub use store::{Store, Tables};
