use serde_json::{Value, json};

use super::signature;
use crate::vendor::testing::{Hook, Served, answered};

const NUMBER: &str = "106540352242922";
const SEND: &str = "whatsapp/v24.0/106540352242922/messages";

/// Serves a number, with these settings beside the usual ones.
async fn registered(hook: &Hook, more: &Value) -> Served {
    let served = Served::new().await;
    register(&served, hook, more).await;
    served
}

async fn register(served: &Served, hook: &Hook, more: &Value) {
    let mut body = json!({ "phoneNumberId": NUMBER, "accessToken": "t0ken", "appSecret": "s3cret",
        "webhookUrl": hook.url, "verifyToken": "v&t" });
    body.as_object_mut().expect("members").extend(more.as_object().expect("members").clone());
    served.done("whatsapp/api/numbers", &body).await;
}

/// Writes, and returns the message's id.
async fn write(served: &Served, from: &str) -> String {
    let message = json!({ "from": from, "name": "Ann", "text": "Hello" });
    let body = json!({ "phoneNumberId": NUMBER, "messages": [message] });
    let written = served.done("whatsapp/api/messages", &body).await;
    written["ids"][0].as_str().expect("an id").to_owned()
}

fn message(to: &str, text: &str) -> Value {
    json!({ "messaging_product": "whatsapp", "recipient_type": "individual", "to": to,
        "type": "text", "text": { "body": text, "preview_url": false },
        "biz_opaque_callback_data": "d-1" })
}

async fn send(served: &Served, body: &Value) -> (u16, Value) {
    answered(served.request(SEND, body).header("authorization", "Bearer t0ken")).await
}

/// Returns the only change that a request holds.
fn value(body: &Value) -> &Value {
    body.pointer("/entry/0/changes/0/value").expect("a value")
}

#[tokio::test]
async fn a_number_is_registered_if_its_webhook_repeats_the_challenge() {
    let hook = Hook::new(&[]).await;
    let served = Served::new().await;
    for (member, wrong) in [
        ("verifyToken", json!("other")),
        ("webhookUrl", json!("http://127.0.0.1:1/hook")),
        ("webhookUrl", json!("https://example.com/hook")),
        ("webhookUrl", json!("http://user:pass@127.0.0.1/hook")),
        ("phoneNumberId", json!("x")),
        ("accessToken", json!("")),
        ("appSecret", json!(7)),
    ] {
        let mut body = json!({ "phoneNumberId": NUMBER, "accessToken": "t", "appSecret": "s",
            "webhookUrl": hook.url, "verifyToken": "v&t" });
        body[member] = wrong;
        let (status, answer) = served.post("whatsapp/api/numbers", &body).await;
        assert_eq!(status, 400, "{member} {answer}");
    }
    assert_eq!(served.get("whatsapp/api/numbers").await.1["numbers"], json!([]));
    register(&served, &hook, &json!({})).await;
    let (_, numbers) = served.get("whatsapp/api/numbers").await;
    assert_eq!(numbers["numbers"][0]["phoneNumberId"], json!(NUMBER));
}

#[tokio::test]
async fn a_wrong_message_is_refused_with_the_vendors_code() {
    let hook = Hook::new(&[]).await;
    let served = registered(&hook, &json!({})).await;
    write(&served, "491").await;
    let longest = "я".repeat(4096);
    let longer = format!("{longest}я");
    let null = Value::Null;
    for (pointer, wrong, code, said) in [
        ("/said", json!("x"), 100, "Invalid parameter"),
        ("/text/said", json!("x"), 100, "Invalid parameter"),
        ("/text", json!("x"), 100, "Param text has a wrong type."),
        ("/text/body", json!(7), 100, "Param text['body'] has a wrong type."),
        ("/text/preview_url", json!("x"), 100, "Param text['preview_url'] has a wrong type."),
        ("/text/body", json!(" "), 100, "The parameter text['body'] is required."),
        (
            "/text/body",
            json!(longer),
            100,
            "Param text['body'] must be at most 4096 characters long.",
        ),
        ("/messaging_product", json!("sms"), 100, "Param messaging_product must be one of"),
        ("/messaging_product", null.clone(), 100, "The parameter messaging_product is required."),
        ("/recipient_type", json!("group"), 100, "Param recipient_type must be one of"),
        ("/to", null.clone(), 100, "The parameter to is required."),
        ("/to", json!(""), 131_009, "Parameter value is not valid"),
        ("/to", json!("US.1"), 131_009, "Parameter value is not valid"),
        ("/recipient", json!("US.1"), 131_009, "Parameter value is not valid"),
        ("/type", json!("reaction"), 131_051, "Unsupported message type"),
        ("/context", json!({ "message_id": "wamid.x" }), 131_009, "Parameter value is not valid"),
        ("/context", json!({ "id": "wamid.x" }), 100, "Invalid parameter"),
        ("/to", json!("492"), 131_047, "Re-engagement message"),
    ] {
        let mut body = message("491", "x");
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        let parent = body.pointer_mut(parent).and_then(Value::as_object_mut).expect("members");
        match wrong {
            Value::Null => parent.remove(name),
            wrong => parent.insert(name.to_owned(), wrong),
        };
        let (status, answer) = send(&served, &body).await;
        let error = &answer["error"];
        assert_eq!((status, &error["code"]), (400, &json!(code)), "{pointer} {answer}");
        assert_eq!(error["type"], json!("OAuthException"));
        let text = error["message"].as_str().expect("a message");
        assert!(text.starts_with(&format!("(#{code}) {said}")), "{text}");
    }
    assert_eq!(send(&served, &message("491", &longest)).await.0, 200);
}

