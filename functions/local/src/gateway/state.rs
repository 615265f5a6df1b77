//! The state of the gateway.

use super::{connection::Connections, limits::Limits};
use crate::Function;
use tokio::sync::mpsc;

/// The state that all requests and connections share.
pub(super) struct Gateway {
    pub(super) graphql: Function,
    pub(super) inbound: Function,
    pub(super) socket: Function,
    pub(super) limits: Limits,
    pub(super) connections: Connections,
    /// Host and port of the listener: the `domainName` of events.
    pub(super) domain: String,
    /// Held by whatever has to end before the gateway has.
    pub(super) alive: mpsc::WeakSender<()>,
}
