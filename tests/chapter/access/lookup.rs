//! Objects by their ids: many at once, and entries of every kind.

use serde_json::{Value, json};
use tests::world::{code, play, texts};

use super::{NODES, queued};

#[test]
fn an_entry_of_each_kind_is_found_by_its_id() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.employee("sue").await);
        let id = queued(world).await;
        assert_eq!(code(&ann.claim(&id).await), "");
        assert_eq!(code(&ann.reply(&id, "Hi").await), "");
        assert_eq!(code(&ann.note(&id, "Kind").await), "");
        let dialog = ann.dialog(&id).await;
        assert_eq!(texts(&dialog, "kind"), ["CLIENT", "EVENT", "OPERATOR", "NOTE"]);
        let ids = texts(&dialog, "id");
        let wanted: Value =
            ids.iter().map(|id| json!({ "__typename": "Message", "id": id })).collect();
        for who in [&ann, &sue] {
            let found = who.get_with(NODES, json!({ "ids": ids })).await;
            assert_eq!(found["nodes"], wanted, "{}", who.name);
        }
    });
}

#[test]
fn a_hundred_ids_are_looked_up_at_once_and_none_as_well() {
    play(async |world| {
        let ann = world.employee("ann").await;
        let there = [queued(world).await, world.live_chat("Support").await, ann.id().await];
        let ids: Vec<&String> = there.iter().cycle().take(100).collect();
        let found = ann.get_with(NODES, json!({ "ids": ids })).await;
        let found = texts(found["nodes"].as_array().unwrap(), "id");
        assert_eq!(found.iter().collect::<Vec<_>>(), ids);
        let none = ann.get_with(NODES, json!({ "ids": [] })).await;
        assert_eq!(none, json!({ "nodes": [] }));
    });
}
