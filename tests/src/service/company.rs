//! A company with one live chat, and people who sign in.

use domain::actor::Writer;
use domain::arrival::Incoming;
use domain::name::NameTemplate;
use domain::presence::Choice;
use domain::{Channel, ChannelKind, LiveChat, Person, Session};
use domain::{ChannelId, ClientId, ConversationId, EmployeeId, LiveChatId, Roles, TenantId};
use functions::identity::{Client, Employee};
use graphql::id::GlobalId;
use store::arrival::{Arrival, Files};
use store::connection::Topic;

use super::Service;

/// A company, by one of its live chats.
pub struct Company {
    /// The tenant.
    pub tenant: TenantId,
    live_chat: LiveChat,
    channel: Channel,
}

impl Company {
    /// Creates a company of this name with its live chat.
    pub async fn new(service: &Service, name: &str) -> Self {
        Self::named(service, name, "support").await
    }

    /// Creates a live chat of this id in a company of this name.
    pub async fn named(service: &Service, name: &str, live_chat: &str) -> Self {
        // Channels are found by their ids alone, whosever they are.
        let id = ChannelId::parse(&format!("{name}-{live_chat}-web")).expect("an id");
        let channel = Channel::new(id, ChannelKind::Web, "Web");
        let live_chat = LiveChat {
            id: LiveChatId::parse(live_chat).expect("an id"),
            name: "Support".to_owned(),
            template: NameTemplate::default(),
            origins: Vec::new(),
            channels: vec![channel.clone()],
        };
        let tenant = TenantId::parse(name).expect("an id");
        let created = service.app.store.of(&tenant).create_live_chat(&live_chat, |_| None).await;
        assert_eq!(created, Ok(true));
        Self { tenant, live_chat, channel }
    }

    fn client(&self, name: &str) -> ClientId {
        ClientId::of(&self.tenant, &self.channel.id, name)
    }

    /// Returns a client's side of their conversation.
    #[must_use]
    pub fn side_of(&self, client: &str) -> Topic {
        Topic::Client(self.tenant.clone(), self.conversation(client))
    }

    fn conversation(&self, client: &str) -> ConversationId {
        ConversationId::of(&self.tenant, &self.live_chat.id, &self.client(client))
    }

    /// Stores a client's message of this number.
    pub async fn write(&self, service: &Service, client: &str, number: usize) {
        let writer = Writer {
            id: self.client(client),
            name: client.to_owned(),
            is_named: true,
            employee: None,
            channel: self.channel.id.clone(),
            contacts: Vec::new(),
            address: None,
        };
        let incoming = Incoming {
            text: "Hello".to_owned(),
            attachments: Vec::new(),
            sent_at: None,
            client_message_id: number.to_string(),
            reply_to: None,
        };
        let arrival = Arrival {
            tenant: &self.tenant,
            live_chat: &self.live_chat,
            channel: &self.channel,
            writer: &writer,
            incoming,
            quote: None,
            files: Files::default(),
            is_known_by_id: false,
        };
        service.app.store.arrive(&arrival).await.expect("a message");
    }

    /// Returns a client's token.
    #[must_use]
    pub fn client_token(&self, service: &Service, name: &str) -> String {
        let client = Client {
            live_chat: self.live_chat.id.to_string(),
            channel: self.channel.id.to_string(),
            external_id: name.to_owned(),
            name: Some(name.to_owned()),
            contacts: Vec::new(),
        };
        let signer = service.app.identity.signer().expect("a secret");
        let expires_at = service.app.now_seconds() + 3600;
        signer.sign_client(self.tenant.as_str(), client, expires_at).expect("a token")
    }

    /// Makes a person an operator of the live chat. Returns their token.
    pub async fn operator(&self, service: &Service, name: &str) -> String {
        self.member(service, name, Roles::OPERATOR).await
    }

    /// Gives a person roles in the live chat. Returns their token.
    pub async fn member(&self, service: &Service, name: &str, roles: Roles) -> String {
        let id = EmployeeId::parse(name).expect("an id");
        let store = &service.app.store;
        let made = store.of(&self.tenant).set_member(&self.live_chat.id, &id, roles).await;
        made.expect("a member");
        self.employee_token(service, name)
    }

    /// Returns an employee's token.
    #[must_use]
    pub fn employee_token(&self, service: &Service, name: &str) -> String {
        let employee =
            Employee { id: name.to_owned(), name: name.to_owned(), is_administrator: false };
        let signer = service.app.identity.signer().expect("a secret");
        let expires_at = service.app.now_seconds() + 3600;
        signer.sign_employee(self.tenant.as_str(), employee, expires_at).expect("a token")
    }

    /// Assigns the open session of a client to an operator, who chooses to be online.
    pub async fn claim(&self, service: &Service, operator: &str, client: &str) {
        let id = EmployeeId::parse(operator).expect("an id");
        let person = Person { tenant: self.tenant.clone(), id, name: operator.to_owned() };
        let store = &service.app.store;
        store.choose_presence(&person, Choice::Online).await.expect("online");
        store.of(&self.tenant).renew_lease(&person.id).await.expect("a lease");
        let session = self.latest(service, client).await;
        store.claim(&person, &session.id).await.expect("a claim");
    }

    /// Returns the id of the latest session of a client as the API has it.
    pub async fn session_of(&self, service: &Service, client: &str) -> String {
        let session = self.latest(service, client).await;
        GlobalId::Session(session.id).encode(&self.tenant)
    }

    async fn latest(&self, service: &Service, client: &str) -> Session {
        let store = service.app.store.of(&self.tenant);
        let session = store.latest_session(&self.conversation(client)).await;
        session.expect("a state").expect("a session")
    }
}
