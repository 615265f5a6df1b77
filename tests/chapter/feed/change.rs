//! The feed of sessions: which change is pushed to which employee.

use std::collections::BTreeSet;

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{Feed, Person, SESSIONS, Socket, World, code, field, play, texts};

/// Opens a socket and subscribes to changes of sessions. READY has come.
async fn follow(who: &Person) -> (Socket, Feed) {
    let socket = who.socket().await;
    let mut feed = socket.subscribe(SESSIONS, json!({}));
    let ready = feed.next().await;
    assert_eq!((&ready["kind"], &ready["removedId"]), (&json!("READY"), &Value::Null));
    assert_eq!(ready["version"], "0".repeat(32));
    (socket, feed)
}

async fn rename(who: &Person, session: &str, name: &str) -> Value {
    let document = "mutation($id: ID!, $n: String!) { renameSession(sessionId: $id, name: $n) {
        userErrors { code } } }";
    who.act(document, json!({ "id": session, "n": name })).await
}

/// Waits until each feed has the change that made the session as it is now.
async fn assert_told(sue: &Person, feeds: &mut [Feed], kind: &str, session: &str) {
    let seen = sue.session(session).await;
    for feed in feeds {
        let is_it = |change: &Value| change["session"]["version"] == seen["version"];
        let change = feed.until(is_it).await.pop().unwrap();
        assert_eq!((&change["kind"], &change["removedId"]), (&json!(kind), &Value::Null));
        for part in ["id", "name", "state", "unreadCount", "operator"] {
            assert_eq!(change["session"][part], seen[part], "{part} of {kind}");
        }
    }
}

#[test]
fn whoever_supervises_is_told_of_every_act_with_the_session_as_it_is() {
    play(async |world| {
        let (ann, bob, sue) =
            (world.online("ann").await, world.online("bob").await, world.online("sue").await);
        let (app, zoe) = (world.app("Orders").await, world.client("Zoe").await);
        let (_sues, to_sue) = follow(&sue).await;
        let (_dans, to_dan) = follow(&world.employee("dan").await).await;
        let mut feeds = [to_sue, to_dan];
        zoe.post("Hello").await;
        let id = sue.waiting().await;
        assert_told(&sue, &mut feeds, "OPENED", &id).await;
        zoe.post("Anybody?").await;
        assert_told(&sue, &mut feeds, "MESSAGE", &id).await;
        let bobs = bob.id().await;
        let mut told = async |kind: &str, done: Value| {
            assert_eq!(code(&done), "", "{kind}");
            assert_told(&sue, &mut feeds, kind, &id).await;
        };
        told("CLAIMED", ann.claim(&id).await).await;
        told("READ", ann.read(&id, 1).await).await;
        told("MESSAGE", ann.reply(&id, "Hi").await).await;
        told("RENAMED", rename(&ann, &id, "A broken screen").await).await;
        told("BOUND", ann.create_and_bind(&id, &app, "Order 7", None).await).await;
        told("ASSIGNED", sue.assign(&id, &bobs).await).await;
        told("RETURNED", bob.give_back(&id, None).await).await;
        told("CLOSED", sue.close(&id, None).await).await;
        told("RENAMED", rename(&sue, &id, "A screen").await).await;
    });
}

/// Returns the kinds of these changes, in order.
fn kinds(changes: &[Value]) -> Vec<String> {
    texts(changes, "kind")
}

/// Waits for the next change of this kind. Returns it, and the changes before it.
async fn until(feed: &mut Feed, kind: &str) -> (Value, Vec<Value>) {
    let mut heard = feed.until(|change| change["kind"] == kind).await;
    (heard.pop().unwrap(), heard)
}

