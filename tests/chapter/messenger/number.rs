//! A number of the stand-in for WhatsApp, which is a channel of Support.

use serde_json::{Value, json};
use tests::world::{Person, World, signature};

use super::bench::{create_channel, session_of};

/// The app secret of all numbers.
pub(super) const APP_SECRET: &str = "app-secret-of-the-test";

/// The number.
pub(super) struct Number<'a> {
    world: &'a World,
    number: String,
    pub(super) id: String,
    pub(super) path: String,
    pub(super) verify_token: String,
}

/// Connects a number.
pub(super) async fn connect<'a>(world: &'a World, number: &str) -> Number<'a> {
    let settings = json!({ "whatsApp": { "phoneNumberId": number,
        "accessToken": format!("access-token-of-{number}"), "appSecret": APP_SECRET } });
    let created = create_channel(world, "WHATSAPP", settings).await;
    assert_eq!(created["userErrors"], json!([]), "{created}");
    assert_eq!(created["channel"]["address"], format!("+{number}"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (id, path) = (&created["channel"]["id"], &created["channel"]["inboundPath"]);
    let (id, path, verify_token) = (text(id), text(path), text(&created["secret"]));
    let connected = Number { world, number: number.to_owned(), id, path, verify_token };
    connected.register(json!({})).await;
    connected
}

impl Number<'_> {
    /// Registers the number at the stand-in, with these settings beside the usual ones.
    pub(super) async fn register(&self, more: Value) {
        let token = format!("access-token-of-{}", self.number);
        let mut body = json!({ "accessToken": token, "appSecret": APP_SECRET,
            "webhookUrl": self.world.url(&self.path), "verifyToken": self.verify_token });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.call("numbers", body).await;
    }

    /// Calls the stand-in's side of the people.
    pub(super) async fn call(&self, path: &str, mut body: Value) -> Value {
        body["phoneNumberId"] = json!(self.number);
        let url = self.world.url(&format!("/dev/whatsapp/api/{path}"));
        let answer = self.world.http().post(url).json(&body).send().await.expect("an answer");
        let (status, body) = (answer.status(), answer.text().await.expect("a body"));
        assert!(status.is_success(), "{path}: {status} {body}");
        serde_json::from_str(&body).unwrap_or_default()
    }

    /// Posts messages as one. Returns their ids.
    pub(super) async fn write_all(&self, messages: Value) -> Vec<Value> {
        let written = self.call("messages", json!({ "messages": messages })).await;
        written["ids"].as_array().unwrap().clone()
    }

    /// Writes as a person. Returns the id.
    pub(super) async fn write(&self, phone: &str, name: &str, text: &str) -> Value {
        let message = json!({ "from": phone, "name": name, "text": text });
        self.write_all(json!([message])).await[0].clone()
    }

    /// Writes as a person. Returns the session.
    pub(super) async fn open(&self, employee: &Person, phone: &str, name: &str) -> String {
        self.write(phone, name, "Hello").await;
        session_of(employee, name).await
    }

    /// Returns the messages of the chat with a person, in order.
    pub(super) async fn chat(&self, phone: &str) -> Vec<Value> {
        let query = format!("chat?phoneNumberId={}&person={phone}", self.number);
        let url = self.world.url(&format!("/dev/whatsapp/api/{query}"));
        let chat: Value = self.world.http().get(url).send().await.unwrap().json().await.unwrap();
        chat["messages"].as_array().unwrap().clone()
    }

    /// Returns a body as WhatsApp posts it.
    pub(super) fn notice(&self, number: &str, contents: Value) -> String {
        let mut value = json!({ "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": "1", "phone_number_id": number } });
        value.as_object_mut().unwrap().extend(contents.as_object().unwrap().clone());
        let change = json!({ "field": "messages", "value": value });
        json!({ "object": "whatsapp_business_account",
            "entry": [{ "id": "1", "changes": [change] }] })
        .to_string()
    }

    /// Posts a body to a path with a signature. Returns the status.
    pub(super) async fn knock(&self, path: &str, body: &str, signed: Option<String>) -> u16 {
        let request = self.world.http().post(self.world.url(path)).body(body.to_owned());
        let request = request.header("content-type", "application/json");
        let request =
            signed.into_iter().fold(request, |to, signed| to.header("X-Hub-Signature-256", signed));
        request.send().await.expect("an answer").status().as_u16()
    }

    /// Posts a body, signed as the stand-in does.
    pub(super) async fn post(&self, body: &str) -> u16 {
        self.knock(&self.path, body, Some(signature(APP_SECRET, body))).await
    }
}
