//! The Cloud API's call that sends a message, with the rules that the vendor has for it.

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Path, Request, State as Of};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::error::Error;
use super::state::{Entry, Number, State, is_phone, wamid};
use super::{Shared, media, shape};
use crate::clock::epoch_ms;
use crate::vendor::answer::{done, is_json};
use crate::vendor::fields::{self, Field, Kind, optional, required};

/// The parameters.
const SEND: &[Field] = &[
    required("messaging_product", Kind::Text),
    optional("recipient_type", Kind::Text),
    optional("to", Kind::Text),
    optional("recipient", Kind::Text),
    required("type", Kind::Text),
    optional(
        "text",
        Kind::Object(&[required("body", Kind::Text), optional("preview_url", Kind::Boolean)]),
    ),
    optional("image", CAPTIONED),
    optional("video", CAPTIONED),
    optional("audio", Kind::Object(&[required("id", Kind::Text)])),
    optional(
        "document",
        Kind::Object(&[
            required("id", Kind::Text),
            optional("filename", Kind::Text),
            optional("caption", Kind::Text),
        ]),
    ),
    optional("context", Kind::Object(&[required("message_id", Kind::Text)])),
    optional("biz_opaque_callback_data", Kind::Text),
];
/// A file that was uploaded before, with a text below it.
const CAPTIONED: Kind =
    Kind::Object(&[required("id", Kind::Text), optional("caption", Kind::Text)]);
/// The types of messages with files.
const FILES: [&str; 4] = ["image", "video", "audio", "document"];
/// The longest text, in characters.
const TEXT_LENGTH: usize = 4096;
/// The longest text that statuses repeat, in characters.
const CALLBACK_LENGTH: usize = 512;
/// The most messages of a number in a second.
const MOST_OF_NUMBER: usize = 80;
const SECOND_MS: i64 = 1000;
/// The longest burst to one person, and the time in which one more message becomes free.
const PAIR_BURST: i64 = 45;
const PAIR_PERIOD_MS: i64 = 6000;

/// A message that the rules allow.
struct Message {
    person: String,
    entry: Entry,
}

