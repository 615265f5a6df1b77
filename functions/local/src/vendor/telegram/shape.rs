//! Bots, chats and messages as the Bot API writes them, and as the page reads them.

use serde_json::{Map, Value, json};

use super::files;
use super::state::{Bot, Chat, DEMO_TOKEN, Entry, Person};

/// Returns a bot as a user.
pub(super) fn bot(bot: &Bot) -> Value {
    json!({ "id": bot.id, "is_bot": true, "first_name": bot.name(), "username": bot.username() })
}

/// Returns the answer to `getMe`.
pub(super) fn me(of: &Bot) -> Value {
    let mut me = bot(of);
    for (name, value) in [
        ("can_join_groups", true),
        ("can_read_all_group_messages", false),
        ("supports_inline_queries", false),
        ("can_connect_to_business", false),
        ("has_main_web_app", false),
    ] {
        insert(&mut me, name, value);
    }
    me
}

fn insert(object: &mut Value, name: &str, value: impl Into<Value>) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value.into());
    }
}

fn names(person: &Person) -> Value {
    let mut names = json!({ "id": person.id, "first_name": person.first_name });
    for (name, value) in [("last_name", &person.last_name), ("username", &person.username)] {
        if let Some(value) = value {
            insert(&mut names, name, value.clone());
        }
    }
    names
}

/// Returns a person as a user.
pub(super) fn user(person: &Person) -> Value {
    let mut user = names(person);
    insert(&mut user, "is_bot", false);
    insert(&mut user, "language_code", "en");
    user
}

/// Returns the private chat with a person.
pub(super) fn chat(person: &Person) -> Value {
    let mut chat = names(person);
    insert(&mut chat, "type", "private");
    chat
}

/// Returns a message, with the one that it quotes.
pub(super) fn message(of: &Bot, person: &Person, entry: &Entry) -> Value {
    let mut message = plain(of, person, entry);
    let is_quoted = |other: &&Entry| Some(other.id) == entry.reply_to;
    let messages = of.chats.get(&person.id).map(|chat| &chat.messages);
    if let Some(quoted) = messages.and_then(|messages| messages.iter().find(is_quoted)) {
        insert(&mut message, "reply_to_message", plain(of, person, quoted));
    }
    message
}

fn plain(of: &Bot, person: &Person, entry: &Entry) -> Value {
    let from = if entry.is_from_bot { bot(of) } else { user(person) };
    let mut message = json!({ "message_id": entry.id, "from": from, "chat": chat(person),
        "date": entry.date });
    if let Some(at) = entry.edit_date {
        insert(&mut message, "edit_date", at);
    }
    if let Some(members) = message.as_object_mut() {
        members.extend(entry.content.clone());
    }
    message
}

/// Returns the update of a person who blocks the bot, or takes it back.
pub(super) fn membership(of: &Bot, person: &Person, is_blocked: bool, date: i64) -> Value {
    let member = |is_kicked: bool| match is_kicked {
        true => json!({ "user": bot(of), "status": "kicked", "until_date": 0 }),
        false => json!({ "user": bot(of), "status": "member" }),
    };
    json!({ "chat": chat(person), "from": user(person), "date": date,
        "old_chat_member": member(!is_blocked), "new_chat_member": member(is_blocked) })
}

/// Returns a bot as the page lists it.
pub(super) fn listed(bot: &Bot) -> Value {
    let mut listed = json!({
        "id": bot.id,
        "username": bot.username(),
        "name": bot.name(),
        "hasWebhook": bot.webhook.is_some(),
        "isRevoked": bot.token.is_none(),
        "pending": bot.pending.len(),
        "throttled": bot.throttled,
        "lastError": bot.last_error.as_ref().map(|(_, reason)| reason),
    });
    if bot.is_demo() {
        insert(&mut listed, "token", DEMO_TOKEN);
    }
    listed
}

/// Returns a chat as the page shows it.
pub(super) fn shown(bot: &Bot, person: Option<&Person>, chat: Option<&Chat>) -> Value {
    let messages = chat.map(|chat| chat.messages.iter().map(bubble).collect::<Vec<_>>());
    json!({
        "bot": bot.id,
        "person": person,
        "isBlocked": chat.is_some_and(|chat| chat.is_blocked),
        "revision": chat.map_or(0, |chat| chat.revision),
        "messages": messages.unwrap_or_default(),
    })
}

/// Returns a message as the page shows it.
pub(super) fn bubble(entry: &Entry) -> Value {
    let of = |member: &str| entry.content.get(member).and_then(Value::as_str);
    let (text, file) = (of("text"), files::shown(&entry.content));
    let said = text.map(str::to_owned).unwrap_or_else(|| match file {
        Some(_) => of("caption").unwrap_or_default().to_owned(),
        None => described(&entry.content),
    });
    json!({
        "id": entry.id,
        "from": if entry.is_from_bot { "bot" } else { "person" },
        "text": said,
        "file": file,
        "hasText": text.is_some(),
        "replyTo": entry.reply_to,
        "date": entry.date,
        "editDate": entry.edit_date,
        "isDeleted": entry.is_deleted,
    })
}

fn described(content: &Map<String, Value>) -> String {
    let of = |pointer: &str| {
        let whole = Value::Object(content.clone());
        whole.pointer(pointer).map(|value| value.as_str().map_or(value.to_string(), str::to_owned))
    };
    if let Some(emoji) = of("/sticker/emoji") {
        return format!("{emoji} (sticker)");
    }
    if let (Some(latitude), Some(longitude)) = (of("/location/latitude"), of("/location/longitude"))
    {
        return format!("{latitude}, {longitude} (location)");
    }
    let name = of("/contact/first_name").unwrap_or_default();
    format!("{name} {} (contact)", of("/contact/phone_number").unwrap_or_default())
}
