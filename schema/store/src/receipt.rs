//! Receipts of sends: a repeated send finds its first result by them.
//!
//! A repeated send reads in two steps: the receipt beside the last head, then the first result. Reading
//! the receipt alone first would cost every new message a round trip.

use domain::id::digest;
use domain::{Refusal, SessionId};

use crate::attribute::{Build, Item, Read};
use crate::key::Key;
use crate::{Fault, key};

/// What a send was, so that its repetition is known. It lives as long as the message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Receipt {
    /// The entry that the send became.
    pub(crate) seq: u64,
    /// What was sent.
    pub(crate) hash: String,
}

/// How a send is known again.
#[derive(Clone, Debug)]
pub(crate) struct Claimcheck {
    /// Where its receipt is.
    pub(crate) key: Key,
    /// What is sent.
    pub(crate) hash: String,
}

impl Claimcheck {
    /// The receipt of the entry with this number, as an item.
    pub(crate) fn receipt(&self, seq: u64) -> Item {
        Build::keyed(&self.key).number("s", seq).text("h", &self.hash).done()
    }
}

/// What the act, the session, the text and the quote come to. For webhooks the message id alone
/// decides, so they hash nothing.
pub(crate) fn content_hash(
    act: &str,
    session: Option<&SessionId>,
    text: &str,
    reply_to: Option<u64>,
) -> String {
    let session = session.map(ToString::to_string).unwrap_or_default();
    let reply_to = reply_to.map(|seq| seq.to_string()).unwrap_or_default();
    digest(&[act, &session, text, &reply_to])
}

pub(crate) fn decode(item: &Item) -> Result<Receipt, Fault> {
    let read = Read(item);
    Ok(Receipt { seq: read.number("s")?, hash: read.text("h")?.to_owned() })
}

impl Receipt {
    /// The number of the first result, when the content is the same.
    ///
    /// # Errors
    /// [`Refusal::KeyReused`] when it is not.
    pub(crate) fn repeats(&self, hash: &str) -> Result<u64, Refusal> {
        if self.hash == hash { Ok(self.seq) } else { Err(Refusal::KeyReused) }
    }
}

/// A key that no receipt has, for reads that want none.
pub(crate) fn key_for(
    tenant: &domain::TenantId,
    of: &domain::ConversationId,
    kind: key::Sender,
    sender: &str,
    message_id: &str,
) -> Key {
    // The id is the sender's own text: hashed, so that no character of it means anything in a key.
    key::receipt(tenant, of, kind, sender, &digest(&[message_id]))
}
