//! Subscribing: validates an operation whole, registers it, and pushes the current values to it.
//!
//! When the id of a new operation is taken, the function looks again for up to a second, because the
//! `complete` that frees the id may be on its way in an invocation of its own. If it does not come, the
//! connection ends with 4409.
//!
//! Subscribing to a session that an employee may not see is the error FORBIDDEN, the same as for a
//! session that does not exist.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, ServerError, Variables};
use domain::{ConversationId, Message, Session, SessionId};
use graphql::feed::{Event, Heard, Topic};
use graphql::{Caller, Loaders, Probed};
use serde_json::Value;
use store::Fault;
use store::connection::{Connection, Listener, ListensTo, Registration};

use crate::app::App;
use crate::response::{annotate, render, unexecuted};
use crate::socket::handler::known;
use crate::socket::listening::{Listening, Subject};
use crate::socket::protocol::registration::{self, Start};
use crate::socket::protocol::{Frame, Refusal, Subscribe};
use crate::socket::telling;
use crate::{fanout, observe};
use graphql::error::Code;

/// The most entries that are replayed to a subscriber. One further behind has to read again.
const MOST_REPLAYED: u64 = 500;

/// The number of attempts, and the pause between them, to register an id that is taken, until its
/// `complete` has come.
const TAKEN_TRIES: u32 = 20;
const TAKEN_PAUSE: Duration = Duration::from_millis(50);

/// The origin of an operation.
pub(super) struct From<'a> {
    pub(super) connection: &'a Connection,
    pub(super) received_at: i64,
    pub(super) request_id: &'a str,
}

/// An operation that was found valid and is to be registered.
struct Starting<'a> {
    app: &'a App,
    from: &'a From<'a>,
    caller: Caller,
    listening: Listening,
    listener: Listener,
}

/// Starts an operation.
pub(super) async fn subscribe(
    app: &App,
    from: &From<'_>,
    caller: Caller,
    subscribe: Subscribe,
) -> Result<(), Fault> {
    let id = subscribe.id.clone();
    let mut request = Request::new(&subscribe.query)
        .variables(Variables::from_json(Value::Object(subscribe.variables.clone())));
    if let Some(name) = &subscribe.operation_name {
        request = request.operation_name(name);
    }
    let operation = match app.graphql.read(request, &caller) {
        Ok(operation) => operation,
        Err(error) => return refuse(app, from, &id, vec![error]).await,
    };
    if operation.kind() != OperationType::Subscription && is_taken(app, from, &id).await? {
        return refuse_connection(app, &from.connection.id, &Refusal::subscriber_exists(&id)).await;
    }
    let name = operation.name().map(str::to_owned);
    let told = |response| {
        observe::operation(name.as_deref(), caller.tenant(), from.request_id, response);
    };
    let heard = match app.graphql.probe(operation, caller.clone(), from.request_id).await {
        Probed::Refused(errors) => {
            observe::faulty(&errors);
            return refuse(app, from, &id, errors).await;
        }
        Probed::Answer(executed) => {
            told(&executed.response);
            fanout::typing::tell(app, caller.tenant(), &executed.typists).await;
            return answer_once(app, from, &id, executed.response).await;
        }
        Probed::Listens(heard) => heard,
    };
    told(&Response::default());
    let Some(starting) = starting(app, from, caller, &subscribe, &heard) else { return Ok(()) };
    if !starting.register().await? {
        return Ok(());
    }
    match heard.topic {
        Topic::Counters => starting.push(Event::Counters).await,
        Topic::Sessions(_) => starting.push(Event::Ready).await,
        Topic::Messages(session, Some(after)) | Topic::Dialog(session, Some(after)) => {
            starting.replay(Side::Desk(session), after).await
        }
        Topic::ConversationMessages(conversation, Some(after)) => {
            starting.replay(Side::Client(conversation), after).await
        }
        Topic::Messages(session, None) | Topic::Dialog(session, None) | Topic::Typing(session) => {
            // Out of sight between validation and registration: the fan-out heard nothing of it.
            if !starting.may_read(&session).await? {
                starting.complete().await?;
            }
            Ok(())
        }
        Topic::Alerts
        | Topic::Presence(_)
        | Topic::ConversationMessages(_, None)
        | Topic::ConversationTyping(_) => Ok(()),
    }
}

