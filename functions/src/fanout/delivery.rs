//! Delivery: runs the documents of subscribers with an event, and collects the frames for each
//! connection in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::TenantId;
use domain::id::fresh;
use graphql::Loaders;
use graphql::feed::Event;
use store::Fault;
use store::connection::Subscription;

use crate::app::App;
use crate::fanout::posting::{self, Frames, Parcel};
use crate::operation::Operation;
use crate::protocol::Frame;
use crate::response::{render, unexecuted};
use crate::{metric, observe};
use graphql::error::{Code, INTERNAL, cause};

/// The number of documents of a tenant that run side by side: what they read is read together, and
/// the other tenants of the batch get their turns in between.
pub(super) const RUNNING: usize = 32;
/// The most operations of one person that receive the same event. Operations beyond are ended.
pub(super) const MOST_OF_PERSON: usize = 100;

/// Frames on their way to connections.
pub(super) struct Delivery<'a> {
    app: &'a App,
    /// The loaders of the batch: each thing is read once for the whole batch, after its commits.
    pub(super) loaders: Arc<Loaders>,
    tenant: TenantId,
    /// The request id in every error, by which it is found in the log.
    pub(super) request_id: String,
    frames: Frames,
    /// The most subscribers that are pushed to.
    most: usize,
    /// The subscribers so far.
    subscribers: AtomicUsize,
}

impl<'a> Delivery<'a> {
    pub(super) fn new(app: &'a App, tenant: TenantId) -> Self {
        Self {
            app,
            loaders: Arc::new(Loaders::new(app.store.clone(), tenant.clone())),
            tenant,
            request_id: fresh(app.store.random()),
            frames: Frames::default(),
            most: usize::MAX,
            subscribers: AtomicUsize::new(0),
        }
    }

    /// Returns the same delivery, to so many subscribers at most.
    pub(super) fn limited_to(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// Counts subscribers before anything is rendered for them. Returns false if they are too many.
    pub(super) fn admits(&self, subscribers: usize) -> bool {
        self.subscribers.fetch_add(subscribers, Ordering::Relaxed) + subscribers <= self.most
    }

    /// Returns true if there were more subscribers than it is to push to.
    pub(super) fn is_too_large(&self) -> bool {
        self.subscribers.load(Ordering::Relaxed) > self.most
    }

    /// Returns the tenant of the subscribers.
    pub(super) const fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Runs a subscription's document with an event.
    pub(super) async fn render(
        &self,
        operation: &Operation,
        event: Event,
    ) -> Result<Option<String>, Fault> {
        // A large group of pushes yields to the others in between.
        tokio::task::yield_now().await;
        let caller = operation.caller.clone();
        let graphql = &self.app.graphql;
        let Some(prepared) = operation.document.prepared(graphql, &caller) else {
            return Ok(None);
        };
        let loaders = Arc::clone(&self.loaders);
        let response = graphql.push(prepared, caller, event, loaders, &self.request_id).await;
        match response {
            None => Ok(None),
            Some(response) => {
                // A push that another try may complete is not sent in part.
                let mut causes = response.errors.iter().filter_map(cause);
                if let Some(fault) = causes.find(|fault| fault.is_retryable()) {
                    return Err(fault.clone());
                }
                observe::faulty(&response.errors);
                Ok(Some(render(response, &self.request_id)))
            }
        }
    }

    /// Queues a rendered payload for a subscriber.
    pub(super) fn next(&self, subscription: &Subscription, rendered: &str) {
        let frame = Frame::next(&subscription.operation, rendered);
        if frame.fits() {
            self.put(subscription, frame, false);
        } else {
            self.resync(subscription, "This is too large to be sent: read again.");
        }
    }

    /// Ends a subscription: there is nothing more for it.
    pub(super) fn complete(&self, subscription: &Subscription) {
        self.put(subscription, Frame::complete(&subscription.operation), true);
    }

    /// Ends a subscription, because going on would lose something.
    pub(super) fn resync(&self, subscription: &Subscription, message: &str) {
        self.end(subscription, Code::Resync, message);
    }

    /// Ends a subscription, because its person has too many of the kind.
    pub(super) fn end_excess(&self, subscription: &Subscription) {
        let message = "Too many operations of yours follow the same.";
        self.end(subscription, Code::RateLimited, message);
    }

    /// Ends a subscription, because the service cannot read what it is about.
    pub(super) fn fail(&self, subscription: &Subscription, fault: &Fault) {
        metric::fault();
        tracing::error!(request_id = self.request_id, %fault, "a subscription fails");
        self.end(subscription, Code::Internal, INTERNAL);
    }

    fn end(&self, subscription: &Subscription, code: Code, message: &str) {
        let error = unexecuted(code, message, &self.request_id);
        self.put(subscription, Frame::error(&subscription.operation, &[error]), true);
    }

    fn put(&self, subscription: &Subscription, frame: Frame, is_last: bool) {
        let parcel = Parcel {
            operation: subscription.operation.clone(),
            registered_at: subscription.registered_at,
            frame,
            is_last,
        };
        self.frames.put(&subscription.connection, parcel);
    }

    /// Posts everything, and sees to it that whoever lost something reads again.
    pub(super) async fn post(self) -> Result<(), Fault> {
        posting::post_all(self.app, self.frames.into_outboxes(), &self.request_id).await
    }

    /// Posts what `work` queues while it goes on, so that the first frame does not wait for the last.
    pub(super) async fn post_while(
        &self,
        work: impl Future<Output = Result<(), Fault>>,
    ) -> Result<(), Fault> {
        posting::post_while(self.app, &self.frames, work, &self.request_id).await
    }
}
