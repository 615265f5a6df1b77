//! Keys by which sessions are listed: the queue, its counts, and the indexes.

use domain::{EmployeeId, LiveChatId, Session, SessionId, State, TenantId, Timestamp};

use super::{Key, moment};

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

/// The number of shards of a live chat's queue count.
pub const QUEUE_SHARDS: u32 = 4;

/// Returns the key of a shard of a live chat's queue count.
#[must_use]
pub fn queue_count(tenant: &TenantId, live_chat: &LiveChatId, shard: u32) -> Key {
    Key::of(format!("N#{tenant}#{live_chat}#{}", shard % QUEUE_SHARDS), "N")
}

/// Reads a live chat from the partition of a shard of its queue count.
#[must_use]
pub fn read_queue_count(pk: &str) -> Option<LiveChatId> {
    LiveChatId::parse(pk.split('#').nth(2)?)
}

/// Formats a moment and a session as a sort key: ordered by time, then by id.
#[must_use]
pub fn ordered(at: Timestamp, id: &SessionId) -> String {
    format!("{}#{id}", moment(at))
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
