//! Entries of dialogs.

use domain::attachment::{ContentType, FileName};
use domain::{
    Attached, AttachmentId, Author, ChannelId, ClientId, EmployeeId, ItemId, Kind, Message,
    SessionEvent, TenantId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Millis;
use super::letter::{KindLetter, Side, is_unknown};
use crate::Fault;
use crate::table::{self, Item, Read, key};

/// An entry as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(rename = "s")]
    seq: u64,
    #[serde(rename = "c")]
    client_seq: u64,
    #[serde(rename = "i")]
    incoming: u32,
    #[serde(rename = "n")]
    ordinal: u32,
    #[serde(rename = "k", with = "KindLetter", skip_serializing_if = "is_unknown")]
    kind: Kind,
    #[serde(rename = "a")]
    author: Side,
    #[serde(rename = "ai")]
    author_id: Option<String>,
    #[serde(rename = "an")]
    author_name: Option<String>,
    #[serde(rename = "ch")]
    channel: Option<ChannelId>,
    #[serde(rename = "t")]
    text: String,
    #[serde(rename = "at")]
    sent_at: Millis,
    #[serde(rename = "id")]
    client_message_id: Option<String>,
    #[serde(rename = "re")]
    reply_to: Option<u64>,
    #[serde(rename = "ev")]
    event: Option<String>,
    #[serde(rename = "ef")]
    event_from: Option<EmployeeId>,
    #[serde(rename = "et")]
    event_to: Option<EmployeeId>,
    #[serde(rename = "en")]
    event_name: Option<String>,
    #[serde(rename = "ei")]
    event_item: Option<ItemId>,
    #[serde(rename = "eb")]
    event_about: Option<u64>,
    #[serde(rename = "ex")]
    event_text: Option<String>,
    #[serde(rename = "pv")]
    leaves_after: Option<u64>,
    /// The files: a list of id, name and claimed type, in JSON.
    #[serde(rename = "fs")]
    attachments: Option<String>,
}

/// Encodes an entry as an item.
pub(crate) fn encode(tenant: &TenantId, message: &Message) -> Item {
    let (author, author_id, author_name) = match &message.author {
        Author::Client { id, name } => (Side::Client, Some(id.to_string()), Some(name)),
        Author::Employee { id, name } => (Side::Employee, Some(id.to_string()), Some(name)),
        Author::System => (Side::System, None, None),
    };
    let mut stored = Stored {
        seq: message.seq,
        client_seq: message.client_seq,
        incoming: message.incoming,
        ordinal: message.ordinal,
        kind: message.kind,
        author,
        author_id,
        author_name: author_name.cloned(),
        channel: message.channel.clone(),
        text: message.text.clone(),
        sent_at: Millis(message.sent_at),
        client_message_id: message.client_message_id.clone(),
        reply_to: message.reply_to,
        event: None,
        event_from: None,
        event_to: None,
        event_name: None,
        event_item: None,
        event_about: None,
        event_text: None,
        leaves_after: message.leaves_after,
        attachments: list(&message.attachments),
    };
    if let Some(event) = &message.event {
        stored.set_event(event);
    }
    table::encode(&key::message(tenant, &message.conversation, message.seq), &stored)
}

/// Decodes an entry from its item.
pub(crate) fn decode(item: &Item) -> Result<Message, Fault> {
    let read = Read(item);
    let stored: Stored = table::decode(item)?;
    let author = stored.author().ok_or_else(|| read.corrupt("ai, an"))?;
    let event = stored.event();
    Ok(Message {
        conversation: read.parsed("pk", key::read_conversation)?,
        seq: stored.seq,
        client_seq: stored.client_seq,
        incoming: stored.incoming,
        ordinal: stored.ordinal,
        kind: stored.kind,
        author,
        channel: stored.channel,
        text: stored.text,
        attachments: read_list(stored.attachments.as_deref()),
        sent_at: stored.sent_at.0,
        client_message_id: stored.client_message_id,
        reply_to: stored.reply_to,
        event,
        leaves_after: stored.leaves_after,
    })
}

/// Writes a list of files; none for an empty one.
fn list(attachments: &[Attached]) -> Option<String> {
    let each = attachments.iter().map(|file| {
        serde_json::json!([file.id.as_str(), file.name.as_str(), file.claimed.as_str()])
    });
    (!attachments.is_empty()).then(|| Value::from_iter(each).to_string())
}

/// Reads a list of files. A newer version may add more to each; one of another shape is left out.
fn read_list(text: Option<&str>) -> Vec<Attached> {
    let files = text.and_then(|text| serde_json::from_str::<Vec<Value>>(text).ok());
    let read = |file: &Value| {
        let part = |place| file.get(place)?.as_str();
        Some(Attached {
            id: AttachmentId::parse(part(0)?)?,
            name: FileName::parse(part(1)?)?,
            claimed: ContentType::parse(part(2)?)?,
        })
    };
    files.unwrap_or_default().iter().filter_map(read).collect()
}

impl Stored {
    fn author(&self) -> Option<Author> {
        let (id, name) = (self.author_id.as_deref(), self.author_name.clone());
        Some(match self.author {
            Side::Client => Author::Client { id: ClientId::parse(id?)?, name: name? },
            Side::Employee => Author::Employee { id: EmployeeId::parse(id?)?, name: name? },
            Side::System => Author::System,
        })
    }

