//! Attachments: uploads that were asked for, the files of entries, and how far each has come.
//!
//! A file has a row beside the dialog from the moment when its upload was asked for. The transaction that
//! writes the entry attaches it, under the guard that nothing else did: an entry never changes, so what is
//! found out about its files later stands in their rows. A row that is never attached expires.

use std::collections::{BTreeSet, HashMap};

use domain::attachment::{ContentType, FileName, Found, State, Uploader, Uploads};
use domain::{
    Attached, Attachment, AttachmentId, ClientId, ConversationId, EmployeeId, Refusal, TenantId,
    Timestamp,
};

use crate::record::Millis;
use crate::record::dialog;
use crate::record::letter::Side;
use crate::table::{
    Expression, Item, Part, Read, Row, Table, decode as decode_record, encode, key,
};
use crate::{Fault, TenantStore};

/// The letters of the states.
const PENDING: &str = "p";
const READY: &str = "r";
const REFUSED: &str = "x";

/// The files that somebody attaches to a new entry.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Attaching {
    /// Their ids, in order.
    pub ids: Vec<AttachmentId>,
    /// Those of which the bytes were not sent.
    pub missing: BTreeSet<AttachmentId>,
}

impl Attaching {
    /// Returns the files as the entry names them.
    pub(crate) fn of(
        &self,
        found: Vec<Option<Attachment>>,
        by: &Uploader,
        now: Timestamp,
    ) -> Result<Vec<Attached>, Refusal> {
        Uploads { found, missing: self.missing.clone() }.attach(by, now)
    }
}

impl TenantStore<'_> {
    /// Stores an upload that was asked for. Its id is new.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn ask_for_upload(self, file: &Attachment) -> Result<(), Fault> {
        self.put(Table::Core, &item(self.tenant, file)).await
    }

    /// Returns files of a conversation, in the order of their ids; none for an id that names none.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn attachments(
        self,
        conversation: &ConversationId,
        ids: &[AttachmentId],
    ) -> Result<Vec<Option<Attachment>>, Fault> {
        let named: Vec<_> = ids.iter().map(|id| (conversation.clone(), id.clone())).collect();
        let mut found = self.files(&named).await?;
        Ok(named.iter().map(|name| found.remove(name)).collect())
    }

    /// Returns files of several conversations, as far as there are such.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn files(
        self,
        named: &[(ConversationId, AttachmentId)],
    ) -> Result<HashMap<(ConversationId, AttachmentId), Attachment>, Fault> {
        let key = |(of, id): &(ConversationId, AttachmentId)| key::attachment(self.tenant, of, id);
        let items = self.items(Table::Core, named.iter().map(key)).await?;
        let found = named.iter().filter_map(|name| Some((name, items.get(&key(name))?)));
        found.map(|(name, item)| Ok((name.clone(), decode(item)?))).collect()
    }

    /// Writes the end of the check of a file. If it has one already, or its time is over and it is gone,
    /// writes nothing and returns false.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn end_check(
        self,
        conversation: &ConversationId,
        id: &AttachmentId,
        end: &State,
    ) -> Result<bool, Fault> {
        let update = match end {
            State::Pending => return Ok(false),
            State::Refused => Expression::update("SET st = :st").text(":st", REFUSED),
            State::Ready(found) => ready(found),
        };
        let update = update.when("st = :pending").text(":pending", PENDING);
        let key = key::attachment(self.tenant, conversation, id);
        let sent = self.update(Table::Core, &key, update).await?;
        // Sent again after a lost answer, it finds the end that it wrote: so do all who repeat it.
        Ok(sent.answer.is_ok())
    }
}

fn ready(found: &Found) -> Expression {
    let mut set = "SET st = :st, ft = :ft, sz = :sz".to_owned();
    let mut update = Expression::default()
        .text(":st", READY)
        .text(":ft", found.content_type.as_str())
        .number(":sz", found.size);
    if let Some((width, height)) = found.pixels {
        set.push_str(", pw = :pw, ph = :ph");
        update = update.number(":pw", width).number(":ph", height);
    }
    if let Some(thumbnail) = &found.thumbnail {
        set.push_str(", tt = :tt");
        update = update.text(":tt", thumbnail.as_str());
    }
    update.set(set)
}

