//! The end of a session, and what comes after it.

mod race;

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{code, field, play, texts};

#[test]
fn a_close_stands_in_the_dialog_and_the_history_stays() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.employee("sue").await);
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        ann.reply(&id, "Hi").await;
        zoe.post("Thanks").await;
        let closed = ann.close(&id, None).await;
        assert_eq!(code(&closed), "");
        let session = &closed["session"];
        assert_eq!(session["state"], "CLOSED");
        assert_eq!(session["unreadCount"], 0);
        assert_eq!(session["operator"]["name"], "Ann");
        assert!(session["closedAt"].is_string());
        let dialog = ann.dialog(&id).await;
        assert_eq!(texts(&dialog, "kind"), ["CLIENT", "EVENT", "OPERATOR", "CLIENT", "EVENT"]);
        assert_eq!(dialog[4]["event"]["kind"], "CLOSED");
        assert_eq!(dialog[4]["author"]["name"], "Ann");
        for person in [&ann, &sue] {
            assert_eq!(field(&person.group("CLOSED").await, "id"), [json!(id)]);
        }
        assert!(ann.group("MY").await.is_empty());
        assert!(world.employee("bob").await.group("CLOSED").await.is_empty());
        // Closing what is closed is no error and changes nothing.
        let again = ann.close(&id, None).await;
        assert_eq!((code(&again), &again["session"]), ("", session));
        // The client sees no event.
        assert_eq!(texts(&zoe.conversation(None).await, "text"), ["Hello", "Hi", "Thanks"]);
    });
}

#[test]
fn a_message_after_the_close_opens_a_new_session_with_the_earlier_history_above_it() {
    play(async |world| {
        let ann = world.online("ann").await;
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let first = ann.waiting().await;
        ann.reply(&first, "Hi").await;
        ann.close(&first, None).await;
        zoe.post("It is me again").await;
        let second = ann.waiting().await;
        assert_ne!(first, second);
        let session = ann.session(&second).await;
        assert_eq!((&session["unreadCount"], &session["isNew"]), (&json!(1), &json!(true)));
        let dialog = ann.dialog(&second).await;
        let kinds = ["CLIENT", "EVENT", "OPERATOR", "EVENT", "CLIENT"];
        assert_eq!(texts(&dialog, "kind"), kinds);
        assert_eq!(field(&dialog, "seq"), [1, 2, 3, 4, 5]);
        // The boundary is marked: each entry names its session.
        let sessions: Vec<_> =
            dialog.iter().map(|e| e["session"]["id"].as_str().unwrap()).collect();
        assert_eq!(sessions, [&first, &first, &first, &first, &second]);
        // Later ones are never visible through earlier ones.
        assert_eq!(ann.dialog(&first).await.len(), 4);
    });
}

#[test]
fn nobody_closes_over_a_message_they_have_not_seen() {
    play(async |world| {
        let ann = world.online("ann").await;
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        zoe.post("One more thing").await;
        let refused = ann.close(&id, Some(2)).await;
        assert_eq!(code(&refused), "UNSEEN_MESSAGE");
        assert_eq!(ann.session(&id).await["state"], "ASSIGNED");
        // A note that the operator wrote after it does not matter.
        assert_eq!(code(&ann.note(&id, "A regular").await), "");
        assert_eq!(code(&ann.close(&id, Some(3)).await), "");
    });
}

#[test]
fn a_close_and_a_message_that_race_are_ordered_and_nothing_is_lost() {
    play(async |world| {
        let ann = world.online("ann").await;
        for round in 0..6 {
            let zoe = world.client(&format!("Zoe{round}")).await;
            zoe.post("Hello").await;
            let id = ann.waiting().await;
            ann.claim(&id).await;
            let (closed, posted) = tokio::join!(ann.close(&id, Some(2)), zoe.post("And"));
            assert_eq!(posted["text"], "And");
            let queue = ann.group("QUEUE").await;
            match code(&closed) {
                // The close came first: the message opened a new session.
                "" => {
                    assert_eq!(queue.len(), 1);
                    assert_eq!(queue[0]["unreadCount"], 1);
                    let next = ann.waiting().await;
                    assert_eq!(ann.dialog(&next).await.len(), 4);
                    assert_eq!(code(&ann.claim(&next).await), "");
                    assert_eq!(code(&ann.close(&next, None).await), "");
                }
                // The message came first: it is in the session, which is still open.
                "UNSEEN_MESSAGE" => {
                    assert!(queue.is_empty());
                    assert_eq!(ann.session(&id).await["unreadCount"], 2);
                    assert_eq!(code(&ann.close(&id, None).await), "");
                }
                other => panic!("{other}"),
            }
            assert_eq!(texts(&zoe.conversation(None).await, "text"), ["Hello", "And"]);
        }
        assert_eq!(ann.badge().await, [0; 4]);
    });
}

