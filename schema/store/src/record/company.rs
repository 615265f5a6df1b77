//! The records of a company: live chats, channels, members, apps, items, templates.

use domain::{AppKind, ChannelKind, LiveChatId, TenantId};
use serde::{Deserialize, Serialize};

use super::{Millis, Right};

/// The settings of a live chat, without its counts.
#[derive(Serialize, Deserialize)]
pub(crate) struct Settings {
    #[serde(rename = "nm")]
    pub(crate) name: String,
    #[serde(rename = "tp")]
    pub(crate) template: String,
    /// The number of its channels.
    #[serde(rename = "cc", skip_deserializing)]
    pub(crate) channels: usize,
    /// Origins, separated by spaces, which they do not contain.
    #[serde(rename = "og")]
    pub(crate) origins: Option<String>,
}

/// A live chat in the list of its tenant's.
#[derive(Serialize, Deserialize)]
pub(crate) struct Named {
    #[serde(rename = "nm")]
    pub(crate) name: String,
}

/// A channel of a live chat.
#[derive(Serialize, Deserialize)]
pub(crate) struct Channel {
    #[serde(rename = "kd")]
    pub(crate) kind: ChannelKind,
    #[serde(rename = "nm")]
    pub(crate) name: String,
    /// There if the channel is disabled.
    #[serde(rename = "ds")]
    pub(crate) disabled: Option<u8>,
    /// The address that clients write to.
    #[serde(rename = "ad")]
    pub(crate) address: Option<String>,
    /// There if answers are sent out by it.
    #[serde(rename = "wo")]
    pub(crate) way_out: Option<u8>,
    /// The code of its problem.
    #[serde(rename = "pc")]
    pub(crate) problem: Option<String>,
    #[serde(rename = "pm")]
    pub(crate) problem_message: Option<String>,
    #[serde(rename = "ps")]
    pub(crate) problem_since: Option<Millis>,
}

/// The way from a channel's path to its live chat.
#[derive(Serialize, Deserialize)]
pub(crate) struct Route {
    #[serde(rename = "t")]
    pub(crate) tenant: TenantId,
    #[serde(rename = "l")]
    pub(crate) live_chat: LiveChatId,
    #[serde(rename = "k")]
    pub(crate) secret: Option<String>,
    /// The secret before, which is valid for a while after a rotation.
    #[serde(rename = "ko")]
    pub(crate) old_secret: Option<String>,
    /// The end of that while.
    #[serde(rename = "ku")]
    pub(crate) old_until: Option<Millis>,
    /// There while the messenger may not know the secret yet.
    #[serde(rename = "kp")]
    pub(crate) untold: Option<u8>,
    /// The URL that a webhook's answers are posted to.
    #[serde(rename = "ru")]
    pub(crate) reply_url: Option<String>,
    /// The channel's id at the messenger: the id of a bot or of a phone number.
    #[serde(rename = "vi")]
    pub(crate) vendor_id: Option<String>,
    /// The encrypted credentials.
    #[serde(rename = "sc")]
    pub(crate) sealed: Option<String>,
}

/// The roles of a membership or its mirror.
#[derive(Deserialize)]
pub(crate) struct Roles {
    #[serde(rename = "o", default)]
    pub(crate) operator: Right,
    #[serde(rename = "s", default)]
    pub(crate) supervisor: Right,
}

/// The counts of a membership.
#[derive(Deserialize)]
pub(crate) struct Membership {
    #[serde(rename = "rc")]
    pub(crate) role_changes: u64,
    #[serde(rename = "u")]
    pub(crate) unread: u32,
    #[serde(rename = "m")]
    pub(crate) open: u32,
    #[serde(rename = "w")]
    pub(crate) version: u64,
}

/// The notes of requests about the versions of a session that they made: of those that they pushed, and of
/// those that they left to the stream, the version before the first, and the last.
#[derive(Deserialize)]
pub(crate) struct Notes {
    #[serde(rename = "f", default)]
    pub(crate) pushed_after: u64,
    #[serde(rename = "w", default)]
    pub(crate) pushed_up_to: u64,
    #[serde(rename = "lf", default)]
    pub(crate) left_after: u64,
    #[serde(rename = "lw", default)]
    pub(crate) left_up_to: u64,
}

/// An app in the list of its tenant's.
#[derive(Serialize, Deserialize)]
pub(crate) struct App {
    #[serde(rename = "nm")]
    pub(crate) name: String,
    #[serde(rename = "kd")]
    pub(crate) kind: AppKind,
}

/// An item of an app.
#[derive(Serialize, Deserialize)]
pub(crate) struct Item {
    #[serde(rename = "ti")]
    pub(crate) title: String,
    #[serde(rename = "at")]
    pub(crate) created_at: Option<Millis>,
}

/// A template of a live chat.
#[derive(Serialize, Deserialize)]
pub(crate) struct Template {
    #[serde(rename = "ti")]
    pub(crate) title: String,
    #[serde(rename = "tx")]
    pub(crate) text: String,
}

/// A row of the search.
#[derive(Serialize, Deserialize)]
pub(crate) struct Gram {
    /// The folded name, unless it is long.
    #[serde(rename = "f")]
    pub(crate) name: Option<String>,
    /// The live chat, where a scope has several.
    #[serde(rename = "l")]
    pub(crate) live_chat: Option<LiveChatId>,
}
