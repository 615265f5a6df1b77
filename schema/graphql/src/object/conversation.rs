//! A client's own side of a conversation. Its types are its own, so that nothing added for the
//! desk can ever reach a client.

use std::sync::Arc;

use async_graphql::{Context, Description, Error, ID, Object, Result, SimpleObject};
use domain::actor::{NAMELESS, Writer};
use domain::{Author, ClientId, ConversationId, LiveChatId};
use domain::{Channel, ChannelKind};

use super::attachment::{self, Attachment};
use crate::error::{Code, fault};
use crate::guard::QueryOnly;
use crate::id::GlobalId;
use crate::loader;
use crate::page::{Arguments, connection, weight};
use crate::request::{Request, request};
use crate::scalar::{DateTime, int};
use domain::Caller;

/// Your conversation with a live chat, as a client.
#[derive(Clone, Description)]
pub struct Conversation {
    pub(crate) place: domain::LiveChat,
    pub(crate) channel: Channel,
    pub(crate) writer: Writer,
    pub(crate) id: ConversationId,
}

impl Conversation {
    /// Returns the client's conversation in the live chat of their token, or in the one that an
    /// internal client names. Returns `None` for a live chat that is not theirs.
    pub(crate) async fn of(request: &Request, live_chat: Option<&ID>) -> Result<Option<Self>> {
        let named = match live_chat.map(|id| request.named(id)) {
            None => None,
            Some(Some(GlobalId::LiveChat(id))) => Some(id),
            Some(_) => return Ok(None),
        };
        let tenant = request.tenant()?;
        let id = match (&request.caller, named) {
            (Caller::Client { live_chat, .. }, Some(named)) if named != *live_chat => {
                return Ok(None);
            }
            (Caller::Client { live_chat, .. }, _) => live_chat.clone(),
            (_, Some(named)) => named,
            (_, None) => {
                let wrong = "An internal client names the live chat: `liveChatId`.";
                return Err(Code::BadUserInput.error(wrong));
            }
        };
        let Some(place) = request.load(loader::LiveChat(id)).await? else { return Ok(None) };
        let Some((channel, writer)) = writer(request, &place)? else { return Ok(None) };
        let id = ConversationId::of(tenant, &place.id, &writer.id);
        Ok(Some(Self { place, channel, writer, id }))
    }
}

/// Returns the channel by which the caller writes there, and the caller as a writer.
fn writer(request: &Request, place: &domain::LiveChat) -> Result<Option<(Channel, Writer)>> {
    let found = match &request.caller {
        Caller::Nobody => None,
        Caller::Client { channel, client, name, contacts, .. } => {
            place.channel(channel).map(|channel| {
                let writer = Writer {
                    id: client.clone(),
                    name: name.clone(),
                    is_named: name != NAMELESS,
                    employee: None,
                    channel: channel.id.clone(),
                    contacts: contacts.clone(),
                    address: None,
                };
                (channel.clone(), writer)
            })
        }
        Caller::Employee { person, .. } => place.channel_of(ChannelKind::Internal).map(|channel| {
            let writer = Writer {
                id: ClientId::of(&person.tenant, &channel.id, person.id.as_str()),
                name: person.name.clone(),
                is_named: true,
                employee: Some(person.id.clone()),
                channel: channel.id.clone(),
                contacts: Vec::new(),
                address: None,
            };
            (channel.clone(), writer)
        }),
    };
    Ok(found)
}

pub(crate) fn no_such_live_chat() -> Error {
    Code::Forbidden.error("There is no such live chat, or not for you.")
}

#[Object(use_type_description)]
impl Conversation {
    /// The global id.
    async fn id(&self, context: &Context<'_>) -> Result<ID> {
        request(context)?.id(&GlobalId::Conversation(self.id.clone()))
    }

    /// The live chat that you write to.
    async fn live_chat(&self) -> ConversationLiveChat {
        ConversationLiveChat { id: self.place.id.clone(), name: self.place.name.clone() }
    }

