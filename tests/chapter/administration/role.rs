//! Roles in a live chat, and the sessions of an operator who loses theirs.

use serde_json::{Value, json};
use tests::world::{Person, World, code, play, within};

use super::member;

/// Returns Kim's roles among the members that a payload shows.
fn of_kim(payload: &Value) -> Value {
    let members = payload["liveChat"]["members"].as_array().unwrap();
    let kim = members.iter().find(|member| member["employee"]["name"] == "Kim");
    kim.map_or_else(|| json!([]), |kim| kim["roles"].clone())
}

#[test]
fn roles_are_set_in_place_of_those_before_and_in_one_live_chat() {
    play(async |world| {
        let (ada, kim) = (world.employee("ada").await, world.employee("kim").await);
        let (support, id) = (world.live_chat("Support").await, kim.id().await);
        let steps: [&[&str]; 6] = [
            &["OPERATOR"],
            &["OPERATOR", "SUPERVISOR"],
            &["SUPERVISOR"],
            &["SUPERVISOR"],
            &[],
            &[],
        ];
        for roles in steps {
            let set = member(&ada, &support, &id, roles).await;
            assert_eq!((code(&set), of_kim(&set)), ("", json!(roles)));
            let members = set["liveChat"]["members"].as_array().unwrap().len();
            assert_eq!(members, 5 + usize::from(!roles.is_empty()));
            let seen = kim.get("{ viewer { liveChats { name viewerRoles } } }").await;
            let wanted = match roles {
                [] => json!([]),
                roles => json!([{ "name": "Support", "viewerRoles": roles }]),
            };
            assert_eq!(seen["viewer"]["liveChats"], wanted);
        }
        for nobody in [world.employee("other/ann").await.id().await.as_str(), "nobody"] {
            assert_eq!(code(&member(&ada, &support, nobody, &["OPERATOR"]).await), "NOT_FOUND");
        }
    });
}

/// Lets a new client write, and an operator claim the session.
async fn taken(world: &World, who: &Person, place: &str, client: &str) -> String {
    world.client_of(client, place).await.post("Hello").await;
    let queue = who.group_of(place, "QUEUE").await;
    let id = queue[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(code(&who.claim(&id).await), "");
    id
}

/// Waits until a session is queued.
async fn queued(world: &World, who: &Person, session: &str) {
    within("to be given back", async {
        while who.session(session).await["state"] != "QUEUED" {
            world.settle(&[]).await;
        }
    })
    .await;
}

/// Returns the operators of Support by name, with the number of their open sessions.
async fn operators(who: &Person) -> Vec<String> {
    let document = "{ viewer { liveChats { operators { employee { name } openSessions } } } }";
    let data = who.get(document).await;
    let all = data["viewer"]["liveChats"][0]["operators"].as_array().unwrap().iter();
    let one = |operator: &Value| {
        let name = operator["employee"]["name"].as_str().unwrap();
        format!("{name} {}", operator["openSessions"])
    };
    let mut all: Vec<_> = all.map(one).collect();
    all.sort();
    all
}

#[test]
fn who_leaves_keeps_what_is_elsewhere_and_sees_again_what_was_closed_when_they_come_back() {
    play(async |world| {
        let (ada, ann, bob, sue) = (
            world.employee("ada").await,
            world.online("ann").await,
            world.online("bob").await,
            world.employee("sue").await,
        );
        let (support, bobs) = (world.live_chat("Support").await, bob.id().await);
        let closed = taken(world, &bob, "Support", "Zoe").await;
        assert_eq!(code(&bob.close(&closed, None).await), "");
        let open = taken(world, &bob, "Support", "Max").await;
        let kept = taken(world, &bob, "Sales", "Yan").await;
        assert_eq!(code(&member(&ada, &support, &bobs, &[]).await), "");
        queued(world, &sue, &open).await;
        let seen = sue.session(&closed).await;
        assert_eq!((&seen["state"], &seen["operator"]["name"]), (&json!("CLOSED"), &json!("Bob")));
        for session in [&closed, &open] {
            assert_eq!(bob.session(session).await, Value::Null);
        }
        assert_eq!(bob.session(&kept).await["operator"]["name"], "Bob");
        assert!(operators(&sue).await.iter().all(|one| !one.starts_with("Bob")));
        assert_eq!(code(&ann.claim(&open).await), "");

        assert_eq!(code(&member(&ada, &support, &bobs, &["OPERATOR"]).await), "");
        assert_eq!(bob.session(&closed).await["state"], "CLOSED");
        let again = taken(world, &bob, "Support", "Xia").await;
        world.settle(&[]).await;
        assert_eq!(bob.session(&again).await["operator"]["name"], "Bob");
        let wanted = ["Ann 1", "Bea 0", "Bob 1", "Dan 0"];
        assert_eq!(operators(&sue).await, wanted);
    });
}

#[test]
fn another_role_beside_it_leaves_an_operator_their_sessions_and_gives_sight_while_it_is_held() {
    play(async |world| {
        let (ada, ann, bob) =
            (world.employee("ada").await, world.online("ann").await, world.online("bob").await);
        let (support, id) = (world.live_chat("Support").await, ann.id().await);
        let anns = taken(world, &ann, "Support", "Zoe").await;
        let bobs = taken(world, &bob, "Support", "Max").await;
        assert_eq!(ann.session(&bobs).await, Value::Null);
        let both = ["SUPERVISOR", "OPERATOR"];
        assert_eq!(code(&member(&ada, &support, &id, &both).await), "");
        assert_eq!(ann.session(&bobs).await["id"], bobs.as_str());
        assert_eq!(code(&member(&ada, &support, &id, &["OPERATOR"]).await), "");
        world.settle(&[]).await;
        assert_eq!(ann.session(&bobs).await, Value::Null);
        assert_eq!(ann.session(&anns).await["operator"]["name"], "Ann");
        // A supervisor alone has no sessions of their own.
        assert_eq!(code(&member(&ada, &support, &id, &["SUPERVISOR"]).await), "");
        queued(world, &ann, &anns).await;
        assert_eq!(code(&ann.claim(&anns).await), "FORBIDDEN");
        assert!(ann.group("MY").await.is_empty());
    });
}
