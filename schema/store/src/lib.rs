//! The state in DynamoDB. No other crate knows DynamoDB: no type of the SDK leaves this one.
//!
//! The README of this crate lists the access patterns, and every key is made and read in [`key`]. An act reads,
//! lets a rule of [`domain`] decide, and commits in one guarded transaction: see [`act`] and
//! [`arrival`].

pub mod act;
pub mod app;
pub mod arrival;
mod change;
pub mod claim_next;
pub mod connection;
pub mod desk;
pub mod dialog;
pub mod employee;
mod fault;
pub mod item;
pub mod lease;
mod line;
pub mod list;
pub mod live_chat;
mod member;
pub mod metric;
pub mod once;
pub mod rate;
mod receipt;
mod record;
pub mod reindex;
pub mod removal;
mod said;
pub mod search;
pub mod settings;
pub mod stream;
mod table;
mod tally;
pub mod template;
mod typing;

pub use fault::{Failure, Fault};
pub use table::{Environment, Store, Tables, key};
