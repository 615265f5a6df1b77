//! The schema as a service: requests in, responses out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use async_graphql::parser::types::OperationType;
use async_graphql::{
    ErrorExtensionValues, MergedObject, Request, Response, Schema, SchemaBuilder, ServerError,
};
use domain::{ChannelId, ClientId, LiveChatId, SessionId, TenantId};
use futures::{StreamExt, pin_mut};
use store::Store;
use store::act::Person;

use crate::administration::AdministrationMutation;
use crate::app::AppMutation;
use crate::ask::Ask;
use crate::assignment::AssignmentMutation;
use crate::binding::BindingMutation;
use crate::closing::ClosingMutation;
use crate::conversation::ConversationMutation;
use crate::document::{Operation, Shapes};
use crate::error::Code;
use crate::feed::{Event, Feed, Feeds, Heard};
use crate::loader::Loaders;
use crate::node::Query;
use crate::order::Asked;
use crate::presence::PresenceMutation;
use crate::reading::ReadingMutation;
use crate::reply::ReplyMutation;
use crate::template::TemplateMutation;
use crate::typing::{TypingMutation, Typist};

/// How deep a document may nest.
const MOST_DEEP: usize = 20;
/// How many fields a document may come to, lists counted by their length.
const MOST_COMPLEX: usize = 50_000;
/// How many errors of an operation that is not executed are told.
const MOST_ERRORS: usize = 20;

/// Who asks, as their verified token says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Caller {
    /// Nobody: no token was given.
    Nobody,
    /// An employee.
    Employee {
        /// Who.
        person: Person,
        /// Whether they administer the tenant.
        is_administrator: bool,
    },
    /// A client with a token of their own, bound to one live chat.
    Client {
        /// The tenant.
        tenant: TenantId,
        /// The live chat.
        live_chat: LiveChatId,
        /// The channel they write by.
        channel: ChannelId,
        /// Who.
        client: ClientId,
        /// Their display name.
        name: String,
        /// How else to reach them: kind and value.
        contacts: Vec<(String, String)>,
    },
}

impl Caller {
    /// The tenant of somebody.
    #[must_use]
    pub const fn tenant(&self) -> Option<&TenantId> {
        match self {
            Self::Nobody => None,
            Self::Employee { person, .. } => Some(&person.tenant),
            Self::Client { tenant, .. } => Some(tenant),
        }
    }
}

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

/// How the schema is served.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Who may ask what the schema is.
    pub introspection: Introspection,
}

/// Who may ask what the schema is. Its file is published with every release, for tools.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Introspection {
    /// Everybody, strangers too.
    Everybody,
    /// Those with a token.
    SignedIn,
    /// Nobody.
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

/// What introspection can find, made when it is first asked for: few requests do.
static SHAPES: LazyLock<Shapes> = LazyLock::new(|| Shapes::of(&schema().finish().sdl()));

fn schema() -> SchemaBuilder<Query, Mutation, Feeds> {
    // Suggestions compare what is unknown with all that is known, once for each error, and tell
    // strangers names that introspection would not.
    Schema::build(Query, Mutation::default(), Feeds)
        .limit_depth(MOST_DEEP)
        .limit_complexity(MOST_COMPLEX)
        .disable_suggestions()
}

/// What came of a query or a mutation.
#[derive(Debug)]
pub struct Executed {
    /// Its answer.
    pub response: Response,
    /// Who types since: to be told to those who follow the dialogs.
    pub typists: Vec<Typist>,
}

/// What came of an operation that somebody subscribed to.
#[derive(Debug)]
pub enum Probed {
    /// It is a subscription, and listens to this.
    Listens(Heard),
    /// It is a query or a mutation, and this is its only answer.
    Answer(Box<Executed>),
    /// It is refused as it is.
    Refused(Vec<ServerError>),
}

impl Service {
    /// The schema over this state.
    #[must_use]
    pub fn new(store: Store, settings: Settings) -> Self {
        Self { schema: schema().finish(), settings, store, pushes: Arc::default() }
    }

    /// The same schema over other clients of the same state.
    #[must_use]
    pub fn over(&self, store: Store) -> Self {
        Self::new(store, self.settings)
    }

    /// Reads the document of a request. Whatever this service executes was read here.
    ///
    /// # Errors
    /// The document asks for too much, is not GraphQL, or is not for this caller.
    pub fn read(&self, request: Request, caller: &Caller) -> Result<Operation, ServerError> {
        let operation = Operation::read(request, || &SHAPES)?;
        let code = match (self.settings.introspection, caller) {
            _ if !operation.introspects() => return Ok(operation),
            (Introspection::Everybody, _) => return Ok(operation),
            (Introspection::SignedIn, Caller::Nobody) => Code::Unauthenticated,
            (Introspection::SignedIn, _) => return Ok(operation),
            (Introspection::Nobody, _) => Code::Forbidden,
        };
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", code.as_str());
        let error = ServerError::new("What the schema is may not be asked here.", None);
        Err(ServerError { extensions: Some(extensions), ..error })
    }

    /// How many documents were run to say something: what a fan-out costs.
    #[must_use]
    pub fn pushes(&self) -> u64 {
        self.pushes.load(Ordering::Relaxed)
    }

    /// The schema in its own language.
    #[must_use]
    pub fn sdl(&self) -> String {
        self.schema.sdl()
    }

    /// The state that it serves.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Executes a query or a mutation for a caller. `request_id` stands in every error.
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

    /// Finds out what an operation listens to: validates it whole, and runs it if it is no
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

    /// Whether a caller may read a session: the access rule, for those who follow its dialog.
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
        match ask.readable(session).await {
            Ok(session) => Ok(session.is_some()),
            Err(error) => Err(store::Fault::Unavailable(error.message)),
        }
    }

    /// Says something of an event, as a subscription asks for it; `None` when there is nothing to
    /// say to this caller.
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

/// How the library's errors of its own limits begin: it gives them no code.
const LIMITS: [&str; 3] =
    ["Query is too complex", "Query is nested too deep", "The recursion depth"];

/// Gives an error that a limit raised its code, and every error the request's id. Of a document that
/// is wrong in many places, the first are told: each place has a message of its own.
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
