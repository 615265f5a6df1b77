//! The state in DynamoDB. No other crate knows DynamoDB: no type of the SDK leaves this one.
//!
//! The README of this crate lists the access patterns, and every key is made in [`key`]. An act reads,
//! lets a rule of [`domain`] decide, and commits in one guarded transaction: see [`act`] and
//! [`arrival`].

pub mod act;
pub mod app;
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
pub mod item;
pub mod key;
pub mod lease;
mod line;
pub mod list;
pub mod live_chat;
mod member;
mod message;
pub mod metric;
pub mod once;
pub mod rate;
mod receipt;
pub mod reindex;
pub mod removal;
mod row;
mod said;
pub mod search;
mod session;
pub mod settings;
mod store;
pub mod stream;
pub mod table;
mod tally;
pub mod template;
mod trail;
mod typing;

pub use environment::Environment;
pub use fault::{Failure, Fault};
pub use store::{Store, Tables};
