//! The one operation of an open dialog: its entries, and who types in it.

mod client;

use aws_sdk_dynamodb::types::AttributeValue;
use graphql::id::GlobalId;
use serde_json::{Value, json};
use tests::world::{DIALOG, Feed, MESSAGES, Person, Socket, World, play, within};

/// The most entries that a subscriber may be behind.
const MOST_REPLAYED: usize = 500;

fn follow(socket: &Socket, session: &str, after: Option<i64>) -> Feed {
    socket.subscribe(DIALOG, json!({ "id": session, "after": after }))
}

/// Returns an event of the dialog, in short.
fn short(event: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match event["__typename"].as_str() {
        Some("Message") => format!("{} {}", event["seq"], text(&event["text"])),
        Some("Typing") => {
            assert!(text(&event["until"]).ends_with('Z'), "{event}");
            format!("{} types", text(&event["actor"]["name"]))
        }
        _ => panic!("{event} is neither"),
    }
}

/// The next of the dialog. Entries come at least once: one that was there already is passed over.
async fn next(feed: &mut Feed, seen: &mut i64) -> String {
    loop {
        let event = feed.next().await;
        match event["seq"].as_i64() {
            Some(seq) if seq <= *seen => {}
            seq => {
                *seen = seq.unwrap_or(*seen);
                return short(&event);
            }
        }
    }
}

/// Ann has a session of Zoe's.
async fn claimed(world: &World) -> (Person, Person, String) {
    let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
    zoe.post("Hello").await;
    let id = ann.waiting().await;
    ann.claim(&id).await;
    (ann, zoe, id)
}

#[test]
fn entries_and_who_types_come_by_one_operation_and_never_oneself() {
    play(async |world| {
        let (ann, zoe, id) = claimed(world).await;
        let sue = world.online("sue").await;
        let (anns, sues) = (ann.socket().await, sue.socket().await);
        let (mut at_ann, mut at_sue) = (follow(&anns, &id, None), follow(&sues, &id, None));
        world.followed(&id, 2).await;
        world.settle(&[&anns, &sues]).await;
        // Entries from before they subscribed may still be on their way: they count as seen.
        let (mut by_ann, mut by_sue) = (2, 2);

        assert_eq!(zoe.types_as_client(None).await, "");
        assert_eq!(next(&mut at_ann, &mut by_ann).await, "Zoe types");
        assert_eq!(next(&mut at_sue, &mut by_sue).await, "Zoe types");
        zoe.post("Anybody?").await;
        assert_eq!(next(&mut at_ann, &mut by_ann).await, "3 Anybody?");
        assert_eq!(next(&mut at_sue, &mut by_sue).await, "3 Anybody?");
        assert_eq!(ann.types(&id).await, "");
        assert_eq!(next(&mut at_sue, &mut by_sue).await, "Ann types");
        ann.reply(&id, "Hi").await;
        assert_eq!(next(&mut at_sue, &mut by_sue).await, "4 Hi");
        assert_eq!(next(&mut at_ann, &mut by_ann).await, "4 Hi");
        world.settle(&[&anns, &sues]).await;
        for feed in [&mut at_ann, &mut at_sue] {
            assert!(feed.rest().iter().all(|again| again["seq"].as_i64() <= Some(4)));
        }
    });
}

#[test]
fn it_is_replayed_in_order_and_goes_on_live() {
    play(async |world| {
        let (ann, zoe, id) = claimed(world).await;
        ann.note(&id, "A regular").await;
        let socket = ann.socket().await;
        let (mut all, mut rest) = (follow(&socket, &id, Some(0)), follow(&socket, &id, Some(2)));
        let (mut seen, mut later) = (0, 2);
        assert_eq!(next(&mut all, &mut seen).await, "1 Hello");
        assert!(next(&mut all, &mut seen).await.starts_with("2 "));
        assert_eq!(next(&mut all, &mut seen).await, "3 A regular");
        assert_eq!(next(&mut rest, &mut later).await, "3 A regular");
        zoe.post("And this?").await;
        assert_eq!(next(&mut all, &mut seen).await, "4 And this?");
        assert_eq!(next(&mut rest, &mut later).await, "4 And this?");
        // A typing signal is not stored: a subscription that is just catching up does not get it.
        world.followed(&id, 2).await;
        zoe.types_as_client(None).await;
        assert_eq!(next(&mut all, &mut seen).await, "Zoe types");
        assert_eq!(next(&mut rest, &mut later).await, "Zoe types");
        let mut again = socket.subscribe(MESSAGES, json!({ "id": id, "after": 3 }));
        assert_eq!(again.entry().await["text"], "And this?", "as `messages` brings it");
    });
}

#[test]
fn it_completes_when_the_session_is_out_of_sight() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.employee("bob").await);
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = bob.waiting().await;
        let socket = bob.socket().await;
        let mut feed = follow(&socket, &id, Some(0));
        assert_eq!(short(&feed.next().await), "1 Hello");
        world.followed(&id, 1).await;
        world.settle(&[&socket]).await;
        let replayed = feed.rest();
        assert!(replayed.iter().all(|again| again["seq"] == 1), "{replayed:?}");
        ann.claim(&id).await;
        zoe.post("A secret").await;
        assert_eq!(feed.frame().await["type"], "complete");
        zoe.types_as_client(None).await;
        world.settle(&[&socket]).await;
        let more = feed.rest_of_frames();
        assert!(more.iter().all(|again| again["type"] == "complete"), "{more:?}");
        for session in [id.as_str(), "nonsense"] {
            assert_eq!(follow(&socket, session, Some(0)).refused().await, "FORBIDDEN");
        }
    });
}

