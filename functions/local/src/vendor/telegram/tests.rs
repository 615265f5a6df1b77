use futures::future::join_all;
use serde_json::{Value, json};

use crate::vendor::testing::{Hook, Served, answered, until};

const DEMO: &str = "telegram/bot111111111:demo-token-of-the-stand-in";
const BOT: i64 = 111_111_111;

/// Writes as Ann, and returns her id and the message's.
async fn write(served: &Served, person: &str) -> (i64, i64) {
    let body = json!({ "bot": BOT, "person": person, "text": "Hello" });
    let written = served.done("telegram/api/messages", &body).await;
    let number = |pointer: &str| written.pointer(pointer).and_then(Value::as_i64).expect("an id");
    (number("/person/id"), number("/message/id"))
}

async fn send(served: &Served, body: &Value) -> (u16, Value) {
    served.post(&format!("{DEMO}/sendMessage"), body).await
}

async fn set_webhook(served: &Served, body: &Value) {
    served.done(&format!("{DEMO}/setWebhook"), body).await;
}

async fn chat(served: &Served) -> Value {
    served.get(&format!("telegram/api/chat?bot={BOT}&person=Ann")).await.1
}

#[tokio::test]
async fn a_wrong_call_is_refused_in_the_vendors_words() {
    let served = Served::new().await;
    let (ann, _) = write(&served, "Ann").await;
    let longest = "я".repeat(4096);
    let longer = format!("{longest}я");
    let emoji = "👍".repeat(2049);
    let hook = "http://127.0.0.1:1/x";
    for (method, body, description) in [
        (
            "sendMessage",
            json!({ "chat_id": ann, "text": "x", "txt": "y" }),
            "unknown field \"txt\"",
        ),
        ("sendMessage", json!({ "chat_id": ann, "text": 7 }), "wrong type of field \"text\""),
        ("sendMessage", json!({ "chat_id": true, "text": "x" }), "wrong type of field \"chat_id\""),
        ("sendMessage", json!({ "chat_id": 1.5, "text": "x" }), "wrong type of field \"chat_id\""),
        ("sendMessage", json!({ "text": "x" }), "chat_id is empty"),
        ("sendMessage", json!({ "chat_id": ann }), "message text is empty"),
        ("sendMessage", json!({ "chat_id": ann, "text": " \n" }), "message text is empty"),
        ("sendMessage", json!({ "chat_id": ann, "text": longer }), "message is too long"),
        ("sendMessage", json!({ "chat_id": ann, "text": emoji }), "message is too long"),
        ("sendMessage", json!({ "chat_id": 5, "text": "x" }), "chat not found"),
        ("sendMessage", json!({ "chat_id": "@news", "text": "x" }), "chat not found"),
        (
            "sendMessage",
            json!({ "chat_id": ann, "text": "x", "reply_parameters": { "message_id": "1" } }),
            "wrong type of field \"reply_parameters.message_id\"",
        ),
        (
            "sendMessage",
            json!({ "chat_id": ann, "text": "x", "reply_parameters": { "id": 1 } }),
            "unknown field \"reply_parameters.id\"",
        ),
        (
            "sendMessage",
            json!({ "chat_id": ann, "text": "x", "reply_parameters": { "message_id": 99 } }),
            "message to be replied not found",
        ),
        ("sendMessage", json!([1]), "can't parse JSON object"),
        ("getMe", json!({ "x": 1 }), "unknown field \"x\""),
        ("setWebhook", json!({}), "missing field \"url\""),
        (
            "setWebhook",
            json!({ "url": "https://example.com/" }),
            "bad webhook: the stand-in posts to http://127.0.0.1 only",
        ),
        (
            "setWebhook",
            json!({ "url": hook, "secret_token": "a b" }),
            "secret token contains unallowed characters",
        ),
        (
            "setWebhook",
            json!({ "url": hook, "secret_token": "a".repeat(257) }),
            "secret token is too long",
        ),
        (
            "setWebhook",
            json!({ "url": hook, "allowed_updates": ["mesage"] }),
            "unknown kind of update \"mesage\"",
        ),
        (
            "setWebhook",
            json!({ "url": hook, "allowed_updates": "message" }),
            "wrong type of field \"allowed_updates\"",
        ),
    ] {
        let (status, answer) = served.post(&format!("{DEMO}/{method}"), &body).await;
        let description = format!("Bad Request: {description}");
        let refused = json!({ "ok": false, "error_code": 400, "description": description });
        assert_eq!((status, &answer), (400, &refused), "{method}");
    }
    assert_eq!(send(&served, &json!({ "chat_id": ann, "text": longest })).await.0, 200);
}

