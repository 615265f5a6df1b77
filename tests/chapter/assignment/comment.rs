//! Comments of those who hand a session over, and those who do it at the same time.

use serde_json::{Value, json};
use tests::world::{Person, World, code, play, texts};

/// Ann with a session of Zoe's.
async fn held(world: &World) -> (Person, Person, String) {
    let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
    zoe.post("Hello").await;
    let id = ann.waiting().await;
    assert_eq!(code(&ann.claim(&id).await), "");
    (ann, zoe, id)
}

async fn assign(who: &Person, id: &str, to: &str, comment: &str) -> Value {
    let document = "mutation($id: ID!, $e: ID!, $c: String) {
        assignSession(sessionId: $id, employeeId: $e, comment: $c) {
            session { id } userErrors { code field } } }";
    who.act(document, json!({ "id": id, "e": to, "c": comment })).await
}

/// Kind, text and author of the last entry of a dialog.
async fn last(who: &Person, id: &str) -> [Value; 3] {
    let last = who.dialog(id).await.pop().unwrap();
    [last["kind"].clone(), last["text"].clone(), last["author"]["name"].clone()]
}

#[test]
fn a_comment_is_a_note_for_the_next_operator_and_nothing_for_the_client() {
    play(async |world| {
        let (ann, zoe, id) = held(world).await;
        let bob = world.online("bob").await;
        let given = assign(&ann, &id, &bob.id().await, "About the chair").await;
        assert_eq!(code(&given), "", "{given}");
        assert_eq!(last(&bob, &id).await, ["NOTE", "About the chair", "Ann"]);
        assert_eq!(code(&bob.give_back(&id, Some("Not for me")).await), "");
        assert_eq!(last(&ann, &id).await, ["NOTE", "Not for me", "Bob"]);
        assert_eq!(texts(&zoe.conversation(None).await, "text"), ["Hello"]);
    });
}

#[test]
fn a_comment_has_1_to_1000_code_points_and_with_any_other_nothing_is_done() {
    play(async |world| {
        let (ann, _, id) = held(world).await;
        let sue = world.online("sue").await;
        assert_eq!(code(&sue.give_back(&id, None).await), "");
        let anns = ann.id().await;
        for comment in ["a".to_owned(), "\u{1F980}".repeat(1000)] {
            assert_eq!(code(&assign(&sue, &id, &anns, &comment).await), "");
            assert_eq!(last(&sue, &id).await[1], comment);
            assert_eq!(code(&ann.give_back(&id, Some(&comment)).await), "");
            assert_eq!(last(&sue, &id).await[1], comment);
        }
        let before = (sue.session(&id).await, sue.dialog(&id).await);
        for comment in [String::new(), "\u{1F980}".repeat(1001)] {
            let given = assign(&sue, &id, &anns, &comment).await;
            let returned = sue.give_back(&id, Some(&comment)).await;
            for refused in [given, returned] {
                assert_eq!(code(&refused), "INVALID", "{refused}");
                assert_eq!(refused["userErrors"][0]["field"], json!(["comment"]));
            }
        }
        assert_eq!((sue.session(&id).await, sue.dialog(&id).await), before);
    });
}

#[test]
fn of_two_who_assign_at_once_the_later_decides_and_both_stand_in_the_dialog() {
    play(async |world| {
        let (ann, _, id) = held(world).await;
        let (sue, dan) = (world.online("sue").await, world.online("dan").await);
        let (bobs, dans) = (world.online("bob").await.id().await, dan.id().await);
        // The id of something else is nobody's.
        let nobody = ann.assign(&id, &id).await;
        assert_eq!(code(&nobody), "NOT_FOUND");
        assert_eq!(nobody["userErrors"][0]["field"], json!(["employeeId"]));
        let (one, other) = tokio::join!(sue.assign(&id, &bobs), dan.assign(&id, &dans));
        assert_eq!((code(&one), code(&other)), ("", ""));
        let dialog = sue.dialog(&id).await;
        let events: Vec<_> = dialog[2..].iter().map(|entry| &entry["event"]).collect();
        assert_eq!(events.len(), 2, "{dialog:?}");
        assert!(events.iter().all(|event| event["kind"] == "ASSIGNED"), "{events:?}");
        assert_eq!(events[0]["from"]["name"], "Ann");
        assert_eq!(events[1]["from"], events[0]["to"]);
        assert_eq!(sue.session(&id).await["operator"], events[1]["to"]);
    });
}

#[test]
fn a_reply_that_meets_a_return_is_before_it_or_claims_the_session_again() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.online("sue").await);
        for round in 0..6 {
            world.client(&format!("Zoe {round}")).await.post("Hello").await;
            let id = ann.waiting().await;
            assert_eq!(code(&ann.claim(&id).await), "");
            let (back, sent) = tokio::join!(sue.give_back(&id, None), ann.reply(&id, "In time"));
            assert_eq!((code(&back), code(&sent)), ("", ""));
            let dialog = sue.dialog(&id).await;
            let kind = |entry: &Value| {
                let event = entry["event"]["kind"].as_str();
                event.or(entry["kind"].as_str()).unwrap().to_owned()
            };
            let kinds: Vec<_> = dialog.iter().map(kind).collect();
            let before = ["CLIENT", "CLAIMED", "OPERATOR", "RETURNED"];
            let after = ["CLIENT", "CLAIMED", "RETURNED", "CLAIMED", "OPERATOR"];
            assert!(kinds == before || kinds == after, "{kinds:?}");
            assert_eq!(code(&sue.close(&id, None).await), "");
        }
    });
}
