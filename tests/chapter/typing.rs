//! Who is typing, on both sides.

use graphql::id::GlobalId;
use serde_json::{Value, json};
use std::time::Duration;
use store::connection::ListensTo;
use tests::world::{Feed, Person, Socket, World, code, play, within};

const TYPING: &str = "subscription($id: ID!) { typing(sessionId: $id) {
    until actor { __typename name } } }";
const CONVERSATION_TYPING: &str = "subscription { conversationTyping { name until } }";

async fn types(who: &Person, id: &str) -> String {
    let document = "mutation($id: ID!) { setTyping(sessionId: $id) { userErrors { code } } }";
    code(&who.act(document, json!({ "id": id })).await).to_owned()
}

async fn types_as_client(who: &Person, live_chat: Option<&str>) -> String {
    let document = "mutation($l: ID) { setConversationTyping(liveChatId: $l) {
        userErrors { code } } }";
    code(&who.act(document, json!({ "l": live_chat })).await).to_owned()
}

/// Waits until so many operations follow the dialog of a session, at the desk or as its client.
async fn followed(world: &World, session: &str, is_client: bool, by: usize) {
    let Some((tenant, GlobalId::Session(id))) = GlobalId::decode(session) else {
        panic!("{session} is no session")
    };
    let to = match is_client {
        true => ListensTo::Client(tenant, id.conversation),
        false => ListensTo::Dialog(tenant, id.conversation),
    };
    within("to be followed", async {
        while world.running.app.store.listeners(&to).await.unwrap().len() < by {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

fn follow(socket: &Socket, session: &str) -> Feed {
    socket.subscribe(TYPING, json!({ "id": session }))
}

fn shown(typing: &Value) -> (String, String) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&typing["actor"]["__typename"]), text(&typing["actor"]["name"]))
}

#[test]
fn each_side_sees_the_other_type_and_never_oneself() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.online("sue").await);
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        let sockets = [ann.socket().await, sue.socket().await, zoe.socket().await];
        let [anns, sues, zoes] = &sockets;
        let (mut at_ann, mut at_sue) = (follow(anns, &id), follow(sues, &id));
        let mut at_zoe = zoes.subscribe(CONVERSATION_TYPING, json!({}));
        followed(world, &id, false, 2).await;
        followed(world, &id, true, 1).await;

        assert_eq!(types(&ann, &id).await, "");
        let heard = at_sue.next().await;
        assert_eq!(shown(&heard), ("Employee".to_owned(), "Ann".to_owned()));
        let heard = at_zoe.next().await;
        assert_eq!(heard["name"], "Ann");
        assert!(heard["until"].as_str().unwrap().ends_with('Z'));
        // At once again: it is told already.
        assert_eq!(types(&ann, &id).await, "");

        assert_eq!(types_as_client(&zoe, None).await, "");
        for feed in [&mut at_ann, &mut at_sue] {
            assert_eq!(shown(&feed.next().await), ("Client".to_owned(), "Zoe".to_owned()));
        }

        // A supervisor writes a note: that is nothing for the client.
        assert_eq!(types(&sue, &id).await, "");
        assert_eq!(shown(&at_ann.next().await), ("Employee".to_owned(), "Sue".to_owned()));
        // Entries are no typing.
        zoe.post("Hello?").await;
        world.settle(&[anns, sues, zoes]).await;
        for feed in [&mut at_ann, &mut at_sue, &mut at_zoe] {
            assert_eq!(feed.rest(), Vec::<Value>::new());
        }
        assert_eq!(ann.dialog(&id).await.len(), 3, "nothing of it is stored");
    });
}

#[test]
fn who_may_write_there_may_be_shown_and_others_may_not() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        let (sue, zoe) = (world.employee("sue").await, world.client("Zoe").await);
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        assert_eq!(types(&bob, &id).await, "", "who reads the queue may be about to answer");
        ann.claim(&id).await;
        assert_eq!(types(&bob, &id).await, "NOT_FOUND");
        assert_eq!(types(&bob, "nonsense").await, "NOT_FOUND");
        assert_eq!(types(&sue, &id).await, "OPERATOR_OFFLINE");
        let other = world.live_chat("Sales").await;
        assert_eq!(types_as_client(&zoe, Some(&other)).await, "NOT_FOUND");
        ann.close(&id, None).await;
        assert_eq!(types(&ann, &id).await, "SESSION_CLOSED");
        assert_eq!(types_as_client(&zoe, None).await, "", "nobody waits for it, no error");
        let support = world.live_chat("Support").await;
        let kim = world.employee("kim").await;
        kim.post_to(&support, "Hello").await;
        assert_eq!(types_as_client(&kim, Some(&support)).await, "", "offline, as a client");
        let bobs = bob.socket().await;
        let mut refused = follow(&bobs, &id);
        assert_eq!(refused.refused().await, "FORBIDDEN");
    });
}

#[test]
fn whoever_loses_sight_of_the_session_hears_no_more() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = bob.waiting().await;
        let bobs = bob.socket().await;
        let mut at_bob = follow(&bobs, &id);
        followed(world, &id, false, 1).await;
        ann.claim(&id).await;
        assert_eq!(at_bob.frame().await["type"], "complete");
        types_as_client(&zoe, None).await;
        world.settle(&[&bobs]).await;
        assert!(at_bob.rest_of_frames().is_empty());
    });
}
