//! Keys: makes the key of every row.
//!
//! The partition key of everything that belongs to a tenant contains the entity and the tenant, and
//! cannot be made without a [`TenantId`]: nothing crosses from one tenant to another. Only what is read
//! before the tenant is known (a channel's route, a connection) and what spans all tenants (shards, the
//! reindexing job) has a key without one.

use domain::{
    Actor, AppId, ChannelId, ClientId, ConversationId, EmployeeId, ItemId, LiveChatId, Session,
    SessionId, State, TemplateId, TenantId, Timestamp,
};

use crate::rate::Counted;
use crate::search::Scope;

/// The key of an item.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// The partition.
    pub pk: String,
    /// The place in the partition.
    pub sk: String,
}

impl Key {
    /// Returns a key of these parts.
    pub(crate) fn of(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }
}

/// Returns a key of no tenant that is never written.
pub(crate) fn nothing() -> Key {
    Key::of("-".to_owned(), "-")
}

/// The number of shards of a live chat's queue count.
pub const QUEUE_SHARDS: u32 = 4;

/// Returns the partition of a conversation.
#[must_use]
pub fn conversation(tenant: &TenantId, conversation: &ConversationId) -> String {
    format!("V#{tenant}#{conversation}")
}

/// Returns the key of the head of a session.
#[must_use]
pub fn head(tenant: &TenantId, id: &SessionId) -> Key {
    Key::of(conversation(tenant, &id.conversation), format!("H#{:08}", id.ordinal))
}

/// The beginning that the sort keys of heads share.
pub const HEADS: &str = "H#";

/// Returns the key of an entry of a dialog.
#[must_use]
pub fn message(tenant: &TenantId, of: &ConversationId, seq: u64) -> Key {
    Key::of(conversation(tenant, of), message_sort(seq))
}

/// Returns the place of an entry in its conversation.
#[must_use]
pub fn message_sort(seq: u64) -> String {
    format!("M#{seq:010}")
}

/// The sides that an idempotent send can come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sender {
    /// The client.
    Client,
    /// An employee at the desk.
    Employee,
}

/// Returns the key of the receipt of a send.
#[must_use]
pub fn receipt(
    tenant: &TenantId,
    of: &ConversationId,
    kind: Sender,
    sender: &str,
    message_id: &str,
) -> Key {
    let kind = match kind {
        Sender::Client => "c",
        Sender::Employee => "e",
    };
    Key::of(conversation(tenant, of), format!("X#{kind}#{sender}#{message_id}"))
}

/// Returns the key of the stored answer of an act that came with an idempotency key.
#[must_use]
pub fn repeated(tenant: &TenantId, person: &EmployeeId, key: &str) -> Key {
    Key::of(format!("K#{tenant}#{person}"), key)
}

/// Returns the key of the row with the client's information and the bindings of a session.
#[must_use]
pub fn info(tenant: &TenantId, id: &SessionId) -> Key {
    Key::of(conversation(tenant, &id.conversation), format!("I#{:08}", id.ordinal))
}

/// Returns the key of the read position of an employee in a conversation.
#[must_use]
pub fn position(tenant: &TenantId, of: &ConversationId, person: &EmployeeId) -> Key {
    Key::of(conversation(tenant, of), format!("R#{person}"))
}

/// Returns the partition of the queue of a live chat.
#[must_use]
pub fn queue(tenant: &TenantId, live_chat: &LiveChatId) -> String {
    format!("Q#{tenant}#{live_chat}")
}

/// Returns a session's place in the queue: by opening time.
#[must_use]
pub fn queued(tenant: &TenantId, session: &Session) -> Key {
    Key::of(queue(tenant, &session.live_chat), ordered(session.opened_at, &session.id))
}

/// Returns the key of a shard of a live chat's queue count.
#[must_use]
pub fn queue_count(tenant: &TenantId, live_chat: &LiveChatId, shard: u32) -> Key {
    Key::of(format!("N#{tenant}#{live_chat}#{}", shard % QUEUE_SHARDS), "N")
}

/// Returns the partition of an employee.
#[must_use]
pub fn employee(tenant: &TenantId, person: &EmployeeId) -> String {
    format!("U#{tenant}#{person}")
}

/// Returns the key of the profile of an employee.
#[must_use]
pub fn profile(tenant: &TenantId, person: &EmployeeId) -> Key {
    Key::of(employee(tenant, person), "E")
}

/// Returns the key of an employee's desk in a live chat.
#[must_use]
pub fn membership(tenant: &TenantId, person: &EmployeeId, live_chat: &LiveChatId) -> Key {
    Key::of(employee(tenant, person), format!("L#{live_chat}"))
}

