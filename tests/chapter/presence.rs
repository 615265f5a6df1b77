//! Presence of employees: a choice, and a lease that is renewed and expires. The end is pushed.

mod clock;
mod desk;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::Credentials;
use domain::Person;
use domain::presence::{Choice, LEASE_MILLIS, SHORTENED_MILLIS};
use domain::{EmployeeId, TenantId};
use functions::app::App;
use functions::connections::Connections;
use functions::identity::Identity;
use functions::presence::{Swept, sweep};
use serde_json::{Value, json};
use store::connection::holder::Holder;
use store::connection::{Registration, Subscription, Topic};
use store::key::{LEASE_SHARDS, lease_shard};
use store::{Store, Tables};
use tests::database::Database;
use tests::environment::{START, Seeded};
use tests::meter::Meter;
use tests::scheduler::paused;
use tests::wire::{Operation, Wire};
use tests::world::{PRESENCE, World, play_ahead, within};

const EVERY: Duration = Duration::from_secs(60);

/// An app over a database of its own behind a meter, with a clock that is set. Nobody takes its
/// posts.
struct Still {
    app: App,
    clock: Arc<Seeded>,
    database: Database,
    meter: Meter,
}

impl Still {
    async fn new() -> Self {
        let (clock, database) = (Arc::new(Seeded::still(3)), Database::memory().unwrap());
        let meter = Meter::default();
        let client = Wire::new(database.clone()).through(meter.clone()).client(0);
        let store = Store::new(client, Tables::default(), clock.clone());
        store.create_tables().await.unwrap();
        let credentials = Credentials::new("test", "test", None, None, "test");
        let nobody = Some("http://127.0.0.1:1".to_owned());
        let connections = Connections::at("local".to_owned(), credentials, nobody);
        let identity = Identity::with_secret(&[7; 32]).unwrap();
        Self { app: App::new(store, identity, connections), clock, database, meter }
    }

    async fn online(&self, name: &str) -> Person {
        let person = person(name);
        self.app.store.of(&person.tenant).watch_lease(&person.id).await.unwrap();
        self.app.store.choose_presence(&person, Choice::Online).await.unwrap();
        person
    }

    async fn is_online(&self, who: &Person) -> bool {
        let store = &self.app.store;
        let known = store.of(&who.tenant).employees(std::slice::from_ref(&who.id)).await.unwrap();
        store.of(&who.tenant).is_online(&known[&who.id], store.now()).await.unwrap()
    }

    async fn sweep(&self) -> Swept {
        sweep(&self.app, EVERY).await.unwrap()
    }

    /// Returns the write units that some work used: of the tables, and of their indexes.
    async fn written(&self, work: impl Future) -> (f64, f64) {
        let _ = self.meter.take();
        work.await;
        let used = self.meter.take();
        (used.write_units, used.index_write_units)
    }

    /// Puts an item into a table as it is, whatever it is.
    fn put(&self, table: &str, item: &Value) {
        let request = json!({ "TableName": table, "Item": item });
        let reply = self.database.answer(Operation::PutItem, &request);
        assert!(reply.is_success(), "{reply:?}");
    }

    /// Returns the number of leases that are watched.
    fn watched(&self) -> usize {
        self.database.items("live").iter().filter(|item| item.contains_key("wp")).count()
    }
}

fn person(name: &str) -> Person {
    Person {
        tenant: TenantId::parse("acme").unwrap(),
        id: EmployeeId::parse(name).unwrap(),
        name: name.to_owned(),
    }
}

fn still(story: impl AsyncFnOnce(&Still)) {
    paused(async { story(&Still::new().await).await }).unwrap();
}

const NOTHING: Swept = Swept { pinged: 0, lapsed: 0, ended: 0, resynced: 0, failed: 0 };
const ONE_LAPSED: Swept = Swept { lapsed: 1, ..NOTHING };

