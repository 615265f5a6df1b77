//! What is to be posted to whom: in order for each connection, many connections at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::Response;
use domain::TenantId;
use domain::id::fresh;
use futures::{StreamExt, TryStreamExt, stream};
use graphql::feed::Event;
use graphql::{Caller, Loaders};
use serde_json::json;
use store::Fault;
use store::connection::Listener;

use crate::app::App;
use crate::connections::Posted;
use crate::observe;
use crate::response::render;
use crate::socket::listening::Listening;
use crate::socket::protocol::Frame;

/// How many connections are posted to at a time.
const IN_FLIGHT: usize = 64;

/// Frames on their way to connections.
pub(super) struct Delivery<'a> {
    app: &'a App,
    /// Everything is read once for the whole batch, after its commits.
    pub(super) loaders: Arc<Loaders>,
    /// Stands in every error, so that it can be found in the log.
    pub(super) request_id: String,
    frames: BTreeMap<String, Vec<Parcel>>,
}

/// One frame, and whether its operation ends with it.
struct Parcel {
    operation: String,
    frame: Frame,
    is_last: bool,
}

impl<'a> Delivery<'a> {
    pub(super) fn new(app: &'a App, tenant: TenantId) -> Self {
        Self {
            app,
            loaders: Arc::new(Loaders::new(app.store.clone(), tenant)),
            request_id: fresh(app.store.random()),
            frames: BTreeMap::new(),
        }
    }

    /// Runs a listener's document with an event.
    pub(super) async fn say(
        &self,
        listening: &Listening,
        caller: Caller,
        event: Event,
    ) -> Result<Option<String>, Fault> {
        // It was measured before it was stored, by the release that stored it: this one may know better.
        let operation = match self.app.graphql.read(listening.request(), &caller) {
            Ok(operation) => operation,
            Err(error) => {
                tracing::warn!(request_id = self.request_id, %error, "a subscription is not run");
                return Ok(None);
            }
        };
        let loaders = self.loaders.clone();
        let said = self.app.graphql.push(operation, caller, event, loaders, &self.request_id).await;
        match said {
            Some(response) if is_unavailable(&response) => {
                Err(Fault::Unavailable("a push could not be read".to_owned()))
            }
            said => Ok(said.map(|response| {
                observe::faulty(&response.errors);
                render(response, &self.request_id)
            })),
        }
    }

    /// Puts a rendered payload on its way to a listener.
    pub(super) fn next(&mut self, listener: &Listener, rendered: &str) {
        let frame = Frame::next(&listener.operation, rendered);
        if frame.fits() {
            self.put(listener, frame, false);
        } else {
            self.resync(listener, "This is too large to be sent: read again.");
        }
    }

    /// Ends a listener's operation: there is nothing more for it.
    pub(super) fn complete(&mut self, listener: &Listener) {
        self.put(listener, Frame::complete(&listener.operation), true);
    }

    /// Ends a listener's operation, because going on would lose something.
    pub(super) fn resync(&mut self, listener: &Listener, message: &str) {
        let extensions = json!({ "code": "RESYNC", "requestId": self.request_id });
        let error = json!({ "message": message, "extensions": extensions });
        self.put(listener, Frame::error(&listener.operation, &[error]), true);
    }

    fn put(&mut self, listener: &Listener, frame: Frame, is_last: bool) {
        let parcel = Parcel { operation: listener.operation.clone(), frame, is_last };
        self.frames.entry(listener.connection.clone()).or_default().push(parcel);
    }

    /// Posts everything. A connection that is gone is forgotten; one that does not take a frame
    /// loses the operation of it, which then reads again: it never delays or fails the others.
    pub(super) async fn post(self) -> Result<(), Fault> {
        let (app, request_id) = (self.app, self.request_id.as_str());
        stream::iter(self.frames)
            .map(|(connection, parcels)| async move {
                post_all(app, &connection, parcels, request_id).await
            })
            .buffer_unordered(IN_FLIGHT)
            .try_collect::<()>()
            .await
    }
}

async fn post_all(
    app: &App,
    connection: &str,
    parcels: Vec<Parcel>,
    request_id: &str,
) -> Result<(), Fault> {
    for Parcel { operation, frame, is_last } in parcels {
        match app.connections.post(connection, &frame).await {
            Posted::Gone => return app.store.close_connection(connection).await,
            Posted::Sent if is_last => app.store.unregister(connection, &operation).await?,
            Posted::Sent => {}
            Posted::Refused => {
                // What was not taken is lost: a new connection reads it all again.
                tracing::warn!(connection, request_id, "a connection does not take its frames");
                app.connections.recycle(connection).await;
                return app.store.close_connection(connection).await;
            }
        }
    }
    Ok(())
}

fn is_unavailable(response: &Response) -> bool {
    let unavailable = async_graphql::Value::from("UNAVAILABLE");
    response.errors.iter().any(|error| {
        error.extensions.as_ref().and_then(|known| known.get("code")) == Some(&unavailable)
    })
}
