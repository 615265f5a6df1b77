//! As many live chats as a tenant may have.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;
use tests::world::{code, play};

use super::create;

#[test]
fn a_tenant_has_five_hundred_live_chats_at_most() {
    play(async |world| {
        let ada = world.employee("ada").await;
        assert_eq!(code(&create(&ada, "One more", None).await), "");
        // To create them all would take long: the count alone says that they are there.
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let dynamo = world.running.dynamo();
        let tally = dynamo.update_item().table_name("core");
        let tally = tally.key("pk", text("T#demo")).key("sk", text("A"));
        let tally =
            tally.update_expression("SET lc = :most").condition_expression("attribute_exists(lc)");
        tally
            .expression_attribute_values(":most", AttributeValue::N("500".to_owned()))
            .send()
            .await
            .unwrap();
        let refused = create(&ada, "Too many", None).await;
        assert_eq!((code(&refused), &refused["liveChat"]), ("LIMIT", &Value::Null));
    });
}
