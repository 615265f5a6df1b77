//! A story that leaves one of each kind of item.

mod messenger;

use domain::AppKind;
use domain::Person;
use domain::actor::Writer;
use domain::arrival::Incoming;
use domain::attachment::{self, ContentType, FileName, Found, Uploader};
use domain::name::NameTemplate;
use domain::origin::Origin;
use domain::presence::Choice;
use domain::{
    Actor, Attachment, AttachmentId, ChannelId, ClientId, ConversationId, EmployeeId, LiveChatId,
    Roles, SessionId, TenantId,
};
use domain::{Channel, ChannelKind, LiveChat};
use std::sync::Arc;
use store::act::Answer;
use store::amendment::{Amended, Amendment, AmendmentKind};
use store::arrival::{Arrival, Files};
use store::attachment::Attaching;
use store::channel::ChannelChange;
use store::connection::holder::Holder;
use store::connection::{Registration, Subscription, Topic};
use store::once::Once;
use store::rate::{Counted, Rate};
use store::reindex::Stride;
use store::{Store, Tables};
use tests::database::Database;
use tests::environment::Seeded;
use tests::wire::Wire;

use super::line;

struct Story {
    store: Store,
    clock: Arc<Seeded>,
    tenant: TenantId,
    live_chat: LiveChat,
    /// The values that were made by chance, with a name for each.
    named: Vec<(String, &'static str)>,
}

/// Plays the story, and returns the items that it leaves, a line each.
pub(super) async fn played() -> String {
    let database = Database::memory().unwrap();
    let client = Wire::new(database.clone()).client(0);
    let clock = Arc::new(Seeded::still(7));
    let store = Store::new(client, Tables::default(), clock.clone());
    store.create_tables().await.unwrap();
    let tenant = TenantId::parse("acme").unwrap();
    let mut story = Story { store, clock, tenant, live_chat: live_chat(), named: Vec::new() };
    story.company().await;
    story.sessions().await;
    story.messenger().await;
    story.connections().await;
    story.leases().await;
    let mut lines: Vec<String> = Vec::new();
    for table in ["core", "live", "search"] {
        lines.extend(database.items(table).iter().map(|item| line(table, item)));
    }
    lines.sort();
    lines.dedup();
    let mut text = lines.join("\n");
    for (chance, name) in &story.named {
        text = text.replace(chance, name);
    }
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n")
}

fn live_chat() -> LiveChat {
    let channel =
        |id: &str, kind| Channel::new(ChannelId::parse(id).unwrap(), kind, &format!("The {id}"));
    LiveChat {
        id: LiveChatId::parse("support").unwrap(),
        name: "Support".to_owned(),
        template: NameTemplate::default(),
        origins: Vec::new(),
        channels: vec![
            channel("page", ChannelKind::Web),
            channel("inside", ChannelKind::Internal),
            channel("hook", ChannelKind::Webhook),
            channel("messenger", ChannelKind::Telegram),
        ],
    }
}

impl Story {
    fn person(&self, name: &str) -> Person {
        let id = EmployeeId::parse(name).unwrap();
        Person { tenant: self.tenant.clone(), id, name: name.to_uppercase() }
    }

    fn once(&self, key: &str) -> Option<Once> {
        Once::of(&self.person("bob"), Some(key), key, &["argument"])
    }

