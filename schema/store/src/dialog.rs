//! Dialogs: reads entries by number, for employees over all entries and for clients over those that
//! they may see.

use std::collections::HashMap;

use domain::{
    Binding, Bindings, ConversationId, EmployeeId, ItemId, Message, Session, SessionId, Timestamp,
};

use serde_json::Value;

use crate::record;
use crate::record::dialog::Info;
use crate::record::entry;
use crate::table::{Item, Range, Read, Table, decode, key};
use crate::{Fault, TenantStore};

/// The number of hidden entries below which a page for a client is found by skipping them.
const FEW_HIDDEN: u64 = 64;
/// The number of entries in one read when hidden ones are skipped.
const STRETCH: u64 = 200;

/// The information about the client of a session, and the session's bindings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientInfo {
    /// The client's name.
    pub name: String,
    /// Other ways to reach the client: kind and value.
    pub contacts: Vec<(String, String)>,
    /// The client's id at the messenger; none where they read answers here.
    pub address: Option<String>,
    /// The items that the session is bound to, first bound first.
    pub bindings: Vec<Binding>,
}

impl TenantStore<'_> {
    /// Returns the entries with numbers from `first` to `last`, in order. The result has no gaps:
    /// an entry is written in the same transaction as the head that counts it.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn entries(
        self,
        conversation: &ConversationId,
        first: u64,
        last: u64,
    ) -> Result<Vec<Message>, Fault> {
        if first > last {
            return Ok(Vec::new());
        }
        let pk = key::conversation(self.tenant, conversation);
        let range = Range {
            pk: &pk,
            from: key::message_sort(first),
            to: key::message_sort(last),
            backwards: false,
            limit: usize::try_from(last - first + 1).unwrap_or(usize::MAX),
        };
        let items = self.range(Table::Core, &range).await?;
        items.iter().map(entry::decode).collect()
    }

    /// Returns the entry with this number.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn entry(
        self,
        conversation: &ConversationId,
        seq: u64,
    ) -> Result<Option<Message>, Fault> {
        let item = self.item(Table::Core, &key::message(self.tenant, conversation, seq)).await?;
        item.as_ref().map(entry::decode).transpose()
    }

    /// Returns the entry with this number among those visible to the client.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn visible_entry(
        self,
        latest: &Session,
        client_seq: u64,
    ) -> Result<Option<Message>, Fault> {
        Ok(self.visible_entries(latest, client_seq, client_seq).await?.pop())
    }

    /// Returns the entries from `first` to `last` among those visible to the client, in order.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn visible_entries(
        self,
        latest: &Session,
        first: u64,
        last: u64,
    ) -> Result<Vec<Message>, Fault> {
        let last = last.min(latest.client_seq);
        let mut visible = Vec::new();
        if first == 0 || first > last {
            return Ok(visible);
        }
        let conversation = &latest.id.conversation;
        let mut from = self.beginning(latest, first).await?;
        while from <= latest.seq {
            let to =
                (from + STRETCH - 1).min(latest.seq).min(last + latest.seq - latest.client_seq);
            let entries = self.entries(conversation, from, to).await?;
            visible.extend(entries.into_iter().filter(|entry| {
                entry.kind.is_for_clients() && (first..=last).contains(&entry.client_seq)
            }));
            if visible.last().is_some_and(|entry| entry.client_seq == last) || to < from {
                break;
            }
            from = to + 1;
        }
        Ok(visible)
    }

    /// Returns a number at or before the entry with this client number. The two differ at most by
    /// the number of hidden entries before it, so bisecting the hidden ones takes few reads.
    async fn beginning(self, latest: &Session, client_seq: u64) -> Result<u64, Fault> {
        let (mut low, mut high) = (client_seq, client_seq + latest.seq - latest.client_seq);
        while high - low > FEW_HIDDEN {
            let middle = low.midpoint(high);
            match self.entry(&latest.id.conversation, middle).await? {
                Some(entry) if entry.client_seq < client_seq => low = middle + 1,
                _ => high = middle,
            }
        }
        Ok(low)
    }

    /// Returns the information about the clients of these sessions, and the sessions' bindings.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn clients(
        self,
        sessions: &[SessionId],
    ) -> Result<HashMap<SessionId, ClientInfo>, Fault> {
        let items =
            self.items(Table::Core, sessions.iter().map(|id| key::info(self.tenant, id))).await?;
        let mut clients = HashMap::new();
        for id in sessions {
            if let Some(item) = items.get(&key::info(self.tenant, id)) {
                clients.insert(id.clone(), decode_client(item)?);
            }
        }
        Ok(clients)
    }

    /// Returns an observer's read positions in these conversations, and for each the last session
    /// that the employee handled.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn positions(
        self,
        person: &EmployeeId,
        conversations: &[ConversationId],
    ) -> Result<HashMap<ConversationId, Position>, Fault> {
        let key = |id: &ConversationId| key::position(self.tenant, id, person);
        let items = self.items(Table::Core, conversations.iter().map(key)).await?;
        let mut positions = HashMap::new();
        for id in conversations {
            if let Some(item) = items.get(&key(id)) {
                let read: record::dialog::Position = decode(item)?;
                let seq = read.seq.unwrap_or(0);
                positions.insert(id.clone(), Position { seq, handled: read.handled });
            }
        }
        Ok(positions)
    }
}

