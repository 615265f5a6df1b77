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

/// What a subscription listens to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Topic {
    /// The listener's counters.
    Counters,
    /// Sessions in the listener's sight, of one live chat or of all.
    Sessions(Option<LiveChatId>),
    /// The listener's alerts.
    Alerts,
    /// Presence of colleagues, of one live chat or of all.
    Presence(Option<LiveChatId>),
    /// A dialog up to a session, after an entry or live only.
    Messages(SessionId, Option<u64>),
    /// A client's own side, after a message or live only.
    ConversationMessages(ConversationId, Option<u64>),
    /// Who types in a dialog.
    Typing(SessionId),
    /// Both: the entries of a dialog up to a session, after one or live only, and who types in it.
    Dialog(SessionId, Option<u64>),
    /// Who types at the desk, for the client of a conversation.
    ConversationTyping(ConversationId),
}

/// What a probe found out about a subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heard {
    /// What it listens to.
    pub topic: Topic,
    /// Whether what it says depends on who listens, so that it cannot be said to several at once.
    pub is_personal: bool,
}

/// Something to tell.
#[derive(Clone, Debug)]
pub enum Event {
    /// The listener's counters may have changed.
    Counters,
    /// The listener should read their lists again.
    Ready,
    /// A session changed, from what it was to what it is.
    Session {
        /// As it was; none of a new one.
        before: Option<Arc<domain::Session>>,
        /// As the change made it.
        after: Arc<domain::Session>,
    },
    /// A session's change may be worth an alert.
    Alert {
        /// As it was; none of a new one.
        before: Option<Arc<domain::Session>>,
        /// As the change made it.
        after: Arc<domain::Session>,
    },
    /// Somebody's presence changed.
    Presence(EmployeeId),
    /// Somebody types.
    Typing(Typist),
    /// An entry came to a dialog.
    Message {
        /// The entry.
        entry: Arc<domain::Message>,
        /// A session of the dialog.
        dialog: Arc<domain::Session>,
    },
}

/// How a subscription's document runs.
pub(crate) enum Feed {
    /// To find out what it listens to.
    Probe(Arc<Mutex<Vec<Heard>>>),
    /// To say something.
    Push(Event),
}

type Pushed<T> = stream::Iter<std::option::IntoIter<T>>;

fn pushed<T>(value: Option<T>) -> Pushed<T> {
    stream::iter(value)
}

/// The fields that page: they are refused under a subscription, so that a push never reads lists.
pub(crate) const PAGED: [&str; 6] =
    ["items", "messages", "searchMessages", "searchSessions", "sessions", "templates"];

/// Fields that depend on who asks though their names do not say so: the contract names them.
const PERSONAL: [&str; 1] = ["inboundPath"];

/// Refuses a list where it is asked for under a subscription.
pub(crate) fn refused_in_pushes(context: &Context<'_>) -> Result<(), Error> {
    match context.data_opt::<Feed>() {
        None => Ok(()),
        Some(_) => Err(no_lists()),
    }
}

fn no_lists() -> Error {
    Code::BadUserInput.error("A subscription cannot ask for lists: query them.")
}

/// The event to say something of, or `None` when this is a probe, which takes note of the topic.
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

/// The names of all fields selected below one.
fn select(field: SelectionField<'_>, names: &mut Vec<String>) {
    for inner in field.selection_set() {
        names.push(inner.name().to_owned());
        select(inner, names);
    }
}

/// What is pushed.
#[derive(Default)]
pub struct Feeds;

/// What is pushed. Delivery is at least once: put whole objects into the cache by id, keep the
/// greater version. An operation that cannot go on without a loss ends with an error of code
/// RESYNC: read again, subscribe again.
#[Subscription(name = "Subscription")]
impl Feeds {
    /// My counters: the current values first, then every change; several at once come as one.
    async fn counters(&self, context: &Context<'_>) -> Result<Pushed<Counters>> {
        let ask = ask(context)?;
        ask.person()?;
        Ok(pushed(match heard(context, Topic::Counters)? {
            Some(Event::Counters) => Some(Counters::read(ask).await?),
            _ => None,
        }))
    }

    /// Changes of the sessions that I may see. The first is READY after every connection: a list
    /// that is read after it misses nothing.
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only of this live chat.")] live_chat_id: Option<ID>,
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

