//! The server's side of graphql-transport-ws, as a pure function: no I/O, no clock, no state of its
//! own.
//!
//! Each message is an invocation of its own, so a row holds what a server usually keeps in memory. The
//! handler reads the connection's row (consistently, from the table), asks [`receive`] for the next
//! act, and does it. [`Frame`] builds every frame that the server sends, and no other code does.
//!
//! # Rules for the storage
//!
//! Invocations of one connection run side by side, so what [`receive`] saw may be old when its [`Act`]
//! is done. These rules need a conditional write:
//!
//! - **Two inits at once.** Both see [`Phase::Opened`]. The write to `Acknowledged` is conditional on
//!   `Opened`; the loser refuses with [`Refusal::too_many_initialisations`]. The row is written before
//!   the ack is sent, so no `subscribe` of an honest client can see the row before it.
//! - **A duplicate id, and a `complete` that overtakes its `subscribe`.** See [`registration`].
//! - **Refusing.** The row becomes [`Phase::Refused`] before [`Frame::close`] is sent, so that a client
//!   that keeps sending gets no second answer and starts nothing.
//! - **A `$disconnect` that overtakes.** Without a row there is no connection to ask about, and the
//!   handler drops the message. A subscription is put in one transaction with a check that the row is
//!   there.

mod frame;
mod message;
mod refusal;
pub mod registration;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

pub use frame::Frame;
pub use message::{OPERATION_ID_LENGTH, Subscribe};
pub use refusal::{CloseCode, Refusal};

use crate::parameters::PERSISTED_QUERY_MESSAGE;
use graphql::error::Code;
use message::Message;

/// The name of the subprotocol, as offered and as agreed to.
pub const SUBPROTOCOL: &str = "graphql-transport-ws";

/// The state of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The socket is open; `connection_init` was not accepted yet.
    Opened,
    /// `connection_init` was accepted: operations may run.
    Acknowledged,
    /// The close frame was sent; whatever comes is ignored until the client goes.
    Refused,
}

/// The row of the connection, as far as the protocol needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its state.
    pub phase: Phase,
    /// `requestTimeEpoch` of its `$connect`, in milliseconds.
    pub connected_at_ms: i64,
}

/// The bounds that are settings. (The gateway bounds a message at 128 KB, JSON nesting ends at 128.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest time between `$connect` and the first message, in milliseconds.
    pub initialisation_ms: i64,
    /// The longest `query` of a `subscribe`, in bytes.
    pub query_bytes: usize,
}

/// The action that follows from a message.
///
/// Any act but [`Act::Refuse`] on an acknowledged connection is a sign of life: the handler renews
/// the person's presence lease, also for [`Act::Nothing`] (a `pong` is one).
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Verify the caller, write `Acknowledged`, then send [`Frame::connection_ack`]; else refuse
    /// with [`Refusal::forbidden`].
    Init {
        /// The whole value, `Bearer TOKEN`; not yet looked at. None when it is absent or no string.
        authorization: Option<String>,
        /// The whole payload, empty when there was none.
        payload: Map<String, Value>,
    },
    /// Start the operation, by the rules of [`registration`].
    Subscribe(Subscribe),
    /// Stop the operation, by the rules of [`registration`].
    Complete {
        /// The client's id of the operation; it may be unknown.
        id: String,
    },
    /// Send the frame; nothing is written.
    Send(Frame),
    /// Send [`Frame::error`] for this operation; its siblings live on.
    RefuseOperation {
        /// The client's id of the operation.
        id: String,
        /// The code of the error.
        code: Code,
        /// The message that the client receives.
        reason: String,
    },
    /// Write `Refused`, then send [`Frame::close`]: the whole connection is over.
    Refuse(Refusal),
    /// Nothing to do.
    Nothing,
}

/// Picks the subprotocol from the offer of `$connect`. Several headers have to be joined by commas
/// first. Returns `None` when ours is not offered: the handshake has to be answered with 400.
#[must_use]
pub fn negotiate(sec_websocket_protocol: Option<&str>) -> Option<&'static str> {
    sec_websocket_protocol?
        .split(',')
        .any(|offered| offered.trim() == SUBPROTOCOL)
        .then_some(SUBPROTOCOL)
}

/// Decides on the action for the text of a message on this connection.
///
/// `received_at_ms` is the message's `requestTimeEpoch`: the same clock as the `$connect`'s, so
/// that the time to initialise needs no clock of ours.
#[must_use]
pub fn receive(connection: &Connection, limits: &Limits, received_at_ms: i64, text: &str) -> Act {
    match connection.phase {
        Phase::Refused => return Act::Nothing,
        Phase::Opened if is_late(connection, limits, received_at_ms) => {
            return Act::Refuse(Refusal::initialisation_timeout());
        }
        Phase::Opened | Phase::Acknowledged => {}
    }
    match message::parse(text) {
        Ok(message) => decide(connection.phase, limits, message),
        Err(reason) => Act::Refuse(Refusal::bad_request(&reason)),
    }
}

fn is_late(connection: &Connection, limits: &Limits, received_at_ms: i64) -> bool {
    received_at_ms.saturating_sub(connection.connected_at_ms) > limits.initialisation_ms
}

fn decide(phase: Phase, limits: &Limits, message: Message) -> Act {
    let is_acknowledged = phase == Phase::Acknowledged;
    match message {
        Message::ConnectionInit { .. } if is_acknowledged => {
            Act::Refuse(Refusal::too_many_initialisations())
        }
        Message::ConnectionInit { payload } => {
            Act::Init { authorization: authorization(&payload), payload }
        }
        Message::Ping { payload } => Act::Send(Frame::pong(payload.as_ref())),
        Message::Pong => Act::Nothing,
        Message::Subscribe(_) | Message::Persisted { .. } if !is_acknowledged => {
            Act::Refuse(Refusal::unauthorized())
        }
        Message::Subscribe(subscribe) => bound(limits, subscribe),
        Message::Persisted { id } => Act::RefuseOperation {
            id,
            code: Code::PersistedQueryNotSupported,
            reason: PERSISTED_QUERY_MESSAGE.to_owned(),
        },
        // Nothing can run yet, and a stranger must not be able to write tombstones.
        Message::Complete { .. } if !is_acknowledged => Act::Nothing,
        Message::Complete { id } => Act::Complete { id },
    }
}

fn bound(limits: &Limits, subscribe: Subscribe) -> Act {
    if subscribe.query.len() <= limits.query_bytes {
        return Act::Subscribe(subscribe);
    }
    let reason = format!("The query is longer than {} bytes", limits.query_bytes);
    Act::RefuseOperation { id: subscribe.id, code: Code::TooComplex, reason }
}

/// Returns the value of the key `authorization` in any case. When there are several spellings, the
/// one that sorts first counts, so that the answer does not depend on the order of the keys.
fn authorization(payload: &Map<String, Value>) -> Option<String> {
    payload
        .iter()
        .filter(|(key, _)| key.eq_ignore_ascii_case("authorization"))
        .min_by_key(|(key, _)| key.as_str())
        .and_then(|(_, value)| value.as_str())
        .map(str::to_owned)
}
