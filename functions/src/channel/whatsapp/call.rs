//! Calls to the Cloud API, and the meaning of its answers.

use serde_json::{Value, json};

use super::fault::Fault;
use super::{HASHED, is_phone, key};
use crate::channel::member::text;
use crate::channel::{ANSWER_BYTES, Call, Outcome, Outgoing, Sent};

/// The most digits of a number's id.
const NUMBER_ID_LENGTH: usize = 32;
/// The types that WhatsApp shows in place, the member of a message for each, and the most bytes.
const SHOWN: [(&str, &str, usize); 5] = [
    ("image/jpeg", "image", 5 * 1024 * 1024),
    ("image/png", "image", 5 * 1024 * 1024),
    ("video/mp4", "video", 16 * 1024 * 1024),
    ("audio/mpeg", "audio", 16 * 1024 * 1024),
    ("audio/ogg", "audio", 16 * 1024 * 1024),
];
/// The ends of the names of the hosts that have clients' files.
const MEDIA_HOSTS: [&str; 2] = [".fbsbx.com", ".facebook.com"];
/// The most characters of an access token.
const TOKEN_LENGTH: usize = 1000;

/// Returns true if a text has the form of a number's id. Only such a text may stand in a URL.
#[must_use]
pub fn is_phone_number_id(text: &str) -> bool {
    is_phone(text) && text.len() <= NUMBER_ID_LENGTH
}

/// Returns true if a text has the form of an access token. Only such a text may stand in a header.
#[must_use]
pub fn is_access_token(text: &str) -> bool {
    (1..=TOKEN_LENGTH).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic())
}

/// Returns the call that sends a message from the number with this id. `version` is that of the Graph
/// API, such as `v24.0`.
///
/// The receipts of the message repeat its delivery id, so that a receipt is understood also when it
/// comes before the answer to the call is recorded.
#[must_use]
pub fn deliver(
    base_url: &str,
    version: &str,
    phone_number_id: &str,
    access_token: &str,
    outgoing: &Outgoing<'_>,
) -> Call {
    let base_url = base_url.trim_end_matches('/');
    let url = format!("{base_url}/{version}/{phone_number_id}/messages");
    let (kind, content) = content(outgoing);
    let mut body = json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "type": kind,
        "biz_opaque_callback_data": outgoing.delivery_id,
    });
    if let Some(body) = body.as_object_mut() {
        body.insert(kind.to_owned(), content);
        // A client without a visible phone number is addressed by another member.
        let to = if is_phone(outgoing.recipient) { "to" } else { "recipient" };
        body.insert(to.to_owned(), Value::from(outgoing.recipient));
        if let Some(quoted) = outgoing.reply_to.filter(|id| !id.starts_with(HASHED)) {
            body.insert("context".to_owned(), json!({ "message_id": quoted }));
        }
    }
    Call::post(url, &body).with("authorization", format!("Bearer {access_token}"))
}

/// Returns the kind and the content of a message.
fn content(outgoing: &Outgoing<'_>) -> (&'static str, Value) {
    let Some(file) = &outgoing.file else {
        return ("text", json!({ "body": outgoing.text, "preview_url": false }));
    };
    let (id, name) = (file.media_id.unwrap_or_default(), file.name.as_str());
    let taken = SHOWN
        .iter()
        .find(|(kind, _, most)| *kind == file.kind.as_str() && file.bytes.len() <= *most);
    match taken {
        Some((_, member, _)) => (member, json!({ "id": id })),
        None => ("document", json!({ "id": id, "filename": name })),
    }
}

/// Returns the call that gives a file to WhatsApp. A message then names the id in the answer.
#[must_use]
pub fn upload(
    base_url: &str,
    version: &str,
    phone_number_id: &str,
    access_token: &str,
    file: &Sent<'_>,
) -> Call {
    let base_url = base_url.trim_end_matches('/');
    let url = format!("{base_url}/{version}/{phone_number_id}/media");
    let fields =
        [("messaging_product", "whatsapp".to_owned()), ("type", file.kind.as_str().to_owned())];
    Call::form(url, &fields, "file", file).with("authorization", format!("Bearer {access_token}"))
}

/// Reads the answer to [`upload`]: the id of the file.
///
/// # Errors
/// The outcome of a call that failed.
pub fn media_id(status: u16, body: &[u8]) -> Result<String, Outcome> {
    let answer = answer(status, body)?;
    text(&answer, "/id").map(str::to_owned).ok_or_else(|| Outcome::unreadable(status))
}

/// Returns the call that asks where a file of a client is.
#[must_use]
pub fn get_media(base_url: &str, version: &str, access_token: &str, id: &str) -> Option<Call> {
    let base_url = base_url.trim_end_matches('/');
    // An id is a part of the address.
    let is_plain = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let call = Call::get(format!("{base_url}/{version}/{id}"));
    is_plain.then(|| call.with("authorization", format!("Bearer {access_token}")))
}

