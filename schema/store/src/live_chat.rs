//! Live chats: reads and creates them with their channels and members.
//!
//! An employee has a role in at most 100 live chats, so that the lists of their live chats need no
//! pages. A company has at most 500 live chats; those that an employee may write to as an internal
//! client are listed whole.

use domain::name::NameTemplate;
use domain::origin::Origin;
use domain::{ChannelId, EmployeeId, LiveChatId, Roles, TenantId};

use crate::desk::roles;
use crate::table::{Build, Committed, Item, Part, Range, Read, Row, Table, key};
use crate::tally::Tally;
use crate::{Fault, Store};

/// The most channels of a live chat.
pub const MOST_CHANNELS: usize = 100;
/// The most members of a live chat.
pub const MOST_MEMBERS: usize = 500;
/// The most live chats that one employee has a role in.
pub const MOST_MEMBERSHIPS: usize = 100;
/// The most live chats of a tenant.
pub const MOST_LIVE_CHATS: usize = 500;

/// The live chats of a tenant, counted in its tallies.
pub(crate) const LIVE_CHATS: Tally = Tally { name: "lc", most: MOST_LIVE_CHATS };
/// The channels of a live chat, counted in its settings.
pub(crate) const CHANNELS: Tally = Tally { name: "cc", most: MOST_CHANNELS };
/// The members of a live chat, counted in its settings.
pub(crate) const MEMBERS: Tally = Tally { name: "mc", most: MOST_MEMBERS };
/// The live chats that an employee has a role in, counted in the employee's profile.
pub(crate) const MEMBERSHIPS: Tally = Tally { name: "mb", most: MOST_MEMBERSHIPS };

/// A live chat's settings and channels.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LiveChat {
    /// The live chat's id.
    pub id: LiveChatId,
    /// Its name.
    pub name: String,
    /// The template for the names of its sessions.
    pub template: NameTemplate,
    /// The origins of pages that may embed its widget; any, if the list is empty.
    pub origins: Vec<Origin>,
    /// The channels by which clients reach it.
    pub channels: Vec<Channel>,
}

impl LiveChat {
    /// Returns its channel with this id.
    #[must_use]
    pub fn channel(&self, id: &ChannelId) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == *id)
    }

    /// Returns its first channel of this kind.
    #[must_use]
    pub fn channel_of(&self, kind: ChannelKind) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.kind == kind)
    }
}

/// A way by which a client's messages come in and go out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Channel {
    /// The channel's id.
    pub id: ChannelId,
    /// The channel's kind.
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
    /// A kind served by a newer version. This version shows its messages and accepts none.
    Unknown,
}

impl ChannelKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Internal => "internal",
            Self::Webhook => "webhook",
            Self::Telegram => "telegram",
            Self::Unknown => "unknown",
        }
    }

    fn parse(name: &str) -> Self {
        match name {
            "web" => Self::Web,
            "internal" => Self::Internal,
            "webhook" => Self::Webhook,
            "telegram" => Self::Telegram,
            _ => Self::Unknown,
        }
    }
}

/// A member of a live chat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// The employee.
    pub employee: EmployeeId,
    /// Their roles there.
    pub roles: Roles,
}

