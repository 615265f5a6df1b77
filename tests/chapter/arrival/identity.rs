//! The identity of a client: one in one channel of one live chat.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::world::{code, field, play, signature, texts};

/// Returns the ids of the clients of these sessions.
fn clients(sessions: &[Value]) -> BTreeSet<String> {
    texts(&field(sessions, "client"), "id").into_iter().collect()
}

#[test]
fn the_same_id_in_two_channels_is_two_clients() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.employee("ann").await);
        let document = "mutation($l: ID!) {
            createChannel(liveChatId: $l, kind: WEBHOOK, name: \"Shop\") {
                channel { inboundPath } secret userErrors { code } } }";
        let made = ada.act(document, json!({ "l": world.live_chat("Support").await })).await;
        let channel = made["channel"]["inboundPath"].as_str().unwrap().rsplit('/').next().unwrap();
        let from = json!({ "id": "7", "name": "Olga" });
        let message = |id: &str| json!({ "messageId": id, "from": from, "text": "Hello" });
        assert_eq!(world.webhook(&message("1")).await.0, 200);
        let body = message("1").to_string();
        let signed = signature(made["secret"].as_str().unwrap(), &body);
        assert_eq!(world.webhook_raw(channel, body, Some(signed)).await.0, 200);
        assert_eq!(world.webhook(&message("2")).await.0, 200);
        let queue = ann.group("QUEUE").await;
        assert_eq!(texts(&field(&queue, "client"), "name"), ["Olga", "Olga"]);
        assert_eq!(field(&queue, "unreadCount"), [2, 1]);
        assert_eq!(clients(&queue).len(), 2);
    });
}

#[test]
fn an_employee_is_one_client_in_each_live_chat() {
    play(async |world| {
        let (bob, kim) = (world.employee("bob").await, world.employee("kim").await);
        let mut sessions = Vec::new();
        for name in ["Support", "Sales"] {
            let live_chat = world.live_chat(name).await;
            kim.post_to(&live_chat, "Hello").await;
            kim.post_to(&live_chat, "It is me").await;
            sessions.extend(bob.group_of(name, "QUEUE").await);
        }
        assert_eq!(field(&sessions, "unreadCount"), [2, 2]);
        assert_eq!(clients(&sessions).len(), 2);
        let document = "query($id: ID!) { node(id: $id) { ... on Client {
            name isInternal employee { id } } } }";
        for client in clients(&sessions) {
            let seen = bob.act(document, json!({ "id": client })).await;
            let employee = json!({ "id": kim.id().await });
            let wanted = json!({ "name": "Kim", "isInternal": true, "employee": employee });
            assert_eq!(seen, wanted);
        }
    });
}

#[test]
fn an_operator_who_writes_as_a_client_may_answer_themselves() {
    play(async |world| {
        let (bob, support) = (world.online("bob").await, world.live_chat("Support").await);
        bob.post_to(&support, "To myself").await;
        let id = bob.waiting().await;
        assert_eq!(world.employee("ann").await.waiting().await, id);
        assert_eq!(code(&bob.claim(&id).await), "");
        assert_eq!(code(&bob.reply(&id, "From myself").await), "");
        let session = bob.session(&id).await;
        assert_eq!(
            (&session["operator"]["name"], &session["client"]["name"]),
            (&json!("Bob"), &json!("Bob"))
        );
        let said = bob.conversation(Some(&support)).await;
        assert_eq!(texts(&said, "text"), ["To myself", "From myself"]);
    });
}
