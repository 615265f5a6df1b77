//! Connections of channels: asks a messenger who a channel is, tells it where to post, and encrypts the
//! credentials.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use graphql::messenger::{
    ChannelSettings, Connected, Connection, Messengers, Unconnected, inbound_path,
};
use store::Fault;
use store::live_chat::FarEnd;
use tokio::time::timeout;

use super::{Call, Outcome, telegram, whatsapp};
use crate::messenger::{Answer, Target, Unanswered};
use crate::outside::Outside;
use crate::vault::Credentials;

/// The argument that has the settings.
const FIELD: &str = "settings";

/// The longest time of a call.
const CALL: Duration = Duration::from_secs(3);

/// Connects channels to their messengers.
pub struct Connector(pub Arc<Outside>);

impl Messengers for Connector {
    fn connect<'a>(
        &'a self,
        connection: Connection<'a>,
        settings: &'a ChannelSettings,
    ) -> BoxFuture<'a, Result<Connected, Unconnected>> {
        self.connected(connection, settings).boxed()
    }

    fn renew<'a>(
        &'a self,
        connection: Connection<'a>,
        far_end: &'a FarEnd,
    ) -> BoxFuture<'a, Result<(), Unconnected>> {
        async move {
            match self.opened(&connection, far_end).await? {
                Some(Credentials::Telegram { bot_token }) => {
                    self.set_webhook(&connection, &bot_token).await
                }
                // WhatsApp is told by the administrator, and a webhook by nobody.
                Some(Credentials::WhatsApp { .. }) | None => Ok(()),
            }
        }
        .boxed()
    }

    fn disconnect<'a>(
        &'a self,
        connection: Connection<'a>,
        far_end: &'a FarEnd,
    ) -> BoxFuture<'a, ()> {
        async move {
            let told = match self.opened(&connection, far_end).await {
                Ok(Some(Credentials::Telegram { bot_token })) => {
                    self.remove_webhook(&connection, &bot_token).await
                }
                opened => opened.map(|_| ()),
            };
            if told.is_err() {
                tracing::warn!(channel = %connection.channel, "a bot may still post here");
            }
        }
        .boxed()
    }
}

impl Connector {
    async fn connected(
        &self,
        connection: Connection<'_>,
        settings: &ChannelSettings,
    ) -> Result<Connected, Unconnected> {
        match settings {
            ChannelSettings::Webhook { reply_url } => {
                if let Some(url) = reply_url {
                    self.0.messengers.check(url).map_err(|reason| invalid(reason.to_owned()))?;
                }
                let far_end = FarEnd { reply_url: reply_url.clone(), ..FarEnd::default() };
                Ok(Connected { address: None, far_end })
            }
            ChannelSettings::Telegram { bot_token } => {
                self.connected_bot(connection, bot_token).await
            }
            ChannelSettings::WhatsApp { phone_number_id, access_token, app_secret } => {
                let credentials = Credentials::WhatsApp {
                    access_token: access_token.clone(),
                    app_secret: app_secret.clone(),
                };
                self.connected_number(connection, phone_number_id, access_token, credentials).await
            }
        }
    }

    async fn connected_bot(
        &self,
        connection: Connection<'_>,
        bot_token: &str,
    ) -> Result<Connected, Unconnected> {
        if !telegram::is_token(bot_token) {
            return Err(invalid("A bot's token is a number, a colon, and letters.".to_owned()));
        }
        let base = &self.0.addresses.telegram;
        let Answer { status, body, .. } = self.call(&telegram::get_me(base, bot_token)).await?;
        let bot = telegram::me(status, &body).map_err(unconnected)?;
        // Encrypted first: a bot that posts to a channel without credentials could not be answered.
        let credentials = Credentials::Telegram { bot_token: bot_token.to_owned() };
        let far_end = FarEnd {
            vendor_id: Some(bot.id),
            sealed: Some(self.sealed(&connection, &credentials).await?),
            ..FarEnd::default()
        };
        self.set_webhook(&connection, bot_token).await?;
        Ok(Connected { address: bot.address, far_end })
    }