#[test]
fn a_lease_that_lapses_is_told_once_and_watched_no_more() {
    still(async |world| {
        let ann = world.online("ann").await;
        assert_eq!(world.sweep().await, NOTHING);
        world.clock.pass(LEASE_MILLIS);
        // At the instant, whether or not a sweep has come by.
        assert!(!world.is_online(&ann).await);
        world.clock.pass(1_000);
        let sweeps = tokio::join!(world.sweep(), world.sweep(), world.sweep());
        assert_eq!(sweeps.0.lapsed + sweeps.1.lapsed + sweeps.2.lapsed, 1);
        assert_eq!(world.watched(), 0);
        assert_eq!(world.sweep().await, NOTHING);
    });
}

#[test]
fn whoever_comes_back_within_the_same_choice_is_online_and_watched_again() {
    still(async |world| {
        let ann = world.online("ann").await;
        world.clock.pass(LEASE_MILLIS + 1_000);
        assert_eq!(world.sweep().await, ONE_LAPSED);
        world.app.store.of(&ann.tenant).renew_lease(&ann.id).await.unwrap();
        assert!(world.is_online(&ann).await);
        assert_eq!(world.watched(), 1);
        world.clock.pass(LEASE_MILLIS + 1_000);
        assert_eq!(world.sweep().await, ONE_LAPSED);
    });
}

#[test]
fn whoever_chose_to_be_offline_is_watched_no_more_and_never_told_of() {
    still(async |world| {
        let ann = world.online("ann").await;
        world.app.store.choose_presence(&ann, Choice::Offline).await.unwrap();
        world.clock.pass(LEASE_MILLIS / 2);
        assert_eq!(world.sweep().await, NOTHING);
        assert_eq!(world.watched(), 0);
        world.clock.pass(LEASE_MILLIS);
        world.app.store.of(&ann.tenant).renew_lease(&ann.id).await.unwrap();
        assert_eq!((world.watched(), world.is_online(&ann).await), (0, false));
    });
}

#[test]
fn the_last_connection_that_goes_shortens_the_lease_and_another_keeps_it() {
    still(async |world| {
        let ann = world.online("ann").await;
        let (store, tenant, id) = (&world.app.store, &ann.tenant, &ann.id);
        for connection in ["one", "two"] {
            store.of(tenant).renew_lease_over(id, connection).await.unwrap();
        }
        store.of(tenant).leave_lease(id, "one").await.unwrap();
        world.clock.pass(SHORTENED_MILLIS);
        assert!(world.is_online(&ann).await);
        store.of(tenant).leave_lease(id, "two").await.unwrap();
        // Again, or of a connection that was never there: nothing more happens.
        store.of(tenant).leave_lease(id, "two").await.unwrap();
        world.clock.pass(SHORTENED_MILLIS - 1);
        assert!(world.is_online(&ann).await);
        world.clock.pass(1);
        assert!(!world.is_online(&ann).await);
        world.clock.pass(1_000);
        assert_eq!(world.sweep().await, ONE_LAPSED);
    });
}

#[test]
fn an_end_that_is_near_is_never_put_off_by_a_disconnect() {
    still(async |world| {
        let ann = world.online("ann").await;
        let (store, tenant, id) = (&world.app.store, &ann.tenant, &ann.id);
        store.of(tenant).renew_lease_over(id, "one").await.unwrap();
        world.clock.pass(LEASE_MILLIS - 5_000);
        store.of(tenant).leave_lease(id, "one").await.unwrap();
        world.clock.pass(5_000);
        assert!(!world.is_online(&ann).await);
    });
}

#[test]
fn connections_of_one_person_are_bounded_and_further_ones_renew_all_the_same() {
    still(async |world| {
        let ann = world.online("ann").await;
        let (store, tenant, id) = (&world.app.store, &ann.tenant, &ann.id);
        for number in 0..60 {
            world.clock.pass(LEASE_MILLIS / 2);
            store.of(tenant).renew_lease_over(id, &format!("c{number}")).await.unwrap();
        }
        assert!(world.is_online(&ann).await);
        let items = world.database.items("live");
        let known = items.iter().find_map(|item| item.get("cn")).unwrap();
        assert_eq!(known["SS"].as_array().unwrap().len(), store::lease::MOST_CONNECTIONS);
    });
}

