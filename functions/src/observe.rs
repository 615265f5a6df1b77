//! What a function says of itself: a structured log and, in the same log, metrics in CloudWatch's
//! embedded format, written after each invocation.
//!
//! Counters are counted where things happen, by the facade `metrics`; without [`start`], as in the
//! local run and in tests, they cost nothing and say nothing.

use std::panic::AssertUnwindSafe;
use std::sync::OnceLock;

use async_graphql::Response;
use domain::TenantId;
use domain::text::cut;
use futures::FutureExt as _;
use lambda_http::tracing::init_default_subscriber;
use metrics::counter;
use metrics_cloudwatch_embedded::{Builder, Collector};

use crate::response::is_fault;

/// The namespace of the metrics, unless `METRICS_NAMESPACE` says another: of several deployments in one
/// account each has its own.
pub const NAMESPACE: &str = "ChatDesk";

/// Operations executed: queries, mutations, and subscriptions when they begin.
pub const OPERATIONS: &str = "Operations";
/// Operations that ended with a fault of the service: UNAVAILABLE or INTERNAL.
pub const FAULTS: &str = "Faults";
/// Panics that were caught: each was answered as a fault of the service.
pub const PANICS: &str = "Panics";
/// Frames that the gateway took for a connection.
pub const POSTS: &str = "Posts";
/// Frames that it did not take, at the last try.
pub const REFUSED_POSTS: &str = "RefusedPosts";
/// Posts that the gateway did not answer in time: what else was for the connection is dropped, and it
/// is recycled.
pub const POSTS_TIMED_OUT: &str = "PostsTimedOut";
/// Posts that were answered with 429, at each try: of the account, or of one connection.
pub const POSTS_THROTTLED: &str = "PostsThrottled";
/// Connections that lost frames which the gateway did not take. Each is told to read again.
pub const LOST_CONNECTIONS: &str = "LostConnections";
/// Posts to connections that were gone.
pub const GONE_CONNECTIONS: &str = "GoneConnections";
/// Milliseconds from a write until its stream record was received by the fan-out. The stream
/// tells the write's time in whole seconds.
pub const FANOUT_LAG: &str = "FanoutLagMilliseconds";

/// How much of an operation's name the log has, in bytes: it is the client's.
const LONGEST_NAME: usize = 100;

static COLLECTOR: OnceLock<&'static Collector> = OnceLock::new();

/// Starts the log and the metrics of a Lambda function; `function` is a dimension of all of them.
///
/// # Errors
/// The metrics were started before.
pub fn start(function: &'static str) -> Result<(), lambda_runtime::Error> {
    init_default_subscriber();
    let namespace = std::env::var("METRICS_NAMESPACE").ok().filter(|name| !name.is_empty());
    let builder =
        Builder::new().cloudwatch_namespace(namespace.unwrap_or_else(|| NAMESPACE.to_owned()));
    let collector = builder.with_dimension("Function", function).init()?;
    COLLECTOR.get_or_init(|| collector);
    Ok(())
}

/// Counts an operation that was executed, and says in the log which it was: by whom of which tenant
/// is found by its request.
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
    if answer.errors.iter().any(is_fault) {
        counter!(FAULTS).increment(1);
        tracing::warn!(request_id, tenant, operation = name, errors, "an operation failed");
    } else {
        tracing::info!(request_id, tenant, operation = name, errors, "an operation");
    }
}

/// Does something that may panic, which is a fault in our code: None if it did. It is counted, the
/// log has it, and whoever asked is answered; the function lives on.
pub async fn caught<T>(work: impl Future<Output = T>, request_id: &str) -> Option<T> {
    // What was shared is replaced as a whole or guarded by the store: nothing is left half done.
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(done) => Some(done),
        Err(panic) => {
            counter!(PANICS).increment(1);
            let why = panic.downcast_ref::<&str>().copied().map(str::to_owned);
            let why = why.or_else(|| panic.downcast_ref::<String>().cloned());
            tracing::error!(request_id, why, "a handler panicked");
            None
        }
    }
}

/// Does one invocation, and writes what was counted during it.
pub async fn invocation<T>(work: impl Future<Output = T>) -> T {
    let done = work.await;
    if let Some(collector) = COLLECTOR.get()
        && let Err(error) = collector.flush(std::io::stdout())
    {
        tracing::warn!(%error, "the metrics are not written");
    }
    done
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{Arc, Mutex};

    use async_graphql::{ErrorExtensionValues, ServerError};
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
        assert_eq!((done, counted.of(PANICS)), (Some(7), Some(1)));
    }
}