    fn set_event(&mut self, event: &SessionEvent) {
        let letter = match event {
            SessionEvent::Claimed { to } => {
                self.event_to = Some(to.clone());
                "c"
            }
            SessionEvent::Assigned { from, to } => {
                (self.event_from, self.event_to) = (from.clone(), Some(to.clone()));
                "a"
            }
            SessionEvent::Returned { from } => {
                self.event_from = Some(from.clone());
                "q"
            }
            SessionEvent::Renamed { name } => {
                self.event_name = Some(name.clone());
                "n"
            }
            SessionEvent::Bound { item } => {
                self.event_item = Some(item.clone());
                "b"
            }
            SessionEvent::Unbound { item } => {
                self.event_item = Some(item.clone());
                "u"
            }
            SessionEvent::Closed { from } => {
                self.event_from.clone_from(from);
                "x"
            }
            SessionEvent::Edited { about, text } => {
                (self.event_about, self.event_text) = (Some(*about), Some(text.clone()));
                "e"
            }
            SessionEvent::Deleted { about } => {
                self.event_about = Some(*about);
                "d"
            }
            SessionEvent::Blocked => "k",
            SessionEvent::Unblocked => "v",
        };
        self.event = Some(letter.to_owned());
    }

    /// Returns the event; none for an event that a newer version wrote.
    fn event(&self) -> Option<SessionEvent> {
        let (from, to) = (self.event_from.clone(), self.event_to.clone());
        let item = self.event_item.clone();
        Some(match self.event.as_deref()? {
            "c" => SessionEvent::Claimed { to: to? },
            "a" => SessionEvent::Assigned { from, to: to? },
            "q" => SessionEvent::Returned { from: from? },
            "n" => SessionEvent::Renamed { name: self.event_name.clone()? },
            "b" => SessionEvent::Bound { item: item? },
            "u" => SessionEvent::Unbound { item: item? },
            "x" => SessionEvent::Closed { from },
            "e" => {
                SessionEvent::Edited { about: self.event_about?, text: self.event_text.clone()? }
            }
            "d" => SessionEvent::Deleted { about: self.event_about? },
            "k" => SessionEvent::Blocked,
            "v" => SessionEvent::Unblocked,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::{AppId, ConversationId, Timestamp};

    use super::*;

    fn entry(event: SessionEvent) -> Message {
        let author =
            Author::Client { id: ClientId::parse("client").unwrap(), name: "Zoe".to_owned() };
        Message {
            conversation: ConversationId::parse("conversation").unwrap(),
            seq: 7,
            client_seq: 3,
            incoming: 2,
            ordinal: 1,
            kind: Kind::Event,
            text: event.sentence(&author, "Bob"),
            author,
            channel: None,
            sent_at: Timestamp::from_millis(1_700_000_000_000),
            client_message_id: None,
            reply_to: None,
            event: Some(event),
            leaves_after: None,
            attachments: Vec::new(),
        }
    }

    #[test]
    fn every_event_is_read_as_it_was_written() {
        let tenant = TenantId::parse("acme").unwrap();
        let (ann, bob) = (EmployeeId::parse("ann").unwrap(), EmployeeId::parse("bob").unwrap());
        let item = ItemId::new(AppId::parse("orders").unwrap(), Timestamp::from_millis(1), 7);
        let text = "Hello!".to_owned();
        for event in [
            SessionEvent::Claimed { to: ann.clone() },
            SessionEvent::Assigned { from: None, to: ann.clone() },
            SessionEvent::Assigned { from: Some(bob), to: ann.clone() },
            SessionEvent::Returned { from: ann.clone() },
            SessionEvent::Renamed { name: "Order 7".to_owned() },
            SessionEvent::Bound { item: item.clone() },
            SessionEvent::Unbound { item },
            SessionEvent::Closed { from: Some(ann) },
            SessionEvent::Edited { about: 5, text },
            SessionEvent::Deleted { about: 5 },
            SessionEvent::Blocked,
            SessionEvent::Unblocked,
        ] {
            let entry = entry(event);
            assert_eq!(decode(&encode(&tenant, &entry)), Ok(entry));
        }
    }

    #[test]
    fn files_are_read_as_they_were_written_and_those_of_another_shape_are_left_out() {
        let file = |id: &str, name: &str| Attached {
            id: AttachmentId::parse(id).unwrap(),
            name: FileName::parse(name).unwrap(),
            claimed: ContentType::parse("image/png").unwrap(),
        };
        let files = vec![file("a", "Счёт \"7\".png"), file("b", "b")];
        let written = list(&files).unwrap();
        assert_eq!(read_list(Some(&written)), files);
        assert_eq!((list(&[]), read_list(None)), (None, Vec::new()));
        let newer = r#"[["a","b","image/png",7],["x"],{"id":"a"},["a","","image/png"]]"#;
        assert_eq!(read_list(Some(newer)), vec![file("a", "b")]);
        assert_eq!(read_list(Some("{")), Vec::new());
    }
}
