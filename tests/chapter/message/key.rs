//! Replies and notes that are sent again, and a reply that is refused.

use serde_json::{Value, json};
use tests::world::{Person, code, play, texts};

use super::quote;

async fn send(who: &Person, id: &str, key: &str, quoted: &Value) -> Value {
    let document = "mutation($id: ID!, $k: String!, $q: ID) {
        sendMessage(sessionId: $id, text: \"Once\", clientMessageId: $k, replyToId: $q) {
            message { id text author { name } } userErrors { code } } }";
    who.act(document, json!({ "id": id, "k": key, "q": quoted })).await
}

async fn note(who: &Person, id: &str, key: &str, text: &str) -> Value {
    let document = "mutation($id: ID!, $k: String!, $t: String!) {
        addNote(sessionId: $id, text: $t, clientMessageId: $k) {
            message { id text author { name } } userErrors { code } } }";
    who.act(document, json!({ "id": id, "k": key, "t": text })).await
}

#[test]
fn a_key_is_of_one_person_and_of_all_that_was_sent() {
    play(async |world| {
        let (ann, _, id) = world.claimed().await;
        let sue = world.online("sue").await;
        let sent = send(&ann, &id, "once", &Value::Null).await;
        let noted = note(&ann, &id, "note", "A note").await;
        assert_eq!((code(&sent), code(&noted)), ("", ""));
        let before = ann.session(&id).await;
        assert_eq!(send(&ann, &id, "once", &Value::Null).await, sent);
        assert_eq!(note(&ann, &id, "note", "A note").await, noted);
        let quoted = ann.dialog(&id).await[0]["id"].clone();
        assert_eq!(code(&send(&ann, &id, "once", &quoted).await), "KEY_REUSED");
        assert_eq!(code(&note(&ann, &id, "note", "Another").await), "KEY_REUSED");
        assert_eq!(code(&note(&ann, &id, "once", "Once").await), "KEY_REUSED");
        assert_eq!(ann.session(&id).await, before);
        let hers = note(&sue, &id, "once", "Sue's").await;
        assert_eq!(hers["message"]["author"]["name"], "Sue", "{hers}");
        assert_eq!(hers["message"]["text"], "Sue's");
    });
}

#[test]
fn a_reply_that_is_refused_leaves_the_session_in_the_queue() {
    play(async |world| {
        let (ann, dan) = (world.online("ann").await, world.online("dan").await);
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = dan.waiting().await;
        let noted = dan.note(&id, "For colleagues").await;
        let refused = quote(&ann, &id, &noted["message"]["id"]).await;
        assert_eq!(code(&refused), "INVALID");
        assert_eq!(refused["userErrors"][0]["field"], json!(["replyToId"]));
        assert_eq!(dan.session(&id).await["state"], "QUEUED");
        assert_eq!(texts(&dan.dialog(&id).await, "kind"), ["CLIENT", "NOTE"]);
        assert_eq!(zoe.conversation(None).await.len(), 1);
    });
}
