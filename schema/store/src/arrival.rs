//! Arrival: writes a client's message into the open session, or opens a new one with it.

use domain::actor::Writer;
use domain::arrival::{self, Incoming, Place};
use domain::attachment::Uploader;
use domain::{
    Attached, Attachment, Channel, ClientId, ConversationId, LiveChat, LiveChatId, Message,
    Refusal, TenantId,
};
use futures::try_join;

use crate::attachment::Attaching;
use crate::change::Writing;
use crate::receipt::{self, Claimcheck, content_hash};
use crate::record::dialog::Receipt;
use crate::record::entry;
use crate::record::head::Head;
use crate::said::info;
use crate::table::key::Sender;
use crate::table::{Committed, Part, Row, Table, Trail, decode, key};
use crate::{Failure, Fault, Store, TenantStore};

/// The result of a client's message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrived {
    /// The message in the dialog.
    pub message: Message,
    /// True when the message was sent before.
    pub is_repeated: bool,
}

/// A client's message and its destination.
#[derive(Clone, Debug)]
pub struct Arrival<'a> {
    /// The tenant.
    pub tenant: &'a TenantId,
    /// The live chat.
    pub live_chat: &'a LiveChat,
    /// The channel by which it arrived.
    pub channel: &'a Channel,
    /// The writer of the message.
    pub writer: &'a Writer,
    /// The content of the message. Its quote is in [`Arrival::quote`].
    pub incoming: Incoming,
    /// The number of the quoted entry, among those visible to the client.
    pub quote: Option<u64>,
    /// The files that it attaches.
    pub files: Files,
    /// True when the sender's id alone identifies a repetition, whatever else was sent: for
    /// channels that deliver at least once.
    pub is_known_by_id: bool,
}

/// The files of a client's message.
#[derive(Clone, Debug)]
pub enum Files {
    /// They were uploaded here.
    Uploaded(Attaching),
    /// A messenger has them: they are fetched once the message is stored.
    Abroad(Vec<Attachment>),
}

impl Default for Files {
    fn default() -> Self {
        Self::Uploaded(Attaching::default())
    }
}

impl Arrival<'_> {
    /// Returns the conversation of the message.
    #[must_use]
    pub fn conversation(&self) -> ConversationId {
        ConversationId::of(self.tenant, &self.live_chat.id, &self.writer.id)
    }

    fn check(&self, conversation: &ConversationId) -> Claimcheck {
        let (sender, id) = (self.writer.id.as_str(), &self.incoming.client_message_id);
        let hash = if self.is_known_by_id {
            String::from("-")
        } else {
            let ids = match &self.files {
                Files::Uploaded(attaching) => attaching.ids.as_slice(),
                Files::Abroad(_) => &[],
            };
            content_hash("post", None, &self.incoming.text, self.quote, ids)
        };
        let key = receipt::key_for(self.tenant, conversation, Sender::Client, sender, id);
        Claimcheck { key, hash }
    }
}

impl TenantStore<'_> {
    /// Returns the number, by the client's own count, of the message that a client sent under this id;
    /// none if they sent none.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn client_message(
        self,
        live_chat: &LiveChatId,
        client: &ClientId,
        id: &str,
    ) -> Result<Option<u64>, Fault> {
        let conversation = ConversationId::of(self.tenant, live_chat, client);
        let entry = self.sent_entry(&conversation, client, id).await?;
        Ok(entry.map(|entry| entry.client_seq))
    }

    /// Returns the message that a client sent under this id; none if they sent none.
    pub(crate) async fn sent_entry(
        self,
        conversation: &ConversationId,
        client: &ClientId,
        id: &str,
    ) -> Result<Option<Message>, Fault> {
        let sender = client.as_str();
        let key = receipt::key_for(self.tenant, conversation, Sender::Client, sender, id);
        let Some(receipt) = self.item(Table::Core, &key).await? else { return Ok(None) };
        self.entry(conversation, decode::<Receipt>(&receipt)?.seq).await
    }
}