#[test]
fn of_a_close_and_many_messages_at_once_no_message_is_lost_or_doubled() {
    play(async |world| {
        let ann = world.online("ann").await;
        let zoe = world.client("Zoe").await;
        zoe.post("0").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        let posts = join_all((1..8).map(|number| {
            let zoe = zoe.clone();
            async move { zoe.post(&number.to_string()).await }
        }));
        let (closed, _) = tokio::join!(ann.close(&id, None), posts);
        assert_eq!(code(&closed), "");
        let seen = zoe.conversation(None).await;
        let mut said = texts(&seen, "text");
        assert_eq!(field(&seen, "seq"), [1, 2, 3, 4, 5, 6, 7, 8]);
        said.sort();
        assert_eq!(said, ["0", "1", "2", "3", "4", "5", "6", "7"]);
        let open: i64 =
            ann.group("QUEUE").await.iter().map(|s| s["unreadCount"].as_i64().unwrap()).sum();
        let dialog = ann.dialog(&id).await;
        let kept = dialog.iter().filter(|entry| entry["kind"] == "CLIENT").count();
        assert_eq!(i64::try_from(kept).unwrap() + open, 8);
    });
}

#[test]
fn a_closed_session_gives_out_no_message_any_more() {
    play(async |world| {
        let (ann, sue, bob) =
            (world.online("ann").await, world.online("sue").await, world.online("bob").await);
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        ann.close(&id, None).await;
        let to = bob.id().await;
        for payload in [
            ann.reply(&id, "x").await,
            ann.note(&id, "x").await,
            ann.claim(&id).await,
            ann.assign(&id, &to).await,
            ann.give_back(&id, None).await,
            sue.note(&id, "x").await,
            sue.assign(&id, &to).await,
            sue.give_back(&id, None).await,
        ] {
            assert_eq!(code(&payload), "SESSION_CLOSED", "{payload}");
        }
        assert_eq!(ann.dialog(&id).await.len(), 3);
        // An operator who never had the session does not see it.
        assert_eq!(bob.session(&id).await, Value::Null);
        assert_eq!(code(&bob.note(&id, "x").await), "NOT_FOUND");
    });
}

#[test]
fn an_earlier_session_that_is_readable_through_a_later_one_is_only_read() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let first = ann.waiting().await;
        ann.claim(&first).await;
        ann.close(&first, None).await;
        assert_eq!(bob.session(&first).await, Value::Null);
        zoe.post("Again").await;
        let second = bob.waiting().await;
        // In the queue it is in sight, and with it what came before.
        assert_eq!(bob.dialog(&second).await.len(), 4);
        assert_eq!(bob.session(&first).await["state"], "CLOSED");
        let to = bob.id().await;
        for payload in [
            bob.reply(&first, "x").await,
            bob.note(&first, "x").await,
            bob.claim(&first).await,
            bob.assign(&first, &to).await,
            bob.give_back(&first, None).await,
            bob.close(&first, None).await,
        ] {
            assert_eq!(code(&payload), "FORBIDDEN", "{payload}");
        }
        assert!(bob.group("CLOSED").await.is_empty());
        assert_eq!(bob.badge().await, [0, 0, 0, 1]);
        // Ann, who had the first, no longer sees the second once it is Bob's.
        bob.claim(&second).await;
        assert_eq!(ann.session(&second).await, Value::Null);
        assert_eq!(ann.dialog(&first).await.len(), 3);
        assert_eq!(bob.session(&first).await["state"], "CLOSED");
    });
}

#[test]
fn the_assignee_or_a_supervisor_closes_queued_ones_too() {
    play(async |world| {
        let sue = world.online("sue").await;
        world.client("Zoe").await.post("Hello").await;
        let id = sue.waiting().await;
        let closed = sue.close(&id, Some(1)).await;
        assert_eq!((code(&closed), &closed["session"]["state"]), ("", &json!("CLOSED")));
        assert_eq!(closed["session"]["operator"], Value::Null);
        assert_eq!(sue.badge().await, [0; 4]);
        assert_eq!(world.employee("ann").await.badge().await, [0; 4]);
        assert_eq!(sue.group("CLOSED").await.len(), 1);
        assert!(world.employee("ann").await.group("CLOSED").await.is_empty());
    });
}
