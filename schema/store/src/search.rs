//! Search over the names of sessions and the titles of items.
//!
//! A row stands for each gram of a folded name, in each scope that somebody looks in, so that each
//! scope has exactly what one kind of viewer sees. Every hit is checked on what it stands for, so a
//! row that is late shows nothing that is not so.

mod item;
mod reading;
mod row;
mod session;
mod source;

use domain::{AppId, EmployeeId, LiveChatId};

/// What is found together, because the same people look for it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Scope {
    /// All sessions of a tenant: for supervisors of many live chats, who would otherwise read a list
    /// in each.
    Tenant,
    /// All sessions of a live chat: for its supervisors.
    LiveChat(LiveChatId),
    /// Those that nobody has, of all live chats: for operators.
    Queue,
    /// Those that an operator has, or had when they were closed.
    Operator(EmployeeId),
    /// The items of an app.
    App(AppId),
}

impl Scope {
    /// Whether its rows say of which live chat they are, because not everybody who looks in it sees
    /// all of those.
    const fn is_mixed(&self) -> bool {
        matches!(self, Self::Tenant | Self::Queue)
    }
}

/// The most bytes of a folded name that stand in a row. Rows of a longer one have none, and whether
/// it matches is seen when the hit is checked: so a row has a bound that a request can count on.
const NAME_BYTES: usize = 192;
