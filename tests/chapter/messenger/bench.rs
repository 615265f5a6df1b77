//! Channels of messengers, and the people who write there: driven through the stand-ins of the vendors.

use serde_json::{Value, json};
use tests::world::{Person, World};

/// The document that creates a channel.
pub(super) const CREATE: &str = "mutation($l: ID!, $k: ChannelKind!, $s: ChannelSettingsInput) {
    createChannel(liveChatId: $l, kind: $k, name: \"Messenger\", settings: $s) {
        channel { id address canReply inboundPath problem { code message } } secret
        userErrors { code field message } } }";
/// The document that reads the answers of a dialog.
pub(super) const ANSWERS: &str =
    "query($id: ID!) { viewer { session(id: $id) { messages(last: 100) { nodes {
    id seq kind text delivery { state at error { code message isRetryable } }
    event { kind aboutSeq text } replyTo { seq } } } } } }";

/// Creates a channel in Support, as the administrator. Returns the payload.
pub(super) async fn create_channel(world: &World, kind: &str, settings: Value) -> Value {
    let live_chat = world.live_chat("Support").await;
    let ada = world.employee("ada").await;
    let variables = json!({ "l": live_chat, "k": kind, "s": settings });
    ada.act(CREATE, variables).await
}

/// Returns the entries of a dialog.
pub(super) async fn entries(employee: &Person, session: &str) -> Vec<Value> {
    let data = employee.get_with(ANSWERS, json!({ "id": session })).await;
    data["viewer"]["session"]["messages"]["nodes"].as_array().expect("entries").clone()
}

/// Returns the states of the answers of a dialog, in order.
pub(super) async fn states(employee: &Person, session: &str) -> Vec<String> {
    let entries = entries(employee, session).await;
    let states = entries.iter().filter_map(|entry| entry["delivery"]["state"].as_str());
    states.map(str::to_owned).collect()
}

/// A bot of the stand-in for Telegram, which is a channel of Support.
pub(super) struct Bot<'a> {
    world: &'a World,
    id: String,
}

/// Connects a bot with this number.
pub(super) async fn connect_bot<'a>(world: &'a World, number: &str) -> Bot<'a> {
    let token = format!("{number}:secret_of_{number}");
    let settings = json!({ "telegram": { "botToken": token } });
    let created = create_channel(world, "TELEGRAM", settings).await;
    assert_eq!(created["userErrors"], json!([]), "{created}");
    assert_eq!(created["channel"]["address"], format!("@bot{number}_bot"));
    Bot { world, id: number.to_owned() }
}

impl Bot<'_> {
    /// Calls the stand-in's side of the people.
    pub(super) async fn call(&self, path: &str, mut body: Value) -> Value {
        body["bot"] = json!(self.id.parse::<i64>().expect("a number"));
        let url = self.world.url(&format!("/dev/telegram/api/{path}"));
        let answer = self.world.http().post(url).json(&body).send().await.expect("an answer");
        let (status, body) = (answer.status(), answer.text().await.expect("a body"));
        assert!(status.is_success(), "{path}: {status} {body}");
        serde_json::from_str(&body).unwrap_or_default()
    }

    /// Writes as a person. Returns when the message is in the dialog of Support.
    pub(super) async fn write(&self, person: &str, text: &str) -> Value {
        self.call("messages", json!({ "person": person, "text": text })).await
    }

    /// Returns the messages of the chat with a person, in order.
    pub(super) async fn chat(&self, person: &str) -> Vec<Value> {
        let url =
            self.world.url(&format!("/dev/telegram/api/chat?bot={}&person={person}", self.id));
        let answer = self.world.http().get(url).send().await.expect("an answer");
        let chat: Value =
            serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON");
        chat["messages"].as_array().unwrap_or(&Vec::new()).clone()
    }
}
