//! The way of an answer to the client: a channel without a way out takes none, and of the others the
//! desk sees how far they have come.

use serde_json::{Value, json};
use tests::world::{Feed, Person, World, code, play};

const FOLLOW: &str = "subscription($id: ID!) { messages(sessionId: $id) {
    id seq kind delivery { state at error { code } } } }";
const DELIVERIES: &str =
    "query($id: ID!) { viewer { session(id: $id) { messages(last: 50) { nodes {
    id seq kind sentAt delivery { state at error { code message isRetryable } } } } } } }";

/// Reads the entries of a dialog with their deliveries.
async fn deliveries(employee: &Person, session: &str) -> Vec<Value> {
    let data = employee.get_with(DELIVERIES, json!({ "id": session })).await;
    data["viewer"]["session"]["messages"]["nodes"].as_array().unwrap().clone()
}

/// Marks a conversation as read up to a message, by its client, and returns the refusal.
async fn sees(client: &Person, up_to: i64, live_chat: Option<&str>) -> String {
    let document = "mutation($l: ID, $s: Int!) {
        markConversationRead(liveChatId: $l, upToSeq: $s) { userErrors { code } } }";
    let done = client.act(document, json!({ "l": live_chat, "s": up_to })).await;
    code(&done).to_owned()
}

/// Returns the states of the answers in a dialog, in order.
fn states(entries: &[Value]) -> Vec<&str> {
    entries.iter().filter_map(|entry| entry["delivery"]["state"].as_str()).collect()
}

/// Returns the next push of an answer in this state.
async fn pushed(feed: &mut Feed, seq: i64, state: &str) -> Value {
    let is_it =
        |entry: &Value| entry["seq"] == seq && entry["delivery"]["state"].as_str() == Some(state);
    feed.until(is_it).await.pop().unwrap()
}

/// Ann has a session of Zoe's, who wrote in a web page.
async fn claimed(world: &World) -> (Person, Person, String) {
    let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
    zoe.post("Hello").await;
    let id = ann.waiting().await;
    ann.claim(&id).await;
    (ann, zoe, id)
}

#[test]
fn a_channel_without_a_way_out_says_so_and_takes_no_answer() {
    play(async |world| {
        let message = json!({ "messageId": "1", "from": { "id": "49" }, "text": "Hello" });
        assert_eq!(world.webhook(&message).await.0, 200);
        let ann = world.online("ann").await;
        let id = ann.waiting().await;
        let document = "query($id: ID!) { viewer { session(id: $id) {
            viewerCanReply viewerCanClaim viewerCanNote state channel { kind canReply } } } }";
        let read = async || ann.get_with(document, json!({ "id": id })).await;
        let queued = read().await["viewer"]["session"].clone();
        assert_eq!(queued["channel"], json!({ "kind": "WEBHOOK", "canReply": false }));
        assert_eq!(
            (&queued["viewerCanReply"], &queued["viewerCanClaim"]),
            (&json!(false), &json!(true))
        );
        // An answer would have claimed it: nothing of it happens.
        assert_eq!(code(&ann.reply(&id, "Hi").await), "CANNOT_DELIVER");
        assert_eq!(read().await["viewer"]["session"]["state"], "QUEUED");
        ann.claim(&id).await;
        assert_eq!(code(&ann.reply(&id, "Hi").await), "CANNOT_DELIVER");
        let entries = deliveries(&ann, &id).await;
        assert_eq!(
            entries.iter().map(|entry| &entry["kind"]).collect::<Vec<_>>(),
            ["CLIENT", "EVENT"]
        );
        assert!(entries.iter().all(|entry| entry["delivery"].is_null()), "{entries:?}");
        let held = read().await["viewer"]["session"].clone();
        assert_eq!(
            (&held["viewerCanReply"], &held["viewerCanNote"]),
            (&json!(false), &json!(true))
        );
        assert_eq!(code(&ann.note(&id, "Nobody can answer").await), "");
    });
}

#[test]
fn the_reasons_before_it_come_first() {
    play(async |world| {
        let message = json!({ "messageId": "1", "from": { "id": "49" }, "text": "Hello" });
        world.webhook(&message).await;
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        let id = ann.waiting().await;
        ann.presence("OFFLINE").await;
        assert_eq!(code(&ann.reply(&id, "Hi").await), "OPERATOR_OFFLINE");
        ann.presence("ONLINE").await;
        bob.claim(&id).await;
        assert_eq!(code(&ann.reply(&id, "Hi").await), "ALREADY_CLAIMED");
        bob.close(&id, None).await;
        assert_eq!(code(&bob.reply(&id, "Hi").await), "SESSION_CLOSED");
    });
}

