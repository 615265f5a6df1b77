//! Subscriptions: what they listen to, and what they say of an event.
//!
//! A subscription's document runs twice. When it is subscribed it runs with a probe, which notes
//! what it listens to and yields nothing: that is the whole validation. When something happened it
//! runs with the event and yields one value, or none when the event is not for the one who
//! listens: the access rule is asked then, about everything as it is then.

use std::sync::{Arc, Mutex};

use async_graphql::{
    Context, Enum, Error, ID, Object, Result, SelectionField, SimpleObject, Subscription, Union,
};
use domain::alert::{self, Audience};
use domain::id::digest;
use domain::session::ActKind;
use domain::{ConversationId, EmployeeId, LiveChatId, SessionId, access};
use futures::stream;

use crate::ask::{Ask, ask};
use crate::client::Client;
use crate::conversation::{Conversation, ConversationMessage, no_such_live_chat};
use crate::counters::Counters;
use crate::employee::{Actor, Employee, System};
use crate::error::Code;
use crate::id::GlobalId;
use crate::loader;
use crate::message::Message;
use crate::scalar::{DateTime, Version};
use crate::session::Session;
use crate::typing::{ConversationTyping, Typing, Typist};

/// The topic of a subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Topic {
    /// The subscriber's counters.
    Counters,
    /// The sessions that the subscriber may see, of one live chat or of all.
    Sessions(Option<LiveChatId>),
    /// The subscriber's alerts.
    Alerts,
    /// The presence of colleagues, of one live chat or of all.
    Presence(Option<LiveChatId>),
    /// A dialog up to a session, after an entry or live only.
    Messages(SessionId, Option<u64>),
    /// A client's own side, after a message or live only.
    ConversationMessages(ConversationId, Option<u64>),
    /// The typing signals in a dialog.
    Typing(SessionId),
    /// Both: the entries of a dialog up to a session, after one or live only, and its typing
    /// signals.
    Dialog(SessionId, Option<u64>),
    /// The typing signals from the desk, for the client of a conversation.
    ConversationTyping(ConversationId),
}

/// The result of a probe of a subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heard {
    /// The topic.
    pub topic: Topic,
    /// True if the results depend on the subscriber, so that one result cannot serve several.
    pub is_personal: bool,
}

/// An event to push.
#[derive(Clone, Debug)]
pub enum Event {
    /// The subscriber's counters may have changed.
    Counters,
    /// The subscriber should read their lists again.
    Ready,
    /// A session changed.
    Session {
        /// The session before the change; none for a new one.
        before: Option<Arc<domain::Session>>,
        /// The session after the change.
        after: Arc<domain::Session>,
    },
    /// A session's change may be worth an alert.
    Alert {
        /// The session before the change; none for a new one.
        before: Option<Arc<domain::Session>>,
        /// The session after the change.
        after: Arc<domain::Session>,
    },
    /// The presence of this employee changed.
    Presence(EmployeeId),
    /// A person is typing.
    Typing(Typist),
    /// An entry came to a dialog.
    Message {
        /// The entry.
        entry: Arc<domain::Message>,
        /// A session of the dialog.
        dialog: Arc<domain::Session>,
    },
}

/// The way in which a subscription's document runs.
pub(crate) enum Feed {
    /// To find out its topics.
    Probe(Arc<Mutex<Vec<Heard>>>),
    /// To push an event.
    Push(Event),
}

type Pushed<T> = stream::Iter<std::option::IntoIter<T>>;

fn pushed<T>(value: Option<T>) -> Pushed<T> {
    stream::iter(value)
}

/// The fields with pages. They are refused under a subscription, so that a push never reads lists.
pub(crate) const PAGED: [&str; 6] =
    ["items", "messages", "searchMessages", "searchSessions", "sessions", "templates"];

/// The fields that depend on the caller although their names do not begin with `viewer`. The
/// contract names them.
const PERSONAL: [&str; 1] = ["inboundPath"];

