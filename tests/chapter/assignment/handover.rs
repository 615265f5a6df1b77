//! Sessions that change hands: assignments to another operator, and returns to the queue.

use serde_json::{Value, json};
use tests::world::{code, play, texts};

#[test]
fn an_operator_hands_their_own_session_over_and_it_leaves_their_sight() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        let given = ann.assign(&id, &bob.id().await).await;
        assert_eq!((code(&given), &given["session"]), ("", &Value::Null));
        assert_eq!(ann.session(&id).await, Value::Null);
        assert!(ann.group("MY").await.is_empty());
        let theirs = bob.session(&id).await;
        assert_eq!(theirs["operator"]["name"], "Bob");
        assert_eq!(theirs["unreadCount"], 1);
        let event = &bob.dialog(&id).await[2]["event"];
        assert_eq!(
            *event,
            json!({
                "kind": "ASSIGNED", "from": { "name": "Ann" }, "to": { "name": "Bob" }, "name": null,
            })
        );
        // To who has it: nothing changes and it is no error.
        let again = bob.assign(&id, &bob.id().await).await;
        assert_eq!(
            (code(&again), again["session"]["version"].clone()),
            ("", theirs["version"].clone())
        );
    });
}

#[test]
fn a_supervisor_assigns_any_session_queued_ones_too() {
    play(async |world| {
        let (sue, ann, bob) =
            (world.online("sue").await, world.online("ann").await, world.online("bob").await);
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        let given = sue.assign(&id, &ann.id().await).await;
        assert_eq!((code(&given), &given["session"]["operator"]["name"]), ("", &json!("Ann")));
        let given = sue.assign(&id, &bob.id().await).await;
        assert_eq!((code(&given), &given["session"]["operator"]["name"]), ("", &json!("Bob")));
        assert_eq!(ann.session(&id).await, Value::Null);
    });
}

#[test]
fn assigning_is_refused_to_who_is_offline_or_no_operator_there() {
    play(async |world| {
        let ann = world.online("ann").await;
        for name in ["eve", "sue"] {
            world.online(name).await;
        }
        let bob = world.employee("bob").await;
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        for (name, wanted) in
            [("bob", "OPERATOR_OFFLINE"), ("eve", "NOT_AN_OPERATOR"), ("sue", "NOT_AN_OPERATOR")]
        {
            let refused = ann.assign(&id, &world.employee(name).await.id().await).await;
            assert_eq!(code(&refused), wanted, "{name}");
            assert_eq!(refused["userErrors"][0]["field"], json!(["employeeId"]), "{name}");
        }
        let stranger = world.employee("other/ann").await.id().await;
        for nobody in [stranger.as_str(), "nonsense"] {
            let refused = ann.assign(&id, nobody).await;
            assert_eq!(code(&refused), "NOT_FOUND");
            assert_eq!(refused["userErrors"][0]["field"], json!(["employeeId"]));
            // An operator who may not see the session learns nothing about the employee.
            let refused = bob.assign(&id, nobody).await;
            assert_eq!(code(&refused), "NOT_FOUND");
            assert_eq!(refused["userErrors"][0]["field"], Value::Null);
        }
        assert_eq!(ann.session(&id).await["operator"]["name"], "Ann");
    });
}

#[test]
fn a_returned_session_keeps_its_place_and_is_unread_as_a_whole() {
    play(async |world| {
        let ann = world.online("ann").await;
        for name in ["One", "Two"] {
            world.client(name).await.post("Hello").await;
        }
        let id = ann.waiting().await;
        ann.claim(&id).await;
        ann.reply(&id, "Hi").await;
        assert_eq!(ann.session(&id).await["unreadCount"], 0);
        let back = ann.give_back(&id, Some("For the evening")).await;
        assert_eq!((code(&back), &back["session"]["state"]), ("", &json!("QUEUED")));
        assert_eq!(back["session"]["unreadCount"], 1);
        assert_eq!(texts(&ann.group("QUEUE").await, "name"), ["One", "Two"]);
        let dialog = ann.dialog(&id).await;
        let event = &dialog[3]["event"];
        assert_eq!((&event["kind"], &event["from"]["name"]), (&json!("RETURNED"), &json!("Ann")));
        // A comment is for colleagues.
        assert_eq!(
            (&dialog[4]["kind"], &dialog[4]["text"]),
            (&json!("NOTE"), &json!("For the evening"))
        );
        let comment = "x".repeat(1001);
        ann.claim(&id).await;
        assert_eq!(code(&ann.give_back(&id, Some(&comment)).await), "INVALID");
    });
}

#[test]
fn returning_what_is_queued_changes_nothing_and_is_no_error() {
    play(async |world| {
        let sue = world.online("sue").await;
        world.client("Zoe").await.post("Hello").await;
        let id = sue.waiting().await;
        let before = sue.session(&id).await;
        let back = sue.give_back(&id, None).await;
        assert_eq!((code(&back), &back["session"]), ("", &before));
        assert_eq!(sue.dialog(&id).await.len(), 1);
    });
}
