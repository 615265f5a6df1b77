//! Those who close at the same time, and those who close what waits.

use serde_json::json;
use tests::world::{code, play, texts};

#[test]
fn of_two_who_close_at_once_both_are_right_and_it_is_closed_once() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.online("sue").await);
        for round in 0..4 {
            world.client(&format!("Zoe {round}")).await.post("Hello").await;
            let id = ann.waiting().await;
            assert_eq!(code(&ann.claim(&id).await), "");
            let (one, other) = tokio::join!(ann.close(&id, None), sue.close(&id, None));
            for closed in [&one, &other] {
                assert_eq!((code(closed), &closed["session"]["state"]), ("", &json!("CLOSED")));
            }
            assert_eq!(texts(&ann.dialog(&id).await, "kind"), ["CLIENT", "EVENT", "EVENT"]);
        }
    });
}

#[test]
fn nobody_closes_what_waits_over_a_message_they_have_not_seen() {
    play(async |world| {
        let (sue, zoe) = (world.online("sue").await, world.client("Zoe").await);
        zoe.post("Hello").await;
        zoe.post("Wait").await;
        let id = sue.waiting().await;
        let before = sue.session(&id).await;
        assert_eq!(code(&sue.close(&id, Some(1)).await), "UNSEEN_MESSAGE");
        assert_eq!(sue.session(&id).await, before);
        let closed = sue.close(&id, Some(2)).await;
        assert_eq!((code(&closed), &closed["session"]["state"]), ("", &json!("CLOSED")));
    });
}
