//! Sessions.

use std::sync::Arc;

use async_graphql::{Context, Description, Enum, ID, Object, Result};
use domain::access::Act;
use domain::live_chat::WayOut;
use domain::{SessionId, State};

use super::app::Binding;
use super::channel::Channel;
use super::client::Client;
use super::employee::Employee;
use super::live_chat::LiveChat;
use super::message::{self, MessageConnection, MessagePreview};
use super::search::{self, MessageSearchConnection};
use super::template::{self, TemplateConnection};
use crate::guard::QueryOnly;
use crate::id::GlobalId;
use crate::loader;
use crate::page::{Arguments, weight};
use crate::request::{Request, request};
use crate::scalar::{DateTime, Version, int};

/// The states of a session.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum SessionState {
    /// The session waits in the queue: no operator has it.
    Queued,
    /// The session is assigned to an operator.
    Assigned,
    /// The session has ended, for good: the client's next message opens a new session.
    Closed,
}

/// A request of a client, from the first message until the session is closed. A client has at most
/// one open session in a live chat.
#[derive(Clone, Description)]
pub struct Session(pub Arc<domain::Session>);

impl Session {
    pub(crate) fn new(session: domain::Session) -> Self {
        Self(Arc::new(session))
    }

    /// Returns the session with this id, if the employee may read it.
    pub(crate) async fn find(request: &Request, id: &SessionId) -> Result<Option<Self>> {
        Ok(request.readable(id).await?.map(Self::new))
    }

    /// Returns the way of an answer by its channel.
    async fn way_out(&self, request: &Request) -> Result<WayOut> {
        let live_chat = request.load(loader::LiveChat(self.0.live_chat.clone())).await?;
        let channel = live_chat.as_ref().and_then(|place| place.channel(&self.0.channel));
        Ok(channel.map_or(WayOut::Nowhere, domain::Channel::way_out))
    }
}

