//! The vault: encrypts the credentials of channels before they are stored, and decrypts them for the
//! functions that call messengers. The key never leaves the key service.
//!
//! The tenant and the channel are the encryption context: what is encrypted for one channel cannot be
//! decrypted as that of another.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use aws_sdk_kms::Client;
use aws_sdk_kms::config::timeout::TimeoutConfig;
use aws_sdk_kms::config::{BehaviorVersion, Config, Credentials as Signer, Region};
use aws_sdk_kms::primitives::Blob;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{ChannelId, TenantId};
use serde::{Deserialize, Serialize};
use store::Fault;

use crate::outside::TIMEOUT;

/// The most credentials that an instance keeps decrypted.
const MOST_KEPT: usize = 1000;

/// The credentials of a channel at its messenger.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Credentials {
    /// Of a bot in Telegram.
    Telegram {
        /// The token of the bot.
        bot_token: String,
    },
    /// Of a phone number in WhatsApp.
    WhatsApp {
        /// The token that allows to send.
        access_token: String,
        /// The secret that signs what the messenger posts.
        app_secret: String,
    },
}

/// Prints no credential.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Telegram { .. } => "Telegram",
            Self::WhatsApp { .. } => "WhatsApp",
        })
    }
}

/// Encrypts and decrypts credentials.
pub struct Vault {
    client: Client,
    key: String,
    /// What was decrypted, by what it was decrypted from: the key service takes its time, and money for
    /// each call.
    opened: Mutex<HashMap<(TenantId, ChannelId, String), Credentials>>,
}

impl Vault {
    /// Returns the vault under a key of the key service at an endpoint; the region's without one.
    #[must_use]
    pub fn new(region: Region, signer: Signer, endpoint: Option<String>, key: String) -> Self {
        let timeouts = TimeoutConfig::builder().operation_timeout(TIMEOUT).build();
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(region)
            .credentials_provider(signer)
            .timeout_config(timeouts);
        config.set_endpoint_url(endpoint);
        Self { client: Client::from_conf(config.build()), key, opened: Mutex::default() }
    }

    /// Encrypts the credentials of a channel.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the key service does not answer, or refuses.
    pub async fn seal(
        &self,
        tenant: &TenantId,
        channel: &ChannelId,
        credentials: &Credentials,
    ) -> Result<String, Fault> {
        let plain = serde_json::to_vec(credentials)
            .map_err(|_| Fault::Corrupt("credentials that cannot be written".to_owned()))?;
        let sealing = self
            .client
            .encrypt()
            .key_id(&self.key)
            .set_encryption_context(Some(context(tenant, channel)))
            .plaintext(Blob::new(plain))
            .send();
        // The error of the SDK may repeat what it was sent.
        let sealed = Box::pin(sealing).await.map_err(|_| unavailable("encrypted"))?;
        let blob = sealed.ciphertext_blob.ok_or_else(|| unavailable("encrypted"))?;
        Ok(STANDARD.encode(blob))
    }

    /// Decrypts the credentials of a channel.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when the key service does not answer, or refuses; [`Fault::Corrupt`] for
    /// what is no credentials of this channel.
    pub async fn open(
        &self,
        tenant: &TenantId,
        channel: &ChannelId,
        sealed: &str,
    ) -> Result<Credentials, Fault> {
        let place = (tenant.clone(), channel.clone(), sealed.to_owned());
        let kept = self.opened.lock().unwrap_or_else(PoisonError::into_inner).get(&place).cloned();
        if let Some(credentials) = kept {
            return Ok(credentials);
        }
        let corrupt = || Fault::Corrupt(format!("the credentials of channel {channel}"));
        let blob = STANDARD.decode(sealed).map_err(|_| corrupt())?;
        let opening = self
            .client
            .decrypt()
            .key_id(&self.key)
            .set_encryption_context(Some(context(tenant, channel)))
            .ciphertext_blob(Blob::new(blob))
            .send();
        let opened = Box::pin(opening).await.map_err(|error| {
            match error.as_service_error().is_some_and(|error| {
                error.is_invalid_ciphertext_exception() || error.is_incorrect_key_exception()
            }) {
                true => corrupt(),
                false => unavailable("decrypted"),
            }
        })?;
        let plain = opened.plaintext.ok_or_else(|| unavailable("decrypted"))?;
        let credentials: Credentials =
            serde_json::from_slice(plain.as_ref()).map_err(|_| corrupt())?;
        let mut kept = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(place, credentials.clone());
        Ok(credentials)
    }
}

fn context(tenant: &TenantId, channel: &ChannelId) -> HashMap<String, String> {
    HashMap::from([
        ("tenant".to_owned(), tenant.to_string()),
        ("channel".to_owned(), channel.to_string()),
    ])
}

fn unavailable(done: &str) -> Fault {
    Fault::Unavailable(format!("credentials could not be {done}"))
}
