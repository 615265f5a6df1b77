//! The settings and keys of a function: fetches them when they are needed, at most once a minute each.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use metrics::counter;

use super::fetch::Fetcher;
use super::held::{Held, Tried};
use super::misconfigured::Misconfigured;
use super::secret::Secret;
use super::settings::Skipped;
use super::source::Source;
use crate::metric::{PROVIDERS_SKIPPED, SETTINGS_UNREADABLE, WIDGET_KEYS_SKIPPED};

/// The settings and keys. While a source does not answer, the last fetched values stay in use. A new
/// key or issuer needs no restart.
#[derive(Debug)]
pub(super) struct Keyring {
    source: Source,
    /// Made when it is first needed: it reads the machine's certificates.
    fetcher: OnceLock<Option<Fetcher>>,
    held: RwLock<Arc<Held>>,
    /// A lock that the fetching request holds, so that many requests that miss the same key fetch
    /// it once.
    fetching: tokio::sync::Mutex<()>,
}

impl Keyring {
    /// Holds no settings yet, and the shared secret if there is one.
    pub(super) fn new(shared: Option<Secret>, source: Source) -> Result<Self, Misconfigured> {
        Ok(Self {
            source,
            fetcher: OnceLock::new(),
            held: RwLock::new(Arc::new(Held::new(shared)?)),
            fetching: tokio::sync::Mutex::default(),
        })
    }

    /// Returns true if there are settings to read.
    pub(super) const fn has_source(&self) -> bool {
        !matches!(self.source, Source::Nowhere)
    }

    /// Returns the values that are held now.
    pub(super) fn held(&self) -> Arc<Held> {
        // Whatever panicked, what is held is whole: it is only ever replaced.
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn hold(&self, held: Held) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(held);
    }

    /// Reads the settings if those that are held are older than so many seconds.
    pub(super) async fn read_settings(&self, now_seconds: i64, lasts: i64) {
        if !self.has_source() || !self.held().settings_are_due(lasts, now_seconds) {
            return;
        }
        let _fetching = self.fetching.lock().await;
        let held = self.held();
        if !held.settings_are_due(lasts, now_seconds) {
            return;
        }
        let read = self.source.read().await.and_then(|settings| {
            let read = settings.map(|settings| held.with_settings(settings)).transpose();
            read.map_err(|why| why.to_string())
        });
        let tried = Tried { at_seconds: now_seconds, succeeded: read.is_ok() };
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
        self.hold(held.with_tried(tried));
    }

    /// Fetches the keys of a provider if the held ones are older than this number of seconds.
    pub(super) async fn fetch_keys(&self, issuer: &str, now_seconds: i64, lasts: i64) {
        if !self.held().keys_are_due(issuer, lasts, now_seconds) {
            return;
        }
        let _fetching = self.fetching.lock().await;
        let mut held = Held::clone(&self.held());
        let is_due = held.keys_are_due(issuer, lasts, now_seconds);
        let Some(provider) = held.provider(issuer).filter(|_| is_due) else { return };
        let fetched = match self.fetcher.get_or_init(Fetcher::new) {
            Some(fetcher) => fetcher.keys(provider).await,
            None => Err("there is no TLS".to_owned()),
        };
        let tried = Tried { at_seconds: now_seconds, succeeded: fetched.is_ok() };
        let set = fetched.inspect_err(|why| {
            tracing::error!(issuer, %why, "the keys of an issuer cannot be had");
        });
        held.hold_keys(issuer, tried, set.ok());
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
