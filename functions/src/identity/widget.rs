//! Tokens of the widget's clients: ES256 with keys of our own, which are rotated.

use std::fmt;

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde::Deserialize;
use time::OffsetDateTime;

use super::misconfigured::Misconfigured;
use super::signer::Signer;

/// The `iss` of these tokens.
pub const ISSUER: &str = "chatdesk-widget";
pub(super) const ALGORITHM: Algorithm = Algorithm::ES256;

/// A key that tokens of the widget's clients are signed with.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WidgetKey {
    /// Its id, which tokens name as `kid`.
    pub id: String,
    /// P-256, PKCS #8, PEM.
    pub private_key: String,
    /// The time from which it signs. It verifies before that, so that every instance knows the key
    /// by then.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub signs_from: Option<OffsetDateTime>,
    /// The time from which its tokens are invalid.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub retires_at: Option<OffsetDateTime>,
}

impl fmt::Debug for WidgetKey {
    /// Without the key itself.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WidgetKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The keys that tokens of clients are signed and verified with.
#[derive(Clone, Debug, Default)]
pub struct WidgetKeys {
    keys: Vec<Key>,
}

#[derive(Clone, Debug)]
struct Key {
    id: String,
    private: EncodingKey,
    public: DecodingKey,
    signs_from_seconds: i64,
    retires_at_seconds: i64,
}

impl WidgetKeys {
    /// Returns the keys of the settings.
    ///
    /// # Errors
    /// [`Misconfigured::NoWidgetKey`].
    pub fn new(keys: &[WidgetKey]) -> Result<Self, Misconfigured> {
        Ok(Self { keys: keys.iter().map(Key::new).collect::<Result<_, _>>()? })
    }

    /// Returns the key of this id, until it retires.
    pub(super) fn key(&self, id: Option<&str>, now_seconds: i64) -> Option<&DecodingKey> {
        let fits = |key: &&Key| Some(key.id.as_str()) == id && key.retires_at_seconds > now_seconds;
        self.keys.iter().find(fits).map(|key| &key.public)
    }

    /// Signs with the key that began last. None when none has begun, or all have retired.
    #[must_use]
    pub fn signer(&self, now_seconds: i64) -> Option<Signer> {
        let signs =
            |key: &&Key| (key.signs_from_seconds..key.retires_at_seconds).contains(&now_seconds);
        let latest = self.keys.iter().filter(signs).max_by_key(|key| key.signs_from_seconds)?;
        Some(Signer::with_key(ISSUER, ALGORITHM, &latest.id, latest.private.clone()))
    }
}

impl Key {
    fn new(key: &WidgetKey) -> Result<Self, Misconfigured> {
        let wrong = |_| Misconfigured::NoWidgetKey(key.id.clone());
        let private = EncodingKey::from_ec_pem(key.private_key.as_bytes()).map_err(wrong)?;
        // The published part of the key is all that verifying needs.
        let public = Jwk::from_encoding_key(&private, ALGORITHM).map_err(wrong)?;
        Ok(Self {
            id: key.id.clone(),
            public: DecodingKey::from_jwk(&public).map_err(wrong)?,
            private,
            signs_from_seconds: key.signs_from.map_or(i64::MIN, |at| at.unix_timestamp()),
            retires_at_seconds: key.retires_at.map_or(i64::MAX, |at| at.unix_timestamp()),
        })
    }
}