/// Refuses a list under a subscription.
pub(crate) fn refused_in_pushes(context: &Context<'_>) -> Result<(), Error> {
    match context.data_opt::<Feed>() {
        None => Ok(()),
        Some(_) => Err(no_lists()),
    }
}

fn no_lists() -> Error {
    Code::BadUserInput.error("A subscription cannot ask for lists: query them.")
}

/// Returns the event to push, or `None` for a probe, for which it notes the topic.
fn heard<'a>(context: &Context<'a>, topic: Topic) -> Result<Option<&'a Event>, Error> {
    match context.data::<Feed>()? {
        Feed::Push(event) => Ok(Some(event)),
        Feed::Probe(found) => {
            let mut selected = Vec::new();
            select(context.field(), &mut selected);
            if selected.iter().any(|name| PAGED.contains(&name.as_str())) {
                return Err(no_lists());
            }
            let is_personal = selected
                .iter()
                .any(|name| name.starts_with("viewer") || PERSONAL.contains(&name.as_str()));
            if let Ok(mut found) = found.lock() {
                found.push(Heard { topic, is_personal });
            }
            Ok(None)
        }
    }
}

/// Adds the names of all fields selected below one.
fn select(field: SelectionField<'_>, names: &mut Vec<String>) {
    for inner in field.selection_set() {
        names.push(inner.name().to_owned());
        select(inner, names);
    }
}

/// The events that the service pushes to you.
#[derive(Default)]
pub struct Feeds;

/// The events that the service pushes to you. `conversationMessages` and `conversationTyping` are
/// for clients, all others for employees.
///
/// Delivery is at least once. The service pushes whole objects with absolute values: put them into
/// your cache by `id`, and keep the object with the greater `version`.
///
/// The service ends an operation that it cannot continue without a loss, for example after more
/// than 500 missed entries, with an error of code `RESYNC`. Then read the state again and subscribe
/// again.
///
/// A subscription cannot select the paged lists `items`, `messages`, `searchMessages`,
/// `searchSessions`, `sessions` and `templates` of an object: the error is `BAD_USER_INPUT`. One
/// connection can have at most 100 operations at a time: the error of one more is `RATE_LIMITED`.
#[Subscription(name = "Subscription")]
impl Feeds {
    /// Your counters. The service pushes the current values first, then the new values after every
    /// change. Several changes at the same time are pushed as one.
    async fn counters(&self, context: &Context<'_>) -> Result<Pushed<Counters>> {
        let ask = ask(context)?;
        ask.person()?;
        Ok(pushed(match heard(context, Topic::Counters)? {
            Some(Event::Counters) => Some(Counters::read(ask).await?),
            _ => None,
        }))
    }