#[tokio::test]
async fn each_token_is_a_bot_of_its_own_until_it_is_withdrawn() {
    let served = Served::new().await;
    let me =
        async |token: &str| served.post(&format!("telegram/bot{token}/getMe"), &json!({})).await;
    let (status, demo) = served.post(&format!("{DEMO}/getMe"), &json!({})).await;
    assert_eq!((status, &demo["result"]["username"]), (200, &json!("chatdesk_demo_bot")));
    let (status, other) = me("7:secret").await;
    assert_eq!((status, &other["result"]["username"]), (200, &json!("bot7_bot")));
    assert_eq!(me("7:other").await.0, 401);
    served.done("telegram/api/bots/7/revoke", &json!({})).await;
    let unauthorized = json!({ "ok": false, "error_code": 401, "description": "Unauthorized" });
    assert_eq!(me("7:secret").await, (401, unauthorized));
    assert_eq!(me("7:other").await.0, 200);
    assert_eq!(me("7:secret").await.0, 401);
    for malformed in ["x", "7", "7:", ":x", "7:a.b", "-7:a", "+7:a"] {
        assert_eq!(me(malformed).await.0, 404, "{malformed}");
    }
    let (status, answer) = served.get("telegram/bot7:other/sendmessage?chat_id=5&text=5").await;
    assert_eq!((status, &answer["description"]), (400, &json!("Bad Request: chat not found")));
    assert_eq!(served.post("telegram/bot7:other/sendDice", &json!({})).await.0, 404);
}

#[tokio::test]
async fn updates_are_posted_in_order_and_again_until_they_are_answered() {
    let served = Served::new().await;
    let hook = Hook::new(&[500, 404]).await;
    let (ann, first) = write(&served, "Ann").await;
    set_webhook(&served, &json!({ "url": hook.url, "secret_token": "s3cret" })).await;
    write(&served, "Ann").await;
    let bodies = hook.bodies(4).await;
    let ids: Vec<&Value> = bodies.iter().map(|body| &body["update_id"]).collect();
    assert_eq!(ids, [1, 1, 1, 2]);
    let message = &bodies[0]["message"];
    assert_eq!(message["message_id"], json!(first));
    assert_eq!(message["chat"], json!({ "id": ann, "first_name": "Ann", "type": "private" }));
    assert_eq!((&message["from"]["is_bot"], &message["text"]), (&json!(false), &json!("Hello")));
    let secret = hook.posts()[3].header("x-telegram-bot-api-secret-token").map(str::to_owned);
    assert_eq!(secret.as_deref(), Some("s3cret"));
    let info = async || served.post(&format!("{DEMO}/getWebhookInfo"), &json!({})).await.1;
    until(async || info().await["result"]["pending_update_count"] == json!(0)).await;
    assert_eq!(info().await["result"]["url"], json!(hook.url));
    let deleted = served.done(&format!("{DEMO}/deleteWebhook"), &json!({})).await;
    assert_eq!(deleted["description"], json!("Webhook was deleted"));
    write(&served, "Ann").await;
    assert_eq!(info().await["result"]["pending_update_count"], json!(1));
    assert_eq!(info().await["result"]["url"], json!(""));
}

#[tokio::test]
async fn only_the_kinds_that_are_asked_for_are_posted() {
    let served = Served::new().await;
    let hook = Hook::new(&[]).await;
    let kinds = json!(["message", "my_chat_member"]);
    set_webhook(&served, &json!({ "url": hook.url, "allowed_updates": kinds })).await;
    let (ann, id) = write(&served, "Ann").await;
    let edit = json!({ "bot": BOT, "person": ann, "messageId": id, "text": "Now" });
    served.done("telegram/api/edit", &edit).await;
    write(&served, "Ann").await;
    let bodies = hook.bodies(2).await;
    assert!(bodies.iter().all(|body| body["message"].is_object()), "{bodies:?}");
    set_webhook(&served, &json!({ "url": hook.url, "allowed_updates": [] })).await;
    served.done("telegram/api/edit", &edit).await;
    let edited = &hook.bodies(3).await[2]["edited_message"];
    assert_eq!((&edited["message_id"], &edited["text"]), (&json!(id), &json!("Now")));
    assert!(edited["edit_date"].is_i64());
}

