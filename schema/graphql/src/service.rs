//! The schema as a service: requests in, responses out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use async_graphql::parser::types::OperationType;
use async_graphql::{MergedObject, Request, Response, Schema, SchemaBuilder, ServerError};
use domain::{Caller, SessionId};
use futures::{StreamExt, pin_mut};
use store::Store;

use crate::administration::AdministrationMutation;
use crate::app::AppMutation;
use crate::ask::Ask;
use crate::assignment::AssignmentMutation;
use crate::binding::BindingMutation;
use crate::closing::ClosingMutation;
use crate::conversation::ConversationMutation;
use crate::document::{Operation, Shapes};
use crate::error::{Code, fault_of};
use crate::feed::{Event, Feed, Feeds, Heard};
use crate::loader::Loaders;
use crate::node::Query;
use crate::order::Asked;
use crate::presence::PresenceMutation;
use crate::reading::ReadingMutation;
use crate::reply::ReplyMutation;
use crate::template::TemplateMutation;
use crate::typing::{TypingMutation, Typist};

/// The deepest nesting of a document.
const MOST_DEEP: usize = 20;
/// The most fields of a document's answer, lists counted by their length.
const MOST_COMPLEX: usize = 50_000;
/// The most errors that are returned for an operation that is not executed.
const MOST_ERRORS: usize = 20;

/// The changes that you can make. Mutations for clients and for administrators say so. All others
/// are for employees: their error for a client's token is `FORBIDDEN`.
///
/// A refused mutation is no error of the request: the reason stands in `userErrors` of its result.
/// Every mutation may be refused with `INVALID` for a wrong argument and with `NOT_FOUND` for an
/// object that does not exist or that you may not see; the descriptions name the other reasons.
/// `FORBIDDEN` is also the refusal of any change to an earlier session that you may read only
/// because you see a later one.
///
/// The lengths of texts are counted in Unicode code points.
#[derive(MergedObject, Default)]
pub struct Mutation(
    PresenceMutation,
    AssignmentMutation,
    ReplyMutation,
    ReadingMutation,
    ClosingMutation,
    ConversationMutation,
    AdministrationMutation,
    TypingMutation,
    BindingMutation,
    AppMutation,
    TemplateMutation,
);

/// The settings of the service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settings {
    /// The callers that may introspect the schema.
    pub introspection: Introspection,
}

/// The callers that may introspect the schema. The schema's file is published with every release,
/// for tools.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Introspection {
    /// All callers, also those without a token.
    Everybody,
    /// Callers with a token.
    SignedIn,
    /// No callers.
    Nobody,
}

impl Introspection {
    /// Reads the setting: `everybody`, `signed-in` or `nobody`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "everybody" => Some(Self::Everybody),
            "signed-in" => Some(Self::SignedIn),
            "nobody" => Some(Self::Nobody),
            _ => None,
        }
    }
}

/// The schema with what it needs to run. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    schema: Schema<Query, Mutation, Feeds>,
    settings: Settings,
    store: Store,
    pushes: Arc<AtomicU64>,
}

/// The part of the schema that introspection can return, built at the first introspection: few
/// requests need it.
static SHAPES: LazyLock<Shapes> = LazyLock::new(|| Shapes::of(&schema().finish().sdl()));

fn schema() -> SchemaBuilder<Query, Mutation, Feeds> {
    // Suggestions compare what is unknown with all that is known, once for each error, and tell
    // strangers names that introspection would not.
    Schema::build(Query, Mutation::default(), Feeds)
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
}

/// The result of the probe of an operation over a socket.
#[derive(Debug)]
pub enum Probed {
    /// It is a subscription, with this topic.
    Listens(Heard),
    /// It is a query or a mutation, and this is its only answer.
    Answer(Box<Executed>),
    /// It is refused with these errors.
    Refused(Vec<ServerError>),
}

impl Service {
    /// Builds the service over a state.
    #[must_use]
    pub fn new(store: Store, settings: Settings) -> Self {
        Self { schema: schema().finish(), settings, store, pushes: Arc::default() }
    }

    /// Returns the same service over other clients of the same state.
    #[must_use]
    pub fn over(&self, store: Store) -> Self {
        Self::new(store, self.settings)
    }