#[test]
fn an_operator_is_told_of_what_waits_and_of_their_own_and_what_goes_is_removed() {
    play(async |world| {
        let (ann, bob, sue) =
            (world.online("ann").await, world.online("bob").await, world.online("sue").await);
        let ((_anns, mut to_ann), (_bobs, mut to_bob)) = (follow(&ann).await, follow(&bob).await);
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        for feed in [&mut to_ann, &mut to_bob] {
            assert_eq!(until(feed, "OPENED").await.0["session"]["id"], id.as_str());
        }
        // The operator who claims it hears of the claim, and does not lose it.
        assert_eq!(code(&ann.claim(&id).await), "");
        let (claimed, before) = until(&mut to_ann, "CLAIMED").await;
        assert_eq!(claimed["session"]["operator"]["name"], "Ann");
        assert_eq!(until(&mut to_bob, "REMOVED").await.0["removedId"], id.as_str());
        assert_eq!(code(&ann.give_back(&id, None).await), "");
        let (_, since) = until(&mut to_ann, "RETURNED").await;
        assert!(!kinds(&before).iter().chain(&kinds(&since)).any(|kind| kind == "REMOVED"));
        assert_eq!(until(&mut to_bob, "RETURNED").await.0["session"]["state"], "QUEUED");
        // A reply claims it as well.
        assert_eq!(code(&bob.reply(&id, "Hi").await), "");
        let (removed, _) = until(&mut to_ann, "REMOVED").await;
        assert_eq!((&removed["removedId"], &removed["session"]), (&json!(id), &Value::Null));
        assert_eq!(removed["by"], json!({ "__typename": "Employee", "name": "Bob" }));
        // Bob assigns it away, and loses it to Ann.
        assert_eq!(code(&bob.assign(&id, &ann.id().await).await), "");
        let (assigned, _) = until(&mut to_ann, "ASSIGNED").await;
        assert_eq!(assigned["session"]["operator"]["name"], "Ann");
        let (removed, _) = until(&mut to_bob, "REMOVED").await;
        assert_eq!((&removed["removedId"], &removed["session"]), (&json!(id), &Value::Null));
        assert_eq!(removed["heldBy"]["name"], "Ann");
        // Ann had it when it was closed: she still sees it.
        assert_eq!(code(&sue.close(&id, None).await), "");
        assert_eq!(until(&mut to_ann, "CLOSED").await.0["session"]["state"], "CLOSED");
    });
}

#[test]
fn when_roles_change_lists_are_to_be_read_again_and_nothing_comes_of_what_is_lost() {
    play(async |world| {
        let (bob, kim) = (world.employee("bob").await, world.employee("kim").await);
        let ((bobs, mut to_bob), (kims, mut to_kim)) = (follow(&bob).await, follow(&kim).await);
        world.appoint("bob", "Support", &[]).await;
        world.appoint("kim", "Support", &["OPERATOR"]).await;
        for feed in [&mut to_bob, &mut to_kim] {
            assert_eq!(feed.next().await["kind"], "READY");
        }
        world.client("Zoe").await.post("Hello").await;
        world.client_of("Yan", "Sales").await.post("Hello").await;
        world.settle(&[&bobs, &kims]).await;
        for (feed, wanted) in [(&mut to_bob, "Yan"), (&mut to_kim, "Zoe")] {
            let mut heard = feed.rest();
            // At least once: READY may come again.
            heard.retain(|change| change["kind"] != "READY");
            assert_eq!(texts(&field(&heard, "session"), "name"), [wanted]);
        }
    });
}

/// Returns clients who have not written yet.
async fn clients(world: &World, count: usize) -> Vec<Person> {
    let names = (0..count).map(|number| format!("Client {number}"));
    join_all(names.map(|name| async move { world.client(&name).await })).await
}

#[test]
fn a_list_that_is_read_after_ready_misses_nothing() {
    play(async |world| {
        let (ann, clients) = (world.employee("ann").await, clients(world, 8).await);
        let posting = join_all(clients.iter().map(|client| client.post("Hello")));
        let reading = async {
            let (socket, feed) = follow(&ann).await;
            (socket, feed, ann.group("QUEUE").await)
        };
        let (_, (socket, mut feed, listed)) = tokio::join!(posting, reading);
        world.settle(&[&socket]).await;
        let mut known: BTreeSet<String> = texts(&listed, "name").into_iter().collect();
        known.extend(texts(&field(&feed.rest(), "session"), "name"));
        for client in &clients {
            assert!(known.contains(&client.name), "{}: {known:?}", client.name);
        }
    });
}
