//! The client's side: people write to a number, edit, delete, read; and tests report statuses.

use std::time::Duration;

use axum::extract::{Query, State as Of};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::state::{Entry, State, wamid};
use super::{Shared, shape};
use crate::clock::epoch_ms;
use crate::vendor::answer::{Posted, Refused, done};

/// The longest time that a request waits for a change.
const WAIT: Duration = Duration::from_secs(20);
/// The most messages of one request.
const MOST_WRITTEN: usize = 1000;
const ID_LENGTH: usize = 100;

type Answer = Result<Response, Refused>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Writing {
    phone_number_id: String,
    messages: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    /// The phone number in digits, or another id with a letter.
    from: String,
    name: Option<String>,
    username: Option<String>,
    /// The type; `text` without it.
    #[serde(rename = "type")]
    kind: Option<String>,
    text: Option<String>,
    /// The member that is named as the type, where the type is another.
    content: Option<Value>,
    reply_to: Option<String>,
}

/// Writes messages, which are posted as one.
pub(super) async fn write(Of(shared): Of<Shared>, Posted(writing): Posted<Writing>) -> Answer {
    if writing.messages.is_empty() || writing.messages.len() > MOST_WRITTEN {
        return Err(Refused::invalid(format!("There are 1 to {MOST_WRITTEN} messages.")));
    }
    let id = writing.phone_number_id;
    let ids = shared.change(|state| written(state, &id, writing.messages))?;
    shared.wake(&id);
    Ok(done(&json!({ "ids": ids })))
}

fn written(state: &mut State, id: &str, all: Vec<Written>) -> Result<Vec<String>, Refused> {
    let mut checked = Vec::new();
    for one in all {
        let (from, name, username) = (one.from.clone(), one.name.clone(), one.username.clone());
        checked.push((from, name, username, content(one)?));
    }
    let (mut profiles, mut messages, mut ids) = (Map::new(), Vec::new(), Vec::new());
    for (from, name, username, (entry, content)) in checked {
        let has_room = state.has_room();
        let number = state.number(id)?;
        if !has_room && !number.chats.contains_key(&from) {
            return Err(Refused::conflict("There are too many chats."));
        }
        let now = number.window_clock();
        let chat = number.chats.entry(from.clone()).or_default();
        chat.wrote_at = Some(now);
        chat.name = name.or(chat.name.take());
        chat.username = username.or(chat.username.take());
        profiles.insert(from.clone(), shape::profile(&from, chat));
        messages.push(shape::message(&from, &entry, content));
        ids.push(entry.id.clone());
        chat.add(entry);
    }
    let number = state.number(id)?;
    let profiles: Vec<Value> = profiles.into_iter().map(|(_, profile)| profile).collect();
    let contents =
        [("contacts".to_owned(), profiles.into()), ("messages".to_owned(), messages.into())];
    number.notify(shape::notice(number, Map::from_iter(contents)));
    Ok(ids)
}

/// Returns a message and the content that is posted.
fn content(one: Written) -> Result<(Entry, Value), Refused> {
    if one.from.is_empty() || one.from.len() > ID_LENGTH {
        return Err(Refused::invalid("A message is from somebody."));
    }
    let kind = one.kind.unwrap_or_else(|| "text".to_owned());
    let content = match (kind.as_str(), one.content, &one.text) {
        ("text", None, Some(text)) => json!({ "body": text }),
        ("text", _, _) => return Err(Refused::invalid("A text has the member text only.")),
        (_, Some(content), _) => content,
        ("sticker", None, _) => {
            json!({ "id": "1", "mime_type": "image/webp", "sha256": "x", "animated": false })
        }
        ("location", None, _) => json!({ "latitude": 52.520_008, "longitude": 13.404_954 }),
        ("contacts", None, _) => {
            json!([{ "name": { "formatted_name": "Ann" }, "phones": [{ "phone": "+49 30 1" }] }])
        }
        _ => return Err(Refused::invalid("This type needs the member content.")),
    };
    let text = one.text.unwrap_or_else(|| format!("({kind})"));
    let (id, date) = (wamid(), epoch_ms() / 1000);
    let entry = Entry { id, date, kind, text, reply_to: one.reply_to, ..Entry::default() };
    Ok((entry, content))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Changing {
    phone_number_id: String,
    from: String,
    message_id: String,
    /// The new text; none where a message is deleted.
    text: Option<String>,
}

/// Edits a person's text.
pub(super) async fn edit(Of(shared): Of<Shared>, Posted(asked): Posted<Changing>) -> Answer {
    let text = asked.text.as_deref().filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| Refused::invalid("The new text is missing."))?;
    change(&shared, &asked, "edit", |entry| {
        entry.text = text.to_owned();
        entry.is_edited = true;
        shape::edit(entry)
    })
}

/// Deletes a person's message for everybody.
pub(super) async fn revoke(Of(shared): Of<Shared>, Posted(asked): Posted<Changing>) -> Answer {
    if asked.text.is_some() {
        return Err(Refused::invalid("A deleted message has no text."));
    }
    change(&shared, &asked, "revoke", |entry| {
        entry.is_deleted = true;
        json!({ "original_message_id": entry.id })
    })
}

fn change(
    shared: &Shared,
    asked: &Changing,
    kind: &str,
    with: impl FnOnce(&mut Entry) -> Value,
) -> Answer {
    let id = shared.change(|state| {
        let number = state.number(&asked.phone_number_id)?;
        let chat = number.chat(&asked.from)?;
        let entry = chat.entry(&asked.message_id).filter(|entry| !entry.is_from_business);
        let entry = entry.ok_or_else(|| Refused::unknown("There is no such message."))?;
        let content = with(entry);
        let (id, date) = (wamid(), epoch_ms() / 1000);
        let event = Entry { id: id.clone(), date, kind: kind.to_owned(), ..Entry::default() };
        chat.touch();
        let profile = shape::profile(&asked.from, chat);
        let message = shape::message(&asked.from, &event, content);
        let contents =
            [("contacts".to_owned(), json!([profile])), ("messages".to_owned(), json!([message]))];
        number.notify(shape::notice(number, Map::from_iter(contents)));
        Ok::<_, Refused>(id)
    })?;
    shared.wake(&asked.phone_number_id);
    Ok(done(&json!({ "id": id })))
}

#[derive(Deserialize)]
pub(super) struct Looking {
    #[serde(rename = "phoneNumberId")]
    phone_number_id: String,
    person: String,
    /// The revision that the reader has.
    after: Option<u64>,
}

/// Returns a chat with all its messages.
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
    let number = state.numbers.get(&looking.phone_number_id);
    let number = number.ok_or_else(|| Refused::unknown("There is no such number."))?;
    let chat = number.chats.get(&looking.person);
    let chat = chat.ok_or_else(|| Refused::unknown("There is no such chat."))?;
    Ok(shape::shown(number, &looking.person, chat))
}
