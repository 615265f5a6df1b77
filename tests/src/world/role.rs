//! The roles of people, in short.

use serde_json::json;

use super::World;
use super::desk::{ERRORS, code};

impl World {
    /// Sets the roles of a demo person in a demo live chat, as the administrator.
    pub async fn appoint(&self, name: &str, live_chat: &str, roles: &[&str]) {
        let ada = self.employee("ada").await;
        let (employee, id) =
            (self.employee(name).await.id().await, self.live_chat(live_chat).await);
        let document = format!(
            "mutation($l: ID!, $e: ID!, $r: [Role!]!) {{
                setMember(liveChatId: $l, employeeId: $e, roles: $r) {{ {ERRORS} }} }}"
        );
        let set = ada.act(&document, json!({ "l": id, "e": employee, "r": roles })).await;
        assert_eq!(code(&set), "", "{set}");
    }
}
