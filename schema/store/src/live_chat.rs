//! Live chats: their settings, channels and members.

use domain::name::NameTemplate;
use domain::{ChannelId, EmployeeId, LiveChatId, Refusal, Roles, TenantId};

use aws_sdk_dynamodb::types::{Delete, TransactWriteItem, Update};

use crate::attribute::{Build, Item, Read, number};
use crate::call::{Range, Table, key_item};
use crate::commit::Committed;
use crate::desk::decode_membership;
use crate::key::{self, Key};
use crate::row::{Part, Row, built, put_new};
use crate::store::TRIES;
use crate::{Failure, Fault, Store};

/// The most channels of a live chat.
pub const MOST_CHANNELS: usize = 100;
/// The most members of a live chat.
pub const MOST_MEMBERS: usize = 500;
/// The most live chats that one list has.
const MOST_LISTED: usize = 1000;

/// A live chat's settings and channels.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LiveChat {
    /// Which one.
    pub id: LiveChatId,
    /// Its name.
    pub name: String,
    /// How its sessions are named.
    pub template: NameTemplate,
    /// How clients reach it.
    pub channels: Vec<Channel>,
}

impl LiveChat {
    /// Its channel with this id.
    #[must_use]
    pub fn channel(&self, id: &ChannelId) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == *id)
    }

    /// Its first channel of this kind.
    #[must_use]
    pub fn channel_of(&self, kind: ChannelKind) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.kind == kind)
    }
}

/// A way by which a client's messages come in and go out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Channel {
    /// Which one.
    pub id: ChannelId,
    /// What it is.
    pub kind: ChannelKind,
    /// Its name.
    pub name: String,
}

/// The kinds of channels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChannelKind {
    /// The widget on a web page.
    Web,
    /// Inside the company.
    Internal,
    /// Signed HTTP requests of another system.
    Webhook,
    /// Telegram.
    Telegram,
}

const KINDS: [(ChannelKind, &str); 4] = [
    (ChannelKind::Web, "web"),
    (ChannelKind::Internal, "internal"),
    (ChannelKind::Webhook, "webhook"),
    (ChannelKind::Telegram, "telegram"),
];

impl ChannelKind {
    fn as_str(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    fn parse(name: &str) -> Option<Self> {
        KINDS.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }
}

/// A member of a live chat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Who.
    pub employee: EmployeeId,
    /// What they are there.
    pub roles: Roles,
}

/// Where the path of a channel leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// The tenant.
    pub tenant: TenantId,
    /// The live chat.
    pub live_chat: LiveChatId,
    /// The channel.
    pub channel: ChannelId,
    /// The secret that its requests are signed with.
    pub secret: Option<String>,
}

