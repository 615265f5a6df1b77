//! The identity that a function holds: verifies and signs with the settings and keys that it has, and
//! fetches those that it needs.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use jsonwebtoken::jwk::JwkSet;
use metrics::counter;

use super::fetch::Fetcher;
use super::{
    Claims, Issuer, Misconfigured, Secret, Settings, Signer, Skipped, Source, Subject, Unverified,
    Verifier, WidgetKeys, bearer,
};
use crate::observe::{PROVIDERS_SKIPPED, SETTINGS_UNREADABLE, WIDGET_KEYS_SKIPPED};

/// The time for which the settings are used after a reading, in seconds.
const SETTINGS_SECONDS: i64 = 5 * 60;
/// The time for which the fetched keys of a provider are valid. A key that the provider withdrew is
/// refused after that.
const KEYS_SECONDS: i64 = 60 * 60;
/// The pause before settings or keys are fetched again, whatever the last answer was.
const PAUSE_SECONDS: i64 = 60;
/// The pause while there are no settings at all, and every caller is refused.
const FIRST_PAUSE_SECONDS: i64 = 2;

/// The `iss` of the tokens that are signed with a shared secret, on one machine.
const OURS: &str = "chatdesk";

/// The issuers whose tokens are accepted, and the keys that sign ours.
///
/// Settings and keys are fetched when they are needed, at most once a minute each. While a source
/// does not answer, the last fetched values stay in use. A new key or issuer needs no restart.
#[derive(Debug)]
pub struct Identity {
    source: Source,
    /// Made when it is first needed: it reads the machine's certificates.
    fetcher: OnceLock<Option<Fetcher>>,
    shared: Option<(Secret, Signer)>,
    /// The tenants that are served whatever the settings say.
    always: &'static [&'static str],
    held: RwLock<Arc<Held>>,
    /// A lock that the fetching request holds, so that many requests that miss the same key fetch
    /// it once.
    fetching: tokio::sync::Mutex<()>,
}

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

/// The values that are held at a moment.
#[derive(Clone, Debug)]
struct Held {
    settings: Settings,
    /// True if the settings were read at least once.
    is_read: bool,
    tried_settings: Option<Tried>,
    keys: HashMap<String, Fetched>,
    verifier: Verifier,
    widget: WidgetKeys,
}

#[derive(Clone, Debug, Default)]
struct Fetched {
    tried: Option<Tried>,
    set: Option<JwkSet>,
}

#[derive(Clone, Copy, Debug)]
struct Tried {
    at_seconds: i64,
    succeeded: bool,
}

/// Returns true if it is time to fetch (again) a value that is valid for `lasts`.
fn is_due(tried: Option<Tried>, lasts: i64, pause: i64, now_seconds: i64) -> bool {
    tried.is_none_or(|Tried { at_seconds, succeeded }| {
        let wait = if succeeded { lasts } else { pause };
        // What was tried later than now was tried by a clock that has stepped back since. A little
        // later: many ask at once, and each looked at the clock before it waited for the others.
        now_seconds >= at_seconds.saturating_add(wait)
            || at_seconds > now_seconds.saturating_add(wait.min(PAUSE_SECONDS))
    })
}

impl Identity {
    /// Builds an identity that accepts no token: for functions that have no callers.
    ///
    /// # Errors
    /// None that can occur without an issuer.
    pub fn nobody() -> Result<Self, Misconfigured> {
        Self::new(None, Source::Nowhere)
    }

    /// Builds an identity that accepts our own tokens only, of employees and of clients, with one
    /// secret of at least 32 bytes.
    ///
    /// # Errors
    /// [`Misconfigured::WeakSecret`].
    pub fn with_secret(secret: &[u8]) -> Result<Self, Misconfigured> {
        Self::new(Some(secret), Source::Nowhere)
    }

    /// Builds an identity with settings that are read when they are needed, and our own issuer
    /// beside them, when there is a shared secret of at least 32 bytes.
    ///
    /// # Errors
    /// [`Misconfigured::WeakSecret`].
    pub fn new(shared: Option<&[u8]>, source: Source) -> Result<Self, Misconfigured> {
        let shared = shared.map(|secret| {
            Ok::<_, Misconfigured>((Secret::new(OURS, secret)?, Signer::new(OURS, secret)?))
        });
        let shared = shared.transpose()?;
        let issuers = shared.iter().map(|(secret, _)| Issuer::Secret(secret.clone())).collect();
        let held = Held {
            settings: Settings::default(),
            is_read: false,
            tried_settings: None,
            keys: HashMap::new(),
            verifier: Verifier::new(issuers)?,
            widget: WidgetKeys::default(),
        };
        Ok(Self {
            source,
            fetcher: OnceLock::new(),
            shared,
            always: &[],
            held: RwLock::new(Arc::new(held)),
            fetching: tokio::sync::Mutex::default(),
        })
    }

