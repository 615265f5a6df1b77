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
