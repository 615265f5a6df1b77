//! The protocol graphql-transport-ws, over the gateway.

mod registration;
mod ticket;

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{EmployeeId, TenantId};
use functions::identity::Employee;
use serde_json::{Value, json};
use store::connection::Registered;
use tests::world::{ALERTS, COUNTERS, Heard, SESSIONS, Wire, World, play, within};

const PROTOCOL: &str = "graphql-transport-ws";

async fn wire(world: &World) -> Wire {
    Wire::open(world.address(), Some(PROTOCOL)).await.expect("a handshake")
}

fn init(authorization: &Value) -> Value {
    json!({ "type": "connection_init", "payload": { "authorization": authorization } })
}

fn subscribe(id: &str, query: &str) -> Value {
    json!({ "id": id, "type": "subscribe", "payload": { "query": query } })
}

/// An acknowledged socket of Ann.
async fn acknowledged(world: &World) -> Wire {
    let ann = world.employee("ann").await;
    let mut wire = wire(world).await;
    wire.say(&init(&json!(format!("Bearer {}", ann.token.unwrap())))).await;
    assert_eq!(wire.hear().await, Heard::Message(json!({ "type": "connection_ack" })));
    wire
}

/// The code of the frame that refuses a connection.
async fn refused(wire: &mut Wire) -> i64 {
    let Heard::Message(frame) = wire.hear().await else { panic!("closed") };
    assert_eq!(frame["type"], "close", "{frame}");
    assert!(frame["payload"]["reason"].as_str().unwrap().len() <= 123);
    frame["payload"]["code"].as_i64().unwrap()
}

/// Waits for what a ping is answered with, and returns what came before it.
async fn pong(wire: &mut Wire) -> Vec<Value> {
    wire.say(&json!({ "type": "ping", "payload": { "n": 1 } })).await;
    let mut before = Vec::new();
    loop {
        match wire.hear().await {
            Heard::Message(frame) if frame["type"] == "pong" => return before,
            Heard::Message(frame) => before.push(frame),
            Heard::Closed(code) => panic!("closed with {code:?}"),
        }
    }
}

#[test]
fn the_sub_protocol_has_to_be_offered() {
    play(async |world| {
        for (offer, is_taken) in [
            (None, false),
            (Some("graphql-ws"), false),
            (Some("graphql-transport-ws-2"), false),
            (Some("graphql-transport-ws"), true),
            (Some("graphql-ws, graphql-transport-ws"), true),
        ] {
            match Wire::open(world.address(), offer).await {
                Ok(_) => assert!(is_taken, "{offer:?}"),
                Err(status) => assert_eq!((status, is_taken), (400, false), "{offer:?}"),
            }
        }
    });
}

#[test]
fn a_connection_needs_a_token_that_is_good() {
    play(async |world| {
        let signer = world.running.app.identity.signer().unwrap();
        let ann =
            Employee { id: "ann".to_owned(), name: "Ann".to_owned(), is_administrator: false };
        let expired = signer.sign_employee("demo", ann, 1).unwrap();
        let good = world.employee("ann").await.token.unwrap();
        for authorization in [
            Value::Null,
            json!(""),
            json!("Bearer nonsense"),
            json!(format!("Bearer {expired}")),
            json!(format!("Basic {good}")),
            json!(format!("Bearer {good}x")),
        ] {
            let mut wire = wire(world).await;
            wire.say(&init(&authorization)).await;
            assert_eq!(refused(&mut wire).await, 4403, "{authorization}");
        }
        let mut wire = wire(world).await;
        wire.say(&json!({ "type": "connection_init" })).await;
        assert_eq!(refused(&mut wire).await, 4403);
    });
}

#[test]
fn the_key_of_the_token_may_be_in_any_case() {
    play(async |world| {
        let good = format!("Bearer {}", world.employee("ann").await.token.unwrap());
        for key in ["Authorization", "AUTHORIZATION", "authorization"] {
            let mut wire = wire(world).await;
            wire.say(&json!({ "type": "connection_init", "payload": { key: good } })).await;
            assert_eq!(wire.hear().await, Heard::Message(json!({ "type": "connection_ack" })));
        }
    });
}

#[test]
fn an_operation_before_the_acknowledgement_is_refused_with_4401() {
    play(async |world| {
        let mut wire = wire(world).await;
        wire.say(&subscribe("1", COUNTERS)).await;
        assert_eq!(refused(&mut wire).await, 4401);
    });
}

#[test]
fn a_second_initialisation_is_refused_with_4429() {
    play(async |world| {
        let mut wire = acknowledged(world).await;
        let token = world.employee("ann").await.token.unwrap();
        wire.say(&init(&json!(format!("Bearer {token}")))).await;
        assert_eq!(refused(&mut wire).await, 4429);
    });
}

