//! A client's message arrives.

mod alert;
mod identity;
mod opening;

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{ALERTS, COUNTERS, Person, badge, code, field, play, texts};

fn kinds(alerts: &[Value]) -> Vec<String> {
    texts(alerts, "kind")
}

#[test]
fn a_first_message_opens_a_session_in_the_queue_named_after_the_client() {
    play(async |world| {
        let ann = world.employee("ann").await;
        assert!(ann.group("QUEUE").await.is_empty());
        let message = world.client("Zoe").await.post("Hello").await;
        assert_eq!((message["seq"].as_i64(), message["text"].as_str()), (Some(1), Some("Hello")));
        assert_eq!(message["author"], json!({ "name": "Zoe", "viewerIsAuthor": true }));

        let queue = ann.group("QUEUE").await;
        assert_eq!(queue.len(), 1);
        let session = &queue[0];
        for (name, wanted) in [
            ("name", json!("Zoe")),
            ("state", json!("QUEUED")),
            ("isNew", json!(true)),
            ("unreadCount", json!(1)),
            ("viewerReadSeq", json!(0)),
            ("operator", Value::Null),
            ("liveChat", json!({ "name": "Support" })),
            ("channel", json!({ "kind": "WEB" })),
            ("closedAt", Value::Null),
        ] {
            assert_eq!(session[name], wanted, "{name}");
        }
        assert_eq!(session["client"]["isInternal"], false);
        assert_eq!(session["preview"]["text"], "Hello");
        assert_eq!(session["preview"]["kind"], "CLIENT");
        assert_eq!(session["preview"]["authorName"], "Zoe");
        assert_eq!(session["waitingSince"], session["firstMessageAt"]);
        assert_eq!(session["lastMessageAt"], session["firstMessageAt"]);
    });
}

#[test]
fn a_message_to_an_open_session_is_added_to_it() {
    play(async |world| {
        let (ann, zoe) = (world.employee("ann").await, world.client("Zoe").await);
        for text in ["One", "Two", "Three"] {
            zoe.post(text).await;
        }
        let queue = ann.group("QUEUE").await;
        assert_eq!(field(&queue, "unreadCount"), [3]);
        let dialog = ann.dialog(&ann.waiting().await).await;
        assert_eq!(texts(&dialog, "text"), ["One", "Two", "Three"]);
        assert_eq!(field(&dialog, "seq"), [1, 2, 3]);
        assert_eq!(texts(&dialog, "kind"), ["CLIENT"; 3]);
        assert_eq!(dialog[0]["author"], json!({ "__typename": "Client", "name": "Zoe" }));
        assert_eq!(dialog[0]["channel"]["kind"], "WEB");
    });
}

/// The pushes that a person gets of a first message: the number of alerts, and the counters at the
/// end, none unless they moved.
type Parsed = (usize, Option<[i64; 4]>);

#[test]
fn every_operator_of_the_live_chat_is_alerted_at_once_and_nobody_else() {
    play(async |world| {
        // Everybody is offline but one: offline operators are alerted too.
        world.online("ann").await;
        let people: [(&str, Parsed); 9] = [
            ("ann", (1, Some([0, 0, 0, 1]))),
            ("bob", (1, Some([0, 0, 0, 1]))),
            ("dan", (1, Some([1, 0, 1, 1]))),
            ("bea", (1, Some([1, 0, 1, 1]))),
            ("sue", (0, Some([1, 0, 1, 0]))),
            ("eve", (0, None)),
            ("ada", (0, None)),
            ("kim", (0, None)),
            ("other/ann", (0, None)),
        ];
        let mut listening = Vec::new();
        for (name, told) in people {
            let socket = world.employee(name).await.socket().await;
            let mut counters = socket.listen(COUNTERS, json!({})).await;
            assert_eq!(badge(&counters.next().await), [0; 4], "{name}");
            let alerts = socket.listen(ALERTS, json!({})).await;
            listening.push((name, told, socket, counters, alerts));
        }
        world.client("Zoe").await.post("Hello").await;
        let sockets: Vec<_> = listening.iter().map(|(_, _, socket, _, _)| socket).collect();
        world.settle(&sockets).await;
        for (name, (rings, wanted), _, counters, alerts) in &mut listening {
            let alerts = alerts.rest();
            assert_eq!(alerts.len(), *rings, "{name}: {alerts:?}");
            for alert in alerts {
                assert_eq!(alert["kind"], "NEW_SESSION");
                assert_eq!(alert["session"]["name"], "Zoe");
                assert_eq!(alert["message"]["text"], "Hello");
            }
            let last = counters.rest().last().map(badge);
            assert_eq!(last, *wanted, "{name}");
        }
    });
}