/// Returns the partition of a live chat.
#[must_use]
pub fn live_chat(tenant: &TenantId, id: &LiveChatId) -> String {
    format!("L#{tenant}#{id}")
}

/// Returns the key of a live chat's settings.
#[must_use]
pub fn settings(tenant: &TenantId, id: &LiveChatId) -> Key {
    Key::of(live_chat(tenant, id), "A")
}

/// Returns the key of a channel of a live chat.
#[must_use]
pub fn channel(tenant: &TenantId, of: &LiveChatId, id: &ChannelId) -> Key {
    Key::of(live_chat(tenant, of), format!("C#{id}"))
}

/// Returns the key of the mirror of a membership, in the partition of the live chat.
#[must_use]
pub fn member(tenant: &TenantId, of: &LiveChatId, person: &EmployeeId) -> Key {
    Key::of(live_chat(tenant, of), format!("O#{person}"))
}

/// Returns the key of a live chat in the list of its tenant's live chats.
#[must_use]
pub fn tenant_live_chat(tenant: &TenantId, id: &LiveChatId) -> Key {
    Key::of(tenant_partition(tenant), format!("L#{id}"))
}

/// Returns the key of an employee in the list of their tenant's employees.
#[must_use]
pub fn tenant_employee(tenant: &TenantId, id: &EmployeeId) -> Key {
    Key::of(tenant_partition(tenant), format!("E#{id}"))
}

/// Returns the partition of a tenant's lists.
#[must_use]
pub fn tenant_partition(tenant: &TenantId) -> String {
    format!("T#{tenant}")
}

/// Returns the key of the job that returns the sessions of an operator who was removed from a live
/// chat.
#[must_use]
pub fn removal(tenant: &TenantId, from: &LiveChatId, person: &EmployeeId) -> Key {
    Key::of(format!("Y#{tenant}#{from}"), person.as_str())
}

/// Returns the key of the counts of a tenant's live chats and apps.
#[must_use]
pub fn tallies(tenant: &TenantId) -> Key {
    Key::of(tenant_partition(tenant), "A")
}

/// Returns the key of an app in the list of its tenant's apps.
#[must_use]
pub fn app(tenant: &TenantId, id: &AppId) -> Key {
    Key::of(tenant_partition(tenant), format!("{APPS}{id}"))
}

/// The beginning that the sort keys of a tenant's apps share.
pub const APPS: &str = "A#";

/// Returns the partition of an app's items, sorted by creation.
#[must_use]
pub fn items(tenant: &TenantId, of: &AppId) -> String {
    format!("A#{tenant}#{of}")
}

/// Returns the key of an item.
#[must_use]
pub fn item(tenant: &TenantId, id: &ItemId) -> Key {
    Key::of(items(tenant, &id.app), id.serial())
}

/// Returns the partition of the sessions that are bound to an item.
#[must_use]
pub fn bound_sessions(tenant: &TenantId, to: &ItemId) -> String {
    format!("B#{tenant}#{to}")
}

/// Returns the key of a session bound to an item, in the partition of the item, sorted by the time
/// of binding.
#[must_use]
pub fn bound(tenant: &TenantId, to: &ItemId, at: Timestamp, session: &SessionId) -> Key {
    Key::of(bound_sessions(tenant, to), ordered(at, session))
}

/// Returns the key of a template of a live chat.
#[must_use]
pub fn template(tenant: &TenantId, of: &LiveChatId, id: &TemplateId) -> Key {
    Key::of(live_chat(tenant, of), format!("{TEMPLATES}{id}"))
}

/// The beginning that the sort keys of a live chat's templates share.
pub const TEMPLATES: &str = "T#";

/// Returns the key of the row that leads from a channel, named by a path from outside, to its
/// tenant. It has no tenant, because the tenant is looked up by it.
#[must_use]
pub fn route(id: &ChannelId) -> Key {
    Key::of(format!("W#{id}"), "W")
}

/// Returns the key of the lease of an employee's presence, in the table `live`.
#[must_use]
pub fn lease(tenant: &TenantId, person: &EmployeeId) -> Key {
    Key::of(format!("P#{tenant}#{person}"), "P")
}

/// Reads from a lease's partition the employee whose lease it is.
#[must_use]
pub fn read_lease(pk: &str) -> Option<(TenantId, EmployeeId)> {
    let (tenant, person) = pk.strip_prefix("P#")?.split_once('#')?;
    Some((TenantId::parse(tenant)?, EmployeeId::parse(person)?))
}

