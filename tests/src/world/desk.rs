//! Short forms of what people do at the desk.
#![expect(clippy::indexing_slicing, clippy::panic, reason = "whoever calls this is a test")]

use serde_json::{Value, json};

use super::{Person, SESSION, text};

pub(super) const ERRORS: &str = "userErrors { code message field }";

/// Returns the code of a payload's first user error; empty without one.
#[must_use]
pub fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or_default()
}

/// Returns one field of each object of a list.
#[must_use]
pub fn field(list: &[Value], name: &str) -> Vec<Value> {
    list.iter().map(|object| object[name].clone()).collect()
}

/// Returns the texts of one field of each object of a list.
#[must_use]
pub fn texts(list: &[Value], name: &str) -> Vec<String> {
    list.iter().map(|object| object[name].as_str().unwrap_or_default().to_owned()).collect()
}

impl Person {
    /// Posts as a client; the message.
    pub async fn post(&self, text: &str) -> Value {
        let payload = self.post_as(text, &self.fresh(), None).await;
        assert_eq!(code(&payload), "", "{payload}");
        payload["message"].clone()
    }

    /// Posts as an internal client; the message.
    pub async fn post_to(&self, live_chat: &str, text: &str) -> Value {
        let payload = self.post_as(text, &self.fresh(), Some(live_chat)).await;
        assert_eq!(code(&payload), "", "{payload}");
        payload["message"].clone()
    }

