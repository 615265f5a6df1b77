//! Channels of messengers: the messenger is asked and told before anything is stored.

mod stand_in;

use std::sync::atomic::Ordering;

use domain::live_chat::{Problem, ProblemCode};
use graphql::id::GlobalId;
use serde_json::{Value, json};
use stand_in::Desk;
use tests::world::{World, code, play};

const CREATE: &str =
    "mutation($l: ID!, $k: ChannelKind!, $s: ChannelSettingsInput, $once: String) {
    createChannel(liveChatId: $l, kind: $k, name: \"New\", settings: $s, idempotencyKey: $once) {
        channel { id kind address canReply inboundPath } secret userErrors { code field } } }";
const UPDATE: &str = "mutation($c: ID!, $e: Boolean, $s: ChannelSettingsInput) {
    updateChannel(channelId: $c, isEnabled: $e, settings: $s) {
        channel { id address canReply inboundPath problem { code message } }
        userErrors { code field } } }";
const ROTATE: &str = "mutation($c: ID!) { rotateChannelSecret(channelId: $c) {
    channel { id } secret userErrors { code } } }";

async fn create(desk: &Desk, kind: &str, settings: Value, once: Option<&str>) -> Value {
    let variables = json!({ "l": desk.support, "k": kind, "s": settings, "once": once });
    desk.act(CREATE, variables).await
}

async fn update(desk: &Desk, channel: &Value, settings: Value) -> Value {
    desk.act(UPDATE, json!({ "c": channel["id"], "s": settings })).await
}

fn bot(token: &str) -> Value {
    json!({ "telegram": { "botToken": token } })
}

/// Returns the number of channels of the live chat.
async fn channels(world: &World, desk: &Desk) -> usize {
    let document = "query($id: ID!) { node(id: $id) { ... on LiveChat { channels { id } } } }";
    let ada = world.employee("ada").await;
    ada.act(document, json!({ "id": desk.support })).await["channels"].as_array().unwrap().len()
}

#[test]
fn a_bot_is_asked_who_it_is_and_told_its_secret_before_there_is_a_channel() {
    play(async |world| {
        let desk = Desk::of(world).await;
        let made = create(&desk, "TELEGRAM", bot("seven"), None).await;
        let channel = &made["channel"];
        assert_eq!((code(&made), &made["secret"]), ("", &Value::Null));
        assert_eq!(
            (&channel["kind"], &channel["address"], &channel["canReply"]),
            (&json!("TELEGRAM"), &json!("@seven"), &json!(true))
        );
        assert!(channel["inboundPath"].as_str().unwrap().starts_with("/channels/telegram/"));
        let route = desk.route(channel).await;
        assert_eq!(route.secrets[0].len(), 43, "256 bits");
        assert_eq!(desk.messengers.told(), [format!("connect seven {}", route.secrets[0])]);
        assert_eq!(route.far_end.sealed.as_deref(), Some("sealed seven"));

        let there = channels(world, &desk).await;
        let refused = create(&desk, "TELEGRAM", bot("wrong"), None).await;
        assert_eq!(refused["userErrors"], json!([{ "code": "INVALID", "field": ["settings"] }]));
        desk.messengers.is_down.store(true, Ordering::Relaxed);
        assert_eq!(create(&desk, "TELEGRAM", bot("nine"), None).await["failed"], "UNAVAILABLE");
        assert_eq!(channels(world, &desk).await, there);
    });
}

#[test]
fn a_repeated_key_asks_no_messenger_again_and_settings_belong_to_it() {
    play(async |world| {
        let desk = Desk::of(world).await;
        let number = |token: &str| json!({ "whatsApp": { "phoneNumberId": "49", "accessToken": token, "appSecret": "s" } });
        let first = create(&desk, "WHATSAPP", number("t"), Some("key")).await;
        assert_eq!(first["secret"].as_str().unwrap().len(), 43, "the verify token");
        assert_eq!(first["channel"]["address"], "+49");
        assert_eq!(desk.messengers.told().len(), 1);
        assert_eq!(create(&desk, "WHATSAPP", number("t"), Some("key")).await, first);
        let other = create(&desk, "WHATSAPP", number("u"), Some("key")).await;
        assert_eq!(code(&other), "KEY_REUSED");
        let bare = create(&desk, "WEBHOOK", Value::Null, Some("key")).await;
        assert_eq!(code(&bare), "KEY_REUSED");
        let silent = create(&desk, "TELEGRAM", bot("seven"), Some("another")).await;
        assert_eq!(create(&desk, "TELEGRAM", bot("seven"), Some("another")).await, silent);
        assert_eq!(desk.messengers.told().len(), 1);
    });
}

#[test]
fn settings_of_another_kind_are_refused_and_of_a_full_live_chat_nobody_is_told() {
    play(async |world| {
        let desk = Desk::of(world).await;
        let wrong = create(&desk, "WEBHOOK", bot("seven"), None).await;
        assert_eq!(wrong["userErrors"], json!([{ "code": "INVALID", "field": ["settings"] }]));
        let hook = create(&desk, "WEBHOOK", Value::Null, None).await;
        assert_eq!(hook["channel"]["canReply"], false);
        assert_eq!(code(&update(&desk, &hook["channel"], bot("seven")).await), "INVALID");
        for _ in channels(world, &desk).await..100 {
            assert_eq!(code(&create(&desk, "WEBHOOK", Value::Null, None).await), "");
        }
        assert_eq!(code(&create(&desk, "TELEGRAM", bot("seven"), None).await), "LIMIT");
        assert_eq!(desk.messengers.told(), Vec::<String>::new());
    });
}

