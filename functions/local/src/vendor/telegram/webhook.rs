//! The address of a bot's updates: `setWebhook`, `deleteWebhook`, `getWebhookInfo`.

use serde_json::{Map, Value, json};

use super::Shared;
use super::method::{Done, Error};
use super::state::{Bot, Webhook};
use crate::vendor::fields::{Field, Kind, optional, required};
use crate::vendor::outbox::is_local;

/// The parameters of `setWebhook`.
pub(super) const SET_WEBHOOK: &[Field] = &[
    required("url", Kind::Text),
    optional("secret_token", Kind::Text),
    optional("allowed_updates", Kind::Texts),
    optional("max_connections", Kind::Integer),
    optional("drop_pending_updates", Kind::Boolean),
];
/// The parameters of `deleteWebhook`.
pub(super) const DELETE_WEBHOOK: &[Field] = &[optional("drop_pending_updates", Kind::Boolean)];
/// The kinds of updates that may be asked for. The stand-in has the first three.
const KINDS: [&str; 14] = [
    "message",
    "edited_message",
    "my_chat_member",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "chat_member",
    "chat_join_request",
];
const SECRET_LENGTH: usize = 256;
const MOST_CONNECTIONS: i64 = 100;

/// Registers an address, or removes it if it is empty.
///
/// # Errors
/// The vendor's.
pub(super) fn set(shared: &Shared, bot: i64, body: &Map<String, Value>) -> Result<Done, Error> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let url = text("url").unwrap_or_default();
    if url.is_empty() {
        return delete(shared, bot, body);
    }
    if !is_local(url) {
        return Err(Error::bad("bad webhook: the stand-in posts to http://127.0.0.1 only"));
    }
    let secret = text("secret_token").map(secret).transpose()?;
    let connections = body.get("max_connections").and_then(Value::as_i64).unwrap_or(1);
    if !(1..=MOST_CONNECTIONS).contains(&connections) {
        return Err(Error::bad("max_connections must be between 1 and 100"));
    }
    let allowed = allowed(body)?;
    let webhook = Some(Webhook { url: url.to_owned(), secret });
    let is_new = change(shared, bot, |bot| {
        drop_pending(bot, body);
        // Without the parameter, the former kinds stay; an empty list means the usual ones.
        if let Some(kinds) = allowed {
            bot.allowed = Some(kinds).filter(|kinds| !kinds.is_empty());
        }
        let is_new = bot.webhook != webhook;
        bot.webhook = webhook;
        is_new
    })?;
    shared.restart(bot);
    let description = if is_new { "Webhook was set" } else { "Webhook is already set" };
    Ok(Done { result: true.into(), description: Some(description) })
}

/// Removes the address. Updates wait from then on.
///
/// # Errors
/// The vendor's.
pub(super) fn delete(shared: &Shared, bot: i64, body: &Map<String, Value>) -> Result<Done, Error> {
    let was_set = change(shared, bot, |bot| {
        drop_pending(bot, body);
        bot.webhook.take().is_some()
    })?;
    let description = if was_set { "Webhook was deleted" } else { "Webhook is already deleted" };
    Ok(Done { result: true.into(), description: Some(description) })
}

/// Returns the address and the last failure.
///
/// # Errors
/// The vendor's.
pub(super) fn info(shared: &Shared, bot: i64) -> Result<Done, Error> {
    change(shared, bot, |bot| {
        let mut info = json!({
            "url": bot.webhook.as_ref().map_or("", |webhook| webhook.url.as_str()),
            "has_custom_certificate": false,
            "pending_update_count": bot.pending.len(),
            "max_connections": 1,
        });
        if let Some(info) = info.as_object_mut() {
            if let Some((at, reason)) = &bot.last_error {
                info.insert("last_error_date".to_owned(), json!(at / 1000));
                info.insert("last_error_message".to_owned(), json!(reason));
            }
            if let Some(kinds) = &bot.allowed {
                info.insert("allowed_updates".to_owned(), json!(kinds));
            }
        }
        Done::of(info)
    })
}

fn change<T>(shared: &Shared, bot: i64, with: impl FnOnce(&mut Bot) -> T) -> Result<T, Error> {
    let changed = shared.change(|state| state.bots.get_mut(&bot).map(with));
    changed.ok_or_else(|| Error::new(401, "Unauthorized"))
}

fn drop_pending(bot: &mut Bot, body: &Map<String, Value>) {
    if body.get("drop_pending_updates").and_then(Value::as_bool) == Some(true) {
        bot.pending.clear();
    }
}

fn secret(text: &str) -> Result<String, Error> {
    if text.len() > SECRET_LENGTH {
        return Err(Error::bad("secret token is too long"));
    }
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if text.is_empty() || !text.bytes().all(is_allowed) {
        return Err(Error::bad("secret token contains unallowed characters"));
    }
    Ok(text.to_owned())
}

fn allowed(body: &Map<String, Value>) -> Result<Option<Vec<String>>, Error> {
    let Some(kinds) = body.get("allowed_updates").and_then(Value::as_array) else {
        return Ok(None);
    };
    let kinds: Vec<String> = kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    match kinds.iter().find(|kind| !KINDS.contains(&kind.as_str())) {
        Some(other) => Err(Error::bad(&format!("unknown kind of update \"{other}\""))),
        None => Ok(Some(kinds)),
    }
}
