//! The reads of one request or batch: each entity is read once, many of them in one call.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use domain::{
    AppId, AttachmentId, ConversationId, EmployeeId, ItemId, LiveChatId, Roles, SessionId,
    TenantId, Timestamp, access,
};
use futures::future::try_join_all;
use store::{Fault, Store};

/// The most entities that are loaded in one call.
const BATCH: usize = 100;

/// The loaders of one tenant, for one request or one batch of pushes.
pub struct Loaders {
    pub(crate) data: DataLoader<Reader, HashMapCache>,
    /// The roles in the live chats whose members the fan-out has read.
    members: Mutex<HashMap<LiveChatId, HashMap<EmployeeId, Roles>>>,
    /// The heads of sessions to which the fan-out has applied the access rule.
    heads: Mutex<HashMap<SessionId, domain::Session>>,
}

impl Loaders {
    /// Builds loaders that remember their reads for as long as they live.
    #[must_use]
    pub fn new(store: Store, tenant: TenantId) -> Self {
        let reader = Reader { store, tenant };
        let data = DataLoader::with_cache(reader, tokio::spawn, HashMapCache::default());
        let data = data.max_batch_size(BATCH).delay(std::time::Duration::from_micros(100));
        Self { data, members: Mutex::default(), heads: Mutex::default() }
    }

    /// Remembers the members of a live chat: nobody's roles there are read any more.
    pub fn know_members(&self, live_chat: LiveChatId, members: &[domain::Member]) {
        let roles = members.iter().map(|member| (member.employee.clone(), member.roles)).collect();
        self.members.lock().unwrap_or_else(PoisonError::into_inner).insert(live_chat, roles);
    }

    /// Returns true if the members of a live chat are known.
    #[must_use]
    pub fn knows_members(&self, live_chat: &LiveChatId) -> bool {
        self.members.lock().unwrap_or_else(PoisonError::into_inner).contains_key(live_chat)
    }

    /// Remembers entries of dialogs, which never change.
    pub async fn know_entries(&self, entries: impl Iterator<Item = &domain::Message>) {
        let entry = |one: &domain::Message| (Entry(one.conversation.clone(), one.seq), one.clone());
        self.data.feed_many(entries.map(entry)).await;
    }

    /// Returns the roles of an employee in a live chat, where its members are known.
    pub(crate) fn roles(&self, live_chat: &LiveChatId, person: &EmployeeId) -> Option<Roles> {
        let members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let roles = members.get(live_chat)?.get(person).copied();
        Some(roles.unwrap_or(Roles::NONE))
    }

    /// Remembers the head of a session for [`Loaders::shows`].
    pub(crate) fn know_head(&self, head: &domain::Session) {
        let mut heads = self.heads.lock().unwrap_or_else(PoisonError::into_inner);
        heads.insert(head.id.clone(), head.clone());
    }

