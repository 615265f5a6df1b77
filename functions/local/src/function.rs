//! Functions as their triggers see them: an event in, an answer or a failure out.

use futures::future::BoxFuture;
use serde_json::Value;
use std::{fmt, sync::Arc, time::Duration};

/// A Lambda function as its trigger sees it: a JSON event in, a JSON answer or a failure out.
pub type Function = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<Value, String>> + Send + Sync>;

/// The reason why an invocation ended without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// The function answered with an error.
    Error(String),
    /// It took longer than it may and was stopped.
    Timeout,
    /// It panicked; Lambda would have started a new environment.
    Crash,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(message) => write!(f, "the function failed: {message}"),
            Self::Timeout => f.write_str("the function timed out"),
            Self::Crash => f.write_str("the function panicked"),
        }
    }
}

/// Runs `function` as a task of its own, so that neither a panic nor an abandoned caller affects
/// the other. It is stopped after `limit`.
pub(super) async fn invoke(
    function: &Function,
    event: Value,
    limit: Duration,
) -> Result<Value, Failure> {
    let function = Arc::clone(function);
    let run = tokio::spawn(async move {
        // The call itself runs here too, because it may panic before there is a future.
        tokio::time::timeout(limit, function(event)).await
    });
    match run.await {
        Ok(Ok(Ok(answer))) => Ok(answer),
        Ok(Ok(Err(message))) => Err(Failure::Error(message)),
        Ok(Err(_elapsed)) => Err(Failure::Timeout),
        Err(_crash) => Err(Failure::Crash),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_failure_and_nothing_more() {
        let function: Function = Arc::new(|_| Box::pin(async { panic!("on purpose") }));
        let ended = invoke(&function, Value::Null, Duration::from_secs(5)).await;
        assert_eq!(ended, Err(Failure::Crash));
    }

    #[tokio::test]
    async fn what_takes_too_long_is_stopped() {
        let function: Function = Arc::new(|_| Box::pin(std::future::pending()));
        let ended = invoke(&function, Value::Null, Duration::from_millis(10)).await;
        assert_eq!(ended, Err(Failure::Timeout));
    }
}
