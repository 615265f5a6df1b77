//! Rate limits: of requests by one person, and of tokens of the widget by one address.

mod conversation;

use std::sync::Arc;

use domain::Caller;
use domain::Person as Name;
use domain::{EmployeeId, TenantId};
use functions::rate::{Limiter, Rates};
use local::run::Options;
use serde_json::{Value, json};
use store::{Store, Tables};
use tests::database::Database;
use tests::environment::Seeded;
use tests::meter::Meter;
use tests::scheduler::paused;
use tests::wire::Wire;
use tests::world::{COUNTERS, Person, World, play_ahead_in};

/// Requests are counted in windows so long.
const WINDOW_MILLIS: u64 = 10_000;
const QUERY: &str = "{ viewer { id } }";

fn rates(requests_per_second: u32, widget_tokens_per_minute: u32) -> Options {
    let rates = Rates { requests_per_second, widget_tokens_per_minute };
    Options { rates: Some(rates), ..Options::default() }
}

/// Asks until it is refused, how often it was not, and the refusal. A window may end in between.
async fn flood(person: &Person) -> (usize, tests::world::Answer) {
    for asked in 0..200 {
        let answer = person.send_document(QUERY, json!({})).await;
        if answer.status != 200 {
            return (asked, answer);
        }
    }
    panic!("never refused")
}

#[test]
fn who_asks_too_much_is_refused_for_a_while_over_both_ways_and_nobody_else_is() {
    play_ahead_in(rates(4, 0), async |world, clock| {
        let (ann, bob) = (world.employee("ann").await, world.employee("bob").await);
        let socket = ann.socket().await;
        let mut counters = socket.subscribe(COUNTERS, json!({}));
        counters.next().await;
        let (asked, refused) = flood(&ann).await;
        assert!(asked >= 40, "{asked} in ten seconds are allowed");
        assert_eq!((refused.status, refused.code()), (429, "RATE_LIMITED"));
        assert_eq!(refused.media, "application/graphql-response+json; charset=utf-8");
        assert!(refused.body.get("data").is_none(), "{}", refused.text);

        // An operation is refused alone: its siblings live on.
        let code = socket.subscribe(QUERY, json!({})).refused().await;
        assert_eq!(code, "RATE_LIMITED");
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        assert_eq!(counters.next().await["queue"], 1);
        assert_eq!(bob.send_document(QUERY, json!({})).await.status, 200);

        let (seconds, status) = wait_and_status(world, &ann).await;
        assert!((1..=10).contains(&seconds), "{seconds}");
        assert_eq!(status, 200, "a client of the older media type reads the body");
        clock.pass(WINDOW_MILLIS);
        assert_eq!(ann.send_document(QUERY, json!({})).await.status, 200);
        let mut again = socket.subscribe(QUERY, json!({}));
        assert!(again.next().await["id"].is_string());
    });
}

/// Returns the seconds of Retry-After, and the status of the refusal in the older media type.
async fn wait_and_status(world: &World, person: &Person) -> (u64, u16) {
    let request = world.http().post(world.url("/graphql")).json(&json!({ "query": QUERY }));
    let request = request.bearer_auth(person.token.clone().unwrap());
    let answer = request.header("accept", "application/json").send().await.unwrap();
    let wait = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    (wait, status)
}

#[test]
fn a_client_may_not_ask_without_bound_either() {
    play_ahead_in(rates(4, 0), async |world, _| {
        let (zoe, yan) = (world.client("Zoe").await, world.client("Yan").await);
        let document = "{ conversation { id } }";
        let mut last = 200;
        for _ in 0..200 {
            last = zoe.send_document(document, json!({})).await.status;
            if last != 200 {
                break;
            }
        }
        assert_eq!(last, 429);
        assert_eq!(yan.send_document(document, json!({})).await.status, 200);
    });
}

