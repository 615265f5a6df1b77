//! `retryDelivery`: a failed answer begins anew.

use serde_json::{Value, json};
use tests::world::{Person, World, code, play};

use super::bench::{FOLLOW, answer, answers, delivered, failed, pushed, retry, states, until};
use super::bot::{self, Bot};

/// An answer of Ann's failed.
async fn with_failure(world: &World) -> (Bot<'_>, Person, String, Value) {
    let (bot, ann) = (bot::connect(world, "42").await, world.online("ann").await);
    let id = bot.open(&ann, "Zoe").await;
    bot.disturb(403, 1).await;
    let message = answer(&ann, &id, "Good day").await;
    failed(&ann, &id).await;
    (bot, ann, id, message)
}

#[test]
fn the_assignee_begins_a_failed_delivery_anew_and_everybody_sees_it_move() {
    play(async |world| {
        let (bot, ann, id, message) = with_failure(world).await;
        let socket = ann.socket().await;
        let mut feed = socket.subscribe(FOLLOW, json!({ "id": id }));
        world.followed(&id, 1).await;
        let retried = retry(&ann, &message).await;
        assert_eq!(code(&retried), "", "{retried}");
        assert_eq!(retried["message"]["id"], message["id"]);
        assert_eq!(retried["message"]["delivery"], json!({ "state": "PENDING", "error": null }));
        // It is pushed as it is by then: the messenger may be quicker than the first push.
        let states = pushed(&mut feed, &message["seq"], "SENT").await;
        assert!(matches!(states.as_slice(), [.., sent] if sent == "SENT"), "{states:?}");
        assert!(states.len() == 1 || states == ["PENDING", "SENT"], "{states:?}");
        until(&ann, &id, &["SENT"]).await;
        assert!(answers(&ann, &id).await[0]["delivery"]["error"].is_null());
        assert_eq!(bot.received("Zoe").await.len(), 1);
    });
}

#[test]
fn a_supervisor_does_it_as_well() {
    play(async |world| {
        let (bot, ann, id, message) = with_failure(world).await;
        let sue = world.online("sue").await;
        assert_eq!(code(&retry(&sue, &message).await), "");
        until(&ann, &id, &["SENT"]).await;
        assert_eq!(bot.received("Zoe").await.len(), 1);
    });
}

#[test]
fn nobody_else_does_it() {
    play(async |world| {
        let (bot, ann, id, message) = with_failure(world).await;
        for who in ["bob", "eve", "kim", "other/ann"] {
            let person = world.employee(who).await;
            if who != "kim" {
                person.presence("ONLINE").await;
            }
            let refused = retry(&person, &message).await;
            let refusal = code(&refused);
            assert!(["FORBIDDEN", "NOT_FOUND", "NOT_ASSIGNED"].contains(&refusal), "{refused}");
            assert!(refused["message"].is_null(), "{who}: {refused}");
        }
        delivered(world).await;
        assert_eq!(states(&ann, &id).await, ["FAILED"]);
        assert!(bot.received("Zoe").await.is_empty());
    });
}

#[test]
fn what_did_not_fail_does_not_change() {
    play(async |world| {
        let (bot, ann) = (bot::connect(world, "42").await, world.online("ann").await);
        let id = bot.open(&ann, "Zoe").await;
        let message = answer(&ann, &id, "Good day").await;
        until(&ann, &id, &["SENT"]).await;
        let before = answers(&ann, &id).await;
        let done = retry(&ann, &message).await;
        assert_eq!(code(&done), "", "{done}");
        assert_eq!(done["message"]["delivery"]["state"], "SENT");
        // Neither do a client's message, and a note.
        let dialog = ann.dialog(&id).await;
        ann.note(&id, "A note").await;
        assert!(retry(&ann, &dialog[0]).await["message"]["delivery"].is_null());
        delivered(world).await;
        assert_eq!(answers(&ann, &id).await, before);
        assert_eq!(bot.received("Zoe").await.len(), 1);
    });
}

#[test]
fn twice_at_once_is_once() {
    play(async |world| {
        let (bot, ann, id, message) = with_failure(world).await;
        let sue = world.online("sue").await;
        let (one, two) = futures::join!(retry(&ann, &message), retry(&sue, &message));
        assert_eq!((code(&one), code(&two)), ("", ""));
        until(&ann, &id, &["SENT"]).await;
        delivered(world).await;
        assert_eq!(bot.received("Zoe").await.len(), 1);
    });
}