#[test]
fn a_channel_that_gets_another_bot_keeps_its_path_and_leaves_the_first() {
    play(async |world| {
        let desk = Desk::of(world).await;
        let made = create(&desk, "TELEGRAM", bot("seven"), None).await["channel"].clone();
        let before = desk.route(&made).await;
        desk.messengers.told();
        let changed = update(&desk, &made, bot("nine")).await["channel"].clone();
        assert_eq!(
            (&changed["address"], &changed["inboundPath"]),
            (&json!("@nine"), &made["inboundPath"])
        );
        let told = [format!("connect nine {}", before.secrets[0]), "disconnect seven".to_owned()];
        assert_eq!(desk.messengers.told(), told);
        let after = desk.route(&made).await;
        assert_eq!(
            (after.secrets, after.far_end.vendor_id.as_deref()),
            (before.secrets, Some("nine"))
        );
    });
}

#[test]
fn a_webhook_gets_a_reply_url_and_loses_it_by_null_alone() {
    play(async |world| {
        let desk = Desk::of(world).await;
        let to = |settings: Value| json!({ "webhook": settings });
        let url = json!({ "replyUrl": "https://shop.example/answers" });
        let made = create(&desk, "WEBHOOK", to(url), None).await;
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
        let can_reply = async |settings: Value| {
            update(&desk, &made["channel"], to(settings)).await["channel"]["canReply"].clone()
        };
        assert_eq!(made["channel"]["canReply"], true);
        assert_eq!(can_reply(json!({})).await, true, "what is not given stays");
        assert_eq!(can_reply(json!({ "replyUrl": null })).await, false);
        assert_eq!(desk.route(&made["channel"]).await.far_end, store::live_chat::FarEnd::default());
    });
}

#[test]
fn until_a_messenger_knows_a_new_secret_the_old_one_stays_and_no_other_is_made() {
    play(async |world| {
        let desk = Desk::of(world).await;
        let made = create(&desk, "TELEGRAM", bot("seven"), None).await["channel"].clone();
        let old = desk.route(&made).await.secrets[0].clone();
        desk.messengers.told();
        let rotate = async || desk.act(ROTATE, json!({ "c": made["id"] })).await;
        desk.messengers.is_down.store(true, Ordering::Relaxed);
        assert_eq!(rotate().await["failed"], "UNAVAILABLE");
        assert_eq!(rotate().await["failed"], "UNAVAILABLE");
        let secrets = desk.route(&made).await.secrets;
        assert_eq!((secrets.len(), &secrets[1]), (2, &old));
        desk.messengers.is_down.store(false, Ordering::Relaxed);
        let rotated = rotate().await;
        assert_eq!((code(&rotated), &rotated["secret"]), ("", &Value::Null));
        assert_eq!(desk.messengers.told(), [format!("renew seven {}", secrets[0])]);
        rotate().await;
        let now = desk.route(&made).await.secrets;
        assert_eq!((now.len(), &now[1]), (2, &secrets[0]), "the one before the last is over");
    });
}

#[test]
fn a_problem_is_for_administrators_and_ends_when_the_channel_is_enabled() {
    play(async |world| {
        let desk = Desk::of(world).await;
        let made = create(&desk, "TELEGRAM", bot("seven"), None).await["channel"].clone();
        let id = made["id"].as_str().unwrap();
        let Some((tenant, GlobalId::Channel(live_chat, channel))) = GlobalId::decode(id) else {
            panic!("{id} is no channel's");
        };
        let store = world.running.app.store.of(&tenant);
        let problem = |code| Problem {
            code,
            message: "Forbidden".to_owned(),
            since: world.running.app.store.now(),
        };
        let seen = async |who: &str| {
            let document = "query($id: ID!) { node(id: $id) { ... on Channel {
                isEnabled problem { code message } } } }";
            world.employee(who).await.act(document, json!({ "id": id })).await
        };
        let unauthorized = problem(ProblemCode::Unauthorized);
        store.set_problem(&live_chat, &channel, Some(&unauthorized)).await.unwrap();
        let shown = json!({ "code": "UNAUTHORIZED", "message": "Forbidden" });
        assert_eq!(seen("ada").await["problem"], shown);
        assert_eq!(seen("ann").await["problem"], Value::Null);
        store.set_problem(&live_chat, &channel, None).await.unwrap();
        assert_eq!(seen("ada").await["problem"], Value::Null);

        let gone = problem(ProblemCode::Gone);
        let route = world.running.app.store.route(&channel).await.unwrap().unwrap();
        store.disable_channel_with(&route, &gone).await.unwrap();
        store.set_problem(&live_chat, &channel, None).await.unwrap();
        store.set_problem(&live_chat, &channel, Some(&unauthorized)).await.unwrap();
        let shown = json!({ "code": "GONE", "message": "Forbidden" });
        assert_eq!(seen("ada").await, json!({ "isEnabled": false, "problem": shown }));
        let enabled = desk.act(UPDATE, json!({ "c": id, "e": true })).await;
        assert_eq!(enabled["channel"]["problem"], Value::Null);
        assert_eq!(enabled["channel"]["canReply"], true);
    });
}
