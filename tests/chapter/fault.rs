//! Faults: an item that cannot be read any more concerns only those who ask for it.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use tests::world::{COUNTERS, World, play};

/// Makes the head of a conversation's first session unreadable.
async fn corrupt_first_head(world: &World) {
    let dynamo = world.running.dynamo();
    let scan = dynamo.scan().table_name("core").consistent_read(true).send().await.unwrap();
    let is_head = |item: &&std::collections::HashMap<String, AttributeValue>| {
        let is = |name: &str, prefix: &str| {
            item.get(name).and_then(|v| v.as_s().ok()).is_some_and(|v| v.starts_with(prefix))
        };
        is("pk", "V#") && is("sk", "H#")
    };
    let mut heads: Vec<_> = scan.items().iter().filter(is_head).cloned().collect();
    heads.sort_by_key(|head| head.get("sk").and_then(|v| v.as_s().ok()).cloned());
    let mut head = heads.swap_remove(0);
    head.insert("w".to_owned(), AttributeValue::S("seven".to_owned()));
    dynamo.put_item().table_name("core").set_item(Some(head)).send().await.unwrap();
}

#[test]
fn a_head_that_cannot_be_read_ends_its_subscriptions_and_holds_up_no_other_push() {
    play(async |world| {
        let ann = world.online("ann").await;
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let first = ann.waiting().await;
        ann.claim(&first).await;
        ann.close(&first, None).await;
        zoe.post("Me again").await;
        let socket = ann.socket().await;
        let mut counters = socket.subscribe(COUNTERS, json!({}));
        counters.badge_until([0, 0, 0, 1]).await;
        let document = "subscription($id: ID!) { dialog(sessionId: $id) { __typename } }";
        let mut followed = socket.subscribe(document, json!({ "id": first }));
        world.followed(&first, 1).await;
        corrupt_first_head(world).await;
        ann.claim(&ann.waiting().await).await;
        assert_eq!(followed.refused().await, "INTERNAL");
        counters.badge_until([1, 1, 0, 0]).await;
    });
}
