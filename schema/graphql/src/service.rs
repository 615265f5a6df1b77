//! The schema as a service: requests in, responses out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use async_graphql::parser::types::OperationType;
use async_graphql::{Response, Schema, SchemaBuilder, ServerError, ValidationMode};
use domain::{Caller, SessionId};
use futures::{Stream, StreamExt, pin_mut};
use store::commit::Commits;
use store::{Fault, Store};

use crate::document::{Operation, Prepared, Shapes};
use crate::error::{Code, fault_of, finish};
use crate::feed::{Event, Run, Subscribed, Subscription};
use crate::files::Files;
use crate::guard::NoLists;
use crate::loader::Loaders;
use crate::messenger::Messengers;
use crate::mutation::Mutation;
use crate::order::FieldOrder;
use crate::query::Query;
use crate::request::Request;
use crate::settings::{Introspection, Settings};
use crate::typist::Typist;

/// The deepest nesting of a document.
const MOST_DEEP: usize = 20;
/// The most fields of a document's answer, lists counted by their length.
const MOST_COMPLEX: usize = 50_000;
/// The most errors that are returned for an operation that is not executed.
const MOST_ERRORS: usize = 20;

/// The schema with what it needs to run. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    schema: Schema<Query, Mutation, Subscription>,
    /// The schema that runs the documents of pushes: the probe validated them, and a push does not
    /// again. It is built at the first push, because few functions push.
    validated: Arc<OnceLock<Schema<Query, Mutation, Subscription>>>,
    settings: Settings,
    store: Store,
    pushes: Arc<AtomicU64>,
    /// The longest time from the beginning of a mutation until it has pushed its commits, in
    /// milliseconds; none where everything is left to the stream.
    patience: Option<u64>,
}

/// The part of the schema that introspection can return, built at the first introspection: few
/// requests need it.
static SHAPES: LazyLock<Shapes> = LazyLock::new(|| Shapes::of(&schema().finish().sdl()));

pub(crate) fn schema() -> SchemaBuilder<Query, Mutation, Subscription> {
    // Suggestions compare what is unknown with all that is known, once for each error, and show
    // strangers names that introspection would not.
    Schema::build(Query, Mutation::default(), Subscription)
        .limit_depth(MOST_DEEP)
        .limit_complexity(MOST_COMPLEX)
        .disable_suggestions()
}

/// The result of a query or a mutation.
#[derive(Debug)]
pub struct Executed {
    /// Its answer.
    pub response: Response,
    /// The typing signals that it caused, to be pushed to the subscribers to the dialogs.
    pub typists: Vec<Typist>,
    /// The changes of sessions that it committed and may push; none for a query, and where everything is
    /// left to the stream.
    pub commits: Option<Commits>,
}

/// The result of the probe of an operation over a socket.
#[derive(Debug)]
pub enum Probed {
    /// It is a subscription, to this feed.
    Subscribed(Subscribed),
    /// It is a query or a mutation, and this is its only answer.
    Answer(Box<Executed>),
    /// It is refused with these errors.
    Refused(Vec<ServerError>),
}

impl Service {
    /// Builds the service over a state.
    #[must_use]
    pub fn new(store: Store, settings: Settings) -> Self {
        let validated = Arc::default();
        let (schema, pushes) = (schema().finish(), Arc::default());
        Self { schema, validated, settings, store, pushes, patience: None }
    }

    /// Returns the same service over other clients of the same state.
    #[must_use]
    pub fn over(&self, store: Store) -> Self {
        Self { store, ..self.clone() }
    }

    /// Returns the same service, which can connect channels to these messengers.
    #[must_use]
    pub fn reaching(&self, messengers: Arc<dyn Messengers>) -> Self {
        let settings = Settings { messengers, ..self.settings.clone() };
        Self { settings, ..self.clone() }
    }

    /// Returns the same service, which these callers can introspect.
    #[must_use]
    pub fn introspected_by(&self, introspection: Introspection) -> Self {
        let settings = Settings { introspection, ..self.settings.clone() };
        Self { settings, ..self.clone() }
    }

