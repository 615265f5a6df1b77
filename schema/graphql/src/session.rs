//! Sessions.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use domain::State;
use domain::access::Act;

use crate::app::Binding;
use crate::ask::ask;
use crate::client::Client;
use crate::employee::Employee;
use crate::error::fault;
use crate::feed::refused_in_pushes;
use crate::id::GlobalId;
use crate::live_chat::{Channel, LiveChat};
use crate::loader;
use crate::message::{Message, MessagePreview};
use crate::page::{Asked, MessageConnection, TemplateConnection, weight};
use crate::scalar::{DateTime, Version, int};
use crate::search::{self, MessageSearchConnection};
use crate::template;

/// Where a session stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum SessionState {
    /// Nobody has it.
    Queued,
    /// An operator has it.
    Assigned,
    /// It is over.
    Closed,
}

/// The groups that the sessions of a live chat are listed in.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum SessionGroup {
    /// All that are open, last message first; empty for who is not a supervisor there.
    Active,
    /// Those that are over, last closed first: of an operator those they had at the close, of a
    /// supervisor all.
    Closed,
    /// Those that nobody has, longest waiting first: the order in which claimNextSession takes.
    Queue,
    /// Those that are assigned to me, last message first.
    My,
}

/// Which sessions of a list to leave.
#[derive(InputObject, Clone, Copy, Debug, Default)]
pub struct SessionFilter {
    /// Only those with unread messages, or only those without.
    pub unread: Option<bool>,
    /// Only those whose client waits for an answer, or only those where it is the client's turn.
    pub waiting_for_reply: Option<bool>,
}

impl SessionFilter {
    pub(crate) fn lets(self, session: &domain::Session) -> bool {
        self.unread.is_none_or(|wanted| (session.unread() > 0) == wanted)
            && self.waiting_for_reply.is_none_or(|wanted| session.waiting_since.is_some() == wanted)
    }
}

/// One request of a client, from the first message until it is closed.
#[derive(Clone)]
pub struct Session(pub Arc<domain::Session>);

impl Session {
    pub(crate) fn new(session: domain::Session) -> Self {
        Self(Arc::new(session))
    }
}

