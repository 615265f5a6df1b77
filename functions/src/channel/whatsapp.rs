//! WhatsApp: the Cloud API posts messages and receipts of a business's numbers, signed with the app's
//! secret, and takes messages under an access token.
//!
//! A client is known by their phone number. A client who hides it behind a user name is known by an id
//! that WhatsApp makes for each business, such as `US.13491208655302741918`.

mod call;
mod content;
mod fault;
mod receipt;

use domain::text::{NAME_LENGTH, lenient_name};
use lambda_http::Request;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::member::{self, list, moment, printed, text};
use super::{Message, Received, signature};
use crate::json::{Refused, body};

pub use call::{deliver, outcome};

/// The longest body of a request, in bytes.
pub const BODY_BYTES: usize = 256 * 1024;
/// The longest text of a message, in code points.
pub const TEXT_LENGTH: usize = 4096;
/// The most messages and receipts of a request.
pub const MOST_RECEIVED: usize = 1000;
/// The answer to a wrong signature, and to a channel that does not exist.
pub const REFUSED: Refused = Refused::Unauthenticated {
    challenge: "HMAC-SHA256",
    message: "The channel is unknown, or the signature is wrong.",
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
    let changes = list(&body, "/entry").iter().flat_map(|entry| list(entry, "/changes"));
    let received = changes.flat_map(|change| changed(change, phone_number_id));
    let mut received: Vec<Received> = received.take(MOST_RECEIVED + 1).collect();
    if received.len() > MOST_RECEIVED {
        return Err(Refused::invalid("entry", "It holds too many messages."));
    }
    if received.is_empty() {
        received.push(Received::Nothing { reason: "empty" });
    }
    Ok(received)
}

fn changed(change: &Value, phone_number_id: &str) -> Vec<Received> {
    let nothing = |reason| vec![Received::Nothing { reason }];
    if text(change, "/field") != Some("messages") {
        return nothing("field");
    }
    let Some(value) = change.get("value") else { return nothing("malformed") };
    if text(value, "/metadata/phone_number_id") != Some(phone_number_id) {
        return nothing("other number");
    }
    let messages = list(value, "/messages").iter().map(|message| arrived(message, value));
    let receipts = list(value, "/statuses").iter().map(receipt::read);
    messages
        .chain(receipts)
        .map(|received| received.unwrap_or_else(|reason| Received::Nothing { reason }))
        .collect()
}

/// Reads one message. The profiles of the senders stand beside the messages.
fn arrived(message: &Value, value: &Value) -> Result<Received, &'static str> {
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
            let sender = Sender::of(message, value, &from_id);
            Ok(Received::Message(Message {
                id,
                from_id,
                from_name: sender.name,
                is_named: sender.is_named,
                contacts: sender.contacts,
                text: content::text(message)?,
                sent_at: at,
                reply_to: content::quoted(message).map(key),
            }))
        }
    }
}

fn sender_id(message: &Value) -> Result<String, &'static str> {
    let from = text(message, "/from").or_else(|| text(message, "/from_user_id"));
    from.and_then(member::id).ok_or("malformed")
}

/// A sender as their profile shows them.
struct Sender {
    name: String,
    is_named: bool,
    contacts: Vec<(String, String)>,
}

impl Sender {
    fn of(message: &Value, value: &Value, from_id: &str) -> Self {
        let profile = profile(message, value);
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

/// Returns the profile of a sender. The only profile belongs to the only sender, also where WhatsApp
/// writes their number in two ways.
fn profile<'a>(message: &Value, value: &'a Value) -> Option<&'a Value> {
    let profiles = list(value, "/contacts");
    let is_of = |profile: &&Value, theirs: &str, sender: &str| {
        text(profile, theirs).is_some_and(|id| text(message, sender) == Some(id))
    };
    profiles
        .iter()
        .find(|profile| is_of(profile, "/wa_id", "/from"))
        .or_else(|| profiles.iter().find(|profile| is_of(profile, "/user_id", "/from_user_id")))
        .or_else(|| profiles.first().filter(|_| profiles.len() == 1))
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