/// Reads the answer to [`get_media`]: the address of the file, where the token may be sent to: one of
/// Meta's, or of the service that was asked.
///
/// # Errors
/// The outcome of a call that failed.
pub fn media_url(status: u16, body: &[u8], base_url: &str) -> Result<String, Outcome> {
    let answer = answer(status, body)?;
    let url = text(&answer, "/url").unwrap_or_default();
    let is_of_base =
        url.strip_prefix(base_url.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'));
    let host =
        url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#', '\\']).next());
    let is_of_meta = host.is_some_and(|host| {
        !host.contains(['@', ':']) && MEDIA_HOSTS.iter().any(|known| host.ends_with(known))
    });
    if is_of_base || is_of_meta { Ok(url.to_owned()) } else { Err(Outcome::unreadable(status)) }
}

/// Returns the call that fetches a file.
#[must_use]
pub fn download(url: String, access_token: &str) -> Call {
    Call::get(url).with("authorization", format!("Bearer {access_token}"))
}

/// Reads an answer that has to be one.
fn answer(status: u16, body: &[u8]) -> Result<Value, Outcome> {
    let answer: Option<Value> =
        if body.len() > ANSWER_BYTES { None } else { serde_json::from_slice(body).ok() };
    let Some(answer) = answer else { return Err(Outcome::unreadable(status)) };
    if let Some(error) = answer.get("error").filter(|error| error.is_object()) {
        return Err(Fault::of(error, Some(status)).outcome());
    }
    if (200..300).contains(&status) { Ok(answer) } else { Err(Outcome::unreadable(status)) }
}

/// Returns the call that asks for the number with this id.
#[must_use]
pub fn get_number(
    base_url: &str,
    version: &str,
    phone_number_id: &str,
    access_token: &str,
) -> Call {
    let base_url = base_url.trim_end_matches('/');
    let url = format!("{base_url}/{version}/{phone_number_id}?fields=display_phone_number");
    Call::get(url).with("authorization", format!("Bearer {access_token}"))
}

/// Reads the answer to [`get_number`]: the number as people write it, if it is a number.
///
/// # Errors
/// The outcome of a call that failed.
pub fn number(status: u16, body: &[u8]) -> Result<Option<String>, Outcome> {
    let answer = answer(status, body)?;
    let shown = text(&answer, "/display_phone_number").unwrap_or_default();
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    Ok((!digits.is_empty()).then(|| format!("+{digits}")))
}

/// Reads the answer to a message.
#[must_use]
pub fn outcome(status: u16, body: &[u8]) -> Outcome {
    let answer: Option<Value> =
        if body.len() > ANSWER_BYTES { None } else { serde_json::from_slice(body).ok() };
    let Some(answer) = answer else { return Outcome::unconfirmed(status) };
    if let Some(error) = answer.get("error").filter(|error| error.is_object()) {
        return Fault::of(error, Some(status)).outcome();
    }
    match text(&answer, "/messages/0/id") {
        Some(id) if (200..300).contains(&status) => Outcome::Sent { external_id: Some(key(id)) },
        _ => Outcome::unconfirmed(status),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::Timestamp;
    use domain::delivery::ErrorCode;

    use super::*;

    const BASE: &str = "https://graph.facebook.com";
    const TOKEN: &str = "EAAGm0PX4ZCpsBAKZCbE9ZBZAqVc3bJ1v2y";

    fn called(recipient: &str, reply_to: Option<&str>) -> Call {
        let outgoing = Outgoing {
            delivery_id: "d-1",
            conversation: "c-1",
            recipient,
            text: "Hello",
            author: "Bob",
            file: None,
            links: &[],
            sent_at: Timestamp::from_millis(0),
            reply_to,
        };
        deliver(BASE, "v24.0", "106540352242922", TOKEN, &outgoing)
    }

    fn sent(call: &Call) -> Value {
        serde_json::from_slice(&call.body).expect("JSON")
    }

    fn refused(status: u16, error: &Value) -> Outcome {
        outcome(status, json!({ "error": error }).to_string().as_bytes())
    }

    #[test]
    fn a_message_is_sent_under_the_token() {
        let call = called("16505551234", None);
        assert_eq!(call.url, "https://graph.facebook.com/v24.0/106540352242922/messages");
        assert!(call.headers.contains(&("authorization", format!("Bearer {TOKEN}"))));
        let body = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "16505551234",
            "type": "text",
            "text": { "body": "Hello", "preview_url": false },
            "biz_opaque_callback_data": "d-1",
        });
        assert_eq!(sent(&call), body);
        assert!(!format!("{call:?}").contains(TOKEN));
    }

    #[test]
    fn a_quote_is_a_context() {
        let quoted = sent(&called("1", Some("wamid.A=")));
        assert_eq!(quoted["context"], json!({ "message_id": "wamid.A=" }));
        let hashed = key(&"x".repeat(101));
        assert_eq!(sent(&called("1", Some(&hashed))).get("context"), None);
    }

    #[test]
    fn a_client_without_a_number_is_a_recipient() {
        let body = sent(&called("US.13491208655302741918", None));
        assert_eq!((body.get("to"), &body["recipient"]), (None, &json!("US.13491208655302741918")));
    }

    #[test]
    fn a_sent_message_has_its_id() {
        let body = json!({
            "messaging_product": "whatsapp",
            "contacts": [{ "input": "16505551234", "wa_id": "16505551234" }],
            "messages": [{ "id": "wamid.A=", "message_status": "accepted" }],
        });
        let external_id = Some("wamid.A=".to_owned());
        let sent = Outcome::Sent { external_id };
        assert_eq!(outcome(200, body.to_string().as_bytes()), sent);
        let mut body = body;
        body["error"] = Value::Null;
        assert_eq!(outcome(200, body.to_string().as_bytes()), sent);
    }

    #[test]
    fn a_refusal_has_its_code() {
        for (status, code, expected) in [
            (400, 131_047, ErrorCode::ReplyWindowClosed),
            (400, 131_026, ErrorCode::RecipientUnreachable),
            (400, 131_051, ErrorCode::Rejected),
            (400, 100, ErrorCode::Rejected),
            (400, 999_999, ErrorCode::Rejected),
            (403, 999_999, ErrorCode::Rejected),
            (403, 130_497, ErrorCode::RecipientUnreachable),
        ] {
            let error = json!({ "message": "(#1) No", "type": "OAuthException", "code": code,
                "error_data": { "messaging_product": "whatsapp", "details": "Because." } });
            let message = format!("{code}: (#1) No: Because.");
            let outcome = refused(status, &error);
            assert_eq!(outcome, Outcome::Failed { code: expected, message });
        }
        let message = "(#100) Param text['body'] must be at most 4096 characters long.";
        let outcome = refused(400, &json!({ "message": message, "code": 100 }));
        assert!(matches!(outcome, Outcome::Failed { code: ErrorCode::TooLong, .. }), "{outcome:?}");
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        for code in [130_429, 80_007, 131_048, 131_000, 131_016, 4, 2] {
            let outcome = refused(400, &json!({ "message": "x", "code": code }));
            assert!(matches!(outcome, Outcome::Retry { after: None, .. }), "{code}");
        }
        let after = Some(Duration::from_secs(6));
        let message = "131056: x".to_owned();
        let outcome = refused(400, &json!({ "message": "x", "code": 131_056 }));
        assert_eq!(outcome, Outcome::Retry { after, message });
        for status in [429, 500, 503] {
            let outcome = refused(status, &json!({ "message": "x", "code": 999_999 }));
            assert!(matches!(outcome, Outcome::Retry { .. }), "{status}");
        }
    }

    #[test]
    fn an_unreadable_answer_is_tried_again() {
        let accepted = r#"{"messages":[{"id":"wamid.A="}]}"#;
        for (status, body) in [(502, "<html>"), (502, accepted), (400, "[]"), (302, "")] {
            let outcome = outcome(status, body.as_bytes());
            assert!(matches!(outcome, Outcome::Retry { after: None, .. }), "{status} {body}");
        }
    }

    #[test]
    fn an_accepted_message_is_not_repeated_when_its_answer_is_unreadable() {
        let long = vec![b' '; ANSWER_BYTES + 1];
        let cut = br#"{"messages":[{"id":"wa"#.as_slice();
        for body in [b"".as_slice(), b"{}", b"7", b"<html>", br#"{"messages":[{}]}"#, cut, &long] {
            assert_eq!(outcome(200, body), Outcome::Sent { external_id: None });
        }
    }

    #[test]
    fn only_an_id_may_stand_in_a_url_and_only_a_token_in_a_header() {
        let (longest, longer) = ("1".repeat(32), "1".repeat(33));
        assert!(is_phone_number_id("106540352242922") && is_phone_number_id(&longest));
        for wrong in ["", "1/2", "..", "+1", "1 ", "US.1", "١", &longer] {
            assert!(!is_phone_number_id(wrong), "{wrong}");
        }
        let (longest, longer) = ("E".repeat(1000), "E".repeat(1001));
        assert!(is_access_token(TOKEN) && is_access_token("!|~") && is_access_token(&longest));
        for wrong in ["", "a b", "a\r\nb", "a\u{7f}", "ä", &longer] {
            assert!(!is_access_token(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_refused_token_waits_for_an_administrator_and_is_not_shown() {
        let message = format!("Malformed access token {TOKEN}");
        for (status, code) in [(401, 190), (403, 10), (401, 999_999), (400, 131_042)] {
            let outcome = refused(status, &json!({ "message": message, "code": code }));
            assert!(matches!(outcome, Outcome::Unauthorized { .. }), "{code}");
            assert!(!format!("{outcome:?}").contains(TOKEN), "{outcome:?}");
        }
        let gone =
            json!({ "message": "Unsupported post request.", "code": 100, "error_subcode": 33 });
        assert!(matches!(refused(400, &gone), Outcome::Unauthorized { .. }));
    }
}