#[test]
fn one_address_gets_so_many_tokens_for_a_widget_and_then_has_to_wait() {
    play_ahead_in(rates(0, 3), async |world, clock| {
        let (support, sales) = (world.live_chat("Support").await, world.live_chat("Sales").await);
        let wish = json!({ "liveChatId": support });
        let ask = async |wish: &Value| {
            world.http().post(world.url("/widget/token")).json(wish).send().await.unwrap()
        };
        let (mut given, mut refused) = (0, None);
        // Twice as many, if a minute ends in between.
        while refused.is_none() && given < 7 {
            let answer = ask(&wish).await;
            if answer.status().as_u16() == 200 {
                given += 1;
            } else {
                refused = Some(answer);
            }
        }
        let refused = refused.expect("a refusal");
        assert!(given >= 3, "{given}");
        assert_eq!(refused.status().as_u16(), 429);
        let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        assert_eq!(refused.headers()["access-control-allow-origin"], "*");
        let body: Value = refused.json().await.unwrap();
        assert_eq!(body["error"]["code"], "LIMIT");
        // A request that is refused for another reason does not count, and each live chat counts by
        // itself.
        for _ in 0..5 {
            let wrong = json!({ "liveChatId": sales, "name": "x".repeat(201) });
            assert_eq!(ask(&wrong).await.status().as_u16(), 400);
        }
        assert_eq!(ask(&json!({ "liveChatId": sales })).await.status().as_u16(), 200);
        clock.pass(60_000);
        assert_eq!(ask(&wish).await.status().as_u16(), 200);
    });
}

/// Instances of a function over one state.
struct Instances {
    store: Store,
    clock: Arc<Seeded>,
    meter: Meter,
    each: Vec<Limiter>,
}

impl Instances {
    async fn new(many: usize, requests_per_second: u32) -> Self {
        let (clock, meter) = (Arc::new(Seeded::still(5)), Meter::default());
        let client = Wire::new(Database::memory().unwrap()).through(meter.clone()).client(0);
        let store = Store::new(client, Tables::default(), clock.clone());
        store.create_tables().await.unwrap();
        let rates = Rates { requests_per_second, ..Rates::CLOUD };
        let each = (0..many).map(|_| Limiter::new(rates)).collect();
        let _ = meter.take();
        Self { store, clock, meter, each }
    }

    async fn admits(&self, instance: usize, who: &Caller) -> bool {
        self.each[instance % self.each.len()].admit(&self.store, who).await.is_ok()
    }

    fn written(&self) -> f64 {
        self.meter.take().write_units
    }
}

fn employee(name: &str) -> Caller {
    let tenant = TenantId::parse("acme").unwrap();
    let person = Name { tenant, id: EmployeeId::parse(name).unwrap(), name: name.to_owned() };
    Caller::Employee { person, is_administrator: false }
}

#[test]
fn whoever_stays_below_the_rate_is_never_refused_however_requests_fall_on_instances() {
    paused(async {
        for many in [1, 3, 10, 60] {
            let instances = Instances::new(many, 50).await;
            for window in 0..3 {
                for number in 0..500_usize {
                    // Unevenly: some instances get much more than others.
                    let instance = number * number % 97;
                    let is_admitted = instances.admits(instance, &employee("ann")).await;
                    assert!(is_admitted, "{number} of window {window} over {many}");
                }
                instances.clock.pass(WINDOW_MILLIS);
            }
        }
    })
    .unwrap();
}

#[test]
fn whoever_floods_gets_what_is_allowed_and_a_little_from_each_instance() {
    paused(async {
        let (many, rate) = (10, 50);
        let instances = Instances::new(many, rate).await;
        let mut passed = 0;
        for number in 0..5_000 {
            passed += usize::from(instances.admits(number, &employee("ann")).await);
        }
        let allowed = usize::try_from(rate).unwrap() * 10;
        assert!((allowed..=allowed + many * 20).contains(&passed), "{passed}");
        // Each allowance is a write, and each instance writes once to be refused.
        assert!(instances.written() <= 25.0 + 10.0);
        assert!(instances.admits(0, &employee("bob")).await);
        instances.clock.pass(WINDOW_MILLIS);
        assert!(instances.admits(0, &employee("ann")).await);
    })
    .unwrap();
}

#[test]
fn a_few_requests_write_nothing_and_more_write_once_in_twenty() {
    paused(async {
        let instances = Instances::new(1, 200).await;
        for (requests, units) in [(20, 0.0), (20, 1.0), (1, 1.0)] {
            for _ in 0..requests {
                assert!(instances.admits(0, &employee("ann")).await);
            }
            assert_eq!(instances.written(), units);
        }
        for _ in 0..100 {
            assert!(instances.admits(0, &Caller::Nobody).await);
        }
        let unlimited = Instances::new(1, 0).await;
        for _ in 0..10_000 {
            assert!(unlimited.admits(0, &employee("ann")).await);
        }
        assert_eq!(instances.written() + unlimited.written(), 0.0);
    })
    .unwrap();
}
