//! The settings and keys that a function holds at a moment.

use std::collections::HashMap;

use jsonwebtoken::jwk::JwkSet;

use super::jwks::Provider;
use super::misconfigured::Misconfigured;
use super::secret::Secret;
use super::settings::Settings;
use super::unverified::Unverified;
use super::verifier::{Issuer, Verifier};
use super::widget::WidgetKeys;

/// The pause before settings or keys are fetched again, whatever the last answer was.
pub(super) const PAUSE_SECONDS: i64 = 60;
/// The pause while there are no settings at all, and every caller is refused.
const FIRST_PAUSE_SECONDS: i64 = 2;

/// The values that are held at a moment.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) settings: Settings,
    /// True if the settings were read at least once.
    pub(super) is_read: bool,
    pub(super) verifier: Verifier,
    pub(super) widget: WidgetKeys,
    shared: Option<Secret>,
    tried_settings: Option<Tried>,
    keys: HashMap<String, Fetched>,
}

/// The keys of a provider.
#[derive(Clone, Debug, Default)]
struct Fetched {
    tried: Option<Tried>,
    set: Option<JwkSet>,
}

/// The last attempt at fetching something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tried {
    pub(super) at_seconds: i64,
    pub(super) succeeded: bool,
}

impl Tried {
    /// Returns true if it is time to fetch (again) a value that is valid for `lasts`.
    fn is_due(tried: Option<Self>, lasts: i64, pause: i64, now_seconds: i64) -> bool {
        tried.is_none_or(|Self { at_seconds, succeeded }| {
            let wait = if succeeded { lasts } else { pause };
            // An attempt that is much later than now was made before the clock stepped back. An
            // attempt that is a little later was not: many requests come at once, and each looked
            // at the clock before it waited for the others.
            now_seconds >= at_seconds.saturating_add(wait)
                || at_seconds > now_seconds.saturating_add(wait.min(PAUSE_SECONDS))
        })
    }
}

impl Held {
    /// Holds no settings yet, and the shared secret if there is one.
    pub(super) fn new(shared: Option<Secret>) -> Result<Self, Misconfigured> {
        let issuers = shared.iter().cloned().map(Issuer::Secret).collect();
        Ok(Self {
            settings: Settings::default(),
            is_read: false,
            verifier: Verifier::new(issuers)?,
            widget: WidgetKeys::default(),
            shared,
            tried_settings: None,
            keys: HashMap::new(),
        })
    }

    /// Returns true if it is time to read settings that are used for `lasts`.
    pub(super) fn settings_are_due(&self, lasts: i64, now_seconds: i64) -> bool {
        let has_none = self.settings == Settings::default();
        let pause = if has_none { FIRST_PAUSE_SECONDS } else { PAUSE_SECONDS };
        Tried::is_due(self.tried_settings, lasts, pause, now_seconds)
    }

    /// Returns true if it is time to fetch keys of a provider that are used for `lasts`.
    pub(super) fn keys_are_due(&self, issuer: &str, lasts: i64, now_seconds: i64) -> bool {
        let tried = self.keys.get(issuer).and_then(|fetched| fetched.tried);
        Tried::is_due(tried, lasts, PAUSE_SECONDS, now_seconds)
    }

    /// Returns true if what would clear up this error could not be fetched lately.
    pub(super) fn lacks_what_clears_up(&self, unverified: &Unverified) -> bool {
        let tried = match unverified {
            Unverified::UnknownKey { issuer } => match self.keys.get(issuer) {
                Some(fetched) => fetched.tried,
                None => self.tried_settings,
            },
            Unverified::UnknownIssuer => self.tried_settings,
            _ => None,
        };
        matches!(tried, Some(Tried { succeeded: false, .. }))
    }

    /// Returns the provider of an issuer.
    pub(super) fn provider(&self, issuer: &str) -> Option<&Provider> {
        provider(&self.settings, issuer)
    }

    /// Returns the same values after an attempt at reading the settings.
    pub(super) fn with_tried(self, tried: Tried) -> Self {
        Self { tried_settings: Some(tried), ..self }
    }

    /// Returns the held values after a change of settings. The keys of providers that are still
    /// listed stay valid.
    pub(super) fn with_settings(&self, settings: Settings) -> Result<Self, Misconfigured> {
        let is_kept = |issuer: &String| match (provider(&settings, issuer), self.provider(issuer)) {
            (Some(new), Some(old)) => old.jwks_uri == new.jwks_uri,
            _ => false,
        };
        let mut keys = self.keys.clone();
        keys.retain(|issuer, _| is_kept(issuer));
        let widget = WidgetKeys::new(&settings.widget_keys)?;
        let issuers = settings.issuers(|provider| keys.get(&provider.issuer)?.set.as_ref())?;
        let shared = self.shared.iter().cloned().map(Issuer::Secret);
        let ours = shared.chain([Issuer::Widget(widget.clone())]);
        let verifier = Verifier::new(ours.chain(issuers).collect())?;
        Ok(Self { settings, is_read: true, verifier, widget, keys, ..self.clone() })
    }

    /// Holds the keys of a provider after an attempt at fetching them.
    pub(super) fn hold_keys(&mut self, issuer: &str, tried: Tried, set: Option<JwkSet>) {
        let entry = self.keys.entry(issuer.to_owned()).or_default();
        entry.tried = Some(tried);
        if let Some(set) = set {
            self.verifier.replace_keys(issuer, &set);
            entry.set = Some(set);
        }
    }
}

fn provider<'a>(settings: &'a Settings, issuer: &str) -> Option<&'a Provider> {
    settings.providers.iter().find(|one| one.issuer == issuer)
}
