//! Keys of answers that leave by a messenger: their deliveries, what is due, and the pauses of channels.

use domain::{ChannelId, ConversationId, TenantId};

use super::Key;
use super::dialog::conversation;

/// The number of partitions that the rows of due answers are spread over.
pub const DUE_SHARDS: u32 = 16;
/// The beginning that the sort keys of deliveries share.
pub const DELIVERIES: &str = "D#";

/// Returns the key of the delivery of an answer.
#[must_use]
pub fn delivery(tenant: &TenantId, of: &ConversationId, seq: u64) -> Key {
    Key::of(conversation(tenant, of), format!("{DELIVERIES}{seq:010}"))
}

/// Reads the number of an answer from the sort key of its delivery.
#[must_use]
pub fn read_delivery(sk: &str) -> Option<u64> {
    sk.strip_prefix(DELIVERIES)?.parse().ok()
}

/// Returns the key of the row that says which answers of a conversation are due.
#[must_use]
pub fn due(tenant: &TenantId, of: &ConversationId) -> Key {
    let place = format!("{tenant}#{of}");
    Key::of(due_shard(shard(of.as_str())), place)
}

/// Returns the partition of a shard of what is due. It has no tenant, because one sweep covers all.
#[must_use]
pub fn due_shard(shard: u32) -> String {
    format!("O#{}", shard % DUE_SHARDS)
}

/// Reads the conversation from the sort key of what is due in it.
#[must_use]
pub fn read_due(sk: &str) -> Option<(TenantId, ConversationId)> {
    let (tenant, conversation) = sk.split_once('#')?;
    Some((TenantId::parse(tenant)?, ConversationId::parse(conversation)?))
}

/// Returns the key of the pause of a channel, in the table `live`.
#[must_use]
pub fn channel_pause(tenant: &TenantId, channel: &ChannelId) -> Key {
    Key::of(format!("H#{tenant}#{channel}"), "H")
}

fn shard(of: &str) -> u32 {
    of.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
}
