//! Feeds: the events that subscribers are pushed.

mod change;
mod following;

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{
    ALERTS, CONVERSATION, COUNTERS, MESSAGES, PRESENCE, Person, SESSIONS, World, code, field, play,
    play_sharded, texts,
};

async fn queued(world: &World, name: &str) -> (Person, String) {
    let client = world.client(name).await;
    client.post("Hello").await;
    let queue = world.employee("ann").await.group("QUEUE").await;
    let session = queue.iter().find(|session| session["name"] == name).unwrap();
    (client, session["id"].as_str().unwrap().to_owned())
}

#[test]
fn changes_of_sessions_begin_with_ready_and_tell_what_happens() {
    play_sharded(async |world| {
        let (ann, sue) = (world.online("ann").await, world.employee("sue").await);
        let socket = sue.socket().await;
        let mut feed = socket.subscribe(SESSIONS, json!({}));
        let ready = feed.next().await;
        assert_eq!((&ready["kind"], &ready["session"]), (&json!("READY"), &Value::Null));
        let (zoe, id) = queued(world, "Zoe").await;
        let opened = feed.next().await;
        assert_eq!(opened["kind"], "OPENED");
        assert_eq!(opened["session"]["id"], id.as_str());
        assert_eq!(opened["session"]["unreadCount"], 1);
        assert_eq!(opened["by"], json!({ "__typename": "Client", "name": "Zoe" }));
        zoe.post("Hello?").await;
        assert_eq!(feed.next().await["kind"], "MESSAGE");
        ann.claim(&id).await;
        let claimed = feed.next().await;
        assert_eq!(claimed["kind"], "CLAIMED");
        assert_eq!(claimed["session"]["operator"]["name"], "Ann");
        assert_eq!(claimed["by"], json!({ "__typename": "Employee", "name": "Ann" }));
        assert!(claimed["version"].as_str() > opened["version"].as_str());
        ann.read(&id, 2).await;
        let read = feed.next().await;
        assert_eq!((&read["kind"], &read["session"]["unreadCount"]), (&json!("READ"), &json!(0)));
        ann.reply(&id, "Hi").await;
        assert_eq!(feed.next().await["kind"], "MESSAGE");
        ann.give_back(&id, None).await;
        assert_eq!(feed.next().await["kind"], "RETURNED");
        let dan = world.online("dan").await;
        dan.assign(&id, &ann.id().await).await;
        assert_eq!(feed.next().await["kind"], "ASSIGNED");
        ann.close(&id, None).await;
        let closed = feed.next().await;
        assert_eq!(
            (&closed["kind"], &closed["session"]["state"]),
            (&json!("CLOSED"), &json!("CLOSED"))
        );
        assert_eq!(closed["session"]["version"], sue.session(&id).await["version"]);
    });
}

#[test]
fn what_leaves_the_sight_by_an_assignment_says_who_has_it() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.online("sue").await);
        let socket = world.employee("bob").await.socket().await;
        let mut feed = socket.subscribe(SESSIONS, json!({}));
        feed.next().await;
        let (_, id) = queued(world, "Zoe").await;
        sue.assign(&id, &ann.id().await).await;
        let seen = feed.until(|change| change["kind"] == "REMOVED").await;
        let removed = seen.last().unwrap();
        assert_eq!(removed["removedId"], id.as_str());
        assert_eq!(removed["by"]["name"], "Ann", "not Sue, who gave it to her");
        assert_eq!(removed["heldBy"]["name"], "Ann");
        // One that is closed while it waits is nobody's.
        let (_, other) = queued(world, "Max").await;
        sue.close(&other, None).await;
        let seen = feed.until(|change| change["kind"] == "REMOVED").await;
        let removed = seen.last().unwrap();
        assert_eq!(removed["removedId"], other.as_str());
        assert_eq!((&removed["by"]["name"], &removed["heldBy"]), (&json!("Sue"), &Value::Null));
    });
}

