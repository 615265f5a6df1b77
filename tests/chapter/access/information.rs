//! The information panel of a session.

use serde_json::{Value, json};
use tests::world::{Person, code, field, play, texts};

const PANEL: &str = "query($id: ID!) { viewer { session(id: $id) {
    firstMessageAt operator { name } liveChat { name apps { id name kind } }
    client { isInternal employee { name } } viewerCanBind viewerCanRename
    bindings { item { title app { name } } }
    messages(first: 1) { nodes { sentAt } } } } }";

async fn panel(who: &Person, session: &str) -> Value {
    who.get_with(PANEL, json!({ "id": session })).await["viewer"]["session"].clone()
}

/// Returns whether the panel offers a person to bind the session, and to rename it.
async fn offered(who: &Person, session: &str) -> [bool; 2] {
    let panel = panel(who, session).await;
    ["viewerCanBind", "viewerCanRename"].map(|name| panel[name].as_bool().unwrap())
}

#[test]
fn the_panel_shows_the_apps_of_the_live_chat_and_what_is_bound_of_each() {
    play(async |world| {
        let (ada, ann, sue) =
            (world.employee("ada").await, world.online("ann").await, world.employee("sue").await);
        let people = ada.create_app("People", "ACCOUNT", None).await["app"].clone();
        let orders = ada.create_app("Orders", "REQUEST", None).await["app"].clone();
        let ids = [&people, &orders].map(|app| app["id"].as_str().unwrap());
        let support = world.live_chat("Support").await;
        assert_eq!(code(&ada.name_apps(&support, &ids).await), "");
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        assert_eq!(code(&ann.claim(&id).await), "");
        for (app, title) in [(ids[0], "Zoe's"), (ids[1], "A refund"), (ids[1], "A repair")] {
            assert_eq!(code(&ann.create_and_bind(&id, app, title, None).await), "");
        }
        for who in [&ann, &sue] {
            let panel = panel(who, &id).await;
            assert_eq!(panel["liveChat"]["name"], "Support");
            assert_eq!(panel["liveChat"]["apps"], json!([people, orders]), "{}", who.name);
            let bound = field(panel["bindings"].as_array().unwrap(), "item");
            assert_eq!(texts(&bound, "title"), ["Zoe's", "A refund", "A repair"]);
            let of = texts(&field(&bound, "app"), "name");
            assert_eq!(of, ["People", "Orders", "Orders"], "{}", who.name);
            assert_eq!(panel["client"], json!({ "isInternal": false, "employee": null }));
        }
    });
}

#[test]
fn the_panel_offers_to_bind_and_to_rename_to_whoever_may() {
    play(async |world| {
        let (ann, bob, sue) =
            (world.online("ann").await, world.employee("bob").await, world.employee("sue").await);
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        for (who, wanted) in [(&ann, [false; 2]), (&bob, [false; 2]), (&sue, [true; 2])] {
            assert_eq!(offered(who, &id).await, wanted, "queued, {}", who.name);
        }
        assert_eq!(code(&ann.claim(&id).await), "");
        for who in [&ann, &sue] {
            assert_eq!(offered(who, &id).await, [true; 2], "held, {}", who.name);
        }
        assert_eq!(code(&ann.close(&id, None).await), "");
        for who in [&ann, &sue] {
            assert_eq!(offered(who, &id).await, [true; 2], "closed, {}", who.name);
            assert_eq!(panel(who, &id).await["operator"]["name"], "Ann", "who had it then");
        }
    });
}

#[test]
fn the_date_is_of_the_sessions_own_first_message() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        let first = zoe.post("Hello").await;
        let earlier = ann.waiting().await;
        assert_eq!(code(&ann.claim(&earlier).await), "");
        assert_eq!(code(&ann.close(&earlier, None).await), "");
        let again = zoe.post("Again").await;
        let later = panel(&ann, &ann.waiting().await).await;
        assert_eq!(panel(&ann, &earlier).await["firstMessageAt"], first["sentAt"]);
        assert_eq!(later["firstMessageAt"], again["sentAt"]);
        // The history stands above it.
        let above = later["messages"]["nodes"].as_array().unwrap();
        assert_eq!(texts(above, "sentAt"), [first["sentAt"].as_str().unwrap()]);
    });
}
