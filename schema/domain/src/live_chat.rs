//! Live chats: their channels, their members, and the limits on them.
//!
//! An employee has a role in at most 100 live chats, so that the lists of their live chats need no
//! pages. A company has at most 500 live chats; those that an employee may write to as an internal
//! client are listed whole.

use serde::{Deserialize, Serialize};

use crate::name::NameTemplate;
use crate::origin::Origin;
use crate::{ChannelId, EmployeeId, LiveChatId, Refusal, Roles, Timestamp};

/// The most channels of a live chat.
pub const MOST_CHANNELS: usize = 100;
/// The most members of a live chat.
pub const MOST_MEMBERS: usize = 500;
/// The most live chats that one employee has a role in.
pub const MOST_MEMBERSHIPS: usize = 100;
/// The most live chats of a tenant.
pub const MOST_LIVE_CHATS: usize = 500;

/// The refusal of one live chat more than a tenant may have.
pub const TOO_MANY_LIVE_CHATS: Refusal = Refusal::limit("There are at most 500 live chats.");
/// The refusal of one channel more than a live chat may have.
pub const TOO_MANY_CHANNELS: Refusal = Refusal::limit("A live chat has at most 100 channels.");
/// The refusal of one member more than a live chat may have.
pub const TOO_MANY_MEMBERS: Refusal = Refusal::limit("A live chat has at most 500 members.");
/// The refusal of one live chat more than an employee may have a role in.
pub const TOO_MANY_MEMBERSHIPS: Refusal =
    Refusal::limit("An employee has roles in at most 100 live chats.");

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
    /// False: nothing comes in, and nothing goes out. What is there stays.
    pub is_enabled: bool,
    /// The address that clients write to, as they know it; none where there is none.
    pub address: Option<String>,
    /// True if answers are sent out by it: to the reply URL of a webhook, or to a messenger.
    pub has_way_out: bool,
    /// The reason why it does not work now.
    pub problem: Option<Problem>,
}

/// The reason why a channel does not work. The next success removes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The reason, for programs.
    pub code: ProblemCode,
    /// The reason in English, in the words of the messenger where it has some.
    pub message: String,
    /// The moment since when it exists.
    pub since: Timestamp,
}

/// The kinds of problems of channels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProblemCode {
    /// The messenger does not take the channel's credentials.
    Unauthorized,
    /// The other end wants no more messages, and the channel is disabled.
    Gone,
    /// The other end cannot be reached.
    Unavailable,
}

impl ProblemCode {
    /// Returns the name that the API and the state use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthorized => "UNAUTHORIZED",
            Self::Gone => "GONE",
            Self::Unavailable => "UNAVAILABLE",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Unauthorized, Self::Gone, Self::Unavailable]
            .into_iter()
            .find(|code| code.as_str() == name)
    }
}

/// The way of an answer to the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WayOut {
    /// None.
    Nowhere,
    /// The client reads it here: in the widget, or inside the company.
    InPlace,
    /// It is sent to the messenger, which takes it so many milliseconds after the client's last
    /// message; always, if there is no number.
    Messenger(Option<u64>),
}

impl Channel {
    /// Returns an enabled channel.
    #[must_use]
    pub fn new(id: ChannelId, kind: ChannelKind, name: &str) -> Self {
        Self {
            id,
            kind,
            name: name.to_owned(),
            is_enabled: true,
            address: None,
            has_way_out: false,
            problem: None,
        }
    }

    /// Returns the way of an answer by this channel.
    #[must_use]
    pub const fn way_out(&self) -> WayOut {
        match self.kind {
            _ if !self.is_enabled => WayOut::Nowhere,
            ChannelKind::Web | ChannelKind::Internal => WayOut::InPlace,
            _ if !self.has_way_out => WayOut::Nowhere,
            kind => WayOut::Messenger(kind.reply_window_millis()),
        }
    }

    /// Returns true if an answer has a way out by this channel.
    #[must_use]
    pub const fn can_reply(&self) -> bool {
        !matches!(self.way_out(), WayOut::Nowhere)
    }
}

/// The kinds of channels.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChannelKind {
    /// The widget on a web page.
    Web,
    /// Inside the company.
    Internal,
    /// Signed HTTP requests of another system.
    Webhook,
    /// Telegram.
    Telegram,
    /// WhatsApp.
    Whatsapp,
    /// A kind served by a newer version. This version shows its messages and accepts none.
    #[serde(other)]
    Unknown,
}

impl ChannelKind {
    /// Returns true if the client reads answers in ChatDesk itself: in the widget, or inside the
    /// company.
    #[must_use]
    pub const fn is_read_in_place(self) -> bool {
        matches!(self, Self::Web | Self::Internal)
    }

    /// Returns true if another system posts its messages to a path of the channel, with a secret.
    #[must_use]
    pub const fn is_posted_to(self) -> bool {
        matches!(self, Self::Webhook | Self::Telegram | Self::Whatsapp)
    }

    /// Returns true if an administrator sees a new secret, to enter it at the other end. Others are
    /// told to the messenger alone.
    #[must_use]
    pub const fn shows_secret(self) -> bool {
        matches!(self, Self::Webhook | Self::Whatsapp)
    }

    /// Returns the time after the client's last message in which the messenger takes an answer, in
    /// milliseconds; none if it always does.
    #[must_use]
    pub const fn reply_window_millis(self) -> Option<u64> {
        match self {
            Self::Whatsapp => Some(24 * 60 * 60 * 1000),
            _ => None,
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
