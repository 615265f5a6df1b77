//! The groups of sessions, page by page.

mod connection;
mod dialog;
mod group;

use serde_json::{Value, json};
use tests::world::{Person, World, code, play, texts};

async fn page(person: &Person, group: &str, first: i64, after: Option<&str>) -> Value {
    let document =
        "query($l: ID!, $g: SessionGroup!, $n: Int!, $a: String) { viewer { liveChat(id: $l) {
        sessions(group: $g, first: $n, after: $a) { edges { cursor node { name } } nodes { name }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }";
    let bob = person.get("{ viewer { liveChats { id name } } }").await;
    let live_chats = bob["viewer"]["liveChats"].as_array().unwrap();
    let id = &live_chats.iter().find(|found| found["name"] == "Support").unwrap()["id"];
    let variables = json!({ "l": id, "g": group, "n": first, "a": after });
    person.get_with(document, variables).await["viewer"]["liveChat"]["sessions"].clone()
}

/// All names of a group, read in pages of two.
async fn paged(person: &Person, group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = page(person, group, 2, after.as_deref()).await;
        let nodes = page["nodes"].as_array().unwrap();
        let edges = page["edges"].as_array().unwrap();
        assert_eq!(nodes.len(), edges.len());
        names.extend(texts(nodes, "name"));
        if let Some(last) = edges.last() {
            assert_eq!(page["pageInfo"]["endCursor"], last["cursor"]);
            assert_eq!(page["pageInfo"]["startCursor"], edges[0]["cursor"]);
        }
        assert_eq!(page["pageInfo"]["hasPreviousPage"], after.is_some());
        if page["pageInfo"]["hasNextPage"] == false {
            return names;
        }
        after = Some(page["pageInfo"]["endCursor"].as_str().expect("where it stopped").to_owned());
        assert!(names.len() < 100, "it does not end");
    }
}

async fn five(world: &World) -> Vec<Person> {
    let mut clients = Vec::new();
    for name in ["A", "B", "C", "D", "E"] {
        let client = world.client(name).await;
        client.post("Hello").await;
        clients.push(client);
    }
    clients
}

#[test]
fn the_queue_is_longest_waiting_first_and_a_further_message_does_not_move_it() {
    play(async |world| {
        let clients = five(world).await;
        clients[0].post("Hello?").await;
        let ann = world.online("ann").await;
        assert_eq!(paged(&ann, "QUEUE").await, ["A", "B", "C", "D", "E"]);
        for wanted in ["A", "B"] {
            assert_eq!(ann.claim_next(None).await["session"]["name"], wanted);
        }
        assert_eq!(paged(&ann, "QUEUE").await, ["C", "D", "E"]);
        assert_eq!(paged(&world.employee("sue").await, "QUEUE").await, ["C", "D", "E"]);
    });
}

#[test]
fn mine_are_last_message_first() {
    play(async |world| {
        let clients = five(world).await;
        let ann = world.online("ann").await;
        for _ in 0..4 {
            ann.claim_next(None).await;
        }
        clients[1].post("Hello?").await;
        assert_eq!(paged(&ann, "MY").await, ["B", "D", "C", "A"]);
        let mine = ann.group("MY").await;
        let id = mine.iter().find(|session| session["name"] == "A").unwrap()["id"].clone();
        ann.reply(id.as_str().unwrap(), "Hi").await;
        assert_eq!(paged(&ann, "MY").await, ["A", "B", "D", "C"]);
        // Notes and events do not move a session.
        let id = mine.iter().find(|session| session["name"] == "C").unwrap()["id"].clone();
        ann.note(id.as_str().unwrap(), "Hm").await;
        assert_eq!(paged(&ann, "MY").await, ["A", "B", "D", "C"]);
        assert!(paged(&world.employee("bob").await, "MY").await.is_empty());
        assert!(paged(&world.employee("sue").await, "MY").await.is_empty());
    });
}

#[test]
fn active_is_all_that_is_open_for_supervisors_and_empty_for_others() {
    play(async |world| {
        let clients = five(world).await;
        let ann = world.online("ann").await;
        ann.claim_next(None).await;
        ann.claim_next(None).await;
        clients[2].post("Hello?").await;
        for name in ["sue", "dan"] {
            let person = world.employee(name).await;
            assert_eq!(paged(&person, "ACTIVE").await, ["C", "E", "D", "B", "A"], "{name}");
        }
        assert!(paged(&ann, "ACTIVE").await.is_empty());
    });
}

