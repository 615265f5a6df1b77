//! Sessions that are found by their names, while these and those who look change.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::world::{Person, World, code, play, texts};

use super::{SESSIONS, names};

async fn rename(who: &Person, id: &str, name: &str) {
    let document = "mutation($id: ID!, $n: String!) { renameSession(sessionId: $id, name: $n) {
        userErrors { code } } }";
    let renamed = who.act(document, json!({ "id": id, "n": name })).await;
    assert_eq!(code(&renamed), "", "{renamed}");
}

/// Opens a session. Returns its id.
async fn opened(world: &World, client: &str) -> String {
    world.client(client).await.post("A red lamp").await;
    let queue = world.employee("sue").await.group("QUEUE").await;
    queue.last().unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_rename_is_found_in_every_state_and_what_it_replaced_no_more() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.online("sue").await);
        let [held, closed, queued] =
            [opened(world, "A").await, opened(world, "B").await, opened(world, "C").await];
        for id in [&held, &closed] {
            assert_eq!(code(&ann.claim(id).await), "");
        }
        assert_eq!(code(&ann.close(&closed, None).await), "");
        let all: [(&str, &[&Person]); 3] =
            [(&queued, &[&sue]), (&held, &[&ann, &sue]), (&closed, &[&ann, &sue])];
        for (number, (id, people)) in all.into_iter().enumerate() {
            let who = people[0];
            let [amber, basalt, coral, dune] =
                ["amber", "basalt", "coral", "dune"].map(|word| format!("{word}{number}"));
            rename(who, id, &amber).await;
            world.settle(&[]).await;
            for one in people {
                assert_eq!(names(one, &amber, 10).await, [amber.as_str()], "{}", one.name);
            }
            rename(who, id, &basalt).await;
            for one in people {
                assert!(names(one, &amber, 10).await.is_empty(), "{}, at once", one.name);
            }
            world.settle(&[]).await;
            for one in people {
                assert_eq!(names(one, &basalt, 10).await, [basalt.as_str()], "{}", one.name);
                assert!(names(one, &amber, 10).await.is_empty(), "{}, later", one.name);
            }
            // Quickly after each other, away and back.
            for name in [&coral, &dune, &coral] {
                rename(who, id, name).await;
            }
            world.settle(&[]).await;
            assert_eq!(names(who, &coral, 10).await, [coral.as_str()]);
            assert!(names(who, &dune, 10).await.is_empty());
            // No two letters of the longest are the same.
            let from = 0x4e00 + u32::try_from(number).unwrap() * 2000;
            let letters = (0..200).map(|at| char::from_u32(from + at * 7).unwrap());
            let longest: String = letters.collect();
            rename(who, id, &longest).await;
            world.settle(&[]).await;
            let query: String = longest.chars().skip(120).take(3).collect();
            assert_eq!(names(who, &query, 10).await, [longest.as_str()]);
        }
    });
}

#[test]
fn nothing_but_names_of_what_one_sees_now_is_found() {
    play(async |world| {
        let (ann, bob, sue) =
            (world.online("ann").await, world.online("bob").await, world.online("sue").await);
        let id = opened(world, "Olga").await;
        world.settle(&[]).await;
        assert_eq!(names(&sue, "olga", 10).await, ["Olga"]);
        assert!(names(&sue, "lamp", 10).await.is_empty(), "a word of its message");
        rename(&sue, &id, "Another").await;
        assert!(names(&sue, "olga", 10).await.is_empty(), "the name of its client");
        world.settle(&[]).await;
        for who in [&ann, &bob, &sue] {
            assert!(names(who, "olga", 10).await.is_empty(), "{}", who.name);
            assert_eq!(names(who, "another", 10).await, ["Another"], "{}", who.name);
        }
        assert_eq!(code(&ann.claim(&id).await), "");
        assert!(names(&bob, "another", 10).await.is_empty(), "at once");
        world.settle(&[]).await;
        assert_eq!(names(&ann, "another", 10).await, ["Another"]);
        assert_eq!(code(&ann.give_back(&id, None).await), "");
        world.settle(&[]).await;
        for who in [&ann, &bob, &sue] {
            assert_eq!(names(who, "another", 10).await, ["Another"], "{}", who.name);
        }

        assert_eq!(code(&ann.claim(&id).await), "");
        assert_eq!(code(&ann.close(&id, None).await), "");
        world.settle(&[]).await;
        assert_eq!(names(&ann, "another", 10).await, ["Another"]);
        world.appoint("ann", "Support", &[]).await;
        assert!(names(&ann, "another", 10).await.is_empty(), "without a role");
        world.appoint("bob", "Support", &["SUPERVISOR"]).await;
        assert_eq!(names(&bob, "another", 10).await, ["Another"], "as a supervisor");
    });
}

