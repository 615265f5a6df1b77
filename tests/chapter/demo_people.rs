//! The demo: its people and their live chats.

use serde_json::{Value, json};
use tests::world::{play, texts};

#[test]
fn everybody_has_a_name_and_one_of_them_administers() {
    play(async |world| {
        let document = "{ viewer { employee { name } isAdministrator } }";
        for (id, name) in [
            ("ann", "Ann"),
            ("bob", "Bob"),
            ("sue", "Sue"),
            ("dan", "Dan"),
            ("eve", "Eve"),
            ("bea", "Bea"),
            ("ada", "Ada"),
            ("kim", "Kim"),
            ("other/ann", "Ann"),
        ] {
            let data = world.employee(id).await.get(document).await;
            let wanted = json!({ "employee": { "name": name }, "isAdministrator": id == "ada" });
            assert_eq!(data["viewer"], wanted, "{id}");
        }
    });
}

/// The members of a live chat with their roles, by name.
fn members(live_chat: &Value) -> Vec<String> {
    let member = |one: &Value| {
        let roles = one["roles"].as_array().unwrap().iter();
        let mut roles: Vec<_> = roles.map(|role| role.as_str().unwrap()).collect();
        roles.sort_unstable();
        format!("{} {}", one["employee"]["name"].as_str().unwrap(), roles.join(" "))
    };
    let mut members: Vec<_> = live_chat["members"].as_array().unwrap().iter().map(member).collect();
    members.sort();
    members
}

/// The channels of a live chat with their paths, by kind.
fn channels(live_chat: &Value) -> Vec<String> {
    let channels = live_chat["channels"].as_array().unwrap().iter();
    let mut channels: Vec<_> = channels
        .map(|one| format!("{} {}", one["kind"].as_str().unwrap(), one["inboundPath"]))
        .collect();
    channels.sort();
    channels
}

#[test]
fn there_are_two_live_chats_with_members_and_channels_and_nothing_in_them() {
    play(async |world| {
        let document = "{ administration { apps { id } liveChats(first: 10) { nodes { name
            members { employee { name } roles } channels { kind inboundPath } apps { id } } } } }";
        let data = world.employee("ada").await.get(document).await;
        assert_eq!(data["administration"]["apps"], json!([]));
        let live_chats = data["administration"]["liveChats"]["nodes"].as_array().unwrap();
        assert_eq!(texts(live_chats, "name"), ["Sales", "Support"]);
        assert_eq!(
            members(&live_chats[0]),
            ["Bea SUPERVISOR", "Bob OPERATOR", "Dan SUPERVISOR", "Eve OPERATOR"]
        );
        assert_eq!(
            members(&live_chats[1]),
            [
                "Ann OPERATOR",
                "Bea OPERATOR",
                "Bob OPERATOR",
                "Dan OPERATOR SUPERVISOR",
                "Sue SUPERVISOR"
            ]
        );
        let webhook = "WEBHOOK \"/channels/webhook/demo-support\"";
        assert_eq!(channels(&live_chats[0]), ["INTERNAL null", "WEB null"]);
        assert_eq!(channels(&live_chats[1]), ["INTERNAL null", "WEB null", webhook]);
        let dan = world.employee("dan").await;
        for live_chat in live_chats {
            assert_eq!(live_chat["apps"], json!([]));
            for group in ["ACTIVE", "CLOSED", "QUEUE", "MY"] {
                let name = live_chat["name"].as_str().unwrap();
                assert!(dan.group_of(name, group).await.is_empty(), "{group} of {name}");
            }
        }
    });
}
