//! Access to sessions. An employee gets the same answer for what they may not see and for what does not exist.

mod administrator;
mod client;
mod earlier;
mod information;
mod lookup;
mod role;

use serde_json::{Value, json};
use tests::world::{Person, SESSION, World, code, play};

const NODE: &str = "query($id: ID!) { node(id: $id) { __typename id } }";
const NODES: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";

async fn node(person: &Person, id: &str) -> Value {
    person.act(NODE, json!({ "id": id })).await
}

async fn queued(world: &World) -> String {
    world.client("Zoe").await.post("Hello").await;
    world.employee("ann").await.waiting().await
}

#[test]
fn an_id_out_of_sight_is_answered_byte_for_byte_like_one_that_does_not_exist() {
    play(async |world| {
        let ann = world.online("ann").await;
        let id = queued(world).await;
        ann.claim(&id).await;
        let message = ann.dialog(&id).await[0]["id"].as_str().unwrap().to_owned();
        let client = ann.session(&id).await["client"]["id"].as_str().unwrap().to_owned();
        let live_chat = world.live_chat("Support").await;
        let counters = ann.counters().await["id"].as_str().unwrap().to_owned();
        assert_eq!(node(&ann, &id).await["__typename"], "Session");
        assert_eq!(node(&ann, &message).await["__typename"], "Message");
        assert_eq!(node(&ann, &live_chat).await["__typename"], "LiveChat");
        for (name, id) in [
            ("bob", &id),
            ("bob", &message),
            ("bob", &client),
            ("eve", &live_chat),
            ("bob", &counters),
            ("ada", &id),
            ("kim", &id),
            ("other/ann", &id),
            ("other/ann", &message),
            ("other/ann", &client),
            ("other/ann", &live_chat),
            ("other/ann", &counters),
        ] {
            let person = world.employee(name).await;
            let hidden = person.send_document(NODE, json!({ "id": id })).await;
            for nothing in ["", "nonsense", "U2Vzc2lvbjox", "\u{1F980}", &"A".repeat(5000)] {
                let missing = person.send_document(NODE, json!({ "id": nothing })).await;
                assert_eq!(
                    (hidden.status, &hidden.text),
                    (missing.status, &missing.text),
                    "{name}"
                );
            }
            let document =
                "query($id: ID!) { viewer { session(id: $id) { id } liveChat(id: $id) { id } } }";
            let hidden = person.send_document(document, json!({ "id": id })).await;
            let missing = person.send_document(document, json!({ "id": "nonsense" })).await;
            assert_eq!(hidden.text, missing.text, "{name}");
        }
    });
}

#[test]
fn nodes_come_in_the_order_asked_with_null_for_what_is_not_there() {
    play(async |world| {
        let id = queued(world).await;
        let ann = world.employee("ann").await;
        let live_chat = world.live_chat("Support").await;
        let data = ann.get_with(NODES, json!({ "ids": [live_chat, "nonsense", id] })).await;
        assert_eq!(
            data["nodes"],
            json!([
                { "__typename": "LiveChat", "id": live_chat }, null, { "__typename": "Session", "id": id },
            ])
        );
        let many = ann.send_document(NODES, json!({ "ids": vec!["x"; 101] })).await;
        assert_eq!(many.code(), "BAD_USER_INPUT");
    });
}

#[test]
fn whoever_sees_an_object_finds_it_again_by_its_id() {
    play(async |world| {
        let id = queued(world).await;
        let ann = world.employee("ann").await;
        let data = ann.get("{ viewer { id employee { id } counters { id } liveChats { id channels { id } } } }").await;
        let viewer = &data["viewer"];
        let session = ann.session(&id).await;
        for (kind, id) in [
            ("Viewer", &viewer["id"]),
            ("Employee", &viewer["employee"]["id"]),
            ("Counters", &viewer["counters"]["id"]),
            ("LiveChat", &viewer["liveChats"][0]["id"]),
            ("Channel", &viewer["liveChats"][0]["channels"][0]["id"]),
            ("Client", &session["client"]["id"]),
            ("Session", &session["id"]),
        ] {
            let found = node(&ann, id.as_str().unwrap()).await;
            assert_eq!(found, json!({ "__typename": kind, "id": id }));
        }
    });
}

