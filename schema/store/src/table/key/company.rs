//! Keys of a company: employees, live chats, channels, lists, and what is kept of their acts.

use domain::{ChannelId, EmployeeId, LiveChatId, TemplateId, TenantId};

use super::{Key, entry};

/// Returns the partition of an employee.
#[must_use]
pub fn employee(tenant: &TenantId, person: &EmployeeId) -> String {
    format!("U#{tenant}#{person}")
}

/// Returns the key of the profile of an employee.
#[must_use]
pub fn profile(tenant: &TenantId, person: &EmployeeId) -> Key {
    Key::of(employee(tenant, person), PROFILE)
}

/// Returns the key of an employee's desk in a live chat.
#[must_use]
pub fn membership(tenant: &TenantId, person: &EmployeeId, live_chat: &LiveChatId) -> Key {
    Key::of(employee(tenant, person), format!("{MEMBERSHIPS}{live_chat}"))
}

/// The sort key of a profile.
const PROFILE: &str = "E";

/// The beginning that the sort keys of an employee's memberships share.
const MEMBERSHIPS: &str = "L#";

/// Returns true for the sort key of a profile, in the partition of its employee.
#[must_use]
pub fn is_profile(sk: &str) -> bool {
    sk == PROFILE
}

/// Returns true for the sort key of a membership, in the partition of its employee.
#[must_use]
pub fn is_membership(sk: &str) -> bool {
    sk.starts_with(MEMBERSHIPS)
}

/// Reads a live chat from the sort key of a membership.
#[must_use]
pub fn read_membership(sk: &str) -> Option<LiveChatId> {
    LiveChatId::parse(sk.strip_prefix(MEMBERSHIPS)?)
}

/// Reads an employee from their partition.
#[must_use]
pub fn read_employee(pk: &str) -> Option<EmployeeId> {
    EmployeeId::parse(entry(pk)?)
}

/// Returns the partition of a live chat.
#[must_use]
pub fn live_chat(tenant: &TenantId, id: &LiveChatId) -> String {
    format!("L#{tenant}#{id}")
}

/// The sort key of a live chat's settings.
pub const SETTINGS: &str = "A";

/// Returns true for the sort key of settings, in the partition of a live chat.
#[must_use]
pub fn is_settings(sk: &str) -> bool {
    sk == SETTINGS
}

/// Returns true for the sort key of a channel, in the partition of a live chat.
#[must_use]
pub fn is_channel(sk: &str) -> bool {
    sk.starts_with(CHANNELS)
}

/// Returns the key of a live chat's settings.
#[must_use]
pub fn settings(tenant: &TenantId, id: &LiveChatId) -> Key {
    Key::of(live_chat(tenant, id), SETTINGS)
}

/// Returns the key of a channel of a live chat.
#[must_use]
pub fn channel(tenant: &TenantId, of: &LiveChatId, id: &ChannelId) -> Key {
    Key::of(live_chat(tenant, of), format!("{CHANNELS}{id}"))
}

/// The beginning that the sort keys of a live chat's channels share.
pub const CHANNELS: &str = "C#";

/// Reads a channel from its sort key.
#[must_use]
pub fn read_channel(sk: &str) -> Option<ChannelId> {
    ChannelId::parse(sk.strip_prefix(CHANNELS)?)
}

/// Returns the key of the mirror of a membership, in the partition of the live chat.
#[must_use]
pub fn member(tenant: &TenantId, of: &LiveChatId, person: &EmployeeId) -> Key {
    Key::of(live_chat(tenant, of), format!("{MEMBERS}{person}"))
}

/// The beginning that the sort keys of a live chat's members share.
pub const MEMBERS: &str = "O#";

/// Reads an employee from the sort key of a member.
#[must_use]
pub fn read_member(sk: &str) -> Option<EmployeeId> {
    EmployeeId::parse(sk.strip_prefix(MEMBERS)?)
}

/// Returns the key of a template of a live chat.
#[must_use]
pub fn template(tenant: &TenantId, of: &LiveChatId, id: &TemplateId) -> Key {
    Key::of(live_chat(tenant, of), format!("{TEMPLATES}{id}"))
}

/// The beginning that the sort keys of a live chat's templates share.
pub const TEMPLATES: &str = "T#";

/// Reads a template from its sort key.
#[must_use]
pub fn read_template(sk: &str) -> Option<TemplateId> {
    TemplateId::parse(sk.strip_prefix(TEMPLATES)?)
}

/// Returns the partition of a tenant's lists.
#[must_use]
pub fn tenant_partition(tenant: &TenantId) -> String {
    format!("T#{tenant}")
}

/// Returns the key of the counts of a tenant's live chats and apps.
#[must_use]
pub fn tallies(tenant: &TenantId) -> Key {
    Key::of(tenant_partition(tenant), "A")
}

/// Returns the key of a live chat in the list of its tenant's live chats.
#[must_use]
pub fn tenant_live_chat(tenant: &TenantId, id: &LiveChatId) -> Key {
    Key::of(tenant_partition(tenant), format!("{LIVE_CHATS}{id}"))
}

/// The beginning that the sort keys of a tenant's live chats share.
pub const LIVE_CHATS: &str = "L#";

/// Reads a live chat from its sort key in the list of its tenant's.
#[must_use]
pub fn read_tenant_live_chat(sk: &str) -> Option<LiveChatId> {
    LiveChatId::parse(sk.strip_prefix(LIVE_CHATS)?)
}

/// Returns the key of an employee in the list of their tenant's employees.
#[must_use]
pub fn tenant_employee(tenant: &TenantId, id: &EmployeeId) -> Key {
    Key::of(tenant_partition(tenant), tenant_employee_sort(id.as_str()))
}

/// The beginning that the sort keys of a tenant's employees share.
pub const EMPLOYEES: &str = "E#";

/// Returns the place of an employee, given as text, in the list of their tenant's.
#[must_use]
pub fn tenant_employee_sort(id: &str) -> String {
    format!("{EMPLOYEES}{id}")
}

/// Reads an employee from their sort key in the list of their tenant's.
#[must_use]
pub fn read_tenant_employee(sk: &str) -> Option<EmployeeId> {
    EmployeeId::parse(sk.strip_prefix(EMPLOYEES)?)
}

/// Returns the key of the row that leads from a channel, named by a path from outside, to its
/// tenant. It has no tenant, because the tenant is looked up by it.
#[must_use]
pub fn route(id: &ChannelId) -> Key {
    Key::of(format!("W#{id}"), "W")
}

/// Returns the key of the stored answer of an act that came with an idempotency key.
#[must_use]
pub fn repeated(tenant: &TenantId, person: &EmployeeId, key: &str) -> Key {
    Key::of(format!("K#{tenant}#{person}"), key)
}

/// Returns the key of the job that returns the sessions of an operator who was removed from a live
/// chat.
#[must_use]
pub fn removal(tenant: &TenantId, from: &LiveChatId, person: &EmployeeId) -> Key {
    Key::of(format!("Y#{tenant}#{from}"), person.as_str())
}

/// Reads the live chat and the employee from the key of a removal.
#[must_use]
pub fn read_removal(pk: &str, sk: &str) -> Option<(LiveChatId, EmployeeId)> {
    Some((LiveChatId::parse(entry(pk)?)?, EmployeeId::parse(sk)?))
}
