//! Live chats: reads and creates them with their channels and members.
//!
//! An employee has a role in at most 100 live chats, so that the lists of their live chats need no
//! pages. A company has at most 500 live chats; those that an employee may write to as an internal
//! client are listed whole.

use std::fmt;

use domain::live_chat::{
    MOST_CHANNELS, MOST_LIVE_CHATS, MOST_MEMBERS, MOST_MEMBERSHIPS, Problem, ProblemCode,
};
use domain::name::NameTemplate;
use domain::origin::Origin;
use domain::{Channel, ChannelId, LiveChat, LiveChatId, Member, TenantId, Timestamp};
use serde::Serialize;

use crate::desk::roles;
use crate::record::company;
use crate::record::company::Named;
use crate::record::company::Settings;
use crate::table::{Committed, Item, Key, Part, Range, Read, Row, Table, decode, encode, key};
use crate::tally::Tally;
use crate::{Fault, Store, TenantStore};

/// The live chats of a tenant, counted in its tallies.
pub(crate) const LIVE_CHATS: Tally = Tally { name: "lc", most: MOST_LIVE_CHATS };
/// The channels of a live chat, counted in its settings.
pub(crate) const CHANNELS: Tally = Tally { name: "cc", most: MOST_CHANNELS };
/// The members of a live chat, counted in its settings.
pub(crate) const MEMBERS: Tally = Tally { name: "mc", most: MOST_MEMBERS };
/// The live chats that an employee has a role in, counted in the employee's profile.
pub(crate) const MEMBERSHIPS: Tally = Tally { name: "mb", most: MOST_MEMBERSHIPS };

/// The target of a channel's path.
#[derive(Clone, PartialEq, Eq)]
pub struct Route {
    /// The tenant.
    pub tenant: TenantId,
    /// The live chat.
    pub live_chat: LiveChatId,
    /// The channel.
    pub channel: ChannelId,
    /// The secrets that its requests may be signed with now, the newest first. None is empty.
    pub secrets: Vec<String>,
    /// The other end.
    pub far_end: FarEnd,
}

/// The other end of a channel: the place that answers are sent to, and the proof that they come from
/// here.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct FarEnd {
    /// The URL that a webhook's answers are posted to.
    pub reply_url: Option<String>,
    /// The channel's id at the messenger: the id of a bot or of a phone number.
    pub vendor_id: Option<String>,
    /// The encrypted credentials, as text. Only the functions that talk to messengers can read them.
    pub sealed: Option<String>,
}

/// Prints no secret.
impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Route")
            .field("tenant", &self.tenant)
            .field("live_chat", &self.live_chat)
            .field("channel", &self.channel)
            .field("secrets", &self.secrets.len())
            .field("far_end", &self.far_end)
            .finish()
    }
}

/// Prints the id alone: a URL may contain a credential.
impl fmt::Debug for FarEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FarEnd").field("vendor_id", &self.vendor_id).finish_non_exhaustive()
    }
}

impl FarEnd {
    /// Returns true if answers have a place to go to.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        self.reply_url.is_some() || self.sealed.is_some()
    }
}

