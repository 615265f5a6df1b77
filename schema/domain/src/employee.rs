//! Employees: their profile, and the desk with their memberships.

use crate::counter::Membership;
use crate::delta::MOST_OPEN;
use crate::presence::Choice;
use crate::{EmployeeId, LiveChatId, Reasons, Refusal, Roles};

/// An employee and their memberships, read consistently.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Desk {
    /// The employee.
    pub employee: Employee,
    /// Their current and former memberships.
    pub memberships: Vec<Membership>,
}

/// The profile of an employee.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Employee {
    /// The employee's id.
    pub id: EmployeeId,
    /// Their name; `None` for an employee who was never seen.
    pub name: Option<String>,
    /// The presence they chose.
    pub choice: Choice,
}

impl Employee {
    /// Returns the name to show.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.id.as_str())
    }
}

impl Desk {
    /// Returns the employee's roles in this live chat.
    #[must_use]
    pub fn roles(&self, live_chat: &LiveChatId) -> Roles {
        self.memberships
            .iter()
            .find(|membership| membership.live_chat == *live_chat)
            .map_or(Roles::NONE, |membership| membership.roles)
    }

    /// Returns true when the employee has the most open sessions allowed in this live chat.
    #[must_use]
    pub fn is_full(&self, live_chat: &LiveChatId) -> bool {
        self.memberships.iter().any(|m| m.live_chat == *live_chat && m.open >= MOST_OPEN)
    }

    /// Returns the live chats where the employee has a role.
    pub fn live_chats(&self) -> impl Iterator<Item = &LiveChatId> {
        self.memberships.iter().filter(|m| m.roles.is_member()).map(|m| &m.live_chat)
    }

    /// Returns the live chats where the employee is operator.
    pub fn operated(&self) -> impl Iterator<Item = &LiveChatId> {
        self.memberships.iter().filter(|m| m.roles.operator).map(|m| &m.live_chat)
    }

    /// Returns the live chats from which the employee may claim the next session: one of them, or
    /// all that they operate and have room for.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `ActorOffline`, `Limit`.
    pub fn claims_from(&self, live_chat: Option<&LiveChatId>) -> Result<Vec<LiveChatId>, Refusal> {
        let is_of = |id: &&LiveChatId| live_chat.is_none_or(|one| one == *id);
        let operated: Vec<_> = self.operated().filter(is_of).cloned().collect();
        // In a live chat that is named, the claim itself finds that there is no room.
        let has_room = |id: &LiveChatId| live_chat.is_some() || !self.is_full(id);
        let mut reasons = Reasons::default();
        let is_known = live_chat.is_none_or(|one| self.roles(one).is_member());
        reasons.unless(is_known, Refusal::NotFound);
        reasons.unless(!operated.is_empty(), Refusal::Forbidden);
        reasons.unless(self.employee.choice == Choice::Online, Refusal::ActorOffline);
        reasons.unless(operated.iter().any(has_room), Refusal::TOO_MANY_SESSIONS);
        reasons.verdict()?;
        Ok(operated.into_iter().filter(has_room).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::ann;

    fn membership(name: &str, roles: Roles, open: u32) -> Membership {
        let live_chat = id(name);
        Membership { live_chat, roles, role_changes: 0, unread: 0, open, version: 1 }
    }

    fn id(name: &str) -> LiveChatId {
        LiveChatId::parse(name).unwrap()
    }

    fn desk(choice: Choice, memberships: Vec<Membership>) -> Desk {
        Desk { employee: Employee { id: ann().id, name: None, choice }, memberships }
    }

    #[test]
    fn the_next_session_is_claimed_where_one_operates_and_has_room() {
        let desk = desk(
            Choice::Online,
            vec![
                membership("full", Roles::OPERATOR, MOST_OPEN),
                membership("free", Roles::BOTH, MOST_OPEN - 1),
                membership("overseen", Roles::SUPERVISOR, 0),
            ],
        );
        assert_eq!(desk.claims_from(None), Ok(vec![id("free")]));
        // Where no session waits there is nothing to refuse: the claim finds that there is no room.
        assert_eq!(desk.claims_from(Some(&id("full"))), Ok(vec![id("full")]));
        assert_eq!(desk.claims_from(Some(&id("overseen"))), Err(Refusal::Forbidden));
        assert_eq!(desk.claims_from(Some(&id("other"))), Err(Refusal::NotFound));
    }

    #[test]
    fn the_first_reason_in_the_contracts_order_is_given() {
        let full = || vec![membership("full", Roles::OPERATOR, MOST_OPEN)];
        let online = desk(Choice::Online, full());
        assert_eq!(online.claims_from(None), Err(Refusal::TOO_MANY_SESSIONS));
        let offline = desk(Choice::Offline, full());
        assert_eq!(offline.claims_from(None), Err(Refusal::ActorOffline));
        assert_eq!(offline.claims_from(Some(&id("other"))), Err(Refusal::NotFound));
        assert_eq!(desk(Choice::Offline, Vec::new()).claims_from(None), Err(Refusal::Forbidden));
    }
}