#[test]
fn a_walk_takes_many_pages() {
    still(async |world| {
        for number in 0..450 {
            world.online(&format!("e{number}")).await;
        }
        world.clock.pass(LEASE_MILLIS + 1_000);
        assert_eq!(world.sweep().await, Swept { lapsed: 450, ..NOTHING });
        assert_eq!(world.watched(), 0);
    });
}

#[test]
fn a_lease_that_cannot_be_read_stops_no_walk() {
    still(async |world| {
        let ann = world.online("ann").await;
        let text = |value: &str| json!({ "S": value });
        // In each shard more than a page of them, and all before hers.
        for (shard, number) in (0..LEASE_SHARDS).flat_map(|shard| (0..110).map(move |n| (shard, n)))
        {
            let of = format!("P#acme#broken{number}of{shard}");
            let mut row = json!({ "sk": text("P"), "wp": text(&lease_shard(shard)) });
            row["ws"] = text(&format!("0000000000001#{of}"));
            row["pk"] = text(&of);
            match number % 4 {
                0 => row["until"] = text("tomorrow"),
                1 => row["until"] = json!({ "SS": ["1"] }),
                2 => row["pk"] = text(&format!("P#{of}##")),
                _ => {}
            }
            world.put("live", &row);
        }
        // Hers is odd as well, and can be understood.
        let mut hers =
            world.database.items("live").into_iter().find(|item| item.contains_key("until"));
        let hers = hers.as_mut().filter(|item| item["pk"] == text("P#acme#ann")).unwrap();
        hers.insert("cn".to_owned(), text("no set"));
        world.put("live", &json!(hers));
        world.clock.pass(LEASE_MILLIS + 1_000);
        assert_eq!(world.sweep().await, ONE_LAPSED);
        assert!(!world.is_online(&ann).await);
    });
}

#[test]
fn what_a_renewal_a_lapse_and_a_return_write() {
    still(async |world| {
        let (ann, bob) = (world.online("ann").await, person("bob"));
        let (store, tenant, id) = (&world.app.store, &ann.tenant, &ann.id);
        store.choose_presence(&bob, Choice::Offline).await.unwrap();
        assert_eq!(world.written(store.of(tenant).renew_lease(&bob.id)).await, (4.0, 0.0), "first");
        let renewals = async || {
            world.clock.pass(20_000);
            [
                world.written(store.of(tenant).renew_lease(id)).await,
                world.written(store.of(tenant).renew_lease_over(id, "one")).await,
                world.written(store.of(tenant).renew_lease(&bob.id)).await,
            ]
        };
        // By its end the lease stands in the index: there it moves.
        assert_eq!(renewals().await, [(1.0, 2.0), (1.0, 0.0), (1.0, 0.0)]);
        assert_eq!(renewals().await, [(1.0, 2.0), (1.0, 0.0), (1.0, 0.0)]);
        world.clock.pass(LEASE_MILLIS + 1_000);
        assert_eq!(world.written(world.sweep()).await, (3.0, 1.0), "a lapse");
        assert_eq!(world.written(world.sweep()).await, (0.0, 0.0), "a walk that finds nobody");
        let back = world.written(store.of(tenant).renew_lease(id)).await;
        assert_eq!(back, (4.0, 1.0), "a return");
        assert_eq!(world.written(store.of(tenant).leave_lease(id, "one")).await, (2.0, 2.0));
    });
}

