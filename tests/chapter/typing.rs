//! Typing signals, on both sides.

mod signal;

use serde_json::{Value, json};
use tests::world::{Feed, Socket, play};

const TYPING: &str = "subscription($id: ID!) { typing(sessionId: $id) {
    until actor { __typename name } } }";
const CONVERSATION_TYPING: &str = "subscription { conversationTyping { name until } }";

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
        world.followed(&id, 2).await;
        world.followed_as_client(&id, 1).await;

        assert_eq!(ann.types(&id).await, "");
        let heard = at_sue.next().await;
        assert_eq!(shown(&heard), ("Employee".to_owned(), "Ann".to_owned()));
        let heard = at_zoe.next().await;
        assert_eq!(heard["name"], "Ann");
        assert!(heard["until"].as_str().unwrap().ends_with('Z'));
        // Again at once: the signal is pushed already, and not once more.
        assert_eq!(ann.types(&id).await, "");

        assert_eq!(zoe.types_as_client(None).await, "");
        for feed in [&mut at_ann, &mut at_sue] {
            assert_eq!(shown(&feed.next().await), ("Client".to_owned(), "Zoe".to_owned()));
        }

        // A supervisor writes a note: that is nothing for the client.
        assert_eq!(sue.types(&id).await, "");
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
        assert_eq!(bob.types(&id).await, "", "who reads the queue may be about to answer");
        ann.claim(&id).await;
        assert_eq!(bob.types(&id).await, "NOT_FOUND");
        assert_eq!(bob.types("nonsense").await, "NOT_FOUND");
        assert_eq!(sue.types(&id).await, "OPERATOR_OFFLINE");
        let other = world.live_chat("Sales").await;
        assert_eq!(zoe.types_as_client(Some(&other)).await, "NOT_FOUND");
        ann.close(&id, None).await;
        assert_eq!(ann.types(&id).await, "SESSION_CLOSED");
        assert_eq!(zoe.types_as_client(None).await, "", "nobody waits for it, no error");
        let support = world.live_chat("Support").await;
        let kim = world.employee("kim").await;
        kim.post_to(&support, "Hello").await;
        assert_eq!(kim.types_as_client(Some(&support)).await, "", "offline, as a client");
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
        world.followed(&id, 1).await;
        ann.claim(&id).await;
        assert_eq!(at_bob.frame().await["type"], "complete");
        zoe.types_as_client(None).await;
        world.settle(&[&bobs]).await;
        assert!(at_bob.rest_of_frames().is_empty());
    });
}