#[test]
fn what_leaves_the_sight_is_removed_and_it_is_said_by_whom() {
    play(async |world| {
        let ann = world.online("ann").await;
        let socket = world.employee("bob").await.socket().await;
        let mut feed = socket.subscribe(SESSIONS, json!({}));
        feed.next().await;
        let (_, id) = queued(world, "Zoe").await;
        feed.until(|change| change["kind"] == "OPENED").await;
        ann.claim(&id).await;
        let removed = feed.next().await;
        assert_eq!(removed["kind"], "REMOVED");
        assert_eq!(removed["removedId"], id.as_str());
        assert_eq!(removed["session"], Value::Null);
        assert_eq!(removed["by"]["name"], "Ann");
        // Bob gets nothing of Ann's reply: his next change is the return.
        ann.reply(&id, "Hi").await;
        ann.give_back(&id, None).await;
        let back = feed.next().await;
        assert_eq!((&back["kind"], &back["session"]["id"]), (&json!("RETURNED"), &json!(id)));
        world.settle(&[&socket]).await;
        // At least once: what is said again is the same.
        assert!(feed.rest().iter().all(|again| again["version"] == back["version"]));
    });
}

#[test]
fn changes_of_one_live_chat_or_another_tenant_stay_there() {
    play(async |world| {
        let bob = world.employee("bob").await;
        let socket = bob.socket().await;
        let sales = world.live_chat("Sales").await;
        let mut sales_only = socket.subscribe(SESSIONS, json!({ "liveChat": sales }));
        let mut all = socket.subscribe(SESSIONS, json!({}));
        let (eve, stranger) = (world.employee("eve").await, world.employee("other/ann").await);
        let (eves, strangers) = (eve.socket().await, stranger.socket().await);
        let mut to_eve = eves.subscribe(SESSIONS, json!({}));
        let mut to_stranger = strangers.subscribe(SESSIONS, json!({}));
        for feed in [&mut sales_only, &mut all, &mut to_eve, &mut to_stranger] {
            assert_eq!(feed.next().await["kind"], "READY");
        }
        world.client("Zoe").await.post("Hello").await;
        world.client_of("Yan", "Sales").await.post("Hello").await;
        world.settle(&[&socket, &eves, &strangers]).await;
        let names = |changes: Vec<Value>| -> Vec<String> {
            changes.iter().map(|c| c["session"]["name"].as_str().unwrap().to_owned()).collect()
        };
        let mut both = names(all.rest());
        both.sort();
        assert_eq!(both, ["Yan", "Zoe"]);
        assert_eq!(names(sales_only.rest()), ["Yan"]);
        assert_eq!(names(to_eve.rest()), ["Yan"]);
        assert!(to_stranger.rest().is_empty());
        // Where one has no role there is nothing to listen to, as where there is no live chat.
        let support = world.live_chat("Support").await;
        let refused = eves.subscribe(SESSIONS, json!({ "liveChat": support })).frame().await;
        let missing = eves.subscribe(SESSIONS, json!({ "liveChat": "nonsense" })).frame().await;
        assert_eq!(refused["type"], "error");
        assert_eq!(refused["payload"][0]["message"], missing["payload"][0]["message"]);
        assert_eq!(
            refused["payload"][0]["extensions"]["code"],
            missing["payload"][0]["extensions"]["code"]
        );
    });
}

#[test]
fn a_dialog_is_replayed_in_order_and_goes_on_live() {
    play_sharded(async |world| {
        let ann = world.online("ann").await;
        let (zoe, id) = queued(world, "Zoe").await;
        ann.reply(&id, "Hi").await;
        zoe.post("How are you?").await;
        let socket = ann.socket().await;
        let mut all = socket.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
        let replayed = all.entries(4).await;
        assert_eq!(field(&replayed, "seq"), [1, 2, 3, 4]);
        assert_eq!(texts(&replayed, "kind"), ["CLIENT", "EVENT", "OPERATOR", "CLIENT"]);
        let mut rest = socket.subscribe(MESSAGES, json!({ "id": id, "after": 3 }));
        assert_eq!(rest.entry().await["seq"], 4);
        ann.note(&id, "Chatty").await;
        zoe.post("Fine?").await;
        for feed in [&mut all, &mut rest] {
            assert_eq!(texts(&feed.entries(2).await, "text"), ["Chatty", "Fine?"]);
        }
    });
}

