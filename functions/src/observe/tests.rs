//! Tests of the log and of the counts.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_graphql::{ErrorExtensionValues, ServerError};
use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    with_local_recorder,
};

use super::*;
use crate::metric::FAULTS;

/// Counters by their names, of this thread alone.
#[derive(Default)]
struct Counted(Mutex<BTreeMap<String, Arc<AtomicU64>>>);

impl Counted {
    fn of(&self, name: &str) -> Option<u64> {
        let counted = self.0.lock().expect("counters");
        counted.get(name).map(|count| count.load(Ordering::Relaxed))
    }
}

impl Recorder for Counted {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let mut counted = self.0.lock().expect("counters");
        Counter::from_arc(counted.entry(key.name().to_owned()).or_default().clone())
    }
    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }
    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

/// Runs some work, and returns the metrics that were counted during it.
pub(crate) fn counted_by<T>(work: impl FnOnce() -> T) -> (T, impl Fn(&str) -> Option<u64>) {
    let counted = Counted::default();
    let done = with_local_recorder(&counted, work);
    (done, move |name: &str| counted.of(name))
}

/// A buffer that lines are written to.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("lines").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn read(&self) -> Vec<serde_json::Value> {
        let bytes = self.0.lock().expect("lines").clone();
        let text = String::from_utf8(bytes).expect("text");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

fn is_dated(line: &serde_json::Value) -> bool {
    line["timestamp"].as_str().is_some_and(|time| Timestamp::parse(time).is_some())
}

#[test]
fn each_line_of_the_log_has_its_time_and_level() {
    let lines = Lines::default();
    let to = lines.clone();
    tracing::subscriber::with_default(log(Some("INFO"), move || to.clone()), || {
        tracing::error!(fault = "f", "one");
        tracing::warn!("two");
        operation(Some("Desk"), None, "r1", &Response::default());
        tracing::debug!("too little");
    });
    let lines = lines.read();
    let levels: Vec<_> = lines.iter().map(|line| line["level"].as_str()).collect();
    assert_eq!(levels, [Some("ERROR"), Some("WARN"), Some("INFO")]);
    assert!(lines.iter().all(is_dated), "{lines:?}");
    assert_eq!(lines[2]["fields"]["operation"], "Desk");
}

#[test]
fn a_level_that_the_library_does_not_know_leaves_the_errors() {
    for (level, wanted) in [("FATAL", 1), ("ERROR", 1), ("WARN", 2), ("nonsense", 3)] {
        let lines = Lines::default();
        let to = lines.clone();
        tracing::subscriber::with_default(log(Some(level), move || to.clone()), || {
            tracing::error!("one");
            tracing::warn!("two");
            tracing::info!("three");
        });
        assert_eq!(lines.read().len(), wanted, "{level}");
    }
}

#[test]
fn metrics_get_through_whatever_level_the_log_is_set_to() {
    let builder = Builder::new().cloudwatch_namespace(NAMESPACE);
    let collector = builder.with_dimension("Function", "test").init().expect("a collector");
    let (lines, silent) = (Lines::default(), Lines::default());
    let to = silent.clone();
    tracing::subscriber::with_default(log(Some("FATAL"), move || to.clone()), || {
        // For the whole process from here on, where others count meanwhile.
        counter!("OfThisTest").increment(1);
        write(collector, Timestamp::from_millis(1_795_341_600_500), lines.clone())
    })
    .expect("written");
    let lines = lines.read();
    assert_eq!((lines.len(), silent.read().len()), (1, 0));
    assert_eq!(lines[0]["OfThisTest"], 1);
    assert_eq!(lines[0]["Function"], "test");
    assert!(lines[0]["_aws"]["CloudWatchMetrics"][0]["Metrics"].is_array());
    // Lambda filters lines by this field.
    assert_eq!(lines[0]["level"], "FATAL");
    assert!(is_dated(&lines[0]), "{}", lines[0]);
}

#[test]
fn a_panic_of_an_invocation_is_counted_and_goes_on() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (ended, counted) = counted_by(|| {
        std::panic::catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(invocation(async { panic!("for a test") }))
        }))
    });
    assert!(ended.is_err());
    assert_eq!((counted(PANICS), counted(FAULTS)), (Some(1), Some(1)));
}

#[test]
fn what_the_client_did_wrong_is_no_fault_of_the_service() {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", "UNAVAILABLE");
    let busy = ServerError { extensions: Some(extensions), ..ServerError::new("busy", None) };
    let refused = Response::from_errors(vec![ServerError::new("no such field", None)]);
    let counted = Counted::default();
    with_local_recorder(&counted, || {
        operation(Some("Desk"), None, "r1", &Response::default());
        operation(None, None, "r2", &refused);
        operation(Some(&"я".repeat(10_000)), None, "r3", &Response::from_errors(vec![busy]));
    });
    assert_eq!((counted.of(OPERATIONS), counted.of(FAULTS)), (Some(3), Some(1)));
}

#[test]
fn a_panic_is_counted() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let counted = Counted::default();
    let done = with_local_recorder(&counted, || {
        runtime.block_on(async {
            let panicked = caught(async { panic!("for a test") }, "r1").await;
            assert_eq!(panicked, None::<()>);
            caught(async { 7 }, "r2").await
        })
    });
    assert_eq!((done, counted.of(PANICS), counted.of(FAULTS)), (Some(7), Some(1), Some(1)));
}