#[test]
fn that_of_an_earlier_session_shows_nothing_of_a_later_one() {
    play(async |world| {
        let (ann, zoe, first) = claimed(world).await;
        ann.close(&first, None).await;
        let socket = ann.socket().await;
        let mut feed = follow(&socket, &first, Some(0));
        let mut seen = 0;
        for seq in 1..=3 {
            assert!(next(&mut feed, &mut seen).await.starts_with(&format!("{seq} ")));
        }
        zoe.post("Again").await;
        zoe.types_as_client(None).await;
        world.settle(&[&socket]).await;
        let more = feed.rest();
        assert!(more.iter().all(|again| again["seq"].as_i64() <= Some(3)), "{more:?}");
    });
}

#[test]
fn one_row_serves_it_and_several_who_ask_for_the_same_are_told_by_one_run() {
    play(async |world| {
        let (ann, zoe, id) = claimed(world).await;
        let others = [world.online("sue").await, world.online("dan").await];
        let mut sockets = Vec::new();
        for person in [&ann, &others[0], &others[1]] {
            sockets.push(person.socket().await);
        }
        let mut feeds: Vec<Feed> = sockets.iter().map(|s| follow(s, &id, None)).collect();
        world.followed(&id, 3).await;
        world.settle(&sockets.iter().collect::<Vec<_>>()).await;
        assert_eq!(world.subscriptions(&id).await, 3, "a row for each operation");

        let runs = || world.running.app.graphql.pushes();
        let before = runs();
        zoe.post("Anybody?").await;
        for feed in &mut feeds {
            assert_eq!(next(feed, &mut 2).await, "3 Anybody?");
        }
        world.settle(&sockets.iter().collect::<Vec<_>>()).await;
        assert_eq!(runs() - before, 1, "an entry");
        zoe.types_as_client(None).await;
        assert_eq!(runs() - before, 2, "who types");
        for feed in &mut feeds {
            assert_eq!(next(feed, &mut 3).await, "Zoe types");
        }
    });
}

#[test]
fn what_depends_on_who_asks_under_one_of_its_kinds_is_said_to_each() {
    play(async |world| {
        let (ann, zoe, id) = claimed(world).await;
        let sue = world.online("sue").await;
        let document = "subscription($id: ID!) { dialog(sessionId: $id) {
            ...Entry ... on Typing { actor { name } } } }
            fragment Entry on Message { session { viewerCanReply } }";
        let (anns, sues) = (ann.socket().await, sue.socket().await);
        let mut at_ann = anns.subscribe(document, json!({ "id": id }));
        let mut at_sue = sues.subscribe(document, json!({ "id": id }));
        world.followed(&id, 2).await;
        zoe.post("Hello?").await;
        assert_eq!(at_ann.next().await["session"]["viewerCanReply"], true);
        assert_eq!(at_sue.next().await["session"]["viewerCanReply"], false);
        let lists = "subscription($id: ID!) { dialog(sessionId: $id) {
            ... on Message { session { messages(first: 1) { nodes { id } } } } } }";
        let refused = anns.subscribe(lists, json!({ "id": id })).refused().await;
        assert_eq!(refused, "BAD_USER_INPUT");
    });
}

/// Makes a dialog of two entries as long as this, at once: by copies of its first entry. To write it
/// over the API would take half a minute.
async fn lengthen(world: &World, session: &str, to: usize) {
    let Some((tenant, GlobalId::Session(id))) = GlobalId::decode(session) else {
        panic!("{session} is no session")
    };
    let (dynamo, text) = (world.running.dynamo(), AttributeValue::S);
    let number = |value: usize| AttributeValue::N(value.to_string());
    let pk = text(format!("V#{tenant}#{}", id.conversation));
    let place = |seq: usize| text(format!("M#{seq:010}"));
    let first = dynamo.get_item().table_name("core").key("pk", pk.clone()).key("sk", place(1));
    let first = first.send().await.unwrap().item.expect("the first entry");
    for seq in 3..=to {
        let mut copy = first.clone();
        copy.extend([("sk".to_owned(), place(seq)), ("s".to_owned(), number(seq))]);
        dynamo.put_item().table_name("core").set_item(Some(copy)).send().await.unwrap();
    }
    let head = dynamo.update_item().table_name("core").key("pk", pk);
    let head = head.key("sk", text(format!("H#{:08}", id.ordinal)));
    let head = head.update_expression("SET s = :to").expression_attribute_values(":to", number(to));
    head.send().await.unwrap();
}

#[test]
fn whoever_is_too_far_behind_reads_again() {
    play(async |world| {
        let (ann, _, id) = claimed(world).await;
        lengthen(world, &id, MOST_REPLAYED + 1).await;
        let socket = ann.socket().await;
        for document in [DIALOG, MESSAGES] {
            let mut near = socket.subscribe(document, json!({ "id": id, "after": 1 }));
            assert_eq!(near.entries(MOST_REPLAYED).await.len(), MOST_REPLAYED);
            socket.complete(&near);
            let mut far = socket.subscribe(document, json!({ "id": id, "after": 0 }));
            assert_eq!(far.refused().await, "RESYNC");
        }
        within("the rows to go", async {
            while world.subscriptions(&id).await > 0 {
                tokio::task::yield_now().await;
            }
        })
        .await;
    });
}