    /// Returns true if a session whose head and whose live chat's members are known is in an
    /// employee's sight. False says nothing: other sessions may bring it there.
    pub(crate) fn shows(&self, session: &SessionId, person: &EmployeeId) -> bool {
        let heads = self.heads.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(head) = heads.get(session) else { return false };
        let roles = self.roles(&head.live_chat, person);
        roles.is_some_and(|roles| access::sees(head, person, roles))
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

/// Declares a key.
macro_rules! key {
    ($(#[$doc:meta])* $name:ident($($part:ty),+)) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        pub struct $name($(pub $part),+);
    };
}

/// Declares a key of entities that the store reads together.
macro_rules! together {
    ($(#[$doc:meta])* $name:ident($id:ty) => $value:ty, $read:ident) => {
        key!($(#[$doc])* $name($id));

        impl Loader<$name> for Reader {
            type Value = $value;
            type Error = Fault;

            async fn load(&self, keys: &[$name]) -> Result<HashMap<$name, $value>, Fault> {
                let ids: Vec<$id> = keys.iter().map(|key| key.0.clone()).collect();
                let found = self.store.of(&self.tenant).$read(&ids).await?;
                Ok(found.into_iter().map(|(id, value)| ($name(id), value)).collect())
            }
        }
    };
}

/// Declares a key of entities that the store reads one by one, side by side.
macro_rules! one_by_one {
    ($(#[$doc:meta])* $name:ident($id:ty) => $value:ty, $read:ident) => {
        key!($(#[$doc])* $name($id));

        impl Loader<$name> for Reader {
            type Value = $value;
            type Error = Fault;

            async fn load(&self, keys: &[$name]) -> Result<HashMap<$name, $value>, Fault> {
                let each = keys.iter().map(|key| async move {
                    let value = self.store.of(&self.tenant).$read(&key.0).await?;
                    Ok::<_, Fault>(Option::<$value>::from(value).map(|value| (key.clone(), value)))
                });
                Ok(try_join_all(each).await?.into_iter().flatten().collect())
            }
        }
    };
}

together!(
    /// A session.
    Session(SessionId) => domain::Session, sessions
);
one_by_one!(
    /// The latest session of a conversation.
    LatestSession(ConversationId) => domain::Session, latest_session
);
together!(
    /// An employee.
    Employee(EmployeeId) => domain::Employee, employees
);
together!(
    /// The time at which an employee's presence lease ends.
    Lease(EmployeeId) => Timestamp, leases
);
one_by_one!(
    /// An employee with their memberships.
    Desk(EmployeeId) => domain::Desk, desk
);
one_by_one!(
    /// A live chat.
    LiveChat(LiveChatId) => domain::LiveChat, live_chat
);
one_by_one!(
    /// The members of a live chat.
    Members(LiveChatId) => Vec<domain::Member>, members
);
together!(
    /// An app.
    App(AppId) => domain::App, apps
);
together!(
    /// The apps that a live chat names.
    LiveChatApps(LiveChatId) => Vec<AppId>, named_apps
);
together!(
    /// An item of an app.
    Item(ItemId) => domain::Item, items_by_id
);
one_by_one!(
    /// The templates of a live chat.
    Templates(LiveChatId) => Vec<domain::Template>, templates
);
together!(
    /// The client of a session, and its bindings.
    ClientInfo(SessionId) => store::dialog::ClientInfo, clients
);
together!(
    /// The last message of a conversation that its client has seen.
    ClientRead(ConversationId) => domain::reading::ClientRead, client_reads
);
key!(
    /// An entry of a dialog.
    Entry(ConversationId, u64)
);
key!(
    /// The delivery of an answer that leaves by a messenger.
    Delivery(ConversationId, u64)
);
key!(
    /// A file of a conversation.
    Attachment(ConversationId, AttachmentId)
);
key!(
    /// The number of queued sessions of a live chat.
    QueueCount(LiveChatId)
);
key!(
    /// The position of an employee in a conversation.
    Position(EmployeeId, ConversationId)
);

impl Loader<Entry> for Reader {
    type Value = domain::Message;
    type Error = Fault;

    async fn load(&self, keys: &[Entry]) -> Result<HashMap<Entry, Self::Value>, Fault> {
        let each = keys.iter().map(|key| async move {
            let entry = self.store.of(&self.tenant).entry(&key.0, key.1).await?;
            Ok::<_, Fault>(entry.map(|entry| (key.clone(), entry)))
        });
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }
}

impl Loader<Delivery> for Reader {
    type Value = domain::Delivery;
    type Error = Fault;

    async fn load(&self, keys: &[Delivery]) -> Result<HashMap<Delivery, Self::Value>, Fault> {
        let answers: Vec<_> = keys.iter().map(|key| (key.0.clone(), key.1)).collect();
        let found = self.store.of(&self.tenant).deliveries(&answers).await?;
        Ok(found.into_iter().map(|((id, seq), one)| (Delivery(id, seq), one)).collect())
    }
}

impl Loader<Attachment> for Reader {
    type Value = domain::Attachment;
    type Error = Fault;

    async fn load(&self, keys: &[Attachment]) -> Result<HashMap<Attachment, Self::Value>, Fault> {
        let named: Vec<_> = keys.iter().map(|key| (key.0.clone(), key.1.clone())).collect();
        let found = self.store.of(&self.tenant).files(&named).await?;
        Ok(found.into_iter().map(|((of, id), file)| (Attachment(of, id), file)).collect())
    }
}

impl Loader<QueueCount> for Reader {
    type Value = domain::counter::QueueCount;
    type Error = Fault;

    async fn load(&self, keys: &[QueueCount]) -> Result<HashMap<QueueCount, Self::Value>, Fault> {
        let counts =
            self.store.of(&self.tenant).queue_counts(keys.iter().map(|key| &key.0)).await?;
        Ok(counts.into_iter().map(|(id, count)| (QueueCount(id), count)).collect())
    }
}

impl Loader<Position> for Reader {
    type Value = store::dialog::Position;
    type Error = Fault;

    async fn load(&self, keys: &[Position]) -> Result<HashMap<Position, Self::Value>, Fault> {
        let mut people: HashMap<&EmployeeId, Vec<ConversationId>> = HashMap::new();
        for Position(person, conversation) in keys {
            people.entry(person).or_default().push(conversation.clone());
        }
        let each = people.into_iter().map(|(person, conversations)| async move {
            let found = self.store.of(&self.tenant).positions(person, &conversations).await?;
            Ok::<_, Fault>(found.into_iter().map(|(id, at)| (Position(person.clone(), id), at)))
        });
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }
}
