//! The events of an open dialog.

use async_graphql::{Context, Error, ID, Result, Union};
use domain::SessionId;

use super::run::{Event, event};
use super::subscribed::Subscribed;
use super::typing::Typing;
use crate::error::Code;
use crate::id::GlobalId;
use crate::object::message::Message;
use crate::request::request;

/// An event of an open dialog: a new or changed entry, or a person who is typing. More types may be
/// added: applications must ignore a type that they do not know.
#[derive(Union, Clone)]
pub enum DialogEvent {
    /// An entry came, or changed.
    Message(Message),
    /// A typing signal.
    Typing(Typing),
}

/// Returns the session whose dialog the subscription is for, and the event to push. At the start,
/// the subscriber has to see the session; later, the fan-out checks that before each event.
pub(super) async fn dialog<'a>(
    context: &Context<'a>,
    session: &ID,
    feed: impl FnOnce(SessionId) -> Subscribed,
) -> Result<(SessionId, Option<&'a Event>)> {
    let request = request(context)?;
    request.person()?;
    let Some(GlobalId::Session(id)) = request.named(session) else { return Err(no_such_session()) };
    let event = event(context, feed(id.clone()))?;
    if event.is_none() && request.readable(&id).await?.is_none() {
        return Err(no_such_session());
    }
    Ok((id, event))
}

/// Returns the entry of an event, when it is part of the dialog up to a session.
pub(super) fn entry_up_to(session: &SessionId, event: &Event) -> Option<Message> {
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