    async fn company(&mut self) {
        let secret = |channel: &Channel| {
            (channel.kind == ChannelKind::Webhook).then(|| "its secret".to_owned())
        };
        let made = self.store.of(&self.tenant).create_live_chat(&self.live_chat, secret).await;
        assert!(made.unwrap());
        let both = Roles { operator: true, supervisor: true };
        let roles =
            [("ann", Roles::OPERATOR), ("sue", Roles::SUPERVISOR), ("max", both), ("tom", both)];
        for (name, roles) in roles {
            let person = self.person(name);
            self.store.meet(&person).await.unwrap();
            self.store.choose_presence(&person, Choice::Online).await.unwrap();
            let chat = &self.live_chat.id;
            self.store.of(&self.tenant).set_member(chat, &person.id, roles).await.unwrap();
        }
        self.store.choose_presence(&self.person("max"), Choice::Offline).await.unwrap();
        let (store, tenant, chat) = (&self.store, &self.tenant, &self.live_chat.id);
        let origins = ["https://shop.example", "http://localhost:8080"];
        let origins = origins.map(|origin| Origin::parse(origin).unwrap());
        store.of(tenant).set_origins(chat, &origins).await.unwrap();
        let once = self.once("template");
        let template = store.of(tenant).create_template(chat, "Greeting", "Hello!", once.as_ref());
        let template = template.await.unwrap();
        let once = self.once("webhook");
        let (hook, secret) =
            store.of(tenant).create_webhook(chat, "Shop", once.as_ref()).await.unwrap();
        let newer = store.rotate_secret(&hook, ChannelKind::Webhook).await.unwrap();
        let off = ChannelChange { is_enabled: Some(false), ..ChannelChange::default() };
        store.of(tenant).update_channel(chat, &hook, off).await.unwrap();
        let app = store.of(tenant).create_app("Orders", AppKind::Request, None).await.unwrap();
        store.of(tenant).name_apps(chat, std::slice::from_ref(&app)).await.unwrap();
        self.named.extend([
            (template.to_string(), "<template>"),
            (hook.to_string(), "<hook>"),
            (secret, "<secret>"),
            (newer, "<newer secret>"),
            (app.to_string(), "<app>"),
        ]);
    }

