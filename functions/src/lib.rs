//! How AWS starts the service: one file per handler.

pub mod identity;
pub mod socket;
