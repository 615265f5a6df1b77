//! Live chats: their channels, their members, and the limits on them.
//!
//! An employee has a role in at most 100 live chats, so that the lists of their live chats need no
//! pages. A company has at most 500 live chats; those that an employee may write to as an internal
//! client are listed whole.

use serde::{Deserialize, Serialize};

use crate::name::NameTemplate;
use crate::origin::Origin;
use crate::{ChannelId, EmployeeId, LiveChatId, Refusal, Roles};

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
}

impl Channel {
    /// Returns an enabled channel.
    #[must_use]
    pub fn new(id: ChannelId, kind: ChannelKind, name: &str) -> Self {
        Self { id, kind, name: name.to_owned(), is_enabled: true }
    }

    /// Returns true if an answer has a way out by this channel. The widget and internal clients read
    /// it here; nothing is sent to other systems yet.
    #[must_use]
    pub const fn can_reply(&self) -> bool {
        self.is_enabled && self.kind.is_read_in_place()
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
}

/// A member of a live chat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// The employee.
    pub employee: EmployeeId,
    /// Their roles there.
    pub roles: Roles,
}
