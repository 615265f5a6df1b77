//! Webhooks of a live chat: their secrets, their paths, and how many there may be.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::world::{Person, World, code, play, play_ahead, signature};

const CREATE: &str = "mutation($l: ID!, $n: String!) {
    createChannel(liveChatId: $l, kind: WEBHOOK, name: $n) {
        channel { id inboundPath } secret userErrors { code } } }";
const DAY_MILLIS: u64 = 24 * 3_600_000;
const UPDATE: &str = "mutation($c: ID!, $n: String, $e: Boolean) {
    updateChannel(channelId: $c, name: $n, isEnabled: $e) {
        channel { id name isEnabled } userErrors { code field } } }";
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
            assert_eq!(post(world, channel, old, &format!("old-{round}")).await, 200);
            assert_eq!(post(world, channel, &new, &format!("new-{round}")).await, 200);
            secrets.push(new);
        }
        assert_eq!(post(world, channel, &secrets[0], "of two before").await, 401);
    });
}

#[test]
fn the_secret_before_is_accepted_for_a_day_after_a_rotation() {
    play_ahead(async |world, clock| {
        let (ada, support) = (world.employee("ada").await, world.live_chat("Support").await);
        let made = ada.act(CREATE, json!({ "l": support, "n": "Shop" })).await;
        let (channel, old) = (&made["channel"], &made["secret"]);
        let parts = old.as_str().unwrap().strip_prefix("whsec_").unwrap();
        assert_eq!(parts.len(), 44, "32 bytes in base64, as Standard Webhooks has it");
        let new = ada.act(ROTATE, json!({ "c": channel["id"] })).await["secret"].clone();
        clock.pass(DAY_MILLIS - 60_000);
        assert_eq!(post(world, channel, old, "late").await, 200);
        clock.pass(60_000);
        assert_eq!(post(world, channel, old, "too late").await, 401);
        assert_eq!(post(world, channel, &new, "right").await, 200);
    });
}

#[test]
fn a_disabled_channel_takes_nothing_and_keeps_what_is_there() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.online("ann").await);
        let support = world.live_chat("Support").await;
        let made = ada.act(CREATE, json!({ "l": support, "n": "Shop" })).await;
        let (channel, secret) = (&made["channel"], &made["secret"]);
        assert_eq!(post(world, channel, secret, "first").await, 200);
        let update = async |who: &Person, id: &Value, name: Value, is_enabled: Value| {
            let variables = json!({ "c": id, "n": name, "e": is_enabled });
            who.act(UPDATE, variables).await
        };
        let off = update(&ada, &channel["id"], json!(null), json!(false)).await;
        assert_eq!(code(&off), "");
        assert_eq!(
            (&off["channel"]["name"], &off["channel"]["isEnabled"]),
            (&json!("Shop"), &json!(false))
        );
        assert_eq!(post(world, channel, secret, "second").await, 404);
        assert_eq!(post(world, channel, &json!("wrong"), "second").await, 401);
        let id = ann.waiting().await;
        assert_eq!(ann.dialog(&id).await.len(), 1, "what came in before stays");
        let renamed = update(&ada, &channel["id"], json!(" Market "), json!(null)).await;
        assert_eq!(
            (&renamed["channel"]["name"], &renamed["channel"]["isEnabled"]),
            (&json!("Market"), &json!(false))
        );
        let on = update(&ada, &channel["id"], json!(null), json!(true)).await;
        assert_eq!(
            (&on["channel"]["name"], &on["channel"]["isEnabled"]),
            (&json!("Market"), &json!(true))
        );
        assert_eq!(post(world, channel, secret, "second").await, 200);
        let nothing = update(&ada, &channel["id"], json!(null), json!(null)).await;
        assert_eq!((code(&nothing), &nothing["channel"]["name"]), ("", &json!("Market")));
        assert_eq!(code(&update(&ada, &channel["id"], json!(" "), json!(null)).await), "INVALID");
        assert_eq!(code(&update(&ann, &channel["id"], json!("x"), json!(null)).await), "FORBIDDEN");
    });
}

#[test]
fn a_disabled_web_channel_takes_no_visitor_no_message_and_no_answer() {
    play(async |world| {
        let (ada, ann, zoe) =
            (world.employee("ada").await, world.online("ann").await, world.client("Zoe").await);
        zoe.post_as("Hello", "first", None).await;
        let id = ann.waiting().await;
        let document = "query($id: ID!) { viewer { session(id: $id) {
            viewerCanReply channel { id canReply isEnabled } } } }";
        let read =
            async || ann.get_with(document, json!({ "id": id })).await["viewer"]["session"].clone();
        let channel = read().await["channel"]["id"].clone();
        let set = async |is_enabled: bool| {
            let variables = json!({ "c": channel, "n": null, "e": is_enabled });
            assert_eq!(code(&ada.act(UPDATE, variables).await), "");
        };
        set(false).await;
        let seen = read().await;
        assert_eq!(
            (&seen["viewerCanReply"], &seen["channel"]["canReply"]),
            (&json!(false), &json!(false))
        );
        assert_eq!(code(&ann.reply(&id, "Hi").await), "CANNOT_DELIVER");
        assert_eq!(code(&zoe.post_as("Anybody?", "k", None).await), "NOT_FOUND");
        let again = zoe.post_as("Hello", "first", None).await;
        assert_eq!(again["message"]["text"], "Hello", "a repetition has its first result");
        let support = world.live_chat("Support").await;
        assert_eq!(world.widget(&json!({ "liveChatId": support })).await.0, 404);
        assert_eq!(zoe.conversation(None).await.len(), 1, "what is there can be read");
        set(true).await;
        zoe.post("Anybody?").await;
        assert_eq!(code(&ann.reply(&id, "Hi").await), "");
        assert_eq!(world.widget(&json!({ "liveChatId": support })).await.0, 200);
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
