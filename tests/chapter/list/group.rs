//! The groups of a live chat: their pages, their filters and their sessions.

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{Person, code, field, play, texts};

use super::{five, page, paged};

const GROUPS: [&str; 4] = ["ACTIVE", "CLOSED", "QUEUE", "MY"];
const PAGE: &str = "query($l: ID!, $g: SessionGroup!, $f: SessionFilter, $n: Int!, $a: String) {
    node(id: $l) { ... on LiveChat { sessions(group: $g, filter: $f, first: $n, after: $a) {
        nodes { name } pageInfo { hasNextPage endCursor } } } } }";

#[test]
fn a_page_of_a_group_begins_after_any_entry_also_after_one_that_left() {
    play(async |world| {
        five(world).await;
        let (ann, sue) = (world.employee("ann").await, world.online("sue").await);
        let names = |page: &Value| texts(page["nodes"].as_array().unwrap(), "name");
        let three = page(&ann, "QUEUE", 3, None).await;
        let edges = three["edges"].as_array().unwrap();
        assert_eq!(field(edges, "node"), *three["nodes"].as_array().unwrap());
        let [first, second] = [0, 1].map(|at| edges[at]["cursor"].as_str());
        let next = page(&ann, "QUEUE", 2, first).await;
        assert_eq!(
            (names(&next), &next["pageInfo"]["hasNextPage"]),
            (vec!["B".to_owned(), "C".to_owned()], &json!(true))
        );
        let left = ann.group("QUEUE").await[1]["id"].as_str().unwrap().to_owned();
        assert_eq!(code(&sue.close(&left, None).await), "");
        assert_eq!(names(&page(&ann, "QUEUE", 2, second).await), ["C", "D"]);
    });
}

#[test]
fn the_bounds_of_a_page_hold_in_every_group() {
    play(async |world| {
        let (sue, support) = (world.employee("sue").await, world.live_chat("Support").await);
        for group in GROUPS {
            for (first, after, wanted) in [
                (1, Value::Null, ""),
                (100, Value::Null, ""),
                (0, Value::Null, "BAD_USER_INPUT"),
                (101, Value::Null, "BAD_USER_INPUT"),
                (-1, Value::Null, "BAD_USER_INPUT"),
                (2, json!("nonsense"), "BAD_USER_INPUT"),
            ] {
                let variables = json!({ "l": support, "g": group, "n": first, "a": after });
                let answer = sue.send_document(PAGE, variables).await;
                assert_eq!(answer.code(), wanted, "{first} of {group} after {after}");
            }
        }
    });
}

/// Returns the names of a group over all its pages of this size.
async fn all(who: &Person, live_chat: &str, group: &str, filter: &Value, size: i32) -> Vec<String> {
    let (mut names, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "l": live_chat, "g": group, "f": filter, "n": size, "a": after });
        let page = who.act(PAGE, variables).await["sessions"].clone();
        names.extend(texts(page["nodes"].as_array().unwrap(), "name"));
        if page["pageInfo"]["hasNextPage"] == false {
            return names;
        }
        after = page["pageInfo"]["endCursor"].clone();
        assert!(after.is_string(), "{page}");
    }
}

#[test]
fn filters_leave_in_every_group_what_fits_them_whatever_the_size_of_a_page() {
    play(async |world| {
        five(world).await;
        let (ann, sue) = (world.online("ann").await, world.employee("sue").await);
        let support = world.live_chat("Support").await;
        let mut taken = Vec::new();
        for _ in 0..3 {
            taken.push(ann.claim_next(None).await["session"]["id"].as_str().unwrap().to_owned());
        }
        assert_eq!(code(&ann.read(&taken[1], 1).await), "");
        assert_eq!(code(&ann.reply(&taken[2], "Hi").await), "");
        // A is unread, B read and waits, C answered; D and E are queued.
        let unread = |is_so: bool| json!({ "unread": is_so });
        let waiting = |is_so: bool| json!({ "waitingForReply": is_so });
        for (who, group, filter, wanted) in [
            (&ann, "MY", unread(true), "A"),
            (&ann, "MY", unread(false), "BC"),
            (&ann, "MY", waiting(true), "AB"),
            (&ann, "MY", waiting(false), "C"),
            (&ann, "MY", json!({ "unread": false, "waitingForReply": true }), "B"),
            (&ann, "MY", json!({}), "ABC"),
            (&sue, "ACTIVE", unread(true), "ADE"),
            (&sue, "ACTIVE", unread(false), "BC"),
            (&sue, "ACTIVE", waiting(true), "ABDE"),
            (&sue, "ACTIVE", waiting(false), "C"),
            (&sue, "QUEUE", unread(true), "DE"),
            (&sue, "QUEUE", unread(false), ""),
            (&sue, "CLOSED", unread(true), ""),
        ] {
            for size in [1, 100] {
                let mut left = all(who, &support, group, &filter, size).await;
                left.sort();
                assert_eq!(left.concat(), wanted, "{group} {filter} by {size}");
            }
        }
    });
}

#[test]
fn what_is_closed_stands_with_who_had_it_then_whoever_closed_it() {
    play(async |world| {
        five(world).await;
        let (ann, bob, sue) =
            (world.online("ann").await, world.online("bob").await, world.online("sue").await);
        let mut taken = Vec::new();
        for _ in 0..2 {
            taken.push(ann.claim_next(None).await["session"]["id"].as_str().unwrap().to_owned());
        }
        assert_eq!(code(&ann.assign(&taken[0], &bob.id().await).await), "");
        assert_eq!(code(&bob.close(&taken[0], None).await), "");
        assert_eq!(code(&sue.close(&taken[1], None).await), "");
        assert_eq!(code(&sue.close(&sue.waiting().await, None).await), "");
        assert_eq!(paged(&ann, "CLOSED").await, ["B"]);
        assert_eq!(paged(&bob, "CLOSED").await, ["A"]);
        for who in [&sue, &world.employee("dan").await] {
            assert_eq!(paged(who, "CLOSED").await, ["C", "B", "A"], "{}", who.name);
        }
    });
}

#[test]
fn of_sessions_of_one_moment_all_come_in_one_order_whatever_the_size_of_a_page() {
    play(async |world| {
        let (ann, dan, sue) =
            (world.employee("ann").await, world.online("dan").await, world.employee("sue").await);
        let support = world.live_chat("Support").await;
        let names: Vec<String> = (10..22).map(|number| format!("Client {number}")).collect();
        let clients = join_all(names.iter().map(|name| world.client(name))).await;
        join_all(clients.iter().map(|client| client.post("Hello"))).await;
        let ids = texts(&ann.group("QUEUE").await, "id");
        let assert_stable = async |who: &Person, group: &str| {
            let whole = all(who, &support, group, &Value::Null, 100).await;
            for size in [1, 5] {
                let paged = all(who, &support, group, &Value::Null, size).await;
                assert_eq!(paged, whole, "{group} of {} by {size}", who.name);
            }
            let mut sorted = whole;
            sorted.sort();
            assert_eq!(sorted, names, "{group} of {}", who.name);
        };
        assert_stable(&ann, "QUEUE").await;
        for claimed in join_all(ids.iter().map(|id| dan.claim(id))).await {
            assert_eq!(code(&claimed), "");
        }
        assert_stable(&dan, "MY").await;
        assert_stable(&sue, "ACTIVE").await;
        for closed in join_all(ids.iter().map(|id| dan.close(id, None))).await {
            assert_eq!(code(&closed), "");
        }
        assert_stable(&dan, "CLOSED").await;
        assert_stable(&sue, "CLOSED").await;
    });
}
