//! Demo data: two tenants, their live chats and their people.

use domain::Person;
use domain::name::NameTemplate;
use domain::{Channel, ChannelKind, LiveChat};
use domain::{ChannelId, EmployeeId, LiveChatId, Roles, TenantId};
use functions::app::App;
use functions::channel::connect::Connector;
use graphql::messenger::{ChannelSettings, Connection, Messengers as _};
use store::Store;
use store::channel::NewChannel;

use crate::Fault;

/// The tenant that demo people are of unless they say otherwise.
pub const TENANT: &str = "demo";
/// The secret of the webhook channel of the live chat Support.
pub const WEBHOOK_SECRET: &str = "demo-secret";

/// The token of the demo's bot, which only the stand-in for Telegram knows.
const BOT_TOKEN: &str = "111111111:demo-token-of-the-stand-in";
/// The name of the demo's channel for it.
const BOT_NAME: &str = "Telegram";
const OTHER: &str = "other";
/// The tenants of the demo.
pub const TENANTS: [&str; 2] = [TENANT, OTHER];

/// A demo person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DemoPerson {
    /// Their tenant.
    pub tenant: &'static str,
    /// Their id.
    pub id: &'static str,
    /// Their name.
    pub name: &'static str,
    /// The person's description, for people.
    pub description: &'static str,
    /// True if they administer the tenant.
    pub is_administrator: bool,
    /// Their live chats, with their roles there.
    roles: &'static [(&'static str, Roles)],
}

impl DemoPerson {
    /// Returns the name that they sign in by, such as `ann` or `other/ann`.
    #[must_use]
    pub fn sign_in_name(&self) -> String {
        match self.tenant {
            TENANT => self.id.to_owned(),
            tenant => format!("{tenant}/{}", self.id),
        }
    }
}

const fn person(
    id: &'static str,
    name: &'static str,
    description: &'static str,
    roles: &'static [(&'static str, Roles)],
) -> DemoPerson {
    DemoPerson { tenant: TENANT, id, name, description, is_administrator: false, roles }
}

/// Everybody.
pub const PEOPLE: [DemoPerson; 9] = [
    person("ann", "Ann", "operator of Support", &[("support", Roles::OPERATOR)]),
    person(
        "bob",
        "Bob",
        "operator of Support and Sales",
        &[("support", Roles::OPERATOR), ("sales", Roles::OPERATOR)],
    ),
    person("sue", "Sue", "supervisor of Support", &[("support", Roles::SUPERVISOR)]),
    person(
        "dan",
        "Dan",
        "operator and supervisor of Support, supervisor of Sales",
        &[("support", Roles::BOTH), ("sales", Roles::SUPERVISOR)],
    ),
    person("eve", "Eve", "operator of Sales", &[("sales", Roles::OPERATOR)]),
    person(
        "bea",
        "Bea",
        "operator of Support, supervisor of Sales",
        &[("support", Roles::OPERATOR), ("sales", Roles::SUPERVISOR)],
    ),
    DemoPerson { is_administrator: true, ..person("ada", "Ada", "administrator", &[]) },
    person("kim", "Kim", "no role: an internal client", &[]),
    DemoPerson {
        tenant: OTHER,
        ..person(
            "ann",
            "Ann",
            "operator of Support in another tenant",
            &[("support", Roles::OPERATOR)],
        )
    },
];

/// Returns the demo person of a name such as `ann` or `other/ann`.
#[must_use]
pub fn find(name: &str) -> Option<&'static DemoPerson> {
    let (tenant, id) = name.split_once('/').unwrap_or((TENANT, name));
    PEOPLE.iter().find(|person| person.tenant == tenant && person.id == id)
}

/// Returns the id of the demo live chat of a name such as `Support`.
#[must_use]
pub fn live_chat(name: &str) -> Option<LiveChatId> {
    let id = name.to_lowercase();
    ["support", "sales"].contains(&id.as_str()).then(|| LiveChatId::parse(&id)).flatten()
}

