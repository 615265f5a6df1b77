//! Limits of one connection and of one person, and the end of connections that nobody uses.

mod fairness;

use std::time::Duration;

use functions::presence::{EVERY, sweep};
use serde_json::{Value, json};
use tests::world::{COUNTERS, Heard, Person, Wire, World, play, play_ahead, within};

const PROTOCOL: &str = "graphql-transport-ws";

async fn acknowledged(world: &World, who: &Person) -> Wire {
    let mut wire = Wire::open(world.address(), Some(PROTOCOL)).await.expect("a handshake");
    let token = format!("Bearer {}", who.token.clone().unwrap());
    wire.say(&json!({ "type": "connection_init", "payload": { "authorization": token } })).await;
    assert_eq!(wire.hear().await, Heard::Message(json!({ "type": "connection_ack" })));
    wire
}

fn subscribe(id: usize) -> Value {
    json!({ "id": id.to_string(), "type": "subscribe", "payload": { "query": COUNTERS } })
}

async fn frame(wire: &mut Wire) -> Value {
    match wire.hear().await {
        Heard::Message(frame) => frame,
        Heard::Closed(code) => panic!("closed with {code:?}"),
    }
}

#[test]
fn a_connection_has_a_hundred_operations_however_fast_they_come_and_room_again_when_one_ends() {
    play(async |world| {
        let mut wire = acknowledged(world, &world.employee("ann").await).await;
        for id in 0..120 {
            wire.say(&subscribe(id)).await;
        }
        let (mut taken, mut refused) = (Vec::new(), 0);
        for _ in 0..120 {
            let frame = frame(&mut wire).await;
            match frame["type"].as_str() {
                Some("next") => taken.push(frame["id"].clone()),
                Some("error") => {
                    assert_eq!(frame["payload"][0]["extensions"]["code"], "RATE_LIMITED");
                    refused += 1;
                }
                _ => panic!("{frame}"),
            }
        }
        assert_eq!((taken.len(), refused), (100, 20));
        for id in &taken[..3] {
            wire.say(&json!({ "id": id, "type": "complete" })).await;
        }
        // Nothing says when they are over: ask until there is room, and never for more.
        let mut more = 0;
        within("room", async {
            let mut id = 1000;
            while more < 3 {
                id += 1;
                wire.say(&subscribe(id)).await;
                more += usize::from(frame(&mut wire).await["type"] == "next");
            }
        })
        .await;
        wire.say(&subscribe(5000)).await;
        assert_eq!(frame(&mut wire).await["type"], "error");
    });
}

/// Opens one connection more than a person may have: the oldest gets a close, the others stay.
async fn one_too_many(world: &World, who: &Person, most: usize) {
    let mut wires = Vec::new();
    for _ in 0..=most {
        wires.push(acknowledged(world, who).await);
    }
    let refused = frame(&mut wires[0]).await;
    assert_eq!((&refused["type"], &refused["payload"]["code"]), (&json!("close"), &json!(4429)));
    for wire in &mut wires[1..] {
        wire.say(&json!({ "type": "ping" })).await;
        assert_eq!(frame(wire).await["type"], "pong");
    }
    // After a close frame nothing follows.
    wires[0].say(&json!({ "type": "ping" })).await;
    let silent = tokio::time::timeout(Duration::from_millis(200), wires[0].hear()).await;
    assert!(silent.is_err(), "{silent:?}");
}

#[test]
fn an_employee_has_twenty_connections_and_a_client_five_and_the_oldest_goes() {
    play(async |world| {
        one_too_many(world, &world.employee("ann").await, 20).await;
        one_too_many(world, &world.client("Zoe").await, 5).await;
    });
}

#[test]
fn a_connection_that_nobody_begins_to_use_is_ended_by_a_walk() {
    play_ahead(async |world, clock| {
        let app = &world.running.app;
        let mut used = acknowledged(world, &world.employee("ann").await).await;
        let mut unused = Wire::open(world.address(), Some(PROTOCOL)).await.expect("a handshake");
        clock.pass(9_000);
        assert_eq!(sweep(app, EVERY).await.unwrap().ended, 0);
        clock.pass(1_001);
        assert_eq!(sweep(app, EVERY).await.unwrap().ended, 1);
        let ended = within("the end", unused.hear()).await;
        assert!(matches!(ended, Heard::Closed(_)), "{ended:?}");
        used.say(&json!({ "type": "ping" })).await;
        assert_eq!(frame(&mut used).await["type"], "pong");
    });
}

#[test]
fn who_lost_a_frame_is_told_to_read_again_once() {
    play(async |world| {
        let ann = world.employee("ann").await;
        let mut wire = acknowledged(world, &ann).await;
        wire.say(&subscribe(1)).await;
        wire.say(&subscribe(2)).await;
        for _ in 0..2 {
            assert_eq!(frame(&mut wire).await["type"], "next");
        }
        let app = &world.running.app;
        let tenant = domain::TenantId::parse("demo").unwrap();
        let people = [domain::EmployeeId::parse("ann").unwrap()].into();
        let subscriptions = app.store.of(&tenant).desk_subscriptions(&people).await.unwrap();
        let connection = &subscriptions[0].connection;
        app.store.note_lost(connection, ["1"]).await.unwrap();
        assert_eq!(sweep(app, EVERY).await.unwrap().resynced, 1);
        let told = frame(&mut wire).await;
        assert_eq!((&told["type"], &told["id"]), (&json!("error"), &json!("1")));
        assert_eq!(told["payload"][0]["extensions"]["code"], "RESYNC");
        assert_eq!(sweep(app, EVERY).await.unwrap().resynced, 0);
        let left = app.store.of(&tenant).desk_subscriptions(&people).await.unwrap();
        assert_eq!(left.len(), 1, "the other lives on");
    });
}
