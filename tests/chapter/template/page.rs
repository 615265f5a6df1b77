//! Templates of a session, page by page, and those that are deleted.

use serde_json::{Value, json};
use tests::world::{Person, code, play, texts};

use super::{NODE, held, template};

/// The titles of all templates of a session that a query finds, in pages of this length.
async fn titles(who: &Person, session: &str, query: Option<&str>, first: i32) -> Vec<String> {
    let document = "query($s: ID!, $q: String, $n: Int!, $a: String) { viewer { session(id: $s) {
        templates(query: $q, first: $n, after: $a) {
            nodes { title } pageInfo { hasNextPage endCursor } } } } }";
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "s": session, "q": query, "n": first, "a": after });
        let data = who.get_with(document, variables).await;
        let page = &data["viewer"]["session"]["templates"];
        found.extend(texts(page["nodes"].as_array().unwrap(), "title"));
        if page["pageInfo"]["hasNextPage"] == false {
            found.sort();
            return found;
        }
        assert!(page["pageInfo"]["endCursor"].is_string(), "{page}");
        after = page["pageInfo"]["endCursor"].clone();
    }
}

#[test]
fn a_hundred_templates_are_all_found_page_by_page() {
    play(async |world| {
        let mut all = Vec::new();
        for title in ["Closing", "Greeting", "Straße", "挨拶"] {
            template(world, title, "Dear {client}").await;
            all.push(title.to_owned());
        }
        let (ann, session) = held(world).await;
        for query in [None, Some(""), Some(" \u{3000}\t")] {
            assert_eq!(titles(&ann, &session, query, 1).await, all, "{query:?}");
        }
        let (ada, support) = (world.employee("ada").await, world.live_chat("Support").await);
        let mut bulk = Vec::new();
        for number in 0..101 {
            let title = format!("Bulk {number}");
            assert_eq!(code(&ada.create_template(&support, &title, "The same", None).await), "");
            bulk.push(title);
        }
        all.extend(bulk.clone());
        all.sort();
        bulk.sort();
        assert_eq!(titles(&ann, &session, None, 50).await, all);
        assert_eq!(titles(&ann, &session, Some("same"), 100).await, bulk);
        assert_eq!(titles(&ann, &session, Some("bulk 77"), 7).await, ["Bulk 77"]);
        // Those of Support are not those of Sales.
        world.client_of("Yan", "Sales").await.post("Hello").await;
        let bob = world.employee("bob").await;
        let elsewhere = bob.group_of("Sales", "QUEUE").await[0]["id"].clone();
        assert!(bob.templates(elsewhere.as_str().unwrap(), None).await.is_empty());
    });
}

#[test]
fn a_deleted_template_is_found_by_no_id() {
    play(async |world| {
        let ada = world.employee("ada").await;
        template(world, "Stays", "As it is").await;
        let raw = template(world, "Doomed", "Never again").await;
        let (ann, session) = held(world).await;
        let filled = ann.templates(&session, Some("doomed")).await[0]["id"].clone();
        let filled = filled.as_str().unwrap();
        assert_eq!(ada.delete_template(&raw).await["deletedId"], raw.as_str());
        for who in [&ada, &ann] {
            for id in [raw.as_str(), filled] {
                assert_eq!(who.act(NODE, json!({ "id": id })).await, Value::Null, "{}", who.name);
            }
        }
        for id in [raw.as_str(), filled, "nothing", &world.live_chat("Support").await] {
            assert_eq!(code(&ada.delete_template(id).await), "NOT_FOUND");
        }
        assert_eq!(titles(&ann, &session, None, 10).await, ["Stays"]);
    });
}