#[test]
fn a_queued_session_rings_for_a_further_message_at_most_once_in_ten_seconds() {
    play(async |world| {
        let socket = world.employee("ann").await.socket().await;
        let mut alerts = socket.listen(ALERTS, json!({})).await;
        let zoe = world.client("Zoe").await;
        for text in ["One", "Two", "Three", "Four"] {
            zoe.post(text).await;
        }
        world.settle(&[&socket]).await;
        let alerts = alerts.rest();
        assert_eq!(kinds(&alerts), ["NEW_SESSION", "NEW_MESSAGE"]);
        assert_eq!(alerts[1]["message"]["text"], "Two");
        assert_ne!(alerts[0]["id"], alerts[1]["id"]);
    });
}

#[test]
fn the_assigned_operator_is_alerted_for_every_message_and_the_others_are_not() {
    play(async |world| {
        let ann = world.online("ann").await;
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        assert_eq!(code(&ann.claim(&ann.waiting().await).await), "");
        let (ours, theirs) = (ann.socket().await, world.employee("bob").await.socket().await);
        let mut mine = ours.listen(ALERTS, json!({})).await;
        let mut others = theirs.listen(ALERTS, json!({})).await;
        for text in ["One", "Two", "Three"] {
            zoe.post(text).await;
        }
        world.settle(&[&ours, &theirs]).await;
        let mine = mine.rest();
        assert_eq!(kinds(&mine), ["NEW_MESSAGE"; 3]);
        let said: Vec<_> = mine.iter().map(|alert| &alert["message"]["text"]).collect();
        assert_eq!(said, ["One", "Two", "Three"]);
        assert!(others.rest().is_empty());
    });
}

#[test]
fn an_employee_writes_and_reads_the_answers_as_an_internal_client() {
    play(async |world| {
        let (ann, kim) = (world.online("ann").await, world.employee("kim").await);
        let support = world.live_chat("Support").await;
        kim.post_to(&support, "My screen is black").await;
        let queue = ann.group("QUEUE").await;
        assert_eq!(queue[0]["name"], "Kim");
        assert_eq!(queue[0]["client"]["isInternal"], true);
        assert_eq!(queue[0]["client"]["employee"]["name"], "Kim");
        assert_eq!(queue[0]["channel"]["kind"], "INTERNAL");
        let id = ann.waiting().await;
        assert_eq!(code(&ann.reply(&id, "Is it plugged in?").await), "");
        let seen = kim.conversation(Some(&support)).await;
        assert_eq!(texts(&seen, "text"), ["My screen is black", "Is it plugged in?"]);
        assert_eq!(seen[1]["author"], json!({ "name": "Ann", "viewerIsAuthor": false }));
        let data = kim.get("{ viewer { internalLiveChats { id name } } }").await;
        let places = data["viewer"]["internalLiveChats"].as_array().unwrap();
        assert!(places.iter().any(|place| place["id"] == support.as_str()), "{places:?}");
    });
}

#[test]
fn an_internal_client_has_to_name_the_live_chat() {
    play(async |world| {
        let kim = world.employee("kim").await;
        let document = "{ conversation { id } }";
        assert_eq!(kim.send_document(document, json!({})).await.code(), "BAD_USER_INPUT");
    });
}

#[test]
fn nobody_is_alerted_by_their_own_act() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        let (ours, theirs) = (ann.socket().await, bob.socket().await);
        let mut to_ann = ours.listen(ALERTS, json!({})).await;
        let mut to_bob = theirs.listen(ALERTS, json!({})).await;
        // Bob is an operator there himself.
        bob.post_to(&world.live_chat("Support").await, "Hello").await;
        world.settle(&[&ours, &theirs]).await;
        assert_eq!(kinds(&to_ann.rest()), ["NEW_SESSION"]);
        assert!(to_bob.rest().is_empty());
        let id = ann.waiting().await;
        ann.claim(&id).await;
        assert_eq!(code(&ann.give_back(&id, None).await), "");
        world.settle(&[&ours, &theirs]).await;
        assert!(to_ann.rest().is_empty());
        assert_eq!(kinds(&to_bob.rest()), ["RETURNED"]);
    });
}

