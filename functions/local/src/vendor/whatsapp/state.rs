//! The numbers of businesses, and their chats.

use std::collections::{BTreeMap, VecDeque};

use rand::Rng as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::clock::epoch_ms;
use crate::vendor::answer::Refused;
use crate::vendor::rate::{Bucket, Window};
use crate::vendor::{MOST_CHATS, MOST_MESSAGES, MOST_PENDING};

/// The time after a person's last message in which a business may answer freely, in milliseconds.
const WINDOW_MS: i64 = 24 * 60 * 60 * 1000;

/// All that the stand-in knows.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    pub(super) numbers: BTreeMap<String, Number>,
    /// The types of files by their ids.
    pub(super) media: BTreeMap<String, String>,
}

/// A number of a business.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Number {
    pub(super) id: String,
    /// The hash of the access token; none while it is withdrawn.
    pub(super) token: Option<String>,
    /// The secret that signs what is posted.
    pub(super) app_secret: String,
    pub(super) webhook_url: String,
    /// True if each message is reported as sent and delivered at once.
    pub(super) is_automatic: bool,
    /// True if a closed window is reported by a status instead of the answer.
    pub(super) is_window_reported: bool,
    /// The time by which the clock of the windows is ahead, in milliseconds.
    pub(super) ahead_ms: i64,
    last_notice: i64,
    /// What waits to be posted.
    pub(super) pending: VecDeque<Notice>,
    /// The chats by the phone number, or the other id, of the person.
    pub(super) chats: BTreeMap<String, Chat>,
    /// The number of calls that were refused because of a rate.
    pub(super) throttled: u64,
    pub(super) last_error: Option<String>,
    #[serde(skip)]
    pub(super) rate: Window,
}

/// A body that waits to be posted.
#[derive(Serialize, Deserialize)]
pub(super) struct Notice {
    pub(super) id: i64,
    pub(super) body: Value,
}

/// The chat of a number and a person.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Chat {
    pub(super) name: Option<String>,
    pub(super) username: Option<String>,
    /// The moment of the person's last message by the clock of the windows, in milliseconds.
    pub(super) wrote_at: Option<i64>,
    pub(super) messages: VecDeque<Entry>,
    /// The number of its changes.
    pub(super) revision: u64,
    #[serde(skip)]
    pub(super) rate: Bucket,
}

/// A message.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) is_from_business: bool,
    /// Seconds since the epoch.
    pub(super) date: i64,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) text: String,
    /// The file, as the message names it.
    pub(super) file: Option<Value>,
    pub(super) reply_to: Option<String>,
    /// The text that each status of the message repeats.
    pub(super) callback: Option<String>,
    /// The last status that was reported.
    pub(super) status: Option<String>,
    pub(super) is_edited: bool,
    pub(super) is_deleted: bool,
}

impl State {
    /// Returns a number.
    pub(super) fn number(&mut self, id: &str) -> Result<&mut Number, Refused> {
        self.numbers.get_mut(id).ok_or_else(|| Refused::unknown("There is no such number."))
    }

    /// Notes the type of a file.
    pub(super) fn note_media(&mut self, id: &str, kind: &str) {
        self.media.insert(id.to_owned(), kind.to_owned());
        if self.media.len() > MOST_PENDING {
            self.media.pop_first();
        }
    }

    /// Returns true if there is room for one more chat.
    pub(super) fn has_room(&self) -> bool {
        self.numbers.values().map(|number| number.chats.len()).sum::<usize>() < MOST_CHATS
    }
}

impl Number {
    /// Returns the number as clients see it.
    pub(super) fn display(&self) -> String {
        format!("1555{:0>7}", self.id.get(self.id.len().saturating_sub(7)..).unwrap_or_default())
    }

    /// Returns true if this is the access token.
    pub(super) fn is_token(&self, token: &str) -> bool {
        self.token.as_ref().is_some_and(|known| *known == hash(token))
    }

    /// Returns this moment by the clock of the windows, in milliseconds.
    pub(super) fn window_clock(&self) -> i64 {
        epoch_ms().saturating_add(self.ahead_ms)
    }

    /// Returns true if the business may answer a person freely.
    pub(super) fn is_open(&self, person: &str) -> bool {
        let wrote_at = self.chats.get(person).and_then(|chat| chat.wrote_at);
        wrote_at.is_some_and(|at| self.window_clock().saturating_sub(at) < WINDOW_MS)
    }

    /// Returns a chat.
    pub(super) fn chat(&mut self, person: &str) -> Result<&mut Chat, Refused> {
        self.chats.get_mut(person).ok_or_else(|| Refused::unknown("There is no such chat."))
    }

    /// Adds a body behind those that wait.
    pub(super) fn notify(&mut self, body: Value) {
        self.last_notice = self.last_notice.saturating_add(1);
        self.pending.push_back(Notice { id: self.last_notice, body });
        if self.pending.len() > MOST_PENDING {
            self.pending.pop_front();
        }
    }

    /// Returns the person and the message with this id.
    pub(super) fn find(&mut self, id: &str) -> Option<(&str, &mut Chat, usize)> {
        self.chats.iter_mut().find_map(|(person, chat)| {
            let index = chat.messages.iter().position(|entry| entry.id == id)?;
            Some((person.as_str(), chat, index))
        })
    }
}

impl Chat {
    /// Adds a message.
    pub(super) fn add(&mut self, entry: Entry) {
        self.messages.push_back(entry);
        if self.messages.len() > MOST_MESSAGES {
            self.messages.pop_front();
        }
        self.touch();
    }

    /// Returns a message that was not deleted.
    pub(super) fn entry(&mut self, id: &str) -> Option<&mut Entry> {
        self.messages.iter_mut().find(|entry| entry.id == id && !entry.is_deleted)
    }

    /// Notes a change.
    pub(super) fn touch(&mut self) {
        self.revision = self.revision.saturating_add(1);
    }
}

/// Returns the hash by which an access token is recognised.
pub(super) fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Returns a new id of a message.
pub(super) fn wamid() -> String {
    format!("wamid.HBgL{}", random().to_uppercase())
}

/// Returns 32 hexadecimal digits of chance.
pub(super) fn random() -> String {
    let mut bytes = [0_u8; 16];
    rand::rng().fill_bytes(&mut bytes);
    hex(&bytes)
}

/// Returns bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns true for a phone number; other ids of people contain a letter.
pub(super) fn is_phone(id: &str) -> bool {
    !id.is_empty() && id.len() <= 20 && id.bytes().all(|byte| byte.is_ascii_digit())
}
