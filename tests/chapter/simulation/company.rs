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
use store::channel::{ChannelChange, Reconnected};
use store::live_chat::FarEnd;

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
    pub(super) channel: Channel,
    /// True if they write by a webhook: the id of a message alone marks a repetition, and answers
    /// leave by the channel.
    pub(super) is_webhook: bool,
}

/// The secret of each webhook.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
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
            [("carl", 0, false), ("dora", 0, true), ("emil", 0, true), ("dora", 1, false)];
        Self::of("acme", 8, &clients)
    }

    /// The smaller one, where some have the same names.
    pub(super) fn small() -> Self {
        Self::of("zeta", 4, &[("carl", 0, true)])
    }

    fn of(tenant: &str, people: usize, clients: &[(&str, usize, bool)]) -> Self {
        let id = TenantId::parse(tenant).unwrap();
        let live_chats: Vec<_> = ["support", "sales"].map(|name| live_chat(tenant, name)).into();
        let lines = clients.iter().map(|(name, place, is_webhook)| {
            let live_chat: LiveChat = live_chats[*place].clone();
            let channel = live_chat.channels[usize::from(*is_webhook)].clone();
            let client = ClientId::of(&id, &channel.id, name);
            Line {
                conversation: ConversationId::of(&id, &live_chat.id, &client),
                writer: Writer {
                    id: client,
                    name: (*name).to_owned(),
                    is_named: true,
                    employee: None,
                    channel: channel.id.clone(),
                    contacts: Vec::new(),
                    address: is_webhook.then(|| (*name).to_owned()),
                },
                channel,
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
            let secret = |channel: &Channel| {
                (channel.kind == ChannelKind::Webhook).then(|| SECRET.to_owned())
            };
            assert!(store.of(&self.tenant).create_live_chat(live_chat, secret).await.unwrap());
            for channel in live_chat.channels.iter().filter(|channel| channel.has_way_out) {
                self.connect(store, live_chat, channel).await;
            }
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

impl Company {
    /// Gives a channel its reply URL.
    async fn connect(&self, store: &Store, live_chat: &LiveChat, channel: &Channel) {
        let before = store.route(&channel.id).await.unwrap().unwrap();
        let reply_url = Some(format!("https://replies.example/{}", channel.id));
        let far_end = FarEnd { reply_url, ..FarEnd::default() };
        let reconnected = Some(Reconnected { before: &before, address: None, far_end: &far_end });
        let change = ChannelChange { reconnected, ..ChannelChange::default() };
        store.of(&self.tenant).update_channel(&live_chat.id, &channel.id, change).await.unwrap();
    }
}

fn live_chat(tenant: &str, name: &str) -> LiveChat {
    let hook = ChannelId::parse(&format!("{tenant}-{name}-hook")).unwrap();
    let hook = Channel::new(hook, ChannelKind::Webhook, "Hook");
    LiveChat {
        id: LiveChatId::parse(name).unwrap(),
        name: name.to_owned(),
        template: NameTemplate::default(),
        origins: Vec::new(),
        channels: vec![
            Channel::new(
                ChannelId::parse(&format!("{tenant}-{name}")).unwrap(),
                ChannelKind::Web,
                "Web",
            ),
            Channel { has_way_out: true, ..hook },
        ],
    }
}