    /// Returns the same service, which keeps files there.
    #[must_use]
    pub fn keeping(&self, files: Arc<dyn Files>) -> Self {
        let settings = Settings { files, ..self.settings.clone() };
        Self { settings, ..self.clone() }
    }

    /// Returns the same service, whose mutations push what they have committed. They may do so for this
    /// time from their beginning, in milliseconds; none to leave everything to the stream.
    #[must_use]
    pub fn pushing_for(&self, patience: Option<u64>) -> Self {
        Self { patience, ..self.clone() }
    }

    /// Reads the document of a request. This service executes no document that was not read here.
    ///
    /// # Errors
    /// The document exceeds a limit, is not GraphQL, or is not for this caller.
    pub fn read(
        &self,
        request: async_graphql::Request,
        caller: &Caller,
    ) -> Result<Operation, ServerError> {
        let operation = Operation::read(request, || &SHAPES)?;
        let code = match (self.settings.introspection, caller) {
            _ if !operation.introspects() => return Ok(operation),
            (Introspection::Everybody, _) => return Ok(operation),
            (Introspection::SignedIn, Caller::Nobody) => Code::Unauthenticated,
            (Introspection::SignedIn, _) => return Ok(operation),
            (Introspection::Nobody, _) => Code::Forbidden,
        };
        Err(code.unexecuted("What the schema is may not be asked here."))
    }

    /// Reads the document of a subscription once, for all events that are pushed to it.
    ///
    /// # Errors
    /// Those of [`Service::read`].
    pub fn prepare(
        &self,
        request: async_graphql::Request,
        caller: &Caller,
    ) -> Result<Prepared, ServerError> {
        self.read(request, caller)?.prepare()
    }

    /// Returns the number of documents that were run for pushes: the cost of a fan-out.
    #[must_use]
    pub fn pushes(&self) -> u64 {
        self.pushes.load(Ordering::Relaxed)
    }

    /// Returns the schema in its own language.
    #[must_use]
    pub fn sdl(&self) -> String {
        self.schema.sdl()
    }

    /// Returns the state that it serves.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Executes a query or a mutation for a caller. Every error carries `request_id`.
    pub async fn execute(
        &self,
        operation: Operation,
        caller: Caller,
        request_id: &str,
    ) -> Executed {
        let is_mutation = operation.kind() == OperationType::Mutation;
        let mut document = operation.request;
        let order = FieldOrder::of(&mut document);
        let loaders = self.loaders(&caller);
        // The answer of a mutation must show what the mutation changed.
        if let (true, Some(loaders)) = (is_mutation, &loaders) {
            loaders.forget();
        }
        let mut request = self.request(caller, loaders);
        let typists = Arc::clone(&request.typists);
        let commits = self.patience.filter(|_| is_mutation).map(|patience| {
            let commits = Commits::pushed_until(self.store.now().plus_millis(patience));
            request.store = request.store.noting(&commits);
            commits
        });
        let mut response = self.schema.execute(document.data(request)).await;
        order.arrange(&mut response);
        complete(&mut response.errors, request_id);
        let typists = typists.lock().map(|typists| typists.clone()).unwrap_or_default();
        Executed { response, typists, commits }
    }

    /// Finds out the feed of an operation: validates it whole, and runs it if it is no
    /// subscription.
    pub async fn probe(&self, operation: Operation, caller: Caller, request_id: &str) -> Probed {
        if operation.kind() != OperationType::Subscription {
            let answer = self.execute(operation, caller, request_id).await;
            return Probed::Answer(Box::new(answer));
        }
        let found = Arc::new(Mutex::new(Vec::new()));
        let loaders = self.loaders(&caller);
        let run = Run::Probe(Arc::clone(&found));
        let responses =
            self::run(&self.schema, operation.request, self.request(caller, loaders), run);
        let responses: Vec<Response> = responses.collect().await;
        let errors = responses.into_iter().flat_map(|response| response.errors).collect();
        let found = found.lock().map(|mut found| std::mem::take(&mut *found)).unwrap_or_default();
        probed(found, errors).unwrap_or_else(|mut errors| {
            complete(&mut errors, request_id);
            Probed::Refused(errors)
        })
    }