impl Store {
    /// Adds a client's message to the dialog. Idempotent under the message's id.
    ///
    /// # Errors
    /// The refusals of [`arrival::arrive`], `KeyReused`, `NotFound` for a disabled channel and for a
    /// quote that does not exist; a [`Fault`] of the state.
    pub async fn arrive(&self, arrival: &Arrival<'_>) -> Result<Arrived, Failure> {
        let conversation = arrival.conversation();
        let check = arrival.check(&conversation);
        let mut quoted = None;
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            // Both reads at once, so that the check for a repetition takes no additional time.
            let (done, latest) = try_join!(
                self.item(Table::Core, &check.key),
                self.of(arrival.tenant).latest_head(&conversation),
            )?;
            if let Some(done) = done {
                let seq = decode::<Receipt>(&done)?.repeats(&check.hash)?;
                return self.of(arrival.tenant).first_result(&conversation, seq).await;
            }
            if !arrival.channel.is_enabled {
                return Err(Refusal::NotFound.into());
            }
            if let (Some(client_seq), None) = (arrival.quote, quoted) {
                let entry = match &latest {
                    None => None,
                    Some(Head { session, .. }) => {
                        self.of(arrival.tenant).visible_entry(session, client_seq).await?
                    }
                };
                quoted = Some(arrival::quotable(entry.as_ref())?);
            }
            let attachments = self.attached(arrival, &conversation).await?;
            let incoming = Incoming { reply_to: quoted, attachments, ..arrival.incoming.clone() };
            if let Some(arrived) =
                self.try_arrival(arrival, &conversation, &check, latest, &incoming).await?
            {
                return Ok(arrived);
            }
        }
    }

    /// Returns the files of a client's message as the message names them.
    async fn attached(
        &self,
        arrival: &Arrival<'_>,
        conversation: &ConversationId,
    ) -> Result<Vec<Attached>, Failure> {
        let attaching = match &arrival.files {
            Files::Abroad(files) => return Ok(files.iter().map(Attachment::attached).collect()),
            Files::Uploaded(attaching) if attaching.ids.is_empty() => return Ok(Vec::new()),
            Files::Uploaded(attaching) => attaching,
        };
        let store = self.of(arrival.tenant);
        let found = store.attachments(conversation, &attaching.ids).await?;
        let by = Uploader::Client(arrival.writer.id.clone());
        Ok(attaching.of(found, &by, self.now())?)
    }

    /// Commits based on the reads, and retries with the items returned by failed guards while those
    /// are enough.
    async fn try_arrival(
        &self,
        arrival: &Arrival<'_>,
        conversation: &ConversationId,
        check: &Claimcheck,
        mut latest: Option<Head>,
        incoming: &Incoming,
    ) -> Result<Option<Arrived>, Failure> {
        let place = Place {
            live_chat: &arrival.live_chat.id,
            live_chat_name: &arrival.live_chat.name,
            channel_name: &arrival.channel.name,
            template: &arrival.live_chat.template,
        };
        let no_trail = Trail::default();
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            let now = self.now();
            let change = arrival::arrive(
                latest.as_ref().map(|head| &head.session),
                conversation,
                arrival.writer,
                incoming,
                &place,
                now,
            )?;
            let before = latest.as_ref().filter(|head| head.session.id == change.session.id);
            let trail = before.map_or(&no_trail, |head| &head.trail);
            let before = before.map(|head| &head.session);
            let info = match before {
                None => {
                    let info = info(arrival.tenant, &change.session, arrival.writer);
                    Some(Row::put_new(Table::Core, Part::Other, info))
                }
                Some(open) => self.of(arrival.tenant).info_update(open, arrival.writer).await?,
            };
            let rows = || {
                let received = match &arrival.files {
                    Files::Abroad(files) => files.as_slice(),
                    Files::Uploaded(_) => &[],
                };
                let writing = self.of(arrival.tenant).writing(before, trail, &change);
                let mut rows = Writing { received, ..writing }.rows();
                let receipt = check.receipt(change.session.seq);
                rows.push(Row::put_new(Table::Core, Part::Once, receipt));
                rows.extend(info.clone());
                rows
            };
            let store = self.of(arrival.tenant);
            let known = latest.as_ref().map(|head| &head.session);
            let committed = store.commit_change(known, &change, rows).await?;
            let Committed::Guarded(failed) = committed else {
                let message = change.entries.into_iter().next_back();
                return Ok(message.map(|message| Arrived { message, is_repeated: false }));
            };
            if failed.iter().any(|(part, _)| matches!(part, Part::Once | Part::Attachment)) {
                return Ok(None);
            }
            let head = failed.into_iter().find(|(part, _)| *part == Part::Head);
            let Some((_, Some(item))) = head else { return Ok(None) };
            latest = Some(match &latest {
                Some(latest) => latest.learn(&item)?,
                None => Head::decode(&item)?,
            });
        }
    }
}

impl TenantStore<'_> {
    async fn first_result(
        self,
        conversation: &ConversationId,
        seq: u64,
    ) -> Result<Arrived, Failure> {
        let key = key::message(self.tenant, conversation, seq);
        let item = self.item(Table::Core, &key).await?;
        let item = item.ok_or_else(|| Fault::Corrupt(format!("{} / {}", key.pk, key.sk)))?;
        Ok(Arrived { message: entry::decode(&item)?, is_repeated: true })
    }
}
