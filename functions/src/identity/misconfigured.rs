//! Errors in settings.

use std::fmt;

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
