//! The bots, their chats, and the people who write to them.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::vendor::answer::Refused;
use crate::vendor::rate::Window;
use crate::vendor::{MOST_ACCOUNTS, MOST_CHATS, MOST_MESSAGES, MOST_PENDING};

/// The token of the bot that exists from the beginning. It is no secret.
pub(super) const DEMO_TOKEN: &str = "111111111:demo-token-of-the-stand-in";
const DEMO_ID: i64 = 111_111_111;
/// The id of the first person.
const FIRST_PERSON: i64 = 700_000_001;
/// The most withdrawn tokens of a bot that are remembered.
const MOST_WITHDRAWN: usize = 10;
const NAME_LENGTH: usize = 64;

/// All that the stand-in knows.
#[derive(Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    pub(super) bots: BTreeMap<i64, Bot>,
    pub(super) people: BTreeMap<i64, Person>,
}

/// The demo bot can be written to before its token is entered anywhere.
impl Default for State {
    fn default() -> Self {
        let mut bots = BTreeMap::new();
        bots.insert(DEMO_ID, Bot { id: DEMO_ID, token: Some(hash(DEMO_TOKEN)), ..Bot::default() });
        Self { bots, people: BTreeMap::new() }
    }
}

/// A bot.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Bot {
    pub(super) id: i64,
    /// The hash of its token; none while the token is withdrawn. A token of Telegram's that is
    /// entered by mistake is not kept.
    pub(super) token: Option<String>,
    withdrawn: VecDeque<String>,
    pub(super) webhook: Option<Webhook>,
    /// The kinds of updates that are posted; none for the usual ones.
    pub(super) allowed: Option<Vec<String>>,
    pub(super) last_update: i64,
    last_message: i64,
    /// The updates that wait.
    pub(super) pending: VecDeque<Value>,
    pub(super) chats: BTreeMap<i64, Chat>,
    /// The number of calls that were answered 429 because of a rate.
    pub(super) throttled: u64,
    pub(super) last_error: Option<(i64, String)>,
    #[serde(skip)]
    pub(super) rate: Window,
}

/// The address of a bot's updates.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Webhook {
    pub(super) url: String,
    pub(super) secret: Option<String>,
}

/// The private chat of a bot and a person.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Chat {
    pub(super) messages: VecDeque<Entry>,
    pub(super) is_blocked: bool,
    /// The number of its changes.
    pub(super) revision: u64,
    #[serde(skip)]
    pub(super) rate: Window,
}

/// A message.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) id: i64,
    pub(super) is_from_bot: bool,
    /// Seconds since the epoch.
    pub(super) date: i64,
    pub(super) edit_date: Option<i64>,
    /// The members of the Bot API's message that hold its content.
    pub(super) content: Map<String, Value>,
    pub(super) reply_to: Option<i64>,
    pub(super) is_deleted: bool,
}

/// A person.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    pub(super) id: i64,
    pub(super) first_name: String,
    pub(super) last_name: Option<String>,
    pub(super) username: Option<String>,
}

/// The reason why a token is not served.
pub(super) enum BadToken {
    /// It has not the form of a token.
    Malformed,
    /// It is withdrawn, or another bot's.
    Unauthorized,
    /// There are too many bots.
    Full,
}

impl State {
    /// Returns the id of a token's bot, which the first use of the token creates.
    pub(super) fn bot_of(&mut self, token: &str) -> Result<i64, BadToken> {
        let id = id_of(token).ok_or(BadToken::Malformed)?;
        if !self.bots.contains_key(&id) && self.bots.len() >= MOST_ACCOUNTS {
            return Err(BadToken::Full);
        }
        let bot = self.bots.entry(id).or_insert_with(|| Bot { id, ..Bot::default() });
        let hash = hash(token);
        match &bot.token {
            Some(known) if *known == hash => Ok(id),
            None if !bot.withdrawn.contains(&hash) => {
                bot.token = Some(hash);
                Ok(id)
            }
            _ => Err(BadToken::Unauthorized),
        }
    }

    /// Returns a bot.
    pub(super) fn bot(&mut self, id: i64) -> Result<&mut Bot, Refused> {
        self.bots.get_mut(&id).ok_or_else(|| Refused::unknown("There is no such bot."))
    }

    /// Returns a person by the id or the first name, and adds a name that is new.
    pub(super) fn person(&mut self, id_or_name: &Value) -> Result<Person, Refused> {
        if let Some(id) = id_or_name.as_i64() {
            let known = self.people.get(&id).cloned();
            return known.ok_or_else(|| Refused::unknown("There is no such person."));
        }
        let name = id_or_name.as_str().unwrap_or_default().trim();
        match self.people.values().find(|person| person.first_name == name) {
            Some(person) => Ok(person.clone()),
            None => self.add_person(name, None, None),
        }
    }

