//! Webhooks of a live chat: their secrets, their paths, and how many there may be.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::world::{World, code, play, signature};

const CREATE: &str = "mutation($l: ID!, $n: String!) {
    createChannel(liveChatId: $l, kind: WEBHOOK, name: $n) {
        channel { id inboundPath } secret userErrors { code } } }";
const ROTATE: &str = "mutation($c: ID!) { rotateChannelSecret(channelId: $c) {
    channel { id inboundPath } secret userErrors { code } } }";

/// Posts a message to a channel, signed with a secret. Returns the status.
async fn post(world: &World, channel: &Value, secret: &Value, message: &str) -> u16 {
    let path = channel["inboundPath"].as_str().unwrap();
    let name = path.strip_prefix("/channels/webhook/").unwrap();
    let from = json!({ "id": "7", "name": "Olga" });
    let body = json!({ "messageId": message, "from": from, "text": "Hello" }).to_string();
    let signed = signature(secret.as_str().unwrap(), &body);
    world.webhook_raw(name, body, Some(signed)).await.0
}

#[test]
fn a_message_comes_by_the_channel_that_it_was_posted_to_and_each_secret_is_another() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.employee("ann").await);
        let support = world.live_chat("Support").await;
        let made = ada.act(CREATE, json!({ "l": support, "n": "Shop" })).await;
        let (channel, mut secrets) = (&made["channel"], vec![made["secret"].clone()]);
        assert_eq!(post(world, channel, &secrets[0], "first").await, 200);
        let document = "query($id: ID!) { node(id: $id) { ... on Session {
            client { name } channel { id kind } } } }";
        let session = ann.waiting().await;
        let seen = ann.act(document, json!({ "id": session })).await;
        assert_eq!(seen["client"]["name"], "Olga");
        assert_eq!(seen["channel"], json!({ "id": channel["id"], "kind": "WEBHOOK" }));
        for round in 1..=2 {
            let rotated = ada.act(ROTATE, json!({ "c": channel["id"] })).await;
            assert_eq!(rotated["channel"], *channel, "with the same path");
            let (old, new) = (secrets.last().unwrap(), rotated["secret"].clone());
            assert!(new.is_string() && !secrets.contains(&new));
            assert_eq!(post(world, channel, old, &format!("old-{round}")).await, 401);
            assert_eq!(post(world, channel, &new, &format!("new-{round}")).await, 200);
            secrets.push(new);
        }
    });
}

#[test]
fn a_live_chat_has_a_hundred_channels_at_most_and_each_webhook_a_path_of_its_own() {
    play(async |world| {
        let (ada, support) = (world.employee("ada").await, world.live_chat("Support").await);
        let create = async || ada.act(CREATE, json!({ "l": support, "n": "Hook" })).await;
        // It has three at the start: by the widget, for colleagues, and a webhook.
        for _ in 3..100 {
            assert_eq!(code(&create().await), "");
        }
        let refused = create().await;
        assert_eq!((code(&refused), &refused["channel"]), ("LIMIT", &Value::Null));
        let document = "query($id: ID!) { node(id: $id) { ... on LiveChat {
            channels { kind inboundPath } } } }";
        let seen = ada.act(document, json!({ "id": support })).await;
        let channels = seen["channels"].as_array().unwrap();
        assert_eq!(channels.len(), 100);
        for channel in channels {
            let is_webhook = channel["kind"] == "WEBHOOK";
            assert_eq!(channel["inboundPath"].is_string(), is_webhook, "{channel}");
        }
        let paths = channels.iter().filter_map(|channel| channel["inboundPath"].as_str());
        assert_eq!(paths.collect::<BTreeSet<_>>().len(), 98);
    });
}
