//! Alerts: events that should notify an operator.

use std::sync::Arc;

use async_graphql::{Description, Enum, ID, Object, Result};
use domain::access;
use domain::alert::{self, Audience};
use domain::id::digest;

use super::run::Write;
use crate::loader;
use crate::object::message::Message;
use crate::object::session::Session;
use crate::request::Request;
use crate::scalar::DateTime;

/// An event that should notify the operator.
#[derive(Clone, Description)]
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
#[graphql(remote = "alert::AlertKind")]
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

#[Object(use_type_description)]
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
    pub(super) async fn of(request: &Request, write: &Write) -> Result<Option<Self>> {
        let (before, after) = (write.before.as_deref(), &write.after);
        let person = &request.person()?.id;
        let Some((kind, audience)) = alert::alert(before, after) else { return Ok(None) };
        let roles = request.roles(&after.live_chat).await?;
        let is_for_me = match audience {
            Audience::Operators => roles.operator,
            Audience::Operator(operator) => operator == *person && roles.operator,
        };
        if !is_for_me || after.last.by.is_person(person) {
            return Ok(None);
        }
        let Some(now) = request.load(loader::Session(after.id.clone())).await? else {
            return Ok(None);
        };
        if !access::sees(&now, person, roles) {
            return Ok(None);
        }
        let is_message =
            matches!(kind, alert::AlertKind::NewSession | alert::AlertKind::NewMessage);
        // The first entry that the change wrote: the client's message, or the event.
        let seq = before.map_or(after.first_seq, |before| before.seq + 1);
        let entry = request.load(loader::Entry(after.id.conversation.clone(), seq)).await?;
        let Some(entry) = entry else { return Ok(None) };
        let at = if is_message { after.last_message_at } else { entry.sent_at };
        let message = is_message.then(|| Message { entry: Arc::new(entry), dialog: after.clone() });
        let kind = AlertKind::from(kind);
        let id = digest(&[&after.id.to_string(), &after.version.to_string(), &format!("{kind:?}")]);
        Ok(Some(Self { id, kind, session: Session::new(now), message, at: DateTime(at) }))
    }
}
