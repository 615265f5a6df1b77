//! Changes of a delivery in sight: everybody who follows the dialog gets them.

use serde_json::json;
use tests::world::play;

use super::bench::{FOLLOW, answer, pushed};
use super::hook::connect;
use super::receiver::Reply;

#[test]
fn whoever_follows_the_dialog_sees_how_far_an_answer_has_come() {
    play(async |world| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let sue = world.online("sue").await;
        let id = hook.open(&ann, "Zoe").await;
        ann.claim(&id).await;
        let (of_ann, of_sue) = (ann.socket().await, sue.socket().await);
        let mut feeds = [
            of_ann.subscribe(FOLLOW, json!({ "id": id })),
            of_sue.subscribe(FOLLOW, json!({ "id": id })),
        ];
        world.followed(&id, 2).await;
        hook.receiver.answer(|_, _| Reply::Held);
        let first = answer(&ann, &id, "One").await;
        for feed in &mut feeds {
            assert_eq!(pushed(feed, &first["seq"], "PENDING").await, ["PENDING"]);
        }
        let delivery = hook.receiver.wait(1).await[0].text("deliveryId");
        hook.receiver.release();
        for feed in &mut feeds {
            let states = pushed(feed, &first["seq"], "SENT").await;
            assert_eq!(states.last().unwrap(), "SENT");
        }
        for (state, shown) in [("delivered", "DELIVERED"), ("read", "READ")] {
            assert_eq!(hook.receipt(&delivery, state).await, 200);
            for feed in &mut feeds {
                assert_eq!(pushed(feed, &first["seq"], shown).await.last().unwrap(), shown);
            }
        }
        hook.receiver.answer(|_, _| Reply::Status(400));
        let second = answer(&ann, &id, "Two").await;
        for feed in &mut feeds {
            assert_eq!(pushed(feed, &second["seq"], "FAILED").await.last().unwrap(), "FAILED");
        }
    });
}
