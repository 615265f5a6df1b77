//! Channels of live chats: createChannel, updateChannel, rotateChannelSecret.

mod connect;
mod settings;

use async_graphql::{Context, ID, Object, Result};
use domain::{ChannelId, LiveChatId, Refusal, text};
use store::channel::{ChannelChange, Created, read_created};
use store::once::Once;

use self::settings::{ChannelSettingsInput, Given};
use super::argument;
use crate::answer::{Stop, answer, payload};
use crate::id::GlobalId;
use crate::loader;
use crate::object::channel::{Channel, ChannelKind};
use crate::request::{Request, request};

payload!(
    /// The result of `createChannel`.
    CreateChannelPayload {
        /// The new channel. For a repeated key: the channel that the first request created. Null if
        /// the mutation was refused or you may no longer see the channel.
        channel: Channel,
        /// What to enter at the other end. `WEBHOOK`: the secret with which it signs its requests.
        /// `WHATSAPP`: the verify token. `TELEGRAM`: null, as the messenger is told. It is returned
        /// this once, and again if an administrator repeats the key. Null otherwise.
        secret: String,
    }
);

payload!(
    /// The result of `updateChannel`.
    UpdateChannelPayload {
        /// The channel after the change, or null if the mutation was refused.
        channel: Channel,
    }
);

payload!(
    /// The result of `rotateChannelSecret`.
    RotateChannelSecretPayload {
        /// The channel, or null if the mutation was refused.
        channel: Channel,
        /// What to enter at the other end from now on. `WEBHOOK`: the secret with which it signs
        /// its requests. `WHATSAPP`: the verify token. `TELEGRAM`: null, as the messenger is told.
        /// It is returned this once. Null if the mutation was refused.
        secret: String,
    }
);

/// The mutations of administrators, for channels of live chats.
#[derive(Default)]
pub struct ChannelMutation;

