//! Reads of one request or batch, put together: each thing is read once, many in one call.

use std::collections::HashMap;

use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use domain::counter::QueueCount;
use domain::{
    AppId, ConversationId, EmployeeId, ItemId, LiveChatId, Message, Session, SessionId, Template,
    TenantId, Timestamp,
};
use futures::future::try_join_all;
use store::dialog::{ClientInfo, Position};
use store::live_chat::{LiveChat, Member};
use store::{Fault, Store};

/// The most entities that are loaded in one call.
const BATCH: usize = 100;

/// The loaders of one tenant, for one request or one batch of pushes.
pub struct Loaders {
    pub(crate) data: DataLoader<Reader, HashMapCache>,
}

impl Loaders {
    /// Builds loaders that remember their reads for as long as they live.
    #[must_use]
    pub fn new(store: Store, tenant: TenantId) -> Self {
        let reader = Reader { store, tenant };
        let data = DataLoader::with_cache(reader, tokio::spawn, HashMapCache::default());
        Self { data: data.max_batch_size(BATCH).delay(std::time::Duration::from_micros(100)) }
    }

    /// Remembers no reads from now on: for mutations, which change the state that was read.
    pub(crate) fn forget(&self) {
        self.data.enable_all_cache(false);
    }
}

/// Reads from the state of one tenant.
pub struct Reader {
    store: Store,
    tenant: TenantId,
}

