use super::*;
use crate::Function;
use crate::dynamo::tests::{create_table, put};
use aws_lambda_events::dynamodb::Event;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};

const DEADLINE: Duration = Duration::from_secs(20);

struct Running {
    folder: tempfile::TempDir,
    database: Embedded,
}

impl Running {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Embedded::open(folder.path().join("data")).await.unwrap();
        create_table(&database).await;
        Self { folder, database }
    }

    async fn put(&self, numbers: std::ops::Range<usize>) {
        for number in numbers {
            put(&self.database, &format!("item {number}"), number).await;
        }
    }

    async fn trigger(&self, consumers: Vec<Consumer>) -> Trigger {
        Trigger::start(&self.database, "core", consumers).await.unwrap()
    }

    async fn reopen(self) -> Self {
        let Self { folder, database } = self;
        database.close().await;
        let database = Embedded::open(folder.path().join("data")).await.unwrap();
        Self { folder, database }
    }
}

/// Returns the numbers of a batch's items.
fn numbers(event: &Value) -> Vec<usize> {
    let records = event["Records"].as_array().unwrap().iter();
    let number = |record: &Value| {
        record["dynamodb"]["NewImage"]["number"]["N"].as_str().unwrap().parse().unwrap()
    };
    records.map(number).collect()
}

/// Returns a function that answers as `answer` says, and the batches it was given.
fn consumer(
    answer: impl Fn(&Value) -> Result<Value, String> + Send + Sync + 'static,
) -> (Consumer, mpsc::UnboundedReceiver<Vec<usize>>) {
    let (tell, batches) = mpsc::unbounded_channel();
    let function: Function = Arc::new(move |event| {
        let _ = tell.send(numbers(&event));
        let answer = answer(&event);
        Box::pin(async { answer })
    });
    (Consumer::new("test", function), batches)
}

async fn next(batches: &mut mpsc::UnboundedReceiver<Vec<usize>>) -> Vec<usize> {
    timeout(DEADLINE, batches.recv()).await.expect("a batch").expect("a running consumer")
}

async fn caught_up(trigger: &Trigger) {
    timeout(DEADLINE, trigger.caught_up()).await.expect("in time").unwrap();
}

/// Returns an answer that reports the item with this number, when it is in the batch.
fn failing(event: &Value, number: usize) -> Value {
    let place = numbers(event).iter().position(|found| *found == number);
    let sequence = place.map(|place| &event["Records"][place]["dynamodb"]["SequenceNumber"]);
    match sequence {
        Some(sequence) => json!({"batchItemFailures": [{"itemIdentifier": sequence}]}),
        None => json!({"batchItemFailures": []}),
    }
}

#[tokio::test]
async fn records_have_the_shape_of_lambdas_events() {
    let running = Running::start().await;
    let (tell, mut events) = mpsc::unbounded_channel();
    let function: Function = Arc::new(move |event| {
        let _ = tell.send(event);
        Box::pin(async { Ok(Value::Null) })
    });
    let trigger = running.trigger(vec![Consumer::new("test", function)]).await;
    running.put(1..2).await;
    let event = timeout(DEADLINE, events.recv()).await.unwrap().unwrap();
    let change = &event["Records"][0]["dynamodb"];
    assert_eq!(change["Keys"], json!({"pk": {"S": "item 1"}}));
    assert_eq!(change["NewImage"]["number"], json!({"N": "1"}));
    assert!(change["ApproximateCreationDateTime"].is_number());
    let event: Event = serde_json::from_value(event).expect("the shape of AWS's event");
    assert_eq!(event.records[0].event_name, "INSERT");
    assert!(event.records[0].event_source_arn.as_ref().unwrap().contains("table/core/stream/"));
    assert_eq!(event.records[0].change.sequence_number.as_ref().unwrap().len(), 21);
    trigger.stop().await;
}

#[tokio::test]
async fn a_write_is_handed_over_at_once() {
    let running = Running::start().await;
    let (consumer, mut batches) = consumer(|_| Ok(Value::Null));
    let trigger = running.trigger(vec![consumer]).await;
    let mut waits = Vec::new();
    for number in 0..21 {
        running.put(number..number + 1).await;
        let written = Instant::now();
        assert_eq!(next(&mut batches).await, [number]);
        waits.push(written.elapsed());
    }
    // The middle one of many, so that a busy machine does not matter.
    waits.sort();
    assert!(waits[10] < Duration::from_millis(50), "{waits:?}");
    trigger.stop().await;
}

#[tokio::test]
async fn a_batch_is_tried_again_from_the_failed_record() {
    let running = Running::start().await;
    running.put(0..5).await;
    let failed = std::sync::atomic::AtomicBool::new(false);
    let (consumer, mut batches) = consumer(move |event| {
        let first = !failed.swap(true, Ordering::SeqCst);
        Ok(if first { failing(event, 2) } else { Value::Null })
    });
    let trigger = running.trigger(vec![consumer]).await;
    assert_eq!(next(&mut batches).await, [0, 1, 2, 3, 4]);
    assert_eq!(next(&mut batches).await, [2, 3, 4]);
    caught_up(&trigger).await;
    assert_eq!(trigger.dead_letter_count(), 0);
    trigger.stop().await;
    assert!(batches.try_recv().is_err());
}

