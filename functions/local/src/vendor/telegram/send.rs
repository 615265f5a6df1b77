//! `sendMessage`, `sendPhoto`, `sendDocument`: the rules that the vendor has for a bot's messages.

use serde_json::{Map, Value};

use super::files::{self, FILE};
use super::method::{Done, Error};
use super::state::{Bot, State};
use super::{Shared, shape};
use crate::clock::epoch_ms;
use crate::vendor::fields::{Field, Kind, optional, required};

/// A quote.
const QUOTE: Field = optional(
    "reply_parameters",
    Kind::Object(&[
        required("message_id", Kind::Integer),
        optional("chat_id", Kind::TextOrInteger),
        optional("allow_sending_without_reply", Kind::Boolean),
    ]),
);
/// The parameters of a text.
pub(super) const SEND_MESSAGE: &[Field] = &[
    required("chat_id", Kind::TextOrInteger),
    required("text", Kind::Text),
    optional("disable_notification", Kind::Boolean),
    optional("protect_content", Kind::Boolean),
    optional("link_preview_options", Kind::Object(&[optional("is_disabled", Kind::Boolean)])),
    QUOTE,
];
/// The parameters of a photo.
pub(super) const SEND_PHOTO: &[Field] = &sending("photo");
/// The parameters of another file.
pub(super) const SEND_DOCUMENT: &[Field] = &sending("document");

const fn sending(member: &'static str) -> [Field; 6] {
    [
        required("chat_id", Kind::TextOrInteger),
        required(member, FILE),
        optional("caption", Kind::Text),
        optional("disable_notification", Kind::Boolean),
        optional("protect_content", Kind::Boolean),
        QUOTE,
    ]
}

/// The longest text below a file, in UTF-16 code units.
const CAPTION_LENGTH: usize = 1024;
/// The longest text, in UTF-16 code units.
const TEXT_LENGTH: usize = 4096;
/// The time that the rates are about, in milliseconds.
const SPAN_MS: i64 = 1000;
/// The most messages of a bot in that time.
const MOST_OF_BOT: usize = 30;
/// The most messages to a chat in that time: one a second is promised, short bursts pass.
const MOST_TO_CHAT: usize = 3;
/// The delay that is asked for, in seconds.
const RETRY_AFTER: i64 = 1;

/// Sends a message.
///
/// # Errors
/// The vendor's.
pub(super) fn message(shared: &Shared, bot: i64, body: &Map<String, Value>) -> Result<Done, Error> {
    let content = Map::from_iter([("text".to_owned(), Value::from(text(body)?))]);
    send(shared, bot, content, body)
}

/// Sends a file as a photo or as a document, which is the name of its member.
///
/// # Errors
/// The vendor's.
pub(super) fn file(
    shared: &Shared,
    bot: i64,
    body: &Map<String, Value>,
    member: &str,
) -> Result<Done, Error> {
    let caption = body.get("caption").and_then(Value::as_str).unwrap_or_default();
    if caption.encode_utf16().count() > CAPTION_LENGTH {
        return Err(Error::bad("message caption is too long"));
    }
    send(shared, bot, files::sent(member, body)?, body)
}

fn send(
    shared: &Shared,
    bot: i64,
    content: Map<String, Value>,
    body: &Map<String, Value>,
) -> Result<Done, Error> {
    let chat = body.get("chat_id").and_then(chat_id).ok_or_else(unknown_chat)?;
    let sent = shared.change(|state| sent(state, (bot, chat), content, body, epoch_ms()))?;
    Ok(Done::of(sent))
}

fn unknown_chat() -> Error {
    Error::bad("chat not found")
}

/// The vendor removes white space around a text.
fn text(body: &Map<String, Value>) -> Result<&str, Error> {
    let text = body.get("text").and_then(Value::as_str).unwrap_or_default().trim();
    if text.is_empty() {
        return Err(Error::bad("message text is empty"));
    }
    if text.encode_utf16().count() > TEXT_LENGTH {
        return Err(Error::bad("message is too long"));
    }
    Ok(text)
}

/// Returns the number of a chat; none for the name of a channel.
fn chat_id(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn sent(
    state: &mut State,
    (bot, chat): (i64, i64),
    content: Map<String, Value>,
    body: &Map<String, Value>,
    now: i64,
) -> Result<Value, Error> {
    let person = state.people.get(&chat).cloned().ok_or_else(unknown_chat)?;
    let bot = state.bots.get_mut(&bot).ok_or_else(|| Error::new(401, "Unauthorized"))?;
    check_rates(bot, chat, now)?;
    if bot.chats.get(&chat).is_some_and(|chat| chat.is_blocked) {
        return Err(Error::new(403, "Forbidden: bot was blocked by the user"));
    }
    let reply_to = quoted(bot, chat, body)?;
    let entry = bot.add(chat, true, now, content, reply_to);
    bot.rate.take(now);
    if let Some(chat) = bot.chats.get_mut(&chat) {
        chat.rate.take(now);
    }
    Ok(shape::message(bot, &person, &entry))
}

/// A call that is refused for a rate counts for none.
fn check_rates(bot: &mut Bot, chat: i64, now: i64) -> Result<(), Error> {
    let chat = bot.chats.get_mut(&chat).ok_or_else(unknown_chat)?;
    let has_room = bot.rate.has_room(now, MOST_OF_BOT, SPAN_MS)
        && chat.rate.has_room(now, MOST_TO_CHAT, SPAN_MS);
    if has_room {
        return Ok(());
    }
    bot.throttled = bot.throttled.saturating_add(1);
    Err(Error::throttled(RETRY_AFTER))
}

/// Returns the id of the quoted message; none if there is no quote, or if a lost one is allowed.
fn quoted(bot: &mut Bot, chat: i64, body: &Map<String, Value>) -> Result<Option<i64>, Error> {
    let Some(quote) = body.get("reply_parameters") else { return Ok(None) };
    let id = quote.get("message_id").and_then(Value::as_i64).unwrap_or_default();
    let is_here = quote.get("chat_id").is_none_or(|of| chat_id(of) == Some(chat));
    let chat = bot.chats.get_mut(&chat).filter(|_| is_here);
    if chat.is_some_and(|chat| chat.find(id).is_some()) {
        return Ok(Some(id));
    }
    match quote.get("allow_sending_without_reply").and_then(Value::as_bool) {
        Some(true) => Ok(None),
        _ => Err(Error::bad("message to be replied not found")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bot_has_thirty_messages_a_second_and_three_of_them_for_a_chat() {
        let mut state = State::default();
        let bot = *state.bots.keys().next().expect("a bot");
        let people: Vec<i64> = (0..12)
            .map(|number| state.person(&format!("P{number}").into()).expect("a person").id)
            .collect();
        for person in &people {
            state.open_chat(bot, *person).expect("a chat");
        }
        let mut sends =
            |chat: i64, now: i64| sent(&mut state, (bot, chat), Map::new(), &Map::new(), now);
        let burst: Vec<bool> = (0..4).map(|_| sends(people[0], 1000).is_ok()).collect();
        assert_eq!(burst, [true, true, true, false]);
        assert_eq!(sends(people[0], 1999), Err(Error::throttled(1)));
        assert!(sends(people[0], 2000).is_ok());
        let many = people.iter().flat_map(|person| [person; 3]).skip(3);
        let taken = many.filter(|person| sends(**person, 2500).is_ok()).count();
        assert_eq!(taken, 29);
        assert!(sends(people[11], 3000).is_ok());
        assert_eq!(state.bots[&bot].throttled, 2 + 33 - 29);
    }
}
