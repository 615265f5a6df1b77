//! A webhook of Support whose other end is a receiver of the test.

use serde_json::{Value, json};
use tests::world::{Person, World, code, signature};

use super::bench::{create_channel, session_of};
use super::receiver::Receiver;

/// The webhook.
pub(super) struct Hook<'a> {
    world: &'a World,
    pub(super) id: String,
    /// The last part of its path.
    name: String,
    pub(super) secret: String,
    pub(super) receiver: Receiver,
}

/// Connects a webhook.
pub(super) async fn connect(world: &World) -> Hook<'_> {
    let receiver = Receiver::start().await;
    let url = receiver.url();
    connect_to(world, receiver, &url).await
}

/// Connects a webhook with this reply URL.
pub(super) async fn connect_to<'a>(world: &'a World, receiver: Receiver, url: &str) -> Hook<'a> {
    let settings = json!({ "webhook": { "replyUrl": url } });
    let created = create_channel(world, "WEBHOOK", settings).await;
    assert_eq!(code(&created), "", "{created}");
    assert_eq!(created["channel"]["canReply"], true);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let path = text(&created["channel"]["inboundPath"]);
    Hook {
        world,
        id: text(&created["channel"]["id"]),
        name: path.rsplit('/').next().unwrap().to_owned(),
        secret: text(&created["secret"]),
        receiver,
    }
}

impl Hook<'_> {
    /// Posts a body, signed. Returns the status and the answer.
    pub(super) async fn post(&self, body: &Value) -> (u16, Value) {
        self.post_with(&self.secret, body).await
    }

    /// Posts a body, signed with a secret.
    pub(super) async fn post_with(&self, secret: &str, body: &Value) -> (u16, Value) {
        let body = body.to_string();
        let signed = Some(signature(secret, &body));
        self.world.webhook_raw(&self.name, body, signed).await
    }

    /// Writes as a person.
    pub(super) async fn write(&self, person: &str, id: &str, text: &str) {
        let from = json!({ "id": person, "name": person });
        let message = json!({ "messageId": id, "from": from, "text": text });
        let (status, answer) = self.post(&message).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// Writes as a person. Returns the session.
    pub(super) async fn open(&self, employee: &Person, person: &str) -> String {
        self.write(person, &format!("{person}-1"), "Hello").await;
        session_of(employee, person).await
    }

    /// Posts a receipt. Returns the status.
    pub(super) async fn receipt(&self, delivery_id: &str, state: &str) -> u16 {
        let receipt = json!({ "type": "receipt", "deliveryId": delivery_id, "state": state });
        self.post(&receipt).await.0
    }
}
