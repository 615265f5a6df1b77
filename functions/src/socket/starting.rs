//! An operation from its validation until the fan-out pushes to it.

use std::sync::Arc;

use domain::Caller;
use domain::{SessionId, TenantId};
use graphql::Loaders;
use graphql::error::Code;
use graphql::feed::{Event, Subscribed, Topic};
use serde_json::Value;
use store::Fault;
use store::connection::{Listener, ListensTo};

use super::reply::{Origin, failed, post, try_post};
use crate::app::App;
use crate::listening::{Listening, Subject};
use crate::observe;
use crate::protocol::{Frame, Subscribe};
use crate::response::render;

/// An operation that was found valid and is to be registered.
pub(super) struct Starting<'a> {
    pub(super) app: &'a App,
    pub(super) listener: Listener,
    from: &'a Origin<'a>,
    caller: Caller,
    listening: Listening,
}

impl<'a> Starting<'a> {
    /// Returns the operation, with what the fan-out will need of it. None of a caller who can have
    /// none: nobody, or one whose token has no end.
    pub(super) fn new(
        app: &'a App,
        from: &'a Origin<'a>,
        caller: Caller,
        subscribe: &Subscribe,
        subscribed: &Subscribed,
    ) -> Option<Self> {
        let tenant = caller.tenant()?.clone();
        let to = match (&subscribed.topic, &caller) {
            (
                Topic::Messages(session, _) | Topic::Dialog(session, _) | Topic::Typing(session),
                _,
            ) => ListensTo::Dialog(tenant, session.conversation.clone()),
            (
                Topic::ConversationMessages(conversation, _)
                | Topic::ConversationTyping(conversation),
                _,
            ) => ListensTo::Client(tenant, conversation.clone()),
            (_, Caller::Employee { person, .. }) => ListensTo::Desk(tenant, person.id.clone()),
            _ => return None,
        };
        let listening = Listening {
            query: subscribe.query.clone(),
            operation_name: subscribe.operation_name.clone(),
            variables: Value::Object(subscribe.variables.clone()),
            caller: caller.clone(),
            topic: Subject::of(subscribed),
            is_personal: subscribed.is_personal,
        };
        let is_replaying = matches!(
            subscribed.topic,
            Topic::Messages(_, Some(_))
                | Topic::Dialog(_, Some(_))
                | Topic::ConversationMessages(_, Some(_))
        );
        let listener = Listener {
            connection: from.connection.id.clone(),
            operation: subscribe.id.clone(),
            to,
            registered_at: Some(from.received_at),
            replaying_since: is_replaying.then(|| app.store.now()),
            live_after: None,
            expires_at: from.connection.expires_at?,
            payload: serde_json::to_string(&listening).ok()?,
        };
        Some(Self { app, from, caller, listening, listener })
    }

    /// Returns the tenant of the subscriber.
    pub(super) fn tenant(&self) -> &TenantId {
        match &self.listener.to {
            ListensTo::Desk(tenant, _)
            | ListensTo::Dialog(tenant, _)
            | ListensTo::Client(tenant, _) => tenant,
        }
    }

    /// Pushes one event.
    pub(super) async fn push(&self, event: Event) -> Result<(), Fault> {
        let loaders = Loaders::new(self.app.store.clone(), self.tenant().clone());
        self.push_with(event, Arc::new(loaders)).await.map(|_| ())
    }

    /// Pushes one event. Returns false when the operation is over, or a frame was lost.
    pub(super) async fn push_with(
        &self,
        event: Event,
        loaders: Arc<Loaders>,
    ) -> Result<bool, Fault> {
        let (connection, id) = (&self.listener.connection, &self.listener.operation);
        let request_id = self.from.request_id;
        let Ok(operation) = self.app.graphql.read(self.listening.request(), &self.caller) else {
            self.resync("This cannot be followed any more.").await?;
            return Ok(false);
        };
        let said =
            self.app.graphql.push(operation, self.caller.clone(), event, loaders, request_id).await;
        let Some(response) = said else { return Ok(true) };
        observe::faulty(&response.errors);
        let frame = Frame::next(id, &render(response, request_id));
        if !frame.fits() {
            self.resync("This is too large to be sent.").await?;
            return Ok(false);
        }
        try_post(self.app, connection, id, &frame).await
    }

    /// Ends the operation, because going on would lose something.
    pub(super) async fn resync(&self, message: &str) -> Result<(), Fault> {
        let (connection, id) = (&self.listener.connection, &self.listener.operation);
        self.app.store.unregister(connection, id, self.listener.registered_at).await?;
        let end = failed(id, Code::Resync, message, self.from);
        post(self.app, connection, id, &end).await
    }

    /// Returns true if the caller may read the dialog up to a session now.
    pub(super) async fn may_read(&self, session: &SessionId) -> Result<bool, Fault> {
        let loaders = Arc::new(Loaders::new(self.app.store.clone(), self.tenant().clone()));
        self.app.graphql.may_read(self.caller.clone(), session, loaders).await
    }

    /// Ends the operation: there is nothing more for it.
    pub(super) async fn complete(&self) -> Result<(), Fault> {
        let (connection, id) = (&self.listener.connection, &self.listener.operation);
        self.app.store.unregister(connection, id, self.listener.registered_at).await?;
        post(self.app, connection, id, &Frame::complete(id)).await
    }
}
