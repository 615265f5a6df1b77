//! Webhooks: the system at the other end posts messages and receipts as JSON, and signs the body. It gets
//! messages in the same way, signed as Standard Webhooks has it.

mod call;
mod delay;
mod receipt;

use domain::Timestamp;
use domain::text::{KEY_LENGTH, MESSAGE_LENGTH, NAME_LENGTH, lenient_name};
use lambda_http::Request;
use serde::Deserialize;
use serde_json::Value;

use super::{Message, Received, signature};
use crate::json::Refused;
use crate::json::body::{self, Object, Text};

pub use call::{deliver, outcome};

/// The longest body, in bytes.
pub const BODY_BYTES: usize = 64 * 1024;
/// The longest text of a message that is sent out, in code points: every message fits.
pub const TEXT_LENGTH: usize = MESSAGE_LENGTH;
/// The answer to a wrong signature.
pub const REFUSED: Refused =
    Refused::Unauthenticated { challenge: "HMAC-SHA256", message: "The signature is wrong." };
const SIGNATURE: &str = "x-signature";
/// The most contacts of a sender.
const MOST_CONTACTS: usize = 10;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body {
    #[serde(rename = "type")]
    kind: Text,
    message_id: Text,
    from: Object,
    text: Text,
    sent_at: Text,
    reply_to: Text,
    delivery_id: Text,
    state: Text,
    error: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Sender {
    id: Text,
    name: Text,
    contacts: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Contact {
    kind: Text,
    value: Text,
}

/// Returns true if a request is signed with this secret.
#[must_use]
pub fn is_signed(request: &Request, secret: &str) -> bool {
    let header = request.headers().get(SIGNATURE).and_then(|value| value.to_str().ok());
    signature::is_right(secret.as_bytes(), request.body(), header)
}

/// Reads the body of a request: a message or a receipt.
///
/// # Errors
/// [`Refused`]: it is no JSON object, or something in it is missing or out of its bounds.
pub fn receive(body: &[u8]) -> Result<Received, Refused> {
    let mut body: Body = body::object(body)?;
    // Senders from before there were types may use the word for something of their own.
    match std::mem::take(&mut body.kind).maybe("type") {
        Ok(Some(kind)) if kind == "receipt" => {
            receipt::read(body.delivery_id, body.state, &body.error)
        }
        _ => message(body).map(Received::Message),
    }
}

fn message(body: Body) -> Result<Message, Refused> {
    let from: Sender = body.from.required("from")?;
    let from_id = from.id.required("from.id", KEY_LENGTH)?;
    let from_name = from.name.maybe("from.name")?.unwrap_or_default();
    let contacts = contacts(from.contacts)?;
    let sent_at = body.sent_at.maybe("sentAt")?.map(|text| {
        Timestamp::parse(&text)
            .ok_or_else(|| Refused::invalid("sentAt", "It must be a time as in RFC 3339."))
    });
    let sent_at = sent_at.transpose()?;
    let reply_to = body.reply_to.maybe("replyTo")?.filter(|id| !id.trim().is_empty());
    if let Some(id) = &reply_to {
        domain::text::bounded("replyTo", id, KEY_LENGTH)?;
    }
    Ok(Message {
        id: body.message_id.required("messageId", KEY_LENGTH)?,
        is_named: !lenient_name(&from_name, "").is_empty(),
        from_name: lenient_name(&from_name, &lenient_name(&from_id, "Visitor")),
        from_id,
        contacts,
        text: body.text.required("text", MESSAGE_LENGTH)?,
        files: Vec::new(),
        sent_at,
        reply_to,
    })
}

fn contacts(contacts: Value) -> Result<Vec<(String, String)>, Refused> {
    let wrong = |message| Refused::invalid("from.contacts", message);
    let list = match contacts {
        Value::Null => Vec::new(),
        Value::Array(list) if list.len() <= MOST_CONTACTS => list,
        Value::Array(_) => return Err(wrong("There must be at most 10.")),
        _ => return Err(wrong("It must be a list.")),
    };
    let read = |contact: Value| {
        if !contact.is_object() {
            return Err(wrong("It must be a list of objects."));
        }
        let contact: Contact =
            serde_json::from_value(contact).map_err(|_| wrong("It must be a list of objects."))?;
        let kind = contact.kind.required("from.contacts.kind", KEY_LENGTH)?;
        let value = contact.value.required("from.contacts.value", NAME_LENGTH)?;
        let kind = domain::text::name("from.contacts.kind", &kind)?;
        Ok((kind, domain::text::name("from.contacts.value", &value)?))
    };
    list.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests;
