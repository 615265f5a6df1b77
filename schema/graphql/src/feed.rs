//! Subscriptions: their feeds, their two runs, and the values that they push.

mod alert;
mod desk;
mod dialog;
mod run;
mod session_change;
mod subscribed;
mod typing;

use async_graphql::{Context, Description, ID, Result, Subscription};
use domain::{EmployeeId, LiveChatId};
use futures::stream;

use crate::id::GlobalId;
use crate::loader;
use crate::object::conversation::{Conversation, ConversationMessage, no_such_live_chat};
use crate::object::counters::Counters;
use crate::object::employee::Employee;
use crate::object::message::Message;
use crate::request::{Request, request};
use alert::Alert;
use desk::DeskUpdate;
use dialog::{DialogEvent, dialog, entry_up_to};
use run::event;
use session_change::SessionChange;
use typing::{ConversationTyping, Typing};

pub(crate) use run::Run;
pub use run::{DeskEvents, Event, Write};
pub use subscribed::{Feed, Subscribed};

type Pushed<T> = stream::Iter<std::option::IntoIter<T>>;

fn pushed<T>(value: Option<T>) -> Pushed<T> {
    stream::iter(value)
}

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
#[derive(Default, Description)]
pub struct Subscription;

#[Subscription(use_type_description)]
impl Subscription {
    /// Everything that concerns your desk in one operation: your counters, the changes of sessions,
    /// your alerts, and the presence of colleagues, each exactly as `counters`, `sessions`, `alerts`
    /// and `presence` push it. What happened at the same time is pushed at once. The first push
    /// after every connection has your counters and the change `READY`.
    async fn desk(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "The global id of a live chat: only the changes of its sessions and the \
                    presence of its members are pushed. Default: all your live chats. `FORBIDDEN` \
                    if you have no role there."
        )]
        live_chat_id: Option<ID>,
    ) -> Result<Pushed<DeskUpdate>> {
        let request = request(context)?;
        let live_chat = own_live_chat(request, live_chat_id).await?;
        Ok(pushed(match event(context, Feed::Desk)? {
            Some(Event::Desk(events)) => {
                DeskUpdate::of(request, events, live_chat.as_ref()).await?
            }
            _ => None,
        }))
    }

    /// Your counters. The service pushes the current values first, then the new values after every
    /// change. Several changes at the same time are pushed as one.
    async fn counters(&self, context: &Context<'_>) -> Result<Pushed<Counters>> {
        let request = request(context)?;
        request.person()?;
        Ok(pushed(match event(context, Feed::Counters)? {
            Some(Event::Counters) => Some(Counters::read(request).await?),
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
        let request = request(context)?;
        let live_chat = own_live_chat(request, live_chat_id).await?;
        Ok(pushed(match event(context, Feed::Sessions)? {
            Some(Event::Ready) => Some(SessionChange::ready()),
            Some(Event::Session(write))
                if live_chat.is_none_or(|id| id == write.after.live_chat) =>
            {
                SessionChange::of(request, write).await?
            }
            _ => None,
        }))
    }

    /// The entries of a dialog: those of the session and of all earlier sessions with the same
    /// client. With `afterSeq`, the service pushes all entries after it in order, then new entries
    /// as they arrive. Without it, the service pushes new entries only. A message whose `delivery`
    /// changes is pushed again under its `id`. The operation completes when you may no longer see
    /// the session.
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
        let feed = |id| Subscribed::from(Feed::Messages(id)).after(after_seq);
        let (id, event) = dialog(context, &session_id, feed).await?;
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
        let (_, event) = dialog(context, &session_id, |id| Feed::Typing(id).into()).await?;
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
        let feed = |id| Subscribed::from(Feed::Dialog(id)).after(after_seq);
        let (id, event) = dialog(context, &session_id, feed).await?;
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
        let request = request(context)?;
        request.tenant()?;
        let conversation = Conversation::of(request, live_chat_id.as_ref()).await?;
        let conversation = conversation.ok_or_else(no_such_live_chat)?;
        let feed = Subscribed::from(Feed::ConversationTyping).client_of(conversation.id);
        Ok(pushed(match event(context, feed)? {
            Some(Event::Typing(typist)) => Some(typist.into()),
            _ => None,
        }))
    }

    /// Events that should notify you as an operator. Your own actions raise no alert. Of very many
    /// at the same time, the last 20 are pushed. Alerts are not stored, and not repeated after a
    /// lost connection: lists and counters always show the current state.
    async fn alerts(&self, context: &Context<'_>) -> Result<Pushed<Alert>> {
        let request = request(context)?;
        request.person()?;
        Ok(pushed(match event(context, Feed::Alerts)? {
            Some(Event::Alert(write)) => Alert::of(request, write).await?,
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
        let request = request(context)?;
        let live_chat = own_live_chat(request, live_chat_id).await?;
        Ok(pushed(match event(context, Feed::Presence)? {
            Some(Event::Presence(employee)) => {
                let is_shown = is_colleague(request, employee, live_chat.as_ref()).await?;
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
        let request = request(context)?;
        request.tenant()?;
        let conversation = Conversation::of(request, live_chat_id.as_ref()).await?;
        let conversation = conversation.ok_or_else(no_such_live_chat)?;
        let feed = Subscribed::from(Feed::ConversationMessages).client_of(conversation.id);
        Ok(pushed(match event(context, feed.after(after_seq))? {
            Some(Event::Message { entry, .. }) if entry.kind.is_for_clients() => {
                Some(ConversationMessage(entry.clone()))
            }
            _ => None,
        }))
    }
}

/// Returns the live chat that a subscription is limited to. The subscriber must have a role there.
async fn own_live_chat(request: &Request, id: Option<ID>) -> Result<Option<LiveChatId>> {
    request.person()?;
    let Some(id) = id else { return Ok(None) };
    let Some(GlobalId::LiveChat(id)) = request.named(&id) else { return Err(no_such_live_chat()) };
    if !request.roles(&id).await?.is_member() {
        return Err(no_such_live_chat());
    }
    Ok(Some(id))
}

/// Returns true if an employee is the subscriber or shares a live chat with them.
async fn is_colleague(
    request: &Request,
    employee: &EmployeeId,
    live_chat: Option<&LiveChatId>,
) -> Result<bool> {
    let is_me = *employee == request.person()?.id;
    let Some(theirs) = request.load(loader::Desk(employee.clone())).await? else {
        return Ok(is_me);
    };
    if is_me && live_chat.is_none() {
        return Ok(true);
    }
    for id in theirs.live_chats().filter(|id| live_chat.is_none_or(|one| one == *id)) {
        if request.roles(id).await?.is_member() {
            return Ok(true);
        }
    }
    Ok(false)
}
