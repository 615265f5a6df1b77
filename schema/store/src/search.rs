//! Search: finds sessions by their names and items by their titles.
//!
//! The table `search` has a row for each gram (a piece of two or three letters, an ideograph, or nothing) of
//! a folded name, in each scope. A scope contains exactly what one kind of viewer sees: the sessions of a
//! live chat, the queue, the sessions of an operator. The last two are small, and have no grams of three
//! letters. A request reads the list that reaches furthest back, because everything that matches is in all
//! of the lists. It checks each hit on the session or item itself, so that a row that is late never shows
//! anything wrong.
//!
//! The price is in writes: a row for each gram in three scopes when a session opens, one deleted and one put
//! when it changes hands. Matching the queue and an operator's own sessions on their heads would write less,
//! but a long queue could not be read within the 40 read units of a request.

mod item;
mod reading;
mod row;
mod session;
mod source;

pub use crate::table::key::Scope;

/// The most bytes of a folded name that a row stores, so that a row has a size a request can count
/// on. Rows of a longer name store none, and the match is checked on the session or item itself.
const NAME_BYTES: usize = 192;
