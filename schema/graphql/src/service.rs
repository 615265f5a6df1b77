//! The schema as a service: requests in, responses out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_graphql::parser::types::OperationType;
use async_graphql::{MergedObject, Request, Response, Schema, ServerError};
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
/// How many directives a field may have.
const MOST_DIRECTIVES: usize = 10;

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

/// What can be done.
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
    /// Whether the schema may be asked what it is.
    pub introspection: bool,
}

/// The schema with what it needs to run. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    schema: Schema<Query, Mutation, Feeds>,
    store: Store,
    pushes: Arc<AtomicU64>,
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
        let mut schema = Schema::build(Query, Mutation::default(), Feeds)
            .limit_depth(MOST_DEEP)
            .limit_complexity(MOST_COMPLEX)
            .limit_directives(MOST_DIRECTIVES);
        if !settings.introspection {
            schema = schema.disable_introspection();
        }
        Self { schema: schema.finish(), store, pushes: Arc::default() }
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
        mut request: Request,
        caller: Caller,
        request_id: &str,
    ) -> Executed {
        // Whoever changes something must see it in the same answer.
        let is_mutation = operation_type(&mut request) == Some(OperationType::Mutation);
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
        response.errors.iter_mut().for_each(|error| complete(error, request_id));
        let typists = typists.lock().map(|typists| typists.clone()).unwrap_or_default();
        Executed { response, typists }
    }

    /// Finds out what an operation listens to: validates it whole, and runs it if it is no
    /// subscription.
    pub async fn probe(&self, mut request: Request, caller: Caller, request_id: &str) -> Probed {
        let refused = |mut errors: Vec<ServerError>| {
            errors.iter_mut().for_each(|error| complete(error, request_id));
            Probed::Refused(errors)
        };
        if let Err(error) = request.parsed_query() {
            return refused(vec![error]);
        }
        if operation_type(&mut request) != Some(OperationType::Subscription) {
            let answer = self.execute(request, caller, request_id).await;
            return Probed::Answer(Box::new(answer));
        }
        let found = Arc::new(Mutex::new(Vec::new()));
        let loaders = caller
            .tenant()
            .map(|tenant| Arc::new(Loaders::new(self.store.clone(), tenant.clone())));
        let ask = Ask { caller, store: self.store.clone(), loaders, typists: Arc::default() };
        let request = request.data(ask).data(Feed::Probe(found.clone()));
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
        mut request: Request,
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
        let asked = Asked::of(&mut request);
        let request = request.data(ask).data(Feed::Push(event));
        let responses = self.schema.execute_stream(request);
        pin_mut!(responses);
        let mut response = responses.next().await?;
        asked.arrange(&mut response);
        response.errors.iter_mut().for_each(|error| complete(error, request_id));
        Some(response)
    }
}

/// What kind of operation a request is, where that can be told.
fn operation_type(request: &mut Request) -> Option<OperationType> {
    let name = request.operation_name.clone();
    let document = request.parsed_query().ok()?;
    let mut operations = document.operations.iter();
    let operation = match name {
        None => operations.next().map(|(_, operation)| operation),
        Some(name) => {
            operations.find(|(known, _)| known.is_some_and(|k| *k == *name)).map(|(_, o)| o)
        }
    };
    operation.map(|operation| operation.node.ty)
}

/// How the library's errors of its own limits begin: it gives them no code.
const LIMITS: [&str; 4] = [
    "Query is too complex",
    "Query is nested too deep",
    "The recursion depth",
    "The number of directives",
];

/// Gives an error that a limit raised its code, and every error the request's id.
fn complete(error: &mut ServerError, request_id: &str) {
    let extensions = error.extensions.get_or_insert_default();
    if LIMITS.iter().any(|limit| error.message.starts_with(limit)) {
        extensions.set("code", Code::TooComplex.as_str());
    }
    extensions.set("requestId", request_id);
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_schema;
    use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};

    use super::*;
    use crate::feed::PAGED;

    #[test]
    fn every_field_that_pages_is_refused_under_subscriptions() {
        let sdl = Schema::build(Query, Mutation::default(), Feeds).finish().sdl();
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
