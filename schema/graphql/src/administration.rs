//! Administration: the live chats of a tenant, their members and channels, and the mutations of them.
//!
//! Administrators see each live chat as its members do, and none of its sessions.

use async_graphql::{Context, ID, Object, Result};
use domain::name::NameTemplate;
use domain::origin::Origin;
use domain::search::Folded;
use domain::{ChannelId, LiveChatId, Refusal, Roles, TenantId, text};
use store::Failure;
use store::once::Once;
use store::settings::read_webhook;

use crate::app::App;
use crate::ask::{Ask, ask};
use crate::employee::Employee;
use crate::error::{Code, fault, settled};
use crate::feed::refused_in_pushes;
use crate::id::GlobalId;
use crate::live_chat::{Channel, ChannelKind, LiveChat, Role};
use crate::loader;
use crate::page::{self, EmployeeConnection, LiveChatConnection, weight};
use crate::payload::{
    CreateChannelPayload, CreateLiveChatPayload, RenameLiveChatPayload, RotateChannelSecretPayload,
    SetLiveChatOriginsPayload, SetMemberPayload, SetSessionNameTemplatePayload, key,
};

/// What administrators see of their tenant. It gives no sight of sessions.
pub struct Administration;

impl Administration {
    /// The view of whoever asks.
    ///
    /// # Errors
    /// `FORBIDDEN` for who is no administrator.
    pub(crate) fn of(ask: &Ask) -> Result<Self> {
        match ask.administrator()? {
            Ok(_) => Ok(Self),
            Err(_) => Err(Code::Forbidden.error("This is for administrators.")),
        }
    }
}

/// What administrators see of their tenant. It gives no sight of sessions.
#[Object]
impl Administration {
    /// The live chats, by name.
    #[graphql(complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn live_chats(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: i32,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
    ) -> Result<LiveChatConnection> {
        refused_in_pushes(context)?;
        let ask = ask(context)?;
        let first = page::length("first", first)?;
        let after = after.as_deref().map(page::place).transpose()?;
        let all = ask.store.live_chats(ask.tenant()?).await.map_err(|failed| fault(&failed))?;
        let mut all: Vec<_> = all.into_iter().map(|(id, name)| (name.to_lowercase(), id)).collect();
        all.sort();
        let begin = after.as_ref().and_then(|after| {
            all.iter().position(|(_, id)| id.as_str() == after.as_str()).map(|place| place + 1)
        });
        let rest = all.split_off(begin.unwrap_or(0));
        let has_next = rest.len() > first;
        let page = rest.into_iter().take(first).map(|(_, id)| (id.to_string(), LiveChat(id)));
        Ok(LiveChatConnection::of(page.collect(), None, after.is_some(), has_next))
    }

    /// The apps, by name.
    #[graphql(complexity = "10 * child_complexity")]
    async fn apps(&self, context: &Context<'_>) -> Result<Vec<App>> {
        let ask = ask(context)?;
        let mut apps = ask.store.all_apps(ask.tenant()?).await.map_err(|failed| fault(&failed))?;
        apps.sort_by_cached_key(|app| app.name.to_lowercase());
        Ok(apps.into_iter().map(|app| App(app.id)).collect())
    }

    /// The employees that were seen here at least once, found by typing any part of their names.
    /// A page may be short or empty while there is more.
    #[graphql(complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn employees(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Words that all have to be in the name; blank finds all.")] query: Option<
            String,
        >,
        #[graphql(desc = "How many, 1 to 100.")] first: i32,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
    ) -> Result<EmployeeConnection> {
        refused_in_pushes(context)?;
        let ask = ask(context)?;
        let first = page::length("first", first)?;
        let after = after.as_deref().map(page::place).transpose()?;
        let query = page::typed(query.as_deref())?;
        let found = ask.store.find_employees(
            ask.tenant()?,
            |name| query.matches(&Folded::of(name)),
            after.as_deref(),
            first,
        );
        let found = found.await.map_err(|failed| fault(&failed))?;
        let page = found.ids.into_iter().map(|id| (id.to_string(), Employee(id))).collect();
        let end = found.end.as_deref();
        Ok(EmployeeConnection::of(page, end, after.is_some(), found.has_next))
    }
}

/// What administrators do.
#[derive(Default)]
pub struct AdministrationMutation;

