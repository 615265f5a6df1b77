//! Apps: their creation, the live chats that name them, and as many as a tenant may have.

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{code, play, texts};

use super::id;

#[test]
fn a_live_chat_names_a_hundred_apps_and_all_are_shown() {
    play(async |world| {
        let (ada, support) = (world.employee("ada").await, world.live_chat("Support").await);
        let mut made = Vec::new();
        for number in 0..100 {
            let app = ada.create_app(&format!("App {number}"), "REQUEST", None).await;
            assert_eq!(code(&app), "", "{app}");
            made.push(app["app"]["id"].as_str().unwrap().to_owned());
        }
        let ids: Vec<&str> = made.iter().map(String::as_str).collect();
        let named = ada.name_apps(&support, &ids).await;
        assert_eq!(code(&named), "");
        let mut shown = texts(named["liveChat"]["apps"].as_array().unwrap(), "id");
        let all = ada.get("{ administration { apps { id } } }").await;
        let mut listed = texts(all["administration"]["apps"].as_array().unwrap(), "id");
        for list in [&mut made, &mut shown, &mut listed] {
            list.sort();
        }
        assert_eq!((&shown, &listed), (&made, &made));
    });
}

#[test]
fn administrators_create_apps_and_a_live_chat_names_those_that_can_be_bound() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.employee("ann").await);
        let support = world.live_chat("Support").await;
        let orders = ada.create_app(" Orders ", "REQUEST", None).await["app"].clone();
        assert_eq!((&orders["name"], &orders["kind"]), (&json!("Orders"), &json!("REQUEST")));
        let people = ada.create_app("People", "ACCOUNT", None).await["app"].clone();
        // Until a live chat names it, an app exists for nobody at the desk.
        let node = "query($id: ID!) { node(id: $id) { __typename id } }";
        assert_eq!(ann.act(node, json!({ "id": orders["id"] })).await, Value::Null);
        assert_eq!(ada.act(node, json!({ "id": orders["id"] })).await["__typename"], "App");
        let both = [&*id(&people), &*id(&orders), &*id(&people)];
        let named = ada.name_apps(&support, &both).await;
        assert_eq!(
            texts(named["liveChat"]["apps"].as_array().unwrap(), "name"),
            ["People", "Orders"]
        );
        assert_eq!(ann.act(node, json!({ "id": orders["id"] })).await["__typename"], "App");
        let eve = world.employee("eve").await;
        assert_eq!(eve.act(node, json!({ "id": orders["id"] })).await, Value::Null);
        let other = world.employee("other/ann").await;
        assert_eq!(other.act(node, json!({ "id": orders["id"] })).await, Value::Null);
        let all = ada.get("{ administration { apps { name } } }").await;
        let mut all = texts(all["administration"]["apps"].as_array().unwrap(), "name");
        all.sort();
        assert_eq!(all, ["Orders", "People"]);
        let none = ada.name_apps(&support, &[]).await;
        assert_eq!(none["liveChat"]["apps"], json!([]));
    });
}

#[test]
fn an_administrator_renames_an_app_and_everybody_sees_it() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.employee("ann").await);
        let (support, eve) = (world.live_chat("Support").await, world.employee("eve").await);
        let app = world.app("Orders").await;
        assert_eq!(code(&ann.rename_app(&app, "Mine").await), "FORBIDDEN");
        assert_eq!(code(&eve.rename_app(&app, "Mine").await), "NOT_FOUND");
        assert_eq!(code(&ada.rename_app(&app, " ").await), "INVALID");
        assert_eq!(code(&ada.rename_app(&support, "Mine").await), "NOT_FOUND");
        let other = world.employee("other/ann").await;
        assert_eq!(code(&other.rename_app(&app, "Mine").await), "NOT_FOUND");
        let renamed = ada.rename_app(&app, " Parcels ").await;
        assert_eq!((code(&renamed), &renamed["app"]["name"]), ("", &json!("Parcels")));
        let node = "query($id: ID!) { node(id: $id) { ... on App { name } } }";
        assert_eq!(ann.act(node, json!({ "id": app })).await["name"], "Parcels");
    });
}

#[test]
fn only_administrators_create_apps_and_name_them() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.employee("ann").await);
        let support = world.live_chat("Support").await;
        let sales = world.live_chat("Sales").await;
        let app = world.app("Orders").await;
        assert_eq!(code(&ann.create_app("Mine", "ACCOUNT", None).await), "FORBIDDEN");
        assert_eq!(code(&ann.create_app(" ", "ACCOUNT", None).await), "INVALID");
        assert_eq!(code(&ann.name_apps(&support, &[&app]).await), "FORBIDDEN");
        // A live chat in which an employee has no role does not exist for them.
        assert_eq!(code(&ann.name_apps(&sales, &[&app]).await), "NOT_FOUND");
        assert_eq!(code(&ada.name_apps(&support, &[&app, &support]).await), "NOT_FOUND");
        let other = world.employee("other/ann").await;
        assert_eq!(code(&other.name_apps(&support, &[&app]).await), "NOT_FOUND");
        assert_eq!(code(&ada.create_app(&"x".repeat(201), "ACCOUNT", None).await), "INVALID");
    });
}

#[test]
fn the_same_key_creates_one_app_and_there_are_a_hundred_at_most() {
    play(async |world| {
        let ada = world.employee("ada").await;
        let first = ada.create_app("Orders", "REQUEST", Some("k")).await;
        let again = ada.create_app("Orders", "REQUEST", Some("k")).await;
        assert_eq!(first["app"], again["app"]);
        assert_eq!(code(&ada.create_app("Other", "REQUEST", Some("k")).await), "KEY_REUSED");
        let more = join_all((0..104).map(|number| {
            let ada = ada.clone();
            async move { ada.create_app(&format!("App {number}"), "REQUEST", None).await }
        }));
        let more = more.await;
        let made = more.iter().filter(|payload| code(payload).is_empty()).count();
        let refused = more.iter().filter(|payload| code(payload) == "LIMIT").count();
        assert_eq!((made, refused), (99, 5));
    });
}
