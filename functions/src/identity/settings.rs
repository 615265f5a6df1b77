//! Settings of the issuers: which identity providers to trust, and the service's own keys.
//!
//! An entry that is wrong costs that entry alone: reading passes over it, and its reader reports it. A
//! setting that is not known is passed over as well: a newer version wrote it, and that version was put
//! back.
//!
//! All settings are one secret, and not a row for each tenant. They are read before anybody is known,
//! they contain private keys, and changing them is a right of its own. The price is a limit of 64 KB,
//! which is about a hundred providers.

use std::collections::BTreeSet;
use std::fmt;

use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::fetch::is_secure;
use super::jwks::{Jwks, Provider};
use super::misconfigured::Misconfigured;
use super::verifier::Issuer;
use super::widget::{WidgetKey, WidgetKeys};

const PROVIDERS: &str = "providers";
const WIDGET_KEYS: &str = "widgetKeys";
/// The known names of the settings, of a provider, of its claims, and of a key.
const KNOWN: [&str; 2] = [PROVIDERS, WIDGET_KEYS];
const KNOWN_OF_PROVIDERS: [&str; 7] =
    ["issuer", "jwksUri", "algorithm", "audiences", "tenant", "tenants", "claims"];
const KNOWN_OF_CLAIMS: [&str; 3] = ["id", "name", "administrator"];
const KNOWN_OF_KEYS: [&str; 4] = ["id", "privateKey", "signsFrom", "retiresAt"];

/// The trusted issuers, and the keys of our own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The identity providers of the tenants' employees.
    pub providers: Vec<Provider>,
    /// The keys that tokens of the widget's clients are signed with.
    pub widget_keys: Vec<WidgetKey>,
    /// The tenants that are served: those with a provider.
    pub tenants: Tenants,
    /// The parts that were skipped.
    pub skipped: Vec<Skipped>,
}

/// The tenants that are served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tenants {
    /// True if there is a provider with unknown tenants: it names them in its tokens without a list
    /// of them, or the error in its settings concerns just that.
    is_any: bool,
    named: BTreeSet<String>,
}

/// A part of the settings that was passed over, and why; it names no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// A provider, by its place: its people cannot sign in.
    Provider(usize, Misconfigured),
    /// A key of the widget.
    WidgetKey(Misconfigured),
    /// A setting that is not known, by its path: a slip of the pen, or a newer version's.
    Setting(String),
}

impl fmt::Display for Skipped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider(place, why) => write!(formatter, "{PROVIDERS}[{place}]: {why}"),
            Self::WidgetKey(why) => why.fmt(formatter),
            Self::Setting(path) => write!(formatter, "{path} is not known"),
        }
    }
}

impl Tenants {
    /// Returns true if a tenant is among them.
    #[must_use]
    pub fn have(&self, tenant: &str) -> bool {
        self.is_any || self.named.contains(tenant)
    }

    /// Adds the tenants of a provider. A provider with an error elsewhere still names its tenants,
    /// so that a typing error does not shut out their clients.
    fn add(&mut self, provider: &Value) {
        let fixed = provider.pointer("/tenant/fixed").and_then(Value::as_str);
        let listed = provider.get("tenants").map(Vec::<String>::deserialize);
        match (fixed, listed) {
            (Some(tenant), _) => _ = self.named.insert(tenant.to_owned()),
            (None, Some(Ok(listed))) => self.named.extend(listed),
            (None, None | Some(Err(_))) => self.is_any = true,
        }
    }
}

