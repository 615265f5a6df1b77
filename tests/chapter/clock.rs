//! Clocks that are wrong: what an instance noted whose clock is an hour ahead keeps nobody waiting for
//! longer than it would have anyway.

use domain::{Actor, ConversationId, EmployeeId, TenantId};
use functions::presence::{EVERY, Swept, sweep};
use store::connection::holder::Holder;
use store::connection::{Registration, Subscription};
use store::rate::{Counted, Rate};
use tests::scheduler::paused;
use tests::service::{Company, Service};

const HOUR_MILLIS: u64 = 3_600_000;

fn tenant() -> TenantId {
    TenantId::parse("acme").unwrap()
}

fn ann() -> EmployeeId {
    EmployeeId::parse("ann").unwrap()
}

fn conversation() -> ConversationId {
    ConversationId::parse(&"a".repeat(32)).unwrap()
}

fn told(story: impl AsyncFnOnce(&Service)) {
    paused(async { story(&Service::new().await).await }).unwrap();
}

/// An acknowledged connection of ann.
async fn connected(service: &Service, id: &str) {
    let store = &service.app.store;
    store.open_connection(id, store.now()).await.unwrap();
    let expires_at = store.now().plus_millis(HOUR_MILLIS);
    let (tenant, ann) = (tenant(), ann());
    let known = Holder::Employee(&tenant, &ann);
    assert_eq!(store.acknowledge(id, "ann", known, expires_at).await.unwrap(), Some(Vec::new()));
}

#[test]
fn that_somebody_types_is_told_although_it_was_told_an_hour_ahead() {
    told(async |service| {
        let by = Actor::Employee(ann());
        let (tenant, conversation) = (tenant(), conversation());
        let ahead = service.ahead(HOUR_MILLIS);
        assert!(ahead.of(&tenant).is_typing_news(&conversation, &by).await.unwrap());
        let store = &service.app.store;
        let is_news = async || store.of(&tenant).is_typing_news(&conversation, &by).await.unwrap();
        assert_eq!((is_news().await, is_news().await), (true, false));
        service.clock.pass(domain::typing::INTERVAL_MILLIS);
        assert!(is_news().await);
    });
}

#[test]
fn a_window_that_was_filled_an_hour_ahead_leaves_room_in_the_one_that_runs() {
    told(async |service| {
        let (tenant, ann) = (tenant(), ann());
        let rate = Rate { window_millis: 10_000, most: 1 };
        let what = Counted::RequestsOfEmployee(&ann);
        assert!(service.ahead(HOUR_MILLIS).of(&tenant).count(what, rate, 1).await.unwrap());
        let count = async || service.app.store.of(&tenant).count(what, rate, 1).await.unwrap();
        assert_eq!((count().await, count().await), (true, false));
        service.clock.pass(rate.window_millis);
        assert!(count().await);
    });
}

#[test]
fn a_connection_that_nobody_begins_to_use_is_ended_whatever_clock_opened_it() {
    told(async |service| {
        let ahead = service.ahead(HOUR_MILLIS);
        ahead.open_connection("unused", ahead.now()).await.unwrap();
        service.app.store.open_connection("new", service.app.store.now()).await.unwrap();
        connected(service, "used").await;
        let ended = sweep(&service.app, EVERY).await.unwrap();
        assert_eq!(ended, Swept { ended: 1, ..Swept::default() });
        assert_eq!(service.app.store.connection("unused").await, Ok(None));
        for stays in ["new", "used"] {
            assert!(service.app.store.connection(stays).await.unwrap().is_some(), "{stays}");
        }
    });
}

#[test]
fn who_lost_a_frame_is_told_so_at_the_next_walk_whatever_clock_noted_it() {
    told(async |service| {
        connected(service, "c").await;
        service.ahead(HOUR_MILLIS).note_lost("c", ["1"]).await.unwrap();
        assert_eq!(sweep(&service.app, EVERY).await.unwrap().resynced, 1);
        let posts = service.gateway.take();
        assert_eq!(posts.len(), 1, "{posts:?}");
        assert_eq!((posts[0].connection.as_str(), posts[0].code()), ("c", "RESYNC"));
        assert_eq!(sweep(&service.app, EVERY).await.unwrap(), Swept::default());
    });
}

#[test]
fn a_replay_that_began_an_hour_ahead_was_given_up_and_one_that_just_began_goes_on() {
    told(async |service| {
        let company = Company::new(service, "acme").await;
        connected(service, "c").await;
        let store = &service.app.store;
        for (operation, ahead) in [("wrong", HOUR_MILLIS), ("new", 0), ("a little", 5_000)] {
            let subscription = Subscription {
                connection: "c".to_owned(),
                operation: operation.to_owned(),
                topic: company.side_of("carl"),
                registered_at: Some(1),
                replaying_since: Some(store.now().plus_millis(ahead)),
                live_after: None,
                expires_at: store.now().plus_millis(HOUR_MILLIS),
                caller: String::new(),
                document: String::new(),
            };
            let registered = store.register(&subscription, 0, None).await.unwrap();
            assert_eq!(registered, Registration::Done);
        }
        company.write(service, "carl", 1).await;
        service.fan_out().await;
        let posts = service.gateway.take();
        assert_eq!(posts.len(), 1, "{posts:?}");
        assert_eq!((&posts[0].frame["id"], posts[0].code()), (&"wrong".into(), "RESYNC"));
        let left = store.subscriptions(&company.side_of("carl")).await.unwrap();
        let left: Vec<_> = left.iter().map(|one| one.operation.as_str()).collect();
        assert!(left.len() == 2 && !left.contains(&"wrong"), "{left:?}");
    });
}
