//! The rules of ChatDesk, as pure functions.
//!
//! Nothing here is asynchronous, does I/O, reads a clock or draws random numbers: time, ids and
//! randomness are arguments. A rule takes a [`Session`] as it was read and an actor. It returns a
//! [`Change`] when it allows the act, and a [`Refusal`] with the reason when it does not. [`Delta`]
//! derives from the session before and after the change how the queue and the counters move, in one
//! place for every rule.

pub mod access;
pub mod actor;
pub mod alert;
pub mod amend;
pub mod app;
pub mod arrival;
pub mod assignment;
pub mod attachment;
pub mod binding;
pub mod caller;
pub mod closing;
pub mod counter;
pub mod delivery;
pub mod delta;
pub mod employee;
#[cfg(test)]
mod fixture;
pub mod id;
pub mod live_chat;
pub mod message;
pub mod name;
pub mod origin;
mod placeholder;
pub mod presence;
pub mod rate;
pub mod reading;
pub mod reason;
pub mod refusal;
pub mod reply;
pub mod role;
pub mod said;
pub mod search;
pub mod session;
pub mod sight;
pub mod split;
pub mod template;
pub mod text;
pub mod time;
pub mod turn;
pub mod typing;

pub use actor::{Acting, Actor};
pub use app::{App, AppKind};
pub use attachment::{Attached, Attachment};
pub use binding::{Binding, Bindings, Item};
pub use caller::{Caller, Person};
pub use delivery::Delivery;
pub use delta::Delta;
pub use employee::{Desk, Employee};
pub use id::{
    AppId, AttachmentId, ChannelId, ClientId, ConversationId, EmployeeId, ItemId, LiveChatId,
    SessionId, TemplateId, TenantId,
};
pub use live_chat::{Channel, ChannelKind, LiveChat, Member};
pub use message::{Author, Kind, Message, SessionEvent};
pub use reason::Reasons;
pub use refusal::Refusal;
pub use role::Roles;
pub use session::{Change, LastAct, Outcome, Preview, Session, State};
pub use sight::Sight;
pub use template::Template;
pub use time::Timestamp;
pub use turn::Turn;
