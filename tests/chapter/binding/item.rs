//! Items: their creation by a binding, and the pages in which they are found.

use serde_json::{Value, json};
use tests::world::{code, field, play, texts};

use super::{bound, held};

#[test]
fn an_item_is_created_and_bound_in_one_step_and_found_by_typing_at_once() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        let made = ann.create_and_bind(&session, &app, " Order 7 Zoë ", None).await;
        assert_eq!(code(&made), "", "{made}");
        assert_eq!(made["item"]["title"], "Order 7 Zoë");
        assert_eq!(made["item"]["app"]["id"], app.as_str());
        assert_eq!(field(made["session"]["bindings"].as_array().unwrap(), "item").len(), 1);
        for query in ["7", "zoë ord", "RDER", " "] {
            let found = ann.items(&app, Some(query)).await;
            assert_eq!(texts(&found, "title"), ["Order 7 Zoë"], "{query}");
        }
        assert!(ann.items(&app, Some("order 8")).await.is_empty());
        bound(&ann, &session, &app, "Order 8").await;
        assert_eq!(texts(&ann.items(&app, None).await, "title"), ["Order 8", "Order 7 Zoë"]);
        let bindings = ann.bindings(&session).await;
        assert_eq!(bindings.len(), 2);
        assert_eq!(bindings[0]["item"]["title"], "Order 7 Zoë");
        assert_eq!(bindings[0]["item"]["app"]["name"], "Orders");
        assert_eq!(bindings[0]["boundBy"]["name"], "Ann");
        assert!(bindings[0]["boundAt"].is_string());
    });
}

#[test]
fn items_come_in_pages() {
    play(async |world| {
        let app = world.app("Orders").await;
        let (ann, session) = held(world).await;
        for number in 0..5 {
            bound(&ann, &session, &app, &format!("Order {number}")).await;
        }
        let document = "query($a: ID!, $q: String, $c: String) { node(id: $a) { ... on App {
            items(query: $q, first: 2, after: $c) { nodes { title } pageInfo {
                hasNextPage hasPreviousPage endCursor } } } } }";
        for query in ["", "order"] {
            let (mut seen, mut after) = (Vec::new(), Value::Null);
            loop {
                let variables = json!({ "a": app, "q": query, "c": after });
                let page = ann.act(document, variables).await["items"].clone();
                assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
                seen.extend(texts(page["nodes"].as_array().unwrap(), "title"));
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(seen, ["Order 4", "Order 3", "Order 2", "Order 1", "Order 0"], "{query}");
        }
        let variables = json!({ "a": app, "q": "x".repeat(201) });
        assert_eq!(ann.send_document(document, variables).await.code(), "BAD_USER_INPUT");
    });
}
