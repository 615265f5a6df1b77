//! A typing signal: how long it lasts, how often it is pushed, and to whom.

use domain::Timestamp;
use domain::typing::{INTERVAL_MILLIS, LASTS_MILLIS};
use serde_json::{Value, json};
use tests::world::{World, code, play, play_ahead};

use super::{CONVERSATION_TYPING, follow, shown};

/// Asserts that a signal lasts six seconds from a moment since then.
fn assert_lasts(world: &World, typing: &Value, since: u64) {
    let until = Timestamp::parse(typing["until"].as_str().unwrap()).unwrap().as_millis();
    let now = world.running.app.store.now().as_millis();
    let may_be = since + LASTS_MILLIS..=now + LASTS_MILLIS;
    assert!(may_be.contains(&until), "{typing}: {until}, not {may_be:?}");
}

#[test]
fn a_signal_lasts_six_seconds_comes_once_in_three_and_is_of_one_session() {
    play_ahead(async |world, clock| {
        let (ann, sue) = (world.online("ann").await, world.online("sue").await);
        let [zoe, yan] = [world.client("Zoe").await, world.client("Yan").await];
        let mut sessions = Vec::new();
        for client in [&zoe, &yan] {
            client.post("Hello").await;
            let id = ann.waiting().await;
            assert_eq!(code(&ann.claim(&id).await), "");
            sessions.push(id);
        }
        let [id, other] = &sessions[..] else { panic!("{sessions:?}") };
        let sockets = [ann.socket().await, sue.socket().await, zoe.socket().await];
        let [anns, sues, zoes] = &sockets;
        let (mut at_ann, mut at_sue) = (follow(anns, id), follow(sues, id));
        let mut at_other = follow(sues, other);
        let mut at_zoe = zoes.subscribe(CONVERSATION_TYPING, json!({}));
        world.followed(id, 2).await;
        world.followed(other, 1).await;
        world.followed_as_client(id, 1).await;
        let before = ann.session(id).await;
        let now = || world.running.app.store.now().as_millis();

        for _ in 0..2 {
            let since = now();
            for _ in 0..5 {
                assert_eq!(ann.types(id).await, "");
            }
            for feed in [&mut at_sue, &mut at_zoe] {
                assert_lasts(world, &feed.next().await, since);
            }
            let since = now();
            for _ in 0..5 {
                assert_eq!(zoe.types_as_client(None).await, "");
            }
            for feed in [&mut at_ann, &mut at_sue] {
                let heard = feed.next().await;
                assert_eq!(shown(&heard), ("Client".to_owned(), "Zoe".to_owned()));
                assert_lasts(world, &heard, since);
            }
            world.settle(&[anns, sues, zoes]).await;
            for feed in [&mut at_ann, &mut at_sue, &mut at_zoe, &mut at_other] {
                assert_eq!(feed.rest(), Vec::<Value>::new());
            }
            clock.pass(INTERVAL_MILLIS);
        }
        assert_eq!(ann.session(id).await, before, "nothing of it is stored");
    });
}

#[test]
fn internal_clients_are_shown_who_types_and_new_ones_may_type() {
    play(async |world| {
        let (ann, kim) = (world.online("ann").await, world.employee("kim").await);
        let support = world.live_chat("Support").await;
        kim.post_to(&support, "Hello").await;
        let id = ann.waiting().await;
        assert_eq!(code(&ann.claim(&id).await), "");
        let socket = kim.socket().await;
        let document = "subscription($l: ID) { conversationTyping(liveChatId: $l) { name until } }";
        let mut at_kim = socket.subscribe(document, json!({ "l": support }));
        world.followed_as_client(&id, 1).await;
        assert_eq!(kim.types_as_client(Some(&support)).await, "");
        assert_eq!(ann.types(&id).await, "");
        assert_eq!(at_kim.next().await["name"], "Ann", "and not herself");
        world.settle(&[&socket]).await;
        assert!(at_kim.rest().is_empty());
        // There is no conversation of who never wrote.
        assert_eq!(world.client("Nina").await.types_as_client(None).await, "");
    });
}