impl Store {
    /// The live chat with its channels, or `None` where there is none.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn live_chat(
        &self,
        tenant: &TenantId,
        id: &LiveChatId,
    ) -> Result<Option<LiveChat>, Fault> {
        let pk = key::live_chat(tenant, id);
        // Settings sort first, then the channels; members come later and are left.
        let range = Range { to: "D".to_owned(), ..Range::starting(&pk, "A", MOST_CHANNELS + 1) };
        let items = self.range(Table::Core, &range).await?;
        let Some((settings, channels)) = items.split_first() else { return Ok(None) };
        let read = Read(settings);
        Ok(Some(LiveChat {
            id: id.clone(),
            name: read.text("nm")?.to_owned(),
            template: NameTemplate::stored(read.text("tp")?),
            channels: channels.iter().map(decode_channel).collect::<Result<_, _>>()?,
        }))
    }

    /// Who is operator or supervisor of a live chat now.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn members(&self, tenant: &TenantId, id: &LiveChatId) -> Result<Vec<Member>, Fault> {
        let pk = key::live_chat(tenant, id);
        let items = self.range(Table::Core, &Range::starting(&pk, "O#", MOST_MEMBERS)).await?;
        items.iter().map(decode_member).collect()
    }

    /// The live chats of a tenant: ids and names, by id.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn live_chats(&self, tenant: &TenantId) -> Result<Vec<(LiveChatId, String)>, Fault> {
        let pk = key::tenant_partition(tenant);
        let items = self.range(Table::Core, &Range::starting(&pk, "L#", MOST_LISTED)).await?;
        items
            .iter()
            .map(|item| {
                let read = Read(item);
                let id = read.parsed("sk", |sk| LiveChatId::parse(sk.strip_prefix("L#")?))?;
                Ok((id, read.text("nm")?.to_owned()))
            })
            .collect()
    }

    /// Where the channel of a path leads; `None` for a path that leads nowhere.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn route(&self, channel: &ChannelId) -> Result<Option<Route>, Fault> {
        let Some(item) = self.item(Table::Core, &key::route(channel)).await? else {
            return Ok(None);
        };
        let read = Read(&item);
        Ok(Some(Route {
            tenant: read.parsed("t", TenantId::parse)?,
            live_chat: read.parsed("l", LiveChatId::parse)?,
            channel: channel.clone(),
            secret: read.maybe_text("k").map(str::to_owned),
        }))
    }

    /// Creates a live chat with its channels; each channel may have a secret. Nothing happens
    /// when there is one with this id: then the answer is false.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn create_live_chat(
        &self,
        tenant: &TenantId,
        live_chat: &LiveChat,
        secret: impl Fn(&Channel) -> Option<String>,
    ) -> Result<bool, Fault> {
        let table = &self.tables.core;
        let new = |build: Build| put_new(table, Part::Once, build.done());
        let id = &live_chat.id;
        let mut rows = vec![
            new(Build::keyed(&key::settings(tenant, id))
                .text("nm", &live_chat.name)
                .text("tp", live_chat.template.as_str()))?,
            new(Build::keyed(&key::tenant_live_chat(tenant, id)).text("nm", &live_chat.name))?,
        ];
        for channel in &live_chat.channels {
            rows.push(new(Build::keyed(&key::channel(tenant, id, &channel.id))
                .text("kd", channel.kind.as_str())
                .text("nm", &channel.name))?);
            rows.push(new(Build::keyed(&key::route(&channel.id))
                .text("t", tenant.as_str())
                .text("l", id.as_str())
                .text_if("k", secret(channel)))?);
        }
        for tried in 0..TRIES {
            match self.commit(rows.clone()).await? {
                Committed::Done => return Ok(true),
                Committed::Guarded(_) => return Ok(false),
                Committed::Collided => self.pause(tried).await,
            }
        }
        Err(Fault::Conflict)
    }

    /// Makes an employee what `roles` says in a live chat.
    ///
    /// # Errors
    /// `Limit` beyond 500 members; a [`Fault`] of the state.
    pub async fn set_member(
        &self,
        tenant: &TenantId,
        live_chat: &LiveChatId,
        employee: &EmployeeId,
        roles: Roles,
    ) -> Result<(), Failure> {
        let key = key::membership(tenant, employee, live_chat);
        for tried in 0..TRIES {
            let item = self.item(Table::Core, &key).await?;
            let before = item.as_ref().map(decode_membership).transpose()?;
            if before.as_ref().map_or(Roles::NONE, |membership| membership.roles) == roles {
                return Ok(());
            }
            let members = self.members(tenant, live_chat).await?;
            let is_new = !members.iter().any(|member| member.employee == *employee);
            if is_new && roles.is_member() && members.len() >= MOST_MEMBERS {
                let message = "A live chat has at most 500 members.";
                return Err(Refusal::Limit { message, retry_after_millis: None }.into());
            }
            let changes = before.map_or(0, |membership| membership.role_changes);
            let rows = vec![
                self.membership_row(&key, roles, changes)?,
                self.member_row(&key::member(tenant, live_chat, employee), roles)?,
            ];
            if let Committed::Done = self.commit(rows).await? {
                return Ok(());
            }
            self.pause(tried).await;
        }
        Err(Fault::Conflict.into())
    }

    fn membership_row(&self, key: &Key, roles: Roles, changes: u64) -> Result<Row, Fault> {
        let condition = if changes == 0 { "attribute_not_exists(rc)" } else { "rc = :rc" };
        let mut update = Update::builder()
            .table_name(&self.tables.core)
            .set_key(Some(key_item(key)))
            .update_expression("SET o = :o, s = :s ADD rc :one, w :one, u :zero, m :zero")
            .condition_expression(condition)
            .expression_attribute_values(":o", number(u8::from(roles.operator)))
            .expression_attribute_values(":s", number(u8::from(roles.supervisor)))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":zero", number(0));
        if changes > 0 {
            update = update.expression_attribute_values(":rc", number(changes));
        }
        let write = TransactWriteItem::builder().update(update.build().map_err(built)?).build();
        Ok(Row { part: Part::Other, write })
    }

    fn member_row(&self, key: &Key, roles: Roles) -> Result<Row, Fault> {
        let write = if roles.is_member() {
            let update = Update::builder()
                .table_name(&self.tables.core)
                .set_key(Some(key_item(key)))
                .update_expression("SET o = :o, s = :s")
                .expression_attribute_values(":o", number(u8::from(roles.operator)))
                .expression_attribute_values(":s", number(u8::from(roles.supervisor)));
            TransactWriteItem::builder().update(update.build().map_err(built)?)
        } else {
            let delete =
                Delete::builder().table_name(&self.tables.core).set_key(Some(key_item(key)));
            TransactWriteItem::builder().delete(delete.build().map_err(built)?)
        };
        Ok(Row { part: Part::Other, write: write.build() })
    }
}

fn decode_channel(item: &Item) -> Result<Channel, Fault> {
    let read = Read(item);
    Ok(Channel {
        id: read.parsed("sk", |sk| ChannelId::parse(sk.strip_prefix("C#")?))?,
        kind: read.parsed("kd", ChannelKind::parse)?,
        name: read.text("nm")?.to_owned(),
    })
}

fn decode_member(item: &Item) -> Result<Member, Fault> {
    let read = Read(item);
    let flag = |name| read.maybe_number::<u8>(name).map(|value| value == Some(1));
    Ok(Member {
        employee: read.parsed("sk", |sk| EmployeeId::parse(sk.strip_prefix("O#")?))?,
        roles: Roles { operator: flag("o")?, supervisor: flag("s")? },
    })
}