    fn writer(&self, name: &str, employee: Option<&str>, contacts: &[(&str, &str)]) -> Writer {
        let channel = if employee.is_some() { "inside" } else { "page" };
        let channel = ChannelId::parse(channel).unwrap();
        let id = ClientId::of(&self.tenant, &channel, name);
        Writer {
            id,
            name: name.to_owned(),
            is_named: true,
            employee: employee.and_then(EmployeeId::parse),
            channel,
            address: None,
            contacts: contacts
                .iter()
                .map(|(kind, value)| ((*kind).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    async fn post(&self, writer: &Writer, text: &str, sent: u64, quote: Option<u64>) -> SessionId {
        self.clock.pass(10_000);
        let incoming = Incoming {
            text: text.to_owned(),
            attachments: Vec::new(),
            sent_at: (sent > 0).then(|| domain::Timestamp::from_millis(1_699_999_999_000 + sent)),
            client_message_id: format!("{text} of {}", writer.name),
            reply_to: None,
        };
        let live_chat = &self.live_chat;
        let channel = live_chat.channel(&writer.channel).unwrap();
        let (tenant, is_known_by_id) = (&self.tenant, false);
        let arrival = Arrival {
            tenant,
            live_chat,
            channel,
            writer,
            incoming,
            quote,
            files: Files::default(),
            is_known_by_id,
        };
        let message = self.store.arrive(&arrival).await.unwrap().message;
        SessionId { conversation: message.conversation, ordinal: message.ordinal }
    }

    async fn reply(&self, id: &SessionId, text: &str, reply_to: Option<u64>) {
        self.clock.pass(10_000);
        let answer = Answer {
            text,
            attaching: &Attaching::default(),
            client_message_id: text,
            reply_to,
            read_up_to: Some(1),
        };
        self.store.reply(&self.person("ann"), id, &answer).await.unwrap();
    }

    /// Two files of a dialog: one that waits, and a picture that was checked and is to be attached.
    async fn files(&self, id: &SessionId) -> Attaching {
        let store = self.store.of(&self.tenant);
        let (now, kind) = (self.store.now(), |text| ContentType::parse(text).unwrap());
        let file = |id_of_file: &str| Attachment {
            conversation: id.conversation.clone(),
            id: AttachmentId::parse(id_of_file).unwrap(),
            name: FileName::parse("photo.png").unwrap(),
            claimed: kind("image/png"),
            size: 7,
            by: Uploader::Employee(self.person("sue").id),
            expires_at: Some(now.plus_millis(1000)),
            seq: None,
            state: attachment::State::Pending,
            external_id: Some("AgAC".to_owned()),
        };
        for name in ["waiting", "checked"] {
            store.ask_for_upload(&file(name)).await.unwrap();
        }
        let checked = file("checked");
        let found = Found {
            content_type: kind("image/webp"),
            size: 8,
            pixels: Some((640, 480)),
            thumbnail: Some(kind("image/jpeg")),
        };
        let end = attachment::State::Ready(found);
        assert!(store.end_check(&id.conversation, &checked.id, &end).await.unwrap());
        assert!(!store.end_check(&id.conversation, &checked.id, &end).await.unwrap(), "once");
        Attaching { ids: vec![checked.id], ..Attaching::default() }
    }

    async fn sessions(&mut self) {
        let (ann, sue, tom) = (self.person("ann"), self.person("sue"), self.person("tom"));
        let carl = self.writer("carl", None, &[("EMAIL", "carl@shop.example"), ("PHONE", "1")]);
        let id = self.post(&carl, "My order", 0, None).await;
        self.store.claim(&ann, &id).await.unwrap();
        self.reply(&id, "Which one?", Some(1)).await;
        self.post(&carl, "That one", 0, Some(1)).await;
        let files = self.files(&id).await;
        self.store.note(&sue, &id, "Be nice", &files, "n1").await.unwrap();
        self.store.mark_read(&sue, &id, 4).await.unwrap();
        self.store.mark_read(&sue, &id, 5).await.unwrap();
        self.store.rename(&ann, &id, "The order").await.unwrap();
        self.bindings(&id).await;
        let tenant = self.tenant.clone();
        self.store.of(&tenant).renew_lease(&tom.id).await.unwrap();
        self.store.assign(&ann, &id, &tom.id, Some("for you")).await.unwrap();
        self.store.put_back(&tom, &id, Some("not for me")).await.unwrap();
        self.store.claim(&ann, &id).await.unwrap();
        self.store.close(&ann, &id, Some(4)).await.unwrap();
        self.store.of(&tenant).mark_client_read(&id.conversation, 2).await.unwrap();
        // One that waits, of an employee, who wrote before it came; and one with an operator who
        // leaves.
        let dora = self.writer("dora", Some("max"), &[]);
        self.post(&dora, "Is it you?", 1, None).await;
        let emil = self.writer("emil", None, &[]);
        let left = self.post(&emil, "Hello", 0, None).await;
        self.store.claim(&tom, &left).await.unwrap();
        self.amendments(&emil, "Hello of emil").await;
        self.store.mark_read(&tom, &left, 1).await.unwrap();
        let chat = &self.live_chat.id;
        self.store.of(&tenant).set_member(chat, &tom.id, Roles::NONE).await.unwrap();
        let session = self.store.of(&tenant).session(&left).await.unwrap().unwrap();
        self.store.of(&tenant).index(None, &session).await.unwrap();
        self.store.start_reindexing().await.unwrap();
        let stride = Stride { page: 5, pages: 1, enough: 1 };
        self.store.reindex(1, stride).await.unwrap();
    }

    async fn amendments(&self, writer: &Writer, message: &str) {
        let (message_id, text) = (message.to_owned(), "Hello!".to_owned());
        for (id, kind) in [
            ("an edit", AmendmentKind::Edited { message_id: message_id.clone(), text }),
            ("a deletion", AmendmentKind::Deleted { message_id }),
            ("a block", AmendmentKind::Blocked),
            ("an unblock", AmendmentKind::Unblocked),
        ] {
            let amendment = Amendment { id: id.to_owned(), kind };
            for expected in [Amended::Done, Amended::Repeated] {
                let store = self.store.of(&self.tenant);
                let amended = store.amend(&self.live_chat.id, &writer.id, &amendment).await;
                assert_eq!(amended.unwrap(), expected);
            }
        }
    }

    async fn bindings(&mut self, id: &SessionId) {
        let (ann, tenant) = (self.person("ann"), self.tenant.clone());
        let app = self.store.of(&tenant).all_apps().await.unwrap().remove(0).id;
        for title in ["Or", "Order 2"] {
            self.clock.pass(1);
            let once = Once::of(&ann, Some(title), "bind", &[title]);
            let bound = self.store.create_and_bind(&ann, id, &app, title, once.as_ref());
            let item = bound.await.unwrap().item;
            if title == "Or" {
                self.store.of(&tenant).index_item(&item).await.unwrap();
                self.store.unbind(&ann, id, &item.id).await.unwrap();
            }
            self.named.push((item.id.serial().to_owned(), "<serial>"));
        }
    }

    fn subscription(&self, connection: &str, operation: &str, to: Topic) -> Subscription {
        Subscription {
            connection: connection.to_owned(),
            operation: operation.to_owned(),
            topic: to,
            registered_at: Some(5),
            replaying_since: Some(self.store.now()),
            live_after: None,
            expires_at: self.store.now().plus_millis(3_600_000),
            caller: "caller".to_owned(),
            document: "digest".to_owned(),
        }
    }

    async fn connections(&self) {
        let (store, tenant) = (&self.store, &self.tenant);
        let (ann, carl) = (self.person("ann").id, self.writer("carl", None, &[]).id);
        let conversation = ConversationId::of(tenant, &self.live_chat.id, &carl);
        for id in ["opened", "of-ann", "of-carl", "refused"] {
            store.open_connection(id, store.now()).await.unwrap();
        }
        store.refuse_connection("refused").await.unwrap();
        store.condemn("condemned").await.unwrap();
        let expires_at = store.now().plus_millis(3_600_000);
        for (id, holder) in
            [("of-ann", Holder::Employee(tenant, &ann)), ("of-carl", Holder::Client(tenant, &carl))]
        {
            store.acknowledge(id, "who it is", holder, expires_at).await.unwrap();
        }
        let dialog = Topic::Dialog(tenant.clone(), conversation.clone());
        for (connection, operation, to) in [
            ("of-ann", "1", Topic::Desk(tenant.clone(), ann.clone())),
            ("of-ann", "2", dialog.clone()),
            ("of-ann", "3", dialog),
            ("of-carl", "1", Topic::Client(tenant.clone(), conversation.clone())),
        ] {
            let subscription = self.subscription(connection, operation, to);
            let registered = store.register(&subscription, 8, None).await.unwrap();
            assert_eq!(registered, Registration::Done);
            if operation == "2" {
                assert!(store.go_live(&subscription, 3).await.unwrap());
            }
            if operation == "3" {
                store.caught_up(&subscription).await.unwrap();
            }
        }
        store.of(tenant).keep_document("digest", "document").await.unwrap();
        store.leave_tombstone("of-carl", "2", 9).await.unwrap();
        store.note_lost("of-carl", ["1", ""]).await.unwrap();
        for by in [Actor::Employee(ann.clone()), Actor::Client { id: carl.clone(), employee: None }]
        {
            store.of(tenant).is_typing_news(&conversation, &by).await.unwrap();
        }
        let rate = Rate { window_millis: 10_000, most: 5 };
        for what in [
            Counted::RequestsOfEmployee(&ann),
            Counted::RequestsOfClient(&carl),
            Counted::WidgetTokens(&self.live_chat.id, "127.0.0.1"),
        ] {
            assert!(store.of(tenant).count(what, rate, 2).await.unwrap());
        }
    }

    async fn leases(&self) {
        let (store, tenant) = (&self.store, &self.tenant);
        let (ann, sue) = (self.person("ann").id, self.person("sue").id);
        store.of(tenant).renew_lease_over(&ann, "of-ann").await.unwrap();
        store.of(tenant).watch_lease(&sue).await.unwrap();
        self.clock.pass(1000);
        store.of(tenant).renew_lease(&sue).await.unwrap();
        self.clock.pass(600_000);
        for shard in 0..store::key::LEASE_SHARDS {
            for lease in store.due_leases(shard, store.now(), None).await.unwrap().leases {
                if lease.employee == ann {
                    assert!(store.note_lapse(&lease).await.unwrap());
                }
            }
        }
    }
}