#[test]
fn a_connection_that_is_gone_is_cleaned_up_by_a_walk_which_goes_on() {
    play_ahead(async |world, clock| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        let app = &world.running.app;
        clock.pass(60_000);
        // Of Ann alone something is heard since: over a socket, and over one that is gone without
        // a word, with whatever it listened to.
        let socket = ann.socket().await;
        let mut to_ann = socket.listen(PRESENCE, json!({})).await;
        let (tenant, id) = (TenantId::parse("demo").unwrap(), EmployeeId::parse("ann").unwrap());
        let expires_at = app.store.now().plus_millis(3_600_000);
        app.store.open_connection("vanished", app.store.now()).await.unwrap();
        let known = Holder::Employee(&tenant, &id);
        let out = app.store.acknowledge("vanished", "nobody", known, expires_at).await.unwrap();
        assert_eq!(out, Some(Vec::new()));
        let subscription = Subscription {
            connection: "vanished".to_owned(),
            operation: "1".to_owned(),
            topic: Topic::Desk(tenant.clone(), id.clone()),
            registered_at: Some(1),
            replaying_since: None,
            live_after: None,
            expires_at,
            caller: String::new(),
            document: String::new(),
        };
        let registered = app.store.register(&subscription, 0, None).await.unwrap();
        assert_eq!(registered, Registration::Done);
        app.store.of(&tenant).renew_lease_over(&id, "vanished").await.unwrap();
        clock.pass(35_000);

        let walked = sweep(app, EVERY).await.unwrap();
        assert_eq!(walked, Swept { pinged: 1, lapsed: 1, ..NOTHING });
        assert!(app.store.connection("vanished").await.unwrap().is_none());
        let people = BTreeSet::from([id]);
        let left = app.store.of(&tenant).desk_subscriptions(&people).await.unwrap();
        let left: Vec<_> = left.iter().map(|subscription| &subscription.operation).collect();
        assert_eq!(left, [&to_ann.id]);
        let items = world.items("live").await;
        assert!(items.values().all(|item| !item.contains("\"vanished\"")), "{items:#?}");
        let heard = to_ann.until(|employee| employee["presence"] == "OFFLINE").await;
        assert_eq!(heard.last().unwrap()["name"], "Bob");
        drop(bob);
    });
}

async fn shown(world: &World, name: &str) -> Value {
    let person = world.employee("sue").await;
    let document = "{ viewer { liveChats { operators { employee { name presence } } } } }";
    let data = person.get(document).await;
    let operators = data["viewer"]["liveChats"][0]["operators"].as_array().unwrap().clone();
    let found = operators.into_iter().find(|operator| operator["employee"]["name"] == name);
    found.unwrap()["employee"]["presence"].clone()
}

#[test]
fn a_colleague_whose_last_socket_is_gone_is_offline_and_back_by_itself() {
    play_ahead(async |world, clock| {
        let ann = world.online("ann").await;
        let socket = world.employee("sue").await.socket().await;
        let mut to_sue = socket.listen(PRESENCE, json!({})).await;
        drop(ann.socket().await);
        // The gateway reports the end when it sees it: until then the lease is long.
        within("the disconnect", async {
            let tenant = TenantId::parse("demo").unwrap();
            let people = [EmployeeId::parse("ann").unwrap()];
            loop {
                let store = &world.running.app.store;
                let leases = store.of(&tenant).leases(&people).await.unwrap();
                if leases[&people[0]] <= store.now().plus_millis(SHORTENED_MILLIS) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        })
        .await;
        clock.pass(SHORTENED_MILLIS + 1_000);
        assert_eq!(shown(world, "Ann").await, "OFFLINE");
        sweep(&world.running.app, EVERY).await.unwrap();
        let gone = to_sue.until(|employee| employee["presence"] == "OFFLINE").await;
        assert_eq!(gone.last().unwrap()["name"], "Ann");
        // The choice stands: any frame or request of hers brings her back.
        let _again = ann.socket().await;
        let back = to_sue.until(|employee| employee["presence"] == "ONLINE").await;
        assert_eq!(back.last().unwrap()["name"], "Ann");
    });
}

#[test]
fn a_client_that_says_nothing_and_answers_pings_stays_online() {
    play_ahead(async |world, clock| {
        let ann = world.online("ann").await;
        let socket = ann.socket().await;
        let tenant = TenantId::parse("demo").unwrap();
        let people = [EmployeeId::parse("ann").unwrap()];
        let store = &world.running.app.store;
        for _ in 0..4 {
            clock.pass(60_000);
            let before = store.of(&tenant).leases(&people).await.unwrap();
            sweep(&world.running.app, EVERY).await.unwrap();
            within("the pong", async {
                while store.of(&tenant).leases(&people).await.unwrap() == before {
                    tokio::task::yield_now().await;
                }
            })
            .await;
        }
        assert_eq!(shown(world, "Ann").await, "ONLINE");
        drop(socket);
    });
}
