//! One live chat behind a meter.

use domain::AppKind;
use domain::Person;
use domain::actor::Writer;
use domain::arrival::Incoming;
use domain::name::NameTemplate;
use domain::presence::Choice;
use domain::{
    AppId, ChannelId, ClientId, EmployeeId, LiveChatId, Roles, Session, SessionId, TenantId,
};
use domain::{Channel, ChannelKind, LiveChat};
use dynoxide::actions::get_item::GetItemRequest;
use std::sync::Arc;
use store::act::{Acted, Answer};
use store::arrival::{Arrival, Arrived, Files};
use store::attachment::Attaching;
use store::key::Key;
use store::{Store, Tables};
use tests::database::Database;
use tests::environment::Seeded;
use tests::item::{self, Item};
use tests::meter::{Meter, Metered, Usage};
use tests::wire::Wire;

/// A store behind a meter, with two operators and a supervisor of one live chat.
pub(super) struct Bench {
    pub(super) store: Store,
    pub(super) environment: Arc<Seeded>,
    pub(super) live_chat: LiveChat,
    pub(super) tenant: TenantId,
    meter: Meter,
    database: Database,
    sent: std::cell::Cell<u64>,
}

impl Bench {
    pub(super) async fn new() -> Self {
        let (meter, database) = (Meter::default(), Database::memory().unwrap());
        let client = Wire::new(database.clone()).through(meter.clone()).client(0);
        let environment = Arc::new(Seeded::still(7));
        let store = Store::new(client, Tables::default(), environment.clone());
        store.create_tables().await.unwrap();
        let tenant = TenantId::parse("acme").unwrap();
        let sent = std::cell::Cell::new(0);
        let live_chat = live_chat("support");
        let bench = Self { store, environment, live_chat, tenant, meter, database, sent };
        bench.create(&bench.live_chat).await;
        bench
    }

    /// Creates a live chat with the members of all.
    pub(super) async fn create(&self, live_chat: &LiveChat) {
        let chat = &live_chat.id;
        assert!(self.store.of(&self.tenant).create_live_chat(live_chat, |_| None).await.unwrap());
        let roles =
            [("ann", Roles::OPERATOR), ("bob", Roles::OPERATOR), ("sue", Roles::SUPERVISOR)];
        for (name, roles) in roles {
            let person = self.person(name);
            self.store.choose_presence(&person, Choice::Online).await.unwrap();
            self.store.of(&self.tenant).renew_lease(&person.id).await.unwrap();
            self.store.of(&self.tenant).set_member(chat, &person.id, roles).await.unwrap();
        }
    }

    pub(super) fn person(&self, name: &str) -> Person {
        let id = EmployeeId::parse(name).unwrap();
        Person { tenant: self.tenant.clone(), id, name: name.to_owned() }
    }

    /// A client's message, as the sender's number for it says.
    pub(super) async fn post(&self, chat: &LiveChat, client: &str, number: u64) -> Arrived {
        let channel = &chat.channels[0];
        let writer = Writer {
            id: ClientId::of(&self.tenant, &channel.id, client),
            name: client.to_owned(),
            is_named: true,
            employee: None,
            channel: channel.id.clone(),
            contacts: Vec::new(),
            address: None,
        };
        let incoming = Incoming {
            text: "My order has not come.".to_owned(),
            attachments: Vec::new(),
            sent_at: None,
            client_message_id: number.to_string(),
            reply_to: None,
        };
        let arrival = Arrival {
            tenant: &self.tenant,
            live_chat: chat,
            channel,
            writer: &writer,
            incoming,
            quote: None,
            files: Files::default(),
            is_known_by_id: false,
        };
        // Never so fast that it is too fast, and never twice in one millisecond.
        self.environment.pass(1000);
        self.store.arrive(&arrival).await.unwrap()
    }

