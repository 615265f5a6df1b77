//! Channels of live chats.

use async_graphql::{Context, Description, Enum, ID, Object, Result, SimpleObject};
use domain::{ChannelId, LiveChatId};

use crate::id::GlobalId;
use crate::loader;
use crate::messenger::inbound_path;
use crate::request::{Request, missing, request};
use crate::scalar::DateTime;

/// The kinds of channels. More values may be added: applications must accept a value that they do
/// not know.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChannelKind {
    /// The widget on a web page.
    Web,
    /// Employees of the company, who write as internal clients.
    Internal,
    /// Signed HTTP requests of another system.
    Webhook,
    /// A bot of Telegram.
    Telegram,
    /// A phone number of WhatsApp.
    Whatsapp,
}

impl From<ChannelKind> for domain::ChannelKind {
    fn from(kind: ChannelKind) -> Self {
        match kind {
            ChannelKind::Web => Self::Web,
            ChannelKind::Internal => Self::Internal,
            ChannelKind::Webhook => Self::Webhook,
            ChannelKind::Telegram => Self::Telegram,
            ChannelKind::Whatsapp => Self::Whatsapp,
        }
    }
}

/// The reason why a channel does not work now.
#[derive(SimpleObject, Clone)]
pub struct ChannelProblem {
    /// The reason, for programs. `UNAUTHORIZED`: the messenger does not take the credentials.
    /// `GONE`: the other end wants no more messages, and the channel is disabled. `UNAVAILABLE`:
    /// the other end cannot be reached. More values may be added.
    pub code: String,
    /// The reason in English, for people, in the words of the messenger if it has given some.
    pub message: String,
    /// The time when the problem began.
    pub since: DateTime,
}

/// A way by which clients' messages come in and answers go out.
#[derive(Clone, PartialEq, Eq, Debug, Description)]
pub struct Channel {
    pub(crate) live_chat: LiveChatId,
    pub(crate) id: ChannelId,
}

impl Channel {
    /// Returns the channel with this id, if the employee knows of its live chat.
    pub(crate) async fn find(
        request: &Request,
        live_chat: LiveChatId,
        id: ChannelId,
    ) -> Result<Option<Self>> {
        if !request.knows(&live_chat).await? {
            return Ok(None);
        }
        let place = request.load(loader::LiveChat(live_chat.clone())).await?;
        let is_there = place.is_some_and(|place| place.channel(&id).is_some());
        Ok(is_there.then_some(Self { live_chat, id }))
    }

    async fn load(&self, request: &Request) -> Result<domain::Channel> {
        let place = request.load(loader::LiveChat(self.live_chat.clone())).await?;
        place.and_then(|place| place.channel(&self.id).cloned()).ok_or_else(missing)
    }
}

#[Object(use_type_description)]
impl Channel {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        request(context)?.id(&GlobalId::Channel(self.live_chat.clone(), self.id.clone()))
    }

    /// The kind of the channel. Pages show an icon for each kind.
    async fn kind(&self, context: &Context<'_>) -> Result<ChannelKind> {
        Ok(match self.load(request(context)?).await?.kind {
            domain::ChannelKind::Web => ChannelKind::Web,
            domain::ChannelKind::Internal => ChannelKind::Internal,
            // One of a newer version is some other system's; it has no path and no secret here.
            domain::ChannelKind::Webhook | domain::ChannelKind::Unknown => ChannelKind::Webhook,
            domain::ChannelKind::Telegram => ChannelKind::Telegram,
            domain::ChannelKind::Whatsapp => ChannelKind::Whatsapp,
        })
    }

    /// The name.
    pub(crate) async fn name(&self, context: &Context<'_>) -> Result<String> {
        Ok(self.load(request(context)?).await?.name)
    }

    /// False if an administrator has disabled the channel: nothing comes in and nothing goes out.
    /// Earlier sessions stay readable.
    async fn is_enabled(&self, context: &Context<'_>) -> Result<bool> {
        Ok(self.load(request(context)?).await?.is_enabled)
    }

    /// True if answers to clients have a way out by this channel. False: sessions that came by it
    /// can be read, and not answered.
    async fn can_reply(&self, context: &Context<'_>) -> Result<bool> {
        Ok(self.load(request(context)?).await?.can_reply())
    }

    /// The address that clients write to, as they know it: `@` and the name of a bot, or a phone
    /// number. Null where there is none.
    async fn address(&self, context: &Context<'_>) -> Result<Option<String>> {
        Ok(self.load(request(context)?).await?.address)
    }

    /// The reason why the channel does not work now. Null if it works, and for everyone but
    /// administrators. The next success ends it, and so does connecting or enabling the channel.
    async fn problem(&self, context: &Context<'_>) -> Result<Option<ChannelProblem>> {
        let request = request(context)?;
        if !request.is_administrator() {
            return Ok(None);
        }
        let problem = self.load(request).await?.problem;
        Ok(problem.map(|domain::live_chat::Problem { code, message, since }| ChannelProblem {
            code: code.as_str().to_owned(),
            message,
            since: DateTime(since),
        }))
    }

    /// The path to which the other system posts its messages, for a channel of kind `WEBHOOK`,
    /// `TELEGRAM` or `WHATSAPP`. Null for the other kinds, and for everyone but administrators.
    async fn inbound_path(&self, context: &Context<'_>) -> Result<Option<String>> {
        let request = request(context)?;
        let kind = self.load(request).await?.kind;
        Ok(inbound_path(kind, &self.id).filter(|_| request.is_administrator()))
    }
}