#[test]
fn a_page_begins_after_any_hit_and_what_was_there_is_found_once() {
    play(async |world| {
        let sue = world.employee("sue").await;
        let mut there = Vec::new();
        for number in 0..12 {
            let name = format!("om {number}");
            world.client(&name).await.post("Hello").await;
            there.push(name);
        }
        there.reverse();
        world.settle(&[]).await;
        let page = async |first: i32, after: Value| {
            let variables = json!({ "q": "om", "n": first, "a": after });
            sue.get_with(SESSIONS, variables).await["viewer"]["searchSessions"].clone()
        };
        let named = |page: &Value| -> Vec<String> {
            let nodes = page["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone());
            texts(&nodes.collect::<Vec<_>>(), "name")
        };
        let all = page(100, Value::Null).await;
        assert_eq!(named(&all), there);
        for at in [0, 4, 8] {
            let next = named(&page(3, all["edges"][at]["cursor"].clone()).await);
            let is_next = !next.is_empty() && there[at + 1..].starts_with(&next);
            assert!(is_next, "after {at}: {next:?}");
        }

        let (mut seen, mut after, mut more) = (Vec::new(), Value::Null, 0);
        loop {
            more += 1;
            world.client(&format!("om late {more}")).await.post("Hello").await;
            let next = page(3, after).await;
            seen.extend(named(&next));
            after = next["pageInfo"]["endCursor"].clone();
            if next["pageInfo"]["hasNextPage"] == false {
                break;
            }
            assert!(more < 50, "it does not end");
        }
        let once: BTreeSet<_> = seen.iter().collect();
        assert_eq!(once.len(), seen.len(), "{seen:?}");
        assert!(there.iter().all(|name| once.contains(name)), "{seen:?}");
    });
}

#[test]
fn sessions_are_found_by_who_sees_them_whatever_becomes_of_them() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        let (sue, eve) = (world.online("sue").await, world.employee("eve").await);
        let other = world.employee("other/ann").await;
        let zoe = world.client("Zoë Müller").await;
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        world.settle(&[]).await;
        let zoes = ["Zoë Müller".to_owned()];
        for who in [&ann, &bob, &sue] {
            assert_eq!(names(who, "mull ZOE", 10).await, zoes, "{}", who.name);
        }
        for who in [&eve, &other] {
            assert!(names(who, "zoe", 10).await.is_empty(), "{}", who.name);
        }
        ann.claim(&id).await;
        world.settle(&[]).await;
        for (who, sees) in [(&ann, true), (&bob, false), (&sue, true)] {
            assert_eq!(!names(who, "zoe", 10).await.is_empty(), sees, "held, {}", who.name);
        }
        let bobs = bob.id().await;
        sue.assign(&id, &bobs).await;
        world.settle(&[]).await;
        for (who, sees) in [(&ann, false), (&bob, true), (&sue, true)] {
            assert_eq!(!names(who, "zoe", 10).await.is_empty(), sees, "assigned, {}", who.name);
        }
        bob.close(&id, None).await;
        world.settle(&[]).await;
        for (who, sees) in [(&ann, false), (&bob, true), (&sue, true)] {
            assert_eq!(!names(who, "zoe", 10).await.is_empty(), sees, "closed, {}", who.name);
        }
        for query in ["", " \t"] {
            assert!(names(&sue, query, 10).await.is_empty());
        }
        let long = sue.send_document(SESSIONS, json!({ "q": "x".repeat(201), "n": 1 })).await;
        assert_eq!(long.code(), "BAD_USER_INPUT");
        let client = zoe.send_document(SESSIONS, json!({ "q": "zoe", "n": 1 })).await;
        assert_eq!(client.code(), "FORBIDDEN");
    });
}

#[test]
fn a_rename_leaves_no_stale_hit() {
    play(async |world| {
        let ann = world.online("ann").await;
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        world.settle(&[]).await;
        let document = "mutation($id: ID!, $n: String!) { renameSession(sessionId: $id, name: $n) {
            userErrors { code } } }";
        for (name, old) in [("Заказ 7", "zoe"), ("注文 八", "заказ"), ("Zoe", "注文")]
        {
            assert_eq!(code(&ann.act(document, json!({ "id": id, "n": name })).await), "");
            // At once: what is found is checked on the session as it is.
            assert!(names(&ann, old, 10).await.is_empty(), "{old}");
            world.settle(&[]).await;
            assert_eq!(names(&ann, name, 10).await, [name]);
            assert!(names(&ann, old, 10).await.is_empty(), "{old}");
        }
    });
}