/// What administrators do.
#[Object]
impl AdministrationMutation {
    /// Creates a live chat, with a channel for web pages and one for inside the company.
    async fn create_live_chat(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Its name: trimmed, 1 to 200 characters.")] name: String,
        #[graphql(desc = "The same key gives the first answer, for 24 hours.")]
        idempotency_key: Option<String>,
    ) -> Result<CreateLiveChatPayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let checked = (text::name("name", &name), key(idempotency_key.as_deref()));
        let (name, key) = match checked {
            (Ok(name), Ok(key)) => (name, key),
            (Err(refusal), _) | (_, Err(refusal)) => return Ok(refusal.into()),
        };
        let once = Once::of(person, key, "createLiveChat", &[&name]);
        let done =
            ask.once(once.as_ref(), LiveChatId::parse, async || match ask.administrator()? {
                Ok(_) => {
                    settled(ask.store.open_live_chat(&person.tenant, &name, once.as_ref()).await)
                }
                Err(refusal) => Ok(Err(refusal)),
            });
        Ok(match done.await? {
            Ok(id) => CreateLiveChatPayload {
                live_chat: ask.knows(&id).await?.then_some(LiveChat(id)),
                ..Default::default()
            },
            Err(refusal) => refusal.into(),
        })
    }

    /// Gives a live chat another name.
    async fn rename_live_chat(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The live chat.")] live_chat_id: ID,
        #[graphql(desc = "Its name: trimmed, 1 to 200 characters.")] name: String,
    ) -> Result<RenameLiveChatPayload> {
        let ask = ask(context)?;
        let done =
            set(ask, &live_chat_id, text::name("name", &name), async |tenant, id, name: String| {
                ask.store.rename_live_chat(tenant, id, &name).await
            });
        Ok(match done.await? {
            Ok(id) => RenameLiveChatPayload { live_chat: Some(LiveChat(id)), ..Default::default() },
            Err(refusal) => refusal.into(),
        })
    }

    /// Says how the sessions of a live chat are named from now on.
    async fn set_session_name_template(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The live chat.")] live_chat_id: ID,
        #[graphql(
            desc = "Text with {client}, {liveChat}, {channel} and {date}, 1 to 200 characters."
        )]
        template: String,
    ) -> Result<SetSessionNameTemplatePayload> {
        let ask = ask(context)?;
        let done = set(
            ask,
            &live_chat_id,
            NameTemplate::parse(&template),
            async |tenant, id, template| ask.store.set_name_template(tenant, id, &template).await,
        );
        Ok(match done.await? {
            Ok(id) => SetSessionNameTemplatePayload {
                live_chat: Some(LiveChat(id)),
                ..Default::default()
            },
            Err(refusal) => refusal.into(),
        })
    }

    /// Says which pages may carry the widget of a live chat.
    async fn set_live_chat_origins(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The live chat.")] live_chat_id: ID,
        #[graphql(desc = "Origins such as https://shop.example, at most 100; empty: any page.")]
        origins: Vec<String>,
    ) -> Result<SetLiveChatOriginsPayload> {
        let ask = ask(context)?;
        let done = set(
            ask,
            &live_chat_id,
            Origin::parse_all(&origins),
            async |tenant, id, origins: Vec<Origin>| {
                ask.store.set_origins(tenant, id, &origins).await
            },
        );
        Ok(match done.await? {
            Ok(id) => {
                SetLiveChatOriginsPayload { live_chat: Some(LiveChat(id)), ..Default::default() }
            }
            Err(refusal) => refusal.into(),
        })
    }

    /// Says what an employee is in a live chat. Who is operator no more gives their open sessions
    /// there back to the queue, one after the other.
    async fn set_member(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The live chat.")] live_chat_id: ID,
        #[graphql(desc = "The employee.")] employee_id: ID,
        #[graphql(desc = "What they are from now on; none removes them.")] roles: Vec<Role>,
    ) -> Result<SetMemberPayload> {
        let ask = ask(context)?;
        let live_chat = match ask.administered(&live_chat_id).await? {
            Ok(live_chat) => live_chat,
            Err(refusal) => return Ok(refusal.into()),
        };
        let unknown = Refusal::NoSuch { field: "employeeId" };
        let Some(GlobalId::Employee(employee)) = ask.named(&employee_id) else {
            return Ok(unknown.into());
        };
        let known = ask.load(loader::Employee(employee.clone())).await?;
        if known.is_none_or(|employee| employee.name.is_none()) {
            return Ok(unknown.into());
        }
        let roles = Roles {
            operator: roles.contains(&Role::Operator),
            supervisor: roles.contains(&Role::Supervisor),
        };
        let done = ask.store.set_member(ask.tenant()?, &live_chat, &employee, roles).await;
        Ok(match settled(done)? {
            Ok(()) => {
                SetMemberPayload { live_chat: Some(LiveChat(live_chat)), ..Default::default() }
            }
            Err(refusal) => refusal.into(),
        })
    }

    /// Adds a webhook channel to a live chat. A channel for web pages and one for inside the
    /// company come with it; those of messengers are not served yet.
    async fn create_channel(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The live chat.")] live_chat_id: ID,
        #[graphql(desc = "WEBHOOK.")] kind: ChannelKind,
        #[graphql(desc = "Its name: trimmed, 1 to 200 characters.")] name: String,
        #[graphql(desc = "The same key gives the first answer, for 24 hours.")]
        idempotency_key: Option<String>,
    ) -> Result<CreateChannelPayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let checked = (text::name("name", &name), key(idempotency_key.as_deref()));
        let (name, key) = match checked {
            (Ok(name), Ok(key)) => (name, key),
            (Err(refusal), _) | (_, Err(refusal)) => return Ok(refusal.into()),
        };
        if let Some(why) = not_created(kind) {
            return Ok(Refusal::invalid("kind", why).into());
        }
        let once = Once::of(person, key, "createChannel", &[&live_chat_id, &name]);
        let done = ask.once(once.as_ref(), read_webhook, async || {
            let live_chat = match ask.administered(&live_chat_id).await? {
                Ok(live_chat) => live_chat,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let done = ask.store.create_webhook(&person.tenant, &live_chat, &name, once.as_ref());
            settled(done.await)
        });
        Ok(match done.await? {
            Ok((id, secret)) => created(ask, &live_chat_id, id, secret).await?,
            Err(refusal) => refusal.into(),
        })
    }

    /// Gives a webhook channel another secret: the old one is no good from then on.
    async fn rotate_channel_secret(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The channel.")] channel_id: ID,
    ) -> Result<RotateChannelSecretPayload> {
        let ask = ask(context)?;
        let (live_chat, id) = match channel(ask, &channel_id).await? {
            Ok(channel) => channel,
            Err(refusal) => return Ok(refusal.into()),
        };
        Ok(match settled(ask.store.rotate_secret(&id).await)? {
            Ok(secret) => RotateChannelSecretPayload {
                channel: Some(Channel { live_chat, id }),
                secret: Some(secret),
                ..Default::default()
            },
            Err(refusal) => refusal.into(),
        })
    }
}