#[tokio::test]
async fn a_call_needs_the_token_of_the_number() {
    let hook = Hook::new(&[]).await;
    let served = registered(&hook, &json!({})).await;
    write(&served, "491").await;
    let body = message("491", "x");
    for (path, token, status, code) in [
        (SEND, None, 401, 190),
        (SEND, Some("t0ken"), 401, 190),
        (SEND, Some("Bearer other"), 401, 190),
        ("whatsapp/v24.0/1/messages", Some("Bearer t0ken"), 400, 100),
        ("whatsapp/24/106540352242922/messages", Some("Bearer t0ken"), 400, 100),
    ] {
        let request = served.request(path, &body);
        let request = token.into_iter().fold(request, |r, token| r.header("authorization", token));
        let (refused, answer) = answered(request).await;
        let error = &answer["error"];
        assert_eq!((refused, &error["code"]), (status, &json!(code)), "{path} {token:?}");
        let subcode = if code == 100 { json!(33) } else { Value::Null };
        assert_eq!(error["error_subcode"], subcode);
    }
    assert_eq!(send(&served, &body).await.0, 200);
    served.done("whatsapp/api/withdraw", &json!({ "phoneNumberId": NUMBER })).await;
    assert_eq!(send(&served, &body).await.0, 401);
    register(&served, &hook, &json!({})).await;
    assert_eq!(send(&served, &body).await.0, 200);
    for (asked, status, code) in [
        (400, 400, 131_026),
        (401, 401, 190),
        (403, 403, 10),
        (429, 429, 130_429),
        (500, 500, 131_000),
    ] {
        let fault = json!({ "phoneNumberId": NUMBER, "status": asked });
        served.done("whatsapp/api/faults", &fault).await;
        let (refused, answer) = send(&served, &body).await;
        assert_eq!((refused, &answer["error"]["code"]), (status, &json!(code)));
    }
}

