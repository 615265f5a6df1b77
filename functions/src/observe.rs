//! Observation: a structured log, and metrics in the same log in CloudWatch's embedded format, written
//! after each invocation.
//!
//! Counters are counted where things happen, through the facade `metrics`; without [`start`], as in the
//! local run and in tests, they cost nothing and write nothing. An invocation that counted something
//! writes one line, so that no function waits for a metrics service and the local run needs none. The
//! only dimension is the function: a dimension for the tenant would cost a metric for each tenant.
//!
//! Each handler catches its panics and answers them as a fault, although the Lambda runtime would catch
//! them too: the runtime's error would reach a socket as a frame of the gateway's, and that ends a
//! client for good. The consumers of the stream leave a panic to the runtime, which retries the batch.

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::OnceLock;

use async_graphql::{Response, ServerError};
use domain::text::cut;
use domain::{TenantId, Timestamp};
use futures::FutureExt as _;
use lambda_http::tracing::subscriber::EnvFilter;
use lambda_http::tracing::subscriber::filter::LevelFilter;
use lambda_http::tracing::subscriber::fmt::{MakeWriter, SubscriberBuilder};
use metrics::counter;
use metrics_cloudwatch_embedded::{Builder, Collector};
use store::Environment as _;
use tracing::Subscriber;
use tracing::subscriber::set_global_default;

use crate::environment::Machine;
use graphql::error::Code;

/// The default namespace of the metrics. `METRICS_NAMESPACE` names another, so that several
/// deployments in one account can be told apart.
pub const NAMESPACE: &str = "ChatDesk";

/// Operations executed: queries, mutations, and subscriptions when they begin.
pub const OPERATIONS: &str = "Operations";
/// Faults of the service: answers and pushes with UNAVAILABLE or INTERNAL, whatever their status,
/// batches and steps that failed, and panics.
pub const FAULTS: &str = "Faults";
/// Panics. Each is counted as a fault, too.
pub const PANICS: &str = "Panics";
/// Frames that the gateway accepted for a connection.
pub const POSTS: &str = "Posts";
/// Frames that the gateway did not accept, at the last attempt.
pub const REFUSED_POSTS: &str = "RefusedPosts";
/// Posts that the gateway did not answer in time. The other posts for the connection are dropped,
/// and it is recycled.
pub const POSTS_TIMED_OUT: &str = "PostsTimedOut";
/// Posts that were answered with 429 at every attempt, for a limit of the account or of one
/// connection.
pub const POSTS_THROTTLED: &str = "PostsThrottled";
/// Connections that lost frames because the gateway did not accept them. Each receives RESYNC.
pub const LOST_CONNECTIONS: &str = "LostConnections";
/// Posts to connections that were gone.
pub const GONE_CONNECTIONS: &str = "GoneConnections";
/// Stream records, and items of the table, of a known kind that could not be read.
pub const RECORDS_UNREADABLE: &str = store::metric::UNREADABLE;
/// Stream records of an unknown kind: a newer version wrote them.
pub const RECORDS_UNKNOWN: &str = "RecordsUnknown";
/// Stream records that the worker gave up: their content is in the log.
pub const RECORDS_GIVEN_UP: &str = "RecordsGivenUp";
/// Subscriptions to a topic that this version does not know, counted each time that they are
/// skipped.
pub const LISTENERS_UNKNOWN: &str = "ListenersUnknown";
/// Stored subscriptions that cannot be read.
pub const LISTENERS_UNREADABLE: &str = "ListenersUnreadable";
/// Providers of the settings that were skipped because they are wrong, at each reading.
pub const PROVIDERS_SKIPPED: &str = "ProvidersSkipped";
/// Keys of the widget that were skipped because they are wrong, at each reading.
pub const WIDGET_KEYS_SKIPPED: &str = "WidgetKeysSkipped";
/// Failed readings of the settings. The settings that were read before stay in use.
pub const SETTINGS_UNREADABLE: &str = "SettingsUnreadable";
/// Milliseconds from a write until the fan-out received its stream record. The stream has the time
/// of the write in whole seconds.
pub const FANOUT_LAG: &str = "FanoutLagMilliseconds";

/// The longest part of an operation's name that is logged, in bytes: the client chooses the name.
const LONGEST_NAME: usize = 100;

static COLLECTOR: OnceLock<&'static Collector> = OnceLock::new();

