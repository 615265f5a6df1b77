use super::*;
use crate::Function;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

/// The longest time that anything here may take.
const LIMIT: Duration = Duration::from_secs(30);

const SETTINGS: Settings =
    Settings { batch_size: 10, most_at_once: 4, timeout: Duration::from_secs(20) };

/// Returns a function that answers as `answer` does, and the events that it gets.
fn function(
    answer: impl Fn(&Value) -> Result<Value, String> + Send + Sync + 'static,
) -> (Function, mpsc::UnboundedReceiver<Value>) {
    let (tell, events) = mpsc::unbounded_channel();
    let function: Function = Arc::new(move |event| {
        let answer = answer(&event);
        tell.send(event).unwrap();
        Box::pin(async { answer })
    });
    (function, events)
}

/// Returns a function whose invocations wait for a permit each, the events that it gets, and the gate
/// with the permits.
fn gated() -> (Function, mpsc::UnboundedReceiver<Value>, Arc<Semaphore>) {
    let (tell, started) = mpsc::unbounded_channel();
    let gate = Arc::new(Semaphore::new(0));
    let pass = Arc::clone(&gate);
    let function: Function = Arc::new(move |event| {
        tell.send(event).unwrap();
        let pass = Arc::clone(&pass);
        Box::pin(async move {
            pass.acquire().await.unwrap().forget();
            Ok(Value::Null)
        })
    });
    (function, started, gate)
}

/// Waits for the next event. Returns the bodies in it.
async fn next(events: &mut mpsc::UnboundedReceiver<Value>) -> Vec<String> {
    texts(&timeout(LIMIT, events.recv()).await.unwrap().unwrap())
}

fn texts(event: &Value) -> Vec<String> {
    let records = event["Records"].as_array().unwrap().iter();
    records.map(|record| record["body"].as_str().unwrap().to_owned()).collect()
}

async fn idle(source: &Source) {
    timeout(LIMIT, source.idle()).await.unwrap().unwrap();
}

async fn settled(source: &Source) {
    timeout(LIMIT, source.settled()).await.unwrap().unwrap();
}

/// Returns an answer by which all messages with these bodies have failed.
fn failing(event: &Value, bodies: &[&str]) -> Value {
    let records = event["Records"].as_array().unwrap().iter();
    let failed = records.filter(|record| bodies.contains(&record["body"].as_str().unwrap()));
    let failed: Vec<Value> =
        failed.map(|record| json!({ "itemIdentifier": record["messageId"] })).collect();
    json!({ "batchItemFailures": failed })
}

#[tokio::test]
async fn what_was_handled_is_deleted() {
    let running = Running::start().await;
    running.send("a", "a1").await;
    running.send("a", "a2").await;
    let (function, mut events) = function(|_| Ok(Value::Null));
    let source = Source::start(running.queue.clone(), function, SETTINGS);
    assert_eq!(next(&mut events).await, ["a1", "a2"]);
    settled(&source).await;
    running.send("a", "a3").await;
    assert_eq!(next(&mut events).await, ["a3"]);
    settled(&source).await;
    source.stop().await;
    assert!(running.queue.is_empty().await.unwrap());
}

#[tokio::test]
async fn what_failed_comes_again_after_its_visibility_timeout_before_the_rest() {
    let running = Running::start().await;
    for body in ["a1", "a2", "a3"] {
        running.send("a", body).await;
    }
    let is_first = AtomicUsize::new(0);
    let (function, mut events) = function(move |event| {
        let is_first = is_first.fetch_add(1, Ordering::SeqCst) == 0;
        Ok(if is_first { failing(event, &["a2", "a3"]) } else { json!({}) })
    });
    let source = Source::start(running.queue.clone(), function, SETTINGS);
    assert_eq!(next(&mut events).await, ["a1", "a2", "a3"]);
    idle(&source).await;
    running.send("a", "a4").await;
    idle(&source).await;
    assert!(events.try_recv().is_err(), "the group waits");
    running.pass(30);
    settled(&source).await;
    assert_eq!(next(&mut events).await, ["a2", "a3", "a4"]);
    assert!(events.try_recv().is_err());
    source.stop().await;
}

#[tokio::test]
async fn a_function_that_fails_always_fills_the_dead_letters() {
    let running = Running::start().await;
    running.send("a", "bad").await;
    running.send("b", "good").await;
    let (function, mut events) = function(|event| match texts(event).contains(&"bad".to_owned()) {
        true => Err("on purpose".to_owned()),
        false => Ok(Value::Null),
    });
    let source = Source::start(running.queue.clone(), function, SETTINGS);
    for _ in 0..5 {
        idle(&source).await;
        running.pass(30);
    }
    settled(&source).await;
    let mut seen = HashMap::new();
    while let Ok(event) = events.try_recv() {
        *seen.entry(texts(&event)).or_insert(0) += 1;
    }
    let expected = HashMap::from([(vec!["bad".to_owned()], 5), (vec!["good".to_owned()], 1)]);
    assert_eq!(seen, expected);
    assert_eq!(running.queue.dead().await.unwrap(), ["bad"]);
    source.stop().await;
}