#[test]
fn closed_ones_are_last_closed_first_for_an_operator_those_they_had() {
    play(async |world| {
        five(world).await;
        let (ann, bob, sue) =
            (world.online("ann").await, world.online("bob").await, world.online("sue").await);
        for (person, _) in [(&ann, "A"), (&bob, "B"), (&ann, "C"), (&ann, "D")] {
            person.claim_next(None).await;
        }
        for (person, name) in [(&ann, "C"), (&ann, "A"), (&bob, "B"), (&ann, "D")] {
            let mine = person.group("MY").await;
            let id = mine.iter().find(|session| session["name"] == name).unwrap()["id"].clone();
            assert_eq!(code(&person.close(id.as_str().unwrap(), None).await), "");
        }
        sue.close(&sue.waiting().await, None).await;
        assert_eq!(paged(&ann, "CLOSED").await, ["D", "A", "C"]);
        assert_eq!(paged(&bob, "CLOSED").await, ["B"]);
        assert_eq!(paged(&sue, "CLOSED").await, ["E", "D", "B", "A", "C"]);
        assert!(paged(&sue, "ACTIVE").await.is_empty());
    });
}

#[test]
fn a_page_has_1_to_100_entries() {
    play(async |world| {
        let (ann, zoe) = (world.employee("ann").await, world.client("Zoe").await);
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        for number in [-1, 0, 101] {
            for document in [
                format!("{{ viewer {{ sessions(first: {number}) {{ nodes {{ id }} }} }} }}"),
                format!(
                    "{{ viewer {{ liveChats {{ sessions(group: QUEUE, first: {number}) {{ nodes {{ id }} }} }} }} }}"
                ),
                format!(
                    "{{ viewer {{ session(id: \"{id}\") {{ messages(first: {number}) {{ nodes {{ id }} }} }} }} }}"
                ),
                format!(
                    "{{ viewer {{ session(id: \"{id}\") {{ messages(last: {number}) {{ nodes {{ id }} }} }} }} }}"
                ),
            ] {
                assert_eq!(
                    ann.send_document(&document, json!({})).await.code(),
                    "BAD_USER_INPUT",
                    "{document}"
                );
            }
            let document =
                format!("{{ conversation {{ messages(first: {number}) {{ nodes {{ id }} }} }} }}");
            assert_eq!(zoe.send_document(&document, json!({})).await.code(), "BAD_USER_INPUT");
        }
        let document =
            format!("{{ viewer {{ session(id: \"{id}\") {{ messages {{ nodes {{ id }} }} }} }} }}");
        assert_eq!(ann.send_document(&document, json!({})).await.code(), "BAD_USER_INPUT");
        let document = "{ viewer { sessions(first: 10, after: \"nonsense\") { nodes { id } } } }";
        assert_eq!(ann.send_document(document, json!({})).await.code(), "BAD_USER_INPUT");
    });
}

#[test]
fn the_dialog_is_paged_from_either_end_and_around_an_entry() {
    play(async |world| {
        let (ann, zoe) = (world.employee("ann").await, world.client("Zoe").await);
        for number in 1..=9 {
            zoe.post(&number.to_string()).await;
        }
        let id = ann.waiting().await;
        let page = async |arguments: &str| {
            let document = format!("{{ viewer {{ session(id: \"{id}\") {{ messages({arguments}) {{
                nodes {{ seq }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }} }}");
            ann.get(&document).await["viewer"]["session"]["messages"].clone()
        };
        let seqs = |page: &Value| {
            page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|n| n["seq"].as_i64().unwrap())
                .collect::<Vec<_>>()
        };
        let last = page("last: 4").await;
        assert_eq!(seqs(&last), [6, 7, 8, 9]);
        assert_eq!(last["pageInfo"]["hasPreviousPage"], true);
        assert_eq!(last["pageInfo"]["hasNextPage"], false);
        let cursor = last["pageInfo"]["startCursor"].as_str().unwrap();
        let earlier = page(&format!("last: 4, before: \"{cursor}\"")).await;
        assert_eq!(seqs(&earlier), [2, 3, 4, 5]);
        assert_eq!(earlier["pageInfo"]["hasNextPage"], true);
        let first = page("first: 5").await;
        assert_eq!(seqs(&first), [1, 2, 3, 4, 5]);
        let cursor = first["pageInfo"]["endCursor"].as_str().unwrap();
        assert_eq!(seqs(&page(&format!("first: 5, after: \"{cursor}\"")).await), [6, 7, 8, 9]);
        assert_eq!(seqs(&page("first: 3, aroundSeq: 5").await), [4, 5, 6]);
        assert_eq!(seqs(&page("first: 3, aroundSeq: 9").await), [7, 8, 9]);
    });
}

