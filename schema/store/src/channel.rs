//! Channels: creates them, and replaces their secrets.
//!
//! A repeated key returns the secret of a new channel again, because whoever lost the answer would
//! otherwise have lost the secret.
//!
//! A new secret is accepted at once. The old one stays valid for a day, in which the other system
//! takes over the new one; a further rotation ends it, so that two secrets are valid at most.
//!
//! Some messengers are told their secret and nobody is shown it. Until they are known to have it,
//! the old one stays valid, and a further rotation makes no other: whichever of the two the
//! messenger has, its requests are accepted.

mod change;
mod problem;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::live_chat::TOO_MANY_CHANNELS;
use domain::{Channel, ChannelId, ChannelKind, LiveChatId, Refusal};

pub use change::{ChannelChange, Reconnected};

use crate::live_chat::{CHANNELS, FarEnd, Route};
use crate::once::{Finished, Once, understood};
use crate::record::company;
use crate::table::{Committed, Expression, Part, Row, Table, decode, key};
use crate::{Failure, Fault, Store, TenantStore};

/// The time for which the secret before stays valid after a rotation, in milliseconds.
const OLD_SECRET_MILLIS: u64 = 24 * 60 * 60 * 1000;

/// A channel to create.
#[derive(Clone)]
pub struct NewChannel {
    /// Its id.
    pub id: ChannelId,
    /// Its kind.
    pub kind: ChannelKind,
    /// Its name.
    pub name: String,
    /// The secret that the requests to it carry or are signed with.
    pub secret: String,
    /// The address that clients write to, as they know it.
    pub address: Option<String>,
    /// The other end.
    pub far_end: FarEnd,
}

/// A channel that was created, now or under the same key before.
#[derive(Clone, PartialEq, Eq)]
pub struct Created {
    /// Its id.
    pub id: ChannelId,
    /// Its secret, for a kind whose secret is shown.
    pub secret: Option<String>,
}

impl TenantStore<'_> {
    /// Adds a channel to a live chat. Idempotent under its key: the result has another id than
    /// `new` if the same key created another channel before.
    ///
    /// # Errors
    /// `KeyReused`, `NotFound`, `Limit` beyond 100 channels; a [`Fault`] of the state.
    pub async fn create_channel(
        self,
        live_chat: &LiveChatId,
        new: &NewChannel,
        once: Option<&Once>,
    ) -> Result<Created, Failure> {
        let NewChannel { id, kind, name, secret, address, far_end } = new;
        let channel = Channel {
            address: address.clone(),
            has_way_out: far_end.is_known(),
            ..Channel::new(id.clone(), *kind, name)
        };
        let shown = kind.shows_secret().then(|| secret.clone());
        let answer = match &shown {
            Some(secret) => format!("{id} {secret}"),
            None => id.to_string(),
        };
        let mut rows = vec![self.one_more(&key::settings(self.tenant, live_chat), CHANNELS, true)];
        rows.extend(self.channel_rows(live_chat, &channel, Some(secret.clone()), far_end));
        match self.commit_once(once, &answer, rows).await? {
            Finished::Done => Ok(Created { id: id.clone(), secret: shown }),
            Finished::Repeated(answer) => Ok(understood(&answer, read_created)?),
            Finished::Guarded(failed) => {
                match failed.iter().find(|(part, _)| *part == Part::Tally) {
                    Some((_, None)) => Err(Refusal::NotFound.into()),
                    Some((_, item)) if CHANNELS.is_full(item.as_ref())? => {
                        Err(TOO_MANY_CHANNELS.into())
                    }
                    _ => Err(Fault::Conflict.into()),
                }
            }
        }
    }

    /// Adds a webhook channel without a way out to a live chat, and returns it with its secret.
    /// Idempotent under its key.
    ///
    /// # Errors
    /// As [`TenantStore::create_channel`] has them.
    pub async fn create_webhook(
        self,
        live_chat: &LiveChatId,
        name: &str,
        once: Option<&Once>,
    ) -> Result<(ChannelId, String), Failure> {
        let new = self.new_channel(ChannelKind::Webhook, name)?;
        let Created { id, secret } = self.create_channel(live_chat, &new, once).await?;
        Ok((id, secret.unwrap_or_default()))
    }
}

impl Store {
    /// Returns a channel to create, with a fresh id and a fresh secret, and without another end.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub fn new_channel(&self, kind: ChannelKind, name: &str) -> Result<NewChannel, Fault> {
        Ok(NewChannel {
            id: self.fresh_id(ChannelId::parse)?,
            kind,
            name: name.to_owned(),
            secret: self.fresh_secret(kind),
            address: None,
            far_end: FarEnd::default(),
        })
    }

    /// Replaces the secret of a channel of this kind, and returns the new one. The old secret stays
    /// valid for a day. If nobody is shown the secret, it returns the same one again, and the old
    /// one stays valid, until [`Store::confirm_secret`].
    ///
    /// # Errors
    /// `NotFound` for a channel without a secret; a [`Fault`] of the state.
    pub async fn rotate_secret(
        &self,
        channel: &ChannelId,
        kind: ChannelKind,
    ) -> Result<String, Failure> {
        let secret = self.fresh_secret(kind);
        let change = "SET ko = k, ku = :until, k = :value";
        let update = if kind.shows_secret() {
            Expression::update(change).when("attribute_exists(k)")
        } else {
            Expression::update(format!("{change}, kp = :one"))
                .when("attribute_exists(k) AND attribute_not_exists(kp)")
                .number(":one", 1)
        };
        let update = update
            .number(":until", self.now().plus_millis(OLD_SECRET_MILLIS).as_millis())
            .text(":value", &secret);
        let row = Row::update(Table::Core, Part::Other, &key::route(channel), update);
        let Committed::Guarded(failed) = self.commit(|| vec![row.clone()]).await? else {
            return Ok(secret);
        };
        let item = failed.into_iter().find_map(|(_, item)| item).ok_or(Refusal::NotFound)?;
        let company::Route { secret, untold, .. } = decode(&item)?;
        Ok(secret.filter(|_| untold.is_some()).ok_or(Refusal::NotFound)?)
    }

    /// Notes that the messenger was told a route as it was read. Returns false if the channel has
    /// another secret or another end by now, which it must be told then.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn confirm_secret(&self, told: &Route) -> Result<bool, Fault> {
        let update = change::guarded(Expression::update("REMOVE kp"), told);
        let row = Row::update(Table::Core, Part::Other, &key::route(&told.channel), update);
        Ok(matches!(self.commit(|| vec![row.clone()]).await?, Committed::Done))
    }

    /// Returns a secret of 256 random bits: of a webhook in the form of Standard Webhooks, of
    /// others 43 characters of A-Z, a-z, 0-9, `_` and `-`, as messengers take it.
    fn fresh_secret(&self, kind: ChannelKind) -> String {
        let bits = [self.random().to_be_bytes(), self.random().to_be_bytes()].concat();
        match kind {
            ChannelKind::Webhook => format!("whsec_{}", STANDARD.encode(bits)),
            _ => URL_SAFE_NO_PAD.encode(bits),
        }
    }
}

/// Reads the stored answer of a channel's creation.
#[must_use]
pub fn read_created(answer: &str) -> Option<Created> {
    let (id, secret) = match answer.split_once(' ') {
        Some((id, secret)) => (id, Some(secret.to_owned())),
        None => (answer, None),
    };
    Some(Created { id: ChannelId::parse(id)?, secret })
}
