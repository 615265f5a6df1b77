//! Alerts of arriving messages: who gets each, once, and who gets none.

use std::collections::BTreeSet;

use serde_json::json;
use tests::world::{ALERTS, Feed, Person, Socket, code, field, play, texts};

/// A socket of somebody, with their alerts.
async fn alerted(who: &Person) -> (Socket, Feed) {
    let socket = who.socket().await;
    let alerts = socket.listen(ALERTS, json!({})).await;
    (socket, alerts)
}

#[test]
fn each_event_alerts_whom_it_concerns_with_an_id_and_a_time_of_its_own() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.online("sue").await);
        let (socket, mut alerts) = alerted(&ann).await;
        let zoe = world.client("Zoe").await;
        let opened = zoe.post("Hello").await;
        zoe.post("Anybody?").await;
        let id = ann.waiting().await;
        assert_eq!(code(&ann.claim(&id).await), "");
        // An operator gets alerts of their session while they are offline, too.
        ann.presence("OFFLINE").await;
        zoe.post("Are you there?").await;
        // A return by somebody else alerts who had it as well.
        assert_eq!(code(&sue.give_back(&id, None).await), "");
        world.settle(&[&socket]).await;
        ann.presence("ONLINE").await;
        assert_eq!(code(&sue.assign(&id, &ann.id().await).await), "");
        world.settle(&[&socket]).await;
        let all = alerts.rest();
        let kinds = ["NEW_SESSION", "NEW_MESSAGE", "NEW_MESSAGE", "RETURNED", "ASSIGNED_TO_ME"];
        assert_eq!(texts(&all, "kind"), kinds);
        assert_eq!(all[0]["at"], opened["sentAt"]);
        assert_eq!(all[2]["message"]["text"], "Are you there?");
        let ids: BTreeSet<_> = texts(&all, "id").into_iter().collect();
        assert_eq!(ids.len(), all.len());
    });
}

#[test]
fn nobody_is_alerted_of_what_they_write_or_assign_to_themselves() {
    play(async |world| {
        let (ann, dan) = (world.online("ann").await, world.online("dan").await);
        let ((anns, mut to_ann), (dans, mut to_dan)) = (alerted(&ann).await, alerted(&dan).await);
        let support = world.live_chat("Support").await;
        ann.post_to(&support, "Hello").await;
        let id = ann.waiting().await;
        assert_eq!(code(&ann.claim(&id).await), "");
        ann.post_to(&support, "To myself").await;
        // Dan, who also supervises, assigns Ann's session and a waiting one to himself.
        let dans_id = dan.id().await;
        let given = dan.assign(&id, &dans_id).await;
        assert_eq!((code(&given), &given["session"]["operator"]["name"]), ("", &json!("Dan")));
        world.settle(&[&anns, &dans]).await;
        assert!(to_ann.rest().is_empty());
        world.client("Zoe").await.post("Hello").await;
        let given = dan.assign(&dan.waiting().await, &dans_id).await;
        assert_eq!((code(&given), &given["session"]["operator"]["name"]), ("", &json!("Dan")));
        world.settle(&[&dans]).await;
        assert_eq!(texts(&to_dan.rest(), "kind"), ["NEW_SESSION"; 2]);
    });
}

#[test]
fn an_alert_of_a_session_that_is_out_of_sight_by_then_is_not_sent() {
    play(async |world| {
        let dan = world.online("dan").await;
        let (socket, mut alerts) = alerted(&world.employee("ann").await).await;
        for number in 0..8 {
            let zoe = world.client(&format!("Zoe {number}")).await;
            zoe.post("Hello").await;
            world.settle(&[&socket]).await;
            let id = dan.waiting().await;
            let (_, claimed) = tokio::join!(zoe.post("Again"), dan.claim(&id));
            assert_eq!(code(&claimed), "");
            assert_eq!(code(&dan.close(&id, None).await), "");
        }
        world.settle(&[&socket]).await;
        let heard = alerts.rest();
        let opened = heard.iter().filter(|alert| alert["kind"] == "NEW_SESSION").count();
        assert_eq!(opened, 8);
        assert!(heard.iter().all(|alert| alert["session"]["state"] == "QUEUED"), "{heard:?}");
    });
}

#[test]
fn what_happened_while_nobody_listened_is_listed_and_alerts_nobody_later() {
    play(async |world| {
        let ann = world.employee("ann").await;
        drop(alerted(&ann).await);
        world.client("Zoe").await.post("Hello").await;
        world.settle(&[]).await;
        let (socket, mut alerts) = alerted(&ann).await;
        world.client("Max").await.post("Hello").await;
        world.settle(&[&socket]).await;
        let rung = field(&alerts.rest(), "session");
        assert_eq!(texts(&rung, "name"), ["Max"]);
        assert_eq!(texts(&ann.group("QUEUE").await, "name"), ["Zoe", "Max"]);
    });
}

#[test]
fn who_is_operator_no_more_is_alerted_no_more() {
    play(async |world| {
        let (ann, bob) = (world.employee("ann").await, world.employee("bob").await);
        let ((anns, mut to_ann), (bobs, mut to_bob)) = (alerted(&ann).await, alerted(&bob).await);
        world.appoint("bob", "Support", &[]).await;
        world.client("Zoe").await.post("Hello").await;
        world.client_of("Yan", "Sales").await.post("Hello").await;
        world.settle(&[&anns, &bobs]).await;
        let names = |alerts: &mut Feed| texts(&field(&alerts.rest(), "session"), "name");
        assert_eq!(names(&mut to_ann), ["Zoe"]);
        assert_eq!(names(&mut to_bob), ["Yan"]);
    });
}
