//! A live chat as an administrator sets it up: its name, its members at first, its pages.

use serde_json::{Value, json};
use tests::world::{code, play};

use super::{create, set};

const RENAME: &str = "renameLiveChat(liveChatId: $l, name: $x)";
const ORIGINS: &str = "setLiveChatOrigins(liveChatId: $l, origins: $x)";

#[test]
fn a_live_chat_begins_empty_and_its_creator_is_none_of_it() {
    play(async |world| {
        let ada = world.employee("ada").await;
        let made = create(&ada, "Complaints", None).await["liveChat"].clone();
        let document = "query($id: ID!) { node(id: $id) { ... on LiveChat {
            viewerRoles members { roles } apps { id } } } }";
        let seen = ada.act(document, json!({ "id": made["id"] })).await;
        assert_eq!(seen, json!({ "viewerRoles": [], "members": [], "apps": [] }));
        let kim = world.employee("kim").await;
        let seen = kim.get("{ viewer { internalLiveChats { id } } }").await;
        let places = &seen["viewer"]["internalLiveChats"];
        assert!(places.as_array().unwrap().iter().any(|one| one["id"] == made["id"]), "{places}");
    });
}

#[test]
fn its_members_and_clients_see_the_name_that_it_is_given() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.employee("ann").await);
        let (zoe, support) = (world.client("Zoe").await, world.live_chat("Support").await);
        assert_eq!(code(&set(&ada, RENAME, "String!", &support, json!("Help")).await), "");
        let seen = ann.get("{ viewer { liveChats { id name } } }").await;
        assert_eq!(seen["viewer"]["liveChats"], json!([{ "id": support, "name": "Help" }]));
        let seen = zoe.get("{ conversation { liveChat { name } } }").await;
        assert_eq!(seen["conversation"]["liveChat"]["name"], "Help");
    });
}

#[test]
fn a_session_that_was_renamed_keeps_its_name_when_its_client_writes_again() {
    play(async |world| {
        let (sue, zoe) = (world.online("sue").await, world.client("Zoe").await);
        zoe.post("Hello").await;
        let id = sue.waiting().await;
        let document = "mutation($id: ID!) { renameSession(sessionId: $id, name: \"By hand\") {
            userErrors { code } } }";
        assert_eq!(code(&sue.act(document, json!({ "id": id })).await), "");
        zoe.post("Hello?").await;
        assert_eq!(sue.session(&id).await["name"], "By hand");
    });
}

#[test]
fn only_the_very_origins_of_a_live_chat_may_carry_its_widget() {
    play(async |world| {
        let (ada, shop) = (world.employee("ada").await, "https://shop.example");
        let (support, sales) = (world.live_chat("Support").await, world.live_chat("Sales").await);
        let allow =
            async |origins: Value| set(&ada, ORIGINS, "[String!]!", &support, origins).await;
        let status = async |live_chat: &str, origin: &str| {
            let request = world.http().post(world.url("/widget/token")).header("origin", origin);
            let answer = request.json(&json!({ "liveChatId": live_chat })).send().await.unwrap();
            answer.status().as_u16()
        };
        assert_eq!(code(&allow(json!(["https://other.example", shop])).await), "");
        assert_eq!(status(&support, shop).await, 200);
        for other in [
            "http://shop.example",
            "https://shop.example:8443",
            "https://shop.example.evil.example",
            "https://evilshop.example",
            "https://sub.shop.example",
            "null",
        ] {
            assert_eq!(status(&support, other).await, 403, "{other}");
            assert_eq!(status(&sales, other).await, 200, "{other}: it is of another live chat");
        }
        for wrong in ["", "shop", "https://", "https://shop.example/path", "javascript:1"] {
            let refused = allow(json!(["https://evilshop.example", wrong])).await;
            let wanted = json!([{ "code": "INVALID", "field": ["origins"] }]);
            assert_eq!(refused["userErrors"], wanted, "{wrong}");
        }
        assert_eq!(status(&support, "https://evilshop.example").await, 403);
        assert_eq!(status(&support, shop).await, 200);
        let many = |count: usize| -> Value {
            (0..count).map(|number| format!("https://shop-{number}.example")).collect()
        };
        assert_eq!(code(&allow(many(100)).await), "");
        assert_ne!(code(&allow(many(101)).await), "");
        assert_eq!(status(&support, "https://shop-99.example").await, 200);
    });
}
