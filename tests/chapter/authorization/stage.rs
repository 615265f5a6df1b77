//! The stage of the table: people, records, and sessions in each state.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::Request;
use domain::Caller;
use domain::attachment::{self, ContentType, FileName, Uploader};
use domain::id::fresh;
use domain::{
    AppId, Attachment, AttachmentId, ConversationId, EmployeeId, ItemId, LiveChatId, SessionId,
    TemplateId, TenantId, Timestamp,
};
use functions::caller::caller;
use graphql::Probed;
use graphql::id::GlobalId;
use serde_json::{Value, json};
use tests::world::{Person, World, code};

use super::table::{Row, State};

/// Ids by the words that stand for them.
pub(super) type Ids = BTreeMap<&'static str, String>;

/// The stage on which one actor tries one row.
pub(super) struct Scene {
    pub(super) actor: &'static str,
    document: String,
    client: Person,
}

/// A system with people who are online, and something of everything.
pub(super) struct Stage<'a> {
    world: &'a World,
    pub(super) people: HashMap<&'static str, Person>,
    ids: Ids,
    cells: AtomicUsize,
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("{value} has no id")).to_owned()
}

fn encode(tenant: &str, id: &GlobalId) -> String {
    id.encode(&TenantId::parse(tenant).unwrap())
}