macro_rules! key {
    ($(#[$doc:meta])* $name:ident($($part:ty),+)) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        pub struct $name($(pub $part),+);
    };
}

key!(
    /// A session.
    Head(SessionId)
);
key!(
    /// The latest session of a conversation.
    Latest(ConversationId)
);
key!(
    /// An entry of a dialog.
    Entry(ConversationId, u64)
);
key!(
    /// An employee.
    Employee(EmployeeId)
);
key!(
    /// The time at which an employee's presence lease ends.
    Lease(EmployeeId)
);
key!(
    /// An employee with their memberships.
    Desk(EmployeeId)
);
key!(
    /// A live chat.
    Place(LiveChatId)
);
key!(
    /// The members of a live chat.
    Members(LiveChatId)
);
key!(
    /// The number of queued sessions of a live chat.
    Queue(LiveChatId)
);
key!(
    /// An app.
    App(AppId)
);
key!(
    /// The apps that a live chat names.
    Named(LiveChatId)
);
key!(
    /// An item of an app.
    Item(ItemId)
);
key!(
    /// The templates of a live chat.
    Templates(LiveChatId)
);
key!(
    /// The client of a session, and its bindings.
    Info(SessionId)
);
key!(
    /// The read mark of an employee in a conversation.
    Line(EmployeeId, ConversationId)
);

impl Loader<Head> for Reader {
    type Value = Session;
    type Error = Fault;

    async fn load(&self, keys: &[Head]) -> Result<HashMap<Head, Session>, Fault> {
        let ids: Vec<SessionId> = keys.iter().map(|key| key.0.clone()).collect();
        let sessions = self.store.sessions(&self.tenant, &ids).await?;
        Ok(sessions.into_iter().map(|(id, session)| (Head(id), session)).collect())
    }
}

impl Loader<Latest> for Reader {
    type Value = Session;
    type Error = Fault;

    async fn load(&self, keys: &[Latest]) -> Result<HashMap<Latest, Session>, Fault> {
        let each = keys.iter().map(|key| async move {
            let latest = self.store.latest_session(&self.tenant, &key.0).await?;
            Ok::<_, Fault>((key.clone(), latest))
        });
        Ok(present(try_join_all(each).await?))
    }
}

impl Loader<Entry> for Reader {
    type Value = Message;
    type Error = Fault;

    async fn load(&self, keys: &[Entry]) -> Result<HashMap<Entry, Message>, Fault> {
        let each = keys.iter().map(|key| async move {
            let entry = self.store.entry(&self.tenant, &key.0, key.1).await?;
            Ok::<_, Fault>((key.clone(), entry))
        });
        Ok(present(try_join_all(each).await?))
    }
}

impl Loader<Employee> for Reader {
    type Value = store::desk::Employee;
    type Error = Fault;

    async fn load(&self, keys: &[Employee]) -> Result<HashMap<Employee, Self::Value>, Fault> {
        let ids: Vec<EmployeeId> = keys.iter().map(|key| key.0.clone()).collect();
        let employees = self.store.employees(&self.tenant, &ids).await?;
        Ok(employees.into_iter().map(|(id, employee)| (Employee(id), employee)).collect())
    }
}

impl Loader<Lease> for Reader {
    type Value = Timestamp;
    type Error = Fault;

    async fn load(&self, keys: &[Lease]) -> Result<HashMap<Lease, Timestamp>, Fault> {
        let ids: Vec<EmployeeId> = keys.iter().map(|key| key.0.clone()).collect();
        let leases = self.store.leases(&self.tenant, &ids).await?;
        Ok(leases.into_iter().map(|(id, until)| (Lease(id), until)).collect())
    }
}

impl Loader<Desk> for Reader {
    type Value = store::desk::Desk;
    type Error = Fault;

    async fn load(&self, keys: &[Desk]) -> Result<HashMap<Desk, Self::Value>, Fault> {
        let each = keys.iter().map(|key| async move {
            Ok::<_, Fault>((key.clone(), self.store.desk(&self.tenant, &key.0).await?))
        });
        Ok(try_join_all(each).await?.into_iter().collect())
    }
}

impl Loader<Place> for Reader {
    type Value = LiveChat;
    type Error = Fault;

    async fn load(&self, keys: &[Place]) -> Result<HashMap<Place, LiveChat>, Fault> {
        let each = keys.iter().map(|key| async move {
            Ok::<_, Fault>((key.clone(), self.store.live_chat(&self.tenant, &key.0).await?))
        });
        Ok(present(try_join_all(each).await?))
    }
}

impl Loader<Members> for Reader {
    type Value = Vec<Member>;
    type Error = Fault;

    async fn load(&self, keys: &[Members]) -> Result<HashMap<Members, Vec<Member>>, Fault> {
        let each = keys.iter().map(|key| async move {
            Ok::<_, Fault>((key.clone(), self.store.members(&self.tenant, &key.0).await?))
        });
        Ok(try_join_all(each).await?.into_iter().collect())
    }
}

impl Loader<Queue> for Reader {
    type Value = QueueCount;
    type Error = Fault;

    async fn load(&self, keys: &[Queue]) -> Result<HashMap<Queue, QueueCount>, Fault> {
        let counts = self.store.queue_counts(&self.tenant, keys.iter().map(|key| &key.0)).await?;
        Ok(counts.into_iter().map(|(id, count)| (Queue(id), count)).collect())
    }
}

impl Loader<App> for Reader {
    type Value = store::app::App;
    type Error = Fault;

    async fn load(&self, keys: &[App]) -> Result<HashMap<App, Self::Value>, Fault> {
        let ids: Vec<AppId> = keys.iter().map(|key| key.0.clone()).collect();
        let apps = self.store.apps(&self.tenant, &ids).await?;
        Ok(apps.into_iter().map(|(id, app)| (App(id), app)).collect())
    }
}

impl Loader<Named> for Reader {
    type Value = Vec<AppId>;
    type Error = Fault;

    async fn load(&self, keys: &[Named]) -> Result<HashMap<Named, Vec<AppId>>, Fault> {
        let ids: Vec<LiveChatId> = keys.iter().map(|key| key.0.clone()).collect();
        let named = self.store.named_apps(&self.tenant, &ids).await?;
        Ok(named.into_iter().map(|(id, apps)| (Named(id), apps)).collect())
    }
}

impl Loader<Item> for Reader {
    type Value = domain::Item;
    type Error = Fault;

    async fn load(&self, keys: &[Item]) -> Result<HashMap<Item, domain::Item>, Fault> {
        let ids: Vec<ItemId> = keys.iter().map(|key| key.0.clone()).collect();
        let items = self.store.items_by_id(&self.tenant, &ids).await?;
        Ok(items.into_iter().map(|(id, item)| (Item(id), item)).collect())
    }
}

impl Loader<Templates> for Reader {
    type Value = Vec<Template>;
    type Error = Fault;

    async fn load(&self, keys: &[Templates]) -> Result<HashMap<Templates, Vec<Template>>, Fault> {
        let each = keys.iter().map(|key| async move {
            Ok::<_, Fault>((key.clone(), self.store.templates(&self.tenant, &key.0).await?))
        });
        Ok(try_join_all(each).await?.into_iter().collect())
    }
}

impl Loader<Info> for Reader {
    type Value = ClientInfo;
    type Error = Fault;

    async fn load(&self, keys: &[Info]) -> Result<HashMap<Info, ClientInfo>, Fault> {
        let ids: Vec<SessionId> = keys.iter().map(|key| key.0.clone()).collect();
        let clients = self.store.clients(&self.tenant, &ids).await?;
        Ok(clients.into_iter().map(|(id, client)| (Info(id), client)).collect())
    }
}

impl Loader<Line> for Reader {
    type Value = Position;
    type Error = Fault;

    async fn load(&self, keys: &[Line]) -> Result<HashMap<Line, Position>, Fault> {
        let mut people: HashMap<&EmployeeId, Vec<ConversationId>> = HashMap::new();
        for Line(person, conversation) in keys {
            people.entry(person).or_default().push(conversation.clone());
        }
        let each = people.into_iter().map(|(person, conversations)| async move {
            let found = self.store.positions(&self.tenant, person, &conversations).await?;
            Ok::<_, Fault>(found.into_iter().map(|(id, at)| (Line(person.clone(), id), at)))
        });
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }
}

fn present<K: std::hash::Hash + Eq, V>(found: Vec<(K, Option<V>)>) -> HashMap<K, V> {
    found.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}