#[tokio::test]
async fn a_blocked_bot_reaches_nobody() {
    let served = Served::new().await;
    let hook = Hook::new(&[]).await;
    set_webhook(&served, &json!({ "url": hook.url })).await;
    let (ann, _) = write(&served, "Ann").await;
    let pair = json!({ "bot": BOT, "person": ann });
    for _ in 0..2 {
        served.done("telegram/api/block", &pair).await;
    }
    let (status, answer) = send(&served, &json!({ "chat_id": ann, "text": "x" })).await;
    let description = json!("Forbidden: bot was blocked by the user");
    assert_eq!((status, &answer["description"]), (403, &description));
    let text = json!({ "bot": BOT, "person": ann, "text": "x" });
    assert_eq!(served.post("telegram/api/messages", &text).await.0, 409);
    served.done("telegram/api/unblock", &pair).await;
    assert_eq!(send(&served, &json!({ "chat_id": ann, "text": "x" })).await.0, 200);
    let bodies = hook.bodies(3).await;
    let states = bodies.iter().filter_map(|body| {
        body.pointer("/my_chat_member/new_chat_member/status").and_then(Value::as_str)
    });
    assert_eq!(states.collect::<Vec<_>>(), ["kicked", "member"]);
    assert_eq!(bodies[1]["my_chat_member"]["chat"]["type"], json!("private"));
}

#[tokio::test]
async fn a_burst_to_a_chat_is_refused_and_counted() {
    let served = Served::new().await;
    let (ann, _) = write(&served, "Ann").await;
    let body = json!({ "chat_id": ann, "text": "x" });
    let answers = join_all((0..20).map(|_| send(&served, &body))).await;
    let refused: Vec<_> = answers.into_iter().filter(|(status, _)| *status != 200).collect();
    assert!((1..=17).contains(&refused.len()), "{refused:?}");
    let throttled = json!({ "ok": false, "error_code": 429,
        "description": "Too Many Requests: retry after 1", "parameters": { "retry_after": 1 } });
    assert!(refused.iter().all(|refused| *refused == (429, throttled.clone())));
    let (_, bots) = served.get("telegram/api/bots").await;
    assert_eq!(bots["bots"][0]["throttled"], json!(refused.len()));
}

#[tokio::test]
async fn quotes_go_out_and_come_in() {
    let served = Served::new().await;
    let hook = Hook::new(&[]).await;
    let (ann, id) = write(&served, "Ann").await;
    let quote = |id: i64, may_be_lost: bool| {
        let quote = json!({ "message_id": id, "allow_sending_without_reply": may_be_lost });
        json!({ "chat_id": ann, "text": "x", "reply_parameters": quote })
    };
    let (_, sent) = send(&served, &quote(id, false)).await;
    assert_eq!(sent["result"]["reply_to_message"]["message_id"], json!(id));
    let deleted = json!({ "bot": BOT, "person": ann, "messageId": id });
    let deleted = served.done("telegram/api/delete", &deleted).await;
    assert!(deleted["note"].as_str().is_some_and(|note| note.contains("no update")));
    assert_eq!(send(&served, &quote(id, false)).await.0, 400);
    let (status, sent) = send(&served, &quote(id, true)).await;
    assert_eq!((status, sent["result"].get("reply_to_message")), (200, None));
    set_webhook(&served, &json!({ "url": hook.url, "drop_pending_updates": true })).await;
    let answer = sent["result"]["message_id"].clone();
    let reply = json!({ "bot": BOT, "person": "Ann", "text": "y", "replyTo": answer });
    served.done("telegram/api/messages", &reply).await;
    let quoted = &hook.bodies(1).await[0]["message"]["reply_to_message"];
    assert_eq!((&quoted["message_id"], &quoted["from"]["is_bot"]), (&answer, &json!(true)));
}

#[tokio::test]
async fn contents_that_are_no_text_are_posted_as_themselves() {
    let served = Served::new().await;
    let hook = Hook::new(&[]).await;
    set_webhook(&served, &json!({ "url": hook.url })).await;
    for (member, value) in [
        ("sticker", json!("👍")),
        ("location", json!({ "latitude": 52.5, "longitude": 13.25 })),
        ("contact", json!({ "phoneNumber": "+49301", "firstName": "Bob" })),
    ] {
        let body = json!({ "bot": BOT, "person": "Ann", member: value });
        served.done("telegram/api/messages", &body).await;
    }
    let bodies = hook.bodies(3).await;
    assert_eq!(bodies[0]["message"]["sticker"]["emoji"], json!("👍"));
    assert_eq!(bodies[1]["message"]["location"]["longitude"], json!(13.25));
    assert_eq!(bodies[2]["message"]["contact"]["phone_number"], json!("+49301"));
    assert!(bodies.iter().all(|body| body["message"].get("text").is_none()));
    assert_eq!(chat(&served).await["messages"][1]["text"], json!("52.5, 13.25 (location)"));
}

