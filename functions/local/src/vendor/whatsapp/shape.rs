//! What is posted to a business, as WhatsApp writes it.

use serde_json::{Map, Value, json};

use super::state::{Chat, Entry, Number, is_phone};

/// The id of the account that all numbers belong to.
const ACCOUNT: &str = "102290129340398";

/// Returns a body with the members of one change.
pub(super) fn notice(number: &Number, contents: Map<String, Value>) -> Value {
    let metadata =
        json!({ "display_phone_number": number.display(), "phone_number_id": number.id });
    let mut value = Map::new();
    value.insert("messaging_product".to_owned(), "whatsapp".into());
    value.insert("metadata".to_owned(), metadata);
    value.extend(contents);
    let change = json!({ "field": "messages", "value": value });
    json!({ "object": "whatsapp_business_account",
        "entry": [{ "id": ACCOUNT, "changes": [change] }] })
}

/// Returns the profile of a person.
pub(super) fn profile(person: &str, chat: &Chat) -> Value {
    let mut names = Map::new();
    for (name, value) in [("name", &chat.name), ("username", &chat.username)] {
        if let Some(value) = value {
            names.insert(name.to_owned(), value.as_str().into());
        }
    }
    let id = if is_phone(person) { "wa_id" } else { "user_id" };
    let mut profile = Map::new();
    profile.insert("profile".to_owned(), names.into());
    profile.insert(id.to_owned(), person.into());
    profile.into()
}

/// Returns a message of a person; `content` is the member that is named as the type.
pub(super) fn message(person: &str, entry: &Entry, content: Value) -> Value {
    let from = if is_phone(person) { "from" } else { "from_user_id" };
    let mut message = Map::new();
    message.insert(from.to_owned(), person.into());
    message.insert("id".to_owned(), entry.id.as_str().into());
    message.insert("timestamp".to_owned(), entry.date.to_string().into());
    message.insert("type".to_owned(), entry.kind.as_str().into());
    message.insert(entry.kind.clone(), content);
    if let Some(quoted) = &entry.reply_to {
        message.insert("context".to_owned(), json!({ "id": quoted }));
    }
    message.into()
}

/// Returns the content of an edit.
pub(super) fn edit(entry: &Entry) -> Value {
    let mut message = json!({ "type": "text", "text": { "body": entry.text } });
    if let (Some(quoted), Some(message)) = (&entry.reply_to, message.as_object_mut()) {
        message.insert("context".to_owned(), json!({ "id": quoted }));
    }
    json!({ "original_message_id": entry.id, "message": message })
}

/// Returns a status of a message of the business.
pub(super) fn status(
    person: &str,
    entry: &Entry,
    state: &str,
    date: i64,
    error: Option<Value>,
) -> Value {
    let mut status = json!({ "id": entry.id, "status": state, "timestamp": date.to_string() });
    if let Some(status) = status.as_object_mut() {
        let recipient = if is_phone(person) { "recipient_id" } else { "recipient_user_id" };
        status.insert(recipient.to_owned(), person.into());
        if let Some(callback) = &entry.callback {
            status.insert("biz_opaque_callback_data".to_owned(), callback.as_str().into());
        }
        match error {
            Some(error) => status.insert("errors".to_owned(), json!([error])),
            None => status.insert(
                "pricing".to_owned(),
                json!({ "billable": false, "pricing_model": "PMP", "category": "service" }),
            ),
        };
    }
    status
}

/// Returns a body with statuses.
pub(super) fn statuses(number: &Number, statuses: Vec<Value>) -> Value {
    notice(number, Map::from_iter([("statuses".to_owned(), statuses.into())]))
}

/// Returns a number as tests list it.
pub(super) fn listed(number: &Number) -> Value {
    json!({
        "phoneNumberId": number.id,
        "displayPhoneNumber": number.display(),
        "isWithdrawn": number.token.is_none(),
        "pending": number.pending.len(),
        "throttled": number.throttled,
        "lastError": number.last_error,
    })
}

/// Returns a chat with all its messages.
pub(super) fn shown(number: &Number, person: &str, chat: &Chat) -> Value {
    json!({
        "phoneNumberId": number.id,
        "person": { "id": person, "name": chat.name, "username": chat.username },
        "isOpen": number.is_open(person),
        "revision": chat.revision,
        "messages": chat.messages,
    })
}