    /// Returns true if a caller may read a session: the access rule for the subscribers to its
    /// dialog.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn may_read(
        &self,
        caller: Caller,
        session: &SessionId,
        loaders: Arc<Loaders>,
    ) -> Result<bool, Fault> {
        if Self::is_shown(&caller, session, &loaders) {
            return Ok(true);
        }
        let request = self.request(caller, Some(Arc::clone(&loaders)));
        let readable = request.readable(session).await.map_err(|error| fault_of(&error))?;
        readable.iter().for_each(|head| loaders.know_head(head));
        Ok(readable.is_some())
    }

    /// Returns true if a caller may read a session according to what the loaders know already. False says
    /// nothing: see [`Service::may_read`].
    #[must_use]
    pub fn is_shown(caller: &Caller, session: &SessionId, loaders: &Loaders) -> bool {
        matches!(caller, Caller::Employee { person, .. } if loaders.shows(session, &person.id))
    }

    /// Renders an event as a subscription selects it; `None` when there is nothing to push to this
    /// caller.
    pub async fn push(
        &self,
        operation: &Prepared,
        caller: Caller,
        event: Event,
        loaders: Arc<Loaders>,
        request_id: &str,
    ) -> Option<Response> {
        self.pushes.fetch_add(1, Ordering::Relaxed);
        let validated =
            self.validated.get_or_init(|| schema().validation_mode(ValidationMode::Fast).finish());
        let request = self.request(caller, Some(loaders));
        let responses = run(validated, operation.request(), request, Run::Push(event));
        pin_mut!(responses);
        let mut response = responses.next().await?;
        operation.order().arrange(&mut response);
        complete(&mut response.errors, request_id);
        Some(response)
    }

    /// Returns loaders for one request. A caller without a token has none.
    fn loaders(&self, caller: &Caller) -> Option<Arc<Loaders>> {
        let tenant = caller.tenant()?.clone();
        Some(Arc::new(Loaders::new(self.store.clone(), tenant)))
    }

    fn request(&self, caller: Caller, loaders: Option<Arc<Loaders>>) -> Request {
        let (store, typists) = (self.store.clone(), Arc::default());
        let Settings { messengers, files, .. } = self.settings.clone();
        Request { caller, store, loaders, messengers, files, typists }
    }
}

/// Runs the document of a subscription.
fn run(
    schema: &Schema<Query, Mutation, Subscription>,
    document: async_graphql::Request,
    request: Request,
    run: Run,
) -> impl Stream<Item = Response> + use<> {
    schema.execute_stream(document.data(request).data(run).data(NoLists))
}

/// Returns the one feed that a probe found, or the errors of a wrong operation.
fn probed(
    mut found: Vec<Subscribed>,
    errors: Vec<ServerError>,
) -> Result<Probed, Vec<ServerError>> {
    if !errors.is_empty() {
        return Err(errors);
    }
    match (found.pop(), found.is_empty()) {
        (Some(subscribed), true) => Ok(Probed::Subscribed(subscribed)),
        _ => Err(vec![ServerError::new(
            "A subscription must have exactly one field at its root.",
            None,
        )]),
    }
}

/// The beginnings of the library's errors for its own limits, which have no code.
const LIMITS: [&str; 3] =
    ["Query is too complex", "Query is nested too deep", "The recursion depth"];

/// Adds the code to an error that a limit raised, and the request's id to every error. A document
/// that is wrong in many places has an error for each; only the first are returned.
fn complete(errors: &mut Vec<ServerError>, request_id: &str) {
    if errors.iter().all(|error| error.path.is_empty()) {
        errors.truncate(MOST_ERRORS);
    }
    for error in errors {
        if LIMITS.iter().any(|limit| error.message.starts_with(limit)) {
            let extensions = error.extensions.get_or_insert_default();
            extensions.set("code", Code::TooComplex.as_str());
        }
        finish(error, request_id);
    }
}
