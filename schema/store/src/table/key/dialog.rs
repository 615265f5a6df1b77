//! Keys of conversations: heads, entries, receipts, information and read positions.

use domain::{AttachmentId, ConversationId, EmployeeId, SessionId, TenantId};

use super::Key;

/// The beginning that the partitions of conversations share.
pub const CONVERSATIONS: &str = "V#";

/// Returns the partition of a conversation.
#[must_use]
pub fn conversation(tenant: &TenantId, conversation: &ConversationId) -> String {
    format!("{CONVERSATIONS}{tenant}#{conversation}")
}

/// Returns the key of the head of a session.
#[must_use]
pub fn head(tenant: &TenantId, id: &SessionId) -> Key {
    Key::of(conversation(tenant, &id.conversation), format!("{HEADS}{:08}", id.ordinal))
}

/// The beginning that the sort keys of heads share.
pub const HEADS: &str = "H#";

/// Reads a session from the key of its head.
#[must_use]
pub fn read_head(pk: &str, sk: &str) -> Option<SessionId> {
    let ordinal = sk.strip_prefix(HEADS)?.parse().ok()?;
    Some(SessionId { conversation: read_conversation(pk)?, ordinal })
}

/// Reads a conversation from its partition.
#[must_use]
pub fn read_conversation(pk: &str) -> Option<ConversationId> {
    ConversationId::parse(pk.rsplit('#').next()?)
}

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

/// The beginning that the sort keys of files share.
pub const ATTACHMENTS: &str = "F#";

/// Returns the key of a file of a conversation.
#[must_use]
pub fn attachment(tenant: &TenantId, of: &ConversationId, id: &AttachmentId) -> Key {
    Key::of(conversation(tenant, of), format!("{ATTACHMENTS}{id}"))
}

/// Reads the id of a file from its sort key.
#[must_use]
pub fn read_attachment(sk: &str) -> Option<AttachmentId> {
    AttachmentId::parse(sk.strip_prefix(ATTACHMENTS)?)
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

/// Returns the key of the row with the client's information and the bindings of a session.
#[must_use]
pub fn info(tenant: &TenantId, id: &SessionId) -> Key {
    Key::of(conversation(tenant, &id.conversation), format!("I#{:08}", id.ordinal))
}

/// Returns the key of the read position of the client of a conversation.
#[must_use]
pub fn client_read(tenant: &TenantId, of: &ConversationId) -> Key {
    Key::of(conversation(tenant, of), "C")
}

/// Returns the key of the read position of an employee in a conversation.
#[must_use]
pub fn position(tenant: &TenantId, of: &ConversationId, person: &EmployeeId) -> Key {
    Key::of(conversation(tenant, of), format!("R#{person}"))
}