/// The target of a channel's path.
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
    /// Returns the live chat with its channels, or `None` if it does not exist.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn live_chat(
        &self,
        tenant: &TenantId,
        id: &LiveChatId,
    ) -> Result<Option<LiveChat>, Fault> {
        let pk = key::live_chat(tenant, id);
        // Settings sort first, then the channels; members sort later and are not read.
        let range = Range::starting(&pk, key::SETTINGS, MOST_CHANNELS + 1).up_to(key::CHANNELS);
        let items = self.range(Table::Core, &range).await?;
        // Rows of other kinds between them belong to a newer version.
        let at = |is: fn(&str) -> bool| {
            items.iter().filter(move |item| Read(item).maybe_text("sk").is_some_and(is))
        };
        let Some(settings) = at(key::is_settings).next() else { return Ok(None) };
        let channels = at(key::is_channel);
        let read = Read(settings);
        Ok(Some(LiveChat {
            id: id.clone(),
            name: read.text("nm")?.to_owned(),
            template: NameTemplate::stored(read.text("tp")?),
            origins: read
                .maybe_text("og")
                .unwrap_or_default()
                .split_whitespace()
                .map(Origin::stored)
                .collect(),
            channels: channels.map(decode_channel).collect::<Result<_, _>>()?,
        }))
    }

    /// Returns the operators and supervisors of a live chat.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn members(&self, tenant: &TenantId, id: &LiveChatId) -> Result<Vec<Member>, Fault> {
        let pk = key::live_chat(tenant, id);
        let items =
            self.range(Table::Core, &Range::starting(&pk, key::MEMBERS, MOST_MEMBERS)).await?;
        items.iter().map(decode_member).collect()
    }

    /// Returns the live chats of a tenant: ids and names, by id.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn live_chats(&self, tenant: &TenantId) -> Result<Vec<(LiveChatId, String)>, Fault> {
        let pk = key::tenant_partition(tenant);
        let items = self
            .range(Table::Core, &Range::starting(&pk, key::LIVE_CHATS, MOST_LIVE_CHATS))
            .await?;
        items
            .iter()
            .map(|item| {
                let read = Read(item);
                let id = read.parsed("sk", key::read_tenant_live_chat)?;
                Ok((id, read.text("nm")?.to_owned()))
            })
            .collect()
    }

    /// Returns the target of a channel's path; `None` for an unknown path.
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

    /// Creates a live chat with its channels; each channel may have a secret. If the id is taken,
    /// does nothing and returns false.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn create_live_chat(
        &self,
        tenant: &TenantId,
        live_chat: &LiveChat,
        secret: impl Fn(&Channel) -> Option<String>,
    ) -> Result<bool, Fault> {
        let rows = self.live_chat_rows(tenant, live_chat, secret);
        Ok(matches!(self.commit(|| rows.clone()).await?, Committed::Done))
    }

    /// Returns the rows of a new live chat, none of which may exist.
    pub(crate) fn live_chat_rows(
        &self,
        tenant: &TenantId,
        live_chat: &LiveChat,
        secret: impl Fn(&Channel) -> Option<String>,
    ) -> Vec<Row> {
        let new = |build: Build| Row::put_new(Table::Core, Part::Other, build.done());
        let id = &live_chat.id;
        let mut rows = vec![
            self.one_more(&key::tallies(tenant), LIVE_CHATS, false),
            new(Build::keyed(&key::settings(tenant, id))
                .text("nm", &live_chat.name)
                .text("tp", live_chat.template.as_str())
                .number(CHANNELS.name, live_chat.channels.len())),
            new(Build::keyed(&key::tenant_live_chat(tenant, id)).text("nm", &live_chat.name)),
        ];
        for channel in &live_chat.channels {
            rows.extend(self.channel_rows(tenant, id, channel, secret(channel)));
        }
        rows
    }

    /// Returns the rows of a new channel: the channel itself, and its route.
    pub(crate) fn channel_rows(
        &self,
        tenant: &TenantId,
        live_chat: &LiveChatId,
        channel: &Channel,
        secret: Option<String>,
    ) -> [Row; 2] {
        let new = |build: Build| Row::put_new(Table::Core, Part::Other, build.done());
        [
            new(Build::keyed(&key::channel(tenant, live_chat, &channel.id))
                .text("kd", channel.kind.as_str())
                .text("nm", &channel.name)),
            new(Build::keyed(&key::route(&channel.id))
                .text("t", tenant.as_str())
                .text("l", live_chat.as_str())
                .text_if("k", secret)),
        ]
    }
}

fn decode_channel(item: &Item) -> Result<Channel, Fault> {
    let read = Read(item);
    Ok(Channel {
        id: read.parsed("sk", key::read_channel)?,
        kind: ChannelKind::parse(read.text("kd")?),
        name: read.text("nm")?.to_owned(),
    })
}

fn decode_member(item: &Item) -> Result<Member, Fault> {
    let read = Read(item);
    Ok(Member { employee: read.parsed("sk", key::read_member)?, roles: roles(read) })
}
