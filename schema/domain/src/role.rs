//! Roles: what an employee is in one live chat.

/// The roles of one employee in one live chat: any of operator and supervisor, or none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Roles {
    /// Answers the sessions of the live chat.
    pub operator: bool,
    /// Oversees the live chat: sees all its sessions, assigns them.
    pub supervisor: bool,
}

impl Roles {
    /// No role.
    pub const NONE: Self = Self { operator: false, supervisor: false };
    /// Operator only.
    pub const OPERATOR: Self = Self { operator: true, supervisor: false };
    /// Supervisor only.
    pub const SUPERVISOR: Self = Self { operator: false, supervisor: true };
    /// Operator and supervisor.
    pub const BOTH: Self = Self { operator: true, supervisor: true };

    /// Returns true when there is any role.
    #[must_use]
    pub const fn is_member(self) -> bool {
        self.operator || self.supervisor
    }
}
