//! Quotes, notes and names.

mod conversation;
mod key;

use serde_json::{Value, json};
use tests::world::{Person, SESSIONS, code, play, texts};

async fn quote(person: &Person, id: &str, quoted: &Value) -> Value {
    let document = "mutation($id: ID!, $q: ID, $k: String!) {
        sendMessage(sessionId: $id, text: \"Yes\", clientMessageId: $k, replyToId: $q) {
            message { seq replyTo { seq text } } userErrors { code field } } }";
    let key = person.fresh();
    person.act(document, json!({ "id": id, "q": quoted, "k": key })).await
}

#[test]
fn a_reply_quotes_a_message_and_never_a_note() {
    play(async |world| {
        let (ann, zoe, id) = world.claimed().await;
        let note = ann.note(&id, "A regular").await["message"]["id"].clone();
        let dialog = ann.dialog(&id).await;
        let sent = quote(&ann, &id, &dialog[0]["id"]).await;
        assert_eq!((code(&sent), &sent["message"]["replyTo"]["text"]), ("", &json!("Hello")));
        assert_eq!(code(&quote(&ann, &id, &note).await), "INVALID");
        assert_eq!(code(&quote(&ann, &id, &json!("nonsense")).await), "NOT_FOUND");
        // A message of another conversation is none of this one.
        world.client("Yan").await.post("A secret").await;
        let other = ann.waiting().await;
        let secret = ann.dialog(&other).await[0]["id"].clone();
        assert_eq!(code(&quote(&ann, &id, &secret).await), "NOT_FOUND");
        let document =
            "{ conversation { messages(first: 10) { nodes { text replyTo { text } } } } }";
        let seen = zoe.get(document).await["conversation"]["messages"]["nodes"].clone();
        assert_eq!(seen[1], json!({ "text": "Yes", "replyTo": { "text": "Hello" } }));
    });
}

#[test]
fn a_client_quotes_what_they_see() {
    play(async |world| {
        let (ann, zoe, id) = world.claimed().await;
        ann.reply(&id, "How can I help?").await;
        let seen = zoe.conversation(None).await;
        let document = "mutation($q: ID!, $k: String!) {
            postMessage(text: \"With this\", clientMessageId: $k, replyToId: $q) {
                message { seq replyTo { text } } userErrors { code } } }";
        let posted = zoe.act(document, json!({ "q": seen[1]["id"], "k": zoe.fresh() })).await;
        assert_eq!(posted["message"]["replyTo"]["text"], "How can I help?");
        let dialog = ann.dialog(&id).await;
        assert_eq!(dialog[3]["replyTo"]["seq"], dialog[2]["seq"]);
        // An id of the desk is none of the client's.
        let wrong = zoe.act(document, json!({ "q": dialog[2]["id"], "k": zoe.fresh() })).await;
        assert_eq!(code(&wrong), "NOT_FOUND");
    });
}

#[test]
fn a_note_reaches_colleagues_and_never_the_client() {
    play(async |world| {
        let (ann, zoe, id) = world.claimed().await;
        let before = ann.session(&id).await;
        let noted = ann.note(&id, "A regular").await;
        assert_eq!((code(&noted), &noted["message"]["kind"]), ("", &json!("NOTE")));
        let after = ann.session(&id).await;
        assert_eq!(after["lastMessageAt"], before["lastMessageAt"]);
        assert_eq!(after["preview"], before["preview"]);
        let seen = world.employee("sue").await.dialog(&id).await;
        assert_eq!(texts(&seen, "kind"), ["CLIENT", "EVENT", "NOTE"]);
        assert_eq!(seen[2]["channel"], Value::Null);
        assert_eq!(texts(&zoe.conversation(None).await, "text"), ["Hello"]);
    });
}

#[test]
fn a_session_is_renamed_and_colleagues_hear_of_it() {
    play(async |world| {
        let (ann, _, id) = world.claimed().await;
        let socket = world.employee("sue").await.socket().await;
        let mut feed = socket.subscribe(SESSIONS, json!({}));
        feed.next().await;
        let document = "mutation($id: ID!, $n: String!) { renameSession(sessionId: $id, name: $n) {
            session { name } userErrors { code field } } }";
        let renamed = ann.act(document, json!({ "id": id, "n": "A broken screen" })).await;
        assert_eq!((code(&renamed), &renamed["session"]["name"]), ("", &json!("A broken screen")));
        let change = feed.next().await;
        assert_eq!(
            (&change["kind"], &change["session"]["name"]),
            (&json!("RENAMED"), &json!("A broken screen"))
        );
        let dialog = ann.dialog(&id).await;
        assert_eq!(dialog[2]["event"]["kind"], "RENAMED");
        assert_eq!(dialog[2]["event"]["name"], "A broken screen");
        for wrong in ["", " ", &"x".repeat(201)] {
            let refused = ann.act(document, json!({ "id": id, "n": wrong })).await;
            assert_eq!(code(&refused), "INVALID", "{wrong:?}");
        }
        // Of a closed one by its last operator too, without an entry.
        ann.close(&id, None).await;
        let renamed = ann.act(document, json!({ "id": id, "n": "A screen" })).await;
        assert_eq!((code(&renamed), &renamed["session"]["name"]), ("", &json!("A screen")));
        assert_eq!(ann.dialog(&id).await.len(), 4);
    });
}
