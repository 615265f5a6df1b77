//! A web client in earnest.

mod origin;

use serde_json::{Value, json};
use tests::world::{Person, World, play, texts};

async fn client(world: &World, wish: Value) -> Person {
    let (status, answer) = world.widget(&wish).await;
    assert_eq!(status, 200, "{answer}");
    let expires = answer["expiresAt"].as_str().expect("a time");
    assert!(expires.ends_with('Z') && expires.len() == 24, "{expires}");
    world.holder("widget", Some(answer["token"].as_str().unwrap().to_owned()))
}

#[test]
fn whoever_opens_the_widget_gets_a_token_and_writes() {
    play(async |world| {
        let support = world.live_chat("Support").await;
        let wish = json!({ "liveChatId": support, "name": "Zoe", "email": "zoe@example.com" });
        let zoe = client(world, wish).await;
        zoe.post("Hello").await;
        let ann = world.employee("ann").await;
        let queue = ann.group("QUEUE").await;
        assert_eq!(
            (&queue[0]["name"], &queue[0]["channel"]["kind"]),
            (&json!("Zoe"), &json!("WEB"))
        );
        let document = "query($id: ID!) { viewer { session(id: $id) { client {
            contacts { kind value } } } } }";
        let data = ann.get_with(document, json!({ "id": queue[0]["id"] })).await;
        let contacts = &data["viewer"]["session"]["client"]["contacts"];
        assert_eq!(*contacts, json!([{ "kind": "email", "value": "zoe@example.com" }]));
    });
}

#[test]
fn with_an_old_token_it_is_the_same_client_again() {
    play(async |world| {
        let support = world.live_chat("Support").await;
        let first = client(world, json!({ "liveChatId": support })).await;
        first.post("Hello").await;
        let old = first.token.clone();
        let again = client(world, json!({ "liveChatId": support, "token": old })).await;
        assert_eq!(texts(&again.conversation(None).await, "text"), ["Hello"]);
        again.post("Hello?").await;
        let stranger = client(world, json!({ "liveChatId": support })).await;
        assert!(stranger.conversation(None).await.is_empty());
        assert_eq!(world.employee("ann").await.group("QUEUE").await.len(), 1);
    });
}

#[test]
fn what_a_later_token_says_of_the_client_reaches_the_open_session() {
    play(async |world| {
        let support = world.live_chat("Support").await;
        let first = client(world, json!({ "liveChatId": support })).await;
        first.post("Hello").await;
        let ann = world.employee("ann").await;
        let id = ann.waiting().await;
        let known = async || {
            let document = "query($id: ID!) { viewer { session(id: $id) { name version client {
                name contacts { kind value } } } } }";
            let data = ann.get_with(document, json!({ "id": id })).await;
            data["viewer"]["session"].clone()
        };
        let before = known().await;
        assert_eq!(before["client"], json!({ "name": "Visitor", "contacts": [] }));
        let mut token = first.token.clone();
        let mail = |value: &str| json!([{ "kind": "email", "value": value }]);
        for (says, name, contacts) in [
            (json!({ "email": "zoe@example.com" }), "Visitor", mail("zoe@example.com")),
            (json!({ "name": "Zoe" }), "Zoe", mail("zoe@example.com")),
            (json!({}), "Zoe", mail("zoe@example.com")),
            (json!({ "name": "Zoë", "email": "z@example.com" }), "Zoë", mail("z@example.com")),
        ] {
            let mut wish = json!({ "liveChatId": support, "token": token });
            wish.as_object_mut().unwrap().extend(says.as_object().unwrap().clone());
            let again = client(world, wish.clone()).await;
            // At once, and no more with the next message.
            for _ in 0..2 {
                let client = known().await["client"].clone();
                assert_eq!(client, json!({ "name": name, "contacts": contacts }), "{says}");
                again.post("Hello?").await;
            }
            let said = known().await;
            client(world, wish).await;
            assert_eq!(known().await["version"], said["version"], "said again, it is nothing new");
            token = again.token.clone();
        }
        // An older page that says less takes nothing away.
        first.post("From the first page").await;
        let last = known().await;
        assert_eq!(last["client"], json!({ "name": "Zoë", "contacts": mail("z@example.com") }));
        assert_eq!(last["name"], before["name"], "its own name is as it was opened");
    });
}

#[test]
fn a_wish_for_what_is_not_there_is_refused() {
    play(async |world| {
        let support = world.live_chat("Support").await;
        assert_eq!(world.widget(&json!({ "liveChatId": "nonsense" })).await.0, 404);
        assert_eq!(world.widget(&json!({})).await.0, 400);
        assert_eq!(
            world.widget(&json!({ "liveChatId": support, "name": "x".repeat(201) })).await.0,
            400
        );
        let wish = json!({ "liveChatId": support, "token": "nonsense" });
        assert_eq!(world.widget(&wish).await.0, 401);
        let sales = world.live_chat("Sales").await;
        let other = client(world, json!({ "liveChatId": sales })).await;
        let wish = json!({ "liveChatId": support, "token": other.token });
        assert_eq!(world.widget(&wish).await.0, 401);
    });
}