/// Starts the log and the metrics of a Lambda function; `function` is a dimension of all of them.
///
/// # Errors
/// The metrics were started before.
pub fn start(function: &'static str) -> Result<(), lambda_runtime::Error> {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL").or_else(|_| std::env::var("RUST_LOG")).ok();
    set_global_default(log(level.as_deref(), std::io::stdout))?;
    let namespace = std::env::var("METRICS_NAMESPACE").ok().filter(|name| !name.is_empty());
    let builder =
        Builder::new().cloudwatch_namespace(namespace.unwrap_or_else(|| NAMESPACE.to_owned()));
    let collector = builder.with_dimension("Function", function).init()?;
    COLLECTOR.get_or_init(|| collector);
    Ok(())
}

/// Counts a fault of the service.
pub fn fault() {
    counter!(FAULTS).increment(1);
}

/// Counts a fault if one of these errors is a fault of the service.
pub fn faulty(errors: &[ServerError]) {
    if errors.iter().any(|error| Code::of(error).is_fault()) {
        fault();
    }
}

/// Counts and logs an operation that was executed. The log line has the request's id, by which its
/// caller and tenant are found.
pub fn operation(
    name: Option<&str>,
    tenant: Option<&TenantId>,
    request_id: &str,
    answer: &Response,
) {
    counter!(OPERATIONS).increment(1);
    let name = name.map_or("anonymous", |name| cut(name, LONGEST_NAME));
    let tenant = tenant.map_or("none", TenantId::as_str);
    let errors = answer.errors.len();
    if answer.errors.iter().any(|error| Code::of(error).is_fault()) {
        fault();
        tracing::warn!(request_id, tenant, operation = name, errors, "an operation failed");
    } else {
        tracing::info!(request_id, tenant, operation = name, errors, "an operation");
    }
}

/// Runs some work that may panic, which is a fault in our code. Returns none if it did: the panic
/// is counted and logged, the caller gets an answer, and the function goes on.
pub async fn caught<T>(work: impl Future<Output = T>, request_id: &str) -> Option<T> {
    // What was shared is replaced as a whole or guarded by the store: nothing is left half done.
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(done) => Some(done),
        Err(panic) => {
            panicked(panic.as_ref(), request_id);
            None
        }
    }
}

fn panicked(panic: &(dyn Any + Send), request_id: &str) {
    counter!(PANICS).increment(1);
    fault();
    let why = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let why = why.or_else(|| panic.downcast_ref::<String>().cloned());
    tracing::error!(request_id, why, "a handler panicked");
}

/// Runs one invocation, and writes the metrics that were counted during it. After a panic it writes
/// them, too, and then resumes the panic, so that the runtime answers with an error and the batch
/// is retried.
pub async fn invocation<T>(work: impl Future<Output = T>) -> T {
    let done = AssertUnwindSafe(work).catch_unwind().await;
    if let Err(panic) = &done {
        panicked(panic.as_ref(), "");
    }
    if let Some(collector) = COLLECTOR.get()
        && let Err(error) = write(collector, Machine.now(), std::io::stdout())
    {
        tracing::warn!(%error, "the metrics are not written");
    }
    done.unwrap_or_else(|panic| resume_unwind(panic))
}

/// Writes the counted metrics. These lines have to pass at every log level of the function: Lambda
/// takes a line without time and level for INFO, and drops it where the level is higher.
fn write(collector: &Collector, now: Timestamp, to: impl std::io::Write) -> std::io::Result<()> {
    collector.set_property("timestamp", now.to_string()).set_property("level", "FATAL");
    collector.flush(to)
}

/// Builds the log of a function: a line of JSON for each event, with `timestamp` and `level` as
/// Lambda reads them. Without those it would take every line for INFO.
fn log<W>(level: Option<&str>, to: W) -> impl Subscriber + Send + Sync + 'static
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    // Lambda has one level more than there are here.
    let level = match level {
        Some(level) if level.eq_ignore_ascii_case("FATAL") => LevelFilter::ERROR,
        Some(level) => level.parse().unwrap_or(LevelFilter::INFO),
        None => LevelFilter::INFO,
    };
    let filter = EnvFilter::builder().with_default_directive(level.into()).from_env_lossy();
    // The time is written by default.
    SubscriberBuilder::default()
        .json()
        .with_target(false)
        .with_env_filter(filter)
        .with_writer(to)
        .finish()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{Arc, Mutex};

    use async_graphql::ServerError;
    use metrics::{
        Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
        with_local_recorder,
    };

    use super::*;

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
        // What Lambda drops a line by.
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
        let busy = Code::Unavailable.unexecuted("busy");
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
}