#[test]
fn operators_do_not_see_sessions_assigned_to_others_and_supervisors_do() {
    play(async |world| {
        let ann = world.online("ann").await;
        let id = queued(world).await;
        for name in ["ann", "bob", "dan", "bea", "sue"] {
            assert_eq!(world.employee(name).await.session(&id).await["state"], "QUEUED", "{name}");
        }
        ann.claim(&id).await;
        for name in ["ann", "dan", "sue"] {
            assert_eq!(
                world.employee(name).await.session(&id).await["state"],
                "ASSIGNED",
                "{name}"
            );
        }
        for name in ["bob", "bea", "eve", "ada", "kim", "other/ann"] {
            assert_eq!(world.employee(name).await.session(&id).await, Value::Null, "{name}");
        }
        ann.close(&id, None).await;
        for (name, is_seen) in
            [("ann", true), ("sue", true), ("dan", true), ("bob", false), ("bea", false)]
        {
            assert_eq!(
                world.employee(name).await.session(&id).await.is_object(),
                is_seen,
                "{name}"
            );
        }
    });
}

#[test]
fn a_client_has_a_conversation_and_nothing_of_the_desk() {
    play(async |world| {
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = world.employee("ann").await.waiting().await;
        for document in [
            "{ viewer { id } }".to_owned(),
            "mutation { setPresence(presence: ONLINE) { employee { id } } }".to_owned(),
            format!("mutation {{ claimSession(sessionId: \"{id}\") {{ session {{ id }} }} }}"),
            "mutation { claimNextSession { session { id } } }".to_owned(),
        ] {
            let answer = zoe.send_document(&document, json!({})).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{document}: {}", answer.text);
        }
        assert_eq!(node(&zoe, &id).await, Value::Null);
    });
}

#[test]
fn a_clients_token_is_good_for_one_live_chat() {
    play(async |world| {
        let zoe = world.client("Zoe").await;
        let sales = world.live_chat("Sales").await;
        assert_eq!(code(&zoe.post_as("Hello", "k", Some(&sales)).await), "NOT_FOUND");
        let document = "query($l: ID) { conversation(liveChatId: $l) { id } }";
        let hidden = zoe.send_document(document, json!({ "l": sales })).await;
        let missing = zoe.send_document(document, json!({ "l": "nonsense" })).await;
        assert_eq!((hidden.code(), missing.code()), ("FORBIDDEN", "FORBIDDEN"));
        let support = world.live_chat("Support").await;
        assert_eq!(code(&zoe.post_as("Hello", "k", Some(&support)).await), "");
    });
}

#[test]
fn clients_see_their_own_conversation_only() {
    play(async |world| {
        let (zoe, yan) = (world.client("Zoe").await, world.client("Yan").await);
        zoe.post("Hello").await;
        assert!(yan.conversation(None).await.is_empty());
        let kim = world.employee("kim").await;
        assert!(kim.conversation(Some(&world.live_chat("Support").await)).await.is_empty());
        let message = zoe.conversation(None).await[0]["id"].as_str().unwrap().to_owned();
        assert_eq!(node(&yan, &message).await, Value::Null);
        assert_eq!(node(&world.employee("ann").await, &message).await, Value::Null);
    });
}

#[test]
fn administration_alone_gives_no_sight_of_sessions() {
    play(async |world| {
        let id = queued(world).await;
        let ada = world.employee("ada").await;
        let data = ada.get("{ viewer { isAdministrator liveChats { id } sessions(first: 10) { nodes { id } } } }").await;
        assert_eq!(data["viewer"]["isAdministrator"], true);
        assert_eq!(data["viewer"]["liveChats"], json!([]));
        assert_eq!(data["viewer"]["sessions"]["nodes"], json!([]));
        assert_eq!(ada.session(&id).await, Value::Null);
        assert_eq!(ada.badge().await, [0; 4]);
    });
}

