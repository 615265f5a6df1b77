//! The way to messengers: a port, which the service of administrators implements.
//!
//! Only what talks to messengers keeps their credentials: this crate passes them on as they were
//! given, and gets them back encrypted.

use std::fmt;

use domain::{ChannelId, ChannelKind, LiveChatId, TenantId};
use futures::FutureExt as _;
use futures::future::{BoxFuture, ready};
use store::live_chat::FarEnd;

/// A channel, as a messenger is told of it.
#[derive(Clone, Copy)]
pub struct Connection<'a> {
    /// The tenant.
    pub tenant: &'a TenantId,
    /// The live chat.
    pub live_chat: &'a LiveChatId,
    /// The channel.
    pub channel: &'a ChannelId,
    /// The channel's kind.
    pub kind: ChannelKind,
    /// The secret that the messenger's requests carry, or that it verifies the channel with.
    pub secret: Option<&'a str>,
}

/// The settings of a channel, as an administrator gives them. Its debug text has no credential.
#[derive(Clone, PartialEq, Eq)]
pub enum ChannelSettings {
    /// Of a webhook.
    Webhook {
        /// The URL that answers are posted to; none: answers have no way out.
        reply_url: Option<String>,
    },
    /// Of a Telegram bot.
    Telegram {
        /// The token of the bot.
        bot_token: String,
    },
    /// Of a phone number of WhatsApp.
    WhatsApp {
        /// The id of the phone number.
        phone_number_id: String,
        /// The token that answers are sent with.
        access_token: String,
        /// The secret that incoming requests are signed with.
        app_secret: String,
    },
}

/// What a messenger said about a channel.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Connected {
    /// The address that clients write to, as they know it; none where there is none.
    pub address: Option<String>,
    /// The other end, with the credentials encrypted.
    pub far_end: FarEnd,
}

/// The reason why a messenger could not be told. No text contains a credential.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unconnected {
    /// The settings are wrong, or the messenger does not take them.
    Invalid {
        /// The setting, as the API names it.
        field: &'static str,
        /// The problem with it, in English, in the words of the messenger where it has some.
        message: String,
    },
    /// The messenger cannot be reached: the same may succeed later. With the reason, in English.
    Unavailable(String),
}

/// The messengers that channels can be connected to.
pub trait Messengers: Send + Sync {
    /// Checks the settings, asks the messenger who the channel is, tells it where to post, and
    /// encrypts the credentials. It may be called again for the same channel. Settings that name
    /// no other end are not passed here.
    fn connect<'a>(
        &'a self,
        connection: Connection<'a>,
        settings: &'a ChannelSettings,
    ) -> BoxFuture<'a, Result<Connected, Unconnected>>;

    /// Tells the messenger the secret and where to post, with the credentials that are stored.
    fn renew<'a>(
        &'a self,
        connection: Connection<'a>,
        far_end: &'a FarEnd,
    ) -> BoxFuture<'a, Result<(), Unconnected>>;

    /// Tells the messenger to post no more to this channel. Best effort: a messenger that cannot be
    /// reached, or posts to another channel by now, is left as it is.
    fn disconnect<'a>(
        &'a self,
        connection: Connection<'a>,
        far_end: &'a FarEnd,
    ) -> BoxFuture<'a, ()>;
}

/// No messengers: for services that change no channels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unreachable;

impl Unreachable {
    fn why() -> Unconnected {
        Unconnected::Unavailable("No messenger can be reached from here.".to_owned())
    }
}

impl Messengers for Unreachable {
    fn connect<'a>(
        &'a self,
        _: Connection<'a>,
        _: &'a ChannelSettings,
    ) -> BoxFuture<'a, Result<Connected, Unconnected>> {
        ready(Err(Self::why())).boxed()
    }

    fn renew<'a>(
        &'a self,
        _: Connection<'a>,
        _: &'a FarEnd,
    ) -> BoxFuture<'a, Result<(), Unconnected>> {
        ready(Err(Self::why())).boxed()
    }

    fn disconnect<'a>(&'a self, _: Connection<'a>, _: &'a FarEnd) -> BoxFuture<'a, ()> {
        ready(()).boxed()
    }
}

/// Returns the path that the other system posts to; none for a kind that it does not post to.
#[must_use]
pub fn inbound_path(kind: ChannelKind, channel: &ChannelId) -> Option<String> {
    let name = match kind {
        ChannelKind::Webhook => "webhook",
        ChannelKind::Telegram => "telegram",
        ChannelKind::Whatsapp => "whatsapp",
        ChannelKind::Web | ChannelKind::Internal | ChannelKind::Unknown => return None,
    };
    Some(format!("/channels/{name}/{channel}"))
}

impl ChannelSettings {
    /// Returns the kind of channel that the settings are of.
    #[must_use]
    pub const fn kind(&self) -> ChannelKind {
        match self {
            Self::Webhook { .. } => ChannelKind::Webhook,
            Self::Telegram { .. } => ChannelKind::Telegram,
            Self::WhatsApp { .. } => ChannelKind::Whatsapp,
        }
    }

    /// Returns true if they name another end.
    #[must_use]
    pub const fn has_far_end(&self) -> bool {
        !matches!(self, Self::Webhook { reply_url: None })
    }
}

impl fmt::Debug for ChannelSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Webhook { reply_url } => {
                f.debug_struct("Webhook").field("reply_url", reply_url).finish()
            }
            Self::Telegram { .. } => f.debug_struct("Telegram").finish_non_exhaustive(),
            Self::WhatsApp { phone_number_id, .. } => f
                .debug_struct("WhatsApp")
                .field("phone_number_id", phone_number_id)
                .finish_non_exhaustive(),
        }
    }
}

impl fmt::Debug for Connection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("tenant", self.tenant)
            .field("live_chat", self.live_chat)
            .field("channel", self.channel)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_text_of_settings_has_no_credential() {
        let bot = ChannelSettings::Telegram { bot_token: "7:token".to_owned() };
        let number = ChannelSettings::WhatsApp {
            phone_number_id: "106".to_owned(),
            access_token: "EAAG".to_owned(),
            app_secret: "hidden".to_owned(),
        };
        assert_eq!(format!("{bot:?}"), "Telegram { .. }");
        assert_eq!(format!("{number:?}"), "WhatsApp { phone_number_id: \"106\", .. }");
    }

    #[test]
    fn each_kind_that_is_posted_to_has_a_path_of_its_own() {
        let id = ChannelId::parse("c1").unwrap();
        let kinds = [ChannelKind::Webhook, ChannelKind::Telegram, ChannelKind::Whatsapp];
        let paths = kinds.map(|kind| inbound_path(kind, &id).unwrap());
        let expected =
            ["webhook", "telegram", "whatsapp"].map(|kind| format!("/channels/{kind}/c1"));
        assert_eq!(paths, expected);
        for kind in [ChannelKind::Web, ChannelKind::Internal, ChannelKind::Unknown] {
            assert_eq!(inbound_path(kind, &id), None);
            assert!(!kind.is_posted_to());
        }
    }
}
