//! Access of administrators: they see no session, except by their roles.

use serde_json::{Value, json};
use tests::world::{ALERTS, Person, SESSIONS, code, play, texts};

/// Returns the number of sessions that a person finds by the name that all of them share.
async fn found(who: &Person) -> usize {
    let document = "{ viewer { searchSessions(query: \"zoe\", first: 100) { nodes { id } } } }";
    let data = who.get(document).await;
    data["viewer"]["searchSessions"]["nodes"].as_array().unwrap().len()
}

#[test]
fn an_administrator_finds_and_hears_nothing_of_sessions_in_whatever_state() {
    play(async |world| {
        let (ann, ada) = (world.online("ann").await, world.online("ada").await);
        let socket = ada.socket().await;
        let mut changes = socket.subscribe(SESSIONS, json!({}));
        assert_eq!(changes.next().await["kind"], "READY");
        let mut alerts = socket.listen(ALERTS, json!({})).await;
        for name in ["Zoe the first", "Zoe the second", "Zoe the third"] {
            world.client(name).await.post("Hello").await;
        }
        let closed = ann.waiting().await;
        assert_eq!(code(&ann.claim(&closed).await), "");
        assert_eq!(code(&ann.close(&closed, None).await), "");
        assert_eq!(code(&ann.claim_next(None).await), "");
        world.settle(&[&socket]).await;

        assert_eq!(found(&world.employee("sue").await).await, 3);
        assert_eq!(found(&ada).await, 0);
        for group in ["ACTIVE", "CLOSED", "QUEUE", "MY"] {
            let document = format!(
                "{{ administration {{ liveChats(first: 10) {{ nodes {{ name viewerRoles
                    sessions(group: {group}, first: 10) {{ nodes {{ id }} }} }} }} }} }}"
            );
            let data = ada.get(&document).await;
            let live_chats = data["administration"]["liveChats"]["nodes"].as_array().unwrap();
            assert_eq!(texts(live_chats, "name"), ["Sales", "Support"]);
            for live_chat in live_chats {
                assert_eq!(live_chat["viewerRoles"], json!([]));
                assert_eq!(live_chat["sessions"]["nodes"], json!([]), "{group}");
            }
        }
        let told = changes.rest();
        assert!(told.iter().all(|change| change["kind"] == "READY"), "{told:?}");
        assert!(alerts.rest().is_empty());
    });
}

#[test]
fn an_administrator_may_have_roles_too_and_sees_what_these_give() {
    play(async |world| {
        let ada = world.online("ada").await;
        world.client("Zoe").await.post("Hello").await;
        world.appoint("ada", "Support", &["OPERATOR"]).await;
        let id = ada.waiting().await;
        assert_eq!(code(&ada.claim(&id).await), "");
        assert_eq!(ada.session(&id).await["operator"]["name"], "Ada");
        world.appoint("ada", "Support", &[]).await;
        assert_eq!(ada.session(&id).await, Value::Null);
        let node = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(ada.act(node, json!({ "id": id })).await, Value::Null);
    });
}
