//! A client who was away for long.

use aws_sdk_dynamodb::types::AttributeValue;
use graphql::id::GlobalId;
use serde_json::json;
use tests::world::{CONVERSATION, World, field, play};

use super::{MOST_REPLAYED, claimed, lengthen};

/// Makes a dialog of a message and a claim so long that its client sees so many messages.
async fn lengthen_for_client(world: &World, session: &str, to: usize) {
    lengthen(world, session, to + 1).await;
    let Some((tenant, GlobalId::Session(id))) = GlobalId::decode(session) else {
        panic!("{session} is no session")
    };
    // The claim is hidden, so that each number of the client is one less.
    let entries = (3..=to + 1).map(|seq| (format!("M#{seq:010}"), seq - 1));
    let head = (format!("H#{:08}", id.ordinal), to);
    for (sk, number) in entries.chain([head]) {
        let item = world.running.dynamo().update_item().table_name("core");
        let item = item.key("pk", AttributeValue::S(format!("V#{tenant}#{}", id.conversation)));
        let item = item.key("sk", AttributeValue::S(sk)).update_expression("SET c = :number");
        let number = AttributeValue::N(number.to_string());
        item.expression_attribute_values(":number", number).send().await.unwrap();
    }
}

#[test]
fn a_client_who_is_too_far_behind_reads_again() {
    play(async |world| {
        let (_, zoe, id) = claimed(world).await;
        lengthen_for_client(world, &id, MOST_REPLAYED + 1).await;
        let socket = zoe.socket().await;
        let mut near = socket.subscribe(CONVERSATION, json!({ "after": 1 }));
        let seqs = field(&near.entries(MOST_REPLAYED).await, "seq");
        assert_eq!(seqs, (2..=MOST_REPLAYED + 1).collect::<Vec<_>>());
        let mut far = socket.subscribe(CONVERSATION, json!({ "after": 0 }));
        assert_eq!(far.refused().await, "RESYNC");
    });
}
