//! Search: finds sessions by their names and items by their titles.
//!
//! The table `search` has a row for each gram (a piece of one to three letters) of a folded name, in
//! each scope. A scope contains exactly what one kind of viewer sees: the sessions of a live chat, the
//! queue, the sessions of an operator. A request reads the list that reaches furthest back, because
//! everything that matches is in all of the lists. It checks each hit on the session or item itself, so
//! that a row that is late never shows anything wrong.
//!
//! The price is in writes: three rows for each gram when a session opens, one deleted and one put when
//! it changes hands. Matching the queue and an operator's own sessions on their heads would write less,
//! but a long queue could not be read within the 40 read units of a request.

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
