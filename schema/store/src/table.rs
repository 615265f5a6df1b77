//! The tables: client, keys, rows, reads, commits and retries. No other module knows a type of the SDK.

mod attribute;
mod client;
mod commit;
mod expression;
pub mod key;
mod mark;
mod read;
mod retry;
mod row;
mod schema;
mod trail;
mod write;

pub(crate) use attribute::{Item, Read, decode, decode_owned, from_json};
pub(crate) use client::Table;
pub use client::{Environment, Store, Tables};
pub(crate) use commit::Committed;
pub(crate) use expression::Expression;
pub(crate) use key::Key;
pub(crate) use mark::Updated;
pub(crate) use read::{Index, Range, through};
pub(crate) use retry::TRIES;
pub(crate) use row::{Part, Row, encode, encode_whole};
pub(crate) use trail::{Mark, TRAIL, Trail};
pub(crate) use write::Alone;
