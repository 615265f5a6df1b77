//! The objects of the schema. They lead to one another in a circle, as the API does.

pub(crate) mod actor;
pub(crate) mod administration;
pub(crate) mod app;
pub(crate) mod attachment;
pub(crate) mod channel;
pub(crate) mod client;
pub(crate) mod conversation;
pub(crate) mod counters;
pub(crate) mod delivery;
pub(crate) mod employee;
pub(crate) mod live_chat;
pub(crate) mod message;
pub(crate) mod search;
pub(crate) mod session;
pub(crate) mod session_event;
pub(crate) mod session_list;
pub(crate) mod template;
