//! Many answers through a channel whose other end fails in every way.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use futures::future::join_all;
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tests::world::{World, code, play, signature};
use tokio::time::timeout;

use super::bench::{create_channel, entries};
use super::raw::{Call, Receiver, Reply};

const CONVERSATIONS: usize = 100;
/// The answers in each conversation.
const ANSWERS: usize = 10;
/// One in so many conversations is gone for good.
const GONE: usize = 20;
/// The statuses that the other system has for those.
const FINAL: [u16; 5] = [400, 403, 404, 409, 422];
/// The number of calls for an answer that may fail: the next one passes.
const MOST_FAILURES: usize = 3;
/// Decides which calls fail.
const SEED: u64 = 1;
/// The number of people who write at once.
const AT_ONCE: usize = 8;
/// The longest time until the last answer has left.
const LIMIT: Duration = Duration::from_secs(180);

/// The document that sends an answer, and asks for little.
const SEND: &str = "mutation($id: ID!, $t: String!) {
    sendMessage(sessionId: $id, text: $t, clientMessageId: $t) { userErrors { code } } }";

/// Returns the client with this number.
fn client(number: usize) -> String {
    format!("client-{number:03}")
}

/// Returns the texts of the answers to a client, in order.
fn texts(client: &str) -> Vec<String> {
    (1..=ANSWERS).map(|number| format!("Answer {number} to {client}")).collect()
}

/// Returns the status for a client who is gone for good; none for the others.
fn gone(client: &str) -> Option<u16> {
    let number: usize = client.rsplit('-').next().and_then(|number| number.parse().ok())?;
    number.is_multiple_of(GONE).then(|| FINAL[number / GONE % FINAL.len()])
}

/// Decides on a call: of those to people who are there, 5 % fail or are answered late in each way.
fn script(call: &Call) -> Reply {
    if let Some(status) = gone(call.to()) {
        return Reply::Status(status, None);
    }
    let digest = Sha256::digest(format!("{SEED} {} {}", call.text(), call.before));
    let chance = u16::from_be_bytes([digest[0], digest[1]]) % 100;
    match chance {
        0..25 if call.before == MOST_FAILURES => Reply::Status(200, None),
        0..5 => Reply::Status(500, None),
        5..10 => Reply::Status(429, Some(1)),
        10..15 => Reply::Status(503, None),
        15..20 => Reply::Nothing,
        20..25 => Reply::Lost,
        25..30 => Reply::Late,
        30..60 => Reply::Status(202, None),
        _ => Reply::Status(204, None),
    }
}

/// Returns true if nothing follows such a call.
fn is_last(reply: Reply) -> bool {
    matches!(reply, Reply::Late | Reply::Status(200..=299 | 400..=428, _))
}

/// Lets everybody write through the channel.
async fn write(world: &World, created: &Value) {
    let path = created["channel"]["inboundPath"].as_str().expect("a path");
    let channel = path.rsplit('/').next().expect("an id");
    let secret = created["secret"].as_str().expect("a secret");
    let write = |number: usize| async move {
        let client = client(number);
        let from = json!({ "id": client, "name": client });
        let body = json!({ "messageId": client, "from": from, "text": "Hello" }).to_string();
        let signed = signature(secret, &body);
        let (status, answer) = world.webhook_raw(channel, body, Some(signed)).await;
        assert_eq!(status, 200, "{answer}");
    };
    stream::iter(0..CONVERSATIONS).for_each_concurrent(AT_ONCE, write).await;
}

/// Checks the calls of a conversation: what was taken, and what was repeated.
fn check(client: &str, calls: &[Call]) {
    let mut order: Vec<&str> = Vec::new();
    let mut ids = HashSet::new();
    for (call, next) in calls.iter().zip(calls.iter().skip(1).map(Some).chain([None])) {
        assert_eq!(call.message["deliveryId"], call.id);
        if ids.insert(&call.id) {
            order.push(call.text());
        }
        let is_repeated = next.is_some_and(|next| next.id == call.id);
        assert_eq!(is_repeated, !is_last(call.reply), "{client}: {call:?} {next:?}");
    }
    // No call of another id came between, or this would be longer.
    assert_eq!(order, texts(client), "{client}");
    let mut taken: Vec<&str> =
        calls.iter().filter(|call| call.reply.is_taken()).map(Call::text).collect();
    taken.dedup();
    let expected = if gone(client).is_some() { Vec::new() } else { texts(client) };
    assert_eq!(taken, expected, "{client}");
}

#[test]
fn a_thousand_answers_leave_in_order_and_end_as_they_should_though_a_quarter_of_the_calls_fails() {
    play(async |world| {
        let receiver = Receiver::start(script).await;
        let settings = json!({ "webhook": { "replyUrl": receiver.url } });
        let created = create_channel(world, "WEBHOOK", settings).await;
        assert_eq!(code(&created), "", "{created}");
        write(world, &created).await;

        let operators =
            [world.online("ann").await, world.online("bob").await, world.online("bea").await];
        let mut sessions = BTreeMap::new();
        for session in operators[0].group("QUEUE").await {
            let text = |name: &str| session[name].as_str().expect("a text").to_owned();
            sessions.insert(text("name"), text("id"));
        }
        assert_eq!(sessions.len(), CONVERSATIONS);
        let operator = |place: usize| &operators[place % operators.len()];
        let answers = (0..operators.len()).map(|first| {
            let theirs: Vec<_> = sessions.iter().skip(first).step_by(operators.len()).collect();
            let operator = &operator;
            async move {
                for (client, id) in theirs {
                    for text in texts(client) {
                        let variables = json!({ "id": id, "t": text });
                        let sent = operator(first).act(SEND, variables).await;
                        assert_eq!(code(&sent), "", "{client}: {sent}");
                    }
                }
            }
        });
        join_all(answers).await;
        let delivered = timeout(LIMIT, world.running.delivered()).await;
        delivered.expect("it ends in time").expect("the queue");
        assert!(world.running.queue().dead().await.expect("the queue").is_empty());

        let mut calls: HashMap<String, Vec<Call>> = HashMap::new();
        for call in receiver.calls() {
            calls.entry(call.to().to_owned()).or_default().push(call);
        }
        assert_eq!(calls.len(), CONVERSATIONS);
        for (client, calls) in &calls {
            check(client, calls);
        }
        for (place, (client, id)) in sessions.iter().enumerate() {
            let entries = entries(operator(place), id).await;
            let answers = entries.iter().filter(|entry| entry["kind"] == "OPERATOR");
            let (state, error) = match gone(client) {
                Some(_) => (json!("FAILED"), json!("REJECTED")),
                None => (json!("SENT"), Value::Null),
            };
            let mut shown = Vec::new();
            for answer in answers {
                let delivery = &answer["delivery"];
                assert_eq!((&delivery["state"], &delivery["error"]["code"]), (&state, &error));
                shown.push(answer["text"].as_str().expect("a text").to_owned());
            }
            assert_eq!(shown, texts(client), "in the order of seq");
        }
    });
}
