//! Earlier sessions of a conversation: read through a later one, and nothing more.

use serde_json::{Value, json};
use tests::world::{Person, code, play, texts};

use super::NODES;

/// Returns the ids of those of these sessions that a person finds, and null for the others.
async fn seen(who: &Person, sessions: &[&str]) -> Value {
    let found = who.get_with(NODES, json!({ "ids": sessions })).await["nodes"].clone();
    found.as_array().unwrap().iter().map(|node| node["id"].clone()).collect()
}

async fn do_to(who: &Person, session: &str, call: &str) -> Value {
    let document = format!("mutation($id: ID!) {{ {call} {{ userErrors {{ code }} }} }}");
    who.act(&document, json!({ "id": session })).await
}

#[test]
fn every_act_on_what_is_read_through_a_later_session_is_forbidden() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        let (app, zoe) = (world.app("Orders").await, world.client("Zoe").await);
        zoe.post("Hello").await;
        let first = ann.waiting().await;
        assert_eq!(code(&ann.reply(&first, "Hi").await), "");
        let made = ann.create_and_bind(&first, &app, "Order 7", None).await;
        let item = made["item"]["id"].as_str().unwrap();
        assert_eq!(code(&ann.close(&first, None).await), "");
        zoe.post("Again").await;
        let second = bob.waiting().await;
        let before = (ann.session(&first).await, ann.dialog(&first).await);
        let to = ann.id().await;
        // The later one waits, and then it is Bob's.
        for is_taken in [false, true] {
            if is_taken {
                assert_eq!(code(&bob.claim(&second).await), "");
            }
            for refused in [
                bob.claim(&first).await,
                bob.reply(&first, "x").await,
                bob.note(&first, "x").await,
                bob.assign(&first, &to).await,
                bob.give_back(&first, None).await,
                bob.close(&first, None).await,
                bob.bind(&first, item).await,
                bob.unbind(&first, item).await,
                bob.create_and_bind(&first, &app, "Order 8", None).await,
                bob.read(&first, 1).await,
                do_to(&bob, &first, "markSessionUnread(sessionId: $id, fromSeq: 1)").await,
                do_to(&bob, &first, "renameSession(sessionId: $id, name: \"New\")").await,
                do_to(&bob, &first, "setTyping(sessionId: $id)").await,
            ] {
                assert_eq!(code(&refused), "FORBIDDEN", "{refused}");
            }
        }
        assert_eq!((ann.session(&first).await, ann.dialog(&first).await), before);
        assert_eq!(ann.bindings(&first).await.len(), 1);
        let document = "query($id: ID!) { node(id: $id) { ... on Session {
            viewerCanClaim viewerCanReply viewerCanNote viewerCanAssign viewerCanReturn
            viewerCanClose viewerCanRename viewerCanBind } } }";
        let can = bob.act(document, json!({ "id": first })).await;
        let can = can.as_object().unwrap();
        assert!(can.len() == 8 && can.values().all(|is_so| *is_so == false), "{can:?}");
    });
}

#[test]
fn what_came_before_goes_with_the_later_session_and_what_came_after_is_not_seen() {
    play(async |world| {
        let (ann, bob, sue) =
            (world.online("ann").await, world.online("bob").await, world.online("sue").await);
        let zoe = world.client("Zoe").await;
        zoe.post("One").await;
        let first = ann.waiting().await;
        assert_eq!(code(&ann.claim(&first).await), "");
        assert_eq!(code(&ann.close(&first, None).await), "");
        zoe.post("Two").await;
        let second = bob.waiting().await;
        assert_eq!(code(&bob.claim(&second).await), "");
        assert_eq!(seen(&bob, &[&first, &second]).await, json!([first, second]));
        assert_eq!(seen(&ann, &[&first, &second]).await, json!([first, null]));
        assert_eq!(code(&sue.assign(&second, &ann.id().await).await), "");
        assert_eq!(seen(&bob, &[&first, &second]).await, json!([null, null]));
        assert_eq!(seen(&ann, &[&first, &second]).await, json!([first, second]));
        // Of three, who had the first and the second does not see the third.
        assert_eq!(code(&ann.close(&second, None).await), "");
        zoe.post("Three").await;
        let third = bob.waiting().await;
        assert_eq!(code(&bob.claim(&third).await), "");
        let all = [first.as_str(), &second, &third];
        assert_eq!(seen(&ann, &all).await, json!([first, second, null]));
        assert_eq!(seen(&bob, &all).await, json!(all));
        let said = ann.dialog(&second).await;
        let said: Vec<_> = said.into_iter().filter(|entry| entry["kind"] == "CLIENT").collect();
        assert_eq!(texts(&said, "text"), ["One", "Two"]);
    });
}
