//! Bounds of documents: one within them is executed whole, one beyond them not at all.

use std::collections::BTreeSet;

use serde_json::json;
use tests::world::{code, play};

/// Everything that a page shows of a session in a list.
const LISTED: &str = "id version name state isNew unreadCount viewerReadSeq firstMessageAt
    lastMessageAt waitingSince closedAt liveChat { id name } operator { id name presence }
    client { id name isInternal employee { id } contacts { kind value } } channel { id kind name }
    preview { kind authorName text sentAt channel { id kind } }
    viewerCanClaim viewerCanReply viewerCanNote viewerCanAssign viewerCanReturn viewerCanClose
    viewerCanRename viewerCanBind";
/// Everything that a page shows of an entry.
const ENTRY: &str = "id seq kind text sentAt clientMessageId session { id }
    author { __typename name } channel { id kind } replyTo { id text author { name } }
    event { kind name from { id name } to { id name } item { id title } }";

#[test]
fn a_mutation_that_asks_for_too_much_does_nothing() {
    play(async |world| {
        let sue = world.online("sue").await;
        let calls: String = (0..200)
            .map(|n| format!("a{n}: setPresence(presence: OFFLINE) {{ employee {{ id }} }} "))
            .collect();
        let answer = sue.send_document(&format!("mutation {{ {calls} }}"), json!({})).await;
        assert_eq!(answer.code(), "TOO_COMPLEX");
        let data = sue.get("{ viewer { employee { presence } } }").await;
        assert_eq!(data["viewer"]["employee"]["presence"], "ONLINE");
    });
}

#[test]
fn pages_of_a_hundred_in_each_other_are_too_much() {
    play(async |world| {
        let ann = world.employee("ann").await;
        let nested = |times: usize| {
            let open = "sessions(first: 100) { nodes { id client { ".repeat(times);
            format!("{{ viewer {{ {open} id {} }} }}", "} } } ".repeat(times))
        };
        assert_eq!(ann.send_document(&nested(1), json!({})).await.code(), "");
        assert_eq!(ann.send_document(&nested(3), json!({})).await.code(), "TOO_COMPLEX");
    });
}

#[test]
fn a_page_may_ask_for_a_whole_desk_or_for_a_whole_session_at_once() {
    play(async |world| {
        let ann = world.online("ann").await;
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        assert_eq!(code(&ann.reply(&id, "Hi").await), "");
        let groups: String = ["ACTIVE", "CLOSED", "QUEUE", "MY"]
            .map(|group| {
                format!(
                    "{group}: sessions(group: {group}, first: 50) {{ nodes {{ {LISTED} }}
                        pageInfo {{ hasNextPage endCursor }} }} "
                )
            })
            .concat();
        let desk = format!(
            "query($id: ID!) {{ viewer {{ id employee {{ id name presence }} isAdministrator
                counters {{ id version workspaceBadge unreadSessions unassignedSessions queue
                    liveChats {{ id queueCount }} }}
                liveChats {{ id name viewerRoles queueCount }} liveChat(id: $id) {{ id {groups} }}
            }} }}"
        );
        let live_chat = world.live_chat("Support").await;
        let data = ann.get_with(&desk, json!({ "id": live_chat })).await;
        assert_eq!(data["viewer"]["liveChat"]["MY"]["nodes"][0]["id"], id.as_str());
        let session = format!(
            "query($id: ID!) {{ viewer {{ session(id: $id) {{ {LISTED}
                messages(last: 100) {{ edges {{ cursor node {{ {ENTRY} }} }} nodes {{ {ENTRY} }}
                    pageInfo {{ hasPreviousPage hasNextPage startCursor endCursor }} }}
                bindings {{ item {{ id title app {{ id }} }} boundAt boundBy {{ id name }} }}
                liveChat {{ id apps {{ id name kind }}
                    operators {{ openSessions employee {{ id name presence }} }} }}
                templates(first: 50) {{ nodes {{ id title text }} }} }} }} }}"
        );
        let data = ann.get_with(&session, json!({ "id": id })).await;
        assert_eq!(data["viewer"]["session"]["messages"]["nodes"][0]["text"], "Hello");
    });
}

#[test]
fn each_error_has_a_code_and_a_request_id_of_its_own() {
    play(async |world| {
        let kim = world.employee("kim").await;
        let mut ids = BTreeSet::new();
        let wrong = [
            ("{ administration { apps { id } } }", "FORBIDDEN"),
            ("{ nothing }", "BAD_USER_INPUT"),
            ("{ viewer { sessions(first: 101) { nodes { id } } } }", "BAD_USER_INPUT"),
            ("{ viewer { sessions(first: 0) { nodes { id } } } }", "BAD_USER_INPUT"),
        ];
        for (document, code) in wrong {
            let answer = kim.send_document(document, json!({})).await;
            assert_eq!(answer.code(), code, "{document}");
            let id = answer.body["errors"][0]["extensions"]["requestId"].as_str();
            assert!(ids.insert(id.expect("an id").to_owned()), "{ids:?}");
        }
    });
}
