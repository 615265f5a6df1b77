//! Entries of dialogs, as employees see them.

use std::sync::Arc;

use async_graphql::{Context, Description, Enum, ID, Object, Result, SimpleObject};
use domain::{Author, ChannelKind, ConversationId, Kind, SessionId};

use super::actor::{Actor, System};
use super::attachment::{self, Attachment};
use super::channel::Channel;
use super::client::Client;
use super::delivery::Delivery;
use super::employee::Employee;
use super::session::Session;
use super::session_event::SessionEvent;
use crate::error::fault;
use crate::id::GlobalId;
use crate::loader;
use crate::page::{Arguments, connection};
use crate::request::{Request, missing, request};
use crate::scalar::{DateTime, int};

/// The kinds of entries of a dialog. More values may be added: applications must ignore a value
/// that they do not know.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum MessageKind {
    /// A message of the client.
    Client,
    /// A message of an operator to the client.
    Operator,
    /// An internal note for colleagues. Clients never see it.
    Note,
    /// An event, such as a claim, or an edit by the client. Clients never see it.
    Event,
}

impl From<Kind> for MessageKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Client => Self::Client,
            Kind::Operator => Self::Operator,
            Kind::Note => Self::Note,
            // Entries of a newer version are shown as events.
            Kind::Event | Kind::Unknown => Self::Event,
        }
    }
}

/// An entry of a dialog, as employees see it: a message, a note or an event.
#[derive(Clone, Description)]
pub struct Message {
    pub(crate) entry: Arc<domain::Message>,
    /// A session of its dialog, with the client and the live chat.
    pub(crate) dialog: Arc<domain::Session>,
}

impl Message {
    /// Returns the entry with this number, if the employee may read its session.
    pub(crate) async fn find(
        request: &Request,
        conversation: ConversationId,
        seq: u64,
    ) -> Result<Option<Self>> {
        let entry = request.load(loader::Entry(conversation.clone(), seq)).await?;
        let Some(entry) = entry.map(Arc::new) else { return Ok(None) };
        let id = SessionId { conversation, ordinal: entry.ordinal };
        let session = request.readable(&id).await?;
        Ok(session.map(|session| Self { entry, dialog: Arc::new(session) }))
    }
}