#[test]
fn a_dialog_without_after_is_live_only() {
    play(async |world| {
        let ann = world.online("ann").await;
        let (zoe, id) = queued(world, "Zoe").await;
        let socket = ann.socket().await;
        let mut live = socket.subscribe(MESSAGES, json!({ "id": id }));
        // Nothing says when it listens: write until something comes.
        let mut heard = Vec::new();
        for number in 0..15 {
            zoe.post(&format!("Number {number}")).await;
            world.settle(&[&socket]).await;
            heard.extend(live.rest());
            if heard.len() > 1 {
                break;
            }
        }
        assert!(heard[0]["seq"].as_i64() > Some(1), "{heard:?}");
        let next = heard[0]["seq"].as_i64().unwrap() + 1;
        assert_eq!(heard[1]["seq"], next);
    });
}

#[test]
fn nothing_is_lost_between_the_replay_and_what_follows() {
    play_sharded(async |world| {
        let ann = world.online("ann").await;
        let (zoe, id) = queued(world, "Zoe").await;
        let socket = ann.socket().await;
        let posts = async {
            for number in 0..12 {
                zoe.post(&number.to_string()).await;
            }
        };
        let listen = async {
            let mut feeds = Vec::new();
            for _ in 0..5 {
                let mut feed = socket.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
                assert_eq!(feed.next().await["seq"], 1);
                feeds.push(feed);
            }
            feeds
        };
        let ((), feeds) = tokio::join!(posts, listen);
        for mut feed in feeds {
            // At least once: whoever keeps the greatest seq sees a dense run.
            let mut last = 1;
            while last < 13 {
                let seq = feed.next().await["seq"].as_i64().unwrap();
                assert!(seq <= last + 1, "{seq} after {last}");
                last = last.max(seq);
            }
        }
    });
}

#[test]
fn a_client_who_comes_back_resumes_without_a_loss() {
    play_sharded(async |world| {
        let ann = world.online("ann").await;
        let (zoe, id) = queued(world, "Zoe").await;
        let socket = ann.socket().await;
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
        assert_eq!(feed.entry().await["seq"], 1);
        drop((feed, socket));
        for text in ["One", "Two", "Three"] {
            zoe.post(text).await;
        }
        let socket = ann.socket().await;
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": id, "after": 1 }));
        assert_eq!(texts(&feed.entries(3).await, "text"), ["One", "Two", "Three"]);
        let mut counters = socket.subscribe(COUNTERS, json!({}));
        assert_eq!(counters.next().await["queue"], 1);
    });
}

#[test]
fn a_dialog_completes_when_its_session_is_out_of_sight() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.employee("bob").await);
        let (zoe, id) = queued(world, "Zoe").await;
        let socket = bob.socket().await;
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
        assert_eq!(feed.entry().await["seq"], 1);
        ann.claim(&id).await;
        zoe.post("A secret").await;
        loop {
            let frame = feed.frame().await;
            if frame["type"] == "complete" {
                break;
            }
            // At least once: the first message, perhaps, and nothing that came later.
            assert_eq!(frame["payload"]["data"]["messages"]["seq"], 1, "{frame}");
        }
        world.settle(&[&socket]).await;
        // At least once, as well: the one who replays and the fan-out may both see that it is over.
        let rest = feed.rest_of_frames();
        assert!(rest.iter().all(|frame| frame["type"] == "complete"), "{rest:?}");
        // And it cannot be listened to again.
        let mut again = socket.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
        let hidden = again.frame().await;
        let mut missing = socket.subscribe(MESSAGES, json!({ "id": "nonsense", "after": 0 }));
        let missing = missing.frame().await;
        assert_eq!(hidden["type"], missing["type"]);
        assert_eq!(hidden["payload"][0]["message"], missing["payload"][0]["message"]);
    });
}

#[test]
fn the_dialog_of_an_earlier_session_never_shows_a_later_one() {
    play(async |world| {
        let ann = world.online("ann").await;
        let (zoe, first) = queued(world, "Zoe").await;
        ann.claim(&first).await;
        ann.close(&first, None).await;
        let socket = ann.socket().await;
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": first, "after": 0 }));
        assert_eq!(field(&feed.entries(3).await, "seq"), [1, 2, 3]);
        zoe.post("Again").await;
        world.settle(&[&socket]).await;
        assert!(feed.rest_of_entries().is_empty());
        let second = ann.waiting().await;
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": second, "after": 0 }));
        assert_eq!(field(&feed.entries(4).await, "seq"), [1, 2, 3, 4]);
    });
}

