//! The client's side: a person writes to a bot, edits, deletes, blocks, and reads the chat.

use std::time::Duration;

use axum::extract::{Path, Query, State as Of};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::files::Picked;
use super::state::{Bot, Chat, Person, State};
use super::{Shared, shape};
use crate::clock::epoch_ms;
use crate::vendor::answer::{Posted, Refused, done};
use crate::vendor::fault::Asked;
use crate::vendor::media::Media;

/// The longest time that a request waits for a change.
const WAIT: Duration = Duration::from_secs(20);
/// The longest text of a person, in UTF-16 code units.
const TEXT_LENGTH: usize = 4096;

type Answer = Result<Response, Refused>;

/// Lists the bots.
pub(super) async fn bots(Of(shared): Of<Shared>) -> Response {
    let bots = shared.read(|state| state.bots.values().map(shape::listed).collect::<Vec<_>>());
    done(&json!({ "bots": bots }))
}

/// Withdraws a bot's token.
pub(super) async fn revoke(Of(shared): Of<Shared>, Path(id): Path<i64>) -> Answer {
    shared.change(|state| state.bot(id).map(Bot::withdraw))?;
    Ok(done(&json!({ "isRevoked": true })))
}

/// Lists the people.
pub(super) async fn people(Of(shared): Of<Shared>) -> Response {
    let people = shared.read(|state| state.people.values().cloned().collect::<Vec<Person>>());
    done(&json!({ "people": people }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Names {
    first_name: String,
    last_name: Option<String>,
    username: Option<String>,
}

/// Adds a person.
pub(super) async fn add_person(Of(shared): Of<Shared>, Posted(names): Posted<Names>) -> Answer {
    let Names { first_name, last_name, username } = names;
    let person = shared.change(|state| state.add_person(first_name.trim(), last_name, username))?;
    Ok(done(&json!({ "person": person })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Writing {
    bot: i64,
    /// The id, or the first name.
    person: Value,
    text: Option<String>,
    reply_to: Option<i64>,
    /// The emoji of a sticker.
    sticker: Option<String>,
    location: Option<Location>,
    contact: Option<Contact>,
    file: Option<Picked>,
    /// The text below a file.
    caption: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Location {
    latitude: f64,
    longitude: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Contact {
    phone_number: String,
    first_name: String,
}

impl Writing {
    fn content(&self, media: &Media) -> Result<Map<String, Value>, Refused> {
        let sticker = self.sticker.as_ref().map(|emoji| {
            json!({ "file_id": "sticker", "file_unique_id": "sticker", "type": "regular",
                "width": 512, "height": 512, "is_animated": false, "is_video": false,
                "emoji": emoji })
        });
        let location = self
            .location
            .as_ref()
            .map(|place| json!({ "latitude": place.latitude, "longitude": place.longitude }));
        let contact = self.contact.as_ref().map(|contact| {
            json!({ "phone_number": contact.phone_number, "first_name": contact.first_name })
        });
        let text = self.text.as_deref().map(valid).transpose()?;
        let file = self.file.as_ref().map(|file| file.content(media)).transpose()?;
        let contents =
            [("text", text), ("sticker", sticker), ("location", location), ("contact", contact)];
        let contents = contents.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let mut content: Map<String, Value> =
            contents.chain(file).map(|(name, value)| (name.to_owned(), value)).collect();
        if content.len() != 1 {
            return Err(Refused::invalid("Give one of text, sticker, location, contact and file."));
        }
        if let Some(caption) = self.caption.as_deref().filter(|caption| !caption.is_empty()) {
            self.file.as_ref().ok_or_else(|| Refused::invalid("Only a file has a caption."))?;
            content.insert("caption".to_owned(), valid(caption)?);
        }
        Ok(content)
    }
}

fn valid(text: &str) -> Result<Value, Refused> {
    let text = text.trim();
    if text.is_empty() || text.encode_utf16().count() > TEXT_LENGTH {
        return Err(Refused::invalid("The text has 1 to 4096 UTF-16 code units."));
    }
    Ok(text.into())
}

/// Writes to a bot.
pub(super) async fn write(Of(shared): Of<Shared>, Posted(writing): Posted<Writing>) -> Answer {
    let content = writing.content(&shared.media)?;
    let written = shared.change(|state| {
        let person = state.person(&writing.person)?;
        state.open_chat(writing.bot, person.id)?;
        let bot = state.bot(writing.bot)?;
        let chat = chat_of(bot, person.id)?;
        if chat.is_blocked {
            return Err(Refused::conflict("The person has blocked the bot."));
        }
        if writing.reply_to.is_some_and(|id| chat.find(id).is_none()) {
            return Err(Refused::unknown("There is no such message to reply to."));
        }
        let entry = bot.add(person.id, false, epoch_ms(), content, writing.reply_to);
        let message = shape::message(bot, &person, &entry);
        bot.notify("message", message);
        Ok(json!({ "person": person, "message": shape::bubble(&entry) }))
    })?;
    shared.wake(writing.bot);
    Ok(done(&written))
}

fn chat_of(bot: &mut Bot, person: i64) -> Result<&mut Chat, Refused> {
    bot.chats.get_mut(&person).ok_or_else(|| Refused::unknown("There is no such chat."))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Editing {
    bot: i64,
    person: Value,
    message_id: i64,
    text: String,
}

/// Edits a message of the person.
pub(super) async fn edit(Of(shared): Of<Shared>, Posted(editing): Posted<Editing>) -> Answer {
    let text = valid(&editing.text)?;
    let edited = shared.change(|state| {
        let person = state.person(&editing.person)?;
        let bot = state.bot(editing.bot)?;
        let chat = chat_of(bot, person.id)?;
        let own = chat.find(editing.message_id);
        let entry = own
            .filter(|entry| !entry.is_from_bot && entry.content.contains_key("text"))
            .ok_or_else(|| Refused::unknown("There is no such text of the person."))?;
        entry.content.insert("text".to_owned(), text);
        entry.edit_date = Some(epoch_ms() / 1000);
        let entry = entry.clone();
        chat.touch();
        let message = shape::message(bot, &person, &entry);
        bot.notify("edited_message", message);
        Ok::<_, Refused>(json!({ "message": shape::bubble(&entry) }))
    })?;
    shared.wake(editing.bot);
    Ok(done(&edited))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Deleting {
    bot: i64,
    person: Value,
    message_id: i64,
}

/// Deletes a message in the person's messenger.
pub(super) async fn delete(Of(shared): Of<Shared>, Posted(deleting): Posted<Deleting>) -> Answer {
    shared.change(|state| {
        let person = state.person(&deleting.person)?;
        let chat = chat_of(state.bot(deleting.bot)?, person.id)?;
        let entry = chat.find(deleting.message_id);
        entry.ok_or_else(|| Refused::unknown("There is no such message."))?.is_deleted = true;
        chat.touch();
        Ok::<_, Refused>(())
    })?;
    let note = "Telegram does not tell a bot that a message is deleted: no update is posted.";
    Ok(done(&json!({ "isDeleted": true, "note": note })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pair {
    bot: i64,
    person: Value,
}

/// Blocks a bot.
pub(super) async fn block(Of(shared): Of<Shared>, Posted(pair): Posted<Pair>) -> Answer {
    membership(&shared, &pair, true)
}

/// Takes a bot back.
pub(super) async fn unblock(Of(shared): Of<Shared>, Posted(pair): Posted<Pair>) -> Answer {
    membership(&shared, &pair, false)
}

fn membership(shared: &Shared, pair: &Pair, is_blocked: bool) -> Answer {
    shared.change(|state| {
        let person = state.person(&pair.person)?;
        state.open_chat(pair.bot, person.id)?;
        let bot = state.bot(pair.bot)?;
        let chat = chat_of(bot, person.id)?;
        if chat.is_blocked != is_blocked {
            chat.is_blocked = is_blocked;
            chat.touch();
            let update = shape::membership(bot, &person, is_blocked, epoch_ms() / 1000);
            bot.notify("my_chat_member", update);
        }
        Ok::<_, Refused>(())
    })?;
    shared.wake(pair.bot);
    Ok(done(&json!({ "isBlocked": is_blocked })))
}

#[derive(Deserialize)]
pub(super) struct Looking {
    bot: i64,
    /// The id, or the first name.
    person: String,
    /// The revision that the reader has.
    after: Option<u64>,
}

/// Returns a chat with all its messages; an empty one of a person who has not written yet.
pub(super) async fn chat(Of(shared): Of<Shared>, Query(looking): Query<Looking>) -> Answer {
    shared.read(|state| look(state, &looking)).map(|chat| done(&chat))
}

/// Returns a chat once it has changed, or as it is after a while.
pub(super) async fn events(Of(shared): Of<Shared>, Query(looking): Query<Looking>) -> Answer {
    let mut changes = shared.changes.subscribe();
    let mut timeout = std::pin::pin!(tokio::time::sleep(WAIT));
    loop {
        let is_open = *changes.borrow_and_update();
        let chat = shared.read(|state| look(state, &looking))?;
        let revision = chat.get("revision").and_then(Value::as_u64);
        if !is_open || revision != Some(looking.after.unwrap_or_default()) {
            return Ok(done(&chat));
        }
        tokio::select! {
            _ = changes.changed() => {}
            () = timeout.as_mut() => return Ok(done(&chat)),
        }
    }
}

fn look(state: &State, looking: &Looking) -> Result<Value, Refused> {
    let bot = state.bots.get(&looking.bot);
    let bot = bot.ok_or_else(|| Refused::unknown("There is no such bot."))?;
    let is_meant = |person: &&Person| {
        person.first_name == looking.person || person.id.to_string() == looking.person
    };
    let person = state.people.values().find(is_meant);
    let chat = person.and_then(|person| bot.chats.get(&person.id));
    Ok(shape::shown(bot, person, chat))
}

/// Disturbs the next messages of a bot.
pub(super) async fn disturb(
    Of(shared): Of<Shared>,
    Posted(asked): Posted<Map<String, Value>>,
) -> Answer {
    let asked = Asked::of(asked, "bot")?;
    let bot = asked.account.parse().unwrap_or_default();
    shared.change(|state| state.bot(bot).map(|_| ()))?;
    shared.faults.take(asked)
}
