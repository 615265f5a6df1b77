//! `POST /channels/webhook/{channelId}`: takes in a client's message, signed by the system at the other
//! end of the channel.

use domain::actor::Writer;
use domain::arrival::Incoming;
use domain::text::{KEY_LENGTH, MESSAGE_LENGTH, lenient_name};
use domain::{ChannelId, ClientId, Timestamp};
use lambda_http::Request;
use serde_json::{Value, json};
use store::arrival::Arrival;
use store::live_chat::{ChannelKind, Route};

use super::answer::Refused;
use super::{field, signature};
use crate::app::App;
use crate::identity::Unidentified;

/// The longest body, in bytes.
const BODY_BYTES: usize = 64 * 1024;
const SIGNATURE: &str = "x-signature";
const REFUSED: Refused = Refused::Unauthenticated {
    challenge: "HMAC-SHA256",
    message: "The channel is unknown, or the signature is wrong.",
};

/// A message from the other side.
#[derive(Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id at the other side, 1 to 100 code points.
    pub id: String,
    /// The sender's id, 1 to 100 code points.
    pub from_id: String,
    /// Their name, 1 to 200 code points.
    pub from_name: String,
    /// True if the other side gave that name; otherwise the name is the id.
    pub is_named: bool,
    /// The text, 1 to 8000 code points.
    pub text: String,
    /// The time at which it was sent.
    pub sent_at: Option<Timestamp>,
}

/// Stores a message. The same `messageId` again, however late, changes nothing.
pub(super) async fn receive(app: &App, request: &Request, channel: &str) -> Result<Value, Refused> {
    let body: &[u8] = request.body();
    if body.len() > BODY_BYTES {
        return Err(Refused::TooLarge { most: BODY_BYTES });
    }
    let header = request.headers().get(SIGNATURE).and_then(|value| value.to_str().ok());
    let route = authenticate(app, channel, body, header).await?;
    let message = Message::parse(body)?;
    let live_chat = app.store.live_chat(&route.tenant, &route.live_chat).await?.ok_or(REFUSED)?;
    let channel = live_chat
        .channel(&route.channel)
        .filter(|channel| channel.kind == ChannelKind::Webhook)
        .ok_or(REFUSED)?;
    let arrived = app
        .store
        .arrive(&Arrival {
            tenant: &route.tenant,
            live_chat: &live_chat,
            channel,
            writer: &message.writer(&route),
            incoming: Incoming {
                text: message.text.clone(),
                sent_at: message.sent_at,
                client_message_id: message.id.clone(),
                reply_to: None,
            },
            quote: None,
            is_known_by_id: true,
        })
        .await?;
    Ok(json!({ "messageId": message.id, "duplicate": arrived.is_repeated }))
}

/// Returns the target of the channel, for a sender who knows its secret. A channel that does not
/// exist, has no secret, or belongs to a tenant that is not served, gets the answer of a wrong
/// signature, after the same work.
async fn authenticate(
    app: &App,
    channel: &str,
    body: &[u8],
    header: Option<&str>,
) -> Result<Route, Refused> {
    let route = match ChannelId::parse(channel) {
        Some(id) => app.store.route(&id).await?,
        None => None,
    };
    let secret = route.as_ref().and_then(|route| route.secret.as_deref());
    let is_right = signature::is_right(secret.unwrap_or("none").as_bytes(), body, header);
    match route {
        Some(route) if is_right && route.secret.as_deref().is_some_and(|key| !key.is_empty()) => {
            match app.identity.serves(route.tenant.as_str(), app.now_seconds()).await {
                Ok(()) => Ok(route),
                Err(Unidentified::Unverified(_)) => Err(REFUSED),
                Err(Unidentified::Unavailable) => Err(Refused::Unavailable),
            }
        }
        _ => Err(REFUSED),
    }
}

