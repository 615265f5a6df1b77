//! The line up to which somebody has read.

use serde_json::json;
use tests::world::{code, play};

use super::session;

#[test]
fn a_line_runs_on_into_the_next_session_and_never_back() {
    play(async |world| {
        let (ann, zoe, first) = session(world).await;
        let sue = world.employee("sue").await;
        assert_eq!(code(&sue.read(&first, 3).await), "");
        assert_eq!(code(&ann.close(&first, None).await), "");
        zoe.post("Again").await;
        let second = sue.waiting().await;
        assert_eq!(sue.session(&second).await["viewerReadSeq"], 3);
        for up_to in [6, 2] {
            let read = sue.read(&second, up_to).await;
            assert_eq!((code(&read), &read["session"]["viewerReadSeq"]), ("", &json!(6)));
        }
    });
}

#[test]
fn looking_reads_nothing_and_a_wrong_mark_neither() {
    play(async |world| {
        let (ann, _, id) = session(world).await;
        let before = ann.session(&id).await;
        assert_eq!(before["unreadCount"], 3);
        assert_eq!(ann.dialog(&id).await.len(), 4);
        assert_eq!(ann.session(&id).await, before);
        let document = "mutation($id: ID!, $s: Int!) {
            markSessionUnread(sessionId: $id, fromSeq: $s) { userErrors { code field } } }";
        for wrong in [-1, 0, 5] {
            let refused = ann.act(document, json!({ "id": id, "s": wrong })).await;
            assert_eq!(code(&refused), "INVALID", "{wrong}");
            assert_eq!(refused["userErrors"][0]["field"], json!(["fromSeq"]), "{wrong}");
        }
        assert_eq!(ann.session(&id).await, before);
    });
}
