//! Failures: what may pass is tried again, and what will not pass fails at once.

use std::time::Duration;

use serde_json::json;
use tests::world::{play, play_ahead};
use tokio::net::TcpListener;

use super::bench::{answer, answers, failed, states, until};
use super::receiver::{Receiver, Reply, url};
use super::{bot, hook, number};

#[test]
fn a_fault_of_the_other_end_passes_and_each_try_has_the_same_id() {
    play(async |world| {
        let (hook, ann) = (hook::connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        hook.receiver
            .answer(|_, before| Reply::Status([500, 502][..].get(before).map_or(200, |s| *s)));
        answer(&ann, &id, "Good day").await;
        until(&ann, &id, &["SENT"]).await;
        let posts = hook.receiver.posts();
        assert_eq!(posts.len(), 3);
        let first = &posts[0];
        assert!(posts.iter().all(|post| post.body == first.body));
        assert!(posts.iter().all(|post| post.header("webhook-id") == first.header("webhook-id")));
        let pauses: Vec<_> = posts.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
        assert!(pauses[0] >= Duration::from_millis(900), "{pauses:?}");
        assert!(pauses[1] >= Duration::from_millis(1_900), "pauses grow: {pauses:?}");
    });
}

#[test]
fn an_answer_waits_for_an_end_that_does_not_take_connections() {
    play(async |world| {
        // Nobody else gets the port as long as this listener has it.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let aside = Receiver::start().await;
        let hook = hook::connect_to(world, aside, &url(port)).await;
        let ann = world.online("ann").await;
        let id = hook.open(&ann, "Zoe").await;
        drop(listener);
        answer(&ann, &id, "Good day").await;
        world.running.settled().await.unwrap();
        assert_eq!(states(&ann, &id).await, ["PENDING"]);
        let there = Receiver::at(port).await;
        until(&ann, &id, &["SENT"]).await;
        assert_eq!(there.texts(), ["Good day"]);
    });
}

#[test]
fn an_end_that_never_answers_is_asked_again() {
    play(async |world| {
        let (hook, ann) = (hook::connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        let rule = |_: &_, before| if before == 0 { Reply::Held } else { Reply::Status(200) };
        hook.receiver.answer(rule);
        answer(&ann, &id, "Good day").await;
        until(&ann, &id, &["SENT"]).await;
        let posts = hook.receiver.posts();
        assert_eq!(posts.len(), 2);
        assert_eq!(posts[0].header("webhook-id"), posts[1].header("webhook-id"));
    });
}

#[test]
fn a_messenger_that_names_a_delay_is_not_asked_before() {
    play(async |world| {
        let (hook, ann) = (hook::connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        hook.receiver.answer(|_, before| match before {
            0 => Reply::After(429, 4),
            1 => Reply::After(503, 5),
            _ => Reply::Status(200),
        });
        answer(&ann, &id, "Good day").await;
        until(&ann, &id, &["SENT"]).await;
        let posts = hook.receiver.posts();
        let pauses: Vec<_> = posts.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
        assert!(pauses[0] >= Duration::from_millis(3_900), "{pauses:?}");
        assert!(pauses[1] >= Duration::from_millis(4_900), "{pauses:?}");
    });
}

#[test]
fn faults_of_telegram_pass_as_well() {
    play(async |world| {
        let (bot, ann) = (bot::connect(world, "42").await, world.online("ann").await);
        let id = bot.open(&ann, "Zoe").await;
        bot.disturb(500, 1).await;
        bot.disturb(429, 1).await;
        answer(&ann, &id, "Good day").await;
        until(&ann, &id, &["SENT"]).await;
        assert_eq!(bot.received("Zoe").await.len(), 1);
    });
}

#[test]
fn faults_of_whatsapp_pass_as_well() {
    play(async |world| {
        let (number, ann) = (number::connect(world, "4930").await, world.online("ann").await);
        let id = number.open(&ann, "49301", "Zoe").await;
        for status in [500, 429] {
            number.call("faults", json!({ "status": status })).await;
        }
        answer(&ann, &id, "Good day").await;
        until(&ann, &id, &["DELIVERED"]).await;
        assert_eq!(number.chat("49301").await.len(), 2);
    });
}

#[test]
fn what_the_other_end_refuses_fails_at_once_with_its_code() {
    play(async |world| {
        let (hook, ann) = (hook::connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        for (status, code) in [(400, "REJECTED"), (413, "TOO_LONG"), (302, "REJECTED")] {
            hook.receiver.answer(move |_, _| Reply::Status(status));
            answer(&ann, &id, &format!("Good day {status}")).await;
            let last = async || answers(&ann, &id).await.pop().unwrap()["text"].clone();
            assert_eq!(last().await, format!("Good day {status}"));
            let delivery = failed(&ann, &id).await;
            assert_eq!(delivery["error"]["code"], code, "{status}");
            assert_eq!(delivery["error"]["isRetryable"], false, "{status}");
        }
        assert_eq!(hook.receiver.posts().len(), 3, "each was asked once");
    });
}

#[test]
fn whom_the_messenger_does_not_reach_is_told_at_once_and_may_be_tried_again() {
    play(async |world| {
        let (bot, number) = (bot::connect(world, "42").await, number::connect(world, "4930").await);
        let ann = world.online("ann").await;
        let of_bot = bot.open(&ann, "Zoe").await;
        let of_number = number.open(&ann, "49301", "Leo").await;
        bot.disturb(403, 1).await;
        // The stand-in answers that the message is undeliverable.
        number.call("faults", json!({ "status": 400 })).await;
        for id in [&of_bot, &of_number] {
            answer(&ann, id, "Good day").await;
            let error = failed(&ann, id).await["error"].clone();
            assert_eq!(
                (&error["code"], &error["isRetryable"]),
                (&json!("RECIPIENT_UNREACHABLE"), &json!(true)),
            );
            assert!(!error["message"].as_str().unwrap().is_empty());
        }
        assert!(bot.received("Zoe").await.is_empty());
    });
}

#[test]
fn what_does_not_leave_within_a_day_has_failed() {
    play_ahead(async |world, clock| {
        let (hook, ann) = (hook::connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        hook.receiver.answer(|_, _| Reply::Status(500));
        answer(&ann, &id, "Good day").await;
        answer(&ann, &id, "Are you there?").await;
        hook.receiver.wait(2).await;
        assert_eq!(states(&ann, &id).await, ["PENDING", "PENDING"]);
        clock.pass(24 * 60 * 60 * 1000);
        let ann = world.online("ann").await;
        until(&ann, &id, &["FAILED", "FAILED"]).await;
        for answer in answers(&ann, &id).await {
            let error = &answer["delivery"]["error"];
            assert_eq!(error["code"], "UNAVAILABLE");
            assert_eq!(error["isRetryable"], true);
        }
        let texts = hook.receiver.texts();
        assert!(texts.iter().all(|text| text == "Good day"), "{texts:?}");
    });
}