#[test]
fn an_assignment_by_somebody_else_alerts_the_new_operator_only() {
    play(async |world| {
        let (sue, ann) = (world.online("sue").await, world.online("ann").await);
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        let (ours, theirs) = (ann.socket().await, world.employee("bob").await.socket().await);
        let mut to_ann = ours.listen(ALERTS, json!({})).await;
        let mut to_bob = theirs.listen(ALERTS, json!({})).await;
        assert_eq!(code(&sue.assign(&id, &ann.id().await).await), "");
        world.settle(&[&ours, &theirs]).await;
        let alerts = to_ann.rest();
        assert_eq!(kinds(&alerts), ["ASSIGNED_TO_ME"]);
        assert_eq!(alerts[0]["session"]["id"], id.as_str());
        assert_eq!(alerts[0]["message"], Value::Null);
        assert!(to_bob.rest().is_empty());
    });
}

#[test]
fn first_messages_at_the_same_time_open_one_session() {
    play(async |world| {
        let (ann, zoe) = (world.employee("ann").await, world.client("Zoe").await);
        join_all((0..8).map(|number| {
            let zoe = zoe.clone();
            async move { zoe.post(&format!("Message {number}")).await }
        }))
        .await;
        let queue = ann.group("QUEUE").await;
        assert_eq!(queue.len(), 1);
        assert_eq!(queue[0]["unreadCount"], 8);
        let dialog = ann.dialog(&ann.waiting().await).await;
        assert_eq!(field(&dialog, "seq"), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(ann.badge().await, [0, 0, 0, 1]);
    });
}

async fn post(zoe: &Person, text: &str, key: &str) -> Value {
    zoe.post_as(text, key, None).await
}

#[test]
fn the_same_client_message_id_returns_the_first_result() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        let first = post(&zoe, "Hello", "k1").await;
        let answers = join_all((0..4).map(|_| post(&zoe, "Hello", "k1"))).await;
        for again in answers {
            assert_eq!(again, first);
        }
        let other = post(&zoe, "Something else", "k1").await;
        assert_eq!(code(&other), "KEY_REUSED");
        assert_eq!(other["message"], Value::Null);
        // However late: after the close as well, and it opens nothing.
        let id = ann.waiting().await;
        ann.claim(&id).await;
        ann.close(&id, None).await;
        assert_eq!(post(&zoe, "Hello", "k1").await, first);
        assert!(ann.group("QUEUE").await.is_empty());
        assert_eq!(zoe.conversation(None).await.len(), 1);
    });
}

#[test]
fn a_client_message_id_is_the_senders_own() {
    play(async |world| {
        let (zoe, yan) = (world.client("Zoe").await, world.client("Yan").await);
        assert_eq!(code(&post(&zoe, "Hello", "k1").await), "");
        assert_eq!(code(&post(&yan, "Good morning", "k1").await), "");
        assert_eq!(world.employee("ann").await.group("QUEUE").await.len(), 2);
    });
}

#[test]
fn a_message_has_1_to_8000_code_points_and_its_id_1_to_100() {
    play(async |world| {
        let zoe = world.client("Zoe").await;
        let longest = "я".repeat(8000);
        assert_eq!(code(&post(&zoe, &longest, &"я".repeat(100)).await), "");
        for (text, key, wanted) in [
            (String::new(), "k".to_owned(), "text"),
            ("я".repeat(8001), "k".to_owned(), "text"),
            ("Hello".to_owned(), String::new(), "clientMessageId"),
            ("Hello".to_owned(), "k".repeat(101), "clientMessageId"),
        ] {
            let payload = post(&zoe, &text, &key).await;
            assert_eq!(code(&payload), "INVALID", "{payload}");
            assert_eq!(payload["userErrors"][0]["field"], json!([wanted]));
        }
        assert_eq!(zoe.conversation(None).await.len(), 1);
    });
}

#[test]
fn clients_of_the_same_name_in_two_live_chats_have_two_conversations() {
    play(async |world| {
        world.client("Zoe").await.post("To Support").await;
        world.client_of("Zoe", "Sales").await.post("To Sales").await;
        let bob = world.employee("bob").await;
        for name in ["Support", "Sales"] {
            let queue = bob.group_of(name, "QUEUE").await;
            assert_eq!(queue.len(), 1, "{name}");
            assert_eq!(queue[0]["preview"]["text"], format!("To {name}"));
        }
    });
}