    /// Changes of the sessions that you may see. The first push after every connection is `READY`,
    /// which has no session: read your lists again then. A list that you read after `READY` misses
    /// no change; the groups `ACTIVE` and `CLOSED` of `LiveChat.sessions` may show it a moment
    /// later.
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of a live chat: only its sessions are pushed. Default: \
                    all your live chats. `FORBIDDEN` if you have no role there.")]
        live_chat_id: Option<ID>,
    ) -> Result<Pushed<SessionChange>> {
        let ask = ask(context)?;
        let live_chat = own_live_chat(ask, live_chat_id).await?;
        Ok(pushed(match heard(context, Topic::Sessions(live_chat.clone()))? {
            Some(Event::Ready) => Some(SessionChange::ready()),
            Some(Event::Session { before, after })
                if live_chat.is_none_or(|id| id == after.live_chat) =>
            {
                SessionChange::of(ask, before.as_deref(), after).await?
            }
            _ => None,
        }))
    }

    /// The entries of a dialog: those of the session and of all earlier sessions with the same
    /// client. With `afterSeq`, the service pushes all entries after it in order, then new entries
    /// as they arrive. Without it, the service pushes new entries only. The operation completes
    /// when you may no longer see the session.
    async fn messages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session. `FORBIDDEN` if it does not exist or \
                    you may not see it.")]
        session_id: ID,
        #[graphql(desc = "The `seq` of the last entry that you have. 0: from the start of the \
                    dialog.")]
        after_seq: Option<i32>,
    ) -> Result<Pushed<Message>> {
        let topic = |id| Topic::Messages(id, after(after_seq));
        let (id, event) = heard_of_dialog(context, &session_id, topic).await?;
        Ok(pushed(event.and_then(|event| entry_up_to(&id, event))))
    }

    /// The client and the colleagues who are typing in a session, never yourself. Nothing of it is
    /// stored or pushed again later. The operation completes when you may no longer see the
    /// session.
    async fn typing(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session. `FORBIDDEN` if it does not exist or \
                    you may not see it.")]
        session_id: ID,
    ) -> Result<Pushed<Typing>> {
        let (_, event) = heard_of_dialog(context, &session_id, Topic::Typing).await?;
        Ok(pushed(match event {
            Some(Event::Typing(typist)) => Some(typist.into()),
            _ => None,
        }))
    }

    /// The events of an open dialog in one operation: its entries, exactly as `messages` pushes
    /// them, and who is typing, exactly as `typing` pushes it. The operation completes when you may
    /// no longer see the session.
    async fn dialog(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session. `FORBIDDEN` if it does not exist or \
                    you may not see it.")]
        session_id: ID,
        #[graphql(desc = "The `seq` of the last entry that you have. 0: from the start of the \
                    dialog.")]
        after_seq: Option<i32>,
    ) -> Result<Pushed<DialogEvent>> {
        let topic = |id| Topic::Dialog(id, after(after_seq));
        let (id, event) = heard_of_dialog(context, &session_id, topic).await?;
        Ok(pushed(match event {
            Some(Event::Typing(typist)) => Some(DialogEvent::Typing(typist.into())),
            Some(event) => entry_up_to(&id, event).map(DialogEvent::Message),
            None => None,
        }))
    }

    /// For clients: the operator who is typing an answer to you. Nothing of it is stored or pushed
    /// again later.
    async fn conversation_typing(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat. Required for an internal client. The \
                    token of any other client names the live chat.")]
        live_chat_id: Option<ID>,
    ) -> Result<Pushed<ConversationTyping>> {
        let ask = ask(context)?;
        ask.tenant()?;
        let conversation = Conversation::of(ask, live_chat_id.as_ref()).await?;
        let conversation = conversation.ok_or_else(no_such_live_chat)?;
        Ok(pushed(match heard(context, Topic::ConversationTyping(conversation.id))? {
            Some(Event::Typing(typist)) => Some(typist.into()),
            _ => None,
        }))
    }

    /// Events that should notify you as an operator. Your own actions raise no alert. Alerts are
    /// not stored, and not repeated after a lost connection: lists and counters always show the
    /// current state.
    async fn alerts(&self, context: &Context<'_>) -> Result<Pushed<Alert>> {
        let ask = ask(context)?;
        ask.person()?;
        Ok(pushed(match heard(context, Topic::Alerts)? {
            Some(Event::Alert { before, after }) => {
                Alert::of(ask, before.as_deref(), after).await?
            }
            _ => None,
        }))
    }

    /// Your colleagues and you, whenever a presence changes. Colleagues are the employees with whom
    /// you share a live chat. When an employee goes offline without choosing to, the service
    /// notices it at its next check, within a minute.
    async fn presence(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of a live chat: only its members are pushed. Default: \
                    all your live chats. `FORBIDDEN` if you have no role there.")]
        live_chat_id: Option<ID>,
    ) -> Result<Pushed<Employee>> {
        let ask = ask(context)?;
        let live_chat = own_live_chat(ask, live_chat_id).await?;
        Ok(pushed(match heard(context, Topic::Presence(live_chat.clone()))? {
            Some(Event::Presence(employee)) => {
                let is_shown = is_colleague(ask, employee, live_chat.as_ref()).await?;
                is_shown.then(|| Employee(employee.clone()))
            }
            _ => None,
        }))
    }

    /// For clients: your own messages and the answers to you. With `afterSeq`, the service pushes
    /// all messages after it in order, then new messages as they arrive. Without it, the service
    /// pushes new messages only.
    async fn conversation_messages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat. Required for an internal client. The \
                    token of any other client names the live chat.")]
        live_chat_id: Option<ID>,
        #[graphql(desc = "The `seq` of the last message that you have. 0: from the start of \
                    the conversation.")]
        after_seq: Option<i32>,
    ) -> Result<Pushed<ConversationMessage>> {
        let ask = ask(context)?;
        ask.tenant()?;
        let conversation = Conversation::of(ask, live_chat_id.as_ref()).await?;
        let conversation = conversation.ok_or_else(no_such_live_chat)?;
        let topic = Topic::ConversationMessages(conversation.id, after(after_seq));
        Ok(pushed(match heard(context, topic)? {
            Some(Event::Message { entry, .. }) if entry.kind.is_for_clients() => {
                Some(ConversationMessage(entry.clone()))
            }
            _ => None,
        }))
    }
}

