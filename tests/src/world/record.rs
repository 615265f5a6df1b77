//! Short forms of what people do with apps, items and templates.

use serde_json::{Value, json};

use super::desk::{ERRORS, code, list};
use super::{Person, SESSION, World, text};

impl World {
    /// Creates an app as the administrator, and lets Support name it. Returns its global id.
    pub async fn app(&self, name: &str) -> String {
        let ada = self.employee("ada").await;
        let payload = ada.create_app(name, "REQUEST", None).await;
        assert_eq!(code(&payload), "", "{payload}");
        let id = text(&payload["app"]["id"]);
        let named = ada.name_apps(&self.live_chat("Support").await, &[&id]).await;
        assert_eq!(code(&named), "", "{named}");
        id
    }
}

impl Person {
    /// Creates an app.
    pub async fn create_app(&self, name: &str, kind: &str, key: Option<&str>) -> Value {
        let document = format!(
            "mutation($n: String!, $t: AppKind!, $k: String) {{
                createApp(name: $n, kind: $t, idempotencyKey: $k) {{
                    app {{ id name kind }} {ERRORS} }} }}"
        );
        self.act(&document, json!({ "n": name, "t": kind, "k": key })).await
    }

    /// Sets the apps that a live chat names.
    pub async fn name_apps(&self, live_chat: &str, apps: &[&str]) -> Value {
        let document = format!(
            "mutation($l: ID!, $a: [ID!]!) {{ setLiveChatApps(liveChatId: $l, appIds: $a) {{
                liveChat {{ apps {{ id name kind }} }} {ERRORS} }} }}"
        );
        self.act(&document, json!({ "l": live_chat, "a": apps })).await
    }

    /// Creates an item and binds a session to it.
    pub async fn create_and_bind(
        &self,
        session: &str,
        app: &str,
        title: &str,
        key: Option<&str>,
    ) -> Value {
        let document = format!(
            "mutation($s: ID!, $a: ID!, $t: String!, $k: String) {{
                createAndBindItem(sessionId: $s, appId: $a, title: $t, idempotencyKey: $k) {{
                    item {{ id title app {{ id }} }}
                    session {{ ...Shown bindings {{ item {{ id title }} }} }} {ERRORS} }} }} {SESSION}"
        );
        self.act(&document, json!({ "s": session, "a": app, "t": title, "k": key })).await
    }

    /// Binds a session to an item.
    pub async fn bind(&self, session: &str, item: &str) -> Value {
        self.rebind("bindItem", session, item).await
    }

    /// Renames an app.
    pub async fn rename_app(&self, id: &str, name: &str) -> Value {
        let document = format!(
            "mutation($a: ID!, $n: String!) {{
                renameApp(appId: $a, name: $n) {{ app {{ id name kind }} {ERRORS} }} }}"
        );
        self.act(&document, json!({ "a": id, "n": name })).await
    }

    /// Unbinds a session from an item.
    pub async fn unbind(&self, session: &str, item: &str) -> Value {
        self.rebind("unbindItem", session, item).await
    }

    async fn rebind(&self, act: &str, session: &str, item: &str) -> Value {
        let document = format!(
            "mutation($s: ID!, $i: ID!) {{ {act}(sessionId: $s, itemId: $i) {{
                item {{ id title }}
                session {{ ...Shown bindings {{ item {{ id title }} }} }} {ERRORS} }} }} {SESSION}"
        );
        self.act(&document, json!({ "s": session, "i": item })).await
    }

    /// Returns the bindings of a session.
    pub async fn bindings(&self, session: &str) -> Vec<Value> {
        let document = "query($s: ID!) { viewer { session(id: $s) { bindings {
            item { id title app { id name kind } } boundAt boundBy { name } } } } }";
        let data = self.get_with(document, json!({ "s": session })).await;
        list(&data["viewer"]["session"]["bindings"])
    }

    /// Returns the items of an app that a query finds.
    pub async fn items(&self, app: &str, query: Option<&str>) -> Vec<Value> {
        let document = "query($a: ID!, $q: String) { node(id: $a) { ... on App {
            items(query: $q, first: 100) { nodes { id title } } } } }";
        let data = self.get_with(document, json!({ "a": app, "q": query })).await;
        list(&data["node"]["items"]["nodes"])
    }

    /// Creates a template.
    pub async fn create_template(
        &self,
        live_chat: &str,
        title: &str,
        text: &str,
        key: Option<&str>,
    ) -> Value {
        let document = format!(
            "mutation($l: ID!, $t: String!, $x: String!, $k: String) {{
                createTemplate(liveChatId: $l, title: $t, text: $x, idempotencyKey: $k) {{
                    template {{ id title text }} {ERRORS} }} }}"
        );
        self.act(&document, json!({ "l": live_chat, "t": title, "x": text, "k": key })).await
    }

    /// Changes a template.
    pub async fn update_template(
        &self,
        id: &str,
        title: Option<&str>,
        text: Option<&str>,
    ) -> Value {
        let document = format!(
            "mutation($t: ID!, $n: String, $x: String) {{
                updateTemplate(templateId: $t, title: $n, text: $x) {{
                    template {{ id title text }} {ERRORS} }} }}"
        );
        self.act(&document, json!({ "t": id, "n": title, "x": text })).await
    }

    /// Deletes a template.
    pub async fn delete_template(&self, id: &str) -> Value {
        let document = format!(
            "mutation($t: ID!) {{ deleteTemplate(templateId: $t) {{ deletedId {ERRORS} }} }}"
        );
        self.act(&document, json!({ "t": id })).await
    }

    /// Returns the templates of a session that a query finds, filled in.
    pub async fn templates(&self, session: &str, query: Option<&str>) -> Vec<Value> {
        let document = "query($s: ID!, $q: String) { viewer { session(id: $s) {
            templates(query: $q, first: 100) { nodes { id title text } } } } }";
        let data = self.get_with(document, json!({ "s": session, "q": query })).await;
        list(&data["viewer"]["session"]["templates"]["nodes"])
    }
}
