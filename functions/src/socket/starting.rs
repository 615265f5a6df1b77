//! An operation from its validation until the fan-out pushes to it.

use std::sync::{Arc, OnceLock};

use domain::Caller;
use domain::{SessionId, TenantId};
use graphql::Loaders;
use graphql::error::Code;
use graphql::feed::{Event, Subscribed};
use serde_json::Value;
use store::Fault;
use store::connection::{Subscription, Topic};

use super::reply::{Origin, failed, post, try_post};
use crate::app::App;
use crate::observe;
use crate::operation::{Document, Operation};
use crate::protocol::{Frame, Subscribe};
use crate::response::render;

/// An operation that was found valid and is to be registered.
pub(super) struct Starting<'a> {
    pub(super) app: &'a App,
    pub(super) subscription: Subscription,
    /// The document, serialised.
    pub(super) serialised: String,
    from: &'a Origin<'a>,
    operation: Operation,
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
        let topic = match (&subscribed.conversation, subscribed.feed.session(), &caller) {
            (Some(conversation), ..) => Topic::Client(tenant, conversation.clone()),
            (None, Some(session), _) => Topic::Dialog(tenant, session.conversation.clone()),
            (None, None, Caller::Employee { person, .. }) => Topic::Desk(tenant, person.id.clone()),
            _ => return None,
        };
        let document = Document {
            query: subscribe.query.clone(),
            operation_name: subscribe.operation_name.clone(),
            variables: Value::Object(subscribe.variables.clone()),
            feed: subscribed.feed.clone(),
            is_personal: subscribed.is_personal,
            prepared: OnceLock::new(),
        };
        let serialised = serde_json::to_string(&document).ok()?;
        let digest = Document::digest(&serialised);
        let subscription = Subscription {
            connection: from.connection.id.clone(),
            operation: subscribe.id.clone(),
            topic,
            registered_at: Some(from.received_at),
            replaying_since: subscribed.after_seq.map(|_| app.store.now()),
            live_after: None,
            expires_at: from.connection.expires_at?,
            caller: serde_json::to_string(&caller).ok()?,
            document: digest.clone(),
        };
        let operation = Operation { document: Arc::new(document), digest, caller };
        Some(Self { app, from, serialised, operation, subscription })
    }

    /// Returns the tenant of the subscriber.
    pub(super) const fn tenant(&self) -> &TenantId {
        self.subscription.topic.tenant()
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
        let (connection, id) = (&self.subscription.connection, &self.subscription.operation);
        let request_id = self.from.request_id;
        let Operation { document, caller, .. } = &self.operation;
        let Some(operation) = document.prepared(&self.app.graphql, caller) else {
            self.resync("This cannot be followed any more.").await?;
            return Ok(false);
        };
        let said =
            self.app.graphql.push(operation, caller.clone(), event, loaders, request_id).await;
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
        let (connection, id) = (&self.subscription.connection, &self.subscription.operation);
        self.app.store.unregister(connection, id, self.subscription.registered_at).await?;
        let end = failed(id, Code::Resync, message, self.from);
        post(self.app, connection, id, &end).await
    }

    /// Returns true if the caller may read the dialog up to a session now.
    pub(super) async fn may_read(&self, session: &SessionId) -> Result<bool, Fault> {
        let loaders = Arc::new(Loaders::new(self.app.store.clone(), self.tenant().clone()));
        self.app.graphql.may_read(self.operation.caller.clone(), session, loaders).await
    }

    /// Ends the operation: there is nothing more for it.
    pub(super) async fn complete(&self) -> Result<(), Fault> {
        let (connection, id) = (&self.subscription.connection, &self.subscription.operation);
        self.app.store.unregister(connection, id, self.subscription.registered_at).await?;
        post(self.app, connection, id, &Frame::complete(id)).await
    }
}