#[test]
fn an_answer_in_a_web_page_is_sent_at_once_and_read_when_the_client_says_so() {
    play(async |world| {
        let (ann, zoe, id) = claimed(world).await;
        let socket = ann.socket().await;
        let mut feed = socket.subscribe(FOLLOW, json!({ "id": id }));
        world.followed(&id, 1).await;
        ann.reply(&id, "One").await;
        ann.reply(&id, "Two").await;
        let entries = deliveries(&ann, &id).await;
        assert_eq!(states(&entries), ["SENT", "SENT"]);
        assert_eq!(entries[2]["delivery"]["at"], entries[2]["sentAt"]);
        assert!(entries[2]["delivery"]["error"].is_null());
        pushed(&mut feed, 4, "SENT").await;

        // The client counts their own message and the two answers.
        assert_eq!(sees(&zoe, 2, None).await, "");
        let again = pushed(&mut feed, 3, "READ").await;
        assert_eq!(again["id"], entries[2]["id"]);
        assert_eq!(states(&deliveries(&ann, &id).await), ["READ", "SENT"]);
        assert_eq!(sees(&zoe, 3, None).await, "");
        pushed(&mut feed, 4, "READ").await;
        assert_eq!(sees(&zoe, 1, None).await, "", "a mark never moves back");
        let entries = deliveries(&ann, &id).await;
        assert_eq!(states(&entries), ["READ", "READ"]);
        assert!(entries[3]["delivery"]["at"].as_str() >= entries[3]["sentAt"].as_str());
        assert!(entries[0]["delivery"].is_null(), "of the client's own message");
    });
}

#[test]
fn a_client_marks_what_is_there_and_only_their_own() {
    play(async |world| {
        let (ann, zoe, id) = claimed(world).await;
        ann.reply(&id, "One").await;
        assert_eq!(sees(&zoe, 3, None).await, "INVALID");
        assert_eq!(sees(&zoe, -1, None).await, "INVALID");
        assert_eq!(sees(&zoe, 0, None).await, "");
        assert_eq!(states(&deliveries(&ann, &id).await), ["SENT"]);
        let support = world.live_chat("Support").await;
        let sales = world.live_chat("Sales").await;
        assert_eq!(sees(&zoe, 1, Some(&sales)).await, "NOT_FOUND");
        // Somebody who never wrote has nothing to see, and Ann's own conversation is another one.
        assert_eq!(sees(&world.client("Leo").await, 1, None).await, "NOT_FOUND");
        assert_eq!(sees(&ann, 2, Some(&support)).await, "NOT_FOUND");
        assert_eq!(states(&deliveries(&ann, &id).await), ["SENT"]);
    });
}

#[test]
fn an_internal_client_says_what_they_have_read_as_well() {
    play(async |world| {
        let (kim, ann) = (world.employee("kim").await, world.online("ann").await);
        let support = world.live_chat("Support").await;
        kim.post_to(&support, "My screen").await;
        let id = ann.waiting().await;
        ann.reply(&id, "Is it on?").await;
        assert_eq!(states(&deliveries(&ann, &id).await), ["SENT"]);
        assert_eq!(sees(&kim, 2, Some(&support)).await, "");
        assert_eq!(states(&deliveries(&ann, &id).await), ["READ"]);
    });
}

#[test]
fn an_earlier_session_s_answers_are_pushed_as_read_to_those_who_follow_it() {
    play(async |world| {
        let (ann, zoe, first) = claimed(world).await;
        ann.reply(&first, "One").await;
        ann.close(&first, None).await;
        zoe.post("Again").await;
        let second = ann.waiting().await;
        ann.claim(&second).await;
        ann.reply(&second, "Two").await;
        let socket = ann.socket().await;
        let mut of_first = socket.subscribe(FOLLOW, json!({ "id": first }));
        let mut of_second = socket.subscribe(FOLLOW, json!({ "id": second }));
        world.followed(&second, 2).await;
        let last = deliveries(&ann, &second).await.last().unwrap()["seq"].as_i64().unwrap();
        assert_eq!(sees(&zoe, 4, None).await, "");
        pushed(&mut of_second, 3, "READ").await;
        pushed(&mut of_second, last, "READ").await;
        pushed(&mut of_first, 3, "READ").await;
        world.settle(&[&socket]).await;
        assert!(of_first.rest().iter().all(|entry| entry["seq"].as_i64() <= Some(4)));
    });
}