/// An event of an open dialog: a new or changed entry, or a person who is typing. More types may be
/// added: applications must ignore a type that they do not know.
#[derive(Union, Clone)]
pub enum DialogEvent {
    /// An entry came, or changed.
    Message(Message),
    /// Somebody types.
    Typing(Typing),
}

/// Returns the number to begin after. A number below 1 means from the beginning.
fn after(seq: Option<i32>) -> Option<u64> {
    seq.map(|seq| u64::try_from(seq).unwrap_or(0))
}

/// Returns the session whose dialog the subscription is for, and the event to push. At the start,
/// the subscriber has to see the session; later, the fan-out checks that before each event.
async fn heard_of_dialog<'a>(
    context: &Context<'a>,
    session: &ID,
    topic: impl FnOnce(SessionId) -> Topic,
) -> Result<(SessionId, Option<&'a Event>)> {
    let ask = ask(context)?;
    ask.person()?;
    let Some(GlobalId::Session(id)) = ask.named(session) else { return Err(no_such_session()) };
    let event = heard(context, topic(id.clone()))?;
    if event.is_none() && ask.readable(&id).await?.is_none() {
        return Err(no_such_session());
    }
    Ok((id, event))
}

/// Returns the entry of an event, when it is part of the dialog up to a session.
fn entry_up_to(session: &SessionId, event: &Event) -> Option<Message> {
    match event {
        Event::Message { entry, dialog } if entry.ordinal <= session.ordinal => {
            Some(Message { entry: entry.clone(), dialog: dialog.clone() })
        }
        _ => None,
    }
}

fn no_such_session() -> Error {
    Code::Forbidden.error("There is no such session, or not for you.")
}

/// Returns the live chat that a subscription is limited to. The subscriber must have a role there.
async fn own_live_chat(ask: &Ask, id: Option<ID>) -> Result<Option<LiveChatId>> {
    ask.person()?;
    let Some(id) = id else { return Ok(None) };
    let Some(GlobalId::LiveChat(id)) = ask.named(&id) else { return Err(no_such_live_chat()) };
    if !ask.roles(&id).await?.is_member() {
        return Err(no_such_live_chat());
    }
    Ok(Some(id))
}

/// Returns true if an employee is the subscriber or shares a live chat with them.
async fn is_colleague(
    ask: &Ask,
    employee: &EmployeeId,
    live_chat: Option<&LiveChatId>,
) -> Result<bool> {
    let mine = ask.desk().await?;
    let is_me = *employee == mine.employee.id;
    let Some(theirs) = ask.load(loader::Desk(employee.clone())).await? else { return Ok(is_me) };
    Ok(match live_chat {
        None => is_me || theirs.live_chats().any(|id| mine.roles(id).is_member()),
        Some(id) => theirs.roles(id).is_member() && mine.roles(id).is_member(),
    })
}