    /// The entries of the dialog up to this session: all after `afterSeq` in order, then live;
    /// without it live only. Completes when I may no longer see the session.
    async fn messages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
        #[graphql(desc = "Begin after this `seq`.")] after_seq: Option<i32>,
    ) -> Result<Pushed<Message>> {
        let topic = |id| Topic::Messages(id, after(after_seq));
        let (id, event) = heard_of_dialog(context, &session_id, topic).await?;
        Ok(pushed(event.and_then(|event| entry_up_to(&id, event))))
    }

    /// Who types in a session, never oneself. Not stored: what was missed is over. Completes when I
    /// may no longer see the session.
    async fn typing(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
    ) -> Result<Pushed<Typing>> {
        let (_, event) = heard_of_dialog(context, &session_id, Topic::Typing).await?;
        Ok(pushed(match event {
            Some(Event::Typing(typist)) => Some(typist.into()),
            _ => None,
        }))
    }

    /// Everything of an open dialog by one operation: its entries exactly as `messages` brings
    /// them, and who types exactly as `typing` does. Completes when I may no longer see the session.
    async fn dialog(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
        #[graphql(desc = "Begin after the entry with this `seq`.")] after_seq: Option<i32>,
    ) -> Result<Pushed<DialogEvent>> {
        let topic = |id| Topic::Dialog(id, after(after_seq));
        let (id, event) = heard_of_dialog(context, &session_id, topic).await?;
        Ok(pushed(match event {
            Some(Event::Typing(typist)) => Some(DialogEvent::Typing(typist.into())),
            Some(event) => entry_up_to(&id, event).map(DialogEvent::Message),
            None => None,
        }))
    }

    /// Who types an answer to me, as a client. Not stored: what was missed is over.
    async fn conversation_typing(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The live chat, of an internal client.")] live_chat_id: Option<ID>,
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

    /// What should ring. Not stored and not repeated after a break: lists and counters are the
    /// truth.
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

    /// Colleagues and I, whenever a presence changes.
    async fn presence(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only of this live chat.")] live_chat_id: Option<ID>,
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

    /// My own messages and the answers, as a client: all after `afterSeq` in order, then live.
    async fn conversation_messages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The live chat, of an internal client.")] live_chat_id: Option<ID>,
        #[graphql(desc = "Begin after this `seq`.")] after_seq: Option<i32>,
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

/// Something of an open dialog. Meet unknown kinds calmly.
#[derive(Union, Clone)]
pub enum DialogEvent {
    /// An entry came, or changed.
    Message(Message),
    /// Somebody types.
    Typing(Typing),
}

/// Below 1 is from the beginning.
fn after(seq: Option<i32>) -> Option<u64> {
    seq.map(|seq| u64::try_from(seq).unwrap_or(0))
}

/// The session whose dialog is listened to, and the event to say something of. Whoever begins to
/// listen has to see the session; of those who listen, the fan-out asks before each event.
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

/// The entry that an event is about, when it is part of the dialog up to a session.
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

/// The live chat that a subscription is limited to: one where the listener has a role.
async fn own_live_chat(ask: &Ask, id: Option<ID>) -> Result<Option<LiveChatId>> {
    ask.person()?;
    let Some(id) = id else { return Ok(None) };
    let Some(GlobalId::LiveChat(id)) = ask.named(&id) else { return Err(no_such_live_chat()) };
    if !ask.roles(&id).await?.is_member() {
        return Err(no_such_live_chat());
    }
    Ok(Some(id))
}

/// Whether somebody is me or shares a live chat with me.
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

/// A change of what I see.
#[derive(SimpleObject, Clone)]
pub struct SessionChange {
    /// What happened: a hint for sound and words. The session says what is.
    pub kind: SessionChangeKind,
    /// The session as it is; null of READY and REMOVED.
    pub session: Option<Session>,
    /// The session that left my sight.
    pub removed_id: Option<ID>,
    /// Who did it; of REMOVED who has it now, or who did it where nobody has.
    pub by: Option<Actor>,
    /// Of REMOVED: the operator who has the session now, or null when it is closed.
    pub held_by: Option<Employee>,
    /// How new this is.
    pub version: Version,
}

/// What happened to a session. Meet unknown kinds calmly: merge the session.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum SessionChangeKind {
    /// Read the lists again: after every connection, and when too much changed at once.
    Ready,
    /// It is new.
    Opened,
    /// Somebody wrote.
    Message,
    /// A read mark moved.
    Read,
    /// An operator took it.
    Claimed,
    /// Somebody gave it to an operator.
    Assigned,
    /// It went back to the queue.
    Returned,
    /// It has another name.
    Renamed,
    /// An item was bound or unbound.
    Bound,
    /// It was closed.
    Closed,
    /// It left what I may see.
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

    /// What the listener is told of a change: the session as it is now, or that it left their
    /// sight, or nothing.
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

/// Something that should ring.
#[derive(Clone)]
pub struct Alert {
    id: String,
    kind: AlertKind,
    session: Session,
    message: Option<Message>,
    at: DateTime,
}

/// What an alert is about. Meet unknown kinds calmly.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum AlertKind {
    /// A session opened.
    NewSession,
    /// The client wrote again.
    NewMessage,
    /// A session went back to the queue.
    Returned,
    /// Somebody gave a session to me.
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

/// Something that should ring.
#[Object]
impl Alert {
    /// The same alert delivered twice has the same id: show it once.
    async fn id(&self) -> ID {
        self.id.clone().into()
    }

    /// What it is about.
    async fn kind(&self) -> AlertKind {
        self.kind
    }

    /// The session.
    async fn session(&self) -> &Session {
        &self.session
    }

    /// The client's message, of NEW_SESSION and NEW_MESSAGE.
    async fn message(&self) -> Option<Message> {
        self.message.clone()
    }

    /// When it happened.
    async fn at(&self) -> DateTime {
        self.at
    }
}

impl Alert {
    /// The alert that a change is for the listener, if it is one for them and its session is in
    /// their sight now.
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