#[tokio::test]
async fn messages_are_posted_signed_and_again_until_they_are_answered() {
    let hook = Hook::new(&[503, 401]).await;
    let served = registered(&hook, &json!({})).await;
    let messages = json!([
        { "from": "491", "name": "Ann", "text": "a" },
        { "from": "US.1", "username": "bob", "text": "b", "replyTo": "wamid.x" },
        { "from": "491", "type": "sticker" },
        { "from": "491", "type": "location", "content": { "latitude": 1.5, "longitude": 2 } },
        { "from": "491", "type": "contacts" },
        { "from": "491", "type": "unsupported", "content": {} },
    ]);
    let body = json!({ "phoneNumberId": NUMBER, "messages": messages });
    let written = served.done("whatsapp/api/messages", &body).await;
    let bodies = hook.bodies(3).await;
    assert!(bodies.iter().all(|body| body == &bodies[0]));
    for post in hook.posts() {
        let right = signature(b"s3cret", &post.body);
        assert_eq!(post.header("x-hub-signature-256"), right.as_deref());
    }
    let value = value(&bodies[0]);
    assert_eq!(value["metadata"]["phone_number_id"], json!(NUMBER));
    let profiles = json!([
        { "profile": { "name": "Ann" }, "wa_id": "491" },
        { "profile": { "username": "bob" }, "user_id": "US.1" },
    ]);
    assert_eq!(value["contacts"], profiles);
    let messages = value["messages"].as_array().expect("messages");
    let ids: Vec<&Value> = messages.iter().map(|message| &message["id"]).collect();
    assert_eq!(ids, written["ids"].as_array().expect("ids").iter().collect::<Vec<_>>());
    assert_eq!(
        (&messages[0]["from"], &messages[0]["text"]),
        (&json!("491"), &json!({ "body": "a" }))
    );
    assert!(messages[0]["timestamp"].as_str().is_some_and(|at| at.parse::<u64>().is_ok()));
    assert_eq!(messages[1]["from_user_id"], json!("US.1"));
    assert_eq!(messages[1]["context"], json!({ "id": "wamid.x" }));
    assert_eq!(messages[3]["location"], json!({ "latitude": 1.5, "longitude": 2 }));
    assert!(messages[2]["sticker"].is_object() && messages[4]["contacts"].is_array());
    let to_user = json!({ "messaging_product": "whatsapp", "recipient": "US.1", "type": "text",
        "text": { "body": "x" }, "context": { "message_id": written["ids"][1] } });
    assert_eq!(send(&served, &to_user).await.0, 200);
}

#[tokio::test]
async fn people_edit_and_delete_their_messages() {
    let hook = Hook::new(&[]).await;
    let served = registered(&hook, &json!({})).await;
    let id = write(&served, "491").await;
    let mut body =
        json!({ "phoneNumberId": NUMBER, "from": "491", "messageId": id, "text": "Now" });
    served.done("whatsapp/api/edit", &body).await;
    body.as_object_mut().expect("members").remove("text");
    served.done("whatsapp/api/revoke", &body).await;
    assert_eq!(served.post("whatsapp/api/revoke", &body).await.0, 404);
    let bodies = hook.bodies(3).await;
    let edit = &value(&bodies[1])["messages"][0];
    let edited = json!({ "original_message_id": id,
        "message": { "type": "text", "text": { "body": "Now" } } });
    assert_eq!((&edit["type"], &edit["edit"]), (&json!("edit"), &edited));
    let revoke = &value(&bodies[2])["messages"][0];
    assert_eq!(revoke["revoke"], json!({ "original_message_id": id }));
}

#[tokio::test]
async fn statuses_come_by_themselves_and_on_demand() {
    let hook = Hook::new(&[]).await;
    let served = registered(&hook, &json!({})).await;
    let id = write(&served, "491").await;
    let mut quote = message("491", "x");
    quote["context"] = json!({ "message_id": id });
    let (status, sent) = send(&served, &quote).await;
    assert_eq!((status, &sent["contacts"]), (200, &json!([{ "input": "491", "wa_id": "491" }])));
    let sent = &sent["messages"][0]["id"];
    let read = json!({ "phoneNumberId": NUMBER, "person": "491" });
    assert_eq!(served.done("whatsapp/api/read", &read).await["reported"], json!(1));
    assert_eq!(served.done("whatsapp/api/read", &read).await["reported"], json!(0));
    let statuses = json!([
        { "messageId": sent, "status": "failed", "code": 131_026 },
        { "messageId": sent, "status": "delivered" },
    ]);
    let body = json!({ "phoneNumberId": NUMBER, "statuses": statuses });
    served.done("whatsapp/api/statuses", &body).await;
    let bodies = hook.bodies(5).await;
    let reported = bodies.iter().filter_map(|body| value(body)["statuses"].as_array()).flatten();
    let reported: Vec<&Value> = reported.collect();
    let states: Vec<&Value> = reported.iter().map(|status| &status["status"]).collect();
    assert_eq!(states, ["sent", "delivered", "read", "failed", "delivered"]);
    for status in &reported {
        assert_eq!((&status["id"], &status["recipient_id"]), (sent, &json!("491")));
        assert_eq!(status["biz_opaque_callback_data"], json!("d-1"));
    }
    assert_eq!(reported[3]["errors"][0]["code"], json!(131_026));
    let path = format!("whatsapp/api/chat?phoneNumberId={NUMBER}&person=491");
    let (_, chat) = served.get(&path).await;
    assert_eq!(chat["messages"][1]["replyTo"], json!(id));
    assert_eq!(
        (&chat["messages"][1]["status"], &chat["isOpen"]),
        (&json!("delivered"), &json!(true))
    );
}