/// A change of a session that you see, or saw until this change.
#[derive(SimpleObject, Clone)]
pub struct SessionChange {
    /// The action that changed the session. Use it for sounds and wording only: `session` shows the
    /// state.
    pub kind: SessionChangeKind,
    /// The session as it is now. Null for `READY` and `REMOVED`.
    pub session: Option<Session>,
    /// The global id of the session that you may no longer see. Null for all kinds other than
    /// `REMOVED`.
    pub removed_id: Option<ID>,
    /// The client, the employee or the system that changed the session. For `REMOVED`: the operator
    /// who has the session now, or, if no operator has it, the one that changed it. Null for
    /// `READY`.
    pub by: Option<Actor>,
    /// For `REMOVED`: the operator who has the session now, or null if no operator has it, for
    /// example because it is closed. Null for all other kinds.
    pub held_by: Option<Employee>,
    /// The version of the session. All zeros for `READY`.
    pub version: Version,
}

/// The actions that change a session. More values may be added: for a value that they do not know,
/// applications must merge `session` into their cache as for any other.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum SessionChangeKind {
    /// No single session: read your lists again. It is pushed first after every connection, and
    /// again when your roles change or when too many sessions change at once.
    Ready,
    /// A client opened the session.
    Opened,
    /// The client or an operator wrote a message, or an employee wrote a note.
    Message,
    /// The operator's read mark moved.
    Read,
    /// An operator claimed the session, also by answering it while it was queued.
    Claimed,
    /// An employee assigned the session to an operator.
    Assigned,
    /// The session returned to the queue.
    Returned,
    /// The session got another name, or its client gave a new name or new contacts.
    Renamed,
    /// The session was bound to an item or unbound from one.
    Bound,
    /// The session was closed.
    Closed,
    /// You may no longer see the session: remove the session `removedId` from your lists.
    Removed,
}

impl From<ActKind> for SessionChangeKind {
    fn from(kind: ActKind) -> Self {
        match kind {
            ActKind::Opened => Self::Opened,
            ActKind::Message => Self::Message,
            // What a newer version does rings nowhere: the session says what is.
            ActKind::Read | ActKind::Unknown => Self::Read,
            ActKind::Claimed => Self::Claimed,
            ActKind::Assigned => Self::Assigned,
            ActKind::Returned => Self::Returned,
            ActKind::Renamed => Self::Renamed,
            ActKind::Bound => Self::Bound,
            ActKind::Closed => Self::Closed,
        }
    }
}

impl SessionChange {
    fn ready() -> Self {
        Self {
            kind: SessionChangeKind::Ready,
            session: None,
            removed_id: None,
            by: None,
            held_by: None,
            version: Version::of(0),
        }
    }

    /// Returns the change for the subscriber: the session as it is now, or its removal when they
    /// may no longer see it, or none.
    async fn of(
        ask: &Ask,
        before: Option<&domain::Session>,
        after: &domain::Session,
    ) -> Result<Option<Self>> {
        let person = &ask.person()?.id;
        let roles = ask.roles(&after.live_chat).await?;
        let Some(now) = ask.load(loader::Head(after.id.clone())).await? else { return Ok(None) };
        let by = Some(actor(after));
        if access::sees(&now, person, roles) {
            return Ok(Some(Self {
                kind: now.last.kind.into(),
                version: Version::of(now.version),
                session: Some(Session::new(now)),
                removed_id: None,
                by,
                held_by: None,
            }));
        }
        if !before.is_some_and(|before| access::sees(before, person, roles)) {
            return Ok(None);
        }
        // Who has it now, whoever gave it to them.
        let held_by = now.assignee().map(|operator| Employee(operator.clone()));
        let by = held_by.clone().map(Actor::Employee).or(by);
        Ok(Some(Self {
            kind: SessionChangeKind::Removed,
            session: None,
            removed_id: Some(ask.id(&GlobalId::Session(after.id.clone()))?),
            by,
            held_by,
            version: Version::of(now.version),
        }))
    }
}