/// Returns the row of a file that a messenger has, attached to the entry with this number.
pub(crate) fn received(tenant: &TenantId, file: &Attachment, seq: u64) -> Row {
    let file = Attachment { seq: Some(seq), expires_at: None, ..file.clone() };
    Row::put_new(Table::Core, Part::Other, item(tenant, &file))
}

fn item(tenant: &TenantId, file: &Attachment) -> Item {
    let (side, by) = match &file.by {
        Uploader::Client(id) => (Side::Client, id.to_string()),
        Uploader::Employee(id) => (Side::Employee, id.to_string()),
    };
    let (state, found) = match &file.state {
        State::Pending => (PENDING, None),
        State::Refused => (REFUSED, None),
        State::Ready(found) => (READY, Some(found)),
    };
    let pixels = found.and_then(|found| found.pixels);
    let thumbnail = found.and_then(|found| found.thumbnail.as_ref());
    let record = dialog::Attachment {
        name: file.name.as_str().to_owned(),
        claimed: file.claimed.as_str().to_owned(),
        size: file.size,
        side,
        by,
        expires_at: file.expires_at.map(Millis),
        ttl: file.expires_at.map(|at| at.as_seconds()),
        seq: file.seq,
        state: state.to_owned(),
        found: found.map(|found| found.content_type.as_str().to_owned()),
        width: pixels.map(|(width, _)| width),
        height: pixels.map(|(_, height)| height),
        thumbnail: thumbnail.map(|kind| kind.as_str().to_owned()),
        external_id: file.external_id.clone(),
    };
    encode(&key::attachment(tenant, &file.conversation, &file.id), &record)
}

pub(crate) fn decode(item: &Item) -> Result<Attachment, Fault> {
    let read = Read(item);
    let stored: dialog::Attachment = decode_record(item)?;
    let kind =
        |text: &str| ContentType::parse(text).unwrap_or_else(|| ContentType::unsigned(false));
    let by = match stored.side {
        Side::Client => ClientId::parse(&stored.by).map(Uploader::Client),
        Side::Employee | Side::System => EmployeeId::parse(&stored.by).map(Uploader::Employee),
    };
    let found = stored.found.as_deref().map(|found| Found {
        content_type: kind(found),
        size: stored.size,
        pixels: stored.width.zip(stored.height),
        thumbnail: stored.thumbnail.as_deref().map(kind),
    });
    let state = match (stored.state.as_str(), found) {
        (REFUSED, _) => State::Refused,
        (READY, Some(found)) => State::Ready(found),
        // What a newer version found is not shown before this one knows what it means.
        _ => State::Pending,
    };
    Ok(Attachment {
        conversation: read.parsed("pk", key::read_conversation)?,
        id: read.parsed("sk", key::read_attachment)?,
        name: FileName::parse(&stored.name).ok_or_else(|| read.corrupt("nm"))?,
        claimed: kind(&stored.claimed),
        size: stored.size,
        by: by.ok_or_else(|| read.corrupt("ai"))?,
        expires_at: stored.expires_at.map(|at| at.0),
        seq: stored.seq,
        state,
        external_id: stored.external_id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let tenant = TenantId::parse("acme").unwrap();
        let kind = |text: &str| ContentType::parse(text).unwrap();
        let found = Found {
            content_type: kind("image/webp"),
            size: 8,
            pixels: Some((3, 4)),
            thumbnail: Some(kind("image/jpeg")),
        };
        let file = Attachment {
            conversation: ConversationId::parse("c").unwrap(),
            id: AttachmentId::parse("a").unwrap(),
            name: FileName::parse("Счёт.png").unwrap(),
            claimed: kind("image/png"),
            size: 8,
            by: Uploader::Client(ClientId::parse("zoe").unwrap()),
            expires_at: Some(Timestamp::from_millis(1_700_000_000_123)),
            seq: None,
            state: State::Pending,
            external_id: Some("x".to_owned()),
        };
        for state in [State::Pending, State::Refused, State::Ready(found)] {
            let by = Uploader::Employee(EmployeeId::parse("ann").unwrap());
            let attached = Attachment {
                seq: Some(7),
                expires_at: None,
                by,
                external_id: None,
                ..file.clone()
            };
            for file in [file.clone(), attached] {
                let file = Attachment { state: state.clone(), ..file };
                assert_eq!(decode(&item(&tenant, &file)), Ok(file));
            }
        }
    }
}