/// Writes the demo data to the state. Data that is there already stays as it is.
///
/// # Errors
/// The state's.
pub async fn seed(store: &Store) -> Result<(), Fault> {
    for (tenant, names) in [(TENANT, &["Support", "Sales"][..]), (OTHER, &["Support"])] {
        let tenant = TenantId::parse(tenant).ok_or("the demo tenant")?;
        for name in names {
            let live_chat = demo_live_chat(&tenant, name)?;
            let is_new = store
                .of(&tenant)
                .create_live_chat(&live_chat, |channel| {
                    let is_webhook = channel.kind == ChannelKind::Webhook;
                    is_webhook.then(|| WEBHOOK_SECRET.to_owned())
                })
                .await?;
            if is_new {
                join(store, &tenant, &live_chat.id).await?;
            }
        }
    }
    for person in PEOPLE {
        let tenant = TenantId::parse(person.tenant).ok_or("the demo tenant")?;
        let id = EmployeeId::parse(person.id).ok_or("a demo person")?;
        store.meet(&Person { tenant, id, name: person.name.to_owned() }).await?;
    }
    Ok(())
}

/// Connects the live chat Support to a bot of the stand-in for Telegram, unless it is. It needs the run
/// to serve already, because the bot is told where to post.
///
/// # Errors
/// The state's, or the stand-in's.
pub async fn connect(app: &App) -> Result<(), Fault> {
    let tenant = TenantId::parse(TENANT).ok_or("the demo tenant")?;
    let live_chat = LiveChatId::parse("support").ok_or("a demo live chat")?;
    let id = ChannelId::parse("demo-support-telegram").ok_or("a demo channel")?;
    let store = app.store.of(&tenant);
    let outside = app.outside.clone().ok_or("no messengers")?;
    let connector = Connector(outside);
    let route = app.store.route(&id).await?;
    let new =
        NewChannel { id: id.clone(), ..app.store.new_channel(ChannelKind::Telegram, BOT_NAME)? };
    let secret = route.as_ref().and_then(|route| route.secrets.first()).unwrap_or(&new.secret);
    let connection = Connection {
        tenant: &tenant,
        live_chat: &live_chat,
        channel: &id,
        kind: ChannelKind::Telegram,
        secret: Some(secret),
    };
    if let Some(route) = &route {
        // The port may be another than the last time.
        let renewed = connector.renew(connection, &route.far_end).await;
        return renewed.map_err(|reason| format!("{reason:?}").into());
    }
    let settings = ChannelSettings::Telegram { bot_token: BOT_TOKEN.to_owned() };
    let connected = connector.connect(connection, &settings).await;
    let connected = connected.map_err(|reason| format!("{reason:?}"))?;
    let new = NewChannel { address: connected.address, far_end: connected.far_end, ..new };
    let created = store.create_channel(&live_chat, &new, None).await;
    created.map_err(|failure| format!("{failure:?}"))?;
    Ok(())
}

async fn join(store: &Store, tenant: &TenantId, live_chat: &LiveChatId) -> Result<(), Fault> {
    for person in PEOPLE.iter().filter(|person| person.tenant == tenant.as_str()) {
        let id = EmployeeId::parse(person.id).ok_or("a demo person")?;
        for (place, roles) in person.roles {
            if *place == live_chat.as_str() {
                let joined = store.of(tenant).set_member(live_chat, &id, *roles).await;
                joined.map_err(|failure| format!("{failure:?}"))?;
            }
        }
    }
    Ok(())
}

fn demo_live_chat(tenant: &TenantId, name: &str) -> Result<LiveChat, Fault> {
    let id = name.to_lowercase();
    let channel = |suffix: &str, kind, name: &str| {
        let id = ChannelId::parse(&format!("{tenant}-{id}{suffix}")).ok_or("a demo channel")?;
        Ok::<_, Fault>(Channel::new(id, kind, name))
    };
    let mut channels = vec![
        channel("-web", ChannelKind::Web, "Web")?,
        channel("-internal", ChannelKind::Internal, "Internal")?,
    ];
    if name == "Support" {
        channels.push(channel("", ChannelKind::Webhook, "Webhook")?);
    }
    let id = LiveChatId::parse(&id).ok_or("a demo live chat")?;
    Ok(LiveChat {
        id,
        name: name.to_owned(),
        template: NameTemplate::default(),
        origins: Vec::new(),
        channels,
    })
}