/// One request of a client, from the first message until it is closed.
#[Object]
impl Session {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        ask(context)?.id(&GlobalId::Session(self.0.id.clone()))
    }

    /// How new this is: keep the greater, because an answer and a push may overtake each other.
    async fn version(&self) -> Version {
        Version::of(self.0.version)
    }

    /// The name.
    pub(crate) async fn name(&self) -> &str {
        &self.0.name
    }

    /// Where it stands.
    async fn state(&self) -> SessionState {
        match self.0.state {
            State::Queued => SessionState::Queued,
            State::Assigned { .. } => SessionState::Assigned,
            State::Closed { .. } => SessionState::Closed,
        }
    }

    /// Whether nobody has it: the mark New.
    async fn is_new(&self) -> bool {
        self.0.is_queued()
    }

    /// Messages of the client that are unread: of a queued session all, of an assigned one those
    /// its operator has not read, of a closed one 0. The same for everybody who sees it.
    async fn unread_count(&self) -> i32 {
        int(self.0.unread())
    }

    /// Up to which `seq` I have read: where the line "new" stands in the dialog.
    async fn viewer_read_seq(&self, context: &Context<'_>) -> Result<i32> {
        let ask = ask(context)?;
        let person = &ask.person()?.id;
        if self.0.assignee() == Some(person) {
            return Ok(int(self.0.read_seq));
        }
        let line = loader::Line(person.clone(), self.0.id.conversation.clone());
        let seq = ask.load(line).await?.map_or(0, |position| position.seq);
        Ok(int(seq.min(self.0.seq)))
    }

    /// Where it arrived.
    async fn live_chat(&self) -> LiveChat {
        LiveChat(self.0.live_chat.clone())
    }

    /// Who has it; of a closed one who had it at the close.
    async fn operator(&self) -> Option<Employee> {
        self.0.operator().cloned().map(Employee)
    }

    /// Who wrote.
    async fn client(&self) -> Client {
        Client::of(&self.0)
    }

    /// The channel it was opened by.
    async fn channel(&self) -> Channel {
        Channel { live_chat: self.0.live_chat.clone(), id: self.0.channel.clone() }
    }

    /// When it was opened: when its first message arrived. The queue is in this order.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.0.opened_at)
    }

    /// When the first message of this session was sent, as the message itself says: before it
    /// arrived, where the client's channel was late.
    async fn first_message_at(&self) -> DateTime {
        DateTime(self.0.first_message_at)
    }

    /// When the last message of client or operator arrived. Notes and events do not move it.
    async fn last_message_at(&self) -> DateTime {
        DateTime(self.0.last_message_at)
    }

    /// Since when the client waits for an answer; null when it is the client's turn.
    async fn waiting_since(&self) -> Option<DateTime> {
        self.0.waiting_since.map(DateTime)
    }

    /// When it was closed.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at().map(DateTime)
    }

    /// The last message, shortened.
    async fn preview(&self) -> MessagePreview {
        let preview = &self.0.preview;
        let live_chat = &self.0.live_chat;
        MessagePreview {
            kind: preview.kind.into(),
            author_name: preview.author_name.clone(),
            channel: preview.channel.clone().map(|id| Channel { live_chat: live_chat.clone(), id }),
            text: preview.text.clone(),
            sent_at: DateTime(preview.sent_at),
        }
    }

    /// The dialog: this session and, before it, all earlier ones with this client in this live
    /// chat, as one sequence, oldest to newest. With `aroundSeq` and `first`: one page with that
    /// entry in the middle.
    #[graphql(complexity = "2 + weight(first, last) * child_complexity")]
    async fn messages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
        #[graphql(desc = "The entry that should stand in the middle.")] around_seq: Option<i32>,
    ) -> Result<MessageConnection> {
        refused_in_pushes(context)?;
        let ask = ask(context)?;
        let asked = Asked { first, after, last, before, around: around_seq };
        let span = asked.span(self.0.seq)?;
        let entries = ask
            .store
            .entries(ask.tenant()?, &self.0.id.conversation, span.first, span.last)
            .await
            .map_err(|failed| fault(&failed))?;
        let entries = entries
            .into_iter()
            .map(|entry| {
                let place = entry.seq.to_string();
                (place, Message { entry: Arc::new(entry), dialog: self.0.clone() })
            })
            .collect();
        Ok(MessageConnection::of(entries, None, span.has_previous(), span.has_next()))
    }

    /// The items that it is bound to, first bound first: at most 50.
    #[graphql(complexity = "10 * child_complexity")]
    async fn bindings(&self, context: &Context<'_>) -> Result<Vec<Binding>> {
        let info = ask(context)?.load(loader::Info(self.0.id.clone())).await?;
        let bindings = info.map(|info| info.bindings).unwrap_or_default();
        Ok(bindings.into_iter().map(Binding::from).collect())
    }

    /// Ready answers of its live chat, found by typing, with the variables filled in: {client} and
    /// {clientFirstName}, {operator} and {operatorFirstName}, which is me while nobody has it,
    /// {liveChat} and {session}.
    #[graphql(complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn templates(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Words that all have to be in title or text; blank finds all.")]
        query: Option<String>,
        #[graphql(desc = "How many, 1 to 100.")] first: i32,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
    ) -> Result<TemplateConnection> {
        refused_in_pushes(context)?;
        template::of_session(ask(context)?, &self.0, query, first, after).await
    }

    /// The messages and notes of the dialog, as `messages` shows it, that have every word of the
    /// query, newest first; not its events. Words are compared as in `searchSessions`, a word matches
    /// from any part, and a blank query finds nothing. A page may be short or empty while there is
    /// more.
    #[graphql(complexity = "40 + weight(Some(first), None) * child_complexity")]
    async fn search_messages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Words, at most 200 characters in all.")] query: String,
        #[graphql(desc = "How many, 1 to 100.")] first: i32,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
    ) -> Result<MessageSearchConnection> {
        refused_in_pushes(context)?;
        search::messages(ask(context)?, self, &query, first, after.as_deref()).await
    }

    /// Whether I can take it. Presence is left out of all of these: offline, disable them all.
    async fn viewer_can_claim(&self, context: &Context<'_>) -> Result<bool> {
        ask(context)?.offered(Act::Claim, &self.0).await
    }

    /// Whether I can answer the client; answering a queued session takes it.
    async fn viewer_can_reply(&self, context: &Context<'_>) -> Result<bool> {
        ask(context)?.offered(Act::Reply, &self.0).await
    }

    /// Whether I can write a note.
    async fn viewer_can_note(&self, context: &Context<'_>) -> Result<bool> {
        ask(context)?.offered(Act::Note, &self.0).await
    }

    /// Whether I can give it to an operator.
    async fn viewer_can_assign(&self, context: &Context<'_>) -> Result<bool> {
        ask(context)?.offered(Act::Assign, &self.0).await
    }

    /// Whether I can put it back into the queue.
    async fn viewer_can_return(&self, context: &Context<'_>) -> Result<bool> {
        ask(context)?.offered(Act::Return, &self.0).await
    }

    /// Whether I can close it.
    async fn viewer_can_close(&self, context: &Context<'_>) -> Result<bool> {
        ask(context)?.offered(Act::Close, &self.0).await
    }

    /// Whether I can give it another name.
    async fn viewer_can_rename(&self, context: &Context<'_>) -> Result<bool> {
        ask(context)?.offered(Act::Rename, &self.0).await
    }

    /// Whether I can bind it to items and unbind it: never, when the client is internal.
    async fn viewer_can_bind(&self, context: &Context<'_>) -> Result<bool> {
        ask(context)?.offered(Act::Bind, &self.0).await
    }
}
