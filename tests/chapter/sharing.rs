//! Shared pushes: one run of a document for several subscribers, and the conditions for it.

mod field;

use serde_json::{Value, json};
use tests::world::{Person, World, code, play};

/// Everything of a session that does not depend on who asks.
const SHARED: &str = "query($id: ID!) { node(id: $id) { ... on Session {
    id version name state isNew unreadCount firstMessageAt lastMessageAt waitingSince closedAt
    bindings { item { id title app { id name kind } } boundAt boundBy { id } }
    liveChat { id name queueCount apps { id } operators { employee { id name presence } openSessions }
        members { employee { id } roles } channels { id kind name } }
    operator { id name presence }
    client { id name isInternal employee { id } contacts { kind value } }
    channel { id kind name }
    preview { kind authorName channel { id } text sentAt }
    messages(first: 50) { nodes { id seq kind text sentAt clientMessageId channel { id }
        author { __typename name } replyTo { id } session { id }
        event { kind from { id } to { id } name item { id title } } } }
} } }";

async fn followed(world: &World) -> (Vec<Person>, Person, String) {
    let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
    zoe.post("Hello").await;
    let id = ann.waiting().await;
    assert_eq!(code(&ann.claim(&id).await), "");
    let people = vec![ann, world.online("sue").await, world.online("dan").await];
    (people, zoe, id)
}

/// Returns the number of documents that are run to push one message to three people.
async fn runs(world: &World, selection: &str) -> u64 {
    let (people, zoe, id) = followed(world).await;
    let document = format!("subscription($id: ID!) {{ messages(sessionId: $id) {selection} }}");
    let mut feeds = Vec::new();
    let mut sockets = Vec::new();
    for person in &people {
        let socket = person.socket().await;
        feeds.push(socket.subscribe(&document, json!({ "id": id })));
        sockets.push(socket);
    }
    world.followed(&id, people.len()).await;
    world.settle(&sockets.iter().collect::<Vec<_>>()).await;
    let before = world.running.app.graphql.pushes();
    zoe.post("And this?").await;
    for feed in &mut feeds {
        let said = feed.next().await;
        assert_eq!(said["text"], "And this?");
    }
    world.settle(&sockets.iter().collect::<Vec<_>>()).await;
    world.running.app.graphql.pushes() - before
}

#[test]
fn a_document_runs_once_for_all_who_ask_for_the_same() {
    play(async |world| {
        assert_eq!(runs(world, "{ seq text author { name } }").await, 1);
    });
}

#[test]
fn a_document_that_depends_on_who_asks_runs_for_each_of_them() {
    play(async |world| {
        assert_eq!(runs(world, "{ text session { viewerReadSeq } }").await, 3);
    });
}

#[test]
fn what_does_not_say_viewer_is_the_same_for_everybody() {
    play(async |world| {
        let (people, _, id) = followed(world).await;
        people[0].reply(&id, "How can I help?").await;
        people[0].note(&id, "A regular").await;
        let app = world.app("Orders").await;
        people[0].create_and_bind(&id, &app, "Order 7", None).await;
        let mut seen: Vec<Value> = Vec::new();
        for person in &people {
            seen.push(person.get_with(SHARED, json!({ "id": id })).await);
        }
        assert_eq!(seen[0]["node"]["name"], "Zoe");
        assert_eq!(seen[0]["node"]["bindings"][0]["item"]["title"], "Order 7");
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0], seen[2]);
    });
}
