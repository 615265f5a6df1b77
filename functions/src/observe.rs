//! Observation: a structured log, and metrics in the same log in CloudWatch's embedded format, written
//! after each invocation.
//!
//! Counters are counted where things happen, through the facade `metrics`; without [`start`] they cost
//! nothing and write nothing. An invocation that counted something writes one line, so that no function
//! waits for a metrics service. The only dimension is the function: a dimension for the tenant would
//! cost a metric for each tenant.
//!
//! Each handler catches its panics and answers them as a fault, although the Lambda runtime would catch
//! them too: the runtime's error would reach a socket as a frame of the gateway's, and that ends a
//! client for good. The consumers of the stream leave a panic to the runtime, which retries the batch.

mod log;
#[cfg(test)]
pub(crate) mod tests;

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::OnceLock;

use async_graphql::{Response, ServerError};
use domain::text::cut;
use domain::{TenantId, Timestamp};
use futures::FutureExt as _;
use metrics::counter;
use metrics_cloudwatch_embedded::{Builder, Collector};
use store::Environment as _;
use tracing::subscriber::set_global_default;

use crate::environment::Machine;
use crate::metric::{OPERATIONS, PANICS, fault};
use graphql::error::Code;
use log::log;

/// The default namespace of the metrics. `METRICS_NAMESPACE` names another, so that several
/// deployments in one account can be told apart.
pub const NAMESPACE: &str = "ChatDesk";

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
    // Shared state is replaced as a whole or guarded by the store: nothing is left half done.
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
