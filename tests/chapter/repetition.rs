//! Idempotency keys: what is said of one comes before what is said of the act.

mod key;

use serde_json::{Value, json};
use tests::world::{Person, World, code, play};

const ERRORS: &str = "userErrors { code field }";

/// The mutations by which an administrator creates one of each, with a key of its own.
const CREATED: [(&str, &str); 4] = [
    ("liveChat", "createLiveChat(name: \"New\", idempotencyKey: \"k1\") { liveChat { id name }"),
    ("app", "createApp(name: \"New\", kind: REQUEST, idempotencyKey: \"k2\") { app { id name }"),
    (
        "channel",
        "createChannel(liveChatId: $l, kind: WEBHOOK, name: \"New\", idempotencyKey: \"k3\") {
            channel { id name } secret",
    ),
    (
        "template",
        "createTemplate(liveChatId: $l, title: \"New\", text: \"Hello\", idempotencyKey: \"k4\") {
            template { id title }",
    ),
];

/// Does one of these in a live chat.
async fn create(who: &Person, live_chat: &str, call: &str) -> Value {
    let head = if call.contains("$l") { "mutation($l: ID!)" } else { "mutation" };
    let document = format!("{head} {{ {call} {ERRORS} }} }}");
    who.act(&document, json!({ "l": live_chat })).await
}

/// Returns the numbers of live chats, apps, channels and templates.
async fn counted(ada: &Person, live_chat: &str) -> [usize; 4] {
    let document = "query($l: ID!) {
        administration { liveChats(first: 100) { nodes { id } } apps { id } }
        node(id: $l) { ... on LiveChat { channels { id } templates(first: 100) { nodes { id } } } } }";
    let data = ada.get_with(document, json!({ "l": live_chat })).await;
    [
        &data["administration"]["liveChats"]["nodes"],
        &data["administration"]["apps"],
        &data["node"]["channels"],
        &data["node"]["templates"]["nodes"],
    ]
    .map(|list| list.as_array().unwrap().len())
}

#[test]
fn who_lost_the_right_gets_the_first_answer_cut_to_what_they_still_see() {
    play(async |world| {
        let (ada, support) = (world.employee("ada").await, world.live_chat("Support").await);
        let mut first = Vec::new();
        for (name, call) in CREATED {
            let made = create(&ada, &support, call).await;
            assert!(made[name]["id"].is_string(), "{made}");
            first.push(made);
        }
        let there = counted(&ada, &support).await;
        let former = world.administering("ada", false);
        for (name, call) in CREATED {
            let again = create(&former, &support, call).await;
            assert_eq!((code(&again), &again[name]), ("", &Value::Null), "{again}");
            assert_eq!(again["secret"], Value::Null);
            // Without the key, or with another, it is an act like any other.
            let other = create(&former, &support, &call.replace("\"k", "\"other ")).await;
            let refused = if call.contains("$l") { "NOT_FOUND" } else { "FORBIDDEN" };
            assert_eq!(code(&other), refused, "{name}");
        }
        // A member sees the channel and the template, and no secret.
        join(world, &ada, &support).await;
        for ((name, call), first) in CREATED.iter().zip(&first) {
            let again = create(&former, &support, call).await;
            let is_seen = call.contains("$l");
            assert_eq!(code(&again), "");
            assert_eq!(again[name] == first[name], is_seen, "{again}");
            assert_eq!(again["secret"], Value::Null);
        }
        for ((_, call), first) in CREATED.iter().zip(&first) {
            assert_eq!(create(&ada, &support, call).await, *first, "an administrator again");
        }
        assert_eq!(counted(&ada, &support).await, there, "nothing more was created");
    });
}

/// Makes the administrator an operator of a live chat.
async fn join(world: &World, ada: &Person, live_chat: &str) {
    let document = format!(
        "mutation($l: ID!, $e: ID!) {{
            setMember(liveChatId: $l, employeeId: $e, roles: [OPERATOR]) {{ {ERRORS} }} }}"
    );
    let me = world.employee("ada").await.id().await;
    let joined = ada.act(&document, json!({ "l": live_chat, "e": me })).await;
    assert_eq!(code(&joined), "", "{joined}");
}

#[test]
fn a_key_that_was_used_for_something_else_is_said_before_all_that_is_not_there_or_not_allowed() {
    play(async |world| {
        let (ada, support) = (world.employee("ada").await, world.live_chat("Support").await);
        for (_, call) in CREATED {
            create(&ada, &support, call).await;
        }
        let there = counted(&ada, &support).await;
        let former = world.administering("ada", false);
        for (_, call) in CREATED {
            let other = call.replace("New", "Other");
            assert_eq!(code(&create(&former, &support, &other).await), "KEY_REUSED");
            // An argument that is invalid by itself is refused first.
            let wrong = call.replace("New", " ");
            assert_eq!(code(&create(&former, &support, &wrong).await), "INVALID");
            if call.contains("$l") {
                assert_eq!(code(&create(&former, "nonsense", call).await), "KEY_REUSED");
                let unused = call.replace("\"k", "\"other ");
                assert_eq!(code(&create(&former, "nonsense", &unused).await), "NOT_FOUND");
            }
        }
        let telegram = CREATED[2].1.replace("WEBHOOK", "TELEGRAM");
        assert_eq!(code(&create(&former, &support, &telegram).await), "INVALID");
        assert_eq!(counted(&ada, &support).await, there, "nothing more was created");
    });
}

#[test]
fn so_it_is_of_sessions_that_are_taken_or_bound() {
    play(async |world| {
        let (ann, app) = (world.online("ann").await, world.app("Orders").await);
        world.client("Zoe").await.post("Hello").await;
        let next = "mutation($l: ID, $k: String) { claimNextSession(
            liveChatId: $l, idempotencyKey: $k) { session { id } userErrors { code } } }";
        let first = ann.act(next, json!({ "k": "k1" })).await;
        let session = first["session"]["id"].as_str().unwrap();
        assert_eq!(ann.act(next, json!({ "k": "k1" })).await, first);
        for live_chat in ["nonsense", session, ""] {
            let used = ann.act(next, json!({ "l": live_chat, "k": "k1" })).await;
            assert_eq!(code(&used), "KEY_REUSED", "{live_chat}");
            let unused = ann.act(next, json!({ "l": live_chat, "k": "k2" })).await;
            assert_eq!(code(&unused), "NOT_FOUND", "{live_chat}");
        }
        let made = ann.create_and_bind(session, &app, "Order 7", Some("k3")).await;
        assert_eq!(code(&made), "", "{made}");
        for (session, app) in [("nonsense", app.as_str()), (session, "nonsense")] {
            let used = ann.create_and_bind(session, app, "Order 7", Some("k3")).await;
            assert_eq!(code(&used), "KEY_REUSED");
            let unused = ann.create_and_bind(session, app, "Order 7", Some("k4")).await;
            assert_eq!(code(&unused), "NOT_FOUND");
        }
        assert_eq!(ann.create_and_bind(session, &app, "Order 7", Some("k3")).await, made);
        // The key of one person is nothing to another.
        let sue = world.online("sue").await;
        let hers = sue.create_and_bind(session, &app, "Order 8", Some("k3")).await;
        assert_eq!((code(&hers), &hers["item"]["title"]), ("", &json!("Order 8")));
    });
}
