//! Dialogs: reads entries by number, for employees over all entries and for clients over those that
//! they may see.

use std::collections::HashMap;

use domain::{
    Binding, Bindings, ConversationId, EmployeeId, ItemId, Message, Session, SessionId, TenantId,
    Timestamp,
};

use serde_json::Value;

use crate::attribute::{Item, Read};
use crate::call::{Range, Table};
use crate::{Fault, Store, key, message};

/// Below this many hidden entries a page for a client is found by reading over them.
const FEW_HIDDEN: u64 = 64;
/// How many entries are read in one go when hidden ones are skipped.
const STRETCH: u64 = 200;

/// Who the client of a session is, and what the session is bound to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientInfo {
    /// Their name.
    pub name: String,
    /// How else to reach them: kind and value.
    pub contacts: Vec<(String, String)>,
    /// The items that the session is bound to, first bound first.
    pub bindings: Vec<Binding>,
}

impl Store {
    /// The entries with numbers from `first` to `last`, in order. The answer is whole: every
    /// number has its entry, because an entry is written with the head that counts it.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn entries(
        &self,
        tenant: &TenantId,
        conversation: &ConversationId,
        first: u64,
        last: u64,
    ) -> Result<Vec<Message>, Fault> {
        if first > last {
            return Ok(Vec::new());
        }
        let pk = key::conversation(tenant, conversation);
        let range = Range {
            pk: &pk,
            from: key::message_sort(first),
            to: key::message_sort(last),
            backwards: false,
            limit: usize::try_from(last - first + 1).unwrap_or(usize::MAX),
        };
        let items = self.range(Table::Core, &range).await?;
        items.iter().map(message::decode).collect()
    }

    /// The entry with this number.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn entry(
        &self,
        tenant: &TenantId,
        conversation: &ConversationId,
        seq: u64,
    ) -> Result<Option<Message>, Fault> {
        let item = self.item(Table::Core, &key::message(tenant, conversation, seq)).await?;
        item.as_ref().map(message::decode).transpose()
    }

    /// The entry that a client knows by this number.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn visible_entry(
        &self,
        tenant: &TenantId,
        latest: &Session,
        client_seq: u64,
    ) -> Result<Option<Message>, Fault> {
        Ok(self.visible_entries(tenant, latest, client_seq, client_seq).await?.pop())
    }

    /// The entries that a client knows by numbers from `first` to `last`, in order.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn visible_entries(
        &self,
        tenant: &TenantId,
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
        let mut from = self.beginning(tenant, latest, first).await?;
        while from <= latest.seq {
            let to =
                (from + STRETCH - 1).min(latest.seq).min(last + latest.seq - latest.client_seq);
            let entries = self.entries(tenant, conversation, from, to).await?;
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

    /// A number at or before the entry with this client's number. The two differ by the hidden
    /// entries before it at most, so bisecting those finds it in few reads however many there are.
    async fn beginning(
        &self,
        tenant: &TenantId,
        latest: &Session,
        client_seq: u64,
    ) -> Result<u64, Fault> {
        let (mut low, mut high) = (client_seq, client_seq + latest.seq - latest.client_seq);
        while high - low > FEW_HIDDEN {
            let middle = low.midpoint(high);
            match self.entry(tenant, &latest.id.conversation, middle).await? {
                Some(entry) if entry.client_seq < client_seq => low = middle + 1,
                _ => high = middle,
            }
        }
        Ok(low)
    }

    /// Who the clients of these sessions are, and what the sessions are bound to.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn clients(
        &self,
        tenant: &TenantId,
        sessions: &[SessionId],
    ) -> Result<HashMap<SessionId, ClientInfo>, Fault> {
        let items =
            self.items(Table::Core, sessions.iter().map(|id| key::info(tenant, id))).await?;
        let mut clients = HashMap::new();
        for id in sessions {
            if let Some(item) = items.get(&key::info(tenant, id)) {
                clients.insert(id.clone(), decode_client(item)?);
            }
        }
        Ok(clients)
    }

    /// Up to where an employee read these conversations, looking on, and which session of each
    /// they handled last.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn positions(
        &self,
        tenant: &TenantId,
        person: &EmployeeId,
        conversations: &[ConversationId],
    ) -> Result<HashMap<ConversationId, Position>, Fault> {
        let key = |id: &ConversationId| key::position(tenant, id, person);
        let items = self.items(Table::Core, conversations.iter().map(key)).await?;
        let mut positions = HashMap::new();
        for id in conversations {
            if let Some(item) = items.get(&key(id)) {
                let read = Read(item);
                let position = Position {
                    seq: read.maybe_number("s")?.unwrap_or(0),
                    handled: read.maybe_number("h")?.unwrap_or(0),
                };
                positions.insert(id.clone(), position);
            }
        }
        Ok(positions)
    }
}

/// What is kept of somebody who looks on a conversation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Position {
    /// Up to which entry they read.
    pub seq: u64,
    /// The highest ordinal of a session that they had when it was closed.
    pub handled: u32,
}

pub(crate) fn decode_client(item: &Item) -> Result<ClientInfo, Fault> {
    let read = Read(item);
    let kept: Vec<Value> = serde_json::from_str(read.text("cs")?)
        .map_err(|error| Fault::Corrupt(format!("contacts: {error}")))?;
    // What stands behind kind and value, and what is no contact as they are here, is a newer version's.
    let text = |contact: &Value, place| Some(contact.get(place)?.as_str()?.to_owned());
    let contacts = kept.iter().filter_map(|one| text(one, 0).zip(text(one, 1))).collect();
    Ok(ClientInfo {
        name: read.text("nm")?.to_owned(),
        contacts,
        bindings: decode_bindings(item)?.bound,
    })
}

/// The bindings of a session as its information keeps them: of each that holds item, time, and by
/// whom; of each that does not, the item. An id has no white space. Of one that was `kept` before, what
/// a newer version wrote behind stays.
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

/// The bindings as the information of a session keeps them; none where it keeps none that can be read.
pub(crate) fn kept_bindings(item: &Item) -> Option<Vec<Vec<Value>>> {
    serde_json::from_str(Read(item).maybe_text("bd")?).ok()
}

/// The bindings that the information of a session keeps.
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
