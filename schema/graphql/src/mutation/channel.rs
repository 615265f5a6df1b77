//! Channels of live chats: createChannel, updateChannel, rotateChannelSecret.

use async_graphql::{Context, ID, Object, Result};
use domain::{ChannelId, LiveChatId, Refusal, text};
use store::once::Once;
use store::settings::read_webhook;

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
        /// The secret with which the other system signs its requests. It is returned this once, and
        /// again if an administrator repeats the key. Null otherwise.
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
        /// The new secret, with which the other system signs its requests from now on. It is
        /// returned this once. Null if the mutation was refused.
        secret: String,
    }
);

/// The mutations of administrators, for channels of live chats.
#[derive(Default)]
pub struct ChannelMutation;

#[Object]
impl ChannelMutation {
    /// Adds a channel of kind `WEBHOOK` to a live chat. Every live chat has its channels of kind
    /// `WEB` and `INTERNAL` already, and channels of messengers are not supported yet: those kinds
    /// are refused with `INVALID`.
    ///
    /// Only for administrators: anyone else is refused with `FORBIDDEN`, or with `NOT_FOUND` if
    /// they have no role in the live chat. Refused with `LIMIT` if the live chat has 100 channels
    /// already.
    async fn create_channel(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "The kind of the channel: WEBHOOK.")] kind: ChannelKind,
        #[graphql(desc = "The name, 1 to 200 characters. White space around it is removed.")]
        name: String,
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
            creatable(kind)?;
            let once = Once::of(person, key, "createChannel", &[&live_chat_id, &name]);
            let once = once.as_ref();
            let create = async {
                let live_chat = request.administered(&live_chat_id).await?;
                Ok(request.store.of(&person.tenant).create_webhook(&live_chat, &name, once).await?)
            };
            let (id, secret) = request.once(once, read_webhook, create).await?;
            // The channel may have been created some time ago: the caller may not know of its live
            // chat any more, or be no administrator.
            let channel = match request.named(&live_chat_id) {
                Some(GlobalId::LiveChat(live_chat)) if request.knows(&live_chat).await? => {
                    Some(Channel { live_chat, id })
                }
                _ => None,
            };
            let secret = request.is_administrator().then_some(secret);
            Ok(CreateChannelPayload { channel, secret, ..Default::default() })
        })
        .await
    }

    /// Changes a channel. What you do not give stays. A disabled channel takes no messages, and no
    /// answers go out by it; what came in before stays. Only for administrators: anyone else is
    /// refused with `FORBIDDEN`, or with `NOT_FOUND` if they have no role in the live chat.
    async fn update_channel(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the channel.")] channel_id: ID,
        #[graphql(desc = "The new name, 1 to 200 characters. White space around it is removed.")]
        name: Option<String>,
        #[graphql(desc = "False disables the channel, true enables it again.")] is_enabled: Option<
            bool,
        >,
    ) -> Result<UpdateChannelPayload> {
        answer(async {
            let request = request(context)?;
            let name = name.as_deref().map(|name| text::name("name", name)).transpose()?;
            let (live_chat, id, _) = administered(request, &channel_id).await?;
            let store = request.tenant_store()?;
            store.update_channel(&live_chat, &id, name.as_deref(), is_enabled).await?;
            let channel = Some(Channel { live_chat, id });
            Ok(UpdateChannelPayload { channel, ..Default::default() })
        })
        .await
    }

    /// Replaces the secret of a channel of kind `WEBHOOK`. The old secret is accepted for another
    /// day, so that the other system can take over the new one. After a further rotation, only the
    /// last two are accepted. Only for administrators: anyone else is refused with
    /// `FORBIDDEN`, or with `NOT_FOUND` if they have no role in the live chat. Refused with
    /// `INVALID` for a channel of another kind.
    async fn rotate_channel_secret(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the channel.")] channel_id: ID,
    ) -> Result<RotateChannelSecretPayload> {
        answer(async {
            let request = request(context)?;
            let (live_chat, id) = webhook(request, &channel_id).await?;
            let secret = Some(request.store.rotate_secret(&id).await?);
            let channel = Some(Channel { live_chat, id });
            Ok(RotateChannelSecretPayload { channel, secret, ..Default::default() })
        })
        .await
    }
}

/// Checks the kind of a new channel.
fn creatable(kind: ChannelKind) -> Result<(), Refusal> {
    match kind {
        ChannelKind::Webhook => Ok(()),
        ChannelKind::Web | ChannelKind::Internal => {
            Err(Refusal::invalid("kind", "Every live chat has one of this kind already."))
        }
        ChannelKind::Telegram => {
            Err(Refusal::invalid("kind", "Channels of this kind are not served yet."))
        }
    }
}

/// Returns the webhook channel that an administrator names.
async fn webhook(request: &Request, id: &ID) -> Result<(LiveChatId, ChannelId), Stop> {
    let (live_chat, id, kind) = administered(request, id).await?;
    if kind != domain::ChannelKind::Webhook {
        return Err(Refusal::invalid("channelId", "Only a webhook channel has a secret.").into());
    }
    Ok((live_chat, id))
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
