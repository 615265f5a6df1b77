//! Counters: adds up what an employee's badges show, from components that are each counted exactly.

use crate::{LiveChatId, Roles};

/// One employee's desk in one live chat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Membership {
    /// The live chat.
    pub live_chat: LiveChatId,
    /// Their roles there; none once they left.
    pub roles: Roles,
    /// The number of changes of the roles.
    pub role_changes: u64,
    /// Sessions assigned to them there that have unread messages.
    pub unread: u32,
    /// Open sessions assigned to them there.
    pub open: u32,
    /// The number of writes.
    pub version: u64,
}

/// The number of queued sessions of a live chat: the sum over the shards.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct QueueCount {
    /// The number of sessions.
    pub unassigned: i64,
    /// The number of writes.
    pub version: u64,
}

impl QueueCount {
    /// Returns the sum with another shard.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            unassigned: self.unassigned + other.unassigned,
            version: self.version + other.version,
        }
    }

    /// Returns the number of sessions as a count.
    #[must_use]
    pub fn count(self) -> u32 {
        u32::try_from(self.unassigned.max(0)).unwrap_or(u32::MAX)
    }
}

/// The numbers in an employee's badges.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counters {
    /// Sessions assigned to them that have unread messages.
    pub unread_sessions: u32,
    /// Sessions without an operator in all their live chats; 0 for one who supervises none.
    pub unassigned_sessions: u32,
    /// Sessions without an operator in the live chats they operate.
    pub queue: u32,
    /// The version of the counters. A greater one is newer: 32 digits, compared as text.
    pub version: String,
}

impl Counters {
    /// Returns the red badge. An unassigned session has no operator, so no session is counted
    /// twice.
    #[must_use]
    pub const fn workspace_badge(&self) -> u32 {
        self.unread_sessions.saturating_add(self.unassigned_sessions)
    }

    /// Returns the counters of an employee with these desks. The version starts with the number of
    /// role changes, because those change which queues the sum includes. It never falls.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(live_chat: &str, roles: Roles, unread: u32) -> Membership {
        Membership {
            live_chat: LiveChatId::parse(live_chat).unwrap(),
            roles,
            role_changes: 1,
            unread,
            open: unread + 1,
            version: 1,
        }
    }

    fn waiting(unassigned: i64) -> QueueCount {
        QueueCount { unassigned, version: 1 }
    }

    /// Returns unread, unassigned, badge and queue of an employee with these desks.
    fn shown(desks: &[(Membership, QueueCount)]) -> (u32, u32, u32, u32) {
        let counters = Counters::of(desks.iter().map(|(desk, queue)| (desk, *queue)));
        let Counters { unread_sessions, unassigned_sessions, queue, .. } = counters;
        (unread_sessions, unassigned_sessions, counters.workspace_badge(), queue)
    }

    #[test]
    fn an_operators_badge_counts_their_unread_sessions_and_the_blue_one_the_queue() {
        let desks = [
            (desk("support", Roles::OPERATOR, 2), waiting(3)),
            (desk("sales", Roles::OPERATOR, 1), waiting(4)),
        ];
        assert_eq!(shown(&desks), (3, 0, 3, 7));
    }

    #[test]
    fn a_supervisors_badge_counts_the_unassigned_sessions_of_the_live_chats_they_supervise() {
        let desks = [
            (desk("support", Roles::SUPERVISOR, 0), waiting(3)),
            (desk("sales", Roles::SUPERVISOR, 0), waiting(4)),
        ];
        assert_eq!(shown(&desks), (0, 7, 7, 0));
    }

    #[test]
    fn who_is_both_of_one_live_chat_counts_no_session_twice() {
        assert_eq!(shown(&[(desk("support", Roles::BOTH, 2), waiting(3))]), (2, 3, 5, 3));
    }

    #[test]
    fn who_is_operator_of_one_and_supervisor_of_another_counts_the_unassigned_of_all() {
        let desks = [
            (desk("support", Roles::OPERATOR, 2), waiting(3)),
            (desk("sales", Roles::SUPERVISOR, 0), waiting(4)),
        ];
        assert_eq!(shown(&desks), (2, 7, 9, 3));
        let desks = [
            (desk("support", Roles::OPERATOR, 2), waiting(3)),
            (desk("sales", Roles::BOTH, 1), waiting(4)),
            (desk("billing", Roles::SUPERVISOR, 0), waiting(5)),
        ];
        assert_eq!(shown(&desks), (3, 12, 15, 7));
    }

    #[test]
    fn what_they_left_and_what_they_never_joined_counts_nothing() {
        assert_eq!(shown(&[]), (0, 0, 0, 0));
        let desks = [
            (desk("support", Roles::NONE, 2), waiting(3)),
            (desk("sales", Roles::SUPERVISOR, 0), waiting(4)),
        ];
        assert_eq!(shown(&desks), (0, 4, 4, 0));
    }

    #[test]
    fn only_the_sum_of_the_shards_means_anything() {
        let sum = waiting(-2).plus(waiting(5)).plus(waiting(0));
        assert_eq!((sum.unassigned, sum.version, sum.count()), (3, 3, 3));
    }

    #[test]
    fn a_version_has_32_digits_and_never_falls_whatever_changes() {
        let mut desks = vec![
            (desk("support", Roles::BOTH, 2), QueueCount { unassigned: 3, version: 900 }),
            (desk("sales", Roles::OPERATOR, 0), QueueCount { unassigned: 0, version: 800 }),
        ];
        let version = |desks: &[(Membership, QueueCount)]| {
            let counters = Counters::of(desks.iter().map(|(desk, queue)| (desk, *queue)));
            assert_eq!(counters.version.len(), 32);
            assert!(counters.version.bytes().all(|digit| digit.is_ascii_digit()));
            counters.version
        };
        let mut last = version(&desks);
        let mut rises = |desks: &[(Membership, QueueCount)]| {
            let now = version(desks);
            assert!(now > last, "{now} after {last}");
            last = now;
        };
        desks[0].0.version += 1;
        rises(&desks);
        desks[1].1.version += 1;
        rises(&desks);
        // Leaving removes a queue from the sum; the number of role changes outweighs that.
        desks[0].0.roles = Roles::NONE;
        desks[0].0.role_changes += 1;
        desks[0].0.version += 1;
        rises(&desks);
        desks[1].0.version += 1;
        rises(&desks);
        desks[0].0.roles = Roles::OPERATOR;
        desks[0].0.role_changes += 1;
        rises(&desks);
        desks.push((desk("billing", Roles::SUPERVISOR, 0), waiting(1)));
        rises(&desks);
    }
}