impl TenantStore<'_> {
    /// Returns the live chat with its channels, or `None` if it does not exist.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn live_chat(self, id: &LiveChatId) -> Result<Option<LiveChat>, Fault> {
        let pk = key::live_chat(self.tenant, id);
        // Settings sort first, then the channels; members sort later and are not read.
        let range = Range::starting(&pk, key::SETTINGS, MOST_CHANNELS + 1).up_to(key::CHANNELS);
        let items = self.range(Table::Core, &range).await?;
        // Rows of other kinds between them belong to a newer version.
        let at = |is: fn(&str) -> bool| {
            items.iter().filter(move |item| Read(item).maybe_text("sk").is_some_and(is))
        };
        let Some(settings) = at(key::is_settings).next() else { return Ok(None) };
        let channels = at(key::is_channel);
        let Settings { name, template, origins, .. } = decode(settings)?;
        Ok(Some(LiveChat {
            id: id.clone(),
            name,
            template: NameTemplate::stored(&template),
            origins: origins.unwrap_or_default().split_whitespace().map(Origin::stored).collect(),
            channels: channels.map(decode_channel).collect::<Result<_, _>>()?,
        }))
    }

    /// Returns a channel of a live chat, or `None` if it does not exist.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn channel(
        self,
        live_chat: &LiveChatId,
        id: &ChannelId,
    ) -> Result<Option<Channel>, Fault> {
        let item = self.item(Table::Core, &key::channel(self.tenant, live_chat, id)).await?;
        item.as_ref().map(decode_channel).transpose()
    }

    /// Returns the operators and supervisors of a live chat.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn members(self, id: &LiveChatId) -> Result<Vec<Member>, Fault> {
        let pk = key::live_chat(self.tenant, id);
        let items =
            self.range(Table::Core, &Range::starting(&pk, key::MEMBERS, MOST_MEMBERS)).await?;
        items.iter().map(decode_member).collect()
    }

    /// Returns the live chats of a tenant: ids and names, by id.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn live_chats(self) -> Result<Vec<(LiveChatId, String)>, Fault> {
        let pk = key::tenant_partition(self.tenant);
        let items = self
            .range(Table::Core, &Range::starting(&pk, key::LIVE_CHATS, MOST_LIVE_CHATS))
            .await?;
        items
            .iter()
            .map(|item| {
                let id = Read(item).parsed("sk", key::read_tenant_live_chat)?;
                Ok((id, decode::<Named>(item)?.name))
            })
            .collect()
    }

    /// Creates a live chat with its channels; each channel may have a secret. If the id is taken,
    /// does nothing and returns false.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn create_live_chat(
        self,
        live_chat: &LiveChat,
        secret: impl Fn(&Channel) -> Option<String>,
    ) -> Result<bool, Fault> {
        let rows = self.live_chat_rows(live_chat, secret);
        Ok(matches!(self.commit(|| rows.clone()).await?, Committed::Done))
    }

    /// Returns the rows of a new live chat, none of which may exist.
    pub(crate) fn live_chat_rows(
        self,
        live_chat: &LiveChat,
        secret: impl Fn(&Channel) -> Option<String>,
    ) -> Vec<Row> {
        let id = &live_chat.id;
        let name = || live_chat.name.clone();
        let settings = Settings {
            name: name(),
            template: live_chat.template.as_str().to_owned(),
            channels: live_chat.channels.len(),
            origins: None,
        };
        let mut rows = vec![
            self.one_more(&key::tallies(self.tenant), LIVE_CHATS, false),
            put_record(&key::settings(self.tenant, id), &settings),
            put_record(&key::tenant_live_chat(self.tenant, id), &Named { name: name() }),
        ];
        for channel in &live_chat.channels {
            rows.extend(self.channel_rows(id, channel, secret(channel), &FarEnd::default()));
        }
        rows
    }

    /// Returns the rows of a new channel: the channel itself, and its route.
    pub(crate) fn channel_rows(
        self,
        live_chat: &LiveChatId,
        channel: &Channel,
        secret: Option<String>,
        far_end: &FarEnd,
    ) -> [Row; 2] {
        let shown = company::Channel {
            kind: channel.kind,
            name: channel.name.clone(),
            disabled: (!channel.is_enabled).then_some(1),
            address: channel.address.clone(),
            way_out: channel.has_way_out.then_some(1),
            problem: None,
            problem_message: None,
            problem_since: None,
        };
        let route = company::Route {
            tenant: self.tenant.clone(),
            live_chat: live_chat.clone(),
            secret,
            old_secret: None,
            old_until: None,
            untold: None,
            reply_url: far_end.reply_url.clone(),
            vendor_id: far_end.vendor_id.clone(),
            sealed: far_end.sealed.clone(),
        };
        [
            put_record(&key::channel(self.tenant, live_chat, &channel.id), &shown),
            put_record(&key::route(&channel.id), &route),
        ]
    }
}

impl Store {
    /// Returns the target of a channel's path; `None` for an unknown path.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn route(&self, channel: &ChannelId) -> Result<Option<Route>, Fault> {
        let Some(item) = self.item(Table::Core, &key::route(channel)).await? else {
            return Ok(None);
        };
        let company::Route {
            tenant,
            live_chat,
            secret,
            old_secret,
            old_until,
            untold,
            reply_url,
            vendor_id,
            sealed,
        } = decode(&item)?;
        let is_valid = untold.is_some() || old_until.is_some_and(|until| self.now() < until.0);
        let secrets = [secret, old_secret.filter(|_| is_valid)].into_iter().flatten();
        let secrets = secrets.filter(|secret| !secret.is_empty()).collect();
        let far_end = FarEnd { reply_url, vendor_id, sealed };
        Ok(Some(Route { tenant, live_chat, channel: channel.clone(), secrets, far_end }))
    }
}

fn put_record(key: &Key, record: &impl Serialize) -> Row {
    Row::put_new(Table::Core, Part::Other, encode(key, record))
}

fn decode_channel(item: &Item) -> Result<Channel, Fault> {
    let company::Channel {
        kind,
        name,
        disabled,
        address,
        way_out,
        problem,
        problem_message,
        problem_since,
    } = decode(item)?;
    let id = Read(item).parsed("sk", key::read_channel)?;
    // One of a newer version is not shown.
    let problem = problem.as_deref().and_then(ProblemCode::parse).map(|code| Problem {
        code,
        message: problem_message.unwrap_or_default(),
        since: problem_since.map_or_else(Timestamp::default, |since| since.0),
    });
    Ok(Channel {
        id,
        kind,
        name,
        is_enabled: disabled.is_none(),
        address,
        has_way_out: way_out.is_some(),
        problem,
    })
}

fn decode_member(item: &Item) -> Result<Member, Fault> {
    let employee = Read(item).parsed("sk", key::read_member)?;
    Ok(Member { employee, roles: roles(item)? })
}
