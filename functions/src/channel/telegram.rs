//! Telegram: the Bot API posts each update of a bot, with the secret that was registered with the
//! address, and takes messages under the bot's token. Only private chats are served.

mod call;
mod content;
mod file;

use domain::Timestamp;
use domain::text::lenient_name;
use lambda_http::Request;
use serde_json::Value;

use super::member::{id, moment, number, text};
use super::{Message, Received, signature};
use crate::json::{Refused, body};

pub use call::{
    Bot, delete_webhook, deliver, done, get_me, get_webhook_info, is_token, me, outcome,
    set_webhook, webhook_url,
};
pub use file::{download, file_path, get_file};

/// The longest body of an update, in bytes.
pub const BODY_BYTES: usize = 256 * 1024;
/// The longest text of a message, in UTF-16 code units.
pub const TEXT_LENGTH: usize = 4096;
/// The most bytes of a file that a bot can fetch.
pub const FILE_BYTES: u64 = 20 * 1024 * 1024;
/// The answer to a wrong secret, and to a tenant that is not served.
pub const REFUSED: Refused = Refused::Unauthenticated {
    challenge: "X-Telegram-Bot-Api-Secret-Token",
    message: "The secret is wrong.",
};
const SECRET: &str = "x-telegram-bot-api-secret-token";
/// The kinds of updates that are asked for.
const UPDATES: [&str; 3] = ["message", "edited_message", "my_chat_member"];
/// The kinds of contacts.
const USER_NAME: &str = "telegram";
const PHONE: &str = "phone";

/// Returns true if a request carries this secret.
#[must_use]
pub fn is_authentic(request: &Request, secret: &str) -> bool {
    let header = request.headers().get(SECRET).and_then(|value| value.to_str().ok());
    signature::is_same(secret, header)
}

/// Reads an update.
///
/// # Errors
/// [`Refused`]: the body is too large, or no JSON object.
pub fn receive(body: &[u8]) -> Result<Received, Refused> {
    if body.len() > BODY_BYTES {
        return Err(Refused::TooLarge { most: BODY_BYTES });
    }
    let update: Value = body::object(body)?;
    let [message, edited, membership] = UPDATES.map(|kind| update.get(kind));
    let received = if let Some(message) = message {
        arrived(message)
    } else if let Some(message) = edited {
        changed(message)
    } else if let Some(membership) = membership {
        blocked(membership)
    } else {
        Err("update")
    };
    Ok(received.unwrap_or_else(|reason| Received::Nothing { reason }))
}

/// The chat and the ids of a message.
struct Head {
    chat: i64,
    id: String,
    from_id: String,
}

fn head(message: &Value) -> Result<Head, &'static str> {
    let chat = private_chat(message)?;
    let id = number(message, "/message_id").filter(|id| *id != 0).ok_or("malformed")?;
    Ok(Head { chat, id: message_id(chat, id), from_id: chat.to_string() })
}

/// Returns the id of a private chat, which is the id of the client there.
fn private_chat(value: &Value) -> Result<i64, &'static str> {
    match text(value, "/chat/type") {
        Some("private") => number(value, "/chat/id").ok_or("malformed"),
        Some(_) => Err("group"),
        None => Err("malformed"),
    }
}

/// A message's number is unique in its chat only.
fn message_id(chat: i64, number: i64) -> String {
    format!("{chat}:{number}")
}

fn arrived(message: &Value) -> Result<Received, &'static str> {
    let Head { chat, id, from_id } = head(message)?;
    let (text, files) = content::content(message)?;
    let from = sender(message);
    let user_name = user_name(from);
    let name = [super::member::text(from, "/first_name"), super::member::text(from, "/last_name")]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let fallback = user_name.clone().unwrap_or_else(|| from_id.clone());
    let contacts = user_name.map(|name| (USER_NAME.to_owned(), name));
    Ok(Received::Message(Message {
        id,
        is_named: !lenient_name(&name, "").is_empty(),
        from_name: lenient_name(&name, &fallback),
        contacts: contacts.into_iter().chain(own_phone(message, chat)).collect(),
        from_id,
        text,
        files,
        sent_at: number(message, "/date").and_then(moment),
        reply_to: quoted(message, chat),
    }))
}

fn changed(message: &Value) -> Result<Received, &'static str> {
    let Head { id, from_id, .. } = head(message)?;
    // A shared live location is edited every few seconds.
    if message.pointer("/location/live_period").is_some() {
        return Err("live location");
    }
    let at: Option<Timestamp> =
        number(message, "/edit_date").or_else(|| number(message, "/date")).and_then(moment);
    Ok(Received::Edited { id, from_id, text: content::text(message)?, at })
}

fn blocked(membership: &Value) -> Result<Received, &'static str> {
    let from_id = private_chat(membership)?.to_string();
    let at = number(membership, "/date").and_then(moment);
    match text(membership, "/new_chat_member/status") {
        Some("kicked") => Ok(Received::Blocked { from_id, at }),
        Some("member") => Ok(Received::Unblocked { from_id, at }),
        _ => Err("membership"),
    }
}

/// The chat carries the same names as its client.
fn sender(message: &Value) -> &Value {
    let of = |member| message.get(member).filter(|value: &&Value| value.is_object());
    of("from").or_else(|| of("chat")).unwrap_or(message)
}

fn user_name(from: &Value) -> Option<String> {
    text(from, "/username").map(|name| lenient_name(&format!("@{name}"), ""))
}

/// Returns the phone number of a client who shares their own contact.
fn own_phone(message: &Value, chat: i64) -> Option<(String, String)> {
    let is_own = number(message, "/contact/user_id") == Some(chat);
    let phone = text(message, "/contact/phone_number").filter(|_| is_own)?;
    let digits = phone.trim().trim_start_matches('+');
    let phone = lenient_name(&format!("+{digits}"), "");
    Some((PHONE.to_owned(), phone))
}

/// Returns the id of the quoted message; none for a message of another chat.
fn quoted(message: &Value, chat: i64) -> Option<String> {
    let quoted = message.get("reply_to_message")?;
    let is_here = number(quoted, "/chat/id").is_none_or(|of| of == chat);
    let number = number(quoted, "/message_id").filter(|_| is_here)?;
    id(&message_id(chat, number))
}

#[cfg(test)]
mod tests;
