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

/// The settings of your company, for its administrators. Being an administrator alone does not let
/// you see sessions.
pub struct Administration;

impl Administration {
    /// Returns the settings of the caller's company.
    ///
    /// # Errors
    /// `FORBIDDEN` for a caller who is no administrator.
    pub(crate) fn of(ask: &Ask) -> Result<Self> {
        match ask.administrator()? {
            Ok(_) => Ok(Self),
            Err(_) => Err(Code::Forbidden.error("This is for administrators.")),
        }
    }
}

/// The settings of your company, for its administrators. Being an administrator alone does not let
/// you see sessions.
#[Object]
impl Administration {
    /// The live chats of your company, by name.
    #[graphql(complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn live_chats(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
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

    /// The apps of your company, by name. At most 100.
    #[graphql(complexity = "10 * child_complexity")]
    async fn apps(&self, context: &Context<'_>) -> Result<Vec<App>> {
        let ask = ask(context)?;
        let mut apps = ask.store.all_apps(ask.tenant()?).await.map_err(|failed| fault(&failed))?;
        apps.sort_by_cached_key(|app| app.name.to_lowercase());
        Ok(apps.into_iter().map(|app| App(app.id)).collect())
    }

    /// The employees who have used the service at least once and whose names match the query. Their
    /// order has no meaning. A page may be short or empty although there is more: go on from
    /// `endCursor` while `hasNextPage` is true.
    #[graphql(complexity = "5 + weight(Some(first), None) * child_complexity")]
    async fn employees(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Words, at most 200 characters in all. Each must be part of the name. \
                    Blank or left out: all employees.")]
        query: Option<String>,
        #[graphql(desc = "The size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "The page begins after this cursor. Default: the start of the list.")]
        after: Option<String>,
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

/// The mutations of administrators, for live chats, members and channels.
#[derive(Default)]
pub struct AdministrationMutation;

/// The mutations of administrators, for live chats, members and channels.
#[Object]
impl AdministrationMutation {
    /// Creates a live chat, with one channel of kind `WEB` and one of kind `INTERNAL`. Only for
    /// administrators: anyone else is refused with `FORBIDDEN`. Refused with `LIMIT` if there are
    /// 500 live chats already.
    async fn create_live_chat(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The name, 1 to 200 characters. White space around it is removed.")]
        name: String,
        #[graphql(desc = "Your own key for this call, 1 to 100 characters. For 24 hours, a \
                    repeated call with the same key returns the first result and does \
                    nothing again.")]
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

    /// Renames a live chat. Only for administrators: anyone else is refused with `FORBIDDEN`, or
    /// with `NOT_FOUND` if they have no role in the live chat.
    async fn rename_live_chat(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "The new name, 1 to 200 characters. White space around it is removed.")]
        name: String,
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

    /// Sets the template that names the new sessions of a live chat. Existing sessions keep their
    /// names. Only for administrators: anyone else is refused with `FORBIDDEN`, or with `NOT_FOUND`
    /// if they have no role in the live chat.
    async fn set_session_name_template(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "Text with the variables {client}, {liveChat}, {channel} and {date}, \
                    1 to 200 characters. {date} is the date of opening in UTC. Any other \
                    text in braces: INVALID.")]
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

    /// Sets the pages that may carry the widget of a live chat. Only for administrators: anyone
    /// else is refused with `FORBIDDEN`, or with `NOT_FOUND` if they have no role in the live chat.
    async fn set_live_chat_origins(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "The origins of the pages, such as https://shop.example, at most 100. \
                    They replace the earlier ones. Empty: any page may carry the widget.")]
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

    /// Sets the roles of an employee in a live chat. When an employee is no longer an operator
    /// there, their open sessions return to the queue one after the other. Only for administrators:
    /// anyone else is refused with `FORBIDDEN`, or with `NOT_FOUND` if they have no role in the
    /// live chat.
    ///
    /// Other refusals:
    /// - `NOT_FOUND`, with the field `employeeId`: the employee has never used the service.
    /// - `LIMIT`: the live chat has 500 members already, or the employee has roles in 100 live
    ///   chats already.
    async fn set_member(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "The global id of the employee.")] employee_id: ID,
        #[graphql(desc = "All roles of the employee from now on. An empty list removes the \
                    employee from the live chat.")]
        roles: Vec<Role>,
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

    /// Adds a channel of kind `WEBHOOK` to a live chat. Every live chat has its channels of kind
    /// `WEB` and `INTERNAL` already, and channels of messengers are not supported yet: those kinds
    /// are refused with `INVALID`.
    ///
    /// Only for administrators: anyone else is refused with `FORBIDDEN`, or with `NOT_FOUND` if
    /// they have no role in the live chat. Refused with `LIMIT` if the live chat has 100 channels
    /// already.
    async fn create_channel(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "The kind of the channel: WEBHOOK.")] kind: ChannelKind,
        #[graphql(desc = "The name, 1 to 200 characters. White space around it is removed.")]
        name: String,
        #[graphql(desc = "Your own key for this call, 1 to 100 characters. For 24 hours, a \
                    repeated call with the same key returns the first result and does \
                    nothing again.")]
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

    /// Replaces the secret of a channel of kind `WEBHOOK`. Requests that are signed with the old
    /// secret are refused from then on. Only for administrators: anyone else is refused with
    /// `FORBIDDEN`, or with `NOT_FOUND` if they have no role in the live chat. Refused with
    /// `INVALID` for a channel of another kind.
    async fn rotate_channel_secret(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the channel.")] channel_id: ID,
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

/// Builds the result for a channel that was created, perhaps some time ago. A caller who does not
/// know of its live chat any more gets no channel; only an administrator gets its secret.
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

/// Returns the reason why channels of this kind are not created; none where they are.
const fn not_created(kind: ChannelKind) -> Option<&'static str> {
    match kind {
        ChannelKind::Webhook => None,
        ChannelKind::Web | ChannelKind::Internal => {
            Some("Every live chat has one of this kind already.")
        }
        ChannelKind::Telegram => Some("Channels of this kind are not served yet."),
    }
}

/// Performs an act on the live chat that an administrator names, with a checked argument.
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

/// Returns the webhook channel that an administrator names.
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
