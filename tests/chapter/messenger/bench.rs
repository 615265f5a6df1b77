//! Channels of messengers, and what the desk shows of the conversations there.

use std::time::Duration;

use serde_json::{Value, json};
use tests::world::{Feed, Person, World, code, within};

/// The document that creates a channel.
pub(super) const CREATE: &str = "mutation($l: ID!, $k: ChannelKind!, $s: ChannelSettingsInput) {
    createChannel(liveChatId: $l, kind: $k, name: \"Messenger\", settings: $s) {
        channel { id address canReply inboundPath problem { code message } } secret
        userErrors { code field message } } }";
/// The document that changes a channel.
const UPDATE: &str = "mutation($c: ID!, $e: Boolean, $s: ChannelSettingsInput) {
    updateChannel(channelId: $c, isEnabled: $e, settings: $s) {
        channel { id address canReply isEnabled problem { code message } }
        userErrors { code field message } } }";
/// The document that reads a channel.
const CHANNEL: &str = "query($id: ID!) { node(id: $id) { ... on Channel {
    kind address canReply isEnabled problem { code message since } } } }";
/// The document that reads the answers of a dialog.
pub(super) const ANSWERS: &str =
    "query($id: ID!) { viewer { session(id: $id) { messages(last: 100) { nodes {
    id seq kind text delivery { state at error { code message isRetryable } }
    author { name } event { kind aboutSeq text } replyTo { seq } } } } } }";
/// The document that reads the client and the ability to answer.
const CLIENT: &str = "query($id: ID!) { viewer { session(id: $id) { state replyUntil viewerCanReply
    client { name contacts { kind value } } channel { id kind canReply } } } }";
const QUOTE: &str = "mutation($id: ID!, $t: String!, $k: String!, $r: ID!) {
    sendMessage(sessionId: $id, text: $t, clientMessageId: $k, replyToId: $r) {
        message { id seq } userErrors { code } } }";
const RETRY: &str = "mutation($m: ID!) { retryDelivery(messageId: $m) {
    message { id delivery { state error { code } } } userErrors { code } } }";
/// The feed of a dialog with the states of its answers.
pub(super) const FOLLOW: &str = "subscription($id: ID!) { messages(sessionId: $id) {
    id seq kind delivery { state at error { code } } } }";

/// Waits until a look finds something, and returns it.
pub(super) async fn eventually<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    within(what, async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}

/// Creates a channel in Support, as the administrator. Returns the payload.
pub(super) async fn create_channel(world: &World, kind: &str, settings: Value) -> Value {
    let live_chat = world.live_chat("Support").await;
    let ada = world.employee("ada").await;
    let variables = json!({ "l": live_chat, "k": kind, "s": settings });
    ada.act(CREATE, variables).await
}

/// Changes a channel, as the administrator. Returns the payload.
pub(super) async fn update_channel(world: &World, id: &str, settings: Value) -> Value {
    let ada = world.employee("ada").await;
    ada.act(UPDATE, json!({ "c": id, "s": settings })).await
}

/// Enables or disables a channel, as the administrator.
pub(super) async fn enable(world: &World, id: &str, is_enabled: bool) {
    let ada = world.employee("ada").await;
    let done = ada.act(UPDATE, json!({ "c": id, "e": is_enabled })).await;
    assert_eq!(code(&done), "", "{done}");
    assert_eq!(done["channel"]["isEnabled"], is_enabled);
}

/// Returns a channel as a person sees it.
pub(super) async fn channel(who: &Person, id: &str) -> Value {
    who.act(CHANNEL, json!({ "id": id })).await
}

/// Waits until a client's session waits in Support, and returns it.
pub(super) async fn session_of(employee: &Person, client: &str) -> String {
    let found = async || {
        let queue = employee.group("QUEUE").await;
        let found = queue.iter().find(|session| session["client"]["name"] == client)?;
        found["id"].as_str().map(str::to_owned)
    };
    eventually(&format!("the session of {client}"), found).await
}

/// Returns a session's client, channel, and whether it takes answers.
pub(super) async fn about(employee: &Person, session: &str) -> Value {
    employee.get_with(CLIENT, json!({ "id": session })).await["viewer"]["session"].clone()
}

/// Returns the entries of a dialog.
pub(super) async fn entries(employee: &Person, session: &str) -> Vec<Value> {
    let data = employee.get_with(ANSWERS, json!({ "id": session })).await;
    data["viewer"]["session"]["messages"]["nodes"].as_array().expect("entries").clone()
}

/// Returns the answers of a dialog, in order.
pub(super) async fn answers(employee: &Person, session: &str) -> Vec<Value> {
    let entries = entries(employee, session).await;
    entries.into_iter().filter(|entry| entry["kind"] == "OPERATOR").collect()
}

/// Returns the states of the answers of a dialog, in order.
pub(super) async fn states(employee: &Person, session: &str) -> Vec<String> {
    let entries = entries(employee, session).await;
    let states = entries.iter().filter_map(|entry| entry["delivery"]["state"].as_str());
    states.map(str::to_owned).collect()
}

/// Waits until the answers of a dialog are in these states.
pub(super) async fn until(employee: &Person, session: &str, wanted: &[&str]) {
    let reached = async || (states(employee, session).await == wanted).then_some(());
    eventually(&format!("{wanted:?}"), reached).await;
}

/// Waits until the last answer of a dialog has failed, and returns its delivery.
pub(super) async fn failed(employee: &Person, session: &str) -> Value {
    let failed = async || {
        let last = answers(employee, session).await.pop()?;
        Some(last["delivery"].clone()).filter(|delivery| delivery["state"] == "FAILED")
    };
    eventually("the failure", failed).await
}

/// Waits until a dialog has so many entries, and returns them.
pub(super) async fn grown(employee: &Person, session: &str, count: usize) -> Vec<Value> {
    let grown =
        async || Some(entries(employee, session).await).filter(|entries| entries.len() >= count);
    eventually(&format!("{count} entries"), grown).await
}

/// Waits until nothing is queued for messengers.
pub(super) async fn delivered(world: &World) {
    within("the delivery", world.running.delivered()).await.expect("the queue");
}

/// Answers with success.
pub(super) async fn answer(employee: &Person, session: &str, text: &str) -> Value {
    let sent = employee.reply(session, text).await;
    assert_eq!(code(&sent), "", "{sent}");
    sent["message"].clone()
}

/// Answers with a quote of a message.
pub(super) async fn quote(employee: &Person, session: &str, text: &str, of: &Value) {
    let variables = json!({ "id": session, "t": text, "k": employee.fresh(), "r": of["id"] });
    let sent = employee.act(QUOTE, variables).await;
    assert_eq!(code(&sent), "", "{sent}");
}

/// Begins a delivery anew. Returns the payload.
pub(super) async fn retry(employee: &Person, message: &Value) -> Value {
    employee.act(RETRY, json!({ "m": message["id"] })).await
}

/// Returns the states in which an answer is pushed, up to and with a last one.
pub(super) async fn pushed(feed: &mut Feed, seq: &Value, last: &str) -> Vec<String> {
    let is_last = |entry: &Value| entry["seq"] == *seq && entry["delivery"]["state"] == last;
    let heard = feed.until(is_last).await;
    let of_it = heard.iter().filter(|entry| entry["seq"] == *seq);
    let mut states: Vec<String> =
        of_it.filter_map(|entry| entry["delivery"]["state"].as_str().map(str::to_owned)).collect();
    // A delivery is at least once.
    states.dedup();
    states
}