#[test]
fn the_operators_reply_reaches_the_client_without_notes_events_or_holes() {
    play(async |world| {
        let ann = world.online("ann").await;
        let zoe = world.client("Zoe").await;
        let socket = zoe.socket().await;
        let mut feed = socket.subscribe(CONVERSATION, json!({ "after": 0 }));
        zoe.post("Hello").await;
        let own = feed.entry().await;
        assert_eq!(own["author"], json!({ "name": "Zoe", "viewerIsAuthor": true }));
        let id = ann.waiting().await;
        ann.claim(&id).await;
        ann.note(&id, "Nobody tells her").await;
        ann.reply(&id, "Hi, Zoe").await;
        let answer = feed.entry().await;
        assert_eq!((&answer["seq"], &answer["text"]), (&json!(2), &json!("Hi, Zoe")));
        assert_eq!(answer["author"], json!({ "name": "Ann", "viewerIsAuthor": false }));
        ann.close(&id, None).await;
        zoe.post("Again").await;
        assert_eq!(feed.entry().await["seq"], 3);
        world.settle(&[&socket]).await;
        assert!(feed.rest_of_entries().is_empty());
        let seen = zoe.conversation(None).await;
        assert_eq!(field(&seen, "seq"), [1, 2, 3]);
        // The query shows the entries that came by the socket.
        assert_eq!(seen[1]["id"], answer["id"]);
        let mut late = socket.subscribe(CONVERSATION, json!({ "after": 1 }));
        assert_eq!(texts(&late.entries(2).await, "text"), ["Hi, Zoe", "Again"]);
    });
}

#[test]
fn an_internal_client_hears_the_answers_of_the_live_chat_they_name() {
    play(async |world| {
        let (ann, kim) = (world.online("ann").await, world.employee("kim").await);
        let support = world.live_chat("Support").await;
        let socket = kim.socket().await;
        let mut feed = socket.subscribe(CONVERSATION, json!({ "liveChat": support, "after": 0 }));
        kim.post_to(&support, "Hello").await;
        assert_eq!(feed.entry().await["text"], "Hello");
        ann.reply(&ann.waiting().await, "Hi, Kim").await;
        assert_eq!(feed.entry().await["text"], "Hi, Kim");
        // A client hears nothing of others.
        let zoe = world.client("Zoe").await;
        zoe.post("Good morning").await;
        world.settle(&[&socket]).await;
        assert!(feed.rest_of_entries().is_empty());
    });
}

#[test]
fn presence_of_colleagues_and_of_oneself_is_pushed() {
    play(async |world| {
        let (ann, sue) = (world.employee("ann").await, world.employee("sue").await);
        let (ours, theirs, far) =
            (ann.socket().await, sue.socket().await, world.employee("eve").await.socket().await);
        let mut to_ann = ours.listen(PRESENCE, json!({})).await;
        let mut to_sue = theirs.listen(PRESENCE, json!({})).await;
        let mut to_eve = far.listen(PRESENCE, json!({})).await;
        let stranger = world.employee("other/ann").await.socket().await;
        let mut to_stranger = stranger.listen(PRESENCE, json!({})).await;
        ann.presence("ONLINE").await;
        for feed in [&mut to_ann, &mut to_sue] {
            let pushed = feed.until(|employee| employee["presence"] == "ONLINE").await;
            assert_eq!(pushed.last().unwrap()["name"], "Ann");
        }
        ann.presence("OFFLINE").await;
        for feed in [&mut to_ann, &mut to_sue] {
            feed.until(|employee| employee["presence"] == "OFFLINE").await;
        }
        world.settle(&[&far, &stranger]).await;
        assert!(to_eve.rest().is_empty());
        assert!(to_stranger.rest().is_empty());
    });
}

#[test]
fn everybody_is_offline_at_first() {
    play(async |world| {
        for name in ["ann", "bob", "sue", "dan", "bea", "eve", "ada", "kim", "other/ann"] {
            let data = world.employee(name).await.get("{ viewer { employee { presence } } }").await;
            assert_eq!(data["viewer"]["employee"]["presence"], "OFFLINE", "{name}");
        }
    });
}

