//! Presence as colleagues see it.

use domain::presence::LEASE_MILLIS;
use serde_json::json;
use tests::world::{PRESENCE, code, play, play_ahead};

use super::shown;

#[test]
fn a_presence_is_online_or_offline() {
    play(async |world| {
        let ann = world.online("ann").await;
        let document = "mutation { setPresence(presence: AWAY) { userErrors { code } } }";
        assert_eq!(ann.send_document(document, json!({})).await.code(), "BAD_USER_INPUT");
        assert_eq!(shown(world, "Ann").await, "ONLINE");
    });
}

#[test]
fn of_one_live_chat_the_presence_of_its_members_alone_is_told() {
    play(async |world| {
        let socket = world.employee("bob").await.socket().await;
        let sales = json!({ "liveChat": world.live_chat("Sales").await });
        let mut of_sales = socket.listen(PRESENCE, sales).await;
        let mut of_all = socket.listen(PRESENCE, json!({})).await;
        // Ann is of Support alone, and Eve of Sales.
        for name in ["ann", "eve"] {
            world.online(name).await;
        }
        for name in ["Ann", "Eve"] {
            of_all.until(|one| one["name"] == name && one["presence"] == "ONLINE").await;
        }
        let mut heard = of_sales.until(|one| one["name"] == "Eve").await;
        world.settle(&[&socket]).await;
        heard.extend(of_sales.rest());
        assert!(heard.iter().all(|one| one["name"] != "Ann"), "{heard:?}");
    });
}

#[test]
fn a_lease_that_ran_out_counts_as_offline_until_any_request() {
    play_ahead(async |world, clock| {
        let (ann, sue) = (world.online("ann").await, world.online("sue").await);
        let anns = ann.id().await;
        world.client("Zoe").await.post("Hello").await;
        let held = sue.waiting().await;
        assert_eq!(code(&ann.claim(&held).await), "");
        clock.pass(60_000);
        ann.get("{ __typename }").await;
        clock.pass(60_000);
        assert_eq!(shown(world, "Ann").await, "ONLINE", "a request renewed it");
        clock.pass(LEASE_MILLIS);
        assert_eq!(shown(world, "Ann").await, "OFFLINE");

        world.client("Yan").await.post("Hello").await;
        let waiting = sue.waiting().await;
        let refused = sue.assign(&waiting, &anns).await;
        assert_eq!(code(&refused), "OPERATOR_OFFLINE");
        assert_eq!(refused["userErrors"][0]["field"], json!(["employeeId"]));
        let session = sue.session(&held).await;
        assert_eq!(
            (&session["state"], &session["operator"]["name"]),
            (&json!("ASSIGNED"), &json!("Ann"))
        );
        ann.get("{ viewer { id } }").await;
        assert_eq!(shown(world, "Ann").await, "ONLINE");
        assert_eq!(code(&sue.assign(&waiting, &anns).await), "");
    });
}