    /// The messages, oldest first: yours and the operators' answers. Give `first` or `last`, not
    /// both.
    #[graphql(guard = "QueryOnly", complexity = "2 + weight(first, last) * child_complexity")]
    async fn messages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The size of a page that is counted forward from `after`, 1 to 100.")]
        first: Option<i32>,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
        #[graphql(desc = "The size of a page that is counted backward from `before`, 1 to 100.")]
        last: Option<i32>,
        #[graphql(desc = "The page ends before this cursor. Default: the end of the list.")]
        before: Option<String>,
    ) -> Result<ConversationMessageConnection> {
        let request = request(context)?;
        let latest = request.load(loader::LatestSession(self.id.clone())).await?;
        let arguments = Arguments { first, after, last, before, around: None };
        let span = arguments.span(latest.as_ref().map_or(0, |session| session.client_seq))?;
        let entries = match &latest {
            None => Vec::new(),
            Some(latest) => request
                .tenant_store()?
                .visible_entries(latest, span.first, span.last)
                .await
                .map_err(|failed| fault(&failed))?,
        };
        let entries = entries
            .into_iter()
            .map(|entry| (entry.client_seq.to_string(), ConversationMessage::of(entry)))
            .collect();
        Ok(ConversationMessageConnection::of(entries, None, span.has_previous(), span.has_next()))
    }
}

/// A live chat, as its clients see it.
#[derive(Clone, Debug, Description)]
pub struct ConversationLiveChat {
    pub(crate) id: LiveChatId,
    pub(crate) name: String,
}

#[Object(use_type_description)]
impl ConversationLiveChat {
    /// The global id.
    async fn id(&self, context: &Context<'_>) -> Result<ID> {
        request(context)?.id(&GlobalId::LiveChat(self.id.clone()))
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.name
    }
}

/// A message of a conversation, as the client sees it.
#[derive(Clone, Description)]
pub struct ConversationMessage(pub(crate) Arc<domain::Message>);

impl ConversationMessage {
    pub(crate) fn of(entry: domain::Message) -> Self {
        Self(Arc::new(entry))
    }
}

#[Object(use_type_description)]
impl ConversationMessage {
    /// The global id.
    async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let (of, seq) = (self.0.conversation.clone(), self.0.client_seq);
        request(context)?.id(&GlobalId::ConversationMessage(of, seq))
    }

    /// The number of the message in the conversation. Numbers begin at 1 and have no gaps: if one
    /// is missing, you have lost a message.
    async fn seq(&self) -> i32 {
        int(self.0.client_seq)
    }

    /// The author.
    async fn author(&self) -> ConversationAuthor {
        ConversationAuthor {
            name: self.0.author.name().to_owned(),
            viewer_is_author: matches!(self.0.author, Author::Client { .. }),
        }
    }

    /// The text. It may be empty beside attachments.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// The time when the message was sent. Order messages by `seq`, the order of arrival, not by
    /// this time.
    async fn sent_at(&self) -> DateTime {
        DateTime(self.0.sent_at)
    }

    /// The id that you gave the message when you sent it. Null for the operators' messages.
    async fn client_message_id(&self) -> Option<&str> {
        let is_own = matches!(self.0.author, Author::Client { .. });
        self.0.client_message_id.as_deref().filter(|_| is_own)
    }

    /// The files, at most 10.
    #[graphql(complexity = "5 * child_complexity")]
    async fn attachments(&self) -> Vec<Attachment> {
        attachment::of(&self.0)
    }

    /// The message that this one quotes. Null if it quotes none.
    async fn reply_to(&self, context: &Context<'_>) -> Result<Option<ConversationMessage>> {
        let Some(seq) = self.0.reply_to else { return Ok(None) };
        let quoted = loader::Entry(self.0.conversation.clone(), seq);
        let entry = request(context)?.load(quoted).await?;
        Ok(entry.filter(|entry| entry.kind.is_for_clients()).map(Self::of))
    }
}

/// The author of a message, as the client sees them: a display name, and no more.
#[derive(SimpleObject, Clone, Debug)]
pub struct ConversationAuthor {
    /// The display name.
    pub name: String,
    /// True if you wrote the message.
    pub viewer_is_author: bool,
}

connection!(ConversationMessageConnection, ConversationMessageEdge, ConversationMessage);