#[test]
fn a_session_says_what_its_viewer_can_do() {
    play(async |world| {
        let ann = world.online("ann").await;
        let id = queued(world).await;
        let can = async |person: &Person| {
            let document =
                "query($id: ID!) { viewer { session(id: $id) { viewerCanClaim viewerCanReply
                viewerCanNote viewerCanAssign viewerCanReturn viewerCanClose viewerCanRename } } }";
            let session =
                person.get_with(document, json!({ "id": id })).await["viewer"]["session"].clone();
            let letter = |name: &str| session[format!("viewerCan{name}")].as_bool().unwrap();
            ["Claim", "Reply", "Note", "Assign", "Return", "Close", "Rename"]
                .into_iter()
                .filter(|name| letter(name))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let (sue, dan) = (world.employee("sue").await, world.employee("dan").await);
        assert_eq!(can(&ann).await, "Claim Reply");
        // Returning what is queued is no error, and nothing to offer.
        assert!(
            ["Note Assign Close Rename", "Note Assign Return Close Rename"]
                .contains(&&*can(&sue).await)
        );
        ann.claim(&id).await;
        assert_eq!(
            can(&ann).await.trim_start_matches("Claim "),
            "Reply Note Assign Return Close Rename"
        );
        assert_eq!(can(&sue).await, "Note Assign Return Close Rename");
        assert_eq!(can(&dan).await, "Note Assign Return Close Rename");
        ann.close(&id, None).await;
        assert_eq!(can(&ann).await.trim_start_matches("Close "), "Rename");
    });
}

#[test]
fn a_live_chat_shows_its_people_and_channels_to_its_members() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.employee("sue").await);
        queued(world).await;
        ann.claim_next(None).await;
        let document = "{ viewer { liveChats { name viewerRoles queueCount
            operators { employee { name presence } openSessions }
            members { employee { name } roles } channels { kind name inboundPath } } } }";
        let data = sue.get(document).await;
        let support = &data["viewer"]["liveChats"][0];
        assert_eq!(data["viewer"]["liveChats"].as_array().unwrap().len(), 1);
        assert_eq!(support["viewerRoles"], json!(["SUPERVISOR"]));
        let operators = support["operators"].as_array().unwrap();
        let find = |name: &str| operators.iter().find(|o| o["employee"]["name"] == name).cloned();
        assert_eq!(operators.len(), 4);
        assert_eq!(
            find("Ann"),
            Some(json!({
            "employee": { "name": "Ann", "presence": "ONLINE" }, "openSessions": 1 }))
        );
        assert_eq!(
            find("Bob"),
            Some(json!({
            "employee": { "name": "Bob", "presence": "OFFLINE" }, "openSessions": 0 }))
        );
        assert_eq!(support["members"].as_array().unwrap().len(), 5);
        // Where a webhook posts is for administrators.
        for channel in support["channels"].as_array().unwrap() {
            assert_eq!(channel["inboundPath"], Value::Null);
        }
    });
}

#[test]
fn another_tenants_namesake_has_a_desk_of_their_own() {
    play(async |world| {
        queued(world).await;
        let stranger = world.online("other/ann").await;
        assert!(stranger.group("QUEUE").await.is_empty());
        assert_eq!(stranger.claim_next(None).await["session"], Value::Null);
        assert_ne!(stranger.id().await, world.employee("ann").await.id().await);
        let support = world.live_chat("Support").await;
        let payload = stranger.post_as("Hello", "k", Some(&support)).await;
        assert_eq!(code(&payload), "NOT_FOUND");
        let document = format!(
            "query($id: ID!) {{ viewer {{ liveChat(id: $id) {{
            sessions(group: QUEUE, first: 5) {{ nodes {{ ...Shown }} }} }} }} }} {SESSION}"
        );
        let data = stranger.get_with(&document, json!({ "id": support })).await;
        assert_eq!(data["viewer"]["liveChat"], Value::Null);
    });
}
