//! The scheduler tried on a counter that many increase at once.

use super::{Faults, Simulation, Trace, paused};
use crate::database::{Database, lock};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use rand::RngExt;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

const TABLE: &str = "counters";

fn database() -> Database {
    let database = Database::memory().unwrap();
    let made = database.answer(
        crate::wire::Operation::CreateTable,
        &json!({
            "TableName": TABLE,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
                {"AttributeName": "who", "AttributeType": "S"},
            ],
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            "GlobalSecondaryIndexes": [{
                "IndexName": "by-actor",
                "KeySchema": [{"AttributeName": "who", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        }),
    );
    assert!(made.is_success(), "{made:?}");
    database
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn n(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

async fn value(client: &Client) -> Option<u64> {
    let read = client
        .get_item()
        .table_name(TABLE)
        .key("pk", s("c"))
        .key("sk", s("n"))
        .consistent_read(true);
    let item = read.send().await.ok()?.item;
    item.map_or(Some(0), |item| item["n"].as_n().unwrap().parse().ok())
}

/// The outcome of an increment, as far as its caller knows.
#[derive(Debug, PartialEq)]
enum Outcome {
    Done,
    Refused,
    Unknown,
}

/// Increments a counter, with a row for each increment, on the condition that the value read is
/// still current.
async fn increment(client: &Client, actor: usize, name: &str) -> Outcome {
    let Some(old) = value(client).await else {
        return Outcome::Refused;
    };
    let guard = if old == 0 { "attribute_not_exists(n)" } else { "n = :old" };
    let update = Update::builder()
        .table_name(TABLE)
        .key("pk", s("c"))
        .key("sk", s("n"))
        .update_expression("SET n = :new")
        .condition_expression(guard)
        .expression_attribute_values(":new", n(old + 1));
    let update = if old == 0 { update } else { update.expression_attribute_values(":old", n(old)) };
    let row = Put::builder()
        .table_name(TABLE)
        .item("pk", s("c"))
        .item("sk", s(&format!("row {name}")))
        .item("who", s(&actor.to_string()));
    let sent = client
        .transact_write_items()
        .transact_items(TransactWriteItem::builder().update(update.build().unwrap()).build())
        .transact_items(TransactWriteItem::builder().put(row.build().unwrap()).build())
        .client_request_token(format!("{name} on {old}"))
        .send()
        .await;
    match sent {
        Ok(_) => Outcome::Done,
        Err(error) if error.as_service_error().is_some() => Outcome::Refused,
        Err(error) => match error {
            aws_sdk_dynamodb::error::SdkError::DispatchFailure(failure) if failure.is_io() => {
                Outcome::Refused
            }
            _ => Outcome::Unknown,
        },
    }
}

/// The result of a run.
struct Run {
    value: u64,
    rows: usize,
    outcomes: BTreeMap<&'static str, u64>,
    trace: Trace,
}

fn run(seed: u64, faults: Faults, actors: usize, each: usize) -> Run {
    let simulation = Simulation::new(seed, faults, database()).unwrap();
    let outcomes = Mutex::new(BTreeMap::new());
    let crowd = (0..actors).map(|actor| {
        let (simulation, outcomes) = (&simulation, &outcomes);
        let work: LocalBoxFuture<'_, ()> = async move {
            let client = simulation.client(actor);
            let mut rng = simulation.random(actor as u64);
            for turn in 0..each {
                for attempt in 0..20 {
                    let name = format!("{actor}.{turn}.{attempt}");
                    let outcome = simulation.attempt(actor, increment(&client, actor, &name)).await;
                    let word = match outcome {
                        Some(Outcome::Done) => "done",
                        Some(Outcome::Refused) => "refused",
                        Some(Outcome::Unknown) | None => "unknown",
                    };
                    *lock(outcomes).entry(word).or_insert(0) += 1;
                    if outcome != Some(Outcome::Refused) {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(rng.random_range(0..40))).await;
                }
            }
        }
        .boxed_local();
        (actor, work)
    });
    paused(async {
        simulation.run(crowd.collect()).await.unwrap();
        let rows = simulation.database().items(TABLE).len();
        Run {
            value: value(&simulation.calm_client()).await.unwrap(),
            rows: rows - 1,
            outcomes: lock(&outcomes).clone(),
            trace: simulation.trace(),
        }
    })
    .unwrap()
}

#[test]
fn every_acknowledged_increment_counts_once_on_a_bad_day() {
    let mut tally = BTreeMap::<&str, u64>::new();
    for seed in 0..10 {
        let run = run(seed, Faults::ROUGH, 5, 5);
        let count = |word: &str| run.outcomes.get(word).copied().unwrap_or(0);
        assert!(count("done") > 0, "seed {seed}: {:?}", run.outcomes);
        assert!(run.value >= count("done"), "seed {seed}: lost an increment");
        assert!(run.value <= count("done") + count("unknown"), "seed {seed}: counted twice");
        assert_eq!(run.rows as u64, run.value, "seed {seed}: half a transaction");
        run.trace.tally().iter().for_each(|(word, times)| *tally.entry(word).or_default() += times);
    }
    for word in [
        "begins",
        "commits",
        "conflicts",
        "lost",
        "lost in flight",
        "unsent",
        "refused",
        "died before",
        "died after",
    ] {
        assert!(tally.get(word).copied().unwrap_or(0) > 0, "never {word}: {tally:?}");
    }
}

#[test]
fn without_faults_the_order_alone_makes_guards_fail_and_nothing_conflicts() {
    let run = run(7, Faults::default(), 4, 4);
    assert_eq!((run.value, run.rows), (16, 16));
    assert!(run.outcomes["refused"] > 0, "{:?}", run.outcomes);
    assert_eq!(run.trace.count("conflicts"), 0);
}

#[test]
fn a_seed_replays_exactly_and_another_does_not() {
    let (one, again, other) =
        (run(3, Faults::ROUGH, 5, 4), run(3, Faults::ROUGH, 5, 4), run(4, Faults::ROUGH, 5, 4));
    assert_eq!(one.trace.lines(), again.trace.lines());
    assert_eq!(one.trace.hash(), again.trace.hash());
    assert_ne!(one.trace.hash(), other.trace.hash());
}

/// Reads the whole counter in one call of the given kind while other actors increase it. Returns
/// the number of reads in which the rows seen were as many as the value seen, and the number of the
/// others.
fn torn(faults: Faults, consistent: bool) -> (u64, u64) {
    let simulation = Simulation::new(5, faults, database()).unwrap();
    let (whole, torn) = (Mutex::new(0), Mutex::new(0));
    let writer = async {
        let client = simulation.client(0);
        for turn in 0..30 {
            increment(&client, 0, &turn.to_string()).await;
        }
    };
    let reader = async {
        let client = simulation.client(1);
        for _ in 0..60 {
            let query = client.query().table_name(TABLE).key_condition_expression("pk = :pk");
            let query =
                query.expression_attribute_values(":pk", s("c")).consistent_read(consistent);
            let items = query.send().await.unwrap().items.unwrap();
            let rows = items.iter().filter(|item| item.contains_key("who")).count();
            let counted =
                items.iter().find_map(|item| item.get("n")?.as_n().ok()?.parse().ok()).unwrap_or(0);
            *lock(if rows == counted { &whole } else { &torn }) += 1;
        }
    };
    paused(simulation.run(vec![(0, writer.boxed_local()), (1, reader.boxed_local())]))
        .unwrap()
        .unwrap();
    (*lock(&whole), *lock(&torn))
}

#[test]
fn a_query_is_atomic_only_when_nothing_goes_wrong() {
    assert_eq!(torn(Faults::default(), true), (60, 0));
    let split = Faults { split: 1.0, ..Faults::default() };
    assert!(torn(split, true).1 > 0, "a consistent query reads each item at its own moment");
    let stale = Faults { stale: 1.0, lag: 20, ..Faults::default() };
    assert_eq!(torn(stale, true).1, 0, "consistency is never stale");
    assert!(torn(stale, false).1 > 0, "an eventual query misses items, each on its own");
}

#[test]
fn an_index_lags_and_a_split_batch_still_returns_every_key() {
    let faults = Faults { split: 1.0, stale: 1.0, lag: 5, unprocessed: 0.2, ..Faults::default() };
    let simulation = Simulation::new(11, faults, database()).unwrap();
    let short = Mutex::new(0);
    let work = async {
        let client = simulation.client(0);
        for turn in 0..20 {
            increment(&client, 0, &turn.to_string()).await;
            let query = client
                .query()
                .table_name(TABLE)
                .index_name("by-actor")
                .key_condition_expression("who = :who");
            let found =
                query.expression_attribute_values(":who", s("0")).send().await.unwrap().count;
            assert!(found <= turn + 1 && found + 5 > turn);
            *lock(&short) += i32::from(found < turn + 1);
            let keys = (0..=turn).map(|row| {
                [("pk".to_owned(), s("c")), ("sk".to_owned(), s(&format!("row {row}")))].into()
            });
            let wanted = aws_sdk_dynamodb::types::KeysAndAttributes::builder()
                .set_keys(Some(keys.collect()));
            let mut wanted = Some(wanted.consistent_read(true).build().unwrap());
            let mut seen = 0;
            while let Some(keys) = wanted {
                let read = client.batch_get_item().request_items(TABLE, keys).send().await.unwrap();
                seen += read.responses().and_then(|found| found.get(TABLE)).map_or(0, Vec::len);
                wanted = read.unprocessed_keys.and_then(|mut left| left.remove(TABLE));
            }
            assert_eq!(seen as i32, turn + 1);
        }
    };
    paused(simulation.run(vec![(0, work.boxed_local())])).unwrap().unwrap();
    assert!(*lock(&short) > 0, "the index never lagged");
    assert!(simulation.trace().count("reads a part") > 0);
}

#[test]
fn an_actor_that_waits_for_nothing_is_reported() {
    let simulation = Simulation::new(1, Faults::default(), database()).unwrap();
    let stuck = futures::future::pending::<()>().boxed_local();
    assert!(paused(simulation.run(vec![(0, stuck)])).unwrap().is_err());
}