impl Message {
    /// Reads a body.
    ///
    /// # Errors
    /// [`Refused`]: it is no JSON object, or something in it is missing or out of its bounds.
    pub fn parse(body: &[u8]) -> Result<Self, Refused> {
        let object = field::object(body)?;
        let from = match object.get("from") {
            Some(Value::Object(from)) => from,
            Some(_) => return Err(Refused::invalid("from", "It must be an object.")),
            None => return Err(Refused::invalid("from", "It is missing.")),
        };
        let from_id = field::text(from, "id", "from.id", KEY_LENGTH)?;
        let from_name = field::maybe_text(from, "name", "from.name")?.unwrap_or_default();
        let sent_at = field::maybe_text(&object, "sentAt", "sentAt")?
            .map(|text| {
                Timestamp::parse(text)
                    .ok_or_else(|| Refused::invalid("sentAt", "It must be a time as in RFC 3339."))
            })
            .transpose()?;
        Ok(Self {
            id: field::text(&object, "messageId", "messageId", KEY_LENGTH)?.to_owned(),
            is_named: !lenient_name(from_name, "").is_empty(),
            from_name: lenient_name(from_name, &lenient_name(from_id, "Visitor")),
            from_id: from_id.to_owned(),
            text: field::text(&object, "text", "text", MESSAGE_LENGTH)?.to_owned(),
            sent_at,
        })
    }

    fn writer(&self, route: &Route) -> Writer {
        Writer {
            id: ClientId::of(&route.tenant, &route.channel, &self.from_id),
            name: self.from_name.clone(),
            is_named: self.is_named,
            employee: None,
            channel: route.channel.clone(),
            contacts: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Value {
        json!({
            "messageId": "m-1",
            "from": { "id": "+49 30 1", "name": "Zoë" },
            "text": "Hello",
            "sentAt": "2026-11-22T10:00:00.5+01:00",
        })
    }

    fn parsed(body: &Value) -> Result<Message, Refused> {
        Message::parse(body.to_string().as_bytes())
    }

    #[test]
    fn a_message_is_read_with_what_may_be_missing_filled_in() {
        let message = parsed(&whole()).expect("a message");
        assert_eq!(message.from_name, "Zoë");
        assert_eq!(message.sent_at, Timestamp::parse("2026-11-22T09:00:00.5Z"));
        let least = json!({ "messageId": "1", "from": { "id": "x" }, "text": "y" });
        let message = parsed(&least).expect("a message");
        assert_eq!((message.from_name.as_str(), message.sent_at), ("x", None));
        let mut nulls = whole();
        nulls["from"]["name"] = Value::Null;
        nulls["sentAt"] = Value::Null;
        assert_eq!(parsed(&nulls).expect("a message").from_name, "+49 30 1");
    }

    #[test]
    fn an_error_names_the_field() {
        let mut cases = vec![
            (
                "/messageId",
                "messageId",
                vec![json!(null), json!(""), json!(7), json!("x".repeat(101))],
            ),
            ("/from", "from", vec![json!("ann"), json!(null), json!([])]),
            (
                "/from/id",
                "from.id",
                vec![json!(null), json!(" "), json!(7), json!("x".repeat(101))],
            ),
            ("/from/name", "from.name", vec![json!(7), json!({})]),
            ("/text", "text", vec![json!(null), json!("\n"), json!([]), json!("я".repeat(8001))]),
            ("/sentAt", "sentAt", vec![json!("yesterday"), json!(1_700_000_000), json!("")]),
        ];
        for (pointer, name, values) in &mut cases {
            for value in values.drain(..) {
                let mut body = whole();
                *body.pointer_mut(pointer).expect("a field") = value.clone();
                let refused = parsed(&body);
                let is_named = matches!(
                    &refused,
                    Err(Refused::Invalid { field: Some(field), .. }) if field == name
                );
                assert!(is_named, "{name} {value}: {refused:?}");
            }
        }
        for body in ["", "[]", "{", "\"x\""] {
            let refused = Message::parse(body.as_bytes());
            assert!(matches!(refused, Err(Refused::Invalid { field: None, .. })), "{body}");
        }
    }

    #[test]
    fn the_longest_texts_are_taken() {
        let mut body = whole();
        body["text"] = json!("я".repeat(8000));
        body["messageId"] = json!("я".repeat(100));
        assert!(parsed(&body).is_ok());
    }
}
