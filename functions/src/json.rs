//! JSON over HTTP, for what is not GraphQL: reads bodies, and writes answers.

mod answer;
pub mod body;
mod refused;

pub use answer::respond;
pub use refused::Refused;