#[tokio::test]
async fn a_function_may_choose_when_its_message_comes_again() {
    let running = Running::start().await;
    running.send("a", "a1").await;
    let (client, url) = (running.client.clone(), running.url());
    let (tell, mut events) = mpsc::unbounded_channel();
    let function: Function = Arc::new(move |event| {
        let change = client.change_message_visibility().queue_url(&url).visibility_timeout(600);
        let handle = event["Records"][0]["receiptHandle"].as_str().unwrap();
        let change = change.receipt_handle(handle);
        let tell = tell.clone();
        Box::pin(async move {
            change.send().await.unwrap();
            let answer = failing(&event, &["a1"]);
            tell.send(event).unwrap();
            Ok(answer)
        })
    });
    let source = Source::start(running.queue.clone(), function, SETTINGS);
    next(&mut events).await;
    running.pass(599);
    idle(&source).await;
    assert!(events.try_recv().is_err());
    running.pass(1);
    assert_eq!(next(&mut events).await, ["a1"]);
    source.stop().await;
}

/// A function that counts how many run at once, in all and in each group, and makes each message
/// visible while it runs with it for the first time.
struct Busy {
    function: Function,
    /// Lets invocations end, one for each permit.
    gate: Arc<Semaphore>,
    started: mpsc::UnboundedReceiver<Value>,
    most: Arc<AtomicUsize>,
    seen: Arc<Mutex<HashMap<String, Vec<String>>>>,
}

fn busy(queue: &Queue) -> Busy {
    let gate = Arc::new(Semaphore::new(0));
    let (tell, started) = mpsc::unbounded_channel();
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let groups: Arc<Mutex<HashSet<String>>> = Arc::default();
    let seen: Arc<Mutex<HashMap<String, Vec<String>>>> = Arc::default();
    let (pass, noted, maximum, queue) =
        (Arc::clone(&gate), Arc::clone(&seen), Arc::clone(&most), queue.clone());
    let function: Function = Arc::new(move |event| {
        let (pass, queue, now, groups) =
            (Arc::clone(&pass), queue.clone(), Arc::clone(&now), Arc::clone(&groups));
        maximum.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let mut mine = HashSet::new();
        for record in event["Records"].as_array().unwrap() {
            let group = record["attributes"]["MessageGroupId"].as_str().unwrap().to_owned();
            let body = record["body"].as_str().unwrap().to_owned();
            noted.lock().unwrap().entry(group.clone()).or_default().push(body);
            mine.insert(group);
        }
        for group in &mine {
            assert!(groups.lock().unwrap().insert(group.clone()), "two invocations with {group}");
        }
        let first = &event["Records"][0];
        let is_first = first["attributes"]["ApproximateReceiveCount"] == "1";
        let handle = first["receiptHandle"].as_str().unwrap().to_owned();
        tell.send(event).unwrap();
        Box::pin(async move {
            let name = queue.attributes.name.clone();
            if is_first {
                queue.run(&name, move |table| table.change(&handle, 0)).await.unwrap();
            }
            pass.acquire().await.unwrap().forget();
            groups.lock().unwrap().retain(|group| !mine.contains(group));
            now.fetch_sub(1, Ordering::SeqCst);
            Ok(Value::Null)
        })
    });
    Busy { function, gate, started, most, seen }
}

#[tokio::test]
async fn groups_are_handled_at_once_and_each_by_one_invocation() {
    let running = Running::start().await;
    for body in ["1", "2"] {
        for group in ["a", "b", "c"] {
            running.send(group, &format!("{group}{body}")).await;
        }
    }
    let mut busy = busy(&running.queue);
    let settings = Settings { batch_size: 1, ..SETTINGS };
    let source = Source::start(running.queue.clone(), busy.function, settings);
    for _ in 0..3 {
        next(&mut busy.started).await;
    }
    // All three hold a message that is visible again, and the source looks several times.
    let looks = source.work.borrow().looks;
    let mut work = source.work.clone();
    let looked = work.wait_for(|work| work.looks > looks + 2);
    timeout(LIMIT, looked).await.unwrap().unwrap();
    assert!(busy.started.try_recv().is_err());
    busy.gate.add_permits(100);
    settled(&source).await;
    source.stop().await;
    assert_eq!(busy.most.load(Ordering::SeqCst), 3);
    for (group, bodies) in &*busy.seen.lock().unwrap() {
        // Each was handled too late once, so it came a second time.
        assert_eq!(*bodies, ["1", "1", "2", "2"].map(|body| format!("{group}{body}")));
    }
}

#[tokio::test]
async fn no_more_invocations_run_at_once_than_may() {
    let running = Running::start().await;
    for group in 0..20 {
        running.send(&group.to_string(), &format!("of-{group}")).await;
    }
    let (function, mut started, gate) = gated();
    let settings = Settings { batch_size: 4, ..SETTINGS };
    let source = Source::start(running.queue.clone(), function, settings);
    for _ in 0..4 {
        // Twenty groups over four invocations: each batch has several.
        assert_eq!(next(&mut started).await.len(), 4);
    }
    assert_eq!(
        running.queue.run("outbound.fifo", |table| table.counts()).await.unwrap().in_flight,
        16
    );
    assert!(started.try_recv().is_err());
    gate.add_permits(1);
    assert_eq!(next(&mut started).await.len(), 4);
    gate.add_permits(100);
    settled(&source).await;
    source.stop().await;
}

#[tokio::test]
async fn a_stop_lets_a_running_invocation_end() {
    let running = Running::start().await;
    running.send("a", "a1").await;
    let (function, mut started, gate) = gated();
    let source = Source::start(running.queue.clone(), function, SETTINGS);
    next(&mut started).await;
    running.send("b", "b1").await;
    next(&mut started).await;
    // They are held up until the source was asked to stop.
    let release = async { gate.add_permits(2) };
    tokio::join!(source.stop(), release);
    assert!(running.queue.is_empty().await.unwrap());
    running.send("a", "a2").await;
    assert_eq!(running.queue.len().await.unwrap(), 1, "nothing takes it any more");
}