    /// Adds a person.
    pub(super) fn add_person(
        &mut self,
        first_name: &str,
        last_name: Option<String>,
        username: Option<String>,
    ) -> Result<Person, Refused> {
        let is_name = |name: &str| (1..=NAME_LENGTH).contains(&name.chars().count());
        let optional = [last_name.as_deref(), username.as_deref()];
        if !is_name(first_name) || !optional.into_iter().flatten().all(is_name) {
            return Err(Refused::invalid(format!("A name has 1 to {NAME_LENGTH} characters.")));
        }
        if self.people.len() >= MOST_CHATS {
            return Err(Refused::conflict("There are too many people."));
        }
        let id = self.people.keys().last().map_or(FIRST_PERSON, |last| last.saturating_add(1));
        let first_name = first_name.to_owned();
        let person = Person { id, first_name, last_name, username };
        self.people.insert(id, person.clone());
        Ok(person)
    }

    /// Returns the chat of a bot and a person, which is created if it does not exist.
    pub(super) fn open_chat(&mut self, bot: i64, person: i64) -> Result<(), Refused> {
        let count: usize = self.bots.values().map(|bot| bot.chats.len()).sum();
        let bot = self.bot(bot)?;
        if !bot.chats.contains_key(&person) && count >= MOST_CHATS {
            return Err(Refused::conflict("There are too many chats."));
        }
        bot.chats.entry(person).or_default();
        Ok(())
    }
}

impl Bot {
    /// Returns the user name, without an @.
    pub(super) fn username(&self) -> String {
        if self.id == DEMO_ID {
            "chatdesk_demo_bot".to_owned()
        } else {
            format!("bot{}_bot", self.id)
        }
    }

    /// Returns the display name.
    pub(super) fn name(&self) -> String {
        if self.id == DEMO_ID { "ChatDesk demo".to_owned() } else { format!("Bot {}", self.id) }
    }

    /// Returns true for the bot that exists from the beginning.
    pub(super) fn is_demo(&self) -> bool {
        self.id == DEMO_ID
    }

    /// Withdraws the token. Another one with the same number may follow.
    pub(super) fn withdraw(&mut self) {
        self.withdrawn.extend(self.token.take());
        while self.withdrawn.len() > MOST_WITHDRAWN {
            self.withdrawn.pop_front();
        }
    }

    /// Adds a message to a chat, and returns it. All chats of a bot share one count of messages.
    pub(super) fn add(
        &mut self,
        person: i64,
        is_from_bot: bool,
        now: i64,
        content: Map<String, Value>,
        reply_to: Option<i64>,
    ) -> Entry {
        self.last_message = self.last_message.saturating_add(1);
        let (id, date) = (self.last_message, now / 1000);
        let (edit_date, is_deleted) = (None, false);
        let entry = Entry { id, is_from_bot, date, edit_date, content, reply_to, is_deleted };
        let chat = self.chats.entry(person).or_default();
        chat.messages.push_back(entry.clone());
        if chat.messages.len() > MOST_MESSAGES {
            chat.messages.pop_front();
        }
        chat.revision = chat.revision.saturating_add(1);
        entry
    }

    /// Adds an update behind those that wait, if its kind is asked for.
    pub(super) fn notify(&mut self, kind: &str, content: Value) {
        let allows = |kinds: &Vec<String>| kinds.iter().any(|allowed| allowed == kind);
        if !self.allowed.as_ref().is_none_or(allows) {
            return;
        }
        self.last_update = self.last_update.saturating_add(1);
        let mut update = Map::new();
        update.insert("update_id".to_owned(), self.last_update.into());
        update.insert(kind.to_owned(), content);
        self.pending.push_back(update.into());
        if self.pending.len() > MOST_PENDING {
            self.pending.pop_front();
        }
    }
}

impl Chat {
    /// Returns a message that was not deleted.
    pub(super) fn find(&mut self, id: i64) -> Option<&mut Entry> {
        self.messages.iter_mut().find(|entry| entry.id == id && !entry.is_deleted)
    }

    /// Notes a change.
    pub(super) fn touch(&mut self) {
        self.revision = self.revision.saturating_add(1);
    }
}

/// Returns the number in a token; none for a text that is no token.
fn id_of(token: &str) -> Option<i64> {
    let (digits, secret) = token.split_once(':')?;
    let is_secret = !secret.is_empty()
        && secret.len() <= 100
        && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|id| *id > 0 && is_number && is_secret)
}

fn hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
