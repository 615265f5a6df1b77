//! Subscriptions to a dialog: the entries that are pushed, and the end.

use serde_json::{Value, json};
use tests::world::{Feed, MESSAGES, Person, Socket, World, code, play, texts};

/// Everything that a page shows of an entry.
const ENTRY: &str = "id seq kind text sentAt clientMessageId session { id }
    author { __typename name } channel { id kind name } replyTo { id seq text }
    event { kind name from { id name } to { id name } item { id title } }";

/// Lets a new client write and Ann claim the session. No other session may wait.
async fn held(world: &World, ann: &Person, name: &str) -> String {
    world.client(name).await.post("Hello").await;
    let id = ann.waiting().await;
    assert_eq!(code(&ann.claim(&id).await), "");
    id
}

/// Follows the dialog of a session that nobody else follows.
async fn follow(world: &World, who: &Person, session: &str) -> (Socket, Feed) {
    let socket = who.socket().await;
    let mut feed = socket.subscribe(MESSAGES, json!({ "id": session, "after": 0 }));
    assert_eq!(feed.entry().await["seq"], 1);
    world.followed(session, 1).await;
    (socket, feed)
}

/// Waits until an operation is over. Returns the texts of the entries that came before.
async fn over(feed: &mut Feed) -> Vec<String> {
    let mut entries = Vec::new();
    loop {
        let frame = feed.frame().await;
        match frame["type"].as_str() {
            Some("complete") => return texts(&entries, "text"),
            Some("next") => entries.push(frame["payload"]["data"]["messages"].clone()),
            _ => panic!("{frame}"),
        }
    }
}

#[test]
fn a_dialog_completes_for_whoever_gives_it_away_or_loses_it() {
    play(async |world| {
        let (ann, bob, sue) =
            (world.online("ann").await, world.online("bob").await, world.online("sue").await);
        let bobs = bob.id().await;
        for by in [&ann, &sue] {
            let id = held(world, &ann, &by.name).await;
            let (_socket, mut feed) = follow(world, &ann, &id).await;
            assert_eq!(code(&by.assign(&id, &bobs).await), "");
            over(&mut feed).await;
        }
        // A session that is closed in the queue leaves the sight of other operators.
        world.client("Zoe").await.post("Hello").await;
        let id = bob.waiting().await;
        let (_socket, mut feed) = follow(world, &bob, &id).await;
        assert_eq!(code(&sue.close(&id, None).await), "");
        over(&mut feed).await;
    });
}

#[test]
fn a_dialog_completes_for_who_has_no_role_any_more_with_the_next_entry() {
    play(async |world| {
        let (bob, zoe) = (world.employee("bob").await, world.client("Zoe").await);
        zoe.post("Hello").await;
        let id = bob.waiting().await;
        let (_socket, mut feed) = follow(world, &bob, &id).await;
        world.appoint("bob", "Support", &[]).await;
        zoe.post("Not for Bob").await;
        let heard = over(&mut feed).await;
        assert!(heard.iter().all(|text| text == "Hello"), "{heard:?}");
    });
}

#[test]
fn a_dialog_goes_on_for_who_takes_the_session_and_closes_it() {
    play(async |world| {
        let ann = world.online("ann").await;
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        let (socket, mut feed) = follow(world, &ann, &id).await;
        world.settle(&[&socket]).await;
        // A subscriber who has the last entry receives only new ones.
        let mut late = socket.subscribe(MESSAGES, json!({ "id": id, "after": 1 }));
        world.followed(&id, 2).await;
        assert_eq!(code(&ann.claim(&id).await), "");
        assert_eq!(late.next().await["seq"], 2);
        assert_eq!(feed.entry().await["event"]["kind"], "CLAIMED");
        assert_eq!(code(&ann.close(&id, None).await), "");
        assert_eq!(feed.entry().await["event"]["kind"], "CLOSED");
        world.settle(&[&socket]).await;
        let rest = feed.rest_of_frames();
        assert!(rest.iter().all(|frame| frame["type"] == "next"), "{rest:?}");
    });
}

/// Replies with a quote.
async fn quote(who: &Person, session: &str, quoted: &Value) -> Value {
    let document = "mutation($id: ID!, $q: ID, $k: String!) {
        sendMessage(sessionId: $id, text: \"As I said\", clientMessageId: $k, replyToId: $q) {
            userErrors { code } } }";
    who.act(document, json!({ "id": session, "q": quoted, "k": who.fresh() })).await
}

async fn rename(who: &Person, session: &str) -> Value {
    let document = "mutation($id: ID!) { renameSession(sessionId: $id, name: \"Order 7\") {
        userErrors { code } } }";
    who.act(document, json!({ "id": session })).await
}

#[test]
fn entries_are_pushed_whole_as_they_are_read_the_earlier_ones_and_those_that_come() {
    play(async |world| {
        let (ann, sue, dan) =
            (world.online("ann").await, world.online("sue").await, world.online("dan").await);
        let (app, zoe) = (world.app("Orders").await, world.client("Zoe").await);
        zoe.post("Hello").await;
        let first = ann.waiting().await;
        assert_eq!(code(&ann.reply(&first, "Good morning").await), "");
        assert_eq!(code(&ann.close(&first, None).await), "");
        zoe.post("Again").await;
        let id = ann.waiting().await;
        assert_eq!(code(&ann.claim(&id).await), "");
        let document = format!(
            "subscription($id: ID!) {{ messages(sessionId: $id, afterSeq: 0) {{ {ENTRY} }} }}"
        );
        let mut followers = Vec::new();
        for who in [&ann, &sue, &dan] {
            let socket = who.socket().await;
            let feed = socket.subscribe(&document, json!({ "id": id }));
            followers.push((who, socket, feed));
        }
        world.followed(&id, 3).await;
        zoe.post("Anybody?").await;
        let asked = ann.dialog(&id).await[6]["id"].clone();
        for done in [
            quote(&ann, &id, &asked).await,
            rename(&sue, &id).await,
            ann.create_and_bind(&id, &app, "Order 7", None).await,
            dan.note(&id, "Kind").await,
        ] {
            assert_eq!(code(&done), "", "{done}");
        }
        let document = format!(
            "query($id: ID!) {{ viewer {{ session(id: $id) {{ messages(first: 100) {{
                nodes {{ {ENTRY} }} }} }} }} }}"
        );
        for (who, _socket, mut feed) in followers {
            let data = who.get_with(&document, json!({ "id": id })).await;
            let read = data["viewer"]["session"]["messages"]["nodes"].as_array().unwrap().clone();
            assert_eq!(read.len(), 11);
            assert_eq!(feed.entries(read.len()).await, read, "{}", who.name);
        }
    });
}
