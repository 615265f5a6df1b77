//! How AWS starts the service: one file per handler.

pub mod identity;
#[cfg(feature = "local")]
pub mod local;
pub mod socket;