#[Object(use_type_description)]
impl Message {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let entry = &self.entry;
        request(context)?.id(&GlobalId::Message(entry.conversation.clone(), entry.seq))
    }

    /// The number of the entry in the dialog. Numbers begin at 1, include notes and events, and
    /// have no gaps: if one is missing, you have lost an entry.
    async fn seq(&self) -> i32 {
        int(self.entry.seq)
    }

    /// The session that the entry belongs to. A dialog has several sessions: where this field
    /// changes from one entry to the next, a new session begins.
    async fn session(&self, context: &Context<'_>) -> Result<Session> {
        if self.entry.ordinal == self.dialog.id.ordinal {
            return Ok(Session(self.dialog.clone()));
        }
        let id = SessionId {
            conversation: self.entry.conversation.clone(),
            ordinal: self.entry.ordinal,
        };
        let session = request(context)?.load(loader::Session(id)).await?.ok_or_else(missing)?;
        Ok(Session(Arc::new(session)))
    }

    /// The kind of the entry.
    async fn kind(&self) -> MessageKind {
        self.entry.kind.into()
    }

    /// The author.
    async fn author(&self) -> Actor {
        match &self.entry.author {
            Author::Client { .. } => {
                let session = SessionId {
                    conversation: self.entry.conversation.clone(),
                    ordinal: self.entry.ordinal,
                };
                Actor::Client(Client { session, ..Client::of(&self.dialog) })
            }
            Author::Employee { id, .. } => Actor::Employee(Employee(id.clone())),
            Author::System => Actor::System(System),
        }
    }

    /// The channel by which the message came in or goes out. Null for notes and events.
    async fn channel(&self) -> Option<Channel> {
        let id = self.entry.channel.clone()?;
        Some(Channel { live_chat: self.dialog.live_chat.clone(), id })
    }

    /// The text. It may be empty beside attachments. For an event it is one English sentence: pages
    /// should render `event` instead.
    async fn text(&self) -> &str {
        &self.entry.text
    }

    /// The time when the sender sent the message. Order entries by `seq`, the order of arrival, not
    /// by this time.
    async fn sent_at(&self) -> DateTime {
        DateTime(self.entry.sent_at)
    }

    /// The id that the sender gave the message. Null if there is none: events, and notes that were
    /// the comment of another mutation.
    async fn client_message_id(&self) -> Option<&str> {
        self.entry.client_message_id.as_deref()
    }

    /// The progress of the message on its way to the client, for kind `OPERATOR`. Null for all
    /// others.
    async fn delivery(&self, context: &Context<'_>) -> Result<Option<Delivery>> {
        let (Kind::Operator, Some(id)) = (self.entry.kind, &self.entry.channel) else {
            return Ok(None);
        };
        let request = request(context)?;
        if self.entry.leaves_after.is_some() {
            let key = loader::Delivery(self.entry.conversation.clone(), self.entry.seq);
            let delivery = request.load(key).await?;
            let accepted = || domain::Delivery::accepted(self.entry.sent_at);
            return Ok(Some(delivery.unwrap_or_else(accepted).into()));
        }
        let live_chat = request.load(loader::LiveChat(self.dialog.live_chat.clone())).await?;
        let channel = live_chat.as_ref().and_then(|live_chat| live_chat.channel(id));
        let delivery = match channel.map(|channel| channel.kind) {
            Some(kind) if kind.is_read_in_place() => {
                let read = loader::ClientRead(self.entry.conversation.clone());
                domain::Delivery::in_place(&self.entry, request.load(read).await?)
            }
            // How far it came is known to the newer version that serves the channel.
            None | Some(ChannelKind::Unknown) => return Ok(None),
            Some(_) => domain::Delivery::without_way_out(&self.entry),
        };
        let mut delivery = Delivery::from(delivery);
        if let Some(error) = &mut delivery.error {
            // It was accepted when nothing was sent anywhere, and never leaves.
            error.is_retryable = false;
        }
        Ok(Some(delivery))
    }

    /// The message that this one quotes. Null if it quotes none.
    async fn reply_to(&self, context: &Context<'_>) -> Result<Option<Message>> {
        let Some(seq) = self.entry.reply_to else { return Ok(None) };
        let quoted = loader::Entry(self.entry.conversation.clone(), seq);
        let entry = request(context)?.load(quoted).await?;
        let dialog = self.dialog.clone();
        Ok(entry.map(|entry| Message { entry: Arc::new(entry), dialog }))
    }

    /// The files of a message or a note, at most 10. Empty for events.
    #[graphql(complexity = "5 * child_complexity")]
    async fn attachments(&self) -> Vec<Attachment> {
        attachment::of(&self.entry)
    }

    /// The event. Null for all kinds other than `EVENT`, and for an event that this version of the
    /// service does not know.
    async fn event(&self) -> Option<SessionEvent> {
        self.entry.event.clone().map(Into::into)
    }
}

/// The last message of a session, shortened. It has no id, so that its short text never overwrites
/// the message in a cache.
#[derive(SimpleObject, Clone)]
pub struct MessagePreview {
    /// `CLIENT` or `OPERATOR`: the side that wrote the message. Never a note or an event.
    pub kind: MessageKind,
    /// The author's display name, cut after 40 bytes of UTF-8.
    pub author_name: String,
    /// The channel by which the message came in or goes out. Null if it has none.
    pub channel: Option<Channel>,
    /// The text, cut after 160 bytes of UTF-8. Of a message without text: `Photo`, or the name of its
    /// first file.
    pub text: String,
    /// The time when the message was sent.
    pub sent_at: DateTime,
}

connection!(MessageConnection, MessageEdge, Message);

/// Returns a page of the dialog up to a session.
pub(crate) async fn of_dialog(
    request: &Request,
    session: &Arc<domain::Session>,
    arguments: &Arguments,
) -> Result<MessageConnection> {
    let span = arguments.span(session.seq)?;
    let conversation = &session.id.conversation;
    let entries = request.tenant_store()?.entries(conversation, span.first, span.last).await;
    let entries = entries.map_err(|failed| fault(&failed))?.into_iter().map(|entry| {
        let place = entry.seq.to_string();
        (place, Message { entry: Arc::new(entry), dialog: session.clone() })
    });
    Ok(MessageConnection::of(entries.collect(), None, span.has_previous(), span.has_next()))
}