#[tokio::test]
async fn a_window_closes_after_a_day_and_opens_with_a_message() {
    let hook = Hook::new(&[]).await;
    let served = registered(&hook, &json!({ "isAutomatic": false })).await;
    write(&served, "491").await;
    let body = message("491", "x");
    let advance = async |hours: i64| {
        let body = json!({ "phoneNumberId": NUMBER, "hours": hours });
        served.done("whatsapp/api/advance", &body).await;
    };
    advance(23).await;
    assert_eq!(send(&served, &body).await.0, 200);
    advance(1).await;
    let (status, answer) = send(&served, &body).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(131_047)));
    assert!(answer["error"]["error_data"]["details"].is_string());
    write(&served, "491").await;
    assert_eq!(send(&served, &body).await.0, 200);
    advance(24).await;
    register(&served, &hook, &json!({ "isWindowReported": true })).await;
    assert_eq!(send(&served, &body).await.0, 200);
    let bodies = hook.bodies(3).await;
    let failed = &value(&bodies[2])["statuses"][0];
    assert_eq!(
        (&failed["status"], &failed["errors"][0]["code"]),
        (&json!("failed"), &json!(131_047))
    );
}

#[tokio::test]
async fn a_burst_to_one_person_has_an_end() {
    let hook = Hook::new(&[]).await;
    let served = registered(&hook, &json!({ "isAutomatic": false })).await;
    write(&served, "491").await;
    write(&served, "492").await;
    let mut refused = Vec::new();
    for _ in 0..50 {
        let (status, answer) = send(&served, &message("491", "x")).await;
        refused.extend((status != 200).then_some((status, answer["error"]["code"].clone())));
    }
    assert!((3..=5).contains(&refused.len()), "{refused:?}");
    assert!(refused.iter().all(|refused| *refused == (429, json!(131_056))));
    assert_eq!(send(&served, &message("492", "x")).await.0, 200);
    let (_, numbers) = served.get("whatsapp/api/numbers").await;
    assert_eq!(numbers["numbers"][0]["throttled"], json!(refused.len()));
}

#[tokio::test]
async fn a_file_is_uploaded_sent_as_what_it_is_and_read_with_the_token() {
    let hook = Hook::new(&[]).await;
    let served = registered(&hook, &json!({})).await;
    write(&served, "49301").await;
    let path = format!("whatsapp/v24.0/{NUMBER}/media");
    let upload = async |token: &str, kind: &str, bytes: &[u8]| {
        let texts = [("messaging_product", "whatsapp"), ("type", kind)];
        let request = served.form(&path, &texts, ("file", kind, bytes));
        answered(request.header("authorization", format!("Bearer {token}"))).await
    };
    assert_eq!(upload("other", "image/png", b"x").await.0, 401);
    assert_eq!(upload("t0ken", "image/png", b"").await.0, 400);
    assert_eq!(upload("t0ken", "image/png", &vec![7; 5 * 1024 * 1024 + 1]).await.0, 400);
    let (status, uploaded) = upload("t0ken", "image/png", b"a picture").await;
    let id = uploaded["id"].as_str().expect("an id");
    assert_eq!(status, 200);
    let file = |kind: &str, id: &str| json!({ "messaging_product": "whatsapp", "to": "49301", "type": kind, kind: { "id": id } });
    assert_eq!(send(&served, &file("image", id)).await.0, 200);
    assert_eq!(send(&served, &file("document", id)).await.0, 200);
    assert_eq!(send(&served, &file("video", id)).await.0, 400);
    assert_eq!(send(&served, &file("image", "1")).await.0, 400);
    assert_eq!(send(&served, &file("sticker", id)).await.0, 400);

    let read = |path: &str, token: &str| {
        served.getting(path).header("authorization", format!("Bearer {token}"))
    };
    let (_, found) = answered(read(&format!("whatsapp/v24.0/{id}"), "t0ken")).await;
    assert_eq!(found["mime_type"], "image/png");
    let (_, below) = found["url"].as_str().and_then(|url| url.split_once("/dev/")).expect("a URL");
    let download = read(below, "t0ken").send().await.expect("an answer");
    assert_eq!(download.bytes().await.expect("bytes"), "a picture");
    assert_eq!(answered(read(below, "other")).await.0, 401);
    assert_eq!(answered(read(&format!("whatsapp/v24.0/{id}"), "other")).await.0, 401);
}
