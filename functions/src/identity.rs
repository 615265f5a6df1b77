//! Identity: verifies tokens, and signs those that the service issues itself.
//!
//! Tenant and person come only from a verified token, and roles never do. The rules are pure: the time
//! is an argument, and a [`Verifier`] has the keys that it was given. [`Identity`] fetches those keys,
//! and reads the settings that say which issuers to trust.

mod authentication;
mod bound;
mod claims;
mod fetch;
mod held;
mod jwks;
mod keyring;
mod misconfigured;
mod secret;
mod settings;
mod signer;
mod source;
#[cfg(test)]
mod tests;
mod ticket;
mod token;
mod unverified;
mod verifier;
mod widget;

pub use authentication::Identity;
pub use bound::{CONTACTS, ID_LENGTH, NAME_LENGTH};
pub use claims::{Claims, Client, Contact, Employee, Subject};
pub use jwks::{ClaimNames, Group, Jwks, Provider, TenantOf};
pub use misconfigured::Misconfigured;
pub use secret::Secret;
pub use settings::{Settings, Skipped, Tenants};
pub use signer::{Signer, Unsigned};
pub use source::Source;
pub use ticket::TICKET_SECONDS;
pub use token::{TOKEN_BYTES, bearer};
pub use unverified::{Unidentified, Unverified};
pub use verifier::{Issuer, Verifier};
pub use widget::{WidgetKey, WidgetKeys};
