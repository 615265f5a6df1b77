//! Receipts of webhooks: they move an answer forward, however they come.

use serde_json::json;
use tests::world::play;

use super::bench::{answer, answers, delivered, retry, states, until};
use super::hook::{Hook, connect};
use super::receiver::Reply;

/// Returns the id of the last answer that was posted.
fn last_id(hook: &Hook<'_>) -> String {
    hook.receiver.posts().last().unwrap().text("deliveryId")
}

#[test]
fn an_answer_moves_forward_and_never_back() {
    play(async |world| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        answer(&ann, &id, "Good day").await;
        until(&ann, &id, &["SENT"]).await;
        let delivery = last_id(&hook);
        let of = async |state: &str| {
            assert_eq!(hook.receipt(&delivery, state).await, 200);
            answers(&ann, &id).await[0]["delivery"].clone()
        };
        let arrived = of("delivered").await;
        assert_eq!(arrived["state"], "DELIVERED");
        assert_eq!(of("delivered").await, arrived, "twice");
        assert_eq!(of("failed").await, arrived, "it has arrived");
        let read = of("read").await;
        assert_eq!(read["state"], "READ");
        assert!(read["at"].as_str() >= arrived["at"].as_str());
        for state in ["read", "delivered", "failed", "delivered"] {
            assert_eq!(of(state).await, read, "{state}");
        }
    });
}

#[test]
fn a_read_answer_may_skip_a_state_and_a_failure_says_why() {
    play(async |world| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        answer(&ann, &id, "One").await;
        until(&ann, &id, &["SENT"]).await;
        assert_eq!(hook.receipt(&last_id(&hook), "read").await, 200);
        assert_eq!(states(&ann, &id).await, ["READ"]);

        answer(&ann, &id, "Two").await;
        until(&ann, &id, &["READ", "SENT"]).await;
        let error = json!({ "code": "RECIPIENT_UNREACHABLE", "message": "Out of coverage" });
        let receipt = json!({ "type": "receipt", "deliveryId": last_id(&hook), "state": "failed",
            "error": error });
        assert_eq!(hook.post(&receipt).await.0, 200);
        let second = answers(&ann, &id).await.pop().unwrap()["delivery"].clone();
        assert_eq!(second["state"], "FAILED");
        let shown = json!({ "code": "RECIPIENT_UNREACHABLE", "message": "Out of coverage",
            "isRetryable": true });
        assert_eq!(second["error"], shown);
        assert_eq!(hook.post(&receipt).await.0, 200);
        assert_eq!(answers(&ann, &id).await[1]["delivery"], second, "twice");
    });
}

#[test]
fn a_receipt_that_comes_before_our_own_note_is_not_lost() {
    play(async |world| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        hook.receiver.answer(|_, _| Reply::Held);
        answer(&ann, &id, "Good day").await;
        hook.receiver.wait(1).await;
        assert_eq!(states(&ann, &id).await, ["PENDING"]);
        assert_eq!(hook.receipt(&last_id(&hook), "read").await, 200);
        assert_eq!(states(&ann, &id).await, ["READ"]);
        hook.receiver.release();
        delivered(world).await;
        assert_eq!(states(&ann, &id).await, ["READ"], "our own note moves nothing back");
        assert_eq!(hook.receiver.posts().len(), 1);
        // What follows is not held up by it.
        answer(&ann, &id, "And you?").await;
        until(&ann, &id, &["READ", "SENT"]).await;
    });
}

#[test]
fn a_receipt_of_nothing_that_the_channel_sent_changes_nothing() {
    play(async |world| {
        let (hook, other) = (connect(world).await, connect(world).await);
        let ann = world.online("ann").await;
        let id = hook.open(&ann, "Zoe").await;
        answer(&ann, &id, "Good day").await;
        until(&ann, &id, &["SENT"]).await;
        let before = answers(&ann, &id).await;
        let delivery = last_id(&hook);
        assert_eq!(other.receipt(&delivery, "read").await, 400, "another channel's");
        for unknown in ["nothing", "", &format!("{delivery}x"), &format!("x{delivery}")] {
            assert_eq!(hook.receipt(unknown, "read").await, 400, "{unknown}");
        }
        for state in ["sent", "", "READ", "gone"] {
            assert_eq!(hook.receipt(&delivery, state).await, 400, "{state}");
        }
        let receipt = json!({ "type": "receipt", "deliveryId": delivery, "state": "read" });
        assert_eq!(hook.post_with("another secret", &receipt).await.0, 401);
        assert_eq!(answers(&ann, &id).await, before);
        assert_eq!(hook.receipt(&delivery, "read").await, 200);
        assert_eq!(states(&ann, &id).await, ["READ"]);
    });
}

#[test]
fn a_failure_of_an_earlier_try_does_not_end_the_later_one() {
    play(async |world| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        let message = answer(&ann, &id, "Good day").await;
        until(&ann, &id, &["SENT"]).await;
        let first = last_id(&hook);
        assert_eq!(hook.receipt(&first, "failed").await, 200);
        assert_eq!(states(&ann, &id).await, ["FAILED"]);
        assert_eq!(retry(&ann, &message).await["userErrors"], json!([]));
        let ids: Vec<String> =
            hook.receiver.wait(2).await.iter().map(|post| post.text("deliveryId")).collect();
        until(&ann, &id, &["SENT"]).await;
        assert_eq!(ids.len(), 2, "{ids:?}");
        let second = last_id(&hook);
        assert_ne!(first, second, "it is another try, not a repetition");
        hook.receipt(&first, "failed").await;
        assert_eq!(states(&ann, &id).await, ["SENT"]);
        assert_eq!(hook.receipt(&second, "delivered").await, 200);
        assert_eq!(states(&ann, &id).await, ["DELIVERED"]);
    });
}
