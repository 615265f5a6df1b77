//! Channels: a file for each kind of messenger. It checks that a request comes from the messenger, and
//! its `receive` reads the message that a client sent there. Nothing is sent out yet.

pub mod signature;
pub mod webhook;

use domain::actor::Writer;
use domain::arrival::Incoming;
use domain::{ClientId, Timestamp};
use store::live_chat::Route;

/// A client's message, as it came by a channel.
#[derive(Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id at the other side, 1 to 100 code points.
    pub id: String,
    /// The sender's id, 1 to 100 code points.
    pub from_id: String,
    /// Their name, 1 to 200 code points.
    pub from_name: String,
    /// True if the other side gave that name; otherwise the name is the id.
    pub is_named: bool,
    /// The text, 1 to 8000 code points.
    pub text: String,
    /// The time at which it was sent.
    pub sent_at: Option<Timestamp>,
}

impl Message {
    /// Returns the client who wrote it.
    #[must_use]
    pub fn writer(&self, route: &Route) -> Writer {
        Writer {
            id: ClientId::of(&route.tenant, &route.channel, &self.from_id),
            name: self.from_name.clone(),
            is_named: self.is_named,
            employee: None,
            channel: route.channel.clone(),
            contacts: Vec::new(),
        }
    }

    /// Returns what arrives in the conversation.
    #[must_use]
    pub fn incoming(&self) -> Incoming {
        Incoming {
            text: self.text.clone(),
            sent_at: self.sent_at,
            client_message_id: self.id.clone(),
            reply_to: None,
        }
    }
}
