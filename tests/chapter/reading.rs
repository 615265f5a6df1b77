//! Read marks, of operators and of onlookers.

mod line;
mod position;

use serde_json::{Value, json};
use tests::world::{Person, World, code, play};

/// A session with three messages that Ann has.
async fn session(world: &World) -> (Person, Person, String) {
    let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
    for text in ["One", "Two", "Three"] {
        zoe.post(text).await;
    }
    let id = ann.waiting().await;
    assert_eq!(code(&ann.claim(&id).await), "");
    (ann, zoe, id)
}

#[test]
fn claiming_does_not_read_and_opening_does() {
    play(async |world| {
        let (ann, _, id) = session(world).await;
        let unread = async || ann.session(&id).await["unreadCount"].as_i64().unwrap();
        assert_eq!(unread().await, 3);
        let read = ann.read(&id, 2).await;
        assert_eq!((code(&read), &read["session"]["unreadCount"]), ("", &json!(1)));
        assert_eq!(read["session"]["viewerReadSeq"], 2);
        // It never moves back.
        let back = ann.read(&id, 1).await;
        assert_eq!(code(&back), "");
        assert_eq!(back["session"]["viewerReadSeq"], 2);
        assert_eq!(unread().await, 1);
        // Beyond the last is INVALID: three messages and the claim are four entries.
        let beyond = ann.read(&id, 5).await;
        assert_eq!(
            (code(&beyond), &beyond["userErrors"][0]["field"]),
            ("INVALID", &json!(["upToSeq"]))
        );
        assert_eq!(code(&ann.read(&id, -1).await), "INVALID");
        assert_eq!(unread().await, 1);
        ann.read(&id, 4).await;
        assert_eq!(unread().await, 0);
    });
}

#[test]
fn answering_reads_up_to_what_the_answerer_had_seen() {
    play(async |world| {
        let (ann, _, id) = session(world).await;
        let sent = ann.reply_as(&id, "Hi", "k1", Some(2)).await;
        assert_eq!((code(&sent), &sent["session"]["unreadCount"]), ("", &json!(1)));
        let sent = ann.reply_as(&id, "Hi", "k2", None).await;
        assert_eq!((code(&sent), &sent["session"]["unreadCount"]), ("", &json!(0)));
    });
}

#[test]
fn own_messages_notes_and_events_are_never_unread() {
    play(async |world| {
        let (ann, _, id) = session(world).await;
        ann.read(&id, 4).await;
        assert_eq!(code(&ann.reply(&id, "Hi").await), "");
        assert_eq!(code(&ann.note(&id, "A regular").await), "");
        let sue = world.online("sue").await;
        assert_eq!(code(&sue.note(&id, "Be kind").await), "");
        assert_eq!(ann.session(&id).await["unreadCount"], 0);
        assert_eq!(ann.badge().await, [0; 4]);
    });
}

#[test]
fn the_reading_of_others_moves_only_their_own_line() {
    play(async |world| {
        let (ann, _, id) = session(world).await;
        let sue = world.employee("sue").await;
        assert_eq!(sue.session(&id).await["viewerReadSeq"], 0);
        let read = sue.read(&id, 3).await;
        assert_eq!(code(&read), "");
        assert_eq!(read["session"]["viewerReadSeq"], 3);
        assert_eq!(read["session"]["unreadCount"], 3);
        sue.read(&id, 1).await;
        assert_eq!(sue.session(&id).await["viewerReadSeq"], 3);
        let mine = ann.session(&id).await;
        assert_eq!((&mine["unreadCount"], &mine["viewerReadSeq"]), (&json!(3), &json!(0)));
        assert_eq!(ann.badge().await, [1, 1, 0, 0]);
    });
}

#[test]
fn who_reads_in_the_queue_does_not_take_it_and_it_stays_unread() {
    play(async |world| {
        let ann = world.employee("ann").await;
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        let read = ann.read(&id, 1).await;
        assert_eq!(code(&read), "");
        assert_eq!(read["session"]["viewerReadSeq"], 1);
        assert_eq!(read["session"]["unreadCount"], 1);
        assert_eq!(read["session"]["state"], "QUEUED");
    });
}

#[test]
fn reassignment_carries_what_is_read_and_a_return_makes_all_unread() {
    play(async |world| {
        let (ann, _, id) = session(world).await;
        let bob = world.online("bob").await;
        ann.read(&id, 2).await;
        ann.assign(&id, &bob.id().await).await;
        assert_eq!(bob.session(&id).await["unreadCount"], 1);
        bob.read(&id, 5).await;
        assert_eq!(bob.session(&id).await["unreadCount"], 0);
        let back = bob.give_back(&id, None).await;
        assert_eq!(back["session"]["unreadCount"], 3);
        ann.claim(&id).await;
        assert_eq!(ann.session(&id).await["unreadCount"], 3);
    });
}

#[test]
fn a_mark_before_the_sessions_first_entry_changes_nothing() {
    play(async |world| {
        let (ann, zoe, first) = session(world).await;
        ann.close(&first, None).await;
        zoe.post("Again").await;
        let second = ann.waiting().await;
        ann.claim(&second).await;
        let before = ann.session(&second).await;
        let read = ann.read(&second, 2).await;
        assert_eq!(code(&read), "");
        assert_eq!(read["session"]["unreadCount"], 1);
        assert_eq!(read["session"]["version"], before["version"]);
    });
}

#[test]
fn a_session_waits_from_the_oldest_message_without_an_answer() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        zoe.post("One").await;
        let id = ann.waiting().await;
        let opened = ann.session(&id).await;
        assert_eq!(opened["waitingSince"], opened["firstMessageAt"]);
        zoe.post("Two").await;
        assert_eq!(ann.session(&id).await["waitingSince"], opened["waitingSince"]);
        ann.reply(&id, "Hi").await;
        let answered = ann.session(&id).await;
        assert_eq!(answered["waitingSince"], Value::Null);
        zoe.post("Three").await;
        ann.note(&id, "Later").await;
        let waits = ann.session(&id).await;
        assert_eq!(waits["waitingSince"], waits["lastMessageAt"]);
        assert!(waits["waitingSince"].as_str() > answered["lastMessageAt"].as_str());
        assert_eq!(waits["preview"]["text"], "Three");
    });
}

#[test]
fn a_session_is_marked_unread_again_from_an_entry() {
    play(async |world| {
        let (ann, _, id) = session(world).await;
        ann.read(&id, 4).await;
        let document =
            "mutation($id: ID!, $s: Int!) { markSessionUnread(sessionId: $id, fromSeq: $s) {
            session { unreadCount } userErrors { code } } }";
        let marked = ann.act(document, json!({ "id": id, "s": 2 })).await;
        assert_eq!((code(&marked), &marked["session"]["unreadCount"]), ("", &json!(2)));
        assert_eq!(ann.badge().await, [1, 1, 0, 0]);
    });
}
