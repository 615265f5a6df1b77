//! Entries of dialogs, as employees see them.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use domain::{Author, EventKind, Kind, SessionId};

use crate::app::Item;
use crate::ask::{ask, missing};
use crate::client::Client;
use crate::employee::{Actor, Employee, System};
use crate::id::GlobalId;
use crate::live_chat::Channel;
use crate::loader;
use crate::scalar::{DateTime, int};
use crate::session::Session;

/// What an entry of a dialog is. Meet unknown kinds calmly.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum MessageKind {
    /// A message of the client.
    Client,
    /// An operator's message to the client.
    Operator,
    /// An internal note, never shown to clients.
    Note,
    /// Something that happened to the session, never shown to clients.
    Event,
}

impl From<Kind> for MessageKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Client => Self::Client,
            Kind::Operator => Self::Operator,
            Kind::Note => Self::Note,
            // What a newer version writes is shown as something that happened.
            Kind::Event | Kind::Unknown => Self::Event,
        }
    }
}

/// One entry of a dialog: a message, a note or an event.
#[derive(Clone)]
pub struct Message {
    pub(crate) entry: Arc<domain::Message>,
    /// A session of its dialog: says who the client is, and where.
    pub(crate) dialog: Arc<domain::Session>,
}

/// One entry of a dialog: a message, a note or an event.
#[Object]
impl Message {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let entry = &self.entry;
        ask(context)?.id(&GlobalId::Message(entry.conversation.clone(), entry.seq))
    }

    /// Its number in the dialog: dense, from 1, notes and events included. A gap is a loss.
    async fn seq(&self) -> i32 {
        int(self.entry.seq)
    }

    /// The session it belongs to: it changes at a session's boundary.
    async fn session(&self, context: &Context<'_>) -> Result<Session> {
        if self.entry.ordinal == self.dialog.id.ordinal {
            return Ok(Session(self.dialog.clone()));
        }
        let id = SessionId {
            conversation: self.entry.conversation.clone(),
            ordinal: self.entry.ordinal,
        };
        let session = ask(context)?.load(loader::Head(id)).await?.ok_or_else(missing)?;
        Ok(Session(Arc::new(session)))
    }

    /// What it is.
    async fn kind(&self) -> MessageKind {
        self.entry.kind.into()
    }

    /// Who wrote it.
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

    /// The channel by which it came or goes out; null for notes and events.
    async fn channel(&self) -> Option<Channel> {
        let id = self.entry.channel.clone()?;
        Some(Channel { live_chat: self.dialog.live_chat.clone(), id })
    }

    /// The text; of an event one plain English sentence: pages render `event` instead.
    async fn text(&self) -> &str {
        &self.entry.text
    }

    /// When its sender sent it. Order is by arrival: by `seq`.
    async fn sent_at(&self) -> DateTime {
        DateTime(self.entry.sent_at)
    }

    /// The id that its sender gave it.
    async fn client_message_id(&self) -> Option<&str> {
        self.entry.client_message_id.as_deref()
    }

    /// The message that it quotes.
    async fn reply_to(&self, context: &Context<'_>) -> Result<Option<Message>> {
        let Some(seq) = self.entry.reply_to else { return Ok(None) };
        let quoted = loader::Entry(self.entry.conversation.clone(), seq);
        let entry = ask(context)?.load(quoted).await?;
        let dialog = self.dialog.clone();
        Ok(entry.map(|entry| Message { entry: Arc::new(entry), dialog }))
    }

    /// What happened, of an entry of kind EVENT.
    async fn event(&self) -> Option<SessionEvent> {
        let event = self.entry.event.as_ref()?;
        Some(SessionEvent {
            kind: event.kind.into(),
            from: event.from.clone().map(Employee),
            to: event.to.clone().map(Employee),
            name: event.name.clone(),
            item: event.item.clone().map(Item),
        })
    }
}

/// Something that happened to a session.
#[derive(SimpleObject, Clone, Debug)]
pub struct SessionEvent {
    /// What happened.
    pub kind: SessionEventKind,
    /// The operator who had the session before.
    pub from: Option<Employee>,
    /// The operator who has the session since.
    pub to: Option<Employee>,
    /// The new name.
    pub name: Option<String>,
    /// The item that was bound or unbound.
    pub item: Option<Item>,
}

/// What can happen to a session. Meet unknown kinds calmly.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum SessionEventKind {
    /// An operator took it.
    Claimed,
    /// Somebody gave it to an operator.
    Assigned,
    /// It went back to the queue.
    Returned,
    /// It has another name.
    Renamed,
    /// An item was bound.
    Bound,
    /// An item was unbound.
    Unbound,
    /// It was closed.
    Closed,
}

impl From<EventKind> for SessionEventKind {
    fn from(kind: EventKind) -> Self {
        match kind {
            EventKind::Claimed => Self::Claimed,
            EventKind::Assigned => Self::Assigned,
            EventKind::Returned => Self::Returned,
            EventKind::Renamed => Self::Renamed,
            EventKind::Bound => Self::Bound,
            EventKind::Unbound => Self::Unbound,
            EventKind::Closed => Self::Closed,
        }
    }
}

/// A session's last message, shortened. It has no id, so that its short text never overwrites a
/// message in a cache.
#[derive(SimpleObject, Clone)]
pub struct MessagePreview {
    /// Whether the client or an operator wrote it.
    pub kind: MessageKind,
    /// The author's name, shortened.
    pub author_name: String,
    /// By which channel.
    pub channel: Option<Channel>,
    /// The text, shortened.
    pub text: String,
    /// When it was sent.
    pub sent_at: DateTime,
}
