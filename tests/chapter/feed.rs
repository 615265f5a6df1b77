//! Feeds: the events that subscribers are pushed.

mod at_once;
mod change;
mod conversation;
mod desk;
mod following;
mod replay;
mod sight;

use serde_json::json;
use tests::world::{ALERTS, COUNTERS, MESSAGES, PRESENCE, Person, SESSIONS, World, code, play};

async fn queued(world: &World, name: &str) -> (Person, String) {
    let client = world.client(name).await;
    client.post("Hello").await;
    let queue = world.employee("ann").await.group("QUEUE").await;
    let session = queue.iter().find(|session| session["name"] == name).unwrap();
    (client, session["id"].as_str().unwrap().to_owned())
}

#[test]
fn presence_of_colleagues_and_of_oneself_is_pushed() {
    play(async |world| {
        let (ann, sue) = (world.employee("ann").await, world.employee("sue").await);
        let (ours, theirs, far) =
            (ann.socket().await, sue.socket().await, world.employee("eve").await.socket().await);
        let mut to_ann = ours.listen(PRESENCE, json!({})).await;
        let mut to_sue = theirs.listen(PRESENCE, json!({})).await;
        let mut to_eve = far.listen(PRESENCE, json!({})).await;
        let stranger = world.employee("other/ann").await.socket().await;
        let mut to_stranger = stranger.listen(PRESENCE, json!({})).await;
        ann.presence("ONLINE").await;
        for feed in [&mut to_ann, &mut to_sue] {
            let pushed = feed.until(|employee| employee["presence"] == "ONLINE").await;
            assert_eq!(pushed.last().unwrap()["name"], "Ann");
        }
        ann.presence("OFFLINE").await;
        for feed in [&mut to_ann, &mut to_sue] {
            feed.until(|employee| employee["presence"] == "OFFLINE").await;
        }
        world.settle(&[&far, &stranger]).await;
        assert!(to_eve.rest().is_empty());
        assert!(to_stranger.rest().is_empty());
    });
}

#[test]
fn everybody_is_offline_at_first() {
    play(async |world| {
        for name in ["ann", "bob", "sue", "dan", "bea", "eve", "ada", "kim", "other/ann"] {
            let data = world.employee(name).await.get("{ viewer { employee { presence } } }").await;
            assert_eq!(data["viewer"]["employee"]["presence"], "OFFLINE", "{name}");
        }
    });
}

#[test]
fn queries_and_mutations_run_over_the_socket_too() {
    play(async |world| {
        let ann = world.online("ann").await;
        let (_, id) = queued(world, "Zoe").await;
        let socket = ann.socket().await;
        let mut query = socket.subscribe("{ viewer { employee { name } } }", json!({}));
        assert_eq!(query.next().await["employee"]["name"], "Ann");
        assert_eq!(query.frame().await["type"], "complete");
        let document = "mutation($id: ID!) { claimSession(sessionId: $id) {
            session { state } userErrors { code } } }";
        let mut claim = socket.subscribe(document, json!({ "id": id }));
        assert_eq!(claim.next().await["session"]["state"], "ASSIGNED");
        assert_eq!(claim.frame().await["type"], "complete");
        let mut again = socket.subscribe(document, json!({ "id": "nonsense" }));
        assert_eq!(code(&again.next().await), "NOT_FOUND");
        assert_eq!(again.frame().await["type"], "complete");
    });
}

#[test]
fn a_subscription_has_one_root_field_and_no_lists() {
    play(async |world| {
        let ann = world.online("ann").await;
        let (_, id) = queued(world, "Zoe").await;
        let socket = ann.socket().await;
        for document in [
            "subscription { counters { id } alerts { id } }",
            "subscription { a: counters { id } b: counters { id } }",
            "subscription { ...Two } fragment Two on Subscription { counters { id } alerts { id } }",
            "subscription { __typename }",
            "subscription { counters { nonsense } }",
            "subscription { counters { liveChats { sessions(group: QUEUE, first: 1) { nodes { id } } } } }",
            "subscription { sessions { session { messages(first: 1) { nodes { id } } } } }",
            "subscription { sessions { session { client { sessions(first: 1) { nodes { id } } } } } }",
        ] {
            let code = socket.subscribe(document, json!({})).refused().await;
            assert_eq!(code, "BAD_USER_INPUT", "{document}");
        }
        // The siblings live on.
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
        assert_eq!(feed.next().await["seq"], 1);
    });
}

#[test]
fn a_client_hears_nothing_of_the_desk() {
    play(async |world| {
        let (zoe, id) = queued(world, "Zoe").await;
        let socket = zoe.socket().await;
        for (document, variables) in [
            (COUNTERS, json!({})),
            (ALERTS, json!({})),
            (SESSIONS, json!({})),
            (PRESENCE, json!({})),
            (MESSAGES, json!({ "id": id })),
        ] {
            assert_eq!(
                socket.subscribe(document, variables).refused().await,
                "FORBIDDEN",
                "{document}"
            );
        }
    });
}

#[test]
fn a_push_has_what_depends_on_the_one_who_listens() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.employee("sue").await);
        let (zoe, id) = queued(world, "Zoe").await;
        ann.claim(&id).await;
        let document =
            "subscription($id: ID!, $after: Int) { messages(sessionId: $id, afterSeq: $after) {
            seq session { viewerCanReply } } }";
        let (ours, theirs) = (ann.socket().await, sue.socket().await);
        let mut to_ann = ours.subscribe(document, json!({ "id": id, "after": 2 }));
        let mut to_sue = theirs.subscribe(document, json!({ "id": id, "after": 2 }));
        zoe.post("Hello?").await;
        assert_eq!(to_ann.next().await["session"]["viewerCanReply"], true);
        assert_eq!(to_sue.next().await["session"]["viewerCanReply"], false);
    });
}