/// Answers a call.
pub(super) async fn call(
    Of(shared): Of<Shared>,
    Path((version, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    match carried_out(&shared, &version, &id, request).await {
        Ok(response) => response,
        Err(error) => error.response(),
    }
}

async fn carried_out(
    shared: &Shared,
    version: &str,
    id: &str,
    request: Request,
) -> Result<Response, Error> {
    if !is_version(version) {
        return Err(Error::hidden(version));
    }
    let token = bearer(request.headers()).ok_or_else(Error::token)?;
    shared.read(|state| {
        let number = state.numbers.get(id).ok_or_else(|| Error::hidden(id))?;
        if number.is_token(token) { Ok(()) } else { Err(Error::token()) }
    })?;
    let is_json = is_json(request.headers());
    let body = Bytes::from_request(request, &()).await;
    let body = body.ok().filter(|_| is_json).and_then(|body| serde_json::from_slice(&body).ok());
    let body: Map<String, Value> =
        body.ok_or_else(|| Error::parameter("The request body is no JSON object."))?;
    let refuse = |status| Error::asked(status).response();
    let accept = || match sent(shared, id, &body) {
        Ok(answer) => done(&answer),
        Err(error) => error.response(),
    };
    Ok(shared.faults.around(id, refuse, accept).await)
}

/// Returns the access token of a call.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Returns true for a version such as `v24.0`.
pub(super) fn is_version(text: &str) -> bool {
    let is_number = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts = text.strip_prefix('v').and_then(|rest| rest.split_once('.'));
    parts.is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

fn sent(shared: &Shared, id: &str, body: &Map<String, Value>) -> Result<Value, Error> {
    let message = shared.read(|state| read(state, body))?;
    let (input, wamid) = (message.person.clone(), message.entry.id.clone());
    shared.change(|state| {
        let number = state.numbers.get_mut(id).ok_or_else(|| Error::hidden(id))?;
        accept(number, message)
    })?;
    shared.wake(id);
    let contact = if is_phone(&input) { "wa_id" } else { "user_id" };
    Ok(json!({ "messaging_product": "whatsapp", "contacts": [{ "input": input, contact: input }],
        "messages": [{ "id": wamid }] }))
}

/// Checks everything that the request alone decides.
fn read(state: &State, body: &Map<String, Value>) -> Result<Message, Error> {
    fields::check(body, SEND)?;
    let of = |name: &str| body.get(name).and_then(Value::as_str);
    for (name, only) in [("messaging_product", "whatsapp"), ("recipient_type", "individual")] {
        if let Some(other) = of(name).filter(|value| *value != only) {
            let message = format!("Param {name} must be one of {{{only}}} - got \"{other}\".");
            return Err(Error::parameter(message));
        }
    }
    let kind = of("type").unwrap_or_default();
    let is_file = FILES.contains(&kind);
    if !is_file && kind != "text" {
        return Err(Error::unsupported());
    }
    let person = match (of("to"), of("recipient")) {
        (Some(to), None) => Some(to.trim_start_matches('+')).filter(|to| is_phone(to)),
        (None, Some(other)) => Some(other).filter(|other| !other.is_empty() && !is_phone(other)),
        (Some(_), Some(_)) => None,
        (None, None) => return Err(Error::parameter("The parameter to is required.")),
    };
    let person = person.ok_or_else(|| Error::value("Recipient is not valid."))?.to_owned();
    let content = body.get(kind);
    let member = |name: &str| content.and_then(|content| content.get(name)).and_then(Value::as_str);
    let text = if is_file {
        let id = member("id").unwrap_or_default();
        if !media::may_be(state, id, kind) {
            return Err(Error::value(&format!("Media {id} cannot be sent as {kind}.")));
        }
        member("caption").unwrap_or_default()
    } else {
        let text = member("body").filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| Error::parameter("The parameter text['body'] is required."))?
    };
    bounded("text['body']", text, TEXT_LENGTH)?;
    let callback = of("biz_opaque_callback_data").map(str::to_owned);
    bounded("biz_opaque_callback_data", callback.as_deref().unwrap_or_default(), CALLBACK_LENGTH)?;
    let quoted = body.get("context").and_then(|context| context.get("message_id"));
    let entry = Entry {
        id: wamid(),
        is_from_business: true,
        date: epoch_ms() / 1000,
        kind: kind.to_owned(),
        text: text.to_owned(),
        file: content.filter(|_| is_file).cloned(),
        reply_to: quoted.and_then(Value::as_str).map(str::to_owned),
        callback,
        ..Entry::default()
    };
    Ok(Message { person, entry })
}

fn bounded(name: &str, text: &str, most: usize) -> Result<(), Error> {
    if text.chars().count() <= most {
        return Ok(());
    }
    Err(Error::parameter(format!("Param {name} must be at most {most} characters long.")))
}

/// Checks everything else, adds the message, and reports its first statuses.
fn accept(number: &mut Number, message: Message) -> Result<(), Error> {
    let Message { person, mut entry } = message;
    let (now, is_open) = (epoch_ms(), number.is_open(&person));
    if !is_open && !number.is_window_reported {
        return Err(Error::window());
    }
    let chat = number.chats.get_mut(&person).ok_or_else(Error::window)?;
    if entry.reply_to.as_deref().is_some_and(|id| chat.entry(id).is_none()) {
        return Err(Error::value("The message in context does not exist."));
    }
    let has_room = number.rate.has_room(now, MOST_OF_NUMBER, SECOND_MS);
    if !has_room || !chat.rate.take(now, PAIR_BURST, PAIR_PERIOD_MS) {
        number.throttled = number.throttled.saturating_add(1);
        return Err(if has_room { Error::pair_rate() } else { Error::rate() });
    }
    number.rate.take(now);
    let states: &[&str] = match (is_open, number.is_automatic) {
        (false, _) => &["failed"],
        (true, true) => &["sent", "delivered"],
        (true, false) => &[],
    };
    let error = (!is_open).then(|| Error::window().reported());
    for state in states {
        let status = shape::status(&person, &entry, state, now / 1000, error.clone());
        number.notify(shape::statuses(number, vec![status]));
        entry.status = Some((*state).to_owned());
    }
    if let Some(chat) = number.chats.get_mut(&person) {
        chat.add(entry);
    }
    Ok(())
}
