//! The events of a session in its dialog, with all that each act changed.

use serde_json::{Value, json};
use tests::world::{Person, code, play};

const DIALOG: &str = "query($id: ID!) { node(id: $id) { ... on Session { messages(first: 100) {
    nodes { kind text author { name } channel { id } replyTo { id }
        event { kind from { name } to { name } name item { id title } } } } } } }";

/// A session, and how many entries of it were looked at.
struct Timeline {
    sue: Person,
    id: String,
    known: usize,
}

impl Timeline {
    async fn entries(&self) -> Vec<Value> {
        let session = self.sue.act(DIALOG, json!({ "id": self.id })).await;
        session["messages"]["nodes"].as_array().unwrap().clone()
    }

    /// Asserts that an act added an event of these fields and no other, and the comment as a note.
    async fn assert_told(&mut self, done: Value, by: &str, event: Value, comment: Option<&str>) {
        assert_eq!(code(&done), "", "{done}");
        let entries = self.entries().await;
        let added = &entries[self.known..];
        assert_eq!(added.len(), 1 + usize::from(comment.is_some()), "{added:?}");
        let mut whole = json!({ "from": null, "to": null, "name": null, "item": null });
        whole.as_object_mut().unwrap().extend(event.as_object().unwrap().clone());
        let entry = &added[0];
        assert_eq!((&entry["kind"], &entry["author"]["name"]), (&json!("EVENT"), &json!(by)));
        assert_eq!(entry["event"], whole);
        assert_eq!((&entry["channel"], &entry["replyTo"]), (&Value::Null, &Value::Null));
        let text = entry["text"].as_str().unwrap();
        let is_plain = text.trim() == text && text.ends_with('.') && !text.contains('\n');
        assert!(is_plain, "{text} is no plain sentence");
        if let Some(comment) = comment {
            let note = (&added[1]["kind"], &added[1]["text"], &added[1]["author"]["name"]);
            assert_eq!(note, (&json!("NOTE"), &json!(comment), &json!(by)));
        }
        self.known = entries.len();
    }
}

/// One mutation of a session with one more argument as `$x`.
async fn act(who: &Person, call: &str, id: &str, argument: &str) -> Value {
    let document =
        format!("mutation($id: ID!, $x: String!) {{ {call} {{ userErrors {{ code }} }} }}");
    who.act(&document, json!({ "id": id, "x": argument })).await
}

#[test]
fn each_event_says_what_it_changed_in_one_plain_sentence() {
    play(async |world| {
        let [ann, bob, dan, sue] = [
            world.online("ann").await,
            world.online("bob").await,
            world.online("dan").await,
            world.online("sue").await,
        ];
        let (app, bobs, dans) = (world.app("Orders").await, bob.id().await, dan.id().await);
        world.client("Zoe").await.post("Hello").await;
        let id = sue.waiting().await;
        let mut timeline = Timeline { sue: sue.clone(), id: id.clone(), known: 1 };
        let named = |name: &str| json!({ "name": name });

        let event = json!({ "kind": "CLAIMED", "to": named("Ann") });
        timeline.assert_told(ann.claim(&id).await, "Ann", event, None).await;
        let event = json!({ "kind": "RETURNED", "from": named("Ann") });
        timeline.assert_told(ann.give_back(&id, None).await, "Ann", event, None).await;
        let event = json!({ "kind": "CLAIMED", "to": named("Bob") });
        timeline.assert_told(bob.claim_next(None).await, "Bob", event, None).await;
        let event = json!({ "kind": "ASSIGNED", "from": named("Bob"), "to": named("Dan") });
        timeline.assert_told(bob.assign(&id, &dans).await, "Bob", event, None).await;
        let event = json!({ "kind": "RETURNED", "from": named("Dan") });
        let returned = sue.give_back(&id, Some("Not now")).await;
        timeline.assert_told(returned, "Sue", event, Some("Not now")).await;
        let event = json!({ "kind": "ASSIGNED", "to": named("Bob") });
        let call = format!("assignSession(sessionId: $id, employeeId: \"{bobs}\", comment: $x)");
        let given = act(&sue, &call, &id, "Please").await;
        timeline.assert_told(given, "Sue", event, Some("Please")).await;

        let event = json!({ "kind": "RENAMED", "name": "Chairs" });
        let renamed = act(&bob, "renameSession(sessionId: $id, name: $x)", &id, "Chairs").await;
        timeline.assert_told(renamed, "Bob", event, None).await;
        let made = bob.create_and_bind(&id, &app, "A blue chair", None).await;
        let item = made["item"]["id"].as_str().unwrap().to_owned();
        let of_item =
            |kind: &str| json!({ "kind": kind, "item": { "id": item, "title": "A blue chair" } });
        timeline.assert_told(made, "Bob", of_item("BOUND"), None).await;
        let unbound = bob.unbind(&id, &item).await;
        timeline.assert_told(unbound, "Bob", of_item("UNBOUND"), None).await;
        timeline.assert_told(sue.bind(&id, &item).await, "Sue", of_item("BOUND"), None).await;
        assert_eq!(code(&bob.reply(&id, "It is on its way").await), "");
        timeline.known += 1;
        let event = json!({ "kind": "CLOSED", "from": named("Bob") });
        timeline.assert_told(bob.close(&id, None).await, "Bob", event, None).await;

        for entry in timeline.entries().await {
            assert_eq!(entry["event"].is_object(), entry["kind"] == "EVENT", "{entry}");
        }
    });
}
