//! The dialog of a client who came three times, read page by page.

use serde_json::{Value, json};
use tests::world::{Person, World, code, field, play, texts};

/// Three sessions of a client: Ann had the first, nobody the second, and the third waits.
struct Story {
    ann: Person,
    sue: Person,
    sessions: [String; 3],
}

async fn tell(world: &World) -> Story {
    let (ann, sue, zoe) =
        (world.online("ann").await, world.online("sue").await, world.client("Zoe").await);
    zoe.post("Good morning").await;
    let first = ann.waiting().await;
    assert_eq!(code(&ann.claim(&first).await), "");
    assert_eq!(code(&ann.reply(&first, "Good morning to you").await), "");
    assert_eq!(code(&ann.note(&first, "Kind").await), "");
    zoe.post("Thank you").await;
    assert_eq!(code(&ann.close(&first, None).await), "");
    zoe.post("Me again").await;
    let second = sue.waiting().await;
    assert_eq!(code(&sue.close(&second, None).await), "");
    zoe.post("And again").await;
    zoe.post("Hello?").await;
    let third = sue.waiting().await;
    assert_eq!(code(&sue.note(&third, "Who takes it?").await), "");
    Story { ann, sue, sessions: [first, second, third] }
}

async fn page(who: &Person, session: &str, arguments: &str) -> Value {
    let document = format!(
        "{{ viewer {{ session(id: \"{session}\") {{ messages({arguments}) {{ nodes {{ seq }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }} }}"
    );
    who.get(&document).await["viewer"]["session"]["messages"].clone()
}

fn seqs(page: &Value) -> Vec<i64> {
    let nodes = page["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["seq"].as_i64().unwrap()).collect()
}

/// Returns whether there is more before a page and after it.
fn around(page: &Value) -> [bool; 2] {
    ["hasPreviousPage", "hasNextPage"].map(|side| page["pageInfo"][side].as_bool().unwrap())
}

#[test]
fn a_dialog_is_read_page_by_page_over_the_boundaries_of_its_sessions() {
    play(async |world| {
        let Story { sue, sessions: [_, _, third], .. } = tell(world).await;
        let bob = world.employee("bob").await;
        let all: Vec<i64> = (1..=11).collect();
        for size in [1, 4, 11] {
            let (mut seen, mut from) = (Vec::new(), String::new());
            loop {
                let page = page(&bob, &third, &format!("first: {size} {from}")).await;
                assert_eq!(around(&page)[0], !from.is_empty());
                seen.extend(seqs(&page));
                from = format!("after: {}", page["pageInfo"]["endCursor"]);
                if !around(&page)[1] {
                    break;
                }
            }
            assert_eq!(seen, all, "by {size}");
        }
        let (mut seen, mut from) = (Vec::new(), String::new());
        loop {
            let page = page(&bob, &third, &format!("last: 4 {from}")).await;
            assert_eq!(around(&page)[1], !from.is_empty());
            seen.splice(0..0, seqs(&page));
            from = format!("before: {}", page["pageInfo"]["startCursor"]);
            if !around(&page)[0] {
                break;
            }
        }
        assert_eq!(seen, all, "backward");
        // An entry that comes later stands after the last cursor.
        let last = page(&bob, &third, "last: 1").await["pageInfo"]["endCursor"].clone();
        assert_eq!(code(&sue.note(&third, "Later").await), "");
        assert_eq!(seqs(&page(&bob, &third, &format!("first: 10 after: {last}")).await), [12]);
    });
}

#[test]
fn from_a_page_around_an_entry_one_goes_on_in_both_directions() {
    play(async |world| {
        let Story { ann, sessions: [_, _, third], .. } = tell(world).await;
        for (arguments, wanted, more) in [
            ("first: 5 aroundSeq: 6", 4..=8, [true, true]),
            ("first: 1 aroundSeq: 6", 6..=6, [true, true]),
            ("first: 5 aroundSeq: 1", 1..=5, [false, true]),
            ("first: 5 aroundSeq: 11", 7..=11, [true, false]),
            ("first: 100 aroundSeq: 6", 1..=11, [false, false]),
        ] {
            let page = page(&ann, &third, arguments).await;
            assert_eq!(seqs(&page), wanted.collect::<Vec<_>>(), "{arguments}");
            assert_eq!(around(&page), more, "{arguments}");
        }
        let middle = page(&ann, &third, "first: 3 aroundSeq: 6").await["pageInfo"].clone();
        let next = format!("first: 2 after: {}", middle["endCursor"]);
        assert_eq!(seqs(&page(&ann, &third, &next).await), [8, 9]);
        let previous = format!("last: 2 before: {}", middle["startCursor"]);
        assert_eq!(seqs(&page(&ann, &third, &previous).await), [3, 4]);
    });
}

#[test]
fn each_session_shows_the_dialog_to_its_own_end_whoever_had_what_is_above() {
    play(async |world| {
        let Story { ann, sue, sessions: [first, second, third] } = tell(world).await;
        let bob = world.online("bob").await;
        let all = sue.dialog(&third).await;
        let of = texts(&field(&all, "session"), "id");
        for (at, session) in of.iter().enumerate() {
            let wanted = [(6, &first), (8, &second), (11, &third)];
            let (_, wanted) = wanted.iter().find(|(end, _)| at < *end).unwrap();
            assert_eq!(session, *wanted, "{at}");
        }
        assert_eq!(of.len(), 11);
        // Bob never had any of it: he reads what came before through what waits.
        for who in [&ann, &bob] {
            assert_eq!(texts(&who.dialog(&third).await, "id"), texts(&all, "id"), "{}", who.name);
        }
        for (session, end) in [(&first, 6), (&second, 8)] {
            let seen = bob.dialog(session).await;
            assert_eq!(texts(&seen, "id"), texts(&all[..end], "id"));
        }
        let node = "query($id: ID!) { node(id: $id) { ... on Message { seq session { id } } } }";
        let found = bob.act(node, json!({ "id": all[4]["id"] })).await;
        assert_eq!(found, json!({ "seq": 5, "session": { "id": first } }));
        // Nothing of a later one is seen through an earlier one.
        assert_eq!(code(&bob.claim(&third).await), "");
        assert_eq!(ann.act(node, json!({ "id": all[8]["id"] })).await, Value::Null);
        assert_eq!(texts(&ann.dialog(&first).await, "id"), texts(&all[..6], "id"));
    });
}
