//! The reasons why a token identifies no person.

use std::fmt;

use graphql::error::Code;

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
    /// None of the issuer's keys we hold: they may have been rotated, see [`super::Verifier::replace_keys`].
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

/// The reason why a token identifies no person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unidentified {
    /// The token is not accepted.
    Unverified(Unverified),
    /// The token cannot be checked now: the settings, or its issuer's keys, cannot be fetched.
    Unavailable,
}

impl From<Unverified> for Unidentified {
    fn from(unverified: Unverified) -> Self {
        Self::Unverified(unverified)
    }
}