/// The number of shards of the index of leases.
pub const LEASE_SHARDS: u32 = 4;

/// Returns the partition of a shard of the index of leases. It has no tenant, because one sweep
/// covers the leases of all.
#[must_use]
pub fn lease_shard(shard: u32) -> String {
    format!("P#{}", shard % LEASE_SHARDS)
}

/// Returns the place of a lease in its index, sorted by its end.
#[must_use]
pub fn watched(tenant: &TenantId, person: &EmployeeId, until: Timestamp) -> Key {
    let of = lease(tenant, person).pk;
    Key::of(lease_shard(sum(&of)), format!("{}#{of}", lease_end(until)))
}

fn sum(of: &str) -> u32 {
    of.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
}

/// Returns the beginning that the places of all leases ending at this moment share.
#[must_use]
pub fn lease_end(until: Timestamp) -> String {
    format!("{:013}", until.as_millis())
}

/// Returns the partition of the rows of one gram in a scope, in the table `search`. The gram comes
/// last, because it may contain any character.
#[must_use]
pub fn search(tenant: &TenantId, scope: &Scope, gram: &str) -> String {
    match scope {
        Scope::Tenant => format!("S#{tenant}#t#{gram}"),
        Scope::LiveChat(id) => format!("S#{tenant}#l#{id}#{gram}"),
        Scope::Queue => format!("S#{tenant}#q#{gram}"),
        Scope::Operator(id) => format!("S#{tenant}#o#{id}#{gram}"),
        Scope::App(id) => format!("S#{tenant}#a#{id}#{gram}"),
    }
}

/// Reads the gram from the partition of its rows.
#[must_use]
pub fn read_gram(pk: &str) -> Option<&str> {
    let (_tenant, rest) = pk.strip_prefix("S#")?.split_once('#')?;
    match rest.split_once('#')? {
        ("t" | "q", gram) => Some(gram),
        ("l" | "o" | "a", rest) => Some(rest.split_once('#')?.1),
        _ => None,
    }
}

/// Returns the key of the job that rebuilds the rows of the search. It has no tenant, because it
/// covers all tenants.
#[must_use]
pub fn reindexing() -> Key {
    Key::of("Y#".to_owned(), "search")
}

/// Reads from an item's partition the tenant that it belongs to.
#[must_use]
pub fn read_tenant(pk: &str) -> Option<TenantId> {
    TenantId::parse(pk.split('#').nth(1)?)
}

/// Returns the key of the row that limits how often subscribers are notified of typing in a
/// conversation, in the table `live`.
#[must_use]
pub fn typing(tenant: &TenantId, of: &ConversationId, by: &Actor) -> Key {
    let who = match by {
        Actor::Client { .. } | Actor::System => "c".to_owned(),
        Actor::Employee(id) => format!("e#{id}"),
    };
    Key::of(format!("Z#{tenant}#{of}"), who)
}

/// Returns the key of the count of requests or tokens in the window that began at this moment, in
/// the table `live`.
#[must_use]
pub fn counted(tenant: &TenantId, what: Counted<'_>, began: Timestamp) -> Key {
    let of = match what {
        Counted::RequestsOfEmployee(id) => format!("o#{id}"),
        Counted::RequestsOfClient(id) => format!("c#{id}"),
        Counted::WidgetTokens(live_chat, source) => format!("w#{live_chat}#{source}"),
    };
    Key::of(format!("F#{tenant}#{of}"), format!("{:013}", began.as_millis()))
}

/// Formats a moment and a session as a sort key: ordered by time, then by id.
#[must_use]
pub fn ordered(at: Timestamp, id: &SessionId) -> String {
    format!("{:013}#{id}", at.as_millis())
}

/// Reads the session and its moment from a sort key made by [`ordered`].
#[must_use]
pub fn read_ordered(sort: &str) -> Option<(Timestamp, SessionId)> {
    let (at, id) = sort.split_once('#')?;
    Some((Timestamp::from_millis(at.parse().ok()?), SessionId::parse(id)?))
}

/// The two phases of a session that index partitions are split by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Open sessions.
    Open,
    /// Closed sessions.
    Closed,
}

impl Phase {
    const fn letter(self) -> char {
        match self {
            Self::Open => 'A',
            Self::Closed => 'C',
        }
    }
}

/// Returns the index partition of a live chat's sessions.
#[must_use]
pub fn live_chat_index(tenant: &TenantId, live_chat: &LiveChatId, phase: Phase) -> String {
    format!("L#{tenant}#{live_chat}#{}", phase.letter())
}

