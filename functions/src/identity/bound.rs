//! Bounds of a token: checks the lengths and the characters of its claims.

use super::claims::{Claims, Client, Employee, Subject};

/// The longest tenant, id or kind of contact, in code points.
pub const ID_LENGTH: usize = 100;
/// The longest name or contact, in code points.
pub const NAME_LENGTH: usize = 200;
/// The most contacts a token carries.
pub const CONTACTS: usize = 10;

/// Returns true if every text is present, within its length and without control characters.
pub(super) fn is_within(claims: &Claims) -> bool {
    is_id(&claims.tenant)
        && match &claims.subject {
            Subject::Employee(Employee { id, name, .. }) => is_id(id) && is_name(name),
            Subject::Client(client) => is_client(client),
        }
}

fn is_client(client: &Client) -> bool {
    is_id(&client.live_chat)
        && is_id(&client.channel)
        && is_id(&client.external_id)
        && client.name.as_deref().is_none_or(is_name)
        && client.contacts.len() <= CONTACTS
        && client.contacts.iter().all(|contact| is_id(&contact.kind) && is_name(&contact.value))
}

fn is_id(text: &str) -> bool {
    is_text(text, ID_LENGTH)
}

fn is_name(text: &str) -> bool {
    is_text(text, NAME_LENGTH)
}

fn is_text(text: &str, longest: usize) -> bool {
    !text.is_empty() && text.chars().nth(longest).is_none() && !text.chars().any(char::is_control)
}