/// What is shown of a channel that was created, perhaps some time ago: nothing to who does not know
/// of its live chat any more, and its secret to administrators alone.
async fn created(
    ask: &Ask,
    live_chat: &ID,
    id: ChannelId,
    secret: String,
) -> Result<CreateChannelPayload> {
    let channel = match ask.named(live_chat) {
        Some(GlobalId::LiveChat(live_chat)) if ask.knows(&live_chat).await? => {
            Some(Channel { live_chat, id })
        }
        _ => None,
    };
    let secret = ask.is_administrator().then_some(secret);
    Ok(CreateChannelPayload { channel, secret, ..Default::default() })
}

/// Why a channel of this kind is not created.
const fn not_created(kind: ChannelKind) -> Option<&'static str> {
    match kind {
        ChannelKind::Webhook => None,
        ChannelKind::Web | ChannelKind::Internal => {
            Some("Every live chat has one of this kind already.")
        }
        ChannelKind::Telegram => Some("Channels of this kind are not served yet."),
    }
}

/// Does an act on the live chat that an administrator names, with an argument that was checked.
async fn set<T>(
    ask: &Ask,
    live_chat: &ID,
    argument: Result<T, Refusal>,
    act: impl AsyncFnOnce(&TenantId, &LiveChatId, T) -> Result<(), Failure>,
) -> Result<Result<LiveChatId, Refusal>> {
    ask.person()?;
    let argument = match argument {
        Ok(argument) => argument,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let id = match ask.administered(live_chat).await? {
        Ok(id) => id,
        Err(refusal) => return Ok(Err(refusal)),
    };
    Ok(settled(act(ask.tenant()?, &id, argument).await)?.map(|()| id))
}

/// The webhook channel that an administrator names.
async fn channel(ask: &Ask, id: &ID) -> Result<Result<(LiveChatId, ChannelId), Refusal>> {
    ask.person()?;
    let Some(GlobalId::Channel(live_chat, id)) = ask.named(id) else {
        return Ok(Err(Refusal::NotFound));
    };
    if !ask.knows(&live_chat).await? {
        return Ok(Err(Refusal::NotFound));
    }
    let place = ask.load(loader::Place(live_chat.clone())).await?;
    let Some(kind) = place.and_then(|place| place.channel(&id).map(|channel| channel.kind)) else {
        return Ok(Err(Refusal::NotFound));
    };
    if !ask.is_administrator() {
        return Ok(Err(Refusal::Forbidden));
    }
    if kind != store::live_chat::ChannelKind::Webhook {
        let message = "Only a webhook channel has a secret.";
        return Ok(Err(Refusal::invalid("channelId", message)));
    }
    Ok(Ok((live_chat, id)))
}