#[Object]
impl ChannelMutation {
    /// Adds a channel of kind `WEBHOOK`, `TELEGRAM` or `WHATSAPP` to a live chat. The messenger is
    /// asked who the channel is, and told where to post, before you get an answer. Every live chat
    /// has its channels of kind `WEB` and `INTERNAL` already: those kinds are refused with
    /// `INVALID`.
    ///
    /// Only for administrators: anyone else is refused with `FORBIDDEN`, or with `NOT_FOUND` if
    /// they have no role in the live chat. Refused with `LIMIT` if the live chat has 100 channels
    /// already, and with `INVALID` of `settings` if the messenger does not take them. If the
    /// messenger cannot be reached, the request fails with the code `UNAVAILABLE`: try it again.
    async fn create_channel(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "The kind of the channel: WEBHOOK, TELEGRAM or WHATSAPP.")]
        kind: ChannelKind,
        #[graphql(desc = "The name, 1 to 200 characters. White space around it is removed.")]
        name: String,
        #[graphql(desc = "The one of the settings that fits the kind. A channel of kind WEBHOOK \
                    needs none: its answers have no way out then.")]
        settings: Option<ChannelSettingsInput>,
        #[graphql(desc = "Your own key for this call, 1 to 100 characters. For 24 hours, a \
                    repeated call with the same key returns the first result and does \
                    nothing again.")]
        idempotency_key: Option<String>,
    ) -> Result<CreateChannelPayload> {
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let name = text::name("name", &name)?;
            let key = argument::key(idempotency_key.as_deref())?;
            let kind = creatable(kind)?;
            let settings = settings.map(Given::read).transpose()?;
            let settings = settings::of_new(settings, kind)?;
            // Settings name their kind, so a channel without any has the arguments that it had
            // before there were settings.
            let mut arguments = vec![live_chat_id.as_str(), name.as_str()];
            arguments.extend(settings::arguments(settings.as_ref()));
            let once = Once::of(person, key, "createChannel", &arguments);
            let once = once.as_ref();
            let create = async {
                let live_chat = request.administered(&live_chat_id).await?;
                let new = request.store.new_channel(kind, &name)?;
                let Some(settings) = &settings else {
                    let store = request.store.of(&person.tenant);
                    return Ok(store.create_channel(&live_chat, &new, once).await?);
                };
                connect::create(request, &live_chat, new, settings, once).await
            };
            let Created { id, secret } = request.once(once, read_created, create).await?;
            // The channel may have been created some time ago: the caller may not know of its live
            // chat any more, or be no administrator.
            let channel = match request.named(&live_chat_id) {
                Some(GlobalId::LiveChat(live_chat)) if request.knows(&live_chat).await? => {
                    Some(Channel { live_chat, id })
                }
                _ => None,
            };
            let secret = secret.filter(|_| request.is_administrator());
            Ok(CreateChannelPayload { channel, secret, ..Default::default() })
        })
        .await
    }

    /// Changes a channel. What you do not give stays. A disabled channel takes no messages, and no
    /// answers go out by it; what came in before stays. With settings, the messenger is asked and
    /// told again, as for a new channel, and the channel keeps its path and its secret.
    ///
    /// Only for administrators: anyone else is refused with `FORBIDDEN`, or with `NOT_FOUND` if
    /// they have no role in the live chat. Refused with `INVALID` of `settings` if they are for
    /// another kind, or if the messenger does not take them. If the messenger cannot be reached,
    /// the request fails with the code `UNAVAILABLE`: try it again.
    async fn update_channel(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the channel.")] channel_id: ID,
        #[graphql(desc = "The new name, 1 to 200 characters. White space around it is removed.")]
        name: Option<String>,
        #[graphql(desc = "False disables the channel, true enables it again.")] is_enabled: Option<
            bool,
        >,
        #[graphql(desc = "The one of the settings that fits the kind of the channel.")]
        settings: Option<ChannelSettingsInput>,
    ) -> Result<UpdateChannelPayload> {
        answer(async {
            let request = request(context)?;
            let name = name.as_deref().map(|name| text::name("name", name)).transpose()?;
            let settings = settings.map(Given::read).transpose()?;
            let (live_chat, id, kind) = administered(request, &channel_id).await?;
            let settings = settings.map(|given| given.fit(kind)).transpose()?.flatten();
            let change =
                ChannelChange { name: name.as_deref(), is_enabled, ..ChannelChange::default() };
            match &settings {
                None => request.tenant_store()?.update_channel(&live_chat, &id, change).await?,
                Some(settings) => {
                    let channel = (&live_chat, &id, kind);
                    connect::change(request, channel, change, settings).await?;
                }
            }
            let channel = Some(Channel { live_chat, id });
            Ok(UpdateChannelPayload { channel, ..Default::default() })
        })
        .await
    }

    /// Replaces the secret of a channel of kind `WEBHOOK`, `TELEGRAM` or `WHATSAPP`. The old secret
    /// is accepted for another day, so that the other system can take over the new one. After a
    /// further rotation, only the last two are accepted. Of `WHATSAPP`, it is the verify token.
    /// `TELEGRAM` is told its new secret: if it cannot be reached, the request fails with the code
    /// `UNAVAILABLE`, and you can try it again.
    ///
    /// Only for administrators: anyone else is refused with `FORBIDDEN`, or with `NOT_FOUND` if
    /// they have no role in the live chat. Refused with `INVALID` for a channel of another kind.
    async fn rotate_channel_secret(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the channel.")] channel_id: ID,
    ) -> Result<RotateChannelSecretPayload> {
        answer(async {
            let request = request(context)?;
            let (live_chat, id, kind) = administered(request, &channel_id).await?;
            if !kind.is_posted_to() {
                let message = "A channel of this kind has no secret.";
                return Err(Refusal::invalid("channelId", message).into());
            }
            let secret = request.store.rotate_secret(&id, kind).await?;
            if !kind.shows_secret() {
                connect::renew_as_stored(request, &live_chat, &id, kind).await?;
            }
            let channel = Some(Channel { live_chat, id });
            let secret = kind.shows_secret().then_some(secret);
            Ok(RotateChannelSecretPayload { channel, secret, ..Default::default() })
        })
        .await
    }
}

/// Checks the kind of a new channel.
fn creatable(kind: ChannelKind) -> Result<domain::ChannelKind, Refusal> {
    match kind {
        ChannelKind::Webhook | ChannelKind::Telegram | ChannelKind::Whatsapp => Ok(kind.into()),
        ChannelKind::Web | ChannelKind::Internal => {
            Err(Refusal::invalid("kind", "Every live chat has one of this kind already."))
        }
    }
}

/// Returns the channel that an administrator names, and its kind.
async fn administered(
    request: &Request,
    id: &ID,
) -> Result<(LiveChatId, ChannelId, domain::ChannelKind), Stop> {
    request.person()?;
    let Some(GlobalId::Channel(live_chat, id)) = request.named(id) else {
        return Err(Refusal::NotFound.into());
    };
    if !request.knows(&live_chat).await? {
        return Err(Refusal::NotFound.into());
    }
    let place = request.load(loader::LiveChat(live_chat.clone())).await?;
    let kind = place.and_then(|place| place.channel(&id).map(|channel| channel.kind));
    let kind = kind.ok_or(Refusal::NotFound)?;
    request.administrator()?;
    Ok((live_chat, id, kind))
}