    /// Returns the same identity, where these tenants are served whatever the settings say.
    #[must_use]
    pub fn serving(self, always: &'static [&'static str]) -> Self {
        Self { always, ..self }
    }

    /// Checks that a tenant is served, which means that the settings have a provider for it.
    /// Messages from clients of other tenants are refused.
    ///
    /// # Errors
    /// [`Unverified::TenantIsOff`]; [`Unidentified::Unavailable`] while the settings were never
    /// read.
    pub async fn serves(&self, tenant: &str, now_seconds: i64) -> Result<(), Unidentified> {
        self.read_settings(now_seconds, SETTINGS_SECONDS).await;
        self.serves_now(tenant)
    }

    fn serves_now(&self, tenant: &str) -> Result<(), Unidentified> {
        if matches!(self.source, Source::Nowhere) || self.always.contains(&tenant) {
            return Ok(());
        }
        let held = self.held();
        match (held.is_read, held.settings.tenants.have(tenant)) {
            (_, true) => Ok(()),
            (true, false) => Err(Unverified::TenantIsOff.into()),
            (false, false) => Err(Unidentified::Unavailable),
        }
    }

    /// Returns the claims of the token in an `Authorization` header, or in `authorization` of
    /// `connection_init`.
    ///
    /// # Errors
    /// [`Unidentified`].
    pub async fn authenticate(
        &self,
        authorization: Option<&str>,
        now_seconds: i64,
    ) -> Result<Claims, Unidentified> {
        let authorization = authorization.ok_or(Unverified::Missing)?;
        let token = bearer(authorization).ok_or(Unverified::Malformed)?;
        let claims = self.verified(token, now_seconds, Verifier::verify).await?;
        self.of_served(claims)
    }

    /// Returns the claims of a token that may have expired.
    ///
    /// # Errors
    /// [`Unidentified`].
    pub async fn holder(&self, token: &str, now_seconds: i64) -> Result<Claims, Unidentified> {
        let claims = self.verified(token, now_seconds, Verifier::verify_even_expired).await?;
        self.of_served(claims)
    }

    /// Returns the claims, unless they are of a client of a tenant that is not served.
    fn of_served(&self, claims: Claims) -> Result<Claims, Unidentified> {
        if let Subject::Client(_) = claims.subject {
            self.serves_now(&claims.tenant)?;
        }
        Ok(claims)
    }

    /// Checks a ticket for a socket.
    ///
    /// # Errors
    /// [`Unidentified`].
    pub async fn admit(&self, ticket: Option<&str>, now_seconds: i64) -> Result<(), Unidentified> {
        let ticket = ticket.ok_or(Unverified::Missing)?;
        self.verified(ticket, now_seconds, Verifier::verify_ticket).await
    }

    /// Returns the signer for the tokens of the widget's clients, or `None` when no key signs now.
    pub async fn client_signer(&self, now_seconds: i64) -> Option<Signer> {
        self.read_settings(now_seconds, SETTINGS_SECONDS).await;
        let widget = self.held().widget.signer(now_seconds);
        widget.or_else(|| self.signer().cloned())
    }

    /// Returns the signer with the shared secret, on one machine.
    #[must_use]
    pub fn signer(&self) -> Option<&Signer> {
        self.shared.as_ref().map(|(_, signer)| signer)
    }

    /// Reads the settings before the first request. A failure is reported when a request needs
    /// them.
    pub async fn warm(&self, now_seconds: i64) {
        self.read_settings(now_seconds, SETTINGS_SECONDS).await;
    }

    async fn verified<T>(
        &self,
        token: &str,
        now_seconds: i64,
        verify: fn(&Verifier, &str, i64) -> Result<T, Unverified>,
    ) -> Result<T, Unidentified> {
        self.read_settings(now_seconds, SETTINGS_SECONDS).await;
        let held = self.held();
        if let Some(issuer) = held.verifier.claimed_issuer(token) {
            self.fetch_keys(issuer, now_seconds, KEYS_SECONDS).await;
        }
        let mut verified = verify(&self.held().verifier, token, now_seconds);
        // What is not known may be new: neither the settings nor the keys are asked for twice a minute.
        match &verified {
            Err(Unverified::UnknownKey { issuer }) => {
                self.read_settings(now_seconds, PAUSE_SECONDS).await;
                self.fetch_keys(issuer, now_seconds, PAUSE_SECONDS).await;
                verified = verify(&self.held().verifier, token, now_seconds);
            }
            Err(Unverified::UnknownIssuer) => {
                self.read_settings(now_seconds, PAUSE_SECONDS).await;
                if let Some(issuer) = self.held().verifier.claimed_issuer(token) {
                    self.fetch_keys(issuer, now_seconds, KEYS_SECONDS).await;
                    verified = verify(&self.held().verifier, token, now_seconds);
                }
            }
            _ => {}
        }
        verified.map_err(|unverified| {
            let tried = match &unverified {
                Unverified::UnknownKey { issuer } => match self.held().keys.get(issuer) {
                    Some(fetched) => fetched.tried,
                    None => self.held().tried_settings,
                },
                Unverified::UnknownIssuer => self.held().tried_settings,
                _ => None,
            };
            match tried {
                Some(Tried { succeeded: false, .. }) => Unidentified::Unavailable,
                _ => unverified.into(),
            }
        })
    }

    fn held(&self) -> Arc<Held> {
        // Whatever panicked, what is held is whole: it is only ever replaced.
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn hold(&self, held: Held) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(held);
    }

    /// Reads the settings if those that are held are older than so many seconds.
    async fn read_settings(&self, now_seconds: i64, lasts: i64) {
        let is_due = |held: &Held| {
            let has_none = held.settings == Settings::default();
            let pause = if has_none { FIRST_PAUSE_SECONDS } else { PAUSE_SECONDS };
            is_due(held.tried_settings, lasts, pause, now_seconds)
        };
        if matches!(self.source, Source::Nowhere) || !is_due(&self.held()) {
            return;
        }
        let _fetching = self.fetching.lock().await;
        let held = self.held();
        if !is_due(&held) {
            return;
        }
        let read = self.source.read().await.and_then(|settings| {
            settings.map(|settings| self.with_settings(&held, settings)).transpose()
        });
        let tried = Some(Tried { at_seconds: now_seconds, succeeded: read.is_ok() });
        let held = match read {
            Ok(Some(read)) => {
                tell_skipped(&read.settings.skipped);
                read
            }
            Ok(None) => Held::clone(&held),
            Err(why) => {
                counter!(SETTINGS_UNREADABLE).increment(1);
                tracing::error!(%why, "the settings of the issuers cannot be read");
                Held::clone(&held)
            }
        };
        self.hold(Held { tried_settings: tried, ..held });
    }

    /// Returns the held values after a change of settings. The keys of providers that are still
    /// listed stay valid.
    fn with_settings(&self, held: &Held, settings: Settings) -> Result<Held, String> {
        let is_kept = |issuer: &String| {
            let of = |settings: &Settings| {
                settings.providers.iter().find(|one| one.issuer == *issuer).cloned()
            };
            of(&settings).is_some_and(|new| {
                of(&held.settings).is_some_and(|old| old.jwks_uri == new.jwks_uri)
            })
        };
        let mut keys = held.keys.clone();
        keys.retain(|issuer, _| is_kept(issuer));
        let widget = WidgetKeys::new(&settings.widget_keys).map_err(|why| why.to_string())?;
        let issuers = settings
            .issuers(|provider| keys.get(&provider.issuer)?.set.as_ref())
            .map_err(|why| why.to_string())?;
        let shared = self.shared.iter().map(|(secret, _)| Issuer::Secret(secret.clone()));
        let ours = shared.chain([Issuer::Widget(widget.clone())]);
        let verifier =
            Verifier::new(ours.chain(issuers).collect()).map_err(|why| why.to_string())?;
        let tried_settings = held.tried_settings;
        Ok(Held { settings, is_read: true, keys, verifier, widget, tried_settings })
    }

    /// Fetches the keys of a provider if the held ones are older than this number of seconds.
    async fn fetch_keys(&self, issuer: &str, now_seconds: i64, lasts: i64) {
        let is_due = |held: &Held| {
            let tried = held.keys.get(issuer).and_then(|fetched| fetched.tried);
            is_due(tried, lasts, PAUSE_SECONDS, now_seconds)
        };
        if !is_due(&self.held()) {
            return;
        }
        let _fetching = self.fetching.lock().await;
        let mut held = Held::clone(&self.held());
        let provider = held.settings.providers.iter().find(|one| one.issuer == issuer);
        let (Some(provider), true) = (provider, is_due(&held)) else { return };
        let fetched = match self.fetcher.get_or_init(Fetcher::new) {
            Some(fetcher) => fetcher.keys(provider).await,
            None => Err("there is no TLS".to_owned()),
        };
        let entry = held.keys.entry(issuer.to_owned()).or_default();
        entry.tried = Some(Tried { at_seconds: now_seconds, succeeded: fetched.is_ok() });
        match fetched {
            Ok(set) => {
                held.verifier.replace_keys(issuer, &set);
                entry.set = Some(set);
            }
            Err(why) => tracing::error!(issuer, %why, "the keys of an issuer cannot be had"),
        }
        self.hold(held);
    }
}

/// Logs the parts of the settings that were skipped, at every reading, so that an alarm lasts as
/// long as the error.
fn tell_skipped(skipped: &[Skipped]) {
    for skipped in skipped {
        match skipped {
            Skipped::Provider(..) => {
                counter!(PROVIDERS_SKIPPED).increment(1);
                tracing::error!(why = %skipped, "a provider is passed over");
            }
            Skipped::WidgetKey(_) => {
                counter!(WIDGET_KEYS_SKIPPED).increment(1);
                tracing::error!(why = %skipped, "a key of the widget is passed over");
            }
            Skipped::Setting(_) => tracing::warn!(why = %skipped, "a setting is passed over"),
        }
    }
}
