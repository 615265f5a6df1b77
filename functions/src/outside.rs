//! The outside: the queue, the vault and the messengers, for the functions that talk to messengers.

use std::env;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::{Credentials, Region};

use crate::app::{Misconfigured, credentials, region, variable};
use crate::messenger::Messengers;
use crate::queue::Queue;
use crate::vault::Vault;

/// The longest time for a call to the queue or to the key service, retries included.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(5);

/// The addresses of the messengers' services, and ours as they see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Addresses {
    /// Where messengers post, without a slash at the end.
    pub inbound: String,
    /// Telegram's Bot API.
    pub telegram: String,
    /// WhatsApp's Cloud API.
    pub whatsapp: String,
    /// The version of that, such as `v24.0`.
    pub whatsapp_version: String,
}

impl Addresses {
    /// Returns the addresses of the messengers themselves, and ours.
    #[must_use]
    pub fn of(inbound: String) -> Self {
        Self {
            inbound: inbound.trim_end_matches('/').to_owned(),
            telegram: "https://api.telegram.org".to_owned(),
            whatsapp: "https://graph.facebook.com".to_owned(),
            whatsapp_version: "v24.0".to_owned(),
        }
    }
}

/// The outside.
pub struct Outside {
    /// The queue of conversations in which answers are due.
    pub queue: Queue,
    /// The vault of credentials.
    pub vault: Vault,
    /// The client that calls messengers.
    pub messengers: Messengers,
    /// The addresses.
    pub addresses: Addresses,
}

impl Outside {
    /// Builds the outside of a Lambda function. Needs the variables `OUTBOUND_QUEUE`, the URL of the
    /// queue; `CREDENTIALS_KEY`, the key of the key service; and `INBOUND_URL`, the address where
    /// messengers post. Optional are `TELEGRAM_URL`, `WHATSAPP_URL` and `WHATSAPP_VERSION`, and
    /// `QUEUE_ENDPOINT` and `KEYS_ENDPOINT` for other services than the region's.
    ///
    /// # Errors
    /// [`Misconfigured`]: the function must not start.
    pub fn from_environment() -> Result<Arc<Self>, Misconfigured> {
        let (region, signer) = (region()?, credentials()?);
        let mut addresses = Addresses::of(variable("INBOUND_URL")?);
        let set = |name: &'static str, place: &mut String| {
            if let Some(value) = env::var(name).ok().filter(|value| !value.is_empty()) {
                *place = value;
            }
        };
        set("TELEGRAM_URL", &mut addresses.telegram);
        set("WHATSAPP_URL", &mut addresses.whatsapp);
        set("WHATSAPP_VERSION", &mut addresses.whatsapp_version);
        let endpoints = Endpoints {
            queue: variable("QUEUE_ENDPOINT").ok(),
            keys: variable("KEYS_ENDPOINT").ok(),
        };
        let (queue, key) = (variable("OUTBOUND_QUEUE")?, variable("CREDENTIALS_KEY")?);
        let messengers = Messengers::new(false).ok_or(Misconfigured::Missing("TLS"))?;
        Ok(Self::new(region, signer, endpoints, queue, key, messengers, addresses))
    }

    /// Builds the outside from its parts.
    #[must_use]
    pub fn new(
        region: Region,
        signer: Credentials,
        endpoints: Endpoints,
        queue: String,
        key: String,
        messengers: Messengers,
        addresses: Addresses,
    ) -> Arc<Self> {
        Arc::new(Self {
            queue: Queue::new(region.clone(), signer.clone(), endpoints.queue, queue),
            vault: Vault::new(region, signer, endpoints.keys, key),
            messengers,
            addresses,
        })
    }
}

/// The addresses of the queue and of the key service; the region's without one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Endpoints {
    /// The queue's.
    pub queue: Option<String>,
    /// The key service's.
    pub keys: Option<String>,
}
