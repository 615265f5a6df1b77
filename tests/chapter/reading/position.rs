//! Read positions: each employee has their own.

use serde_json::{Value, json};
use tests::world::{Person, code, play};

use super::session;

/// Returns the read position of each of these people in a session.
async fn lines(people: &[&Person], session: &str) -> Vec<Value> {
    let mut lines = Vec::new();
    for who in people {
        lines.push(who.session(session).await["viewerReadSeq"].clone());
    }
    lines
}

async fn unread_from(who: &Person, session: &str, seq: i64) -> Value {
    let document = "mutation($id: ID!, $s: Int!) {
        markSessionUnread(sessionId: $id, fromSeq: $s) {
            session { viewerReadSeq unreadCount } userErrors { code } } }";
    who.act(document, json!({ "id": session, "s": seq })).await
}

#[test]
fn everybody_moves_their_own_line_and_nobody_elses_forth_and_back() {
    play(async |world| {
        let (ann, bob, sue, dan) = (
            world.online("ann").await,
            world.employee("bob").await,
            world.employee("sue").await,
            world.employee("dan").await,
        );
        let (zoe, people) = (world.client("Zoe").await, [&ann, &bob, &sue, &dan]);
        for text in ["One", "Two", "Three", "Four"] {
            zoe.post(text).await;
        }
        let id = ann.waiting().await;
        assert_eq!(lines(&people, &id).await, [0, 0, 0, 0]);
        assert_eq!(code(&sue.read(&id, 2).await), "");
        assert_eq!(code(&bob.read(&id, 3).await), "");
        assert_eq!(lines(&people, &id).await, [0, 3, 2, 0]);
        assert_eq!(ann.session(&id).await["unreadCount"], 4);

        assert_eq!(code(&ann.claim(&id).await), "");
        assert_eq!(code(&ann.read(&id, 2).await), "");
        assert_eq!(code(&sue.read(&id, 4).await), "");
        let marked = unread_from(&sue, &id, 2).await;
        assert_eq!(marked["session"], json!({ "viewerReadSeq": 1, "unreadCount": 2 }));
        for who in [&ann, &sue] {
            assert_eq!(who.session(&id).await["unreadCount"], 2, "{}", who.name);
        }
        assert_eq!(lines(&[&ann, &sue, &dan], &id).await, [2, 1, 0]);
    });
}

#[test]
fn a_later_session_has_lines_of_its_own() {
    play(async |world| {
        let (ann, zoe, first) = session(world).await;
        assert_eq!(code(&ann.close(&first, None).await), "");
        let before = ann.session(&first).await["viewerReadSeq"].clone();
        zoe.post("Again").await;
        let second = ann.waiting().await;
        assert_eq!(code(&ann.claim(&second).await), "");
        let last = ann.dialog(&second).await.len();
        let read = ann.read(&second, i64::try_from(last).unwrap()).await;
        assert_eq!((code(&read), &read["session"]["unreadCount"]), ("", &json!(0)));
        assert_eq!(read["session"]["viewerReadSeq"], last);
        assert_eq!(ann.session(&first).await["viewerReadSeq"], before);
        // A mark before the first entry of the session changes nothing for a supervisor either.
        let sue = world.employee("sue").await;
        assert_eq!(code(&sue.read(&second, 1).await), "");
        assert_eq!(sue.session(&second).await["viewerReadSeq"], 0);
    });
}
