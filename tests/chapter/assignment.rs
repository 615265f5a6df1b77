//! Assignment: claims, replies that claim, assignments and returns.

mod comment;
mod handover;
mod limit;
mod next;
mod race;

use serde_json::{Value, json};
use tests::world::{code, field, play, texts};

#[test]
fn a_claim_shows_in_the_dialog_and_claiming_what_is_mine_is_no_error() {
    play(async |world| {
        let ann = world.online("ann").await;
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        let first = ann.claim(&id).await;
        assert_eq!((code(&first), &first["session"]["operator"]["name"]), ("", &json!("Ann")));
        let again = ann.claim(&id).await;
        assert_eq!((code(&again), &again["session"]), ("", &first["session"]));
        let dialog = ann.dialog(&id).await;
        assert_eq!(texts(&dialog, "kind"), ["CLIENT", "EVENT"]);
        assert_eq!(dialog[1]["event"]["kind"], "CLAIMED");
        assert_eq!(dialog[1]["event"]["to"]["name"], "Ann");
        assert_eq!(dialog[1]["author"], json!({ "__typename": "Employee", "name": "Ann" }));
        assert!(!dialog[1]["text"].as_str().unwrap().is_empty());
        assert_eq!(dialog[1]["channel"], Value::Null);
    });
}

#[test]
fn replying_to_a_queued_session_claims_it_in_one_step() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        let sent = ann.reply_as(&id, "Hi, Zoe", "r1", None).await;
        assert_eq!(code(&sent), "");
        assert_eq!(sent["session"]["operator"]["name"], "Ann");
        assert_eq!(sent["session"]["unreadCount"], 0);
        assert_eq!(sent["session"]["waitingSince"], Value::Null);
        assert_eq!(sent["message"]["kind"], "OPERATOR");
        let dialog = ann.dialog(&id).await;
        assert_eq!(texts(&dialog, "kind"), ["CLIENT", "EVENT", "OPERATOR"]);
        assert_eq!(field(&dialog, "seq"), [1, 2, 3]);
        let late = bob.reply(&id, "Hi").await;
        assert_eq!(code(&late), "ALREADY_CLAIMED");
        assert_eq!(late["claimedBy"]["name"], "Ann");
        assert_eq!((&late["message"], &late["session"]), (&Value::Null, &Value::Null));
        // A repeated send is the first one; another text under its id is refused.
        assert_eq!(ann.reply_as(&id, "Hi, Zoe", "r1", None).await["message"], sent["message"]);
        assert_eq!(code(&ann.reply_as(&id, "Bye", "r1", None).await), "KEY_REUSED");
        assert_eq!(texts(&zoe.conversation(None).await, "text"), ["Hello", "Hi, Zoe"]);
    });
}

#[test]
fn who_may_not_act_on_a_session_is_told_why() {
    play(async |world| {
        let (ann, bob, sue, dan) = (
            world.online("ann").await,
            world.online("bob").await,
            world.online("sue").await,
            world.online("dan").await,
        );
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        let to = bob.id().await;
        // Queued: an operator may take it and no more.
        assert_eq!(code(&ann.note(&id, "x").await), "NOT_ASSIGNED");
        assert_eq!(code(&ann.assign(&id, &to).await), "NOT_ASSIGNED");
        assert_eq!(code(&ann.give_back(&id, None).await), "NOT_ASSIGNED");
        assert_eq!(code(&ann.close(&id, None).await), "NOT_ASSIGNED");
        // A supervisor who is no operator neither claims nor replies.
        assert_eq!(code(&sue.claim(&id).await), "FORBIDDEN");
        assert_eq!(code(&sue.reply(&id, "x").await), "FORBIDDEN");
        ann.claim(&id).await;
        assert_eq!(code(&sue.reply(&id, "x").await), "FORBIDDEN");
        // A supervisor who is also an operator learns that another has it.
        let late = dan.claim(&id).await;
        assert_eq!((code(&late), &late["claimedBy"]["name"]), ("ALREADY_CLAIMED", &json!("Ann")));
        assert_eq!(late["session"]["operator"]["name"], "Ann");
        assert_eq!(code(&dan.reply(&id, "x").await), "ALREADY_CLAIMED");
        // Of a session in other hands an operator learns only that it is taken, and only so.
        let late = bob.claim(&id).await;
        assert_eq!((code(&late), &late["session"]), ("ALREADY_CLAIMED", &Value::Null));
        assert_eq!(code(&bob.note(&id, "x").await), "NOT_FOUND");
        assert_eq!(code(&bob.close(&id, None).await), "NOT_FOUND");
        assert_eq!(code(&bob.read(&id, 1).await), "NOT_FOUND");
        // To people of elsewhere there is no such session.
        for name in ["eve", "other/ann", "ada", "kim"] {
            let person = world.online(name).await;
            assert_eq!(code(&person.claim(&id).await), "NOT_FOUND", "{name}");
            assert_eq!(code(&person.reply(&id, "x").await), "NOT_FOUND", "{name}");
        }
    });
}

