//! The webhook channel, in.

mod again;

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{Person, field, play, signature, texts};

fn message(id: &str, text: &str) -> Value {
    json!({
        "messageId": id,
        "from": { "id": "+49 30 1234", "name": "Zoë" },
        "text": text,
        "sentAt": "2020-02-29T23:59:59.500Z",
    })
}

#[test]
fn a_signed_message_opens_a_session_and_shows_when_it_was_sent() {
    play(async |world| {
        let (status, answer) = world.webhook(&message("m1", "Hello")).await;
        assert_eq!(status, 200, "{answer}");
        let ann = world.online("ann").await;
        let queue = ann.group("QUEUE").await;
        assert_eq!(queue[0]["name"], "Zoë");
        assert_eq!(queue[0]["channel"]["kind"], "WEBHOOK");
        assert_eq!(queue[0]["client"]["isInternal"], false);
        let dialog = ann.dialog(&ann.waiting().await).await;
        assert_eq!(dialog[0]["text"], "Hello");
        assert_eq!(dialog[0]["sentAt"], "2020-02-29T23:59:59.500Z");
        assert_eq!(dialog[0]["channel"]["kind"], "WEBHOOK");
        assert_eq!(queue[0]["firstMessageAt"], dialog[0]["sentAt"]);
        // Order and age are by arrival.
        assert!(queue[0]["openedAt"].as_str() > dialog[0]["sentAt"].as_str());
    });
}

#[test]
fn the_order_is_by_arrival() {
    play(async |world| {
        let mut late = message("m1", "Sent later");
        late["sentAt"] = json!("2021-01-01T00:00:00.000Z");
        world.webhook(&late).await;
        world.webhook(&message("m2", "Sent earlier")).await;
        let ann = world.employee("ann").await;
        let dialog = ann.dialog(&ann.waiting().await).await;
        assert_eq!(texts(&dialog, "text"), ["Sent later", "Sent earlier"]);
        assert_eq!(field(&dialog, "seq"), [1, 2]);
    });
}

#[test]
fn a_wrong_signature_is_refused_and_an_unknown_channel_is_not_found() {
    play(async |world| {
        let body = message("m1", "Hello").to_string();
        let right = signature("demo-secret", &body);
        let wrong = [
            Some(signature("another-secret", &body)),
            Some(signature("demo-secret", &format!("{body} "))),
            Some(right.replace("sha256=", "")),
            Some("sha256=".to_owned()),
            Some("nonsense".to_owned()),
            None,
        ];
        let mut answers = Vec::new();
        for signature in wrong {
            answers.push(world.webhook_raw("demo-support", body.clone(), signature).await);
        }
        for (status, answer) in answers {
            assert_eq!(status, 401, "{answer}");
            assert_eq!(answer["error"]["code"], "UNAUTHENTICATED");
            assert_eq!(answer["error"]["message"], "The signature is wrong.");
        }
        for channel in
            ["nobody", "demo-sales", "demo-support-web", "other", "%00", "demo-support%20"]
        {
            let (status, answer) =
                world.webhook_raw(channel, body.clone(), Some(right.clone())).await;
            assert_eq!(status, 404, "{channel}: {answer}");
        }
        assert!(world.employee("ann").await.group("QUEUE").await.is_empty());
        assert_eq!(world.webhook_raw("demo-support", body, Some(right)).await.0, 200);
    });
}

#[test]
fn the_same_message_id_answers_200_and_changes_nothing_however_late() {
    play(async |world| {
        let ann = world.online("ann").await;
        world.webhook(&message("m1", "Hello")).await;
        let id = ann.waiting().await;
        let before = ann.session(&id).await;
        for body in [message("m1", "Hello"), message("m1", "Another text")] {
            assert_eq!(world.webhook(&body).await.0, 200);
        }
        assert_eq!(ann.session(&id).await, before);
        assert_eq!(texts(&ann.dialog(&id).await, "text"), ["Hello"]);
        ann.claim(&id).await;
        ann.close(&id, None).await;
        assert_eq!(world.webhook(&message("m1", "Hello")).await.0, 200);
        assert!(ann.group("QUEUE").await.is_empty());
        assert_eq!(ann.dialog(&id).await.len(), 3);
        assert_eq!(world.webhook(&message("m2", "New")).await.0, 200);
        assert_eq!(ann.group("QUEUE").await.len(), 1);
    });
}

