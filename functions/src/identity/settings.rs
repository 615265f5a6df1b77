//! Whom to trust, and the keys of our own: what stands in the secret.

use std::fmt;

use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use time::OffsetDateTime;

use super::fetch::is_secure;
use super::{Issuer, Jwks, Misconfigured, Provider, Verifier, WidgetKeys};

/// Whom to trust, and the keys of our own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Settings {
    /// The identity providers of the tenants' employees.
    pub providers: Vec<Provider>,
    /// The keys that tokens of the widget's clients are signed with.
    pub widget_keys: Vec<WidgetKey>,
}

/// A key that tokens of the widget's clients are signed with.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WidgetKey {
    /// Names it in the tokens, as `kid`.
    pub id: String,
    /// P-256, PKCS #8, PEM.
    pub private_key: String,
    /// When it begins to sign; it verifies before, so that it can be known everywhere by then.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub signs_from: Option<OffsetDateTime>,
    /// From when on its tokens are worth nothing.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub retires_at: Option<OffsetDateTime>,
}

impl fmt::Debug for WidgetKey {
    /// Without the key itself.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WidgetKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Settings {
    /// Reads the settings, and checks all that can be checked without asking anybody.
    ///
    /// # Errors
    /// [`Misconfigured`]; it names no key.
    pub fn parse(json: &str) -> Result<Self, Misconfigured> {
        let settings: Self = serde_json::from_str(json)
            .map_err(|error| Misconfigured::NotSettings(error.to_string()))?;
        settings.verifier(|_| None)?;
        WidgetKeys::new(&settings.widget_keys)?;
        Ok(settings)
    }

    /// The issuers of these settings, with the keys of each provider that are known.
    pub(super) fn issuers<'a>(
        &self,
        keys: impl Fn(&Provider) -> Option<&'a JwkSet>,
    ) -> Result<Vec<Issuer>, Misconfigured> {
        let none = JwkSet { keys: Vec::new() };
        let provider = |provider: &Provider| {
            let addresses = [Some(&provider.issuer), provider.jwks_uri.as_ref()];
            if let Some(open) = addresses.into_iter().flatten().find(|uri| !is_secure(uri)) {
                return Err(Misconfigured::Insecure(open.clone()));
            }
            Ok(Issuer::Jwks(Jwks::new(provider.clone(), keys(provider).unwrap_or(&none))?))
        };
        self.providers.iter().map(provider).collect()
    }

    fn verifier<'a>(
        &self,
        keys: impl Fn(&Provider) -> Option<&'a JwkSet>,
    ) -> Result<Verifier, Misconfigured> {
        Verifier::new(self.issuers(keys)?)
    }
}