#[test]
fn the_first_error_that_applies_is_the_one_reported() {
    play(async |world| {
        let (ann, sue) = (world.employee("ann").await, world.employee("sue").await);
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        // INVALID by the arguments alone, before a session that is not there.
        assert_eq!(code(&ann.reply("nonsense", "").await), "INVALID");
        assert_eq!(code(&ann.reply("nonsense", "x").await), "NOT_FOUND");
        // NOT_FOUND and FORBIDDEN before OPERATOR_OFFLINE.
        assert_eq!(code(&ann.claim("nonsense").await), "NOT_FOUND");
        assert_eq!(code(&sue.claim(&id).await), "FORBIDDEN");
        let offline = ann.claim(&id).await;
        assert_eq!(code(&offline), "OPERATOR_OFFLINE");
        assert_eq!(offline["userErrors"][0]["field"], Value::Null);
        // OPERATOR_OFFLINE before NOT_ASSIGNED, SESSION_CLOSED and ALREADY_CLAIMED.
        assert_eq!(code(&ann.give_back(&id, None).await), "OPERATOR_OFFLINE");
        assert_eq!(code(&ann.claim_next(None).await), "OPERATOR_OFFLINE");
        let bob = world.online("bob").await;
        bob.claim(&id).await;
        assert_eq!(code(&ann.claim(&id).await), "OPERATOR_OFFLINE");
        // A repeated key before everything but INVALID: even offline and after the close.
        let sent = bob.reply_as(&id, "Hi", "k1", None).await;
        bob.close(&id, None).await;
        bob.presence("OFFLINE").await;
        assert_eq!(code(&bob.note(&id, "x").await), "OPERATOR_OFFLINE");
        let again = bob.reply_as(&id, "Hi", "k1", None).await;
        assert_eq!((code(&again), &again["message"]), ("", &sent["message"]));
        assert_eq!(code(&bob.reply_as(&id, "Ho", "k1", None).await), "KEY_REUSED");
    });
}

#[test]
fn offline_people_look_and_change_nothing_but_read_marks() {
    play(async |world| {
        let ann = world.online("ann").await;
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        assert_eq!(ann.presence("OFFLINE").await["presence"], "OFFLINE");
        assert_eq!(ann.session(&id).await["operator"]["name"], "Ann");
        assert_eq!(code(&ann.reply(&id, "x").await), "OPERATOR_OFFLINE");
        assert_eq!(code(&ann.close(&id, None).await), "OPERATOR_OFFLINE");
        assert_eq!(code(&ann.read(&id, 1).await), "");
        assert_eq!(ann.badge().await, [0; 4]);
        assert_eq!(ann.presence("ONLINE").await["presence"], "ONLINE");
        assert_eq!(code(&ann.reply(&id, "x").await), "");
    });
}
