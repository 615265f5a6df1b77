//! Keys of the table `live`: connections, subscriptions, leases, and limits.

use domain::{
    Actor, ChannelId, ClientId, ConversationId, EmployeeId, LiveChatId, SessionId, TenantId,
    Timestamp, id::digest,
};

use super::{Key, moment};

/// Returns the key of a connection, in the table `live`. It has no tenant, because a connection
/// exists before its owner is known, and because its id, given by the gateway, is unique over all
/// tenants.
#[must_use]
pub fn connection(id: &str) -> Key {
    Key::of(format!("C#{id}"), "META")
}

/// Reads the id of a connection from its partition.
#[must_use]
pub fn read_connection(pk: &str) -> Option<&str> {
    pk.strip_prefix("C#")
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
    Key::of(connection_shard(sum(id)), held(id, due))
}

/// Returns a connection with the moment when it was acknowledged, as its owner's list has it.
#[must_use]
pub fn held(id: &str, at: Timestamp) -> String {
    format!("{}#{id}", moment(at))
}

/// Reads the id of a connection from its owner's list.
#[must_use]
pub fn read_held(held: &str) -> Option<&str> {
    Some(held.split_once('#')?.1)
}

/// Returns the id of an operation that lost a frame as its connection notes it: a set takes no empty
/// text.
#[must_use]
pub fn lost(operation: &str) -> String {
    format!("#{operation}")
}

/// Reads the id of an operation that lost a frame.
#[must_use]
pub fn read_lost(lost: &str) -> Option<&str> {
    lost.strip_prefix('#')
}

/// Returns the key of the list of connections of an employee, in the table `live`.
#[must_use]
pub fn connections_of_employee(tenant: &TenantId, person: &EmployeeId) -> Key {
    connections_at(&format!("O#{tenant}#e#{person}"))
}

/// Returns the key of the list of connections of a client, in the table `live`.
#[must_use]
pub fn connections_of_client(tenant: &TenantId, client: &ClientId) -> Key {
    connections_at(&format!("O#{tenant}#c#{client}"))
}

/// Returns the key of a list of connections, from its partition.
#[must_use]
pub fn connections_at(pk: &str) -> Key {
    Key::of(pk.to_owned(), "O")
}

/// Returns the key of the row of an operation of a connection: its registration or its tombstone.
#[must_use]
pub fn operation(connection: &str, operation: &str) -> Key {
    // The id is text chosen by the client. It is hashed, so that none of its characters has a
    // meaning in a key.
    let operation = digest(&[operation]);
    Key::of(format!("C#{connection}"), format!("{OPERATIONS}{operation}"))
}

/// The beginning that the sort keys of a connection's operations share.
pub const OPERATIONS: &str = "S#";

/// Returns the key of the subscriptions to the desk of an employee: one item has them all.
#[must_use]
pub fn desk_subscriptions(tenant: &TenantId, person: &EmployeeId) -> Key {
    Key::of(format!("{}#{person}", older_desk_subscriptions(tenant)), "D")
}

/// Returns the partition in which an older version stored the subscriptions to all desks of a tenant.
#[must_use]
pub fn older_desk_subscriptions(tenant: &TenantId) -> String {
    format!("D#{tenant}")
}

/// Reads an employee from the sort key of a subscription to their desk that an older version stored.
#[must_use]
pub fn read_older_desk_subscription(sk: &str) -> Option<EmployeeId> {
    EmployeeId::parse(sk.split('#').next()?)
}

/// Returns the key of a document to which operations subscribe.
#[must_use]
pub fn document(tenant: &TenantId, digest: &str) -> Key {
    Key::of(format!("E#{tenant}#{digest}"), "E")
}

/// Returns the key of an operation by which an employee subscribes to a dialog.
#[must_use]
pub fn dialog_subscription(
    tenant: &TenantId,
    of: &ConversationId,
    connection: &str,
    operation: &str,
) -> Key {
    Key::of(dialog_subscriptions(tenant, of), subscription(connection, operation))
}

/// Returns the key of an operation of the client of a conversation.
#[must_use]
pub fn client_subscription(
    tenant: &TenantId,
    of: &ConversationId,
    connection: &str,
    operation: &str,
) -> Key {
    Key::of(client_subscriptions(tenant, of), subscription(connection, operation))
}

fn subscription(connection: &str, operation: &str) -> String {
    format!("{connection}#{}", digest(&[operation]))
}

/// Returns the partition of all operations by which employees subscribe to a dialog.
#[must_use]
pub fn dialog_subscriptions(tenant: &TenantId, of: &ConversationId) -> String {
    format!("G#{tenant}#{of}")
}

/// Returns the partition of all operations of the client of a conversation.
#[must_use]
pub fn client_subscriptions(tenant: &TenantId, of: &ConversationId) -> String {
    format!("J#{tenant}#{of}")
}

/// Returns the key of the notes of requests about the versions of a session that they made.
#[must_use]
pub fn push_notes(tenant: &TenantId, session: &SessionId) -> Key {
    Key::of(format!("M#{tenant}#{session}"), "M")
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
    Key::of(lease_shard(sum(&of)), format!("{}#{of}", moment(until)))
}

fn sum(of: &str) -> u32 {
    of.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
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

/// The subject of a rate limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counted<'a> {
    /// Requests of an employee.
    RequestsOfEmployee(&'a EmployeeId),
    /// Requests of a client.
    RequestsOfClient(&'a ClientId),
    /// Tokens for the widget of a live chat, for one address.
    WidgetTokens(&'a LiveChatId, &'a str),
    /// Calls to the messenger of a channel.
    Calls(&'a ChannelId),
    /// Bytes of the uploads of a client.
    BytesOfClient(&'a ClientId),
    /// Bytes of the uploads of a tenant.
    BytesOfTenant,
}

/// Returns the key of the count of requests or tokens in the window that began at this moment, in
/// the table `live`.
#[must_use]
pub fn counted(tenant: &TenantId, what: Counted<'_>, began: Timestamp) -> Key {
    let of = match what {
        Counted::RequestsOfEmployee(id) => format!("o#{id}"),
        Counted::RequestsOfClient(id) => format!("c#{id}"),
        Counted::WidgetTokens(live_chat, source) => format!("w#{live_chat}#{source}"),
        Counted::Calls(channel) => format!("h#{channel}"),
        Counted::BytesOfClient(id) => format!("b#{id}"),
        Counted::BytesOfTenant => "t".to_owned(),
    };
    Key::of(format!("F#{tenant}#{of}"), moment(began))
}
