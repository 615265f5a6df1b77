//! Receipts of sends: a repeated send finds its first result by them.
//!
//! A repeated send reads in two steps: the receipt beside the last head, then the first result. Reading
//! the receipt alone first would cost every new message a round trip.

use domain::id::digest;
use domain::{AttachmentId, Refusal, SessionId};

use crate::record::dialog::Receipt;
use crate::table::{Item, Key, encode, key};

/// The data by which a repeated send is recognised.
#[derive(Clone, Debug)]
pub(crate) struct Claimcheck {
    /// The key of its receipt.
    pub(crate) key: Key,
    /// The hash of the content being sent.
    pub(crate) hash: String,
}

impl Claimcheck {
    /// Returns the receipt of the entry with this number, as an item.
    pub(crate) fn receipt(&self, seq: u64) -> Item {
        encode(&self.key, &Receipt { seq, hash: self.hash.clone() })
    }
}

/// Hashes the act, the session, the text, the quote and the files. Webhook requests hash nothing, because the
/// message id alone decides.
pub(crate) fn content_hash(
    act: &str,
    session: Option<&SessionId>,
    text: &str,
    reply_to: Option<u64>,
    attachments: &[AttachmentId],
) -> String {
    let session = session.map(ToString::to_string).unwrap_or_default();
    let reply_to = reply_to.map(|seq| seq.to_string()).unwrap_or_default();
    // Without files it is the hash that a version without them has written.
    let mut parts = vec![act, &session, text, &reply_to];
    parts.extend(attachments.iter().map(AttachmentId::as_str));
    digest(&parts)
}

impl Receipt {
    /// Returns the number of the first entry, when the content is the same.
    ///
    /// # Errors
    /// [`Refusal::KeyReused`] when the content differs.
    pub(crate) fn repeats(&self, hash: &str) -> Result<u64, Refusal> {
        if self.hash == hash { Ok(self.seq) } else { Err(Refusal::KeyReused) }
    }
}

/// Returns the key of the receipt of a send with this message id.
pub(crate) fn key_for(
    tenant: &domain::TenantId,
    of: &domain::ConversationId,
    kind: key::Sender,
    sender: &str,
    message_id: &str,
) -> Key {
    // The id is text chosen by the sender. It is hashed, so that none of its characters has a
    // meaning in a key.
    key::receipt(tenant, of, kind, sender, &digest(&[message_id]))
}
