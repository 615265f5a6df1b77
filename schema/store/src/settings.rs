//! Settings: writes what administrators change about live chats and channels.
//!
//! The API creates webhook channels only. A live chat comes with one channel for web pages and one for
//! use inside the company, and a second of either would lead nowhere; messengers are not served yet. A
//! repeated key returns the secret of a new channel again, because whoever lost the answer would
//! otherwise have lost the secret.
//!
//! A new secret is accepted at once. The old one stays valid for a day, in which the other system takes
//! over the new one; a further rotation ends it, so that two secrets are valid at most.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::id::fresh;
use domain::live_chat::{TOO_MANY_CHANNELS, TOO_MANY_LIVE_CHATS};
use domain::name::NameTemplate;
use domain::origin::Origin;
use domain::{Channel, ChannelId, ChannelKind, LiveChat, LiveChatId, Refusal};

use crate::live_chat::{CHANNELS, FarEnd, LIVE_CHATS};
use crate::once::{Finished, Once, understood};
use crate::table::{Committed, Expression, Key, Part, Row, Table, key};
use crate::{Failure, Fault, Store, TenantStore};

/// The time for which the secret before stays valid after a rotation, in milliseconds.
const OLD_SECRET_MILLIS: u64 = 24 * 60 * 60 * 1000;