#[test]
fn a_filter_leaves_only_unread_ones_or_those_that_wait_for_a_reply() {
    play(async |world| {
        let clients = five(world).await;
        let ann = world.online("ann").await;
        for _ in 0..3 {
            ann.claim_next(None).await;
        }
        for session in ann.group("MY").await {
            let id = session["id"].as_str().unwrap();
            match session["name"].as_str().unwrap() {
                "A" => drop(ann.reply(id, "Hi").await),
                "B" => drop(ann.read(id, 2).await),
                _ => {}
            }
        }
        clients[3].post("Hello?").await;
        let filtered = async |filter: Value| {
            let document = "query($f: SessionFilter) { viewer { sessions(filter: $f, first: 10) {
                nodes { name } } } }";
            let data = ann.get_with(document, json!({ "f": filter })).await;
            texts(data["viewer"]["sessions"]["nodes"].as_array().unwrap(), "name")
        };
        assert_eq!(filtered(json!({})).await.len(), 3);
        assert_eq!(filtered(json!({ "unread": true })).await, ["C"]);
        assert_eq!(filtered(json!({ "waitingForReply": true })).await, ["C", "B"]);
        assert_eq!(filtered(json!({ "waitingForReply": false })).await, ["A"]);
        assert_eq!(filtered(json!({ "unread": false, "waitingForReply": true })).await, ["B"]);
    });
}

#[test]
fn my_sessions_of_all_live_chats_are_one_list() {
    play(async |world| {
        let bob = world.online("bob").await;
        world.client("A").await.post("Hello").await;
        world.client_of("B", "Sales").await.post("Hello").await;
        world.client("C").await.post("Hello").await;
        for _ in 0..3 {
            bob.claim_next(None).await;
        }
        let document = "query($a: String) { viewer { sessions(first: 2, after: $a) {
            nodes { name liveChat { name } } pageInfo { hasNextPage endCursor } } } }";
        let first = bob.get(document).await["viewer"]["sessions"].clone();
        assert_eq!(texts(first["nodes"].as_array().unwrap(), "name"), ["C", "B"]);
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let after = json!({ "a": first["pageInfo"]["endCursor"] });
        let second = bob.get_with(document, after).await["viewer"]["sessions"].clone();
        assert_eq!(texts(second["nodes"].as_array().unwrap(), "name"), ["A"]);
        assert_eq!(second["pageInfo"]["hasNextPage"], false);
    });
}

#[test]
fn the_sessions_of_a_client_are_those_that_the_viewer_sees_last_opened_first() {
    play(async |world| {
        let (ann, bob, sue) =
            (world.online("ann").await, world.online("bob").await, world.employee("sue").await);
        let zoe = world.client("Zoe").await;
        for person in [&ann, &bob, &ann] {
            zoe.post("Hello").await;
            let id = person.waiting().await;
            person.claim(&id).await;
            person.close(&id, None).await;
        }
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        let document =
            "query($id: ID!, $n: Int!, $a: String) { viewer { session(id: $id) { client {
            sessions(first: $n, after: $a) { nodes { id state operator { name } }
                pageInfo { hasNextPage endCursor } } } } } }";
        let page = async |person: &Person, first: i64, after: Value| {
            let variables = json!({ "id": id, "n": first, "a": after });
            let data = person.get_with(document, variables).await;
            data["viewer"]["session"]["client"]["sessions"].clone()
        };
        let names = |page: &Value| -> Vec<Value> {
            page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|s| s["operator"]["name"].clone())
                .collect()
        };
        let all = page(&sue, 10, Value::Null).await;
        assert_eq!(names(&all), [Value::Null, json!("Ann"), json!("Bob"), json!("Ann")]);
        assert_eq!(all["nodes"][0]["id"], id.as_str());
        assert_eq!(all["pageInfo"]["hasNextPage"], false);
        assert_eq!(
            names(&page(&ann, 10, Value::Null).await),
            [Value::Null, json!("Ann"), json!("Ann")]
        );
        assert_eq!(names(&page(&bob, 10, Value::Null).await), [Value::Null, json!("Bob")]);
        let first = page(&bob, 2, Value::Null).await;
        assert_eq!(names(&first), [Value::Null]);
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let second = page(&bob, 2, first["pageInfo"]["endCursor"].clone()).await;
        assert_eq!(names(&second), ["Bob"]);
        assert_eq!(second["pageInfo"]["hasNextPage"], false);
    });
}
