//! WhatsApp: the Cloud API posts messages and receipts of a business's numbers, signed with the app's
//! secret, and takes messages under an access token.
//!
//! A client is known by their phone number. A client who hides it behind a user name is known by an id
//! that WhatsApp makes for each business, such as `US.13491208655302741918`.

mod call;
mod content;
mod fault;
mod receipt;

use std::collections::HashMap;

use domain::text::{NAME_LENGTH, lenient_name};
use lambda_http::Request;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::member::{self, list, moment, printed, text};
use super::{Message, Received, signature};
use crate::json::{Refused, body};

pub use call::{
    deliver, download, get_media, get_number, is_access_token, is_phone_number_id, media_id,
    media_url, number, outcome, upload,
};

/// The longest body of a request, in bytes, as WhatsApp documents it.
pub const BODY_BYTES: usize = 3 * 1024 * 1024;
/// The longest text of a message, in code points.
pub const TEXT_LENGTH: usize = 4096;
/// The most messages and receipts of a request: about as many as the longest one holds, as WhatsApp
/// writes them.
pub const MOST_RECEIVED: usize = 20_000;
/// The answer to a wrong signature or verify token, and to a tenant that is not served.
pub const REFUSED: Refused = Refused::Unauthenticated {
    challenge: "HMAC-SHA256",
    message: "The signature or the verify token is wrong.",
};
const SIGNATURE: &str = "x-hub-signature-256";
/// The longest challenge that is answered.
const CHALLENGE_LENGTH: usize = 200;
/// The beginning of an id that stands for one that is too long.
const HASHED: &str = "sha256:";
/// The kinds of contacts.
const PHONE: &str = "phone";
const USER_NAME: &str = "whatsapp";

/// Returns the challenge that a request for verification gets back, if it carries the token that was
/// entered at the vendor. `parameter` returns a parameter of the query.
#[must_use]
pub fn verified<'a>(
    parameter: impl Fn(&str) -> Option<&'a str>,
    verify_token: &str,
) -> Option<&'a str> {
    let is_right = signature::is_same(verify_token, parameter("hub.verify_token"));
    let is_subscription = parameter("hub.mode") == Some("subscribe");
    // The challenge is echoed, so it may contain nothing that a browser could take for a page.
    let is_plain = |challenge: &&str| {
        (1..=CHALLENGE_LENGTH).contains(&challenge.len())
            && challenge.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    parameter("hub.challenge").filter(is_plain).filter(|_| is_right && is_subscription)
}

/// Returns true if a request is signed with the app's secret.
#[must_use]
pub fn is_authentic(request: &Request, app_secret: &str) -> bool {
    let header = request.headers().get(SIGNATURE).and_then(|value| value.to_str().ok());
    signature::is_right(app_secret.as_bytes(), request.body(), header) && !app_secret.is_empty()
}

/// Reads everything in a request, in its order, for the number with this id.
///
/// # Errors
/// [`Refused`]: the body is too large or no JSON object, or holds more than [`MOST_RECEIVED`].
pub fn receive(body: &[u8], phone_number_id: &str) -> Result<Vec<Received>, Refused> {
    if body.len() > BODY_BYTES {
        return Err(Refused::TooLarge { most: BODY_BYTES });
    }
    let body: Value = body::object(body)?;
    let mut contents = Contents::default();
    for change in list(&body, "/entry").iter().flat_map(|entry| list(entry, "/changes")) {
        match changed(change, phone_number_id) {
            Ok(value) => contents.read(value)?,
            Err(reason) => contents.add(Err(reason))?,
        }
    }
    if contents.received.is_empty() {
        contents.add(Err("empty"))?;
    }
    Ok(contents.received)
}

/// Returns the value of a change that holds messages and receipts of the number with this id.
fn changed<'a>(change: &'a Value, phone_number_id: &str) -> Result<&'a Value, &'static str> {
    if text(change, "/field") != Some("messages") {
        return Err("field");
    }
    let value = change.get("value").ok_or("malformed")?;
    if text(value, "/metadata/phone_number_id") != Some(phone_number_id) {
        return Err("other number");
    }
    Ok(value)
}

/// All that was read of a request.
#[derive(Default)]
struct Contents {
    received: Vec<Received>,
    /// The number of those that can never be used.
    unused: usize,
}

impl Contents {
    fn read(&mut self, value: &Value) -> Result<(), Refused> {
        let profiles = Profiles::of(value);
        let messages = list(value, "/messages").iter().map(|message| arrived(message, &profiles));
        let receipts = list(value, "/statuses").iter().map(receipt::read);
        messages.chain(receipts).try_for_each(|read| self.add(read))
    }

    /// Adds one. Too many that can never be used are left out, because they are only counted.
    fn add(&mut self, read: Result<Received, &'static str>) -> Result<(), Refused> {
        match read {
            Ok(_) if self.received.len().saturating_sub(self.unused) >= MOST_RECEIVED => {
                return Err(Refused::invalid("entry", "It holds too many messages."));
            }
            Ok(received) => self.received.push(received),
            Err(reason) if self.unused < MOST_RECEIVED => {
                self.unused += 1;
                self.received.push(Received::Nothing { reason });
            }
            Err(_) => {}
        }
        Ok(())
    }
}

