//! The fields of a session, from its opening to its close.

use domain::Timestamp;
use serde_json::{Value, json};
use tests::environment::Ahead;
use tests::world::{Person, code, play, play_ahead};

/// A session as it is looked at after each act.
struct Story<'a> {
    sue: &'a Person,
    clock: &'a Ahead,
    last: Value,
}

impl Story<'_> {
    fn id(&self) -> &str {
        self.last["id"].as_str().unwrap()
    }

    /// Looks again after an act, which made the version greater and the last message later if it was
    /// one. The next act is a second later.
    async fn goes_on(&mut self, done: Value, is_message: bool) -> &Value {
        assert!(done.get("userErrors").is_none_or(|errors| *errors == json!([])), "{done}");
        let now = self.sue.session(self.id()).await;
        let last = &self.last;
        assert!(now["version"].as_str() > last["version"].as_str(), "{done}: {now}");
        let has_moved = now["lastMessageAt"].as_str() > last["lastMessageAt"].as_str();
        assert_eq!(has_moved, is_message, "{done}: {now}");
        assert!(has_moved || now["lastMessageAt"] == last["lastMessageAt"], "{done}: {now}");
        assert_eq!(now["firstMessageAt"], last["firstMessageAt"]);
        self.clock.pass(1_000);
        self.last = now;
        &self.last
    }
}

fn assert_time(time: &Value) {
    let text = time.as_str().unwrap_or_else(|| panic!("{time} is no time"));
    assert!(text.len() == 24 && text.ends_with('Z'), "{text}");
    assert!(Timestamp::parse(text).is_some(), "{text}");
}

async fn rename(who: &Person, id: &str, name: &str) -> Value {
    let document = "mutation($id: ID!, $n: String!) { renameSession(sessionId: $id, name: $n) {
        userErrors { code } } }";
    who.act(document, json!({ "id": id, "n": name })).await
}

async fn unread(who: &Person, id: &str, from: i64) -> Value {
    let document = "mutation($id: ID!, $s: Int!) { markSessionUnread(sessionId: $id, fromSeq: $s) {
        userErrors { code } } }";
    who.act(document, json!({ "id": id, "s": from })).await
}

/// The state, whether it is new, and the operator's name.
fn state(session: &Value) -> [&Value; 3] {
    [&session["state"], &session["isNew"], &session["operator"]["name"]]
}

#[test]
fn its_version_rises_with_each_act_and_its_times_with_messages_alone() {
    play_ahead(async |world, clock| {
        let (ann, bob, sue) =
            (world.online("ann").await, world.online("bob").await, world.online("sue").await);
        let (bobs, zoe) = (bob.id().await, world.client("Zoe").await);
        zoe.post("One").await;
        let opened = sue.session(&sue.waiting().await).await;
        let version = opened["version"].as_str().unwrap();
        assert!(version.len() == 32 && version.bytes().all(|b| b.is_ascii_digit()), "{version}");
        for name in ["openedAt", "firstMessageAt", "lastMessageAt", "waitingSince"] {
            assert_time(&opened[name]);
        }
        clock.pass(1_000);
        let id = opened["id"].as_str().unwrap();
        let mut story = Story { sue: &sue, clock, last: opened.clone() };
        story.goes_on(zoe.post("Two").await, true).await;
        let held = story.goes_on(ann.claim(id).await, false).await;
        assert_eq!(state(held), [&json!("ASSIGNED"), &json!(false), &json!("Ann")]);
        let read = story.goes_on(ann.read(id, 2).await, false).await;
        assert_eq!(read["waitingSince"], opened["firstMessageAt"]);
        story.goes_on(unread(&ann, id, 2).await, false).await;
        story.goes_on(ann.reply(id, "Yes?").await, true).await;
        story.goes_on(ann.note(id, "A regular").await, false).await;
        story.goes_on(rename(&ann, id, "Named").await, false).await;
        story.goes_on(sue.assign(id, &bobs).await, false).await;
        let back = story.goes_on(bob.give_back(id, None).await, false).await;
        assert_eq!(state(back), [&json!("QUEUED"), &json!(true), &Value::Null]);
        story.goes_on(ann.claim(id).await, false).await;
        let closed = story.goes_on(sue.close(id, None).await, false).await;
        assert_eq!(state(closed), [&json!("CLOSED"), &json!(false), &json!("Ann")]);
        assert_time(&closed["closedAt"]);
        let closed = story.goes_on(rename(&sue, id, "Done").await, false).await.clone();

        zoe.post("Again").await;
        let next = sue.session(&sue.waiting().await).await;
        assert!(next["firstMessageAt"].as_str() > closed["closedAt"].as_str(), "{next}");
        assert_eq!(next["firstMessageAt"], next["lastMessageAt"]);
    });
}

#[test]
fn its_preview_is_the_last_message_shortened() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        let document = "query($id: ID!) { node(id: $id) { ... on Session {
            preview { kind authorName text sentAt channel { id } }
            messages(last: 1) { nodes { kind author { name } text sentAt channel { id } } } } } }";
        let look = async || {
            let session = ann.act(document, json!({ "id": id })).await;
            (session["preview"].clone(), session["messages"]["nodes"][0].clone())
        };
        for (kind, author, text) in [("CLIENT", "Zoe", "Hello"), ("OPERATOR", "Ann", "Good day")] {
            if kind == "OPERATOR" {
                assert_eq!(code(&ann.reply(&id, text).await), "");
            }
            let (preview, last) = look().await;
            let shown = json!({ "kind": kind, "authorName": author, "text": text,
                "sentAt": last["sentAt"], "channel": last["channel"] });
            assert_eq!(preview, shown);
            assert_eq!((&last["kind"], &last["text"]), (&json!(kind), &json!(text)));
            assert!(last["channel"]["id"].is_string());
        }
        let long = format!("{}end", "Long \u{1F980} ".repeat(900));
        assert_eq!(code(&ann.reply(&id, &long).await), "");
        let (preview, last) = look().await;
        assert_eq!(last["text"], long.as_str());
        let shown = preview["text"].as_str().unwrap().trim_end_matches('…');
        assert!((1..500).contains(&shown.len()) && long.starts_with(shown), "{shown}");
    });
}
