//! The state in DynamoDB. No other crate knows DynamoDB: no type of the SDK leaves this one.
//!
//! There are three rooms. `table` alone knows the SDK, and [`key`] in it every key; `record` has the
//! items as they are stored; every other module is a noun, which reads, lets a rule of [`domain`] decide,
//! and commits in one guarded transaction: see [`act`] and [`arrival`]. The README of this crate lists
//! the access patterns.

pub mod act;
pub mod amendment;
pub mod app;
pub mod arrival;
pub mod attachment;
mod change;
pub mod channel;
pub mod claim_next;
mod client_read;
pub mod commit;
pub mod connection;
pub mod delivery;
pub mod desk;
pub mod dialog;
pub mod employee;
mod fault;
pub mod item;
pub mod lease;
pub mod list;
pub mod live_chat;
mod member;
pub mod metric;
pub mod once;
pub mod outgoing;
mod position;
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
mod tenant;
mod typing;

pub use fault::{Failure, Fault};
pub use table::{Environment, Store, Tables, key};
pub use tenant::TenantStore;
