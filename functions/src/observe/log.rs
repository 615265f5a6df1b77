//! The log of a function.

use lambda_http::tracing::subscriber::EnvFilter;
use lambda_http::tracing::subscriber::filter::LevelFilter;
use lambda_http::tracing::subscriber::fmt::{MakeWriter, SubscriberBuilder};
use tracing::Subscriber;

/// Builds the log of a function: a line of JSON for each event, with `timestamp` and `level` as
/// Lambda reads them. Without those it would take every line for INFO.
pub(super) fn log<W>(level: Option<&str>, to: W) -> impl Subscriber + Send + Sync + 'static
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
