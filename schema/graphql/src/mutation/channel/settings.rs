//! The settings of a channel, as administrators give them.

use async_graphql::{InputObject, MaybeUndefined, OneofObject};
use domain::{ChannelKind, Refusal, text};

use crate::messenger::ChannelSettings;

/// The argument that they are given in.
pub(super) const FIELD: &str = "settings";

/// The most code points of one setting.
const SETTING_LENGTH: usize = 2000;

/// The settings of a channel: the one that fits its kind. Credentials can be set, and never read.
#[derive(OneofObject)]
pub enum ChannelSettingsInput {
    /// For a channel of kind `WEBHOOK`.
    #[graphql(name = "webhook")]
    Webhook(WebhookSettingsInput),
    /// For a channel of kind `TELEGRAM`.
    #[graphql(name = "telegram")]
    Telegram(TelegramSettingsInput),
    /// For a channel of kind `WHATSAPP`.
    #[graphql(name = "whatsApp")]
    WhatsApp(WhatsAppSettingsInput),
}

/// The settings of a channel of kind `WEBHOOK`.
#[derive(InputObject)]
pub struct WebhookSettingsInput {
    /// The URL that answers are posted to. Null: answers have no way out.
    pub reply_url: MaybeUndefined<String>,
}

/// The settings of a channel of kind `TELEGRAM`.
#[derive(InputObject)]
pub struct TelegramSettingsInput {
    /// The token of the bot, as BotFather gives it.
    #[graphql(secret)]
    pub bot_token: String,
}

/// The settings of a channel of kind `WHATSAPP`.
#[derive(InputObject)]
pub struct WhatsAppSettingsInput {
    /// The id of the phone number at WhatsApp, not the number itself.
    pub phone_number_id: String,
    /// The token that answers are sent with.
    #[graphql(secret)]
    pub access_token: String,
    /// The secret of the app, with which WhatsApp signs its requests.
    #[graphql(secret)]
    pub app_secret: String,
}

/// The settings of a channel as they were given, within their bounds.
pub(super) struct Given {
    kind: ChannelKind,
    /// None if nothing is set.
    settings: Option<ChannelSettings>,
}

impl Given {
    /// Checks the settings by themselves.
    ///
    /// # Errors
    /// `Invalid` outside of their bounds.
    pub(super) fn read(input: ChannelSettingsInput) -> Result<Self, Refusal> {
        Ok(match input {
            ChannelSettingsInput::Webhook(WebhookSettingsInput { reply_url }) => {
                let reply_url = match reply_url {
                    MaybeUndefined::Undefined => {
                        return Ok(Self { kind: ChannelKind::Webhook, settings: None });
                    }
                    MaybeUndefined::Null => None,
                    MaybeUndefined::Value(url) => Some(setting(&url)?),
                };
                Self::of(ChannelSettings::Webhook { reply_url })
            }
            ChannelSettingsInput::Telegram(TelegramSettingsInput { bot_token }) => {
                Self::of(ChannelSettings::Telegram { bot_token: setting(&bot_token)? })
            }
            ChannelSettingsInput::WhatsApp(input) => Self::of(ChannelSettings::WhatsApp {
                phone_number_id: setting(&input.phone_number_id)?,
                access_token: setting(&input.access_token)?,
                app_secret: setting(&input.app_secret)?,
            }),
        })
    }

    const fn of(settings: ChannelSettings) -> Self {
        Self { kind: settings.kind(), settings: Some(settings) }
    }

    /// Returns the settings for a channel of this kind; none if nothing is set.
    ///
    /// # Errors
    /// `Invalid` if they are of another kind.
    pub(super) fn fit(self, kind: ChannelKind) -> Result<Option<ChannelSettings>, Refusal> {
        if self.kind == kind {
            return Ok(self.settings);
        }
        Err(Refusal::invalid(FIELD, "They are for a channel of another kind."))
    }
}

/// Returns the settings of a new channel of this kind; none if answers have no way out.
///
/// # Errors
/// `Invalid` if they are of another kind, or if a channel of this kind needs some.
pub(super) fn of_new(
    given: Option<Given>,
    kind: ChannelKind,
) -> Result<Option<ChannelSettings>, Refusal> {
    let settings = given.map(|given| given.fit(kind)).transpose()?.flatten();
    match settings.filter(ChannelSettings::has_far_end) {
        None if kind != ChannelKind::Webhook => {
            Err(Refusal::invalid(FIELD, "A channel of this kind needs them."))
        }
        settings => Ok(settings),
    }
}

/// Returns the settings as arguments of an idempotent mutation, which are kept as a hash.
pub(super) fn arguments(settings: Option<&ChannelSettings>) -> Vec<&str> {
    match settings {
        None | Some(ChannelSettings::Webhook { reply_url: None }) => Vec::new(),
        Some(ChannelSettings::Webhook { reply_url: Some(url) }) => vec!["webhook", url],
        Some(ChannelSettings::Telegram { bot_token }) => vec!["telegram", bot_token],
        Some(ChannelSettings::WhatsApp { phone_number_id, access_token, app_secret }) => {
            vec!["whatsApp", phone_number_id, access_token, app_secret]
        }
    }
}

/// Checks one setting, and trims it: people paste them.
fn setting(text: &str) -> Result<String, Refusal> {
    text::bounded(FIELD, text.trim(), SETTING_LENGTH).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(reply_url: MaybeUndefined<String>) -> Given {
        Given::read(ChannelSettingsInput::Webhook(WebhookSettingsInput { reply_url })).unwrap()
    }

    fn telegram(token: &str) -> Result<Given, Refusal> {
        let bot_token = token.to_owned();
        Given::read(ChannelSettingsInput::Telegram(TelegramSettingsInput { bot_token }))
    }

    #[test]
    fn what_is_not_given_stays_and_null_takes_the_way_out_away() {
        let kind = ChannelKind::Webhook;
        assert_eq!(webhook(MaybeUndefined::Undefined).fit(kind), Ok(None));
        let none = ChannelSettings::Webhook { reply_url: None };
        assert_eq!(webhook(MaybeUndefined::Null).fit(kind), Ok(Some(none)));
        assert_eq!(of_new(Some(webhook(MaybeUndefined::Null)), kind), Ok(None));
        assert_eq!(of_new(None, kind), Ok(None));
    }

    #[test]
    fn settings_are_trimmed_and_of_the_kind_of_the_channel() {
        let token = ChannelSettings::Telegram { bot_token: "7:abc".to_owned() };
        let given = telegram(" 7:abc\n").unwrap();
        assert_eq!(of_new(Some(given), ChannelKind::Telegram), Ok(Some(token)));
        let wrong = |refused: Refusal| match refused {
            Refusal::Invalid { field, .. } => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(telegram(" ").map(|_| ()).map_err(wrong), Err(FIELD));
        let other = telegram("7:abc").unwrap().fit(ChannelKind::Whatsapp);
        assert_eq!(other.map_err(wrong), Err(FIELD));
        let unset = webhook(MaybeUndefined::Undefined).fit(ChannelKind::Telegram);
        assert_eq!(unset.map_err(wrong), Err(FIELD));
        assert_eq!(of_new(None, ChannelKind::Telegram).map_err(wrong), Err(FIELD));
    }
}
