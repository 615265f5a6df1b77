//! Amendments: what a client edits, deletes or blocks at the messenger stands in the dialog.

use domain::Session;
use futures::future::join_all;
use graphql::id::GlobalId;
use serde_json::{Value, json};
use store::amendment::{Amended, Amendment, AmendmentKind};
use tests::world::{Person, World, code, field, play, texts};

/// Returns the session as it is stored.
async fn stored(world: &World, session: &str) -> Session {
    let Some((tenant, GlobalId::Session(id))) = GlobalId::decode(session) else {
        panic!("{session} is no session")
    };
    world.running.app.store.of(&tenant).session(&id).await.unwrap().unwrap()
}

/// Amends as the client of a session.
async fn amend(world: &World, session: &str, id: &str, kind: AmendmentKind) -> Amended {
    let Some((tenant, _)) = GlobalId::decode(session) else { panic!("{session} is no session") };
    let of = stored(world, session).await;
    let amendment = Amendment { id: id.to_owned(), kind };
    let store = world.running.app.store.of(&tenant);
    store.amend(&of.live_chat, &of.client, &amendment).await.unwrap()
}

fn edited(message: &Value, text: &str) -> AmendmentKind {
    AmendmentKind::Edited { message_id: id_of(message), text: text.to_owned() }
}

fn id_of(message: &Value) -> String {
    message["clientMessageId"].as_str().unwrap().to_owned()
}

/// Returns the events of a dialog, each with what it is about and its new text.
async fn events(who: &Person, session: &str) -> Vec<Value> {
    let document = "query($id: ID!) { viewer { session(id: $id) { messages(first: 100) { nodes {
        author { __typename name } event { kind aboutSeq text } } } } } }";
    let data = who.get_with(document, json!({ "id": session })).await;
    let entries = data["viewer"]["session"]["messages"]["nodes"].as_array().unwrap();
    let by_client = entries.iter().filter(|entry| entry["author"]["__typename"] == "Client");
    by_client.map(|entry| entry["event"].clone()).filter(|event| !event.is_null()).collect()
}

#[test]
fn what_a_client_does_to_a_message_stands_in_the_dialog_and_what_was_said_stays() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        let message = zoe.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        let before = (ann.session(&id).await, ann.counters().await, zoe.conversation(None).await);
        for (name, kind) in [
            ("1", edited(&message, "Hello!")),
            ("2", AmendmentKind::Deleted { message_id: id_of(&message) }),
            ("3", AmendmentKind::Blocked),
            ("4", AmendmentKind::Unblocked),
        ] {
            assert_eq!(amend(world, &id, name, kind.clone()).await, Amended::Done);
            assert_eq!(amend(world, &id, name, kind).await, Amended::Repeated);
        }
        let expected = [
            json!({ "kind": "EDITED", "aboutSeq": 1, "text": "Hello!" }),
            json!({ "kind": "DELETED", "aboutSeq": 1, "text": null }),
            json!({ "kind": "BLOCKED", "aboutSeq": null, "text": null }),
            json!({ "kind": "UNBLOCKED", "aboutSeq": null, "text": null }),
        ];
        assert_eq!(events(&ann, &id).await, expected);
        let dialog = ann.dialog(&id).await;
        assert_eq!(field(&dialog, "seq"), [1, 2, 3, 4, 5, 6]);
        assert_eq!(
            (&dialog[0]["text"], &dialog[2]["text"]),
            (&json!("Hello"), &json!("Zoe edited a message."))
        );
        let mut after = ann.session(&id).await;
        after["version"] = before.0["version"].clone();
        assert_eq!(after, before.0);
        assert_eq!(ann.counters().await, before.1);
        assert_eq!(zoe.conversation(None).await, before.2, "the client's side shows none of it");
    });
}

#[test]
fn a_closed_session_stays_closed_and_the_next_one_counts_on() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        let message = zoe.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        ann.close(&id, None).await;
        assert_eq!(amend(world, &id, "1", edited(&message, "Hi")).await, Amended::Done);
        assert_eq!(ann.session(&id).await["state"], "CLOSED");
        assert!(ann.group("QUEUE").await.is_empty());
        zoe.post("Once more").await;
        let next = ann.waiting().await;
        let dialog = ann.dialog(&next).await;
        assert_eq!(field(&dialog, "seq"), [1, 2, 3, 4, 5]);
        assert_eq!(texts(&zoe.conversation(None).await, "text"), ["Hello", "Once more"]);
        // A message of the earlier session is amended in the one that is open now.
        assert_eq!(amend(world, &next, "2", edited(&message, "Hey")).await, Amended::Done);
        let last = ann.dialog(&next).await.pop().unwrap();
        assert_eq!((&last["seq"], &last["session"]["id"]), (&json!(6), &json!(next)));
        assert_eq!(code(&ann.claim(&next).await), "");
    });
}

#[test]
fn what_the_client_did_not_send_is_unknown_and_nothing_is_stored() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        let message = zoe.post("Hello").await;
        let id = ann.waiting().await;
        let before = ann.dialog(&id).await;
        let other = AmendmentKind::Deleted { message_id: "never sent".to_owned() };
        assert_eq!(amend(world, &id, "1", other).await, Amended::UnknownMessage);
        assert_eq!(ann.dialog(&id).await, before);
        // The id was not used up.
        assert_eq!(amend(world, &id, "1", edited(&message, "Hi")).await, Amended::Done);
        // An amendment may have the id of a message.
        let same = amend(world, &id, &id_of(&message), AmendmentKind::Blocked).await;
        assert_eq!(same, Amended::Done);
        let of = stored(world, &id).await;
        let (tenant, _) = GlobalId::decode(&id).unwrap();
        let nobody = domain::ClientId::of(&tenant, &of.channel, "nobody");
        let blocked = Amendment { id: "2".to_owned(), kind: AmendmentKind::Blocked };
        let store = world.running.app.store.of(&tenant);
        let amended = store.amend(&of.live_chat, &nobody, &blocked).await;
        assert_eq!(amended.unwrap(), Amended::UnknownClient);
    });
}

#[test]
fn of_amendments_and_messages_at_once_none_is_lost_or_doubled() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        let message = zoe.post("0").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        ann.close(&id, None).await;
        // The first message opens a session while the closed one is amended.
        let posts = join_all((1..4).map(|number| {
            let zoe = zoe.clone();
            async move { zoe.post(&number.to_string()).await }
        }));
        let amendments = join_all((1..4).map(|number| {
            let (id, kind) = (id.clone(), edited(&message, &number.to_string()));
            async move { amend(world, &id, &number.to_string(), kind).await }
        }));
        let (_, amended) = tokio::join!(posts, amendments);
        assert_eq!(amended, [Amended::Done; 3]);
        let next = ann.waiting().await;
        let dialog = ann.dialog(&next).await;
        assert_eq!(field(&dialog, "seq"), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(events(&ann, &next).await.len(), 3);
        assert_eq!(zoe.conversation(None).await.len(), 4);
    });
}
