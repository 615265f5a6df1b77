//! Channels: a file for each kind of messenger. It checks that a request comes from the messenger, its
//! `receive` reads what a client did there, and its `deliver` writes an operator's message for it. These
//! are pure functions. The function `inbound` stores what came, and `outbound` sends what leaves.

mod call;
pub mod connect;
mod content;
mod member;
#[cfg(test)]
mod odd;
pub mod signature;
pub mod telegram;
pub mod webhook;
pub mod whatsapp;

pub use call::{Call, Link, Outcome, Outgoing, Sent};

use domain::actor::Writer;
use domain::arrival::Incoming;
use domain::attachment::{ContentType, FileName, MOST_BYTES, MOST_OF_MESSAGE, State, Uploader};
use domain::delivery::Progress;
use domain::id::digest;
use domain::{Attachment, AttachmentId, ClientId, ConversationId, Timestamp};
use store::live_chat::Route;

/// The most bytes of a messenger's answer that are read.
pub const ANSWER_BYTES: usize = 64 * 1024;

/// An act of a client or of the messenger, as it came by a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// A client's message.
    Message(Message),
    /// A client's change of an earlier message.
    Edited {
        /// The id of the message.
        id: String,
        /// The sender's id.
        from_id: String,
        /// The new text, 1 to 8000 code points.
        text: String,
        /// The time of the change.
        at: Option<Timestamp>,
    },
    /// A client's removal of an earlier message.
    Deleted {
        /// The id of the message.
        id: String,
        /// The sender's id.
        from_id: String,
    },
    /// A receipt of a message that was sent out. It names the message by at least one id.
    Receipt {
        /// The messenger's own id of the message.
        external_id: Option<String>,
        /// The id that the message was sent with.
        delivery_id: Option<String>,
        /// The step that it reports.
        progress: Progress,
    },
    /// A client blocked the channel.
    Blocked {
        /// The client's id.
        from_id: String,
        /// The time of it.
        at: Option<Timestamp>,
    },
    /// A client takes messages again.
    Unblocked {
        /// The client's id.
        from_id: String,
        /// The time of it.
        at: Option<Timestamp>,
    },
    /// A request of the messenger that can never be used. It is counted and acknowledged, because the
    /// messenger would repeat it.
    Nothing {
        /// The reason: a word of a closed set, as a metric's dimension.
        reason: &'static str,
    },
}

/// A client's message, as it came by a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id at the other side, 1 to 100 code points.
    pub id: String,
    /// The sender's id, 1 to 100 code points.
    pub from_id: String,
    /// Their name, 1 to 200 code points.
    pub from_name: String,
    /// True if the other side gave that name; otherwise the name is the id.
    pub is_named: bool,
    /// Other ways to reach them: kind of 1 to 100 and value of 1 to 200 code points, at most 10.
    pub contacts: Vec<(String, String)>,
    /// The text, 1 to 8000 code points; it may be empty beside files.
    pub text: String,
    /// Its files, at most 10.
    pub files: Vec<Media>,
    /// The time at which it was sent.
    pub sent_at: Option<Timestamp>,
    /// The id, at the other side, of the message that it quotes, 1 to 100 code points.
    pub reply_to: Option<String>,
}

/// A file of a client's message, which the messenger has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// The id under which it can be fetched, 1 to 500 bytes.
    pub external_id: String,
    /// Its name, or one that says what it is.
    pub name: FileName,
    /// The type that the messenger says.
    pub claimed: ContentType,
    /// The number of its bytes; 0 where the messenger does not say it.
    pub size: u64,
}

impl Message {
    /// Returns the files of the message as they are stored in a conversation. One that is larger than
    /// the messenger gives away, or than a file may be, is refused already.
    #[must_use]
    pub fn attachments(
        &self,
        conversation: &ConversationId,
        client: &ClientId,
        most_bytes: u64,
    ) -> Vec<Attachment> {
        let file = |(place, media): (usize, &Media)| {
            let id = digest(&["attachment", conversation.as_str(), &self.id, &place.to_string()]);
            let is_too_large = media.size > most_bytes.min(MOST_BYTES);
            Some(Attachment {
                conversation: conversation.clone(),
                id: AttachmentId::parse(&id)?,
                name: media.name.clone(),
                claimed: media.claimed.clone(),
                size: media.size,
                by: Uploader::Client(client.clone()),
                expires_at: None,
                seq: None,
                state: if is_too_large { State::Refused } else { State::Pending },
                external_id: Some(media.external_id.clone()),
            })
        };
        self.files.iter().take(MOST_OF_MESSAGE).enumerate().filter_map(file).collect()
    }

    /// Returns the client who wrote it.
    #[must_use]
    pub fn writer(&self, route: &Route) -> Writer {
        Writer {
            id: ClientId::of(&route.tenant, &route.channel, &self.from_id),
            name: self.from_name.clone(),
            is_named: self.is_named,
            employee: None,
            channel: route.channel.clone(),
            contacts: self.contacts.clone(),
            address: Some(self.from_id.clone()),
        }
    }

    /// Returns what arrives in the conversation.
    #[must_use]
    pub fn incoming(&self) -> Incoming {
        Incoming {
            text: self.text.clone(),
            attachments: Vec::new(),
            sent_at: self.sent_at,
            client_message_id: self.id.clone(),
            reply_to: None,
        }
    }
}
