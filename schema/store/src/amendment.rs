//! Amendments: writes what a client did at the messenger to their messages, or to the channel, as an
//! event of the dialog.

use std::slice;

use domain::actor::NAMELESS;
use domain::amend::{self, amend};
use domain::id::digest;
use domain::{ClientId, ConversationId, LiveChatId, Message, Outcome};
use futures::try_join;

use crate::receipt::Claimcheck;
use crate::record::head::Head;
use crate::table::key::Sender;
use crate::table::{Committed, Part, Row, Table, key};
use crate::{Failure, Fault, TenantStore};

/// An act of a client at the messenger, other than a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Amendment {
    /// The id that identifies it among the amendments of this client: a repetition under the same
    /// id has no effect.
    pub id: String,
    /// What the client did.
    pub kind: AmendmentKind,
}

/// The kinds of amendments. A message is named by the id that the client's side gave it when it was
/// sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AmendmentKind {
    /// The client changed the text of a message.
    Edited {
        /// The id of the message.
        message_id: String,
        /// The new text, within its bounds.
        text: String,
    },
    /// The client deleted a message.
    Deleted {
        /// The id of the message.
        message_id: String,
    },
    /// The client blocked the channel: no answer reaches them.
    Blocked,
    /// The client unblocked the channel.
    Unblocked,
}

/// The result of an amendment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amended {
    /// The dialog has it now.
    Done,
    /// The dialog had it before.
    Repeated,
    /// The client sent no message under this id to the live chat: nothing was stored.
    UnknownMessage,
    /// The client has written nothing to the live chat yet: nothing was stored.
    UnknownClient,
}

impl AmendmentKind {
    /// Returns the id of the message that it is about; none for one that is about no message.
    const fn message_id(&self) -> Option<&String> {
        match self {
            Self::Edited { message_id, .. } | Self::Deleted { message_id } => Some(message_id),
            Self::Blocked | Self::Unblocked => None,
        }
    }

    /// Returns the amendment that the rule decides on; none if its message is missing.
    fn ruled<'a>(&'a self, about: Option<&'a Message>) -> Option<amend::Amendment<'a>> {
        Some(match self {
            Self::Edited { text, .. } => amend::Amendment::Edited { about: about?, text },
            Self::Deleted { .. } => amend::Amendment::Deleted { about: about? },
            Self::Blocked => amend::Amendment::Blocked,
            Self::Unblocked => amend::Amendment::Unblocked,
        })
    }
}

impl TenantStore<'_> {
    /// Adds an amendment by a client to the latest session of their dialog, open or closed.
    /// Idempotent under the amendment's id, whatever else it says.
    ///
    /// # Errors
    /// The refusal of [`amend()`]; a [`Fault`] of the state.
    pub async fn amend(
        self,
        live_chat: &LiveChatId,
        client: &ClientId,
        amendment: &Amendment,
    ) -> Result<Amended, Failure> {
        let conversation = ConversationId::of(self.tenant, live_chat, client);
        let check = self.amendment_check(&conversation, client, &amendment.id);
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            let (done, latest, about) = try_join!(
                self.item(Table::Core, &check.key),
                self.latest_head(&conversation),
                self.about(&conversation, client, &amendment.kind),
            )?;
            if done.is_some() {
                return Ok(Amended::Repeated);
            }
            let Some(latest) = latest else { return Ok(Amended::UnknownClient) };
            let Some(ruled) = amendment.kind.ruled(about.as_ref()) else {
                return Ok(Amended::UnknownMessage);
            };
            if let Some(amended) = self.try_amendment(client, &ruled, &check, latest).await? {
                return Ok(amended);
            }
        }
    }

    /// Commits based on the reads, and retries with the head returned by its failed guard while that
    /// is enough. A session that opened since fails the guard of the entry instead.
    async fn try_amendment(
        self,
        client: &ClientId,
        amendment: &amend::Amendment<'_>,
        check: &Claimcheck,
        mut latest: Head,
    ) -> Result<Option<Amended>, Failure> {
        let id = latest.session.id.clone();
        let info = self.clients(slice::from_ref(&id)).await?;
        let name = info.get(&id).map_or(NAMELESS, |info| &info.name);
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            let before = &latest.session;
            let Outcome::Changed(change) = amend(before, client, name, amendment, self.now())?
            else {
                return Ok(Some(Amended::UnknownMessage));
            };
            let rows = || {
                let mut rows = self.writing(Some(before), &latest.trail, &change).rows();
                let receipt = check.receipt(change.session.seq);
                rows.push(Row::put_new(Table::Core, Part::Once, receipt));
                rows
            };
            let committed = self.commit_change(Some(before), &change, rows).await?;
            let Committed::Guarded(failed) = committed else {
                return Ok(Some(Amended::Done));
            };
            if failed.iter().any(|(part, _)| *part == Part::Once) {
                return Ok(None);
            }
            let head = failed.into_iter().find(|(part, _)| *part == Part::Head);
            let Some((_, Some(item))) = head else { return Ok(None) };
            latest = latest.learn(&item)?;
        }
    }

    /// Returns the entry that an amendment is about, if the client sent it.
    async fn about(
        self,
        conversation: &ConversationId,
        client: &ClientId,
        kind: &AmendmentKind,
    ) -> Result<Option<Message>, Fault> {
        let Some(id) = kind.message_id() else { return Ok(None) };
        self.sent_entry(conversation, client, id).await
    }

    /// Returns the data by which a repeated amendment is recognised. Its id is hashed apart from those
    /// of messages, because a messenger may number both alike.
    fn amendment_check(
        self,
        conversation: &ConversationId,
        client: &ClientId,
        id: &str,
    ) -> Claimcheck {
        let (sender, id) = (client.as_str(), digest(&["amendment", id]));
        let key = key::receipt(self.tenant, conversation, Sender::Client, sender, &id);
        Claimcheck { key, hash: String::from("-") }
    }
}