#[test]
fn deliveries_at_the_same_time_show_once() {
    play(async |world| {
        let (one, two) = (message("m1", "Hello"), message("m2", "Hello?"));
        let deliveries = (0..4).flat_map(|_| [world.webhook(&one), world.webhook(&two)]);
        for (status, answer) in join_all(deliveries).await {
            assert_eq!(status, 200, "{answer}");
        }
        let ann = world.employee("ann").await;
        assert_eq!(ann.group("QUEUE").await.len(), 1);
        let dialog = ann.dialog(&ann.waiting().await).await;
        let mut said = texts(&dialog, "text");
        said.sort();
        assert_eq!(said, ["Hello", "Hello?"]);
        assert_eq!(ann.session(&ann.waiting().await).await["unreadCount"], 2);
        assert_eq!(ann.badge().await, [0, 0, 0, 1]);
    });
}

#[test]
fn a_name_that_a_later_message_gives_reaches_the_open_session_and_is_not_forgotten() {
    play(async |world| {
        let ann = world.online("ann").await;
        world.webhook(&message("m1", "Hello")).await;
        let id = ann.waiting().await;
        let named = |message_id: &str, name: Value| {
            let mut body = message(message_id, "Hello?");
            body["from"]["name"] = name;
            body
        };
        for (message_id, name, shown) in [
            ("m2", json!("Zoë Müller"), "Zoë Müller"),
            ("m3", Value::Null, "Zoë Müller"),
            ("m4", json!(" "), "Zoë Müller"),
            // The same message once more says nothing.
            ("m1", json!("Another"), "Zoë Müller"),
            ("m5", json!("Zoë"), "Zoë"),
        ] {
            assert_eq!(world.webhook(&named(message_id, name)).await.0, 200);
            assert_eq!(client(&ann, &id).await["client"]["name"], shown, "{message_id}");
        }
        assert_eq!(client(&ann, &id).await["name"], "Zoë", "its own name is as it was opened");
        ann.claim(&id).await;
        ann.close(&id, None).await;
        world.webhook(&named("m6", json!("Zoé"))).await;
        assert_eq!(client(&ann, &id).await["client"]["name"], "Zoë", "what is over stays");
        assert_eq!(client(&ann, &ann.waiting().await).await["client"]["name"], "Zoé");
    });
}

#[test]
fn names_that_are_given_at_the_same_time_leave_one_of_them_and_all_messages() {
    play(async |world| {
        let ann = world.online("ann").await;
        world.webhook(&message("m0", "Hello")).await;
        let id = ann.waiting().await;
        let bodies: Vec<Value> = (1..6)
            .map(|number| {
                let mut body = message(&format!("m{number}"), "Hello?");
                body["from"]["name"] = json!(format!("Zoe {number}"));
                body
            })
            .collect();
        for (status, answer) in join_all(bodies.iter().map(|body| world.webhook(body))).await {
            assert_eq!(status, 200, "{answer}");
        }
        let dialog = ann.dialog(&id).await;
        let last = dialog.last().unwrap()["author"]["name"].clone();
        assert_eq!(client(&ann, &id).await["client"]["name"], last, "the last one said it");
        assert_eq!(dialog.len(), 6);
    });
}

/// A session's name and who its client is.
async fn client(who: &Person, id: &str) -> Value {
    let document = "query($id: ID!) { viewer { session(id: $id) { name client {
        name contacts { kind value } } } } }";
    let data = who.get_with(document, json!({ "id": id })).await;
    data["viewer"]["session"].clone()
}