#[test]
fn queries_and_mutations_run_over_the_socket_too() {
    play(async |world| {
        let ann = world.online("ann").await;
        let (_, id) = queued(world, "Zoe").await;
        let socket = ann.socket().await;
        let mut query = socket.subscribe("{ viewer { employee { name } } }", json!({}));
        assert_eq!(query.next().await["employee"]["name"], "Ann");
        assert_eq!(query.frame().await["type"], "complete");
        let document = "mutation($id: ID!) { claimSession(sessionId: $id) {
            session { state } userErrors { code } } }";
        let mut claim = socket.subscribe(document, json!({ "id": id }));
        assert_eq!(claim.next().await["session"]["state"], "ASSIGNED");
        assert_eq!(claim.frame().await["type"], "complete");
        let mut again = socket.subscribe(document, json!({ "id": "nonsense" }));
        assert_eq!(code(&again.next().await), "NOT_FOUND");
        assert_eq!(again.frame().await["type"], "complete");
    });
}

#[test]
fn a_subscription_has_one_root_field_and_no_lists() {
    play(async |world| {
        let ann = world.online("ann").await;
        let (_, id) = queued(world, "Zoe").await;
        let socket = ann.socket().await;
        for document in [
            "subscription { counters { id } alerts { id } }",
            "subscription { a: counters { id } b: counters { id } }",
            "subscription { ...Two } fragment Two on Subscription { counters { id } alerts { id } }",
            "subscription { __typename }",
            "subscription { counters { nonsense } }",
            "subscription { counters { liveChats { sessions(group: QUEUE, first: 1) { nodes { id } } } } }",
            "subscription { sessions { session { messages(first: 1) { nodes { id } } } } }",
            "subscription { sessions { session { client { sessions(first: 1) { nodes { id } } } } } }",
        ] {
            let code = socket.subscribe(document, json!({})).refused().await;
            assert_eq!(code, "BAD_USER_INPUT", "{document}");
        }
        // The siblings live on.
        let mut feed = socket.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
        assert_eq!(feed.next().await["seq"], 1);
    });
}

#[test]
fn a_client_hears_nothing_of_the_desk() {
    play(async |world| {
        let (zoe, id) = queued(world, "Zoe").await;
        let socket = zoe.socket().await;
        for (document, variables) in [
            (COUNTERS, json!({})),
            (ALERTS, json!({})),
            (SESSIONS, json!({})),
            (PRESENCE, json!({})),
            (MESSAGES, json!({ "id": id })),
        ] {
            assert_eq!(
                socket.subscribe(document, variables).refused().await,
                "FORBIDDEN",
                "{document}"
            );
        }
    });
}

#[test]
fn a_push_has_what_depends_on_the_one_who_listens() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.employee("sue").await);
        let (zoe, id) = queued(world, "Zoe").await;
        ann.claim(&id).await;
        let document =
            "subscription($id: ID!, $after: Int) { messages(sessionId: $id, afterSeq: $after) {
            seq session { viewerCanReply } } }";
        let (ours, theirs) = (ann.socket().await, sue.socket().await);
        let mut to_ann = ours.subscribe(document, json!({ "id": id, "after": 2 }));
        let mut to_sue = theirs.subscribe(document, json!({ "id": id, "after": 2 }));
        zoe.post("Hello?").await;
        assert_eq!(to_ann.next().await["session"]["viewerCanReply"], true);
        assert_eq!(to_sue.next().await["session"]["viewerCanReply"], false);
    });
}

#[test]
fn many_changes_at_once_reach_everybody_who_listens() {
    play(async |world| {
        let sockets =
            join_all((0..4).map(|_| async { world.employee("sue").await.socket().await })).await;
        let mut feeds = Vec::new();
        for socket in &sockets {
            let mut feed = socket.subscribe(SESSIONS, json!({}));
            feed.next().await;
            feeds.push(feed);
        }
        let clients =
            join_all((0..8).map(|n| async move { world.client(&format!("C{n}")).await })).await;
        join_all(clients.iter().map(|client| client.post("Hello"))).await;
        for feed in &mut feeds {
            let mut names = std::collections::BTreeSet::new();
            while names.len() < 8 {
                let change = feed.next().await;
                names.insert(change["session"]["name"].as_str().unwrap().to_owned());
            }
        }
    });
}
