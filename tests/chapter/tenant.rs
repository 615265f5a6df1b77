//! A tenant that is served, and one that is served no more.

mod stranger;

use std::path::Path;

use domain::name::NameTemplate;
use domain::{Channel, ChannelKind, LiveChat};
use domain::{ChannelId, LiveChatId, TenantId};
use functions::identity::Employee;
use graphql::id::GlobalId;
use local::run::Options;
use serde_json::{Value, json};
use tests::world::{Heard, Wire, World, play_ahead_in, signature, within};

/// For how long the settings are taken as they were read, in milliseconds.
const SETTINGS_MILLIS: u64 = 5 * 60 * 1000;
const SECRET: &str = "a secret of the other side";

fn settle(file: &Path, tenants: &[&str]) {
    let provider = |tenant: &&str| {
        json!({ "issuer": format!("https://id.{tenant}.example"), "algorithm": "RS256",
            "audiences": ["desk"], "tenant": { "fixed": tenant } })
    };
    let providers: Vec<Value> = tenants.iter().map(provider).collect();
    std::fs::write(file, json!({ "providers": providers }).to_string()).unwrap();
}

/// Creates a live chat of the tenant acme; its global id.
async fn live_chat(world: &World) -> String {
    let tenant = TenantId::parse("acme").unwrap();
    let id = LiveChatId::parse("help").unwrap();
    let channel = |id: &str, kind| {
        let id = ChannelId::parse(id).unwrap();
        Channel::new(id, kind, "Channel")
    };
    let live_chat = LiveChat {
        id: id.clone(),
        name: "Help".to_owned(),
        template: NameTemplate::default(),
        origins: Vec::new(),
        channels: vec![
            channel("acme-web", ChannelKind::Web),
            channel("acme-hook", ChannelKind::Webhook),
        ],
    };
    let store = &world.running.app.store;
    assert_eq!(
        store.of(&tenant).create_live_chat(&live_chat, |_| Some(SECRET.to_owned())).await,
        Ok(true)
    );
    GlobalId::LiveChat(id).encode(&tenant)
}

async fn webhook(world: &World, message: &str) -> u16 {
    let body = json!({ "messageId": message, "from": { "id": "x" }, "text": "Hello" }).to_string();
    let signature = signature(SECRET, &body);
    world.webhook_raw("acme-hook", body, Some(signature)).await.0
}

async fn read_conversation(world: &World, token: &str) -> u16 {
    let body = json!({ "query": "{ conversation { messages(last: 1) { nodes { text } } } }" });
    let request = world.http().post(world.url("/graphql")).bearer_auth(token).json(&body);
    request.send().await.unwrap().status().as_u16()
}

#[test]
fn without_a_provider_nothing_of_a_tenants_clients_is_taken_in() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("issuers.json");
    settle(&file, &["acme"]);
    let options = Options { issuers: Some(file.clone()), ..Options::default() };
    play_ahead_in(options, async |world, clock| {
        let id = live_chat(world).await;
        let (status, answer) = world.widget(&json!({ "liveChatId": id })).await;
        assert_eq!(status, 200, "{answer}");
        let token = answer["token"].as_str().unwrap().to_owned();
        assert_eq!(read_conversation(world, &token).await, 200);
        assert_eq!(webhook(world, "m-1").await, 200);

        settle(&file, &["globex"]);
        clock.pass(SETTINGS_MILLIS);
        assert_eq!(read_conversation(world, &token).await, 401);
        assert_eq!(webhook(world, "m-2").await, 401);
        // As where there is no live chat, with the old token as without it.
        let missing = world.widget(&json!({ "liveChatId": "nonsense" })).await;
        for wish in [json!({ "liveChatId": id }), json!({ "liveChatId": id, "token": token })] {
            let (status, answer) = world.widget(&wish).await;
            assert_eq!(status, missing.0, "{answer}");
            assert_eq!(answer["error"]["code"], missing.1["error"]["code"]);
            assert_eq!(answer["error"]["message"], missing.1["error"]["message"]);
        }
        // The demo's are served whatever the settings say.
        let message = json!({ "messageId": "m", "from": { "id": "x" }, "text": "Hello" });
        assert_eq!(world.webhook(&message).await.0, 200);
        let support = world.live_chat("Support").await;
        assert_eq!(world.widget(&json!({ "liveChatId": support })).await.0, 200);

        settle(&file, &["acme"]);
        clock.pass(SETTINGS_MILLIS);
        assert_eq!(read_conversation(world, &token).await, 200);
        assert_eq!(webhook(world, "m-2").await, 200);
    });
}

/// A provider whose tokens name the tenant, one of these.
fn settle_listed(file: &Path, tenants: &[&str]) {
    let provider = json!({ "issuer": "https://id.example", "algorithm": "RS256",
        "audiences": ["desk"], "tenant": { "claim": "company" }, "tenants": tenants });
    std::fs::write(file, json!({ "providers": [provider] }).to_string()).unwrap();
}

/// An acknowledged connection.
async fn connected(world: &World, token: &str) -> Wire {
    let mut wire = Wire::open(world.address(), Some("graphql-transport-ws")).await.unwrap();
    let payload = json!({ "authorization": format!("Bearer {token}") });
    wire.say(&json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(wire.hear().await, Heard::Message(json!({ "type": "connection_ack" })));
    wire
}

/// Returns what a connection gets in answer to a ping.
async fn pinged(wire: &mut Wire) -> Heard {
    wire.say(&json!({ "type": "ping" })).await;
    within("an answer", wire.hear()).await
}

#[test]
fn a_tenant_that_is_taken_out_of_its_providers_list_is_off_and_its_sockets_end() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("issuers.json");
    settle_listed(&file, &["globex", "acme"]);
    let options = Options { issuers: Some(file.clone()), ..Options::default() };
    play_ahead_in(options, async |world, clock| {
        let id = live_chat(world).await;
        let (status, answer) = world.widget(&json!({ "liveChatId": id })).await;
        assert_eq!(status, 200, "{answer}");
        let visitor = answer["token"].as_str().unwrap().to_owned();
        let app = &world.running.app;
        let ann = Employee { id: "ann".into(), name: "Ann".into(), is_administrator: false };
        let signer = app.identity.signer().unwrap();
        let operator = signer.sign_employee("acme", ann, app.now_seconds() + 3600).unwrap();
        let mut sockets = [connected(world, &visitor).await, connected(world, &operator).await];
        let pong = Heard::Message(json!({ "type": "pong" }));
        for socket in &mut sockets {
            assert_eq!(pinged(socket).await, pong);
        }
        assert_eq!(webhook(world, "m-1").await, 200);

        settle_listed(&file, &["globex"]);
        clock.pass(SETTINGS_MILLIS);
        for socket in &mut sockets {
            let heard = pinged(socket).await;
            assert!(matches!(heard, Heard::Closed(_)), "{heard:?}");
        }
        assert_eq!(read_conversation(world, &visitor).await, 401);
        assert_eq!(webhook(world, "m-2").await, 401);
        assert_ne!(world.widget(&json!({ "liveChatId": id })).await.0, 200);

        settle_listed(&file, &["acme"]);
        clock.pass(SETTINGS_MILLIS);
        assert_eq!(read_conversation(world, &visitor).await, 200);
        assert_eq!(webhook(world, "m-2").await, 200);
    });
}