#[test]
fn a_second_operation_of_the_same_id_is_refused_with_4409() {
    play(async |world| {
        let mut wire = acknowledged(world).await;
        wire.say(&subscribe("1", COUNTERS)).await;
        let Heard::Message(first) = wire.hear().await else { panic!("closed") };
        assert_eq!((&first["type"], &first["id"]), (&json!("next"), &json!("1")));
        wire.say(&subscribe("1", ALERTS)).await;
        assert_eq!(refused(&mut wire).await, 4409);
    });
}

#[test]
fn an_id_may_be_used_again_when_its_operation_is_over() {
    play(async |world| {
        let mut wire = acknowledged(world).await;
        for _ in 0..3 {
            wire.say(&subscribe("1", "{ viewer { employee { name } } }")).await;
            let Heard::Message(next) = wire.hear().await else { panic!("closed") };
            assert_eq!(next["payload"]["data"]["viewer"]["employee"]["name"], "Ann");
            assert_eq!(wire.hear().await, Heard::Message(json!({ "id": "1", "type": "complete" })));
        }
        let (tenant, ann) = (TenantId::parse("demo").unwrap(), EmployeeId::parse("ann").unwrap());
        let people = BTreeSet::from([ann]);
        for _ in 0..3 {
            wire.say(&subscribe("2", COUNTERS)).await;
            let Heard::Message(next) = wire.hear().await else { panic!("closed") };
            assert_eq!(next["type"], "next", "{next}");
            let subscriptions =
                world.running.app.store.of(&tenant).desk_subscriptions(&people).await.unwrap();
            let connection = subscriptions[0].connection.clone();
            wire.say(&json!({ "id": "2", "type": "complete" })).await;
            assert!(pong(&mut wire).await.is_empty());
            // Messages are handled side by side: its end may come after the pong.
            let store = &world.running.app.store;
            within("the end", async {
                while let Some(Registered::Active(_)) =
                    store.registered(&connection, "2").await.unwrap()
                {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            })
            .await;
        }
    });
}

#[test]
fn an_id_may_be_used_again_right_after_its_complete() {
    play(async |world| {
        for _ in 0..25 {
            let mut wire = acknowledged(world).await;
            wire.say(&subscribe("1", "subscription { counters { queue } }")).await;
            wire.say(&json!({ "id": "1", "type": "complete" })).await;
            wire.say(&subscribe("1", "subscription { counters { id } }")).await;
            // Of the first operation something may come; the second runs, and nothing ends.
            loop {
                let Heard::Message(frame) = wire.hear().await else { panic!("closed") };
                assert_eq!(
                    (&frame["type"], &frame["id"]),
                    (&json!("next"), &json!("1")),
                    "{frame}"
                );
                if frame["payload"]["data"]["counters"]["id"].is_string() {
                    break;
                }
            }
        }
    });
}

#[test]
fn a_query_with_the_id_of_a_subscription_is_refused_with_4409_and_nothing_follows() {
    play(async |world| {
        let mut wire = acknowledged(world).await;
        let mut other = acknowledged(world).await;
        for wire in [&mut wire, &mut other] {
            wire.say(&subscribe("1", COUNTERS)).await;
            let Heard::Message(first) = wire.hear().await else { panic!("closed") };
            assert_eq!(first["type"], "next");
        }
        wire.say(&subscribe("1", "{ __typename }")).await;
        assert_eq!(refused(&mut wire).await, 4409);
        // The client's message would be pushed to the refused connection as well: the other one
        // gets it.
        world.client("Zoe").await.post("Hello").await;
        let Heard::Message(pushed) = other.hear().await else { panic!("closed") };
        assert_eq!(pushed["type"], "next");
        wire.say(&json!({ "type": "ping" })).await;
        let silence = tokio::time::timeout(Duration::from_millis(300), wire.hear());
        assert!(silence.await.is_err(), "something follows the close");
    });
}

#[test]
fn an_empty_operation_name_is_as_good_as_none() {
    play(async |world| {
        let mut wire = acknowledged(world).await;
        let payload = json!({ "query": "{ __typename }", "operationName": "" });
        wire.say(&json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
        let Heard::Message(next) = wire.hear().await else { panic!("closed") };
        assert_eq!(next["payload"]["data"]["__typename"], "Query", "{next}");
    });
}

#[test]
fn a_document_named_by_its_hash_alone_is_answered_as_stock_clients_understand() {
    play(async |world| {
        let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": "00" } });
        let mut wire = acknowledged(world).await;
        let payload = json!({ "extensions": extensions });
        wire.say(&json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
        let Heard::Message(error) = wire.hear().await else { panic!("closed") };
        assert_eq!(error["payload"][0]["message"], "PersistedQueryNotSupported", "{error}");
        let url = world.url("/graphql");
        for request in [
            world.http().post(&url).json(&payload),
            world.http().get(format!("{url}?extensions={extensions}")),
        ] {
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 200);
            let body: Value = answer.json().await.unwrap();
            let error = &body["errors"][0];
            assert_eq!(error["message"], "PersistedQueryNotSupported");
            assert_eq!(error["extensions"]["code"], "PERSISTED_QUERY_NOT_SUPPORTED");
        }
        // With the document beside it there is nothing to look up.
        let both = json!({ "query": "{ __typename }", "extensions": extensions });
        let answer = world.http().post(&url).json(&both).send().await.unwrap();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["data"]["__typename"], "Query");
    });
}

#[test]
fn what_is_no_message_of_the_protocol_is_refused_with_4400() {
    play(async |world| {
        for text in [
            "nonsense",
            "{}",
            "[]",
            "{\"type\":\"start\"}",
            "{\"type\":\"subscribe\",\"id\":\"1\"}",
        ] {
            let mut wire = acknowledged(world).await;
            wire.say_text(text).await;
            assert_eq!(refused(&mut wire).await, 4400, "{text}");
        }
    });
}

#[test]
fn a_ping_is_answered_with_a_pong() {
    play(async |world| {
        let mut wire = acknowledged(world).await;
        assert!(pong(&mut wire).await.is_empty());
        wire.say(&json!({ "type": "pong" })).await;
        assert!(pong(&mut wire).await.is_empty());
    });
}

#[test]
fn complete_stops_the_pushes_of_its_operation_and_no_other() {
    play(async |world| {
        let mut wire = acknowledged(world).await;
        for id in ["1", "2"] {
            wire.say(&subscribe(id, SESSIONS)).await;
            let Heard::Message(ready) = wire.hear().await else { panic!("closed") };
            assert_eq!(ready["id"], id);
        }
        wire.say(&json!({ "id": "1", "type": "complete" })).await;
        let zoe = world.client("Zoe").await;
        // Nothing says when it is over: write until only one of them hears it.
        for number in 0..15 {
            zoe.post(&number.to_string()).await;
            world.settle(&[]).await;
            let frames = pong(&mut wire).await;
            assert!(frames.iter().any(|frame| frame["id"] == "2"), "{frames:?}");
            if frames.iter().all(|frame| frame["id"] == "2") {
                return;
            }
        }
        panic!("it goes on");
    });
}

#[test]
fn a_complete_that_overtakes_its_subscribe_wins() {
    play(async |world| {
        let ann = world.employee("ann").await;
        let socket = ann.socket().await;
        let mut feeds = Vec::new();
        // Sent together: the messages of a connection are handled side by side.
        for _ in 0..8 {
            let feed = socket.subscribe(SESSIONS, json!({}));
            socket.complete(&feed);
            feeds.push(feed);
        }
        let mut marker = socket.listen(ALERTS, json!({})).await;
        // Nothing says when they are over: open sessions until none of them hears of one.
        for round in 0..10 {
            world.client(&format!("Zoe{round}")).await.post("Hello").await;
            assert_eq!(marker.next().await["kind"], "NEW_SESSION");
            world.settle(&[&socket]).await;
            if feeds.iter_mut().map(|feed| feed.rest().len()).sum::<usize>() == 0 {
                return;
            }
        }
        panic!("an operation outlived its end");
    });
}

#[test]
fn an_error_of_an_operation_has_its_code_and_a_request_id_and_its_siblings_live() {
    play(async |world| {
        let mut wire = acknowledged(world).await;
        wire.say(&subscribe("1", "{ nonsense }")).await;
        let Heard::Message(error) = wire.hear().await else { panic!("closed") };
        assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!("1")));
        let extensions = &error["payload"][0]["extensions"];
        assert_eq!(extensions["code"], "BAD_USER_INPUT");
        assert!(extensions["requestId"].as_str().is_some_and(|id| !id.is_empty()), "{error}");
        wire.say(&subscribe("2", COUNTERS)).await;
        let Heard::Message(next) = wire.hear().await else { panic!("closed") };
        assert_eq!((&next["type"], &next["id"]), (&json!("next"), &json!("2")));
    });
}

#[test]
fn a_socket_that_breaks_disturbs_nobody_else() {
    play(async |world| {
        let healthy = world.employee("ann").await.socket().await;
        let mut alerts = healthy.listen(ALERTS, json!({})).await;
        for name in ["ann", "bob", "dan"] {
            let broken = world.employee(name).await.socket().await;
            broken.listen(ALERTS, json!({})).await;
            drop(broken);
        }
        world.client("Zoe").await.post("Hello").await;
        assert_eq!(alerts.next().await["kind"], "NEW_SESSION");
        world.settle(&[&healthy]).await;
        assert!(alerts.rest().is_empty());
    });
}