    async fn connected_number(
        &self,
        connection: Connection<'_>,
        phone_number_id: &str,
        access_token: &str,
        credentials: Credentials,
    ) -> Result<Connected, Unconnected> {
        if !whatsapp::is_phone_number_id(phone_number_id) {
            return Err(invalid("The id of a phone number has digits only.".to_owned()));
        }
        let is_secret = matches!(&credentials, Credentials::WhatsApp { app_secret, .. }
            if (1..=1000).contains(&app_secret.trim().len()));
        if !whatsapp::is_access_token(access_token) || !is_secret {
            return Err(invalid("The access token or the app's secret is malformed.".to_owned()));
        }
        let (base, version) = (&self.0.addresses.whatsapp, &self.0.addresses.whatsapp_version);
        let asked = whatsapp::get_number(base, version, phone_number_id, access_token);
        let Answer { status, body, .. } = self.call(&asked).await?;
        let address = whatsapp::number(status, &body).map_err(unconnected)?;
        let far_end = FarEnd {
            vendor_id: Some(phone_number_id.to_owned()),
            sealed: Some(self.sealed(&connection, &credentials).await?),
            ..FarEnd::default()
        };
        Ok(Connected { address, far_end })
    }

    /// Tells Telegram where to post, and the secret that its posts carry.
    async fn set_webhook(
        &self,
        connection: &Connection<'_>,
        bot_token: &str,
    ) -> Result<(), Unconnected> {
        let Some(secret) = connection.secret else {
            return Err(Unconnected::Unavailable("The channel has no secret.".to_owned()));
        };
        let (base, url) = (&self.0.addresses.telegram, self.inbound_url(connection));
        let call = telegram::set_webhook(base, bot_token, &url, secret);
        let Answer { status, body, .. } = self.call(&call).await?;
        telegram::done(status, &body).map_err(unconnected)
    }

    /// Tells Telegram to post no more, unless the bot posts to another channel by now.
    async fn remove_webhook(
        &self,
        connection: &Connection<'_>,
        bot_token: &str,
    ) -> Result<(), Unconnected> {
        let base = &self.0.addresses.telegram;
        let asked = telegram::get_webhook_info(base, bot_token);
        let Answer { status, body, .. } = self.call(&asked).await?;
        let url = telegram::webhook_url(status, &body).map_err(unconnected)?;
        if url != self.inbound_url(connection) {
            return Ok(());
        }
        let Answer { status, body, .. } =
            self.call(&telegram::delete_webhook(base, bot_token)).await?;
        telegram::done(status, &body).map_err(unconnected)
    }

    /// Returns the address where the messenger posts about a channel.
    fn inbound_url(&self, connection: &Connection<'_>) -> String {
        let path = inbound_path(connection.kind, connection.channel).unwrap_or_default();
        format!("{}{path}", self.0.addresses.inbound)
    }

    async fn call(&self, call: &Call) -> Result<Answer, Unconnected> {
        // An administrator waits, and several calls have to fit into the time of a request.
        let answered = timeout(CALL, self.0.messengers.call(call, Target::Vendor)).await;
        let answered = answered.unwrap_or(Err(Unanswered::TimedOut));
        answered.map_err(|reason| Unconnected::Unavailable(reason.to_string()))
    }

    async fn sealed(
        &self,
        connection: &Connection<'_>,
        credentials: &Credentials,
    ) -> Result<String, Unconnected> {
        let sealed = self.0.vault.seal(connection.tenant, connection.channel, credentials).await;
        sealed.map_err(unavailable)
    }

    async fn opened(
        &self,
        connection: &Connection<'_>,
        far_end: &FarEnd,
    ) -> Result<Option<Credentials>, Unconnected> {
        let Some(sealed) = &far_end.sealed else { return Ok(None) };
        let opened = self.0.vault.open(connection.tenant, connection.channel, sealed).await;
        opened.map(Some).map_err(unavailable)
    }
}

fn invalid(message: String) -> Unconnected {
    Unconnected::Invalid { field: FIELD, message }
}

fn unavailable(fault: Fault) -> Unconnected {
    tracing::error!(%fault, "the vault is not reached");
    Unconnected::Unavailable("The credentials cannot be reached now.".to_owned())
}

/// Returns what an administrator learns of a messenger's refusal: its own words.
fn unconnected(outcome: Outcome) -> Unconnected {
    match outcome {
        Outcome::Retry { message, .. } => Unconnected::Unavailable(message),
        Outcome::Failed { message, .. }
        | Outcome::Unauthorized { message }
        | Outcome::ChannelGone { message } => invalid(message),
        Outcome::Sent { .. } => Unconnected::Unavailable("The answer is unreadable.".to_owned()),
    }
}
