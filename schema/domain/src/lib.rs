//! The rules of ChatDesk, as pure functions.
//!
//! Nothing here is asynchronous, does I/O, reads a clock or throws dice: time, ids and chance are
//! arguments. A rule takes a [`Session`] as it was read and an actor, and answers with a
//! [`Change`] (a yes) or a [`Refusal`] (a no). What a change means for queues and counters is
//! derived from the session before and after it, in one place: [`Delta`].

pub mod access;
pub mod actor;
pub mod alert;
pub mod arrival;
pub mod assignment;
pub mod binding;
pub mod closing;
pub mod counter;
pub mod delta;
#[cfg(test)]
mod fixture;
pub mod id;
pub mod message;
pub mod name;
pub mod origin;
pub mod presence;
pub mod rate;
pub mod reading;
pub mod refusal;
pub mod reply;
pub mod role;
pub mod said;
pub mod search;
pub mod session;
pub mod template;
pub mod text;
pub mod time;
pub mod typing;

pub use actor::{Acting, Actor};
pub use binding::{Binding, Bindings, Item};
pub use delta::Delta;
pub use id::{
    AppId, ChannelId, ClientId, ConversationId, EmployeeId, ItemId, LiveChatId, SessionId,
    TemplateId, TenantId,
};
pub use message::{Author, EventKind, Kind, Message, SessionEvent};
pub use refusal::Refusal;
pub use role::Roles;
pub use session::{Change, LastAct, Outcome, Preview, Session, State};
pub use template::Template;
pub use time::Timestamp;