impl Settings {
    /// Reads the settings, and checks all that can be checked without asking anybody. An entry that
    /// is wrong is passed over, and stands in [`Settings::skipped`].
    ///
    /// # Errors
    /// [`Misconfigured::NotSettings`]: it is nothing that entries could be read from.
    pub fn parse(json: &str) -> Result<Self, Misconfigured> {
        let whole: Map<String, Value> = serde_json::from_str(json)
            .map_err(|error| Misconfigured::NotSettings(error.to_string()))?;
        let mut settings = Self::default();
        settings.note_unknown("", &whole, &KNOWN);
        for (place, provider) in entries(&whole, PROVIDERS)?.iter().enumerate() {
            settings.tenants.add(provider);
            settings.add_provider(place, provider);
        }
        for (place, key) in entries(&whole, WIDGET_KEYS)?.iter().enumerate() {
            settings.add_key(place, key);
        }
        Ok(settings)
    }

    fn add_provider(&mut self, place: usize, value: &Value) {
        match self.provider(value) {
            Ok(provider) => self.providers.push(provider),
            Err(why) => self.skipped.push(Skipped::Provider(place, why)),
        }
        let path = format!("{PROVIDERS}[{place}].");
        if let Some(provider) = value.as_object() {
            self.note_unknown(&path, provider, &KNOWN_OF_PROVIDERS);
        }
        if let Some(claims) = value.get("claims").and_then(Value::as_object) {
            self.note_unknown(&format!("{path}claims."), claims, &KNOWN_OF_CLAIMS);
        }
    }

    /// Returns a provider, if it can be trusted. For two providers of one name, the first is used:
    /// a token has one key.
    fn provider(&self, value: &Value) -> Result<Provider, Misconfigured> {
        let provider = Provider::deserialize(value)
            .map_err(|error| Misconfigured::NotSettings(error.to_string()))?;
        let addresses = [Some(&provider.issuer), provider.jwks_uri.as_ref()];
        if let Some(open) = addresses.into_iter().flatten().find(|uri| !is_secure(uri)) {
            return Err(Misconfigured::Insecure(open.clone()));
        }
        if self.providers.iter().any(|earlier| earlier.issuer == provider.issuer) {
            return Err(Misconfigured::DuplicateIssuer);
        }
        Jwks::new(provider.clone(), &JwkSet { keys: Vec::new() })?;
        Ok(provider)
    }

    fn add_key(&mut self, place: usize, value: &Value) {
        // The library's own words could have the key in them.
        let unread = |_| Misconfigured::NoWidgetKey(format!("{WIDGET_KEYS}[{place}]"));
        let read = WidgetKey::deserialize(value).map_err(unread).and_then(|key| {
            WidgetKeys::new(std::slice::from_ref(&key))?;
            Ok(key)
        });
        match read {
            Ok(key) => self.widget_keys.push(key),
            Err(why) => self.skipped.push(Skipped::WidgetKey(why)),
        }
        if let Some(key) = value.as_object() {
            self.note_unknown(&format!("{WIDGET_KEYS}[{place}]."), key, &KNOWN_OF_KEYS);
        }
    }

    fn note_unknown(&mut self, path: &str, object: &Map<String, Value>, known: &[&str]) {
        let unknown = object.keys().filter(|name| !known.contains(&name.as_str()));
        self.skipped.extend(unknown.map(|name| Skipped::Setting(format!("{path}{name}"))));
    }

    /// Returns the issuers of these settings, with the keys of each provider that are known.
    pub(super) fn issuers<'a>(
        &self,
        keys: impl Fn(&Provider) -> Option<&'a JwkSet>,
    ) -> Result<Vec<Issuer>, Misconfigured> {
        let none = JwkSet { keys: Vec::new() };
        let issuer = |provider: &Provider| {
            let keys = keys(provider).unwrap_or(&none);
            Jwks::new(provider.clone(), keys).map(Issuer::Jwks)
        };
        self.providers.iter().map(issuer).collect()
    }
}

/// Returns the entries of a list; none where there is no list.
fn entries<'a>(whole: &'a Map<String, Value>, name: &str) -> Result<&'a [Value], Misconfigured> {
    match whole.get(name) {
        None => Ok(&[]),
        Some(Value::Array(entries)) => Ok(entries),
        Some(_) => Err(Misconfigured::NotSettings(format!("{name} is no list"))),
    }
}
