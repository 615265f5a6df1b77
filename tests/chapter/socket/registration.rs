//! Operations under one id, one after the other: what is done about one leaves the next alone.

use std::sync::Arc;
use std::time::Duration;

use domain::{ConversationId, EmployeeId, TenantId};
use futures::future::{BoxFuture, join_all};
use store::connection::holder::{Holder, MOST_OF_EMPLOYEE};
use store::connection::{Registered, Registration, Subscription, Topic};
use store::{Store, Tables};
use tests::database::Database;
use tests::environment::Seeded;
use tests::scheduler::paused;
use tests::wire::{Answer, Call, Layer, Onward, Wire};
use tokio::time::sleep;

const CONNECTION: &str = "connection";

/// A store with one acknowledged connection.
async fn connected() -> Store {
    let (clock, database) = (Arc::new(Seeded::still(5)), Database::memory().unwrap());
    let store = Store::new(Wire::new(database).client(0), Tables::default(), clock);
    store.create_tables().await.unwrap();
    let (tenant, ann) = (TenantId::parse("demo").unwrap(), EmployeeId::parse("ann").unwrap());
    store.open_connection(CONNECTION, store.now()).await.unwrap();
    let expires_at = store.now().plus_millis(60_000);
    let known = Holder::Employee(&tenant, &ann);
    store.acknowledge(CONNECTION, "ann", known, expires_at).await.unwrap().unwrap();
    store
}

#[test]
fn all_the_pages_of_a_person_may_connect_at_the_same_moment() {
    paused(async {
        let (clock, database) = (Arc::new(Seeded::still(5)), Database::memory().unwrap());
        let wire = Wire::new(database).through(Latency);
        let store = Store::new(wire.client(0), Tables::default(), clock);
        store.create_tables().await.unwrap();
        let (tenant, ann) = (TenantId::parse("demo").unwrap(), EmployeeId::parse("ann").unwrap());
        let known = Holder::Employee(&tenant, &ann);
        let expires_at = store.now().plus_millis(60_000);
        let ids: Vec<String> =
            (0..MOST_OF_EMPLOYEE).map(|number| format!("page{number}")).collect();
        for id in &ids {
            store.open_connection(id, store.now()).await.unwrap();
        }
        let each = ids.iter().map(|id| store.acknowledge(id, "ann", known, expires_at));
        for out in join_all(each).await {
            assert_eq!(out.unwrap(), Some(Vec::new()));
        }
        // Each is counted: one more takes the place of the first.
        store.open_connection("one more", store.now()).await.unwrap();
        let out = store.acknowledge("one more", "ann", known, expires_at).await.unwrap();
        assert_eq!(out.map(|out| out.len()), Some(1));
    })
    .unwrap();
}

/// Calls that take as long as DynamoDB's.
struct Latency;

impl Layer for Latency {
    fn carry(&self, call: Call, onward: Onward) -> BoxFuture<'static, Answer> {
        Box::pin(async move {
            sleep(Duration::from_millis(4)).await;
            let answer = onward.carry(call).await;
            sleep(Duration::from_millis(4)).await;
            answer
        })
    }
}

/// An operation that replays a dialog, registered at that time of the gateway.
async fn replaying(store: &Store, registered_at: i64) -> Subscription {
    let tenant = TenantId::parse("demo").unwrap();
    let conversation = ConversationId::parse(&"a".repeat(32)).unwrap();
    let subscription = Subscription {
        connection: CONNECTION.to_owned(),
        operation: "1".to_owned(),
        topic: Topic::Dialog(tenant, conversation),
        registered_at: Some(registered_at),
        replaying_since: Some(store.now()),
        live_after: None,
        expires_at: store.now().plus_millis(60_000),
        caller: String::new(),
        document: String::new(),
    };
    let registered = store.register(&subscription, 0, None).await.unwrap();
    assert_eq!(registered, Registration::Done);
    subscription
}

/// Returns true if the operation is alone under its topic, as it was registered.
async fn stands(store: &Store, subscription: &Subscription) -> bool {
    store.subscriptions(&subscription.topic).await.unwrap() == [subscription.clone()]
}

#[test]
fn what_is_late_for_an_operation_leaves_the_next_one_under_its_id_alone() {
    paused(async {
        let store = connected().await;
        let first = replaying(&store, 10).await;
        store.unregister(CONNECTION, "1", Some(10)).await.unwrap();
        assert_eq!(store.registered(CONNECTION, "1").await.unwrap(), None);
        let second = replaying(&store, 20).await;

        // Each of these was under way for the first one, or is sent again.
        assert!(!store.go_live(&first, 7).await.unwrap());
        store.caught_up(&first).await.unwrap();
        store.unregister(CONNECTION, "1", Some(10)).await.unwrap();
        assert!(stands(&store, &second).await);

        // The second one's own are done.
        assert!(store.go_live(&second, 3).await.unwrap());
        let live = Subscription { live_after: Some(3), ..second.clone() };
        assert!(stands(&store, &live).await);
        store.caught_up(&second).await.unwrap();
        let caught_up = Subscription { replaying_since: None, ..second };
        assert!(stands(&store, &caught_up).await);
        let found = store.registered(CONNECTION, "1").await.unwrap();
        assert_eq!(found, Some(Registered::Active(20)));
        store.unregister(CONNECTION, "1", None).await.unwrap();
        assert_eq!(store.subscriptions(&caught_up.topic).await.unwrap(), []);
    })
    .unwrap();
}