#[tokio::test]
async fn a_record_that_keeps_failing_becomes_a_dead_letter_and_holds_up_nothing() {
    let running = Running::start().await;
    running.put(0..4).await;
    let (mut consumer, mut batches) = consumer(|event| Ok(failing(event, 1)));
    consumer.retries = 2;
    let trigger = running.trigger(vec![consumer]).await;
    assert_eq!(next(&mut batches).await, [0, 1, 2, 3]);
    assert_eq!(next(&mut batches).await, [1, 2, 3]);
    assert_eq!(next(&mut batches).await, [1, 2, 3]);
    assert_eq!(next(&mut batches).await, [2, 3]);
    caught_up(&trigger).await;
    let dead = trigger.dead_letters();
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].consumer, "test");
    assert_eq!(dead[0].record["dynamodb"]["NewImage"]["number"]["N"], "1");
    trigger.stop().await;
}

#[tokio::test]
async fn a_thrown_error_halves_the_batch_until_the_culprit_is_found() {
    let running = Running::start().await;
    running.put(0..8).await;
    let (mut consumer, mut batches) = consumer(|event| match numbers(event).contains(&5) {
        true => Err("on purpose".to_owned()),
        false => Ok(Value::Null),
    });
    consumer.retries = 1;
    let trigger = running.trigger(vec![consumer]).await;
    caught_up(&trigger).await;
    trigger.stop().await;
    let mut seen = Vec::new();
    while let Ok(batch) = batches.try_recv() {
        seen.push(batch);
    }
    let all: Vec<usize> = (0..8).collect();
    let expected: [&[usize]; 8] =
        [&all, &all[..4], &all[4..], &all[4..6], &all[4..5], &all[5..6], &all[5..6], &all[6..]];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn consumers_do_not_wait_for_each_other() {
    let running = Running::start().await;
    let stuck: Function = Arc::new(|_| Box::pin(std::future::pending()));
    let (consumer, mut batches) = consumer(|_| Ok(Value::Null));
    let mut other = Consumer::new("stuck", stuck);
    other.timeout = Duration::from_millis(200);
    other.retries = 0;
    let trigger = running.trigger(vec![other, consumer]).await;
    running.put(0..1).await;
    assert_eq!(next(&mut batches).await, [0]);
    caught_up(&trigger).await;
    assert_eq!(trigger.dead_letters()[0].reason, "the function timed out");
    trigger.stop().await;
}

#[tokio::test]
async fn positions_survive_a_restart() {
    let running = Running::start().await;
    running.put(0..3).await;
    let (first, mut batches) = consumer(|_| Ok(Value::Null));
    let trigger = running.trigger(vec![first]).await;
    assert_eq!(next(&mut batches).await, [0, 1, 2]);
    caught_up(&trigger).await;
    trigger.stop().await;
    running.put(3..5).await;

    let running = running.reopen().await;
    let (second, mut batches) = consumer(|_| Ok(Value::Null));
    let trigger = running.trigger(vec![second]).await;
    assert_eq!(next(&mut batches).await, [3, 4]);
    caught_up(&trigger).await;
    trigger.stop().await;
}

#[tokio::test]
async fn a_table_without_a_stream_is_an_error() {
    let running = Running::start().await;
    let error = Trigger::start(&running.database, "other", Vec::new()).await.err();
    assert!(error.is_some());
}

#[tokio::test]
async fn several_shards_are_handed_over_at_once_and_each_item_in_its_order() {
    let running = Running::start().await;
    let (tell, mut batches) = mpsc::unbounded_channel();
    let (at_once, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let meanwhile = Arc::clone(&most);
    let function: Function = Arc::new(move |event: Value| {
        let now = at_once.fetch_add(1, Ordering::SeqCst) + 1;
        meanwhile.fetch_max(now, Ordering::SeqCst);
        let (at_once, tell) = (Arc::clone(&at_once), tell.clone());
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            at_once.fetch_sub(1, Ordering::SeqCst);
            let _ = tell.send(event);
            Ok(Value::Null)
        })
    });
    // Ten items of ten versions each.
    for version in 0..10 {
        for item in 0..10 {
            put(&running.database, &format!("item {item}"), version * 10 + item).await;
        }
    }
    let consumer =
        Consumer { shards: 4, seed: 7, batch_size: 5, ..Consumer::new("test", function) };
    let trigger = running.trigger(vec![consumer]).await;
    caught_up(&trigger).await;
    trigger.stop().await;
    let mut seen = Vec::new();
    while let Ok(event) = batches.try_recv() {
        seen.extend(numbers(&event));
    }
    assert!(most.load(Ordering::SeqCst) > 1, "one at a time");
    assert!(!seen.is_sorted(), "in the order of the writes");
    for item in 0..10 {
        let of_item: Vec<_> = seen.iter().filter(|number| **number % 10 == item).collect();
        assert_eq!(of_item.len(), 10, "{seen:?}");
        assert!(of_item.is_sorted(), "{of_item:?}");
    }
}

#[tokio::test]
async fn what_no_shard_has_handled_is_handed_over_after_a_restart() {
    let running = Running::start().await;
    running.put(0..8).await;
    // One item is never done: the position stays before it.
    let (mut consumer, mut batches) = consumer(|event| match numbers(event).contains(&2) {
        true => Err("on purpose".to_owned()),
        false => Ok(Value::Null),
    });
    (consumer.shards, consumer.retries) = (4, u32::MAX);
    let trigger = running.trigger(vec![consumer]).await;
    let mut seen = std::collections::BTreeSet::new();
    while seen.len() < 8 {
        seen.extend(next(&mut batches).await);
    }
    trigger.stop().await;
    let running = running.reopen().await;
    let (consumer, mut batches) = self::consumer(|_| Ok(Value::Null));
    let trigger = running.trigger(vec![consumer]).await;
    assert!(next(&mut batches).await.contains(&2));
    caught_up(&trigger).await;
    trigger.stop().await;
}