/// Reads one message.
fn arrived(message: &Value, profiles: &Profiles<'_>) -> Result<Received, &'static str> {
    if message.get("group_id").is_some() {
        return Err("group");
    }
    let from_id = sender_id(message)?;
    let id = text(message, "/id").map(key).ok_or("malformed")?;
    let at = printed(message, "/timestamp").and_then(|seconds| moment(seconds.parse().ok()?));
    let original = |kind| text(message, kind).map(key).ok_or("malformed");
    match text(message, "/type") {
        // WhatsApp's own notice that a client has another number.
        Some("system") => Err("system"),
        Some("revoke") => {
            Ok(Received::Deleted { id: original("/revoke/original_message_id")?, from_id })
        }
        Some("edit") => {
            let edited = message.pointer("/edit/message").ok_or("malformed")?;
            let id = original("/edit/original_message_id")?;
            Ok(Received::Edited { id, from_id, text: content::text(edited)?, at })
        }
        _ => {
            let sender = Sender::of(message, profiles, &from_id);
            let (text, files) = content::content(message)?;
            Ok(Received::Message(Message {
                id,
                from_id,
                from_name: sender.name,
                is_named: sender.is_named,
                contacts: sender.contacts,
                text,
                files,
                sent_at: at,
                reply_to: content::quoted(message).map(key),
            }))
        }
    }
}

fn sender_id(message: &Value) -> Result<String, &'static str> {
    sender(message).and_then(member::id).ok_or("malformed")
}

fn sender(message: &Value) -> Option<&str> {
    text(message, "/from").or_else(|| text(message, "/from_user_id"))
}

/// A sender as their profile shows them.
struct Sender {
    name: String,
    is_named: bool,
    contacts: Vec<(String, String)>,
}

impl Sender {
    fn of(message: &Value, profiles: &Profiles<'_>, from_id: &str) -> Self {
        let profile = profiles.find(message);
        let of = |pointer| profile.and_then(|profile| text(profile, pointer));
        let name = of("/profile/name").unwrap_or_default();
        let user_name = of("/profile/username").map(|name| {
            let name = name.trim_start_matches('@');
            lenient_name(&format!("@{name}"), "")
        });
        let phone = text(message, "/from").filter(|from| is_phone(from));
        let phone = phone.map(|digits| format!("+{digits}"));
        let fallback = phone.as_ref().or(user_name.as_ref()).map_or(from_id, String::as_str);
        Self {
            name: lenient_name(name, fallback),
            is_named: !lenient_name(name, "").is_empty(),
            contacts: [(PHONE, phone), (USER_NAME, user_name)]
                .into_iter()
                .filter_map(|(kind, value)| Some((kind.to_owned(), value?)))
                .filter(|(_, value)| value.chars().count() <= NAME_LENGTH)
                .collect(),
        }
    }
}

/// The profiles of the senders, which stand beside their messages.
struct Profiles<'a> {
    by_number: HashMap<&'a str, &'a Value>,
    by_user: HashMap<&'a str, &'a Value>,
    /// The only profile, where all messages have one sender. It is theirs also where WhatsApp writes
    /// their number in two ways.
    only: Option<&'a Value>,
}

impl<'a> Profiles<'a> {
    fn of(value: &'a Value) -> Self {
        let profiles = list(value, "/contacts");
        let mut senders = list(value, "/messages").iter().map(sender);
        let first = senders.next().flatten();
        let is_one = profiles.len() == 1 && senders.all(|sender| sender == first);
        Self {
            by_number: by(profiles, "/wa_id"),
            by_user: by(profiles, "/user_id"),
            only: profiles.first().filter(|_| is_one),
        }
    }

    fn find(&self, message: &Value) -> Option<&'a Value> {
        let by_number = text(message, "/from").and_then(|id| self.by_number.get(id));
        let by_user = || text(message, "/from_user_id").and_then(|id| self.by_user.get(id));
        by_number.or_else(by_user).copied().or(self.only)
    }
}

/// Returns profiles by an id in them. The first of two with the same id counts.
fn by<'a>(profiles: &'a [Value], id: &str) -> HashMap<&'a str, &'a Value> {
    profiles.iter().rev().filter_map(|profile| Some((text(profile, id)?, profile))).collect()
}

/// Returns true for a phone number; the other ids of clients contain a dot.
fn is_phone(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_ascii_digit())
}

/// Returns a message's id as it is kept: as it is, or a hash of one that is too long to be kept. The
/// same id always becomes the same.
fn key(id: &str) -> String {
    member::id(id).unwrap_or_else(|| {
        let hash = Sha256::digest(id.as_bytes());
        let digits = hash.iter().map(|byte| format!("{byte:02x}"));
        digits.fold(HASHED.to_owned(), |key, digits| key + &digits)
    })
}

#[cfg(test)]
mod tests;
