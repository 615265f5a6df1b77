//! Calls to the Bot API, and the meaning of its answers. The token stands in the URL of each call and
//! nowhere else.

use std::time::Duration;

use domain::delivery::{ErrorCode, PATIENCE_MILLIS};
use domain::text::lenient_name;
use serde_json::{Value, json};

use super::{UPDATES, file};
use crate::channel::call::readable;
use crate::channel::member::{id, number, text};
use crate::channel::{ANSWER_BYTES, Call, Outcome, Outgoing};

/// The longest delay that is taken from an answer: a message that waits longer fails.
const LONGEST_DELAY: Duration = Duration::from_millis(PATIENCE_MILLIS);
/// Descriptions of a bad request that name a client who cannot be reached.
const UNREACHABLE: [&str; 4] =
    ["chat not found", "user not found", "peer_id_invalid", "user is deactivated"];

/// The bot that a token belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bot {
    /// Its id, 1 to 100 code points.
    pub id: String,
    /// Its display name, 1 to 200 code points.
    pub name: String,
    /// Its user name with an @, by which clients find it.
    pub address: Option<String>,
}

/// Returns true if a text has the form of a token. Only such a text may stand in a URL.
#[must_use]
pub fn is_token(text: &str) -> bool {
    let is_of = |part: &str, most: usize, allowed: fn(char) -> bool| {
        !part.is_empty() && part.len() <= most && part.chars().all(allowed)
    };
    text.split_once(':').is_some_and(|(bot, secret)| {
        is_of(bot, 20, |c| c.is_ascii_digit())
            && is_of(secret, 100, |c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    })
}

/// Returns the call of a method.
pub(super) fn call(base_url: &str, token: &str, method: &str, body: &Value) -> Call {
    Call::post(address(base_url, token, method), body)
}

/// Returns the address of a method.
pub(super) fn address(base_url: &str, token: &str, method: &str) -> String {
    format!("{}/bot{token}/{method}", base_url.trim_end_matches('/'))
}

/// Returns the call that sends a message.
#[must_use]
pub fn deliver(base_url: &str, token: &str, outgoing: &Outgoing<'_>) -> Call {
    // Telegram also takes the name of a public channel here, which no client has.
    let chat: i64 = outgoing.recipient.parse().unwrap_or_default();
    // A message that the client deleted in the meantime stops no answer.
    let quote = outgoing
        .reply_to
        .and_then(|quoted| number_in(chat, quoted))
        .map(|number| json!({ "message_id": number, "allow_sending_without_reply": true }));
    if let Some(file) = &outgoing.file {
        return file::send(base_url, token, chat, quote, file);
    }
    let mut body = json!({ "chat_id": chat, "text": outgoing.text });
    if let (Some(quote), Some(body)) = (quote, body.as_object_mut()) {
        body.insert("reply_parameters".to_owned(), quote);
    }
    call(base_url, token, "sendMessage", &body)
}

/// Returns the number of a message of this chat.
fn number_in(chat: i64, id: &str) -> Option<i64> {
    let (of, number) = id.split_once(':')?;
    (of.parse() == Ok(chat)).then(|| number.parse().ok())?
}

/// Returns the call that asks which bot a token belongs to.
#[must_use]
pub fn get_me(base_url: &str, token: &str) -> Call {
    call(base_url, token, "getMe", &json!({}))
}

/// Returns the call that registers the address to which updates are posted, with the secret that they
/// carry: 1 to 256 letters, digits, `_` and `-`.
#[must_use]
pub fn set_webhook(base_url: &str, token: &str, url: &str, secret: &str) -> Call {
    let body = json!({ "url": url, "secret_token": secret, "allowed_updates": UPDATES });
    call(base_url, token, "setWebhook", &body)
}

/// Returns the call that removes the address.
#[must_use]
pub fn delete_webhook(base_url: &str, token: &str) -> Call {
    call(base_url, token, "deleteWebhook", &json!({}))
}

/// Returns the call that asks where a bot posts.
#[must_use]
pub fn get_webhook_info(base_url: &str, token: &str) -> Call {
    call(base_url, token, "getWebhookInfo", &json!({}))
}

/// Reads the answer to [`get_webhook_info`]: the address, empty if there is none.
///
/// # Errors
/// The [`Outcome`] of a call that failed, never [`Outcome::Sent`].
pub fn webhook_url(status: u16, body: &[u8]) -> Result<String, Outcome> {
    Ok(text(&result(status, body)?, "/url").unwrap_or_default().to_owned())
}

/// Reads the answer to a message.
#[must_use]
pub fn outcome(status: u16, body: &[u8]) -> Outcome {
    match read(status, body) {
        Some(Ok(sent)) => {
            let chat = number(&sent, "/chat/id");
            let number = number(&sent, "/message_id");
            let external_id =
                chat.zip(number).map(|(chat, number)| super::message_id(chat, number));
            Outcome::Sent { external_id }
        }
        Some(Err(failed)) => failed,
        None => Outcome::unconfirmed(status),
    }
}

/// Reads the answer to [`get_me`].
///
/// # Errors
/// The [`Outcome`] of a call that failed, never [`Outcome::Sent`].
pub fn me(status: u16, body: &[u8]) -> Result<Bot, Outcome> {
    let bot = result(status, body)?;
    let bot_id = number(&bot, "/id").and_then(|number| id(&number.to_string()));
    let bot_id = bot_id.ok_or_else(|| Outcome::unreadable(status))?;
    let address = text(&bot, "/username").map(|name| lenient_name(&format!("@{name}"), ""));
    let name = text(&bot, "/first_name").unwrap_or_default();
    let name = lenient_name(name, address.as_deref().unwrap_or(&bot_id));
    Ok(Bot { id: bot_id, name, address })
}

/// Reads the answer to [`set_webhook`] and [`delete_webhook`].
///
/// # Errors
/// The [`Outcome`] of a call that failed, never [`Outcome::Sent`].
pub fn done(status: u16, body: &[u8]) -> Result<(), Outcome> {
    result(status, body).map(|_| ())
}

/// Returns the result in an answer.
pub(super) fn result(status: u16, body: &[u8]) -> Result<Value, Outcome> {
    read(status, body).unwrap_or_else(|| Err(Outcome::unreadable(status)))
}

/// Returns the result or the failure in an answer; none in an answer that is unreadable.
fn read(status: u16, body: &[u8]) -> Option<Result<Value, Outcome>> {
    if body.len() > ANSWER_BYTES {
        return None;
    }
    let mut answer: Value = serde_json::from_slice(body).ok()?;
    match answer.get("ok").and_then(Value::as_bool) {
        Some(true) if (200..300).contains(&status) => {
            Some(Ok(answer.get_mut("result").map(Value::take).unwrap_or_default()))
        }
        Some(false) => Some(Err(failure(status, &answer))),
        _ => None,
    }
}

fn failure(status: u16, answer: &Value) -> Outcome {
    let code = number(answer, "/error_code").unwrap_or_else(|| i64::from(status));
    let message = readable(text(answer, "/description").unwrap_or("Telegram gives no reason."));
    match code {
        429 => Outcome::Retry { after: delay(answer), message },
        // A token that is withdrawn is 401, and one that never was a token is 404.
        401 | 404 => Outcome::Unauthorized { message },
        403 => Outcome::Failed { code: ErrorCode::RecipientUnreachable, message },
        413 => Outcome::Failed { code: ErrorCode::TooLong, message },
        // Another call for the same bot is under way.
        409 => Outcome::Retry { after: None, message },
        400..=499 => Outcome::Failed { code: refusal(&message), message },
        _ => Outcome::Retry { after: None, message },
    }
}

fn refusal(description: &str) -> ErrorCode {
    let description = description.to_lowercase();
    if UNREACHABLE.iter().any(|reason| description.contains(reason)) {
        ErrorCode::RecipientUnreachable
    } else if description.contains("too long") {
        ErrorCode::TooLong
    } else {
        ErrorCode::Rejected
    }
}

fn delay(answer: &Value) -> Option<Duration> {
    let seconds = u64::try_from(number(answer, "/parameters/retry_after")?).ok()?;
    (seconds > 0).then(|| Duration::from_secs(seconds).min(LONGEST_DELAY))
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use domain::Timestamp;

    const BASE: &str = "https://api.telegram.org/";
    const TOKEN: &str = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11";

    fn outgoing(reply_to: Option<&str>) -> Outgoing<'_> {
        Outgoing {
            delivery_id: "d-1",
            conversation: "c-1",
            recipient: "1111111",
            text: "*Hello* <b>",
            author: "Bob",
            file: None,
            links: &[],
            sent_at: Timestamp::from_millis(0),
            reply_to,
        }
    }

    fn sent(call: &Call) -> Value {
        serde_json::from_slice(&call.body).expect("JSON")
    }

    fn answered(status: u16, body: &Value) -> Outcome {
        outcome(status, body.to_string().as_bytes())
    }

    fn refused(code: u16, description: &str) -> Outcome {
        let body = json!({ "ok": false, "error_code": code, "description": description });
        answered(code, &body)
    }

    #[test]
    fn the_address_of_a_bot_is_read() {
        let info = |result: Value| {
            let body = json!({ "ok": true, "result": result }).to_string();
            webhook_url(200, body.as_bytes())
        };
        let url = "https://example.com/channels/telegram/1";
        assert_eq!(info(json!({ "url": url, "pending_update_count": 0 })), Ok(url.to_owned()));
        assert_eq!(info(json!({ "url": "" })), Ok(String::new()));
        assert!(webhook_url(401, b"{}").is_err());
    }

    #[test]
    fn a_message_is_sent_as_plain_text() {
        let call = deliver(BASE, TOKEN, &outgoing(None));
        assert_eq!(call.method, Method::POST);
        assert_eq!(call.url, format!("https://api.telegram.org/bot{TOKEN}/sendMessage"));
        assert_eq!(call.headers, [("content-type", "application/json".to_owned())]);
        assert_eq!(sent(&call), json!({ "chat_id": 1_111_111, "text": "*Hello* <b>" }));
        assert!(!format!("{call:?}").contains("ABC-DEF"));
    }

    #[test]
    fn a_quote_is_a_reply_within_the_chat() {
        let call = deliver(BASE, TOKEN, &outgoing(Some("1111111:42")));
        let quote = json!({ "message_id": 42, "allow_sending_without_reply": true });
        assert_eq!(sent(&call)["reply_parameters"], quote);
        for other in ["2222222:42", "42", "1111111:", "1111111:x", ""] {
            let call = deliver(BASE, TOKEN, &outgoing(Some(other)));
            assert_eq!(sent(&call).get("reply_parameters"), None, "{other}");
        }
    }

    #[test]
    fn a_message_goes_to_no_channel() {
        let to = Outgoing { recipient: "@news", ..outgoing(None) };
        assert_eq!(sent(&deliver(BASE, TOKEN, &to))["chat_id"], json!(0));
    }

    #[test]
    fn a_sent_message_has_the_id_that_quotes_use() {
        let body = json!({ "ok": true, "result": {
            "message_id": 43, "chat": { "id": 1_111_111, "type": "private" }, "text": "Hello",
        } });
        let external_id = Some("1111111:43".to_owned());
        assert_eq!(answered(200, &body), Outcome::Sent { external_id });
        let body = json!({ "ok": true, "result": {} });
        assert_eq!(answered(200, &body), Outcome::Sent { external_id: None });
    }

    #[test]
    fn a_refusal_has_its_code() {
        for (status, description, code) in [
            (403, "Forbidden: bot was blocked by the user", ErrorCode::RecipientUnreachable),
            (403, "Forbidden: user is deactivated", ErrorCode::RecipientUnreachable),
            (400, "Bad Request: chat not found", ErrorCode::RecipientUnreachable),
            (400, "Bad Request: PEER_ID_INVALID", ErrorCode::RecipientUnreachable),
            (400, "Bad Request: message is too long", ErrorCode::TooLong),
            (413, "Request Entity Too Large", ErrorCode::TooLong),
            (400, "Bad Request: message text is empty", ErrorCode::Rejected),
        ] {
            let message = description.to_owned();
            assert_eq!(refused(status, description), Outcome::Failed { code, message });
        }
        for status in [401, 404] {
            assert_eq!(
                refused(status, "Unauthorized"),
                Outcome::Unauthorized { message: "Unauthorized".to_owned() }
            );
        }
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        let after = |seconds: Value| {
            let body = json!({ "ok": false, "error_code": 429, "description": "Too Many Requests",
                "parameters": { "retry_after": seconds } });
            match answered(429, &body) {
                Outcome::Retry { after, .. } => after.map(|after| after.as_secs()),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(after(json!(35)), Some(35));
        assert_eq!(after(json!(901)), Some(901));
        assert_eq!(after(json!(1_000_000)), Some(86_400));
        assert_eq!([json!(0), json!(-1), json!("5"), json!(null)].map(after), [None; 4]);
        for status in [409, 500, 502] {
            assert!(matches!(refused(status, "x"), Outcome::Retry { after: None, .. }), "{status}");
        }
        let accepted = br#"{"ok":true,"result":{}}"#;
        for (status, body) in [
            (502, b"<html>".as_slice()),
            (400, b"{}"),
            (500, b"\"ok\""),
            (302, b""),
            (502, accepted),
        ] {
            let outcome = outcome(status, body);
            assert!(matches!(outcome, Outcome::Retry { after: None, .. }), "{status} {body:?}");
        }
        let refused = json!({ "ok": false });
        assert!(matches!(answered(200, &refused), Outcome::Retry { .. }));
    }

    #[test]
    fn an_accepted_message_is_not_repeated_when_its_answer_is_unreadable() {
        let long = vec![b' '; ANSWER_BYTES + 1];
        for body in [b"".as_slice(), b"[]", b"{}", b"<html>", br#"{"ok":true,"resu"#, &long] {
            assert_eq!(outcome(200, body), Outcome::Sent { external_id: None });
            assert_eq!(me(200, body), Err(Outcome::unreadable(200)));
            assert_eq!(done(200, body), Err(Outcome::unreadable(200)));
        }
    }

    #[test]
    fn the_token_of_an_error_is_not_shown() {
        let outcome = refused(400, &format!("Bad Request: https://t/bot{TOKEN}/x"));
        assert!(!format!("{outcome:?}").contains("ABC-DEF"), "{outcome:?}");
    }

    #[test]
    fn the_bot_is_named() {
        let body = json!({ "ok": true, "result": { "id": 123_456, "is_bot": true,
            "first_name": "Shop", "username": "shop_bot", "can_join_groups": true } });
        let bot = me(200, body.to_string().as_bytes()).expect("a bot");
        assert_eq!((bot.id.as_str(), bot.name.as_str()), ("123456", "Shop"));
        assert_eq!(bot.address.as_deref(), Some("@shop_bot"));
        let body = br#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#;
        assert!(matches!(me(401, body), Err(Outcome::Unauthorized { .. })));
        assert!(matches!(me(200, br#"{"ok":true}"#), Err(Outcome::Retry { .. })));
    }

    #[test]
    fn the_address_is_registered_with_its_secret_and_removed() {
        let call = set_webhook(BASE, TOKEN, "https://example.com/channels/telegram/1", "s3cret");
        assert!(call.url.ends_with("/setWebhook"));
        let body = json!({ "url": "https://example.com/channels/telegram/1", "secret_token": "s3cret",
            "allowed_updates": ["message", "edited_message", "my_chat_member"] });
        assert_eq!(sent(&call), body);
        assert!(get_me(BASE, TOKEN).url.ends_with("/getMe"));
        assert!(delete_webhook(BASE, TOKEN).url.ends_with("/deleteWebhook"));
        let body = br#"{"ok":true,"result":true,"description":"Webhook was set"}"#;
        assert_eq!(done(200, body), Ok(()));
        let body =
            br#"{"ok":false,"error_code":400,"description":"Bad Request: bad webhook: HTTPS"}"#;
        assert!(matches!(done(400, body), Err(Outcome::Failed { .. })));
    }

    #[test]
    fn only_a_token_may_stand_in_a_url() {
        assert!(is_token(TOKEN));
        for wrong in ["", "123456", ":x", "1:", "a:b", "1:a/b", "1:a?b", "1:../x", "1:a:b"] {
            assert!(!is_token(wrong), "{wrong}");
        }
    }
}