/// The stored position of an observer in a conversation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Position {
    /// The number of the last entry they read.
    pub seq: u64,
    /// The highest ordinal of a session that they had when it was closed.
    pub handled: u32,
}

pub(crate) fn decode_client(item: &Item) -> Result<ClientInfo, Fault> {
    let info: Info = decode(item)?;
    let kept: Vec<Value> = serde_json::from_str(&info.contacts)
        .map_err(|error| Fault::Corrupt(format!("contacts: {error}")))?;
    // A newer version may add more after kind and value, or contacts of another shape; both are
    // skipped.
    let text = |contact: &Value, place| Some(contact.get(place)?.as_str()?.to_owned());
    let contacts = kept.iter().filter_map(|one| text(one, 0).zip(text(one, 1))).collect();
    let bindings = decode_bindings(item)?.bound;
    Ok(ClientInfo { name: info.name, contacts, address: info.address, bindings })
}

/// Encodes the bindings of a session. The first text has the item, the time and the actor of each
/// current binding; the second has the items that were unbound. Ids contain no white space. For a
/// binding in `kept`, additional fields of a newer version are preserved.
pub(crate) fn encode_bindings(bindings: &Bindings, kept: &[Vec<Value>]) -> (String, String) {
    let each = bindings.bound.iter().map(|one| {
        let own = [
            Value::from(one.item.to_string()),
            Value::from(one.at.as_millis()),
            Value::from(one.by.as_str()),
        ];
        let before = kept.iter().find(|before| before.starts_with(&own));
        before.cloned().unwrap_or_else(|| own.to_vec())
    });
    let unbound: Vec<String> = bindings.unbound.iter().map(ItemId::to_string).collect();
    (Value::from_iter(each).to_string(), unbound.join(" "))
}

/// Returns the stored bindings of a session; none if there are none that can be read.
pub(crate) fn kept_bindings(item: &Item) -> Option<Vec<Vec<Value>>> {
    serde_json::from_str(Read(item).maybe_text("bd")?).ok()
}

/// Decodes the bindings in the information of a session.
pub(crate) fn decode_bindings(item: &Item) -> Result<Bindings, Fault> {
    let Some(kept) = Read(item).maybe_text("bd") else { return Ok(Bindings::default()) };
    let unbound = Read(item).maybe_text("ub").unwrap_or_default();
    let unbound = unbound.split_whitespace().filter_map(ItemId::parse).collect();
    let bindings = kept_bindings(item).and_then(|each| {
        let binding = |one: Vec<Value>| {
            let (item, at, by) = (one.first()?.as_str()?, one.get(1)?.as_u64()?, one.get(2)?);
            let (item, by) = (ItemId::parse(item)?, EmployeeId::parse(by.as_str()?)?);
            Some(Binding { item, at: Timestamp::from_millis(at), by })
        };
        each.into_iter().map(binding).collect()
    });
    let bound = bindings.ok_or_else(|| Fault::Corrupt(format!("the bindings {kept}")))?;
    Ok(Bindings { bound, unbound })
}
