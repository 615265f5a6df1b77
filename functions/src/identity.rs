//! Identity: verifies tokens, and signs those that the service issues itself.
//!
//! Tenant and person come only from a verified token, and roles never do. The rules are pure: the time
//! is an argument, and a [`Verifier`] has the keys that it was given. [`Identity`] fetches those keys,
//! and reads the settings that say which issuers to trust.

mod bound;
mod fetch;
mod held;
mod jwks;
mod secret;
mod settings;
mod signer;
mod source;
#[cfg(test)]
mod tests;
mod ticket;
mod verifier;
mod widget;

use std::fmt;

use graphql::error::Code;
use serde::{Deserialize, Serialize};

pub use bound::{CONTACTS, ID_LENGTH, NAME_LENGTH};
pub use held::{Identity, Unidentified};
pub use jwks::{ClaimNames, Group, Jwks, Provider, TenantOf};
pub use secret::Secret;
pub use settings::{Settings, Skipped, Tenants, WidgetKey};
pub use signer::{Signer, Unsigned};
pub use source::Source;
pub use ticket::TICKET_SECONDS;
pub use verifier::{Issuer, Verifier};
pub use widget::WidgetKeys;

/// The longest token that is looked at, in bytes.
pub const TOKEN_BYTES: usize = 8 * 1024;

/// The claims of a verified token. Every text in them is within its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The company, 1 to 100 code points.
    pub tenant: String,
    /// The person that the token is for.
    pub subject: Subject,
    /// The time from which the token is invalid, in seconds since 1970, UTC.
    pub expires_at_seconds: i64,
}

/// The person behind a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A person of the tenant.
    Employee(Employee),
    /// A client, who writes from outside, by the web widget.
    Client(Client),
}

/// A person of the tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// Unique in the tenant, 1 to 100 code points.
    pub id: String,
    /// For display, 1 to 200 code points.
    pub name: String,
    /// True if they may configure the tenant. It gives no access to sessions.
    pub is_administrator: bool,
}

/// A client, who writes from outside. Live chat, channel and external id together identify one
/// conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The only live chat the token is good for.
    pub live_chat: String,
    /// The channel the client comes by.
    pub channel: String,
    /// The client's id in that channel.
    pub external_id: String,
    /// The name to display, when the client gave one.
    pub name: Option<String>,
    /// Ways to reach them, at most [`CONTACTS`].
    pub contacts: Vec<Contact>,
}

/// A way to reach a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The kind of contact, such as `email`; 1 to 100 code points.
    pub kind: String,
    /// The address itself, 1 to 200 code points.
    pub value: String,
}

/// The reason why a token is not accepted. Clients receive only the code; the rest is for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unverified {
    /// There is no token.
    Missing,
    /// Not a token, too long, or a claim is missing or out of its bounds.
    Malformed,
    /// The issuer is not one that we trust.
    UnknownIssuer,
    /// The header names another algorithm than the issuer's.
    WrongAlgorithm,
    /// None of the issuer's keys we hold: they may have been rotated, see [`Verifier::replace_keys`].
    UnknownKey {
        /// The `iss` whose keys may be old.
        issuer: String,
    },
    /// The signature does not fit.
    WrongSignature,
    /// It is genuine, and meant for another application or another use.
    WrongAudience,
    /// It is genuine, and not valid yet.
    NotYetValid,
    /// The token was genuine and has expired: the client should get a fresh one.
    Expired,
    /// The token is a client's, of a tenant that is not served: the settings have no provider for
    /// it.
    TenantIsOff,
}

impl Unverified {
    /// Returns the code that a client receives.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Expired => Code::TokenExpired,
            _ => Code::Unauthenticated,
        }
    }
}

impl fmt::Display for Unverified {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Missing => "there is no token",
            Self::Malformed => "the token is malformed",
            Self::UnknownIssuer => "the token's issuer is unknown",
            Self::WrongAlgorithm => "the token's algorithm is not its issuer's",
            Self::UnknownKey { .. } => "the token's key is unknown",
            Self::WrongSignature => "the token's signature is wrong",
            Self::WrongAudience => "the token is meant for something else",
            Self::NotYetValid => "the token is not valid yet",
            Self::Expired => "the token has expired",
            Self::TenantIsOff => "the token's tenant is not served",
        })
    }
}

impl std::error::Error for Unverified {}

/// An error in the settings of an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misconfigured {
    /// The settings are not the JSON they should be.
    NotSettings(String),
    /// A key of the widget is no private key of P-256 in PKCS #8.
    NoWidgetKey(String),
    /// An address is neither https nor of this machine.
    Insecure(String),
    /// A secret of less than 32 bytes is weaker than HS256.
    WeakSecret,
    /// Two issuers have the same name, so that a token would have two keys.
    DuplicateIssuer,
    /// Public keys go with a public-key algorithm: an HMAC would make the public key the secret.
    SymmetricAlgorithm,
    /// A provider without an audience would let in tokens made for any of its applications.
    NoAudience,
    /// The list of tenants is given without a claim that names one of them: a provider of one
    /// tenant has no list.
    TenantsWithoutClaim,
}

impl fmt::Display for Misconfigured {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotSettings(why) => {
                return write!(formatter, "the settings are malformed: {why}");
            }
            Self::NoWidgetKey(id) => {
                return write!(formatter, "the widget's key {id} is no P-256 key in PKCS #8");
            }
            Self::Insecure(address) => return write!(formatter, "{address} is not https"),
            Self::WeakSecret => "the secret has less than 32 bytes",
            Self::DuplicateIssuer => "two issuers have the same name",
            Self::SymmetricAlgorithm => "a provider with public keys needs a public-key algorithm",
            Self::NoAudience => "a provider needs at least one audience",
            Self::TenantsWithoutClaim => "tenants are listed where a claim names the tenant",
        })
    }
}

impl std::error::Error for Misconfigured {}

/// Returns the token of an `Authorization: Bearer TOKEN`, or of the same in `connection_init`.
/// Returns `None` for another scheme, for no token, or for more than one word after the scheme. The
/// scheme may be in any case.
#[must_use]
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim_matches(' ').split_once(' ')?;
    let token = token.trim_start_matches(' ');
    let is_one_word =
        !token.is_empty() && token.chars().all(|character| character.is_ascii_graphic());
    (scheme.eq_ignore_ascii_case("Bearer") && is_one_word).then_some(token)
}