#[Object(use_type_description)]
impl Session {
    /// The global id.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        request(context)?.id(&GlobalId::Session(self.0.id.clone()))
    }

    /// The version of the session. An answer and a push may overtake each other: keep the object
    /// with the greater version.
    async fn version(&self) -> Version {
        Version::of(self.0.version)
    }

    /// The name: at first from the live chat's template, later as an employee renamed it.
    pub(crate) async fn name(&self) -> &str {
        &self.0.name
    }

    /// The state: queued, assigned or closed.
    async fn state(&self) -> SessionState {
        match self.0.state {
            State::Queued => SessionState::Queued,
            State::Assigned { .. } => SessionState::Assigned,
            State::Closed { .. } => SessionState::Closed,
        }
    }

    /// True if the session is queued, so that no operator has it. Pages show it as the mark New.
    async fn is_new(&self) -> bool {
        self.0.is_queued()
    }

    /// The number of the client's unread messages. While the session is queued: all of its client
    /// messages. While it is assigned: those that its operator has not read. Once it is closed: 0.
    /// The number is the same for everyone who sees the session.
    async fn unread_count(&self) -> i32 {
        int(self.0.unread())
    }

    /// The `seq` of the last entry of the dialog that you have read, or 0 if you have read none.
    /// Pages show the line "new" after it.
    async fn viewer_read_seq(&self, context: &Context<'_>) -> Result<i32> {
        let request = request(context)?;
        let person = &request.person()?.id;
        if self.0.assignee() == Some(person) {
            return Ok(int(self.0.read_seq));
        }
        let line = loader::Position(person.clone(), self.0.id.conversation.clone());
        let seq = request.load(line).await?.map_or(0, |position| position.seq);
        Ok(int(seq.min(self.0.seq)))
    }

    /// The live chat that the client wrote to.
    async fn live_chat(&self) -> LiveChat {
        LiveChat(self.0.live_chat.clone())
    }

    /// The operator who has the session. For a closed session: the operator who had it when it was
    /// closed. Null while it is queued, and if it was closed while it was queued.
    async fn operator(&self) -> Option<Employee> {
        self.0.operator().cloned().map(Employee)
    }

    /// The client.
    async fn client(&self) -> Client {
        Client::of(&self.0)
    }

    /// The channel by which the client opened the session.
    async fn channel(&self) -> Channel {
        Channel { live_chat: self.0.live_chat.clone(), id: self.0.channel.clone() }
    }

    /// The time when the session's first message arrived. The queue is in this order.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.0.opened_at)
    }

    /// The time when the client sent the first message of this session, as the channel gives it. It
    /// is earlier than `openedAt` if the channel delivered the message late.
    async fn first_message_at(&self) -> DateTime {
        DateTime(self.0.first_message_at)
    }

    /// The time when the last message of the client or of an operator arrived. Notes and events do
    /// not change it.
    async fn last_message_at(&self) -> DateTime {
        DateTime(self.0.last_message_at)
    }

    /// The time when the client's oldest message without an answer arrived. Null if no message
    /// waits for an answer, and once the session is closed.
    async fn waiting_since(&self) -> Option<DateTime> {
        self.0.waiting_since.map(DateTime)
    }

    /// The time when the session was closed. Null while it is open.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at().map(DateTime)
    }

    /// The time until which the channel takes answers: for `WHATSAPP`, 24 hours after the client's
    /// last message. Null if there is no end, and once the session is closed.
    async fn reply_until(&self, context: &Context<'_>) -> Result<Option<DateTime>> {
        if self.0.is_closed() {
            return Ok(None);
        }
        let way_out = self.way_out(request(context)?).await?;
        Ok(self.0.reply_until(way_out).map(DateTime))
    }

    /// The last message of the client or of an operator, shortened.
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

    /// The dialog: the entries of this session and, before them, those of all earlier sessions with
    /// this client in this live chat. They form one sequence, oldest first. Give `first` or `last`,
    /// not both. `first` and `aroundSeq` together return one page with that entry in the middle.
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
        #[graphql(desc = "The `seq` of the entry in the middle of the page. It goes with \
                    `first` alone.")]
        around_seq: Option<i32>,
    ) -> Result<MessageConnection> {
        let arguments = Arguments { first, after, last, before, around: around_seq };
        message::of_dialog(request(context)?, &self.0, &arguments).await
    }

    /// The items that the session is bound to, first bound first. At most 50.
    #[graphql(complexity = "10 * child_complexity")]
    async fn bindings(&self, context: &Context<'_>) -> Result<Vec<Binding>> {
        let info = request(context)?.load(loader::ClientInfo(self.0.id.clone())).await?;
        let bindings = info.map(|info| info.bindings).unwrap_or_default();
        Ok(bindings.into_iter().map(Binding::from).collect())
    }

    /// The ready answers of the session's live chat, by title, with their variables filled in for
    /// this session. The variables are {client}, {clientFirstName}, {operator},
    /// {operatorFirstName}, {liveChat} and {session}. While no operator has the session, you are
    /// the operator.
    #[graphql(guard = "QueryOnly", complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn templates(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Words, at most 200 characters in all. Each must be part of the title \
                    or of the text. Blank or left out: all templates.")]
        query: Option<String>,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
    ) -> Result<TemplateConnection> {
        template::of_session(request(context)?, &self.0, query, first, after).await
    }

    /// The messages and notes of the dialog that have every word of the query, newest first. The
    /// dialog is the one that `messages` shows; its events are not searched. Words are compared as
    /// in `Viewer.searchSessions`. A blank query finds nothing. A page may be short or empty
    /// although there is more: go on from `endCursor` while `hasNextPage` is true.
    #[graphql(
        guard = "QueryOnly",
        complexity = "40 + weight(Some(first), None) * child_complexity"
    )]
    async fn search_messages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The words to find, at most 200 characters in all.")] query: String,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
    ) -> Result<MessageSearchConnection> {
        search::messages(request(context)?, self, &query, first, after.as_deref()).await
    }

    /// True if you can claim the session. The `viewerCan` fields leave your presence out: while you
    /// are offline, pages must disable all of them.
    async fn viewer_can_claim(&self, context: &Context<'_>) -> Result<bool> {
        request(context)?.offered(Act::Claim, &self.0).await
    }

    /// True if you can send a message to the client. Sending to a queued session claims it. False
    /// if the channel cannot take an answer: see `Channel.canReply` and `replyUntil`.
    async fn viewer_can_reply(&self, context: &Context<'_>) -> Result<bool> {
        let request = request(context)?;
        if !request.offered(Act::Reply, &self.0).await? {
            return Ok(false);
        }
        let way_out = self.way_out(request).await?;
        Ok(self.0.way_refusal(way_out, request.store.now()).is_none())
    }

    /// True if you can add a note.
    async fn viewer_can_note(&self, context: &Context<'_>) -> Result<bool> {
        request(context)?.offered(Act::Note, &self.0).await
    }

    /// True if you can assign the session to an operator.
    async fn viewer_can_assign(&self, context: &Context<'_>) -> Result<bool> {
        request(context)?.offered(Act::Assign, &self.0).await
    }

    /// True if you can return the session to the queue.
    async fn viewer_can_return(&self, context: &Context<'_>) -> Result<bool> {
        request(context)?.offered(Act::Return, &self.0).await
    }

    /// True if you can close the session.
    async fn viewer_can_close(&self, context: &Context<'_>) -> Result<bool> {
        request(context)?.offered(Act::Close, &self.0).await
    }

    /// True if you can rename the session. The last operator and supervisors can rename it after it
    /// was closed, too.
    async fn viewer_can_rename(&self, context: &Context<'_>) -> Result<bool> {
        request(context)?.offered(Act::Rename, &self.0).await
    }

    /// True if you can bind the session to items and unbind it. Always false for an internal
    /// client.
    async fn viewer_can_bind(&self, context: &Context<'_>) -> Result<bool> {
        request(context)?.offered(Act::Bind, &self.0).await
    }
}