impl<'a> Stage<'a> {
    pub(super) async fn set(world: &'a World) -> Self {
        let mut people = HashMap::new();
        for name in ["ann", "bob", "eve", "sue", "dan", "ada", "kim", "other/ann"] {
            people.insert(name, world.online(name).await);
        }
        people.insert("nobody", world.holder("nobody", None));
        people.insert("client", world.client("Client").await);
        let (ann, ada) = (&people["ann"], &people["ada"]);
        let live_chat = world.live_chat("Support").await;
        let document =
            "query($id: ID!) { node(id: $id) { ... on LiveChat { channels { id kind } } } }";
        let seen = ada.act(document, json!({ "id": live_chat })).await;
        let channels = seen["channels"].as_array().unwrap();
        let channel = channels.iter().find(|channel| channel["kind"] == "WEBHOOK").unwrap();
        let app = id(&ada.create_app("Orders", "REQUEST", None).await["app"]);
        ada.name_apps(&live_chat, &[&app]).await;
        world.client("First").await.post("Hello").await;
        let session = ann.waiting().await;
        ann.claim(&session).await;
        let item = id(&ann.create_and_bind(&session, &app, "Order 1", None).await["item"]);
        let document =
            "mutation($l: ID!) { createTemplate(liveChatId: $l, title: \"A\", text: \"B\") {
            template { id } userErrors { code } } }";
        let template = id(&ada.act(document, json!({ "l": live_chat })).await["template"]);
        let me = ann.get("{ viewer { id counters { id } } }").await;
        let ids = BTreeMap::from([
            ("channel", id(channel)),
            ("liveChat", live_chat),
            ("app", app),
            ("item", item),
            ("template", template),
            ("employee", people["bob"].id().await),
            ("viewer", id(&me["viewer"])),
            ("counters", id(&me["viewer"]["counters"])),
        ]);
        Self { world, people, ids, cells: AtomicUsize::new(0) }
    }

    /// A new session in this state, with its client.
    async fn session(&self, state: State) -> (Ids, Person) {
        let number = self.cells.fetch_add(1, Ordering::Relaxed);
        let client = self.world.client(&format!("Client {number}")).await;
        let (ann, sue) = (&self.people["ann"], &self.people["sue"]);
        let mut ids = self.ids.clone();
        if state == State::None {
            return (ids, client);
        }
        client.post("Hello").await;
        let document = "query($id: ID!) { viewer { liveChat(id: $id) {
            sessions(group: QUEUE, first: 100) { nodes { id } } } } }";
        let queue = ann.get_with(document, json!({ "id": ids["liveChat"] })).await;
        let queue = queue["viewer"]["liveChat"]["sessions"]["nodes"].as_array().unwrap().clone();
        let session = id(queue.last().unwrap());
        if state == State::Held {
            assert_eq!(code(&ann.claim(&session).await), "");
        }
        let document = "query($id: ID!) { node(id: $id) { ... on Session { client { id }
            messages(first: 1) { nodes { id } } } } }";
        let seen = sue.act(document, json!({ "id": session })).await;
        ids.insert("client", id(&seen["client"]));
        ids.insert("message", id(&seen["messages"]["nodes"][0]));
        if state == State::Held {
            ids.insert("attachment", self.file_of(&ids["message"]).await);
        }
        ids.insert("session", session);
        (ids, client)
    }

    /// A file of a message, as if the message had been written with it.
    async fn file_of(&self, message: &str) -> String {
        let (tenant, GlobalId::Message(conversation, seq)) = GlobalId::decode(message).unwrap()
        else {
            panic!("{message} is no message")
        };
        let store = &self.world.running.app.store;
        let file = Attachment {
            conversation: conversation.clone(),
            id: AttachmentId::parse(&fresh(store.random())).unwrap(),
            name: FileName::parse("a.txt").unwrap(),
            claimed: ContentType::parse("text/plain").unwrap(),
            size: 1,
            by: Uploader::Employee(EmployeeId::parse("ann").unwrap()),
            expires_at: None,
            seq: Some(seq),
            state: attachment::State::Pending,
            external_id: None,
        };
        store.of(&tenant).ask_for_upload(&file).await.unwrap();
        GlobalId::Attachment(conversation, file.id).encode(&tenant)
    }

    /// Creates the scene in which an actor tries a row, with a session of its own.
    pub(super) async fn scene(&self, row: &Row, actor: &'static str) -> Scene {
        let (ids, client) = self.session(row.state).await;
        Scene { actor, document: row.document_with(&ids), client }
    }

    /// Everything that is stored and stays, by table and key.
    pub(super) async fn stored(&self) -> BTreeMap<String, String> {
        self.world.settle(&[]).await;
        let mut stored = self.world.items("core").await;
        stored.extend(self.world.items("search").await);
        stored
    }

    /// Returns the answer that an actor gets, in the words of the table.
    pub(super) async fn outcome(&self, scene: &Scene) -> String {
        let Scene { actor, document, client } = scene;
        let who = if *actor == "client" { client } else { &self.people[actor] };
        let answer = self.answer(who, document).await;
        let error = answer["errors"][0]["extensions"]["code"].as_str();
        match error {
            Some("FORBIDDEN") => return "F".to_owned(),
            Some("UNAUTHENTICATED") => return "U".to_owned(),
            Some(other) => return other.to_owned(),
            None => assert!(answer.get("errors").is_none(), "{answer}"),
        }
        let data = answer["data"].as_object().and_then(|data| data.values().next());
        let found = match data {
            Some(Value::Array(list)) => list.first().cloned().unwrap_or_default(),
            Some(one) => one.clone(),
            None => Value::Null,
        };
        match (code(&found), found.is_null()) {
            (_, true) => "null".to_owned(),
            ("", _) => "ok".to_owned(),
            ("NOT_FOUND", _) => "nf".to_owned(),
            ("FORBIDDEN", _) => "f".to_owned(),
            (other, _) => other.to_lowercase(),
        }
    }

    /// The whole answer: over HTTP, and of a subscription what finding out about it comes to.
    pub(super) async fn answer(&self, who: &Person, document: &str) -> Value {
        if !document.starts_with("subscription") {
            return who.send_document(document, json!({})).await.body;
        }
        let app = &self.world.running.app;
        let now = app.now_seconds();
        let caller = match &who.token {
            None => Caller::Nobody,
            Some(token) => {
                let token = format!("Bearer {token}");
                let claims = app.identity.authenticate(Some(&token), now).await;
                caller(claims.unwrap()).unwrap()
            }
        };
        let operation = app.graphql.read(Request::new(document), &caller).unwrap();
        match app.graphql.probe(operation, caller, "request").await {
            Probed::Refused(errors) => json!({ "errors": errors }),
            Probed::Subscribed(_) => json!({ "data": { "listens": true } }),
            Probed::Answer(answer) => panic!("{document} is no subscription: {answer:?}"),
        }
    }

    /// Ids of things that are there, that would be another tenant's, and that are nowhere.
    pub(super) async fn ids(&self) -> [Ids; 3] {
        let (there, _) = self.session(State::Held).await;
        let random = || fresh(self.world.running.app.store.random());
        let elsewhere = |tenant: &str| {
            let live_chat = LiveChatId::parse(if tenant == "other" { "support" } else { "none" });
            let live_chat = live_chat.unwrap();
            let conversation = ConversationId::parse(&random()).unwrap();
            let app = AppId::parse(&random()).unwrap();
            let file = AttachmentId::parse(&random()).unwrap();
            let session = SessionId { conversation: conversation.clone(), ordinal: 1 };
            let channel = domain::ChannelId::parse(&random()).unwrap();
            let client = domain::ClientId::parse(&random()).unwrap();
            let template = TemplateId::parse(&random()).unwrap();
            let item = ItemId::new(app.clone(), Timestamp::from_millis(1), 1);
            let mut ids = there.clone();
            ids.extend([
                ("session", encode(tenant, &GlobalId::Session(session))),
                ("message", encode(tenant, &GlobalId::Message(conversation.clone(), 1))),
                ("attachment", encode(tenant, &GlobalId::Attachment(conversation, file))),
                ("channel", encode(tenant, &GlobalId::Channel(live_chat.clone(), channel))),
                ("client", encode(tenant, &GlobalId::Client(live_chat.clone(), client))),
                (
                    "template",
                    encode(tenant, &GlobalId::Template(live_chat.clone(), template, None)),
                ),
                ("liveChat", encode(tenant, &GlobalId::LiveChat(live_chat))),
                ("app", encode(tenant, &GlobalId::App(app))),
                ("item", encode(tenant, &GlobalId::Item(item))),
            ]);
            ids
        };
        let (theirs, nothing) = (elsewhere("other"), elsewhere("demo"));
        [there, theirs, nothing]
    }
}