#[tokio::test]
async fn a_reader_of_a_chat_hears_of_its_changes() {
    let served = Served::new().await;
    let (ann, _) = write(&served, "Ann").await;
    let revision = chat(&served).await["revision"].as_u64().expect("a revision");
    let path = format!("telegram/api/chat/events?bot={BOT}&person=Ann&after={revision}");
    let send = async { send(&served, &json!({ "chat_id": ann, "text": "Welcome" })).await };
    let ((status, changed), _) = tokio::join!(served.get(&path), send);
    let last = &changed["messages"][1];
    assert_eq!((status, &last["from"], &last["text"]), (200, &json!("bot"), &json!("Welcome")));
    let path = path.replace(&format!("after={revision}"), &format!("after={}", revision + 1));
    let stop = async { served.vendors.stop() };
    let ((status, same), ()) = tokio::join!(served.get(&path), stop);
    assert_eq!((status, &same["revision"]), (200, &json!(revision + 1)));
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let served = Served::new().await;
    for (path, kind) in
        [("", "text/html"), ("/page.js", "text/javascript"), ("/page.css", "text/css")]
    {
        let answer = served.getting(&format!("telegram{path}")).send().await.expect("an answer");
        let header = |name: &str| answer.headers()[name].to_str().expect("a text").to_owned();
        assert_eq!(header("content-type"), format!("{kind}; charset=utf-8"));
        assert!(
            header("content-security-policy").starts_with("default-src 'none'; script-src 'self'")
        );
        let text = answer.text().await.expect("a text");
        for outside in ["http:", "https:", "//cdn", "style=", "onclick="] {
            assert!(!text.contains(outside), "{path} {outside}");
        }
    }
}

#[tokio::test]
async fn a_file_of_a_person_is_read_by_whoever_has_the_token() {
    let served = Served::new().await;
    let id = served.pick("telegram/api/files", b"hello").await;
    let file = json!({ "id": id, "name": "a.txt", "type": "text/plain" });
    let body = json!({ "bot": BOT, "person": "Ann", "file": file, "caption": "Look" });
    let written = served.done("telegram/api/messages", &body).await;
    let shown = &written["message"];
    assert_eq!((&shown["text"], &shown["file"]["kind"]), (&json!("Look"), &json!("document")));
    let got = served.done(&format!("{DEMO}/getFile"), &json!({ "file_id": id })).await;
    let path = got["result"]["file_path"].as_str().expect("a path");
    let read = async |token: &str, path: &str| {
        let request = served.getting(&format!("telegram/file/bot{token}/{path}"));
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.bytes().await.expect("bytes"))
    };
    let token = "111111111:demo-token-of-the-stand-in";
    assert_eq!(read(token, path).await, (200, "hello".into()));
    assert_eq!(read(token, "files/../../messengers.json").await.0, 404);
    assert_eq!(read("111111111:other", path).await.0, 401);
}

#[tokio::test]
async fn what_is_no_file_is_refused() {
    let served = Served::new().await;
    let (ann, _) = write(&served, "Ann").await;
    let ann = ann.to_string();
    let large = served.pick("telegram/api/files", &vec![7; 20 * 1024 * 1024 + 1]).await;
    for (file_id, description) in [
        (large, "file is too big"),
        (json!("x"), "wrong file_id or the file is temporarily unavailable"),
    ] {
        let (status, answer) =
            served.post(&format!("{DEMO}/getFile"), &json!({ "file_id": file_id })).await;
        assert_eq!((status, &answer["description"]), (400, &refusal(description)));
    }
    let longest = vec![7; 10 * 1024 * 1024 + 1];
    let sent = async |method: &str, file: (&str, &str, &[u8])| {
        let path = format!("{DEMO}/{method}");
        answered(served.form(&path, &[("chat_id", &ann)], file)).await
    };
    for (method, file, description) in [
        ("sendPhoto", ("photo", "application/pdf", b"%PDF".as_slice()), "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", ("photo", "image/png", &longest), "file is too big"),
        ("sendDocument", ("document", "text/plain", b""), "file must be non-empty"),
        ("sendDocument", ("photo", "text/plain", b"x"), "unknown field \"photo\""),
    ] {
        let (status, answer) = sent(method, file).await;
        assert_eq!((status, &answer["description"]), (400, &refusal(description)), "{method}");
    }
    let (status, answer) = sent("sendDocument", ("document", "image/png", &longest)).await;
    assert_eq!((status, &answer["result"]["document"]["mime_type"]), (200, &json!("image/png")));
    let nothing = json!({ "bot": BOT, "person": "Ann", "caption": "Look", "text": "Look" });
    assert_eq!(served.post("telegram/api/messages", &nothing).await.0, 400);
}

fn refusal(reason: &str) -> Value {
    json!(format!("Bad Request: {reason}"))
}