    /// A new message of this client.
    pub(super) async fn write(&self, client: &str) -> Arrived {
        self.sent.set(self.sent.get() + 1);
        self.post(&self.live_chat, client, self.sent.get()).await
    }

    /// A queued session of a client of this name, with one message.
    pub(super) async fn queued(&self, client: &str) -> SessionId {
        let message = self.write(client).await.message;
        SessionId { conversation: message.conversation, ordinal: message.ordinal }
    }

    /// The same, taken by ann.
    pub(super) async fn held(&self, client: &str) -> SessionId {
        let id = self.queued(client).await;
        self.store.claim(&self.person("ann"), &id).await.unwrap();
        id
    }

    /// An answer of somebody who had read up to an entry.
    pub(super) async fn answer(&self, who: &str, id: &SessionId, read: Option<u64>) -> Acted {
        self.answer_with(&Attaching::default(), who, id, read).await
    }

    /// The same with files.
    pub(super) async fn answer_with(
        &self,
        attaching: &Attaching,
        who: &str,
        id: &SessionId,
        read: Option<u64>,
    ) -> Acted {
        self.sent.set(self.sent.get() + 1);
        let number = self.sent.get().to_string();
        self.environment.pass(1000);
        let answer = Answer {
            attaching,
            text: "It is on its way.",
            client_message_id: &number,
            reply_to: None,
            read_up_to: read,
        };
        self.store.reply(&self.person(who), id, &answer).await.unwrap()
    }

    pub(super) async fn session(&self, id: &SessionId) -> Session {
        self.store.of(&self.tenant).session(id).await.unwrap().unwrap()
    }

    /// An app that the live chat names.
    pub(super) async fn app(&self) -> AppId {
        let kind = AppKind::Request;
        let app = self.store.of(&self.tenant).create_app("Orders", kind, None).await.unwrap();
        let only = std::slice::from_ref(&app);
        self.store.of(&self.tenant).name_apps(&self.live_chat.id, only).await.unwrap();
        app
    }

    /// Returns the usage of some work.
    pub(super) async fn used<T>(&self, work: impl Future<Output = T>) -> Usage {
        let _ = self.meter.take();
        work.await;
        self.meter.take()
    }

    /// The requests of some work.
    pub(super) async fn calls<T>(&self, work: impl Future<Output = T>) -> Vec<Metered> {
        let _ = self.meter.take();
        work.await;
        self.meter.take_calls()
    }

    /// The database's engine, for what is to be put there past the wire.
    pub(super) fn engine(&self) -> &dynoxide::Database {
        self.database.engine()
    }

    /// An item as the engine has it, past the wire.
    pub(super) fn stored(&self, table: &str, key: &Key) -> dynoxide::Item {
        let value = |text: &String| dynoxide::AttributeValue::S(text.clone());
        let key = [("pk".to_owned(), value(&key.pk)), ("sk".to_owned(), value(&key.sk))];
        let request = GetItemRequest {
            table_name: table.to_owned(),
            key: key.into_iter().collect(),
            ..GetItemRequest::default()
        };
        self.engine().get_item(request).unwrap().item.unwrap()
    }

    /// Bytes of the head of a session.
    pub(super) fn head_size(&self, id: &SessionId) -> u64 {
        let key = store::key::head(&self.tenant, id);
        let key: Item = serde_json::json!({ "pk": {"S": key.pk}, "sk": {"S": key.sk} })
            .as_object()
            .cloned()
            .unwrap();
        item::size(&self.database.item("core", &key).unwrap())
    }
}

/// A live chat with one channel.
pub(super) fn live_chat(name: &str) -> LiveChat {
    LiveChat {
        id: LiveChatId::parse(name).unwrap(),
        name: name.to_owned(),
        template: NameTemplate::default(),
        origins: Vec::new(),
        channels: vec![Channel::new(
            ChannelId::parse(&format!("channel-{name}")).unwrap(),
            ChannelKind::Web,
            "Web",
        )],
    }
}