fn starting<'a>(
    app: &'a App,
    from: &'a From<'a>,
    caller: Caller,
    subscribe: &Subscribe,
    heard: &Heard,
) -> Option<Starting<'a>> {
    let tenant = caller.tenant()?.clone();
    let to = match (&heard.topic, &caller) {
        (Topic::Messages(session, _) | Topic::Dialog(session, _) | Topic::Typing(session), _) => {
            ListensTo::Dialog(tenant, session.conversation.clone())
        }
        (
            Topic::ConversationMessages(conversation, _) | Topic::ConversationTyping(conversation),
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
        topic: Subject::of(heard),
        is_personal: heard.is_personal,
    };
    let is_replaying = matches!(
        heard.topic,
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
    Some(Starting { app, from, caller, listening, listener })
}

/// The side of a conversation that is replayed.
enum Side {
    /// All entries of the dialog up to a session.
    Desk(SessionId),
    /// Those that a client may see, of the whole conversation.
    Client(ConversationId),
}

impl Starting<'_> {
    fn tenant(&self) -> &domain::TenantId {
        match &self.listener.to {
            ListensTo::Desk(tenant, _)
            | ListensTo::Dialog(tenant, _)
            | ListensTo::Client(tenant, _) => tenant,
        }
    }

    /// Registers the operation. Returns false when it is over before it began.
    async fn register(&self) -> Result<bool, Fault> {
        let (connection, id) = (&self.listener.connection, &self.listener.operation);
        let mut replaces = None;
        for _ in 0..=TAKEN_TRIES {
            match self.app.store.register(&self.listener, replaces).await? {
                Registration::Done => return Ok(true),
                Registration::Gone => return Ok(false),
                Registration::Full => {
                    let message = "A connection may have 100 operations at a time.";
                    let error = unexecuted(Code::RateLimited, message, self.from.request_id);
                    post(self.app, connection, id, &Frame::error(id, &[error])).await?;
                    return Ok(false);
                }
                Registration::Found(found) => {
                    match registration::start(Some(known(found)), self.from.received_at) {
                        Start::Register => replaces = Some(found),
                        Start::Overtaken => return Ok(false),
                        Start::Taken => tokio::time::sleep(TAKEN_PAUSE).await,
                    }
                }
            }
        }
        refuse_connection(self.app, connection, &Refusal::subscriber_exists(id)).await?;
        Ok(false)
    }

    /// Pushes one event.
    async fn push(&self, event: Event) -> Result<(), Fault> {
        let loaders = Loaders::new(self.app.store.clone(), self.tenant().clone());
        self.push_with(event, Arc::new(loaders)).await.map(|_| ())
    }

    async fn push_with(&self, event: Event, loaders: Arc<Loaders>) -> Result<bool, Fault> {
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
        telling::tell(self.app, connection, id, &frame).await
    }

    /// Ends the operation, because going on would lose something.
    async fn resync(&self, message: &str) -> Result<(), Fault> {
        let (connection, id) = (&self.listener.connection, &self.listener.operation);
        self.app.store.unregister(connection, id, self.listener.registered_at).await?;
        post(
            self.app,
            connection,
            id,
            &Frame::error(id, &[unexecuted(Code::Resync, message, self.from.request_id)]),
        )
        .await
    }

    /// Returns true if the caller may read the dialog up to a session now.
    async fn may_read(&self, session: &SessionId) -> Result<bool, Fault> {
        let loaders = Arc::new(Loaders::new(self.app.store.clone(), self.tenant().clone()));
        self.app.graphql.may_read(self.caller.clone(), session, loaders).await
    }

    /// Ends the operation: there is nothing more for it.
    async fn complete(&self) -> Result<(), Fault> {
        let (connection, id) = (&self.listener.connection, &self.listener.operation);
        self.app.store.unregister(connection, id, self.listener.registered_at).await?;
        post(self.app, connection, id, &Frame::complete(id)).await
    }

    /// Posts in order the entries after `after`, goes live, and posts the entries that came
    /// meanwhile. Until those are posted, the fan-out also pushes from the same entry on.
    async fn replay(&self, side: Side, after: u64) -> Result<(), Fault> {
        let mut posted = after;
        for is_live in [false, true] {
            if is_live && !self.app.store.go_live(&self.listener, posted).await? {
                return Ok(());
            }
            let Some(latest) = self.latest(&side).await? else { continue };
            let end = match &side {
                Side::Desk(_) => latest.seq,
                Side::Client(_) => latest.client_seq,
            };
            if end.saturating_sub(posted) > MOST_REPLAYED {
                return self.resync("Too much was missed: read again.").await;
            }
            let entries = self.entries(&side, &latest, posted + 1, end).await?;
            // Asked after the entries were read: who lost sight of them before gets none of them,
            // and who loses it later is seen to by the fan-out, to which the operation is live.
            if let Side::Desk(session) = &side
                && !self.may_read(session).await?
            {
                return self.complete().await;
            }
            if !self.post_entries(entries, latest).await? {
                return Ok(());
            }
            posted = posted.max(end);
        }
        self.app.store.caught_up(&self.listener).await
    }

    async fn post_entries(&self, entries: Vec<Message>, latest: Session) -> Result<bool, Fault> {
        let loaders = Arc::new(Loaders::new(self.app.store.clone(), self.tenant().clone()));
        let dialog = Arc::new(latest);
        for entry in entries {
            let event = Event::Message { entry: Arc::new(entry), dialog: dialog.clone() };
            if !self.push_with(event, loaders.clone()).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the session whose numbers say where the replay ends.
    async fn latest(&self, side: &Side) -> Result<Option<Session>, Fault> {
        let (store, tenant) = (&self.app.store, self.tenant());
        match side {
            Side::Desk(session) => store.session(tenant, session).await,
            Side::Client(conversation) => store.latest_session(tenant, conversation).await,
        }
    }

    async fn entries(
        &self,
        side: &Side,
        latest: &Session,
        first: u64,
        last: u64,
    ) -> Result<Vec<Message>, Fault> {
        let (store, tenant) = (&self.app.store, self.tenant());
        match side {
            Side::Desk(session) => store.entries(tenant, &session.conversation, first, last).await,
            Side::Client(_) => store.visible_entries(tenant, latest, first, last).await,
        }
    }
}

/// Returns true if a subscription has the id of a query or a mutation, and still has it after its
/// `complete` had the time to come.
async fn is_taken(app: &App, from: &From<'_>, id: &str) -> Result<bool, Fault> {
    for _ in 0..TAKEN_TRIES {
        let found = app.store.registered(&from.connection.id, id).await?;
        if registration::start(found.map(known), from.received_at) != Start::Taken {
            return Ok(false);
        }
        tokio::time::sleep(TAKEN_PAUSE).await;
    }
    Ok(true)
}

/// Ends a connection. Its subscriptions are deleted first, so that no frame follows the closing
/// one.
async fn refuse_connection(app: &App, connection: &str, refusal: &Refusal) -> Result<(), Fault> {
    app.store.refuse_connection(connection).await?;
    app.connections.post(connection, &Frame::close(refusal)).await;
    Ok(())
}

/// Answers a query or a mutation over the socket: posts one result, then `complete`.
async fn answer_once(app: &App, from: &From<'_>, id: &str, answer: Response) -> Result<(), Fault> {
    let connection = &from.connection.id;
    let has_begun = answer.errors.iter().any(|error| !error.path.is_empty());
    if !answer.errors.is_empty() && !has_begun {
        return refuse(app, from, id, answer.errors).await;
    }
    let frame = Frame::next(id, &render(answer, from.request_id));
    if !frame.fits() {
        let message = "The answer is too large for a socket: ask over HTTP.";
        return post(
            app,
            connection,
            id,
            &Frame::error(id, &[unexecuted(Code::Resync, message, from.request_id)]),
        )
        .await;
    }
    if telling::tell(app, connection, id, &frame).await? {
        post(app, connection, id, &Frame::complete(id)).await?;
    }
    Ok(())
}

async fn post(app: &App, connection: &str, id: &str, frame: &Frame) -> Result<(), Fault> {
    telling::tell(app, connection, id, frame).await.map(drop)
}

/// Refuses an operation that is not executed; its siblings live on.
pub(super) async fn refuse(
    app: &App,
    from: &From<'_>,
    id: &str,
    errors: Vec<ServerError>,
) -> Result<(), Fault> {
    post(app, &from.connection.id, id, &Frame::error(id, &refused(errors, from))).await
}

/// Returns the errors of an operation that was not executed, as a frame has them.
fn refused(errors: Vec<ServerError>, from: &From<'_>) -> Vec<Value> {
    let mut response = Response::from_errors(errors);
    annotate(&mut response, from.request_id);
    response.errors.iter().filter_map(|error| serde_json::to_value(error).ok()).collect()
}