#[test]
fn whoever_has_another_id_is_another_client() {
    play(async |world| {
        world.webhook(&message("m1", "Hello")).await;
        let mut other = message("m2", "Hello");
        other["from"]["id"] = json!("+49 30 4321");
        world.webhook(&other).await;
        assert_eq!(world.employee("ann").await.group("QUEUE").await.len(), 2);
    });
}

#[test]
fn what_is_wrong_with_a_message_is_said() {
    play(async |world| {
        let signed = async |body: String| {
            let signature = signature("demo-secret", &body);
            world.webhook_raw("demo-support", body, Some(signature)).await
        };
        for body in ["", "nonsense", "[]", "{}", "{\"messageId\": 1"] {
            let (status, answer) = signed(body.to_owned()).await;
            assert_eq!(
                (status, &answer["error"]["code"]),
                (400, &json!("BAD_USER_INPUT")),
                "{body}"
            );
        }
        for (pointer, name, value) in [
            ("/messageId", "messageId", json!("x".repeat(101))),
            ("/text", "text", json!("x".repeat(8001))),
            ("/text", "text", json!("")),
            ("/from/id", "from.id", json!(7)),
            ("/sentAt", "sentAt", json!("yesterday")),
        ] {
            let mut body = message("m1", "Hello");
            *body.pointer_mut(pointer).unwrap() = value;
            let (status, answer) = world.webhook(&body).await;
            assert_eq!((status, &answer["error"]["field"]), (400, &json!(name)), "{answer}");
        }
        let (status, _) = signed("x".repeat(1024 * 1024)).await;
        assert_eq!(status, 413);
        let url = world.url("/channels/webhook/demo-support");
        let read = world.http().get(url).send().await.unwrap();
        assert!([404, 405].contains(&read.status().as_u16()), "{}", read.status());
        assert!(world.employee("ann").await.group("QUEUE").await.is_empty());
    });
}

#[test]
fn a_message_quotes_an_earlier_one_by_its_id_and_an_unknown_id_quotes_nothing() {
    play(async |world| {
        world.webhook(&message("m1", "Hello")).await;
        let quoting = |id: &str, of: &str| {
            let mut body = message(id, "That one");
            body["replyTo"] = json!(of);
            body
        };
        for (id, of) in [("m2", "m1"), ("m3", "nothing"), ("m2", "m3")] {
            assert_eq!(world.webhook(&quoting(id, of)).await.0, 200, "{id}");
        }
        let document = "query($id: ID!) { viewer { session(id: $id) { messages(last: 10) { nodes {
            seq replyTo { seq text } } } } } }";
        let ann = world.employee("ann").await;
        let seen = ann.get_with(document, json!({ "id": ann.waiting().await })).await;
        let quotes =
            field(seen["viewer"]["session"]["messages"]["nodes"].as_array().unwrap(), "replyTo");
        assert_eq!(quotes, [Value::Null, json!({ "seq": 1, "text": "Hello" }), Value::Null]);
        assert_eq!(world.webhook(&quoting("m4", &"x".repeat(101))).await.0, 400);
    });
}

#[test]
fn the_channel_alone_says_which_tenant_a_message_is_for() {
    play(async |world| {
        let body = message("m1", "Hello").to_string();
        let signed = Some(signature("demo-secret", &body));
        let (status, answer) = world.webhook_raw("other-support", body, signed).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(world.webhook(&message("m1", "Hello")).await.1["duplicate"], false);
        for name in ["ann", "other/ann"] {
            let person = world.employee(name).await;
            assert_eq!(person.group("QUEUE").await.len(), 1, "{name}");
        }
        let (ours, theirs) = (world.employee("ann").await, world.employee("other/ann").await);
        assert_ne!(ours.waiting().await, theirs.waiting().await);
        assert_eq!(theirs.session(&ours.waiting().await).await, Value::Null);
    });
}
