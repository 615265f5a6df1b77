//! The counters of one employee, as sums of exact components.

use crate::{LiveChatId, Roles};

/// One employee's desk in one live chat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Membership {
    /// Where.
    pub live_chat: LiveChatId,
    /// What they are there; none once they left.
    pub roles: Roles,
    /// How many times the roles changed.
    pub role_changes: u64,
    /// Sessions assigned to them there that have unread messages.
    pub unread: u32,
    /// Open sessions assigned to them there.
    pub open: u32,
    /// How many times it was written.
    pub version: u64,
}

/// How many sessions of a live chat nobody has: the sum over the shards.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct QueueCount {
    /// The sessions.
    pub unassigned: i64,
    /// How many times it was written.
    pub version: u64,
}

impl QueueCount {
    /// The sum with another shard.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            unassigned: self.unassigned + other.unassigned,
            version: self.version + other.version,
        }
    }

    /// The sessions, as a count.
    #[must_use]
    pub fn count(self) -> u32 {
        u32::try_from(self.unassigned.max(0)).unwrap_or(u32::MAX)
    }
}

/// What an employee's badges show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counters {
    /// Sessions assigned to them with unread messages.
    pub unread_sessions: u32,
    /// Sessions nobody has, as a supervisor counts them.
    pub unassigned_sessions: u32,
    /// Sessions nobody has in the live chats they operate.
    pub queue: u32,
    /// Greater is newer: 32 digits, compared as text.
    pub version: String,
}

impl Counters {
    /// The red badge: an unassigned session is nobody's, so none is counted twice.
    #[must_use]
    pub const fn workspace_badge(&self) -> u32 {
        self.unread_sessions.saturating_add(self.unassigned_sessions)
    }

    /// The counters of somebody with these desks. The version starts with the count of role
    /// changes, because those change which components the sum has; it never falls.
    #[must_use]
    pub fn of<'a>(desks: impl IntoIterator<Item = (&'a Membership, QueueCount)>) -> Self {
        let desks: Vec<_> = desks.into_iter().collect();
        let supervises = desks.iter().any(|(desk, _)| desk.roles.supervisor);
        let mut counters =
            Self { unread_sessions: 0, unassigned_sessions: 0, queue: 0, version: String::new() };
        let (mut changes, mut version) = (0_u64, 0_u64);
        for (desk, queue) in desks {
            changes += desk.role_changes;
            version += desk.version;
            if !desk.roles.is_member() {
                continue;
            }
            version += queue.version;
            if desk.roles.operator {
                counters.unread_sessions += desk.unread;
                counters.queue += queue.count();
            }
            if supervises {
                counters.unassigned_sessions += queue.count();
            }
        }
        counters.version = format!("{changes:012}{version:020}");
        counters
    }
}