/// Returns the index partition of an operator's sessions in a live chat.
#[must_use]
pub fn operator_index(
    tenant: &TenantId,
    person: &EmployeeId,
    live_chat: &LiveChatId,
    phase: Phase,
) -> String {
    format!("U#{tenant}#{person}#{live_chat}#{}", phase.letter())
}

/// Returns a session's key in the index of its live chat.
#[must_use]
pub fn in_live_chat(tenant: &TenantId, session: &Session) -> Key {
    let (phase, at) = match session.state {
        State::Closed { at, .. } => (Phase::Closed, at),
        State::Queued | State::Assigned { .. } => (Phase::Open, session.last_message_at),
    };
    Key::of(live_chat_index(tenant, &session.live_chat, phase), ordered(at, &session.id))
}

/// Returns a session's key in the index of its current or last operator. While the session is open
/// the key has no time, so that a message never moves it.
#[must_use]
pub fn of_operator(tenant: &TenantId, session: &Session) -> Option<Key> {
    let operator = session.operator()?;
    Some(match session.closed_at() {
        None => Key::of(
            operator_index(tenant, operator, &session.live_chat, Phase::Open),
            session.id.to_string(),
        ),
        Some(at) => Key::of(
            operator_index(tenant, operator, &session.live_chat, Phase::Closed),
            ordered(at, &session.id),
        ),
    })
}

/// Returns the key of a connection, in the table `live`. It has no tenant, because a connection
/// exists before its owner is known, and because its id, given by the gateway, is unique over all
/// tenants.
#[must_use]
pub fn connection(id: &str) -> Key {
    Key::of(format!("C#{id}"), "META")
}

/// Returns the partition of a shard of the connections that a sweep has to visit, in the index of
/// leases. It has no tenant, because connections have none.
#[must_use]
pub fn connection_shard(shard: u32) -> String {
    format!("C#{}", shard % LEASE_SHARDS)
}

/// Returns the place of a connection among those that a sweep has to visit, sorted by the moment
/// when it is due.
#[must_use]
pub fn due_connection(id: &str, due: Timestamp) -> Key {
    Key::of(connection_shard(sum(id)), format!("{}#{id}", lease_end(due)))
}

/// Returns the key of the list of connections of an employee, in the table `live`.
#[must_use]
pub fn connections_of_employee(tenant: &TenantId, person: &EmployeeId) -> Key {
    Key::of(format!("O#{tenant}#e#{person}"), "O")
}

/// Returns the key of the list of connections of a client, in the table `live`.
#[must_use]
pub fn connections_of_client(tenant: &TenantId, client: &ClientId) -> Key {
    Key::of(format!("O#{tenant}#c#{client}"), "O")
}

/// Returns the key of the row of an operation of a connection: its registration or its tombstone.
#[must_use]
pub fn operation(connection: &str, operation: &str) -> Key {
    // The id is text chosen by the client. It is hashed, so that none of its characters has a
    // meaning in a key.
    let operation = domain::id::digest(&[operation]);
    Key::of(format!("C#{connection}"), format!("{OPERATIONS}{operation}"))
}

/// The beginning that the sort keys of a connection's operations share.
pub const OPERATIONS: &str = "S#";

/// Returns the partition of all operations that subscribe to desks of a tenant, sorted by employee.
#[must_use]
pub fn desk_listeners(tenant: &TenantId) -> String {
    format!("D#{tenant}")
}

/// Returns the partition of all operations by which employees subscribe to a dialog.
#[must_use]
pub fn dialog_listeners(tenant: &TenantId, of: &ConversationId) -> String {
    format!("G#{tenant}#{of}")
}

/// Returns the partition of all operations of the client of a conversation.
#[must_use]
pub fn client_listeners(tenant: &TenantId, of: &ConversationId) -> String {
    format!("J#{tenant}#{of}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{AppId, EmployeeId};

    #[test]
    fn the_gram_of_a_partition_is_read_whatever_is_in_it() {
        let tenant = TenantId::parse("demo").unwrap();
        for gram in ["a", "łuk", "#", "##a", "a#b", "t#q"] {
            for scope in [
                Scope::Tenant,
                Scope::Queue,
                Scope::LiveChat(LiveChatId::parse("support").unwrap()),
                Scope::Operator(EmployeeId::parse("ann").unwrap()),
                Scope::App(AppId::parse("orders").unwrap()),
            ] {
                assert_eq!(read_gram(&search(&tenant, &scope, gram)), Some(gram), "{scope:?}");
            }
        }
        for other in ["", "S#demo", "S#demo#x#a", "V#demo#t#a"] {
            assert_eq!(read_gram(other), None, "{other}");
        }
    }
}
