//! The cast: two companies whose people, live chats and clients have the same names.

use super::setup::Wishes;
use domain::AppKind;
use domain::Person;
use domain::actor::Writer;
use domain::name::NameTemplate;
use domain::presence::Choice;
use domain::{
    AppId, ChannelId, ClientId, ConversationId, EmployeeId, ItemId, LiveChatId, Roles, TenantId,
};
use domain::{Channel, ChannelKind, LiveChat};
use std::cell::{OnceCell, RefCell};
use store::Store;

/// A company, its people and its clients.
pub(super) struct Company {
    pub(super) tenant: TenantId,
    pub(super) live_chats: Vec<LiveChat>,
    pub(super) people: Vec<Person>,
    pub(super) lines: Vec<Line>,
    /// The app that both live chats name.
    pub(super) app: OnceCell<AppId>,
    /// The items that an answer named.
    pub(super) items: RefCell<Vec<ItemId>>,
    /// The things that its administrator wanted to create.
    pub(super) wishes: RefCell<Wishes>,
}

/// A client in a live chat: one conversation.
pub(super) struct Line {
    pub(super) live_chat: LiveChat,
    pub(super) writer: Writer,
    pub(super) conversation: ConversationId,
    /// True if the id of a message alone marks a repetition.
    pub(super) is_webhook: bool,
}

/// The roles of each person in the two live chats.
const ROLES: [(&str, Roles, Roles); 8] = [
    ("ann", Roles::OPERATOR, Roles::NONE),
    ("bob", Roles::OPERATOR, Roles::OPERATOR),
    ("cat", Roles::OPERATOR, Roles::NONE),
    ("dan", Roles::BOTH, Roles::SUPERVISOR),
    ("sue", Roles::SUPERVISOR, Roles::NONE),
    ("bea", Roles::OPERATOR, Roles::SUPERVISOR),
    ("eve", Roles::NONE, Roles::OPERATOR),
    ("max", Roles::SUPERVISOR, Roles::BOTH),
];

impl Company {
    /// The larger one, with all eight people.
    pub(super) fn large() -> Self {
        let clients =
            [("carl", 0, false), ("dora", 0, true), ("emil", 0, false), ("dora", 1, false)];
        Self::of("acme", 8, &clients)
    }

    /// The smaller one, where some have the same names.
    pub(super) fn small() -> Self {
        Self::of("zeta", 4, &[("carl", 0, false)])
    }

    fn of(tenant: &str, people: usize, clients: &[(&str, usize, bool)]) -> Self {
        let id = TenantId::parse(tenant).unwrap();
        let live_chats: Vec<_> = ["support", "sales"].map(|name| live_chat(tenant, name)).into();
        let lines = clients.iter().map(|(name, place, is_webhook)| {
            let live_chat: LiveChat = live_chats[*place].clone();
            let channel = live_chat.channels[0].id.clone();
            let client = ClientId::of(&id, &channel, name);
            Line {
                conversation: ConversationId::of(&id, &live_chat.id, &client),
                writer: Writer {
                    id: client,
                    name: (*name).to_owned(),
                    is_named: true,
                    employee: None,
                    channel,
                    contacts: Vec::new(),
                    address: None,
                },
                live_chat,
                is_webhook: *is_webhook,
            }
        });
        let people = ROLES.iter().take(people).map(|(name, ..)| Person {
            tenant: id.clone(),
            id: EmployeeId::parse(name).unwrap(),
            name: (*name).to_owned(),
        });
        Self {
            lines: lines.collect(),
            people: people.collect(),
            live_chats,
            tenant: id,
            app: OnceCell::new(),
            items: RefCell::default(),
            wishes: RefCell::default(),
        }
    }

    /// Writes the company down.
    pub(super) async fn found(&self, store: &Store) {
        for live_chat in &self.live_chats {
            assert!(store.of(&self.tenant).create_live_chat(live_chat, |_| None).await.unwrap());
        }
        let kind = AppKind::Request;
        let app = store.of(&self.tenant).create_app("Orders", kind, None).await.unwrap();
        for live_chat in &self.live_chats {
            let named = store.of(&self.tenant).name_apps(&live_chat.id, std::slice::from_ref(&app));
            named.await.unwrap();
        }
        self.app.set(app).unwrap();
        for (person, (_, support, sales)) in self.people.iter().zip(ROLES) {
            store.choose_presence(person, Choice::Online).await.unwrap();
            store.of(&self.tenant).renew_lease(&person.id).await.unwrap();
            for (live_chat, roles) in self.live_chats.iter().zip([support, sales]) {
                if roles.is_member() {
                    let chat = &live_chat.id;
                    store.of(&self.tenant).set_member(chat, &person.id, roles).await.unwrap();
                }
            }
        }
    }
}

fn live_chat(tenant: &str, name: &str) -> LiveChat {
    LiveChat {
        id: LiveChatId::parse(name).unwrap(),
        name: name.to_owned(),
        template: NameTemplate::default(),
        origins: Vec::new(),
        channels: vec![Channel::new(
            ChannelId::parse(&format!("{tenant}-{name}")).unwrap(),
            ChannelKind::Web,
            "Web",
        )],
    }
}