fn actor(session: &domain::Session) -> Actor {
    match &session.last.by {
        domain::Actor::Client { .. } => Actor::Client(Client::of(session)),
        domain::Actor::Employee(id) => Actor::Employee(Employee(id.clone())),
        domain::Actor::System => Actor::System(System),
    }
}

/// An event that should notify the operator.
#[derive(Clone)]
pub struct Alert {
    id: String,
    kind: AlertKind,
    session: Session,
    message: Option<Message>,
    at: DateTime,
}

/// The reasons for an alert. More values may be added: applications must ignore a value that they
/// do not know.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum AlertKind {
    /// A client opened a session. Every operator of the live chat is alerted.
    NewSession,
    /// The client wrote another message. For an assigned session, its operator is alerted of every
    /// message. For a queued one, every operator of the live chat is alerted, at most once in 10
    /// seconds.
    NewMessage,
    /// A session returned to the queue. Every operator of the live chat is alerted.
    Returned,
    /// Another employee assigned a session to you.
    AssignedToMe,
}

impl From<alert::AlertKind> for AlertKind {
    fn from(kind: alert::AlertKind) -> Self {
        match kind {
            alert::AlertKind::NewSession => Self::NewSession,
            alert::AlertKind::NewMessage => Self::NewMessage,
            alert::AlertKind::Returned => Self::Returned,
            alert::AlertKind::AssignedToMe => Self::AssignedToMe,
        }
    }
}

/// An event that should notify the operator.
#[Object]
impl Alert {
    /// The id of the alert. The service may push an alert twice: show the alerts with the same id
    /// once.
    async fn id(&self) -> ID {
        self.id.clone().into()
    }

    /// The reason for the alert.
    async fn kind(&self) -> AlertKind {
        self.kind
    }

    /// The session, as it is now.
    async fn session(&self) -> &Session {
        &self.session
    }

    /// The client's message. Null for all kinds other than `NEW_SESSION` and `NEW_MESSAGE`.
    async fn message(&self) -> Option<Message> {
        self.message.clone()
    }

    /// The time of the event.
    async fn at(&self) -> DateTime {
        self.at
    }
}

impl Alert {
    /// Returns the alert that a change raises for the subscriber, if it raises one and they may see
    /// the session now.
    async fn of(
        ask: &Ask,
        before: Option<&domain::Session>,
        after: &Arc<domain::Session>,
    ) -> Result<Option<Self>> {
        let person = &ask.person()?.id;
        let Some((kind, audience)) = alert::alert(before, after) else { return Ok(None) };
        let roles = ask.roles(&after.live_chat).await?;
        let is_for_me = match audience {
            Audience::Operators => roles.operator,
            Audience::Operator(operator) => operator == *person && roles.operator,
        };
        if !is_for_me || after.last.by.is_person(person) {
            return Ok(None);
        }
        let Some(now) = ask.load(loader::Head(after.id.clone())).await? else { return Ok(None) };
        if !access::sees(&now, person, roles) {
            return Ok(None);
        }
        let is_message =
            matches!(kind, alert::AlertKind::NewSession | alert::AlertKind::NewMessage);
        // The entry that the change wrote first: the client's message, or the event that says it.
        let seq = before.map_or(after.first_seq, |before| before.seq + 1);
        let entry = ask.load(loader::Entry(after.id.conversation.clone(), seq)).await?;
        let Some(entry) = entry else { return Ok(None) };
        let at = if is_message { after.last_message_at } else { entry.sent_at };
        let message = is_message.then(|| Message { entry: Arc::new(entry), dialog: after.clone() });
        let kind = AlertKind::from(kind);
        let id = digest(&[&after.id.to_string(), &after.version.to_string(), &format!("{kind:?}")]);
        Ok(Some(Self { id, kind, session: Session::new(now), message, at: DateTime(at) }))
    }
}
