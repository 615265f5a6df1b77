//! The schema as a service: requests in, responses out.

use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Response, Schema};
use domain::{ChannelId, ClientId, LiveChatId, TenantId};
use store::Store;
use store::act::Person;

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

/// The schema with what it needs to run. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    schema: Schema<Query, EmptyMutation, EmptySubscription>,
}

/// What can be asked.
pub struct Query;

/// What can be asked.
#[Object]
impl Query {
    /// Answers to anybody.
    async fn ping(&self) -> bool {
        true
    }
}

impl Service {
    /// The schema over this state.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { schema: Schema::build(Query, EmptyMutation, EmptySubscription).data(store).finish() }
    }

    /// Executes a query or a mutation for a caller. `request_id` stands in every error.
    pub async fn execute(&self, request: Request, caller: Caller, request_id: &str) -> Response {
        let _ = request_id;
        self.schema.execute(request.data(caller)).await
    }
}
