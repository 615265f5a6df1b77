//! The rules that the vendors share: the file, the faults, and bodies of the client's side.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::json;

use super::Vendors;
use super::testing::{Hook, Served, answered, until};

const SEND: &str = "telegram/bot111111111:demo-token-of-the-stand-in/sendMessage";
const BOT: i64 = 111_111_111;

#[tokio::test]
async fn chats_webhooks_and_waiting_posts_survive_a_restart() {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("vendors.json");
    let hook = Hook::new(&[500; 3]).await;
    let first = Served::with(Some(file.clone())).await;
    let webhook = json!({ "url": hook.url, "secret_token": "s3cret" });
    first.done("telegram/bot7:secret/setWebhook", &webhook).await;
    let number = json!({ "phoneNumberId": "1", "accessToken": "t", "appSecret": "s",
        "webhookUrl": hook.url, "verifyToken": "v&t" });
    first.done("whatsapp/api/numbers", &number).await;
    let written = json!({ "bot": 7, "person": "Ann", "text": "Hello" });
    let written = first.done("telegram/api/messages", &written).await;
    until(async || !hook.posts().is_empty()).await;
    first.vendors.stop();
    let second = Served::with(Some(file.clone())).await;
    let is_posted = async || {
        let (_, bots) = second.get("telegram/api/bots").await;
        bots["bots"][0]["pending"] == json!(0)
    };
    until(is_posted).await;
    let bodies = hook.posts();
    assert!(bodies.iter().all(|post| post.json()["update_id"] == json!(1)));
    assert_eq!(
        bodies.last().and_then(|post| post.header("x-telegram-bot-api-secret-token")),
        Some("s3cret")
    );
    let answer = json!({ "chat_id": written["person"]["id"], "text": "Welcome" });
    second.done("telegram/bot7:secret/sendMessage", &answer).await;
    let (_, numbers) = second.get("whatsapp/api/numbers").await;
    assert_eq!(numbers["numbers"][0]["phoneNumberId"], json!("1"));
    let text = std::fs::read_to_string(&file).expect("a file");
    assert!(!text.contains("7:secret") && !file.with_extension("json.new").exists());
    std::fs::write(&file, "{").expect("a file");
    assert!(Vendors::open(Some(file)).is_err());
}

#[tokio::test]
async fn faults_disturb_the_next_calls_in_their_order() {
    let served = Served::new().await;
    let written = json!({ "bot": BOT, "person": "Ann", "text": "Hello" });
    let written = served.done("telegram/api/messages", &written).await;
    let answer = json!({ "chat_id": written["person"]["id"], "text": "Welcome" });
    for fault in [
        json!({ "bot": BOT, "status": 429, "times": 2 }),
        json!({ "bot": BOT, "status": 500 }),
        json!({ "bot": BOT, "status": 403 }),
        json!({ "bot": BOT, "hang_ms": 30_000 }),
        json!({ "bot": BOT, "dropAfterAccept": true }),
    ] {
        served.done("telegram/api/faults", &fault).await;
    }
    for status in [429, 429, 500, 403] {
        assert_eq!(served.post(SEND, &answer).await.0, status);
    }
    let count = async || {
        let (_, chat) = served.get(&format!("telegram/api/chat?bot={BOT}&person=Ann")).await;
        chat["messages"].as_array().map_or(0, Vec::len)
    };
    let hung = served.request(SEND, &answer).timeout(Duration::from_millis(50)).send().await;
    assert!(hung.is_err_and(|error| error.is_timeout()));
    assert_eq!(count().await, 1);
    let dropped = served.request(SEND, &answer).send().await;
    assert!(dropped.is_err(), "{dropped:?}");
    assert_eq!(count().await, 2);
    assert_eq!(served.post(SEND, &answer).await.0, 200);
    served.done("telegram/api/faults", &json!({ "bot": BOT, "status": 500, "times": 9 })).await;
    served.done("telegram/api/faults", &json!({ "bot": BOT, "clear": true })).await;
    assert_eq!(served.post(SEND, &answer).await.0, 200);
    served.done("telegram/api/faults", &json!({ "bot": BOT, "hangMs": 60_000 })).await;
    let stop = async { served.vendors.stop() };
    let (hung, ()) = tokio::join!(served.post(SEND, &answer), stop);
    assert_eq!(hung.0, 500);
}

#[tokio::test]
async fn a_wrong_request_of_the_clients_side_is_refused() {
    let served = Served::new().await;
    for (path, body, status) in [
        ("telegram/api/messages", json!({ "bot": BOT, "person": "Ann" }), 400),
        ("telegram/api/messages", json!({ "bot": BOT, "person": "Ann", "text": " " }), 400),
        ("telegram/api/messages", json!({ "bot": BOT, "person": "Ann", "said": "x" }), 400),
        ("telegram/api/messages", json!({ "bot": BOT, "person": 5, "text": "x" }), 404),
        ("telegram/api/messages", json!({ "bot": 5, "person": "Ann", "text": "x" }), 404),
        (
            "telegram/api/edit",
            json!({ "bot": BOT, "person": "Ann", "messageId": 9, "text": "x" }),
            404,
        ),
        ("telegram/api/bots/5/revoke", json!({}), 404),
        ("telegram/api/people", json!({ "firstName": "x".repeat(65) }), 400),
        ("telegram/api/faults", json!({ "bot": 5, "status": 500 }), 404),
        ("telegram/api/faults", json!({ "bot": BOT, "status": 418 }), 400),
        ("telegram/api/faults", json!({ "bot": BOT, "state": 500 }), 400),
        ("telegram/api/faults", json!({ "bot": BOT, "status": 500, "times": 0 }), 400),
        ("whatsapp/api/messages", json!({ "phoneNumberId": "9", "messages": [] }), 400),
        (
            "whatsapp/api/messages",
            json!({ "phoneNumberId": "9", "messages": [{ "from": "1", "text": "x" }] }),
            404,
        ),
        (
            "whatsapp/api/statuses",
            json!({ "phoneNumberId": "9", "statuses": [{ "messageId": "w", "status": "read" }] }),
            404,
        ),
        ("whatsapp/api/advance", json!({ "phoneNumberId": "9", "hours": 1 }), 404),
    ] {
        let (refused, answer) = served.post(path, &body).await;
        assert_eq!(refused, status, "{path} {body} {answer}");
        assert!(answer["message"].is_string(), "{answer}");
    }
    let path = "telegram/api/people";
    let plain = served.request(path, &json!({ "firstName": "Ann" }));
    let kind = HeaderValue::from_static("text/plain");
    let plain = plain.headers(HeaderMap::from_iter([(CONTENT_TYPE, kind)]));
    assert_eq!(answered(plain).await.0, 400);
}
