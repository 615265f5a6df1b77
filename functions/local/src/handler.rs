//! The handlers as the local triggers call them, each over clients of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Credentials;
use functions::app::App;
use functions::connections::Connections;
use functions::{attachments, event, fanout, graphql, inbound, outbound, socket, worker};
use futures::future::BoxFuture;
use serde_json::Value;
use store::{Environment, Store, Tables};

use crate::Function;
use crate::bounded::Bounded;
use crate::calls::Calls;

/// The most posts to sockets that are under way at a time.
const MOST_POSTS: usize = 128;
/// The longest time that one connection may take for its posts here, where everything shares one
/// machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// The answer of a handler, once it comes.
type Answer = BoxFuture<'static, Result<Value, String>>;

/// The app of each function. They share what an instance learns.
pub(crate) struct Apps<'a> {
    /// The parts that the functions share.
    pub(crate) app: &'a App,
    /// The client of the state.
    pub(crate) db: &'a Client,
    /// Time and chance.
    pub(crate) environment: Arc<dyn Environment>,
    /// The log of their calls, if they are recorded.
    pub(crate) calls: Option<&'a Calls>,
}

impl Apps<'_> {
    /// Returns the app of a function.
    pub(crate) fn of(&self, function: &'static str) -> App {
        let Some(calls) = self.calls else { return self.app.clone() };
        let noting = calls.of(function);
        let db = self.db.config().to_builder().interceptor(noting.clone()).build();
        let db = Client::from_conf(db);
        let store = Store::new(db, Tables::default(), Arc::clone(&self.environment));
        App {
            graphql: self.app.graphql.over(store.clone()),
            connections: self.app.connections.configured(|config| config.interceptor(noting)),
            store,
            ..self.app.clone()
        }
    }
}

/// Returns the connections of the gateway at an address.
pub(crate) fn connections(gateway: SocketAddr) -> Connections {
    let credentials = Credentials::new("local", "local", None, None, "local");
    Connections::at("us-east-1".to_owned(), credentials, Some(format!("http://{gateway}")))
        .over(Bounded::connector(MOST_POSTS))
        .patient(PATIENCE)
}

/// Returns the GraphQL function.
pub(crate) fn graphql(app: App) -> Function {
    function(app, |app, event| {
        let handle = move |request| {
            let app = app.clone();
            async move { graphql::handle(&app, request).await }
        };
        Box::pin(event::answer(handle, event))
    })
}

/// Returns the inbound function.
pub(crate) fn inbound(app: App) -> Function {
    function(app, |app, event| {
        let handle = move |request| {
            let app = app.clone();
            async move { inbound::handle(&app, request).await }
        };
        Box::pin(event::answer(handle, event))
    })
}

/// Returns the socket function.
pub(crate) fn socket(app: App) -> Function {
    function(app, |app, event| {
        Box::pin(async move {
            let event = serde_json::from_value(event).map_err(|error| error.to_string())?;
            Ok(socket::handle(&app, event).await)
        })
    })
}

/// Returns the fan-out.
pub(crate) fn fanout(app: App) -> Function {
    function(app, |app, event| Box::pin(async move { Ok(fanout::handle(&app, &event).await) }))
}

/// Returns the worker.
pub(crate) fn worker(app: App) -> Function {
    function(app, |app, event| Box::pin(async move { worker::handle(&app, &event).await }))
}

/// Returns the outbound function.
pub(crate) fn outbound(app: App) -> Function {
    function(app, |app, event| Box::pin(async move { outbound::handle(&app, &event).await }))
}

/// Returns the attachments function, without a scanner.
pub(crate) fn attachments(app: App) -> Function {
    function(app, |app, event| {
        Box::pin(async move { attachments::handle(&app, &event, false).await })
    })
}

fn function(app: App, handle: fn(App, Value) -> Answer) -> Function {
    Arc::new(move |event| handle(app.clone(), event))
}