    /// Posts a message with the given id. Returns the payload.
    pub async fn post_as(&self, text: &str, key: &str, live_chat: Option<&str>) -> Value {
        let document = format!(
            "mutation($t: String!, $k: String!, $l: ID) {{
                postMessage(liveChatId: $l, text: $t, clientMessageId: $k) {{
                    message {{ id seq text sentAt clientMessageId author {{ name viewerIsAuthor }} }}
                    {ERRORS} }} }}"
        );
        self.act(&document, json!({ "t": text, "k": key, "l": live_chat })).await
    }

    /// Returns the messages of the client's own conversation, in order.
    pub async fn conversation(&self, live_chat: Option<&str>) -> Vec<Value> {
        let document = "query($l: ID) { conversation(liveChatId: $l) { messages(first: 100) {
            nodes { id seq text author { name viewerIsAuthor } clientMessageId sentAt } } } }";
        let data = self.get_with(document, json!({ "l": live_chat })).await;
        list(&data["conversation"]["messages"]["nodes"])
    }

    /// Returns the sessions of a group of Support.
    pub async fn group(&self, group: &str) -> Vec<Value> {
        self.group_of("Support", group).await
    }

    /// Returns the sessions of a group of a live chat where the person has a role.
    pub async fn group_of(&self, live_chat: &str, group: &str) -> Vec<Value> {
        let data = self.get("{ viewer { liveChats { id name } } }").await;
        let live_chats = list(&data["viewer"]["liveChats"]);
        let found = live_chats.iter().find(|found| found["name"] == live_chat);
        let found = found.unwrap_or_else(|| panic!("{} is not of {live_chat}", self.name));
        let document = format!(
            "query($id: ID!, $g: SessionGroup!) {{ viewer {{ liveChat(id: $id) {{
                sessions(group: $g, first: 100) {{ nodes {{ ...Shown }} }} }} }} }} {SESSION}"
        );
        let data = self.get_with(&document, json!({ "id": found["id"], "g": group })).await;
        list(&data["viewer"]["liveChat"]["sessions"]["nodes"])
    }

    /// Returns the session that waits longest in Support, when one waits.
    pub async fn waiting(&self) -> String {
        let queue = self.group("QUEUE").await;
        text(&queue.first().unwrap_or_else(|| panic!("nothing waits"))["id"])
    }

    /// Returns a session as they see it; null if they may not see it.
    pub async fn session(&self, id: &str) -> Value {
        let document =
            format!("query($id: ID!) {{ viewer {{ session(id: $id) {{ ...Shown }} }} }} {SESSION}");
        self.get_with(&document, json!({ "id": id })).await["viewer"]["session"].clone()
    }

    /// Returns the dialog of a session, oldest to newest.
    pub async fn dialog(&self, id: &str) -> Vec<Value> {
        let document =
            "query($id: ID!) { viewer { session(id: $id) { messages(first: 100) { nodes {
            id seq kind text sentAt clientMessageId session { id state } channel { kind }
            author { __typename name } replyTo { seq }
            event { kind from { name } to { name } name } } } } } }";
        let data = self.get_with(document, json!({ "id": id })).await;
        list(&data["viewer"]["session"]["messages"]["nodes"])
    }

    /// Returns their counters.
    pub async fn counters(&self) -> Value {
        let document = "{ viewer { counters { id version workspaceBadge unreadSessions
            unassignedSessions queue } } }";
        self.get(document).await["viewer"]["counters"].clone()
    }

    /// Returns the badge, its two parts, and the blue counter.
    pub async fn badge(&self) -> [i64; 4] {
        badge(&self.counters().await)
    }

    /// Claims the session that waits longest.
    pub async fn claim_next(&self, key: Option<&str>) -> Value {
        let document = format!(
            "mutation($k: String) {{ claimNextSession(idempotencyKey: $k) {{
                session {{ ...Shown }} {ERRORS} }} }} {SESSION}"
        );
        self.act(&document, json!({ "k": key })).await
    }

    /// Claims a session.
    pub async fn claim(&self, id: &str) -> Value {
        let document = format!(
            "mutation($id: ID!) {{ claimSession(sessionId: $id) {{
                session {{ ...Shown }} claimedBy {{ name }} {ERRORS} }} }} {SESSION}"
        );
        self.act(&document, json!({ "id": id })).await
    }

    /// Answers the client.
    pub async fn reply(&self, id: &str, text: &str) -> Value {
        self.reply_as(id, text, &self.fresh(), None).await
    }

    /// Answers the client, with the given id and read mark.
    pub async fn reply_as(&self, id: &str, text: &str, key: &str, read: Option<i64>) -> Value {
        let document = format!(
            "mutation($id: ID!, $t: String!, $k: String!, $r: Int) {{
                sendMessage(sessionId: $id, text: $t, clientMessageId: $k, readUpToSeq: $r) {{
                    message {{ id seq text kind clientMessageId author {{ name }} }}
                    session {{ ...Shown }} claimedBy {{ name }} {ERRORS} }} }} {SESSION}"
        );
        self.act(&document, json!({ "id": id, "t": text, "k": key, "r": read })).await
    }

    /// Adds a note.
    pub async fn note(&self, id: &str, text: &str) -> Value {
        let document = format!(
            "mutation($id: ID!, $t: String!, $k: String!) {{
                addNote(sessionId: $id, text: $t, clientMessageId: $k) {{
                    message {{ id seq kind text }} session {{ ...Shown }} {ERRORS} }} }} {SESSION}"
        );
        self.act(&document, json!({ "id": id, "t": text, "k": self.fresh() })).await
    }

    /// Marks a session as read up to an entry.
    pub async fn read(&self, id: &str, seq: i64) -> Value {
        let document = format!(
            "mutation($id: ID!, $s: Int!) {{ markSessionRead(sessionId: $id, upToSeq: $s) {{
                session {{ ...Shown }} {ERRORS} }} }} {SESSION}"
        );
        self.act(&document, json!({ "id": id, "s": seq })).await
    }

    /// Assigns a session to an employee.
    pub async fn assign(&self, id: &str, employee: &str) -> Value {
        let document = format!(
            "mutation($id: ID!, $e: ID!) {{ assignSession(sessionId: $id, employeeId: $e) {{
                session {{ ...Shown }} {ERRORS} }} }} {SESSION}"
        );
        self.act(&document, json!({ "id": id, "e": employee })).await
    }

    /// Returns a session to the queue.
    pub async fn give_back(&self, id: &str, comment: Option<&str>) -> Value {
        let document = format!(
            "mutation($id: ID!, $c: String) {{ returnSession(sessionId: $id, comment: $c) {{
                session {{ ...Shown }} {ERRORS} }} }} {SESSION}"
        );
        self.act(&document, json!({ "id": id, "c": comment })).await
    }

    /// Closes a session.
    pub async fn close(&self, id: &str, last_seq: Option<i64>) -> Value {
        let document = format!(
            "mutation($id: ID!, $s: Int) {{ closeSession(sessionId: $id, lastSeq: $s) {{
                session {{ ...Shown }} {ERRORS} }} }} {SESSION}"
        );
        self.act(&document, json!({ "id": id, "s": last_seq })).await
    }

    /// Types in a session. Returns the code of the refusal.
    pub async fn types(&self, id: &str) -> String {
        let document = format!("mutation($id: ID!) {{ setTyping(sessionId: $id) {{ {ERRORS} }} }}");
        code(&self.act(&document, json!({ "id": id })).await).to_owned()
    }

    /// Types as a client. Returns the code of the refusal.
    pub async fn types_as_client(&self, live_chat: Option<&str>) -> String {
        let document =
            format!("mutation($l: ID) {{ setConversationTyping(liveChatId: $l) {{ {ERRORS} }} }}");
        code(&self.act(&document, json!({ "l": live_chat })).await).to_owned()
    }
}

/// Returns the badge, its two parts, and the blue counter.
#[must_use]
pub fn badge(counters: &Value) -> [i64; 4] {
    ["workspaceBadge", "unreadSessions", "unassignedSessions", "queue"]
        .map(|name| counters[name].as_i64().unwrap_or_else(|| panic!("{counters} has no {name}")))
}

pub(super) fn list(value: &Value) -> Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list")).clone()
}
