//! A bot of the stand-in for Telegram, which is a channel of Support.

use graphql::id::GlobalId;
use serde_json::{Value, json};
use tests::world::{Person, World};

use super::bench::{create_channel, session_of};

/// The bot.
pub(super) struct Bot<'a> {
    world: &'a World,
    number: String,
    pub(super) id: String,
    pub(super) path: String,
}

/// Returns the settings with a bot's token.
pub(super) fn settings(token: &str) -> Value {
    json!({ "telegram": { "botToken": token } })
}

/// Connects a bot with this number.
pub(super) async fn connect<'a>(world: &'a World, number: &str) -> Bot<'a> {
    let token = format!("{number}:secret_of_{number}");
    let created = create_channel(world, "TELEGRAM", settings(&token)).await;
    assert_eq!(created["userErrors"], json!([]), "{created}");
    assert_eq!(created["channel"]["address"], format!("@bot{number}_bot"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (id, path) = (&created["channel"]["id"], &created["channel"]["inboundPath"]);
    Bot { world, number: number.to_owned(), id: text(id), path: text(path) }
}

impl Bot<'_> {
    /// Calls the stand-in's side of the people.
    pub(super) async fn call(&self, path: &str, mut body: Value) -> Value {
        body["bot"] = json!(self.number.parse::<i64>().expect("a number"));
        self.post(path, &body).await
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let url = self.world.url(&format!("/dev/telegram/api/{path}"));
        let answer = self.world.http().post(url).json(body).send().await.expect("an answer");
        let (status, body) = (answer.status(), answer.text().await.expect("a body"));
        assert!(status.is_success(), "{path}: {status} {body}");
        serde_json::from_str(&body).unwrap_or_default()
    }

    async fn get(&self, path: &str) -> Value {
        let url = self.world.url(&format!("/dev/telegram/api/{path}"));
        let answer = self.world.http().get(url).send().await.expect("an answer");
        answer.json().await.expect("JSON")
    }

    /// Adds a person with a user name.
    pub(super) async fn meet(&self, person: &str, username: &str) {
        self.post("people", &json!({ "firstName": person, "username": username })).await;
    }

    /// Writes as a person. Returns the message.
    pub(super) async fn write(&self, person: &str, text: &str) -> Value {
        self.call("messages", json!({ "person": person, "text": text })).await["message"].clone()
    }

    /// Writes as a person. Returns the session.
    pub(super) async fn open(&self, employee: &Person, person: &str) -> String {
        self.write(person, "Hello").await;
        session_of(employee, person).await
    }

    /// Lets the next calls of the bot fail with a status.
    pub(super) async fn disturb(&self, status: u16, times: u32) {
        self.call("faults", json!({ "status": status, "times": times })).await;
    }

    /// Withdraws the bot's token.
    pub(super) async fn revoke(&self) {
        self.post(&format!("bots/{}/revoke", self.number), &json!({})).await;
    }

    /// Returns the messages of the chat with a person, in order.
    pub(super) async fn chat(&self, person: &str) -> Vec<Value> {
        let chat = self.get(&format!("chat?bot={}&person={person}", self.number)).await;
        chat["messages"].as_array().unwrap_or(&Vec::new()).clone()
    }

    /// Returns the messages that a person got, in order.
    pub(super) async fn received(&self, person: &str) -> Vec<Value> {
        let chat = self.chat(person).await;
        chat.into_iter().filter(|message| message["from"] == "bot").collect()
    }

    /// Returns the number of calls that came too fast.
    pub(super) async fn throttled(&self) -> Value {
        let bots = self.get("bots").await;
        let bots = bots["bots"].as_array().expect("bots").clone();
        let number: u64 = self.number.parse().expect("a number");
        let is_it = |bot: &&Value| bot["id"] == number;
        bots.iter().find(is_it).expect("the bot")["throttled"].clone()
    }

    /// Returns the secret that the stand-in posts with.
    pub(super) async fn secret(&self) -> String {
        let Some((_, GlobalId::Channel(_, id))) = GlobalId::decode(&self.id) else {
            panic!("{} is no channel's", self.id)
        };
        let route = self.world.running.app.store.route(&id).await.unwrap().unwrap();
        route.secrets[0].clone()
    }

    /// Posts to the channel's path, as anybody can. Returns the status.
    pub(super) async fn knock(&self, path: &str, secret: Option<&str>, body: &str) -> u16 {
        let request = self.world.http().post(self.world.url(path)).body(body.to_owned());
        let request = request.header("content-type", "application/json");
        let request = secret
            .into_iter()
            .fold(request, |to, secret| to.header("X-Telegram-Bot-Api-Secret-Token", secret));
        request.send().await.expect("an answer").status().as_u16()
    }
}