impl TenantStore<'_> {
    /// Creates a live chat, for an administrator, with a channel for the web and an internal one.
    /// Idempotent under its key.
    ///
    /// # Errors
    /// `KeyReused`, `Limit` beyond 500 live chats; a [`Fault`] of the state.
    pub async fn open_live_chat(
        self,
        name: &str,
        once: Option<&Once>,
    ) -> Result<LiveChatId, Failure> {
        let id = self.fresh_id(LiveChatId::parse)?;
        let channel = |kind, name: &str| {
            let id = self.fresh_id(ChannelId::parse)?;
            Ok::<_, Fault>(Channel::new(id, kind, name))
        };
        let live_chat = LiveChat {
            id: id.clone(),
            name: name.to_owned(),
            template: NameTemplate::default(),
            origins: Vec::new(),
            channels: vec![
                channel(ChannelKind::Web, "Web")?,
                channel(ChannelKind::Internal, "Internal")?,
            ],
        };
        let rows = self.live_chat_rows(&live_chat, |_| None);
        match self.commit_once(once, id.as_str(), rows).await? {
            Finished::Done => Ok(id),
            Finished::Repeated(answer) => Ok(understood(&answer, LiveChatId::parse)?),
            Finished::Guarded(failed) => {
                let tallied = failed.iter().find(|(part, _)| *part == Part::Tally);
                match tallied {
                    Some((_, item)) if LIVE_CHATS.is_full(item.as_ref())? => {
                        Err(TOO_MANY_LIVE_CHATS.into())
                    }
                    _ => Err(Fault::Conflict.into()),
                }
            }
        }
    }

    /// Renames a live chat.
    ///
    /// # Errors
    /// `NotFound`; a [`Fault`] of the state.
    pub async fn rename_live_chat(self, id: &LiveChatId, name: &str) -> Result<(), Failure> {
        let both = [key::settings(self.tenant, id), key::tenant_live_chat(self.tenant, id)];
        let rows = both.iter().map(|key| self.set(key, "nm", name)).collect();
        self.commit_settings(rows).await
    }

    /// Sets the template for the names of a live chat's new sessions.
    ///
    /// # Errors
    /// `NotFound`; a [`Fault`] of the state.
    pub async fn set_name_template(
        self,
        id: &LiveChatId,
        template: &NameTemplate,
    ) -> Result<(), Failure> {
        let row = self.set(&key::settings(self.tenant, id), "tp", template.as_str());
        self.commit_settings(vec![row]).await
    }

    /// Sets the origins of pages that may embed the widget of a live chat: any, if the list is
    /// empty.
    ///
    /// # Errors
    /// `NotFound`; a [`Fault`] of the state.
    pub async fn set_origins(self, id: &LiveChatId, origins: &[Origin]) -> Result<(), Failure> {
        let each: Vec<&str> = origins.iter().map(Origin::as_str).collect();
        // Origins contain no white space, so a space can separate them.
        let row = self.set(&key::settings(self.tenant, id), "og", &each.join(" "));
        self.commit_settings(vec![row]).await
    }

    /// Renames, enables or disables a channel; what is not given stays.
    ///
    /// # Errors
    /// `NotFound`; a [`Fault`] of the state.
    pub async fn update_channel(
        self,
        live_chat: &LiveChatId,
        channel: &ChannelId,
        name: Option<&str>,
        is_enabled: Option<bool>,
    ) -> Result<(), Failure> {
        let key = key::channel(self.tenant, live_chat, channel);
        let set = [name.map(|_| "#nm = :nm"), is_enabled.filter(|is| !is).map(|_| "#ds = :one")];
        let set: Vec<_> = set.into_iter().flatten().collect();
        let mut update = String::new();
        if !set.is_empty() {
            update = format!("SET {}", set.join(", "));
        }
        if is_enabled == Some(true) {
            update.push_str(" REMOVE #ds");
        }
        if update.is_empty() {
            return Ok(());
        }
        let mut update = Expression::update(update).when("attribute_exists(pk)");
        if let Some(name) = name {
            update = update.text(":nm", name);
        }
        if is_enabled == Some(false) {
            update = update.number(":one", 1);
        }
        self.commit_settings(vec![Row::update(Table::Core, Part::Other, &key, update)]).await
    }

    /// Adds a webhook channel to a live chat, and returns it with its secret. Idempotent under its
    /// key.
    ///
    /// # Errors
    /// `KeyReused`, `NotFound`, `Limit` beyond 100 channels; a [`Fault`] of the state.
    pub async fn create_webhook(
        self,
        live_chat: &LiveChatId,
        name: &str,
        once: Option<&Once>,
    ) -> Result<(ChannelId, String), Failure> {
        let (id, secret) = (self.fresh_id(ChannelId::parse)?, self.fresh_secret());
        let kind = ChannelKind::Webhook;
        let channel = Channel::new(id.clone(), kind, name);
        let settings = key::settings(self.tenant, live_chat);
        let mut rows = vec![self.one_more(&settings, CHANNELS, true)];
        let secret_of = Some(secret.clone());
        rows.extend(self.channel_rows(live_chat, &channel, secret_of, &FarEnd::default()));
        match self.commit_once(once, &format!("{id} {secret}"), rows).await? {
            Finished::Done => Ok((id, secret)),
            Finished::Repeated(answer) => Ok(understood(&answer, read_webhook)?),
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
}

impl Store {
    /// Replaces the secret of a webhook channel, and returns the new one. The old secret stays valid
    /// for a day.
    ///
    /// # Errors
    /// `NotFound` for a channel without a secret; a [`Fault`] of the state.
    pub async fn rotate_secret(&self, channel: &ChannelId) -> Result<String, Failure> {
        let secret = self.fresh_secret();
        let update = Expression::update("SET ko = k, ku = :until, k = :value")
            .when("attribute_exists(k)")
            .number(":until", self.now().plus_millis(OLD_SECRET_MILLIS).as_millis())
            .text(":value", &secret);
        let row = Row::update(Table::Core, Part::Other, &key::route(channel), update);
        self.commit_settings(vec![row]).await?;
        Ok(secret)
    }

    /// Returns a unique id.
    pub(crate) fn fresh_id<T>(&self, parse: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
        let id = fresh(self.random());
        parse(&id).ok_or_else(|| Fault::Corrupt(format!("the new id {id}")))
    }

    /// Returns a secret of 256 random bits, in the form of Standard Webhooks.
    fn fresh_secret(&self) -> String {
        let bits = [self.random().to_be_bytes(), self.random().to_be_bytes()].concat();
        format!("whsec_{}", STANDARD.encode(bits))
    }

    /// Returns the row that sets one text of an item that exists.
    pub(crate) fn set(&self, key: &Key, name: &str, value: &str) -> Row {
        let update = Expression::update(format!("SET #{name} = :value"));
        let update = update.when("attribute_exists(pk)").text(":value", value);
        Row::update(Table::Core, Part::Other, key, update)
    }

    /// Commits rows of items that exist. The values are absolute, so that the last write wins.
    pub(crate) async fn commit_settings(&self, rows: Vec<Row>) -> Result<(), Failure> {
        match self.commit(|| rows.clone()).await? {
            Committed::Done => Ok(()),
            Committed::Guarded(_) => Err(Refusal::NotFound.into()),
        }
    }
}

/// Reads the stored answer of a webhook channel's creation: its id and its secret.
#[must_use]
pub fn read_webhook(answer: &str) -> Option<(ChannelId, String)> {
    let (id, secret) = answer.split_once(' ')?;
    Some((ChannelId::parse(id)?, secret.to_owned()))
}