    /// Reads the document of a request. This service executes no document that was not read here.
    ///
    /// # Errors
    /// The document exceeds a limit, is not GraphQL, or is not for this caller.
    pub fn read(&self, request: Request, caller: &Caller) -> Result<Operation, ServerError> {
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
        // Whoever changes something must see it in the same answer.
        let is_mutation = operation.kind() == OperationType::Mutation;
        let mut request = operation.request;
        let loaders = caller.tenant().map(|tenant| {
            let (store, tenant) = (self.store.clone(), tenant.clone());
            Arc::new(match is_mutation {
                true => Loaders::forgetful(store, tenant),
                false => Loaders::new(store, tenant),
            })
        });
        let typists = Arc::default();
        let ask = Ask { caller, store: self.store.clone(), loaders, typists: Arc::clone(&typists) };
        let asked = Asked::of(&mut request);
        let mut response = self.schema.execute(request.data(ask)).await;
        asked.arrange(&mut response);
        complete(&mut response.errors, request_id);
        let typists = typists.lock().map(|typists| typists.clone()).unwrap_or_default();
        Executed { response, typists }
    }

    /// Finds out the topic of an operation: validates it whole, and runs it if it is no
    /// subscription.
    pub async fn probe(&self, operation: Operation, caller: Caller, request_id: &str) -> Probed {
        let refused = |mut errors: Vec<ServerError>| {
            complete(&mut errors, request_id);
            Probed::Refused(errors)
        };
        if operation.kind() != OperationType::Subscription {
            let answer = self.execute(operation, caller, request_id).await;
            return Probed::Answer(Box::new(answer));
        }
        let found = Arc::new(Mutex::new(Vec::new()));
        let loaders = caller
            .tenant()
            .map(|tenant| Arc::new(Loaders::new(self.store.clone(), tenant.clone())));
        let ask = Ask { caller, store: self.store.clone(), loaders, typists: Arc::default() };
        let request = operation.request.data(ask).data(Feed::Probe(found.clone()));
        let errors: Vec<ServerError> = {
            let responses = self.schema.execute_stream(request);
            pin_mut!(responses);
            let mut errors = Vec::new();
            while let Some(response) = responses.next().await {
                errors.extend(response.errors);
            }
            errors
        };
        if !errors.is_empty() {
            return refused(errors);
        }
        let mut found = found.lock().map(|found| found.clone()).unwrap_or_default();
        match (found.pop(), found.is_empty()) {
            (Some(heard), true) => Probed::Listens(heard),
            _ => refused(vec![ServerError::new(
                "A subscription must have exactly one field at its root.",
                None,
            )]),
        }
    }

    /// Returns true if a caller may read a session: the access rule for the subscribers to its
    /// dialog.
    ///
    /// # Errors
    /// A [`store::Fault`] of the state.
    pub async fn may_read(
        &self,
        caller: Caller,
        session: &SessionId,
        loaders: Arc<Loaders>,
    ) -> Result<bool, store::Fault> {
        let ask = Ask {
            caller,
            store: self.store.clone(),
            loaders: Some(loaders),
            typists: Arc::default(),
        };
        let readable = ask.readable(session).await;
        readable.map(|session| session.is_some()).map_err(|error| fault_of(&error))
    }

    /// Renders an event as a subscription selects it; `None` when there is nothing to push to this
    /// caller.
    pub async fn push(
        &self,
        operation: Operation,
        caller: Caller,
        event: Event,
        loaders: Arc<Loaders>,
        request_id: &str,
    ) -> Option<Response> {
        let ask = Ask {
            caller,
            store: self.store.clone(),
            loaders: Some(loaders),
            typists: Arc::default(),
        };
        self.pushes.fetch_add(1, Ordering::Relaxed);
        let mut request = operation.request;
        let asked = Asked::of(&mut request);
        let request = request.data(ask).data(Feed::Push(event));
        let responses = self.schema.execute_stream(request);
        pin_mut!(responses);
        let mut response = responses.next().await?;
        asked.arrange(&mut response);
        complete(&mut response.errors, request_id);
        Some(response)
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
        let extensions = error.extensions.get_or_insert_default();
        if LIMITS.iter().any(|limit| error.message.starts_with(limit)) {
            extensions.set("code", Code::TooComplex.as_str());
        }
        extensions.set("requestId", request_id);
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_schema;
    use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};

    use super::*;
    use crate::feed::PAGED;

    #[test]
    fn every_field_that_pages_is_refused_under_subscriptions() {
        let sdl = schema().finish().sdl();
        let document = parse_schema(&sdl).unwrap();
        let mut paged = std::collections::BTreeSet::new();
        for definition in &document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let TypeKind::Object(object) = &definition.node.kind else { continue };
            // No subscription leads there.
            if definition.node.name.node == "Administration" {
                continue;
            }
            for field in &object.fields {
                if field.node.ty.to_string().contains("Connection") {
                    paged.insert(field.node.name.node.to_string());
                }
            }
        }
        assert_eq!(paged.into_iter().collect::<Vec<_>>(), PAGED);
    }
}
